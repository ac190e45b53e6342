/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a job has achieved, as separate facts: written, verified, started, and the state in which
 * the board is left. Thread: any one. */
#pragma once

#include "flash-plan.h"

G_BEGIN_DECLS

/**
 * FlashBoardState:
 * @FLASH_BOARD_UNTOUCHED: nothing was sent; it is as it was
 * @FLASH_BOARD_FINISHED: it has everything and stays in U-Boot until it is reset
 * @FLASH_BOARD_STARTED: it was given over to what it runs now
 * @FLASH_BOARD_NEEDS_RESET: it is in the middle of a session that cannot be taken up again
 * @FLASH_BOARD_AWAY: it is not on the bus
 */
typedef enum {
  FLASH_BOARD_UNTOUCHED,
  FLASH_BOARD_FINISHED,
  FLASH_BOARD_STARTED,
  FLASH_BOARD_NEEDS_RESET,
  FLASH_BOARD_AWAY,
} FlashBoardState;

/* Returns: (transfer none): `untouched`, `finished`, `started`, `needs-reset` or `away`. */
const char *flash_board_state_get_name (FlashBoardState state);

/**
 * FlashResult:
 * @written: (element-type gboolean): for each step of the plan whether the board confirmed it
 * @verified: (element-type gboolean): for each step whether it was read back and is the same
 * @partial_step: the step that was being sent when the job ended, -1 if none was
 * @partial_bytes: how many of its bytes had been sent
 * @started: whether the board was seen to start what it was given
 * @board_state: in which state the board is left
 * @duration_ms: how long the job took
 */
typedef struct {
  GArray *written;
  GArray *verified;
  gint partial_step;
  guint64 partial_bytes;
  gboolean started;
  FlashBoardState board_state;
  guint64 duration_ms;
} FlashResult;

void flash_result_init (FlashResult *self, guint n_steps);
void flash_result_clear (FlashResult *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashResult, flash_result_clear)

/* Returns: whether that step of the plan was confirmed by the board. */
gboolean flash_result_is_written (const FlashResult *self, guint step);
/* Returns: whether that step of the plan was read back and is the same. */
gboolean flash_result_is_verified (const FlashResult *self, guint step);
/* Returns: whether the board confirmed every partition of the plan, and at least one step. A boot
 * stage that was not needed, because the board already ran a later one, does not count. */
gboolean flash_result_is_all_written (const FlashResult *self, FlashPlan *plan);
/* Returns: whether every partition of the plan was read back and is the same, and there is one. */
gboolean flash_result_is_all_verified (const FlashResult *self, FlashPlan *plan);

G_END_DECLS
