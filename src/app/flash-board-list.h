/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All boards of all providers, as entries that outlive their re-enumerations: a GListModel of
 * FlashBoardEntry, in the order of the providers. Thread: main. */
#pragma once

#include "flash-board-entry.h"

G_BEGIN_DECLS

#define FLASH_TYPE_BOARD_LIST (flash_board_list_get_type ())
G_DECLARE_FINAL_TYPE (FlashBoardList, flash_board_list, FLASH, BOARD_LIST, GObject)

/**
 * flash_board_list_new:
 *
 * Returns: (transfer full): a list without providers
 */
FlashBoardList *flash_board_list_new (void);

/* Lists the boards of @provider too. */
void flash_board_list_add_provider (FlashBoardList *self, FlashProvider *provider);

/* Looks again at all providers. */
void flash_board_list_rescan (FlashBoardList *self);

/* Lists the boards on USB, and what else is there. If this computer lets no program at USB, that is
 * noted instead. */
void flash_board_list_add_usb (FlashBoardList *self);

/**
 * flash_board_list_set_neighbours:
 * @neighbours: (nullable) (element-type FlashUsbNeighbour): devices on USB that may be taken for
 *   boards
 *
 * To be set before a window shows them.
 */
void flash_board_list_set_neighbours (FlashBoardList *self, GListModel *neighbours);
/* Returns: (transfer none) (nullable) (element-type FlashUsbNeighbour): the same. */
GListModel *flash_board_list_get_neighbours (FlashBoardList *self);

/**
 * flash_board_list_set_usb_error:
 * @reason: (nullable): in English, why no boards on USB can be listed
 *
 * To be set before a window shows it.
 */
void flash_board_list_set_usb_error (FlashBoardList *self, const char *reason);
/* Returns: (transfer none) (nullable): the same; %NULL if boards on USB are seen. */
const char *flash_board_list_get_usb_error (FlashBoardList *self);

G_END_DECLS
