/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the list of problems, brought up to date after each check: what is said as before
 * keeps its row, wherever it is by now, so that neither the place on the screen nor the keyboard
 * is lost. It is done in portions, so that nobody waits. Thread: main. */
#pragma once

#include "flash-problem-items.h"
#include "flash-problem-row.h"

G_BEGIN_DECLS

/* Gives @list headings above the problems of each line. */
void flash_problem_rows_init (GtkListBox *list);

typedef void (*FlashProblemRowMade) (FlashProblemRow *row, gpointer data);

/**
 * flash_problem_rows_update:
 * @rows: (element-type FlashProblemRow): what is in @list now
 * @items: (element-type FlashProblemItem): what is to be there
 * @n_wanted: how many of them
 * @made: called for each new row
 * @out_has_lost_focus: (out): whether the keyboard was in the list, and no row is left for it
 * @out_is_done: (out): %FALSE if it is to be called again, once the window was drawn
 *
 * Returns: (transfer container) (element-type FlashProblemRow): what is in @list afterwards
 */
GPtrArray *flash_problem_rows_update (GtkListBox *list, GPtrArray *rows, GPtrArray *items,
                                      guint n_wanted, FlashProblemRowMade made, gpointer data,
                                      gboolean *out_has_lost_focus, gboolean *out_is_done);

/* Returns: the place of the item that a row of the list shows. */
guint flash_problem_rows_get_item (FlashProblemRow *row);

G_END_DECLS
