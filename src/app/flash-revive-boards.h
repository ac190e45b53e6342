/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which board is being revived: one that was chosen, or whichever shows up. A board that was pulled
 * out and plugged in again has another entry; it is found by its serial number, or by its port.
 * Once something is done with a board, another one does not take its place.
 *
 * Signal: `changed`: it is another board, or something of it or of what stands beside it has
 * changed. Thread: main. */
#pragma once

#include "flash-board-list.h"

G_BEGIN_DECLS

#define FLASH_TYPE_REVIVE_BOARDS (flash_revive_boards_get_type ())
G_DECLARE_FINAL_TYPE (FlashReviveBoards, flash_revive_boards, FLASH, REVIVE_BOARDS, GObject)

/* @list: (transfer none): all boards. Virtual boards that are there already do not count as having
 * shown up. */
FlashReviveBoards *flash_revive_boards_new (FlashBoardList *list);

/* @entry: (nullable): the board that is meant; %NULL for whichever shows up from now on. */
void flash_revive_boards_choose (FlashReviveBoards *self, FlashBoardEntry *entry);
/* Returns: (transfer none) (nullable): the board that was chosen, or that has shown up. */
FlashBoardEntry *flash_revive_boards_get_entry (FlashReviveBoards *self);
/* Returns: whether that board is on the bus now. */
gboolean flash_revive_boards_is_present (FlashReviveBoards *self);

/**
 * FlashReviveDoubt:
 * Whether the board that is there is the one with which something was done.
 *
 * @FLASH_REVIVE_DOUBT_NONE: it is, or nothing was done yet
 * @FLASH_REVIVE_DOUBT_UNSURE: it was away, and has no serial number that would tell it from others
 * @FLASH_REVIVE_DOUBT_OTHER: its serial number or its chip is another
 */
typedef enum {
  FLASH_REVIVE_DOUBT_NONE,
  FLASH_REVIVE_DOUBT_UNSURE,
  FLASH_REVIVE_DOUBT_OTHER,
} FlashReviveDoubt;

/* Something is about to be done with the board that is there: from now on it alone is meant. */
void flash_revive_boards_hold (FlashReviveBoards *self);
FlashReviveDoubt flash_revive_boards_get_doubt (FlashReviveBoards *self);
/* Returns: whether the board is on the bus, and there is no doubt about it. */
gboolean flash_revive_boards_is_right (FlashReviveBoards *self);
/* Returns: whether, besides, nobody else works with it or is about to. */
gboolean flash_revive_boards_is_free (FlashReviveBoards *self);
/* The person says that it is the same board. */
void flash_revive_boards_accept (FlashReviveBoards *self);

/**
 * flash_revive_boards_look:
 * @cancellable: (nullable): ends it early
 * @callback: called in the main thread
 *
 * Looks what stands on the port of the board at this moment, in a thread: a list follows later, and
 * a job must begin with the board as it is.
 */
void flash_revive_boards_look (FlashReviveBoards *self, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
/* Returns: whether it is there; its entry knows it now. */
gboolean flash_revive_boards_look_finish (FlashReviveBoards *self, GAsyncResult *result);
/* Returns: whether an ST-LINK is on the bus. */
gboolean flash_revive_boards_has_probe (FlashReviveBoards *self);

G_END_DECLS
