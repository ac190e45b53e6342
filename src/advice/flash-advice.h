/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advice: for each situation that people have to understand, its stable code, its cause, its remedy
 * and the page of the help that says more. Pure data; thread: any. The texts are English; the faces
 * translate them. */
#pragma once

#include "flash-diag.h"

G_BEGIN_DECLS

/**
 * FlashAdvice:
 * @code: stable code, the same on screen, in the log and in JSON
 * @severity: how bad it is
 * @cause: what happened, one sentence
 * @remedy: what to do: whole sentences, one step a line
 * @help: the page of the help, e.g. `lost-board`
 */
typedef struct {
  const char *code;
  FlashSeverity severity;
  const char *cause;
  const char *remedy;
  const char *help;
} FlashAdvice;

/* Returns: (transfer none) (nullable): the advice with that code. */
const FlashAdvice *flash_advice_find (const char *code);

/**
 * flash_advice_list:
 * @out_n: (out): how many there are
 *
 * Returns: (transfer none) (array length=out_n): all of them, by code
 */
const FlashAdvice *flash_advice_list (guint *out_n);

/**
 * flash_advice_dup_steps:
 * @remedy: a remedy, translated or not
 *
 * Returns: (transfer full) (array zero-terminated=1): its steps, at least one
 */
GStrv flash_advice_dup_steps (const char *remedy);

G_END_DECLS
