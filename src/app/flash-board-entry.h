/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A port with a board on it, as the window shows it. A board that re-enumerates is a new
 * #FlashBoard each time, and none at all in between; its entry stays.
 *
 * The signal `changed` says that something of it did. Thread: main. */
#pragma once

#include "flash-board-facts.h"
#include "flash-job.h"
#include "flash-provider.h"

G_BEGIN_DECLS

#define FLASH_TYPE_BOARD_ENTRY (flash_board_entry_get_type ())
G_DECLARE_FINAL_TYPE (FlashBoardEntry, flash_board_entry, FLASH, BOARD_ENTRY, GObject)

/**
 * flash_board_entry_new:
 * @provider: where the board comes from
 * @board: the board that was seen first on its port
 */
FlashBoardEntry *flash_board_entry_new (FlashProvider *provider, FlashBoard *board);

/* Returns: (transfer none): where the board comes from. */
FlashProvider *flash_board_entry_get_provider (FlashBoardEntry *self);
/* Returns: (transfer none): the board that is there, or that was there last. */
FlashBoard *flash_board_entry_get_board (FlashBoardEntry *self);
/* Returns: whether the board is on the bus. */
gboolean flash_board_entry_is_present (FlashBoardEntry *self);
/* Returns: (transfer none): what the board says of itself, or said last. */
const FlashBoardFacts *flash_board_entry_get_facts (FlashBoardEntry *self);
/* Returns: (transfer none): what to call it, never empty. */
const char *flash_board_entry_get_name (FlashBoardEntry *self);
/* Returns: (transfer full): its name, and where it is if boards of the same name may stand beside
 * it. */
char *flash_board_entry_dup_title (FlashBoardEntry *self);
/* Returns: (transfer none) (nullable): the job that runs on it. */
FlashJob *flash_board_entry_get_job (FlashBoardEntry *self);

/**
 * flash_board_entry_set_board:
 * @board: (nullable): what stands on the port now
 */
void flash_board_entry_set_board (FlashBoardEntry *self, FlashBoard *board);

/**
 * flash_board_entry_set_job:
 * @job: (nullable): the job that runs on it from now on
 */
void flash_board_entry_set_job (FlashBoardEntry *self, FlashJob *job);

/**
 * flash_board_entry_claim:
 * @owner: whoever prepares a job on it
 *
 * Keeps the board for a job that is about to begin; `changed` follows.
 *
 * Returns: whether @owner has it now: nobody else does
 */
gboolean flash_board_entry_claim (FlashBoardEntry *self, gconstpointer owner);
/* Lets go of the board, if @owner has claimed it; `changed` follows. */
void flash_board_entry_release (FlashBoardEntry *self, gconstpointer owner);
/* @owner: (nullable): who asks
 *
 * Returns: whether a job runs on it, or somebody else than @owner prepares one */
gboolean flash_board_entry_is_taken (FlashBoardEntry *self, gconstpointer owner);

/* Returns: whether it should stay in the list: it is there, or expected, or can be brought back. */
gboolean flash_board_entry_is_wanted (FlashBoardEntry *self);

/* Returns: whether it can be switched off and on, and that would be of use: it is neither in its
 * ROM nor in the boot loader of a microcontroller, and no job runs on it. */
gboolean flash_board_entry_can_restart (FlashBoardEntry *self);

/* Returns: whether a job has run on the board since it was seen in its ROM or boot loader, so that
 * it cannot take another. */
gboolean flash_board_entry_is_used_up (FlashBoardEntry *self);

/* Switches the board off and on; `changed` follows, when it begins and when it is over. */
void flash_board_entry_restart (FlashBoardEntry *self);

/* Returns: whether the board may change at any moment, sooner than its provider announces it: a job
 * runs on it, or has run. */
gboolean flash_board_entry_is_restless (FlashBoardEntry *self);

/* Looks what stands on the port now, without keeping the main loop waiting; `changed` follows if
 * it is something else. */
void flash_board_entry_look (FlashBoardEntry *self);

/* Returns: whether the board is being switched off and on, and has not come back yet. */
gboolean flash_board_entry_is_restarting (FlashBoardEntry *self);

G_END_DECLS
