/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step of a job that ticks off. Thread: main. */
#pragma once

#include "flash-step-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_STEP_ROW (flash_step_row_get_type ())
G_DECLARE_FINAL_TYPE (FlashStepRow, flash_step_row, FLASH, STEP_ROW, GtkListBoxRow)

/**
 * flash_step_row_new:
 * @item: the step, which the row follows
 */
GtkWidget *flash_step_row_new (FlashStepItem *item);

/* Returns: (transfer none): the step. */
FlashStepItem *flash_step_row_get_item (FlashStepRow *self);

/**
 * flash_step_row_update_header:
 * @row: a step
 * @before: (nullable): the one above it
 * @unused: nothing
 *
 * A #GtkListBoxUpdateHeaderFunc: puts the name of a group above its first step.
 */
void flash_step_row_update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer unused);

G_END_DECLS
