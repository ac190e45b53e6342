/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Removes the read protection of a microcontroller, which erases everything on it. It says first
 * what else a refused read can come from, and what will be lost, and has it typed.
 *
 * Thread: main. */
#pragma once

#include "flash-memory-frame.h"

G_BEGIN_DECLS

#define FLASH_TYPE_UNPROTECT_DIALOG (flash_unprotect_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlashUnprotectDialog, flash_unprotect_dialog, FLASH, UNPROTECT_DIALOG,
                      FlashMemoryFrame)

/**
 * flash_unprotect_dialog_present:
 * @parent: the window; it has an application
 * @entry: the board
 * @is_certain: whether a diagnosis says %FLASH_NEXT_UNPROTECT: the option bytes say that it is
 *   protected. If not, the user has to say that it is the same on another port.
 *
 * Never to be offered on one failed read.
 *
 * Returns: (transfer none): the dialog, which destroys itself
 */
GtkWindow *
flash_unprotect_dialog_present (GtkWindow *parent, FlashBoardEntry *entry, gboolean is_certain);

G_END_DECLS
