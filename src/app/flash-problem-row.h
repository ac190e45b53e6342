/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One problem of a layout: what is wrong, what to do, what the board would say, and a button that
 * mends it where a program can. Thread: main. */
#pragma once

#include "flash-diag.h"
#include "flash-layout-fix.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_PROBLEM_ROW (flash_problem_row_get_type ())
G_DECLARE_FINAL_TYPE (FlashProblemRow, flash_problem_row, FLASH, PROBLEM_ROW, GtkListBoxRow)

/**
 * flash_problem_row_new:
 * @diag: the problem; read now, not kept
 */
GtkWidget *flash_problem_row_new (const FlashDiag *diag);

/**
 * flash_problem_row_set:
 * @diag: the problem; read now, not kept
 * @kind: whether it can be mended
 * @name: (nullable): of the partition it is about
 *
 * What is the same as before is left alone.
 */
void flash_problem_row_set (FlashProblemRow *self, const FlashDiag *diag, FlashLayoutFixKind kind,
                            const char *name);

/**
 * flash_problem_row_set_verb:
 * @label: what the button does
 *
 * Offers a remedy of another kind than mending a layout, by the same button and signal.
 */
void flash_problem_row_set_verb (FlashProblemRow *self, const char *label);

/* Says the line of @diag in the row itself: there is no heading above it, and nothing to go to. */
void flash_problem_row_set_place (FlashProblemRow *self, const FlashDiag *diag);

/* Returns: the line of the file, counted from 1; 0 if it is about the whole file. */
guint flash_problem_row_get_line (FlashProblemRow *self);
/* Returns: the column, counted from 1; 0 if it is about the whole line. */
guint flash_problem_row_get_column (FlashProblemRow *self);
/* Returns: (transfer full): what stands above the problems of one line: “Line 7 · rootfs”. */
char *flash_problem_row_dup_heading (FlashProblemRow *self);
/* Returns: (transfer none): the button that mends it; hidden where nothing can. */
GtkWidget *flash_problem_row_get_fix_button (FlashProblemRow *self);

/* Signal `fix` (): the button was pressed. */

G_END_DECLS
