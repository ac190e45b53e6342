/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One data line of a FlashLayout for people. For use inside this room. Thread: any. */
#pragma once

#include "flash-diag.h"
#include "flash-layout-row.h"

G_BEGIN_DECLS

/**
 * flash_layout_read_line:
 * @text: the line without its end, any bytes; neither empty nor a comment
 * @line: from 1
 * @diags: what is wrong with it
 *
 * Returns: (transfer full) (nullable): the row, as much as could be read; %NULL if the line is
 *   none
 */
FlashLayoutRow *flash_layout_read_line (const char *text, guint line, FlashDiagList *diags);

/**
 * flash_layout_split_line:
 * @text: the line without its end, any bytes
 * @out_is_guess: (out): whether something else than TABs separates the cells; untouched if the
 *   line is no row
 *
 * Returns: (transfer full) (nullable): the cells that flash_layout_read_line () would find, those
 *   behind the seventh too; %NULL if the line is no row
 */
GStrv flash_layout_split_line (const char *text, gboolean *out_is_guess);

/* Says that what stands in that cell was meant as a comment. */
void flash_layout_add_comment_behind (FlashDiagList *diags, guint line, guint column);

/* Returns: whether the cells are a line that the board would take, or that one knows how to mend.
 * @cells: (array zero-terminated=1): of any number */
gboolean flash_layout_is_line (const char *const *cells);

/* Returns: (transfer full): the cells as the board splits a line: TABs separate, several count as
 * one, a carriage return ends the cell. */
GStrv flash_layout_split_tabs (const char *text);

G_END_DECLS
