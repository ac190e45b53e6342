/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What symptoms mean. At most one cause is claimed, and only on evidence; where the evidence is not
 * enough, the causes that are left are named, and the one observation that would decide.
 * Pure functions; thread: any. */
#pragma once

#include "flash-advice.h"
#include "flash-symptoms.h"

G_BEGIN_DECLS

#define FLASH_FINDINGS_MAX_CANDIDATES 4
#define FLASH_FINDINGS_MAX_NOTES 8

/**
 * FlashCertainty:
 * @FLASH_CERTAINTY_NOTHING: there is nothing to say
 * @FLASH_CERTAINTY_OPEN: the evidence is not enough to name one cause
 * @FLASH_CERTAINTY_LIKELY: the evidence speaks for the cause, and against none of it
 * @FLASH_CERTAINTY_PROVED: the device, the kernel or the console said so
 */
typedef enum {
  FLASH_CERTAINTY_NOTHING,
  FLASH_CERTAINTY_OPEN,
  FLASH_CERTAINTY_LIKELY,
  FLASH_CERTAINTY_PROVED,
} FlashCertainty;

/* Returns: (transfer none): `nothing`, `open`, `likely` or `proved`. */
const char *flash_certainty_get_name (FlashCertainty certainty);

/**
 * FlashFindings:
 * @certainty: how sure @cause is
 * @cause: (nullable): the one cause; with %FLASH_CERTAINTY_OPEN what is known for certain and no
 *   more, such as `never-came-back`
 * @candidates: with %FLASH_CERTAINTY_OPEN: what it may be, the likeliest first
 * @n_candidates: how many of them
 * @question: with %FLASH_CERTAINTY_OPEN: the observation that would decide
 * @notes: facts that make things worse or slower, and do not claim to be the cause
 * @n_notes: how many of them
 */
typedef struct {
  FlashCertainty certainty;
  const FlashAdvice *cause;
  const FlashAdvice *candidates[FLASH_FINDINGS_MAX_CANDIDATES];
  guint n_candidates;
  FlashObservation question;
  const FlashAdvice *notes[FLASH_FINDINGS_MAX_NOTES];
  guint n_notes;
} FlashFindings;

/* Says what @symptoms mean. */
void flash_findings_judge (const FlashSymptoms *symptoms, FlashFindings *out_findings);

/* Returns: whether both say the same. */
gboolean flash_findings_equal (const FlashFindings *a, const FlashFindings *b);

/* Returns: whether that code is the cause or among the notes. */
gboolean flash_findings_has (const FlashFindings *self, const char *code);

G_END_DECLS
