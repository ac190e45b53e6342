/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs of the windows about the memories of a microcontroller, and what to say when one failed.
 * Thread: main. */
#pragma once

#include "flash-job-model.h"
#include "flash-mcu-words.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FlashMemoryBoard:
 * @entry: (owned) (nullable): where the board was seen last
 * @serial: (owned) (nullable): its serial number when it was chosen
 * @flash: (owned) (nullable): its flash when it was chosen
 *
 * The board that a window is about. Filled with zeroes before it is set.
 */
typedef struct {
  FlashBoardEntry *entry;
  char *serial;
  FlashMemoryMap *flash;
} FlashMemoryBoard;

/* Says that @self is about the board that @entry has now. */
void flash_memory_board_set (FlashMemoryBoard *self, FlashBoardEntry *entry);
void flash_memory_board_clear (FlashMemoryBoard *self);

/* Returns: whether @entry is on the port of @self, and its board is the same as far as can be told.
 */
gboolean flash_memory_board_is_same (const FlashMemoryBoard *self, FlashBoardEntry *entry);

/**
 * flash_memory_board_find_obstacle:
 * @window: on whose behalf; it has an application
 *
 * A board that was unplugged and plugged in again may have another entry: that one is taken then.
 *
 * Returns: (transfer none) (nullable): why no job can run on that board now; %NULL if one can
 */
const char *flash_memory_board_find_obstacle (FlashMemoryBoard *self, GtkWindow *window);

/**
 * flash_memory_run_start:
 * @window: on whose behalf; it has an application
 * @job: what to do; provider, board and clock are filled in here
 *
 * Returns: (transfer full): the job, which runs; connect to `changed` and `finished`
 */
FlashJobModel *
flash_memory_run_start (GtkWindow *window, FlashBoardEntry *entry, const FlashMcuJob *job);

/* An offer beside those of the window: the protection may be removed if the user says that another
 * port makes no difference. */
#define FLASH_MEMORY_OFFER_DOUBTFUL "unprotect-in-doubt"

/**
 * FlashMemoryFailure:
 * @text: (owned): cause and remedy
 * @code: (owned) (nullable): stable
 * @detail: (owned): what was found, in English
 * @offer: what a button can do: `win.unprotect`, `win.option-bytes`,
 *   %FLASH_MEMORY_OFFER_DOUBTFUL, or nothing
 */
typedef struct {
  char *text;
  char *code;
  char *detail;
  FlashMcuOffer offer;
} FlashMemoryFailure;

/* Why @job failed, which it did. */
void flash_memory_failure_init (FlashMemoryFailure *self, FlashJob *job);
void flash_memory_failure_clear (FlashMemoryFailure *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashMemoryFailure, flash_memory_failure_clear)

/* Does what was offered: shows the dialog in front of @parent. */
void flash_memory_run_take_offer (GtkWindow *parent, FlashBoardEntry *entry, FlashMcuOffer offer);

G_END_DECLS
