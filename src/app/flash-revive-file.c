/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-revive-file"

#include "config.h"

#include "flash-revive-file.h"

#include "flash-loader.h"
#include "flash-words.h"

#include <glib/gi18n.h>

struct _FlashReviveFile {
  GObject parent_instance;

  FlashReviveSource source;
  GCancellable *reading; /* (owned) (nullable): while it is read and checked */
  char *fault; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (FlashReviveFile, flash_revive_file, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
stop (FlashReviveFile *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
begin (FlashReviveFile *self)
{
  stop (self);
  flash_revive_source_clear (&self->source);
  g_clear_pointer (&self->fault, g_free);
  self->reading = g_cancellable_new ();
}

static void
end (FlashReviveFile *self, const char *fault)
{
  g_clear_object (&self->reading);
  g_free (self->fault);
  self->fault = g_strdup (fault);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
refuse (FlashReviveFile *self, const GError *error)
{
  g_autofree char *name = flash_revive_file_dup_name (self);
  g_autofree char *text = flash_words_dup_load_error (error, name != NULL ? name : "");

  end (self, text);
}

/* --- layouts -------------------------------------------------------------------------------- */

static void
on_checked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashReviveFile) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLoaded) loaded = flash_loader_check_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  if (loaded == NULL) {
    refuse (self, error);
    return;
  }
  self->source.has_errors = flash_loaded_get_n_errors (loaded) > 0;
  self->source.has_whole_storage = flash_loaded_has_whole_storage (loaded);
  end (self, self->source.has_errors
                 ? _ ("The layout has errors. Correct them in the main window first.")
                 : NULL);
}

void
flash_revive_file_set_layout (FlashReviveFile *self, GBytes *text, const char *path)
{
  FlashLoadRequest request = { 0 };

  g_return_if_fail (FLASH_IS_REVIVE_FILE (self) && text != NULL);

  if (self->source.text != NULL && g_bytes_equal (self->source.text, text) &&
      g_strcmp0 (self->source.path, path) == 0)
    return;
  begin (self);
  self->source.text = g_bytes_ref (text);
  self->source.path = g_strdup (path);
  request.text = text;
  request.path = path;
  flash_loader_check (&request, self->reading, on_checked, g_object_ref (self));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_layout_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashReviveFile) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLoadedText) loaded = flash_loader_read_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  if (loaded == NULL)
    refuse (self, error);
  else
    flash_revive_file_set_layout (self, loaded->text, loaded->path);
}

/* --- firmware ------------------------------------------------------------------------------- */

void
flash_revive_file_set_firmware (FlashReviveFile *self, FlashFirmwareFile *file)
{
  g_return_if_fail (FLASH_IS_REVIVE_FILE (self) && file != NULL);

  if (self->source.firmware == file)
    return;
  begin (self);
  self->source.firmware = flash_firmware_file_ref (file);
  self->source.path = g_strdup (file->path);
  end (self, flash_revive_source_is_usable (&self->source)
                 ? NULL
                 : _ ("The firmware file cannot be used. Look at it in the main window."));
}

static void
on_firmware_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashReviveFile) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashFirmwareFile) file = flash_firmware_file_read_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  if (file == NULL)
    refuse (self, error);
  else
    flash_revive_file_set_firmware (self, file);
}

/* --- either --------------------------------------------------------------------------------- */

void
flash_revive_file_open (FlashReviveFile *self, const char *path, gboolean is_layout)
{
  const FlashImageOptions options = { 0 };

  g_return_if_fail (FLASH_IS_REVIVE_FILE (self) && path != NULL);

  begin (self);
  if (is_layout)
    flash_loader_read (path, FALSE, self->reading, on_layout_read, g_object_ref (self));
  else
    flash_firmware_file_read (path, &options, self->reading, on_firmware_read, g_object_ref (self));
}

const FlashReviveSource *
flash_revive_file_get_source (FlashReviveFile *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_FILE (self), NULL);

  return &self->source;
}

gboolean
flash_revive_file_is_usable (FlashReviveFile *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_FILE (self), FALSE);

  return self->reading == NULL && flash_revive_source_is_usable (&self->source);
}

char *
flash_revive_file_dup_name (FlashReviveFile *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_FILE (self), NULL);

  if (self->source.path != NULL)
    return g_filename_display_basename (self->source.path);
  return self->source.text != NULL ? g_strdup (_ ("Untitled layout")) : NULL;
}

const char *
flash_revive_file_get_fault (FlashReviveFile *self)
{
  g_return_val_if_fail (FLASH_IS_REVIVE_FILE (self), NULL);

  return self->fault;
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_revive_file_finalize (GObject *object)
{
  FlashReviveFile *self = FLASH_REVIVE_FILE (object);

  stop (self);
  flash_revive_source_clear (&self->source);
  g_free (self->fault);

  G_OBJECT_CLASS (flash_revive_file_parent_class)->finalize (object);
}

static void
flash_revive_file_class_init (FlashReviveFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_revive_file_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_revive_file_init (FlashReviveFile *self)
{
}

FlashReviveFile *
flash_revive_file_new (void)
{
  return g_object_new (FLASH_TYPE_REVIVE_FILE, NULL);
}
