/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One cell of the table of partitions. It draws its text by itself, so that a table makes one
 * widget for each cell and no more; only while it is edited there is another inside.
 * Thread: main. */
#pragma once

#include "flash-cell-words.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The measures of the text, which all cells of a table share. */
typedef struct {
  gboolean is_valid;
  int char_width;
  int digit_width;
  int line_height;
} FlashCellMetrics;

#define FLASH_TYPE_TABLE_CELL (flash_table_cell_get_type ())
G_DECLARE_FINAL_TYPE (FlashTableCell, flash_table_cell, FLASH, TABLE_CELL, GtkWidget)

/**
 * flash_table_cell_new:
 * @metrics: (transfer none): shared; must outlive the cell's use
 * @facts: (transfer none): what the checks found out; must outlive the cell's use
 */
GtkWidget *
flash_table_cell_new (FlashCellColumn column, FlashCellMetrics *metrics, FlashCellFacts *facts);

FlashCellColumn flash_table_cell_get_column (FlashTableCell *self);

/* @entry: (nullable): the line that it shows from now on */
void flash_table_cell_set_entry (FlashTableCell *self, FlashLayoutEntry *entry);
/* Returns: (transfer none) (nullable): the line that it shows. */
FlashLayoutEntry *flash_table_cell_get_entry (FlashTableCell *self);

/* Shows what the line and the facts are now. */
void flash_table_cell_refresh (FlashTableCell *self);

/* @entry_widget: (nullable): what stands in the cell instead of its text while it is edited */
void flash_table_cell_set_editing (FlashTableCell *self, GtkWidget *entry_widget);
/* Returns: (transfer none) (nullable): the same. */
GtkWidget *flash_table_cell_get_editing (FlashTableCell *self);

/* @suffix: (nullable): what stands behind the text: buttons */
void flash_table_cell_set_suffix (FlashTableCell *self, GtkWidget *suffix);

/* Pixels between a slot's size and the file beside it, which begins there. */
#define FLASH_TABLE_CELL_END_GAP 10

/* Returns: whether what stands in that column is aligned at its end, as sizes are. */
gboolean flash_table_cell_is_at_end (FlashCellColumn column);

/* Returns: the least width of all columns together, in pixels; 0 before any cell was measured. */
int flash_table_cell_get_table_width (const FlashCellMetrics *metrics);

G_END_DECLS
