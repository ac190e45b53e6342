/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The option bytes of a microcontroller: read, shown bit by bit where that is certain, changed with
 * before and after in view and a typed word, and read back. Thread: main. */
#pragma once

#include "flash-memory-frame.h"

G_BEGIN_DECLS

#define FLASH_TYPE_OPTIONS_DIALOG (flash_options_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlashOptionsDialog, flash_options_dialog, FLASH, OPTIONS_DIALOG,
                      FlashMemoryFrame)

/**
 * flash_options_dialog_present:
 * @parent: the window; it has an application
 * @entry: the board, whose option bytes are read at once
 *
 * Returns: (transfer none): the dialog, which destroys itself
 */
GtkWindow *flash_options_dialog_present (GtkWindow *parent, FlashBoardEntry *entry);

G_END_DECLS
