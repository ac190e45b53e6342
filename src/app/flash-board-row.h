/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One board in the side pane. Thread: main. */
#pragma once

#include "flash-board-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_BOARD_ROW (flash_board_row_get_type ())
G_DECLARE_FINAL_TYPE (FlashBoardRow, flash_board_row, FLASH, BOARD_ROW, GtkListBoxRow)

/**
 * flash_board_row_new:
 * @entry: the board, which the row follows
 */
GtkWidget *flash_board_row_new (FlashBoardEntry *entry);

/* Returns: (transfer none): the board. */
FlashBoardEntry *flash_board_row_get_entry (FlashBoardRow *self);

G_END_DECLS
