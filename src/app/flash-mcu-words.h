/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words about jobs on microcontrollers: steps, what goes on, what came of it, what to do next.
 * Pure functions; thread: main. */
#pragma once

#include "flash-event.h"
#include "flash-mcu-job.h"

G_BEGIN_DECLS

/* Returns: (transfer none): what a step is called. */
const char *flash_mcu_words_step (FlashMcuStep step);

/**
 * flash_mcu_words_dup_status:
 * @snapshot: how far the job is
 *
 * Returns: (transfer full): what is going on, with the address where there is one; for everything
 *   but waiting
 */
char *flash_mcu_words_dup_status (const FlashSnapshot *snapshot);

/**
 * FlashMcuFact:
 * @FLASH_MCU_FACT_YES: it is so, on evidence
 * @FLASH_MCU_FACT_NO: it should be so, and is not
 * @FLASH_MCU_FACT_OPEN: it was not asked for, or is still to come
 */
typedef enum {
  FLASH_MCU_FACT_YES,
  FLASH_MCU_FACT_NO,
  FLASH_MCU_FACT_OPEN,
} FlashMcuFact;

/* Returns: (transfer none): how a job that went well ended, as a heading. */
const char *flash_mcu_words_success (const FlashMcuJob *job, const FlashMcuResult *result);

/**
 * flash_mcu_words_dup_written:
 * @out_fact: (out): whether it is so
 *
 * Returns: (transfer full): what was written, and what was right already
 */
char *flash_mcu_words_dup_written (const FlashMcuResult *result, gboolean has_failed,
                                   FlashMcuFact *out_fact);
/* The same for reading back. */
char *flash_mcu_words_dup_verified (const FlashMcuJob *job, const FlashMcuResult *result,
                                    FlashMcuFact *out_fact);
/* The same for starting. */
char *flash_mcu_words_dup_started (const FlashMcuJob *job, const FlashMcuResult *result,
                                   FlashMcuFact *out_fact);

/* Returns: (transfer full) (nullable): where the chip differs from the file, and how; %NULL if it
 * does not. */
char *flash_mcu_words_dup_difference (const FlashMcuResult *result);

/* Returns: (transfer none): in which state the chip is left, and what to do next. */
const char *flash_mcu_words_next (const FlashMcuResult *result, gboolean is_virtual);

/* Returns: (transfer none): what stopping now means, before it is done. */
const char *flash_mcu_words_stopping (void);

/**
 * FlashMcuOffer:
 * @action: (nullable): an action of the window, %NULL for nothing
 * @label: (nullable): what the button says, with a mnemonic
 */
typedef struct {
  const char *action;
  const char *label;
} FlashMcuOffer;

/* Returns: what a button can do after a job that failed, by its diagnosis. */
FlashMcuOffer flash_mcu_words_offer (const FlashMcuResult *result);

/* Returns: whether a second button asks if another port was tried: the board refuses to be read,
 * and that is not known yet. */
gboolean flash_mcu_words_asks_port (const FlashMcuJob *job, const FlashMcuResult *result);

/* Returns: (transfer none) (nullable): why a job failed, as a heading, where less is known than the
 * advice says; %NULL where the advice says it. */
const char *flash_mcu_words_cause (const FlashMcuResult *result);

G_END_DECLS
