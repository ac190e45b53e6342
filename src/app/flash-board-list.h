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

/* Returns: whether a provider of real boards is among them. */
gboolean flash_board_list_has_real_provider (FlashBoardList *self);

G_END_DECLS
