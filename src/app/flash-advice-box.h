/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cause and what to do about it: how sure it is, the steps in order, what else it may be, the
 * question that would decide, facts beside it, the stable code and the way to the help.
 *
 * Signal: `answered` (observation: guint, answer: guint): a FlashObservation and a FlashTri, when
 * somebody has answered the question. Thread: main. */
#pragma once

#include "flash-findings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_ADVICE_BOX (flash_advice_box_get_type ())
G_DECLARE_FINAL_TYPE (FlashAdviceBox, flash_advice_box, FLASH, ADVICE_BOX, AdwBin)

GtkWidget *flash_advice_box_new (void);

/**
 * flash_advice_box_set_advice:
 * @advice: (nullable): what is shown, without saying how sure it is; %NULL hides the box
 */
void flash_advice_box_set_advice (FlashAdviceBox *self, const FlashAdvice *advice);

/**
 * flash_advice_box_set_findings:
 * @findings: (nullable): read now, not kept; the box is hidden if there is nothing to say
 *
 * What is shown already is left alone, so that a screen reader says each cause once.
 */
void flash_advice_box_set_findings (FlashAdviceBox *self, const FlashFindings *findings);

/**
 * flash_advice_box_set_plain:
 * @is_plain: whether the cause, how sure it is, its code and its symbol stand somewhere else
 * already, so that the box shows the rest
 */
void flash_advice_box_set_plain (FlashAdviceBox *self, gboolean is_plain);

G_END_DECLS
