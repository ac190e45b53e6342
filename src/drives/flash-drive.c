/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: any. */
#define G_LOG_DOMAIN "flash-drive"

#include "config.h"

#include "flash-drive.h"

#include "flash-drive-private.h"
#include "flash-text.h"

struct _FlashDrive {
  GObject parent_instance;

  GDBusConnection *connection; /* (owned) */
  FlashDriveFacts *facts; /* (owned) */
  char *name; /* (owned) */
};

G_DEFINE_FINAL_TYPE (FlashDrive, flash_drive, G_TYPE_OBJECT)

static void
flash_drive_finalize (GObject *object)
{
  FlashDrive *self = FLASH_DRIVE (object);

  g_clear_object (&self->connection);
  g_clear_pointer (&self->facts, flash_drive_facts_free);
  g_free (self->name);

  G_OBJECT_CLASS (flash_drive_parent_class)->finalize (object);
}

static void
flash_drive_class_init (FlashDriveClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_drive_finalize;
}

static void
flash_drive_init (FlashDrive *self)
{
}

FlashDrive *
flash_drive_new (GDBusConnection *connection, FlashDriveFacts *facts)
{
  FlashDrive *self = g_object_new (FLASH_TYPE_DRIVE, NULL);

  self->connection = g_object_ref (connection);
  self->facts = facts;
  /* Many models begin with the name of their maker. */
  if (g_str_has_prefix (facts->model, facts->vendor))
    self->name = g_strdup (facts->model);
  else
    self->name = g_strdup_printf ("%s %s", facts->vendor, facts->model);
  g_strstrip (self->name);
  return self;
}

const FlashDriveFacts *
flash_drive_get_facts (FlashDrive *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE (self), NULL);

  return self->facts;
}

GDBusConnection *
flash_drive_get_connection (FlashDrive *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE (self), NULL);

  return self->connection;
}

const char *
flash_drive_get_id (FlashDrive *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE (self), NULL);

  return self->facts->block_path;
}

const char *
flash_drive_get_name (FlashDrive *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE (self), NULL);

  return self->name;
}

const char *
flash_drive_get_device (FlashDrive *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE (self), NULL);

  return self->facts->device;
}

guint64
flash_drive_get_size (FlashDrive *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE (self), 0);

  return self->facts->size_bytes;
}

FlashDriveKind
flash_drive_get_kind (FlashDrive *self)
{
  const FlashDriveFacts *facts;

  g_return_val_if_fail (FLASH_IS_DRIVE (self), FLASH_DRIVE_KIND_DISK);

  facts = self->facts;
  if (g_str_equal (facts->bus, "sdio") || g_str_has_prefix (facts->media, "flash_sd"))
    return FLASH_DRIVE_KIND_SD_CARD;
  if (g_str_equal (facts->media, "thumb"))
    return FLASH_DRIVE_KIND_STICK;
  if (facts->media[0] == '\0' && facts->is_media_removable && g_str_equal (facts->bus, "usb"))
    return FLASH_DRIVE_KIND_STICK;
  return facts->is_media_removable ? FLASH_DRIVE_KIND_CARD : FLASH_DRIVE_KIND_DISK;
}

gboolean
flash_drive_is_read_only (FlashDrive *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE (self), TRUE);

  return self->facts->is_read_only;
}

gboolean
flash_drive_has_data (FlashDrive *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE (self), TRUE);

  return self->facts->has_table || self->facts->volumes->len > 0;
}

gboolean
flash_drive_is_mounted (FlashDrive *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE (self), FALSE);

  for (guint i = 0; i < self->facts->volumes->len; i++) {
    const FlashDriveVolume *volume = g_ptr_array_index (self->facts->volumes, i);

    if (volume->mount_points[0] != NULL)
      return TRUE;
  }
  return FALSE;
}

guint
flash_drive_get_n_volumes (FlashDrive *self)
{
  g_return_val_if_fail (FLASH_IS_DRIVE (self), 0);

  return self->facts->volumes->len;
}

const FlashDriveVolume *
flash_drive_get_volume (FlashDrive *self, guint index)
{
  g_return_val_if_fail (FLASH_IS_DRIVE (self), NULL);
  g_return_val_if_fail (index < self->facts->volumes->len, NULL);

  return g_ptr_array_index (self->facts->volumes, index);
}

static char *
describe_volume (const FlashDriveVolume *volume)
{
  g_autofree char *size = flash_text_size (volume->size_bytes);
  g_autofree char *node = g_path_get_basename (volume->device);
  const char *name = volume->label[0] != '\0' ? volume->label : node;

  if (volume->format[0] == '\0')
    return g_strdup_printf ("%s (%s)", name, size);
  return g_strdup_printf ("%s (%s, %s)", name, volume->format, size);
}

char **
flash_drive_dup_contents (FlashDrive *self)
{
  GPtrArray *lines;

  g_return_val_if_fail (FLASH_IS_DRIVE (self), NULL);

  lines = g_ptr_array_new ();
  for (guint i = 0; i < self->facts->volumes->len; i++)
    g_ptr_array_add (lines, describe_volume (g_ptr_array_index (self->facts->volumes, i)));
  g_ptr_array_add (lines, NULL);
  return (char **) g_ptr_array_free (lines, FALSE);
}

gboolean
flash_drive_is_equal (FlashDrive *self, FlashDrive *other)
{
  g_return_val_if_fail (FLASH_IS_DRIVE (self), FALSE);
  g_return_val_if_fail (FLASH_IS_DRIVE (other), FALSE);

  return flash_drive_facts_is_equal (self->facts, other->facts);
}
