/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a layout that is being edited: a partition, or one that is switched off by a # in
 * front. An item of FlashLayoutDocument, which alone makes and changes it; it stays the same object
 * as long as the line is the same to the user, wherever it moves.
 *
 * Thread: that of its document. */
#pragma once

#include "flash-layout-row.h"

G_BEGIN_DECLS

#define FLASH_TYPE_LAYOUT_ENTRY (flash_layout_entry_get_type ())
G_DECLARE_FINAL_TYPE (FlashLayoutEntry, flash_layout_entry, FLASH, LAYOUT_ENTRY, GObject)

/* Returns: the line in the text as it is now, counted from 1; 0 once it was removed. */
guint flash_layout_entry_get_number (FlashLayoutEntry *self);

/* Returns: whether the board gets to see it; not if it is switched off, that is, a comment that
 * would be a partition without its #. */
gboolean flash_layout_entry_is_enabled (FlashLayoutEntry *self);

/**
 * flash_layout_entry_get_cell:
 *
 * Cells are what stands between TABs. If that makes no sense of the line, but another separator
 * does (blanks, semicolons), they are what stands between those, as flash_layout_read_line () has
 * it, so that a broken line can be edited too.
 *
 * Returns: (transfer none): the cell as written, made valid UTF-8; empty if it is missing
 */
const char *flash_layout_entry_get_cell (FlashLayoutEntry *self, FlashLayoutColumn column);

/* Returns: how many cells the line has, more than seven included. */
guint flash_layout_entry_get_n_cells (FlashLayoutEntry *self);

/* Signal `changed`: a cell, the number, or being enabled has changed. */

G_END_DECLS
