/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advice: for each situation in which a job ends badly, its stable code, its cause and its
 * remedy. Pure data; thread: any. The texts are English; the faces translate them. */
#pragma once

#include "flash-diag.h"

G_BEGIN_DECLS

/**
 * FlashAdvice:
 * @code: stable code, the same on screen, in the log and in JSON
 * @severity: how bad it is
 * @cause: what happened, one sentence
 * @remedy: what to do, one or a few sentences
 */
typedef struct {
  const char *code;
  FlashSeverity severity;
  const char *cause;
  const char *remedy;
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

G_END_DECLS
