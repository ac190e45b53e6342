/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One problem of a layout: what is wrong, what to do, what the board would say. Thread: main. */
#pragma once

#include "flash-diag.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_PROBLEM_ROW (flash_problem_row_get_type ())
G_DECLARE_FINAL_TYPE (FlashProblemRow, flash_problem_row, FLASH, PROBLEM_ROW, GtkListBoxRow)

/**
 * flash_problem_row_new:
 * @diag: the problem; read now, not kept
 */
GtkWidget *flash_problem_row_new (const FlashDiag *diag);

/* Returns: the line of the file, counted from 1; 0 if it is about the whole file. */
guint flash_problem_row_get_line (FlashProblemRow *self);

G_END_DECLS
