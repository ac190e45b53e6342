/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The access assistant: which right is missing, or who holds the board; the rule that gives the
 * right, how to install it, here or in a terminal, and how to remove it again. It follows the
 * board, and says so when it is ready. Thread: main. */
#pragma once

#include "flash-board-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_ACCESS_DIALOG (flash_access_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlashAccessDialog, flash_access_dialog, FLASH, ACCESS_DIALOG, AdwWindow)

/**
 * flash_access_dialog_present:
 * @parent: the window; it has an application
 * @boards: to be looked for again
 * @entry: (nullable): the board; %NULL for access to boards as such
 * @root: (nullable) (type filename): where this computer's file system begins
 *
 * Returns: (transfer none): the dialog, which destroys itself
 */
GtkWindow *flash_access_dialog_present (GtkWindow *parent, FlashBoardList *boards,
                                        FlashBoardEntry *entry, const char *root);

G_END_DECLS
