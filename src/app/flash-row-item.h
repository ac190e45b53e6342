/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of a layout as the window shows it: with the size of its slot and its file, and with the
 * worst that there is to say about it. Immutable. Thread: main. */
#pragma once

#include "flash-loader.h"

G_BEGIN_DECLS

#define FLASH_TYPE_ROW_ITEM (flash_row_item_get_type ())
G_DECLARE_FINAL_TYPE (FlashRowItem, flash_row_item, FLASH, ROW_ITEM, GObject)

/**
 * flash_row_item_list_new:
 *
 * Returns: (transfer full): a list of #FlashRowItem, one for each row
 */
GListModel *flash_row_item_list_new (const FlashLoaded *loaded);

/**
 * flash_row_item_list_index:
 * @list: (element-type FlashRowItem): from flash_row_item_list_new ()
 *
 * Returns: (transfer full) (element-type FlashLayoutRow FlashRowItem): the items by their rows;
 *   holds no references
 */
GHashTable *flash_row_item_list_index (GListModel *list);

/**
 * flash_row_item_list_find_line:
 * @line: a line of the file, counted from 1
 *
 * Returns: the place of its row in the list, or %GTK_INVALID_LIST_POSITION if the line is no row
 */
guint flash_row_item_list_find_line (GListModel *list, guint line);

/* Returns: its place in the list. */
guint flash_row_item_get_position (FlashRowItem *self);
/* Returns: (transfer none): the row. */
FlashLayoutRow *flash_row_item_get_row (FlashRowItem *self);
/* Returns: bytes up to the next partition, %FLASH_SIZE_UNKNOWN if there is no slot or no end. */
guint64 flash_row_item_get_slot_size (FlashRowItem *self);
/* Returns: bytes of the file, %FLASH_SIZE_UNKNOWN if there is none or it cannot be read. */
guint64 flash_row_item_get_image_size (FlashRowItem *self);

/**
 * flash_row_item_get_severity:
 * @out_severity: (out): the worst of what there is to say; untouched if there is nothing
 *
 * Returns: whether there is something to say about the row
 */
gboolean flash_row_item_get_severity (FlashRowItem *self, FlashSeverity *out_severity);

G_END_DECLS
