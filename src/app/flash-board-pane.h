/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The side pane with the boards. The signal `selected` says that another board was chosen,
 * `activated` that the user is done with choosing. Thread: main. */
#pragma once

#include "flash-board-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_BOARD_PANE (flash_board_pane_get_type ())
G_DECLARE_FINAL_TYPE (FlashBoardPane, flash_board_pane, FLASH, BOARD_PANE, AdwBin)

/**
 * flash_board_pane_set_model:
 * @boards: all boards
 * @settings: says whether virtual boards are listed
 */
void flash_board_pane_set_model (FlashBoardPane *self, FlashBoardList *boards, GSettings *settings);

/* Returns: (transfer none) (nullable): the chosen board. */
FlashBoardEntry *flash_board_pane_get_selected (FlashBoardPane *self);

/* Gives the keyboard to the list. */
void flash_board_pane_focus (FlashBoardPane *self);

G_END_DECLS
