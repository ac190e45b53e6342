/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: any. */
#define G_LOG_DOMAIN "flash-drive-error"

#include "config.h"

#include "flash-drive-error.h"

#include <errno.h>
#include <string.h>

#define UDISKS "org.freedesktop.UDisks2.Error."

GQuark
flash_drive_error_quark (void)
{
  return g_quark_from_static_string ("flash-drive-error-quark");
}

/* Our codes by the names of errors on the bus; -1 stands for a cancel. The names are those of the
 * enumeration UDisksError (UDisks 2.9.4) and of the D-Bus specification. */
static const struct {
  const char *name;
  int code;
} names[] = {
  { UDISKS "NotAuthorized", FLASH_DRIVE_ERROR_NO_PERMISSION },
  { UDISKS "NotAuthorizedCanObtain", FLASH_DRIVE_ERROR_NO_PERMISSION },
  { UDISKS "OptionNotPermitted", FLASH_DRIVE_ERROR_NO_PERMISSION },
  { UDISKS "NotAuthorizedDismissed", -1 },
  { UDISKS "Cancelled", -1 },
  { UDISKS "DeviceBusy", FLASH_DRIVE_ERROR_BUSY },
  { UDISKS "AlreadyUnmounting", FLASH_DRIVE_ERROR_BUSY },
  { UDISKS "MountedByOtherUser", FLASH_DRIVE_ERROR_BUSY },
  /* A file system or a disk that was taken out is an object that is not exported any more. */
  { "org.freedesktop.DBus.Error.UnknownObject", FLASH_DRIVE_ERROR_GONE },
  { "org.freedesktop.DBus.Error.UnknownInterface", FLASH_DRIVE_ERROR_GONE },
  { "org.freedesktop.DBus.Error.UnknownMethod", FLASH_DRIVE_ERROR_GONE },
  { "org.freedesktop.DBus.Error.AccessDenied", FLASH_DRIVE_ERROR_NO_PERMISSION },
  { "org.freedesktop.DBus.Error.ServiceUnknown", FLASH_DRIVE_ERROR_NO_SERVICE },
  { "org.freedesktop.DBus.Error.NameHasNoOwner", FLASH_DRIVE_ERROR_NO_SERVICE },
  { "org.freedesktop.DBus.Error.NoReply", FLASH_DRIVE_ERROR_NO_SERVICE },
  { "org.freedesktop.DBus.Error.NoServer", FLASH_DRIVE_ERROR_NO_SERVICE },
  { "org.freedesktop.DBus.Error.Disconnected", FLASH_DRIVE_ERROR_NO_SERVICE },
};

/* UDisks opens and unmounts with calls of the system and, when they fail, sends `Failed` with the
 * words of strerror () at the end. Its locale is that of the system's services, so both are tried:
 * the words of our locale and the English ones. */
static const struct {
  int errsv;
  const char *english;
} reasons[] = {
  { EBUSY, "Device or resource busy" },    { EROFS, "Read-only file system" },
  { ENXIO, "No such device or address" },  { ENODEV, "No such device" },
  { ENOENT, "No such file or directory" }, { ENOMEDIUM, "No medium found" },
};

static int
find_reason (const char *message)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (strstr (message, reasons[i].english) != NULL ||
        strstr (message, g_strerror (reasons[i].errsv)) != NULL)
      return (int) flash_drive_error_from_errno (reasons[i].errsv, FLASH_DRIVE_ERROR_FAILED);
  return FLASH_DRIVE_ERROR_FAILED;
}

static int
find_code (const GError *error)
{
  g_autofree char *name = NULL;

  /* The bus was closed under us. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return FLASH_DRIVE_ERROR_NO_SERVICE;
  if (!g_dbus_error_is_remote_error (error) && error->domain != G_DBUS_ERROR)
    return FLASH_DRIVE_ERROR_FAILED;
  name = g_dbus_error_get_remote_error (error);
  if (name == NULL)
    name = g_dbus_error_encode_gerror (error);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i].name))
      return names[i].code;
  if (g_str_has_prefix (name, "org.freedesktop.DBus.Error.Spawn."))
    return FLASH_DRIVE_ERROR_NO_SERVICE;
  return find_reason (error->message);
}

GError *
flash_drive_error_from_dbus (const GError *error, const char *context)
{
  g_autoptr (GError) plain = NULL;
  int code;

  g_return_val_if_fail (error != NULL && context != NULL, NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  code = find_code (error);
  plain = g_error_copy (error);
  g_dbus_error_strip_remote_error (plain);
  if (code < 0)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s: %s", context, plain->message);
  return g_error_new (FLASH_DRIVE_ERROR, code, "%s: %s", context, plain->message);
}

FlashDriveError
flash_drive_error_from_errno (int errsv, FlashDriveError fallback)
{
  switch (errsv) {
  case ENODEV:
  case ENXIO:
  case ENOENT:
  case ENOMEDIUM:
    return FLASH_DRIVE_ERROR_GONE;
  /* EPERM is what Linux answers to a write to a block device that is set to read-only. */
  case EROFS:
  case EPERM:
    return FLASH_DRIVE_ERROR_READ_ONLY;
  case EBUSY:
    return FLASH_DRIVE_ERROR_BUSY;
  case EACCES:
    return FLASH_DRIVE_ERROR_NO_PERMISSION;
  default:
    return fallback;
  }
}
