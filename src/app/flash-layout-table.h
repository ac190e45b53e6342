/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The partitions of the open layout, editable in place: a table where there is
 * room for its columns, otherwise a list whose rows open a form. Follows the
 * editor by itself.
 *
 * Actions: `table.add::KIND`, `table.add-above::KIND` (see
 * flash_layout_table_find_kind ()), `table.remove`, `table.duplicate`,
 * `table.move-up`, `table.move-down`, `table.toggle`, `table.only`,
 * `table.choose-file`, `table.clear-file`, `table.edit-row`.
 *
 * Thread: main. */
#pragma once

#include "flash-editor.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_LAYOUT_TABLE (flash_layout_table_get_type ())
G_DECLARE_FINAL_TYPE (FlashLayoutTable, flash_layout_table, FLASH, LAYOUT_TABLE, AdwBin)

/* @editor: (nullable): whose partitions to show */
void flash_layout_table_set_editor (FlashLayoutTable *self, FlashEditor *editor);

/**
 * flash_layout_table_select_line:
 * @line: a line of the text as it is now, counted from 1; 0, or one that is no
 * partition, for none
 *
 * Chooses a row and brings it into sight. The signal `selected` tells of every
 * change.
 */
void flash_layout_table_select_line (FlashLayoutTable *self, guint line);

/**
 * flash_layout_table_focus_cell:
 * @line: a line that is a partition; nothing happens otherwise
 * @column: a column of the file, counted from 1; 0 for the whole line
 *
 * Chooses the row and gives the keyboard to that cell.
 */
void flash_layout_table_focus_cell (FlashLayoutTable *self, guint line, guint column);

/* Returns: (transfer none) (nullable): the chosen row. */
FlashLayoutEntry *flash_layout_table_get_selected (FlashLayoutTable *self);

/**
 * flash_layout_table_get_row_place:
 * @out_y: (out): where it begins below the top of the table, in pixels
 * @out_height: (out): how high it is, in pixels
 *
 * Returns: whether the line is a row that is in sight within the table
 */
gboolean flash_layout_table_get_row_place (FlashLayoutTable *self, guint line, double *out_y,
                                           double *out_height);

/* Takes over what is just being edited in a cell, if it can be written; for whoever wants to save,
 * or to flash, what the user sees. */
void flash_layout_table_finish (FlashLayoutTable *self);

/* Returns: whether the rows are shown as a list, for want of room. */
gboolean flash_layout_table_is_narrow (FlashLayoutTable *self);

/* Signals:
 * `selected` (guint line)  another row was chosen; 0 if none */

G_END_DECLS
