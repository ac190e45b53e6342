/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the dialogs about the memories of a microcontroller have in common: they let the user
 * choose, have a word typed where that is due, carry out a job and say what came of it.
 *
 * Thread: main. */
#pragma once

#include "flash-board-entry.h"
#include "flash-mcu-job.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_MEMORY_FRAME (flash_memory_frame_get_type ())
G_DECLARE_DERIVABLE_TYPE (FlashMemoryFrame, flash_memory_frame, FLASH, MEMORY_FRAME, AdwWindow)

/**
 * FlashMemoryFrameClass:
 * @act: the verb was pressed
 * @finished: a job is over; an outcome or choices are to be shown
 */
struct _FlashMemoryFrameClass {
  AdwWindowClass parent_class;

  void (*act) (FlashMemoryFrame *self);
  void (*finished) (FlashMemoryFrame *self, FlashJob *job);
};

/* Says which board it is about; once. */
void flash_memory_frame_set_entry (FlashMemoryFrame *self, FlashBoardEntry *entry);
/* Returns: (transfer none): the board; once it was plugged in again, its new entry. */
FlashBoardEntry *flash_memory_frame_get_entry (FlashMemoryFrame *self);

/* Puts a verb into the header; @label is mnemonic. */
void
flash_memory_frame_set_verb (FlashMemoryFrame *self, const char *label, gboolean is_destructive);
/* Whether what is chosen can be done. */
void flash_memory_frame_set_can_act (FlashMemoryFrame *self, gboolean can_act);

/**
 * flash_memory_frame_set_word:
 * @word: (nullable): what has to be typed before the verb can be pressed, in English and marked
 *   N_(), a string that lasts; %NULL for nothing
 *
 * The same in the user's language is taken as well: not everybody types it without an input method.
 */
void flash_memory_frame_set_word (FlashMemoryFrame *self, const char *word);

/* Shows the choices. */
void flash_memory_frame_show_choices (FlashMemoryFrame *self);

/**
 * flash_memory_frame_run:
 * @job: what to do; provider, board and clock are filled in here
 * @title: what is done
 * @body: what to know about it
 * @can_stop: whether it may be stopped in the middle
 *
 * Carries it out and shows how far it is; `finished` follows. If the board is away or busy, or
 * another one, that is the outcome. Whoever stops what changes the chip is asked first.
 *
 * Returns: (transfer none) (nullable): %NULL if it runs; else why not
 */
const char *flash_memory_frame_run (FlashMemoryFrame *self, const FlashMcuJob *job,
                                    const char *title, const char *body, gboolean can_stop);

/* Returns: whether a job of it runs. */
gboolean flash_memory_frame_is_working (FlashMemoryFrame *self);

/**
 * flash_memory_frame_show_outcome:
 * @is_good: how it ended
 * @heading: in a few words
 * @text: (nullable): cause and remedy, or what to do next
 * @code: (nullable): stable
 *
 * Shows how it ended, without facts.
 */
void flash_memory_frame_show_outcome (FlashMemoryFrame *self, gboolean is_good, const char *heading,
                                      const char *text, const char *code);

/**
 * flash_memory_frame_show_failure:
 * @job: which failed
 * @state: in which state the chip is left by it, and by what was done before it
 *
 * The same for a job that failed: cause, remedy, code, the detail, and what a button can do.
 */
void flash_memory_frame_show_failure (FlashMemoryFrame *self, const char *heading, FlashJob *job,
                                      FlashMcuState state);

/* Adds a fact to the outcome; @text is not trusted to be free of markup. */
void flash_memory_frame_add_fact (FlashMemoryFrame *self, const char *title, const char *text);

G_END_DECLS
