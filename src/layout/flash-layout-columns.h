/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells inside of a line, byte for byte, and how a file aligns them. For use inside this room.
 * Thread: that of the document. */
#pragma once

#include "flash-layout-text.h"

G_BEGIN_DECLS

/* Returns: whether the file aligns its columns by several TABs. */
gboolean flash_layout_columns_are_aligned (const FlashLayoutText *text);

/**
 * flash_layout_columns_dup_set:
 * @line: a partition
 * @is_aligned: see flash_layout_columns_are_aligned ()
 * @column: from 1
 * @cell: what comes there
 *
 * Returns: (transfer full): the line's text with the cell in it
 */
char *flash_layout_columns_dup_set (const FlashLayoutTextLine *line, gboolean is_aligned,
                                    FlashLayoutColumn column, const char *cell);

/**
 * flash_layout_columns_dup_row:
 * @model: (nullable): a partition beside which the new one will stand
 *
 * Returns: (transfer full): a line's text with these cells
 */
char *flash_layout_columns_dup_row (const FlashLayoutText *text, const FlashLayoutTextLine *model,
                                    const char *const *cells);

G_END_DECLS
