/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a card could not be written, and the one place where errors of UDisks and of the system
 * become that. Thread: any. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashDriveError:
 * @FLASH_DRIVE_ERROR_FAILED: UDisks refused for a reason that has no code; its words are kept
 * @FLASH_DRIVE_ERROR_NO_SERVICE: UDisks is not there, or has left
 * @FLASH_DRIVE_ERROR_NOT_ALLOWED: the drive is none that may be overwritten
 * @FLASH_DRIVE_ERROR_NO_PERMISSION: this user may not
 * @FLASH_DRIVE_ERROR_BUSY: something uses the drive
 * @FLASH_DRIVE_ERROR_GONE: the drive or its medium was taken out, or is another one by now
 * @FLASH_DRIVE_ERROR_READ_ONLY: the medium is write-protected
 * @FLASH_DRIVE_ERROR_TOO_SMALL: the content does not fit
 * @FLASH_DRIVE_ERROR_SOURCE: the content could not be read
 * @FLASH_DRIVE_ERROR_WRITE: the drive failed while it was written
 * @FLASH_DRIVE_ERROR_READ: the drive failed while it was read back
 * @FLASH_DRIVE_ERROR_VERIFY: what was read back differs from what was written
 *
 * A cancel by the user, also of the dialog that asks for a password, is %G_IO_ERROR_CANCELLED.
 */
typedef enum {
  FLASH_DRIVE_ERROR_FAILED,
  FLASH_DRIVE_ERROR_NO_SERVICE,
  FLASH_DRIVE_ERROR_NOT_ALLOWED,
  FLASH_DRIVE_ERROR_NO_PERMISSION,
  FLASH_DRIVE_ERROR_BUSY,
  FLASH_DRIVE_ERROR_GONE,
  FLASH_DRIVE_ERROR_READ_ONLY,
  FLASH_DRIVE_ERROR_TOO_SMALL,
  FLASH_DRIVE_ERROR_SOURCE,
  FLASH_DRIVE_ERROR_WRITE,
  FLASH_DRIVE_ERROR_READ,
  FLASH_DRIVE_ERROR_VERIFY,
} FlashDriveError;

#define FLASH_DRIVE_ERROR (flash_drive_error_quark ())
GQuark flash_drive_error_quark (void);

/**
 * flash_drive_error_from_dbus:
 * @error: what a call of a D-Bus method ended with
 * @context: what was being done, such as `cannot unmount /dev/sdb1`
 *
 * Returns: (transfer full): %FLASH_DRIVE_ERROR or %G_IO_ERROR_CANCELLED, with @context in front
 */
GError *flash_drive_error_from_dbus (const GError *error, const char *context);

/**
 * flash_drive_error_from_errno:
 * @errsv: an `errno` of a read, a write or a flush of a block device
 * @fallback: the code where @errsv means none of its own
 */
FlashDriveError flash_drive_error_from_errno (int errsv, FlashDriveError fallback);

G_END_DECLS
