/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The partitions as a table whose cells are edited in place, by keyboard and pointer. Arrows go
 * from cell to cell; F2, Enter, a double click, or simply writing begins to edit. Thread: main. */
#pragma once

#include "flash-table-cell.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_LAYOUT_GRID (flash_layout_grid_get_type ())
G_DECLARE_FINAL_TYPE (FlashLayoutGrid, flash_layout_grid, FLASH, LAYOUT_GRID, AdwBin)

/**
 * flash_layout_grid_new:
 * @facts: (transfer none): what the checks found out; must outlive the grid's rows
 */
GtkWidget *flash_layout_grid_new (FlashCellFacts *facts);

/**
 * flash_layout_grid_set_model:
 * @model: (nullable) (element-type FlashLayoutEntry): the rows; %NULL while the grid is not shown,
 *   so that it makes no widgets for them
 * @document: (nullable): what the edits go to
 */
void flash_layout_grid_set_model (FlashLayoutGrid *self, GtkSingleSelection *model,
                                  FlashLayoutDocument *document);

/* Shows what lines and facts are now. Focus, selection and a cell that is edited stay. */
void flash_layout_grid_refresh (FlashLayoutGrid *self);

/**
 * flash_layout_grid_focus_cell:
 * @begins_edit: whether to edit it at once
 *
 * Brings a cell into sight and gives it the keyboard.
 */
void flash_layout_grid_focus_cell (FlashLayoutGrid *self, FlashLayoutEntry *entry,
                                   FlashCellColumn column, gboolean begins_edit);

/* Brings the row at that place into sight. */
void flash_layout_grid_show_row (FlashLayoutGrid *self, guint position);

/* Returns: the column that has, or had last, the keyboard. */
FlashCellColumn flash_layout_grid_get_column (FlashLayoutGrid *self);

/* Returns: whether one of its cells has the keyboard. */
gboolean flash_layout_grid_has_focus (FlashLayoutGrid *self);

/* Takes over what is just being edited, if it can be written. */
void flash_layout_grid_finish (FlashLayoutGrid *self);

/* Gives up what is just being edited. */
void flash_layout_grid_give_up (FlashLayoutGrid *self);

/**
 * flash_layout_grid_find_cell:
 * @x: in the grid's pixels
 *
 * Returns: (transfer none) (nullable): the cell there
 */
FlashTableCell *flash_layout_grid_find_cell (FlashLayoutGrid *self, double x, double y);

/* Returns: (transfer none) (nullable): the cell of that line, if there is a widget for it now. */
FlashTableCell *
flash_layout_grid_get_cell (FlashLayoutGrid *self, FlashLayoutEntry *entry, FlashCellColumn column);

/* Returns: the least width in which all columns can be read, 0 if not known yet. */
int flash_layout_grid_get_needed_width (FlashLayoutGrid *self);

/* Signals:
 * `menu` (double x, double y)  the menu of the chosen row is asked for, at that place */

G_END_DECLS
