/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The partitions as a list, for windows that are too narrow for a table: each row says name,
 * storage, offset, size and problems, and opens a form when it is pressed. Thread: main. */
#pragma once

#include "flash-cell-facts.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_TABLE_LIST (flash_table_list_get_type ())
G_DECLARE_FINAL_TYPE (FlashTableList, flash_table_list, FLASH, TABLE_LIST, AdwBin)

/* @facts: (transfer none): what the checks found out; must outlive the list's rows */
GtkWidget *flash_table_list_new (FlashCellFacts *facts);

/* @model: (nullable) (element-type FlashLayoutEntry): %NULL while it is not shown */
void flash_table_list_set_model (FlashTableList *self, GtkSingleSelection *model);

/* Shows what lines and facts are now. */
void flash_table_list_refresh (FlashTableList *self);

/* Brings the row at that place into sight. */
void flash_table_list_show_row (FlashTableList *self, guint position);

/* Brings the row at that place into sight and gives it the keyboard. */
void flash_table_list_focus_row (FlashTableList *self, guint position);

/* Returns: (transfer none) (nullable): the widget of that row, if there is one now. */
GtkWidget *flash_table_list_get_row (FlashTableList *self, FlashLayoutEntry *entry);

/* Signals:
 * `menu` (double x, double y)  the menu of the chosen row is asked for, at that place */

G_END_DECLS
