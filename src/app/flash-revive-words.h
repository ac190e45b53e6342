/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written on the buttons and in the questions while a board is revived, and which cases are
 * meant by what somebody types. Thread: main. */
#pragma once

#include "flash-dialogs.h"
#include "flash-revive-run.h"

G_BEGIN_DECLS

/* Returns: (transfer none): the label of the button that does @act, with a mnemonic. */
const char *flash_revive_words_get_verb (FlashRecoveryAct act);
/* Returns: whether @act loses something, so that it is asked about. */
gboolean flash_revive_words_is_destructive (FlashRecoveryAct act);

/**
 * FlashReviveQuestion:
 * @heading: (owned): the question
 * @body: (owned): what is lost
 * @label: the button that does it
 */
typedef struct {
  char *heading;
  char *body;
  const char *label;
} FlashReviveQuestion;

/* Asks about the present step of @run, which has a board. */
void flash_revive_question_init (FlashReviveQuestion *self, FlashReviveRun *run);
void flash_revive_question_clear (FlashReviveQuestion *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashReviveQuestion, flash_revive_question_clear)

/**
 * flash_revive_words_find_case:
 * @code: the stable code of an error with which a job ended
 * @is_mp: whether its board is an STM32MP
 *
 * Returns: (transfer none) (nullable): the id of the case that fits; %NULL if the code speaks for
 *   none
 */
const char *flash_revive_words_find_case (const char *code, gboolean is_mp);

/**
 * flash_revive_words_matches:
 * @query: what was typed: words, or a part number such as `H755` or `STM32MP157`
 *
 * Returns: whether @the_case may be meant
 */
gboolean flash_revive_words_matches (const FlashRecoveryCase *the_case, const char *query);

G_END_DECLS
