/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a layout as a table that is only read. Thread: main. */
#pragma once

#include "flash-row-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_LAYOUT_TABLE (flash_layout_table_get_type ())
G_DECLARE_FINAL_TYPE (FlashLayoutTable, flash_layout_table, FLASH, LAYOUT_TABLE, AdwBin)

/**
 * flash_layout_table_set_items:
 * @items: (nullable) (element-type FlashRowItem): the rows
 */
void flash_layout_table_set_items (FlashLayoutTable *self, GListModel *items);

/**
 * flash_layout_table_select:
 * @position: of the row, or %GTK_INVALID_LIST_POSITION for none
 *
 * The signal `selected` (FlashRowItem, or nothing) tells of every change.
 */
void flash_layout_table_select (FlashLayoutTable *self, guint position);

/* Returns: (transfer none) (nullable): the chosen row. */
FlashRowItem *flash_layout_table_get_selected (FlashLayoutTable *self);

/**
 * flash_layout_table_get_row_place:
 * @position: of a row that exists
 * @out_y: (out): where it begins below the top of the table, in pixels
 * @out_height: (out): how high it is, in pixels
 */
void flash_layout_table_get_row_place (FlashLayoutTable *self, guint position, double *out_y,
                                       double *out_height);

G_END_DECLS
