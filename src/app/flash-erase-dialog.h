/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erases the flash of a microcontroller, all of it or chosen sectors, and verifies that it is
 * blank. Thread: main. */
#pragma once

#include "flash-memory-frame.h"

G_BEGIN_DECLS

#define FLASH_TYPE_ERASE_DIALOG (flash_erase_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlashEraseDialog, flash_erase_dialog, FLASH, ERASE_DIALOG, FlashMemoryFrame)

/**
 * flash_erase_dialog_present:
 * @parent: the window; it has an application
 * @entry: the board
 *
 * Returns: (transfer none): the dialog, which destroys itself
 */
GtkWindow *flash_erase_dialog_present (GtkWindow *parent, FlashBoardEntry *entry);

G_END_DECLS
