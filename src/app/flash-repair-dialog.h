/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes a repair file of what is open. Signal: `saved` (name: string), when it is done.
 * Thread: main; files are read and written in a thread. */
#pragma once

#include "flash-firmware-file.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_REPAIR_DIALOG (flash_repair_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlashRepairDialog, flash_repair_dialog, FLASH, REPAIR_DIALOG, AdwWindow)

/**
 * flash_repair_dialog_present:
 * @parent: the window that it belongs to
 * @text: (nullable): the open layout
 * @path: (nullable) (type filename): its file, or that of the open firmware
 *
 * Returns: (transfer none): the dialog, which destroys itself
 */
GtkWindow *flash_repair_dialog_present (GtkWindow *parent, GBytes *text, const char *path);

/**
 * flash_repair_dialog_save_to:
 * @file: (nullable): the place that was chosen, %NULL if none was
 *
 * Makes the repair file; the dialog closes when that is done.
 */
void flash_repair_dialog_save_to (FlashRepairDialog *self, GFile *file);

G_END_DECLS
