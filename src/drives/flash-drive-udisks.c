/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: any but the main one. */
#define G_LOG_DOMAIN "flash-drive-udisks"

#include "config.h"

#include "flash-drive-udisks.h"

#include "flash-drive-error.h"
#include "flash-drive-holder.h"

#include <gio/gunixfdlist.h>

/* For calls that only look: GDBus takes 25 s. */
#define LOOK_TIMEOUT (-1)
/* Reading a new partition table waits for udev to settle, which a slow reader may hold up. */
#define RESCAN_TIMEOUT_MS 60000
/* No end: behind these, a dialog may ask a person for a password, or the kernel may write to a slow
 * card what programs left in its cache. Both take as long as they take; the cancellable ends the
 * wait, and so does UDisks when it leaves. */
#define PATIENT_TIMEOUT G_MAXINT

#define OBJECT_MANAGER "org.freedesktop.DBus.ObjectManager"
#define BLOCK FLASH_UDISKS_NAME ".Block"
#define DRIVE FLASH_UDISKS_NAME ".Drive"
#define FILESYSTEM FLASH_UDISKS_NAME ".Filesystem"

/* Options are the vardict that every method of UDisks takes last; none are needed. */
static GVariant *
make_options (void)
{
  return g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);
}

GPtrArray *
flash_udisks_get_facts (GDBusConnection *connection, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GVariant) objects = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_sync (connection, FLASH_UDISKS_NAME, FLASH_UDISKS_PATH, OBJECT_MANAGER,
                                   "GetManagedObjects", NULL, G_VARIANT_TYPE ("(a{oa{sa{sv}}})"),
                                   G_DBUS_CALL_FLAGS_NONE, LOOK_TIMEOUT, cancellable, &reason);

  if (answer == NULL) {
    g_propagate_error (error, flash_drive_error_from_dbus (reason, "cannot ask UDisks for drives"));
    return NULL;
  }
  objects = g_variant_get_child_value (answer, 0);
  return flash_drive_facts_gather (objects);
}

/* --- unmounting --------------------------------------------------------------------------- */

/* Adds to the words of UDisks which programs are seen in the way. */
static GError *
name_holders (GError *error, const FlashDriveVolume *volume, const char *mount_point)
{
  g_autofree char *holders = NULL;

  if (!g_error_matches (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_BUSY))
    return error;
  holders = flash_drive_holder_list (NULL, mount_point);
  if (holders != NULL)
    g_prefix_error (&error, "%s is in use at %s by %s: ", volume->device, mount_point, holders);
  else
    g_prefix_error (&error, "%s is in use at %s: ", volume->device, mount_point);
  return error;
}

static gboolean
unmount_once (GDBusConnection *connection, const char *path, const FlashDriveVolume *volume,
              const char *mount_point, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *context = NULL;
  g_autofree char *name = NULL;

  g_debug ("unmounting %s from %s", volume->device, mount_point);
  answer = g_dbus_connection_call_sync (connection, FLASH_UDISKS_NAME, path, FILESYSTEM, "Unmount",
                                        g_variant_new ("(@a{sv})", make_options ()), NULL,
                                        G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION,
                                        PATIENT_TIMEOUT, cancellable, &reason);
  if (answer != NULL)
    return TRUE;

  name = g_dbus_error_get_remote_error (reason);
  /* Somebody else was faster. */
  if (g_strcmp0 (name, FLASH_UDISKS_NAME ".Error.NotMounted") == 0)
    return TRUE;
  context = g_strdup_printf ("cannot unmount %s", volume->device);
  g_propagate_error (
      error, name_holders (flash_drive_error_from_dbus (reason, context), volume, mount_point));
  return FALSE;
}

gboolean
flash_udisks_unmount (GDBusConnection *connection, const FlashDriveFacts *facts,
                      GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < facts->volumes->len; i++) {
    const FlashDriveVolume *volume = g_ptr_array_index (facts->volumes, i);
    const char *path = g_ptr_array_index (facts->volume_paths, i);

    /* A file system that is mounted at several places is unmounted from one place by each call. */
    for (char **point = volume->mount_points; *point != NULL; point++)
      if (!unmount_once (connection, path, volume, *point, cancellable, error))
        return FALSE;
  }
  return TRUE;
}

/* --- the disk ----------------------------------------------------------------------------- */

int
flash_udisks_open (GDBusConnection *connection, const FlashDriveFacts *facts, const char *mode,
                   int flags, GCancellable *cancellable, GError **error)
{
  g_auto (GVariantBuilder) options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *context = g_strdup_printf ("cannot open %s", facts->device);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GUnixFDList) descriptors = NULL;
  gint32 index;
  int fd;

  g_variant_builder_add (&options, "{sv}", "flags", g_variant_new_int32 (flags));
  answer = g_dbus_connection_call_with_unix_fd_list_sync (
      connection, FLASH_UDISKS_NAME, facts->block_path, BLOCK, "OpenDevice",
      g_variant_new ("(sa{sv})", mode, &options), G_VARIANT_TYPE ("(h)"),
      G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, PATIENT_TIMEOUT, NULL, &descriptors,
      cancellable, &reason);
  if (answer == NULL) {
    g_propagate_error (error, flash_drive_error_from_dbus (reason, context));
    return -1;
  }
  g_variant_get (answer, "(h)", &index);
  if (descriptors == NULL || index < 0 || index >= g_unix_fd_list_get_length (descriptors)) {
    g_set_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_FAILED,
                 "%s: UDisks sent no file descriptor", context);
    return -1;
  }
  fd = g_unix_fd_list_get (descriptors, index, &reason);
  if (fd < 0)
    g_set_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_FAILED, "%s: %s", context,
                 reason->message);
  return fd;
}

gboolean
flash_udisks_rescan (GDBusConnection *connection, const FlashDriveFacts *facts, GError **error)
{
  g_autofree char *context = g_strdup_printf ("cannot look at the partitions of %s", facts->device);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_sync (connection, FLASH_UDISKS_NAME, facts->block_path, BLOCK,
                                   "Rescan", g_variant_new ("(@a{sv})", make_options ()), NULL,
                                   G_DBUS_CALL_FLAGS_NONE, RESCAN_TIMEOUT_MS, NULL, &reason);

  if (answer == NULL)
    g_propagate_error (error, flash_drive_error_from_dbus (reason, context));
  return answer != NULL;
}

gboolean
flash_udisks_release (GDBusConnection *connection, const FlashDriveFacts *facts,
                      GCancellable *cancellable, GError **error)
{
  gboolean wants_eject = facts->is_ejectable && facts->is_media_removable;
  g_autofree char *context = NULL;
  g_autoptr (GError) reason = NULL;
  g_autoptr (GVariant) answer = NULL;

  /* Cutting the power of a reader would take the cards in its other slots along: only where there
   * is no other way. */
  if (!wants_eject && !facts->can_power_off)
    return TRUE;
  context = g_strdup_printf ("cannot eject %s", facts->device);
  answer = g_dbus_connection_call_sync (
      connection, FLASH_UDISKS_NAME, facts->drive_path, DRIVE, wants_eject ? "Eject" : "PowerOff",
      g_variant_new ("(@a{sv})", make_options ()), NULL,
      G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, PATIENT_TIMEOUT, cancellable, &reason);
  if (answer == NULL)
    g_propagate_error (error, flash_drive_error_from_dbus (reason, context));
  return answer != NULL;
}
