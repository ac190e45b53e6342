/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory cards and sticks of this computer, one of them to be chosen; or why there is none.
 * Follows what is plugged in and taken out. Thread: main. */
#pragma once

#include "flash-drive.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_DRIVE_CHOOSER (flash_drive_chooser_get_type ())
G_DECLARE_FINAL_TYPE (FlashDriveChooser, flash_drive_chooser, FLASH, DRIVE_CHOOSER, AdwBin)

/* How large a drive must be to be offered, in bytes; the others are shown with the reason. */
void flash_drive_chooser_set_min_size (FlashDriveChooser *self, guint64 min_size);

/* Returns: (transfer none) (nullable): the chosen drive, as it is shown. */
FlashDrive *flash_drive_chooser_get_drive (FlashDriveChooser *self);

/* Returns: (transfer full) (nullable): the drive with that id as it is now, %NULL if it is gone. */
FlashDrive *flash_drive_chooser_find (FlashDriveChooser *self, const char *id);

/* Signals:
 * `chosen` ()   flash_drive_chooser_get_drive () may be another */

G_END_DECLS
