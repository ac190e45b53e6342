/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors of UDisks, of the bus and of the system, and what they become. */
#define G_LOG_DOMAIN "test-drive-error"

#include "config.h"

#include "flash-drive-error.h"

#include <errno.h>

#define UDISKS "org.freedesktop.UDisks2.Error."
#define BUS "org.freedesktop.DBus.Error."
#define CANCELLED (-1)

static const struct {
  const char *name;
  const char *message;
  int code;
} rows[] = {
  { UDISKS "Failed", "odd", FLASH_DRIVE_ERROR_FAILED },
  { UDISKS "Cancelled", "x", CANCELLED },
  { UDISKS "NotAuthorized", "x", FLASH_DRIVE_ERROR_NO_PERMISSION },
  { UDISKS "NotAuthorizedCanObtain", "x", FLASH_DRIVE_ERROR_NO_PERMISSION },
  { UDISKS "NotAuthorizedDismissed", "x", CANCELLED },
  { UDISKS "OptionNotPermitted", "x", FLASH_DRIVE_ERROR_NO_PERMISSION },
  { UDISKS "MountedByOtherUser", "x", FLASH_DRIVE_ERROR_BUSY },
  { UDISKS "AlreadyUnmounting", "x", FLASH_DRIVE_ERROR_BUSY },
  { UDISKS "DeviceBusy", "x", FLASH_DRIVE_ERROR_BUSY },
  { UDISKS "NotSupported", "x", FLASH_DRIVE_ERROR_FAILED },
  { UDISKS "Failed", "Error opening /dev/sdb: Device or resource busy", FLASH_DRIVE_ERROR_BUSY },
  { UDISKS "Failed", "Error opening /dev/sdb: Read-only file system", FLASH_DRIVE_ERROR_READ_ONLY },
  { UDISKS "Failed", "Error opening /dev/sdb: No such device or address", FLASH_DRIVE_ERROR_GONE },
  { UDISKS "Failed", "Error opening /dev/sdb: No such file or directory", FLASH_DRIVE_ERROR_GONE },
  { UDISKS "Failed", "Error opening /dev/sdb: No medium found", FLASH_DRIVE_ERROR_GONE },
  { BUS "UnknownObject", "x", FLASH_DRIVE_ERROR_GONE },
  { BUS "UnknownInterface", "x", FLASH_DRIVE_ERROR_GONE },
  { BUS "UnknownMethod", "x", FLASH_DRIVE_ERROR_GONE },
  { BUS "AccessDenied", "x", FLASH_DRIVE_ERROR_NO_PERMISSION },
  { BUS "ServiceUnknown", "x", FLASH_DRIVE_ERROR_NO_SERVICE },
  { BUS "NameHasNoOwner", "x", FLASH_DRIVE_ERROR_NO_SERVICE },
  { BUS "NoReply", "x", FLASH_DRIVE_ERROR_NO_SERVICE },
  { BUS "Disconnected", "x", FLASH_DRIVE_ERROR_NO_SERVICE },
  { BUS "Spawn.ChildExited", "x", FLASH_DRIVE_ERROR_NO_SERVICE },
  { BUS "Spawn.ServiceNotFound", "x", FLASH_DRIVE_ERROR_NO_SERVICE },
  { "com.example.Unheard", "x", FLASH_DRIVE_ERROR_FAILED },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) remote = g_dbus_error_new_for_dbus_error (rows[i].name, rows[i].message);
    g_autoptr (GError) error = flash_drive_error_from_dbus (remote, "cannot do it");
    g_autofree char *message = g_strconcat ("cannot do it: ", rows[i].message, NULL);

    g_test_message ("%s: %s", rows[i].name, rows[i].message);
    if (rows[i].code == CANCELLED)
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    else
      g_assert_error (error, FLASH_DRIVE_ERROR, rows[i].code);
    g_assert_cmpstr (error->message, ==, message);
  }
}

/* Those that never were on the bus. */
static void
test_local (void)
{
  static const struct {
    GIOErrorEnum code;
    int expected;
  } local[] = {
    { G_IO_ERROR_CANCELLED, CANCELLED },
    { G_IO_ERROR_CLOSED, FLASH_DRIVE_ERROR_NO_SERVICE },
    { G_IO_ERROR_TIMED_OUT, FLASH_DRIVE_ERROR_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (local); i++) {
    g_autoptr (GError) given = g_error_new_literal (G_IO_ERROR, (int) local[i].code, "words");
    g_autoptr (GError) error = flash_drive_error_from_dbus (given, "cannot do it");

    if (local[i].expected == CANCELLED)
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    else
      g_assert_error (error, FLASH_DRIVE_ERROR, local[i].expected);
  }
}

static void
test_errno (void)
{
  static const struct {
    int errsv;
    FlashDriveError code;
  } numbers[] = {
    { ENODEV, FLASH_DRIVE_ERROR_GONE },          { ENXIO, FLASH_DRIVE_ERROR_GONE },
    { ENOMEDIUM, FLASH_DRIVE_ERROR_GONE },       { EROFS, FLASH_DRIVE_ERROR_READ_ONLY },
    { EPERM, FLASH_DRIVE_ERROR_READ_ONLY },      { EBUSY, FLASH_DRIVE_ERROR_BUSY },
    { EACCES, FLASH_DRIVE_ERROR_NO_PERMISSION }, { EIO, FLASH_DRIVE_ERROR_WRITE },
    { ENOSPC, FLASH_DRIVE_ERROR_WRITE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_cmpint (flash_drive_error_from_errno (numbers[i].errsv, FLASH_DRIVE_ERROR_WRITE), ==,
                     numbers[i].code);
  g_assert_cmpint (flash_drive_error_from_errno (EIO, FLASH_DRIVE_ERROR_READ), ==,
                   FLASH_DRIVE_ERROR_READ);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive-error/names", test_names);
  g_test_add_func ("/drive-error/local", test_local);
  g_test_add_func ("/drive-error/errno", test_errno);
  return g_test_run ();
}
