/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One storage drawn to scale: a bar with a part for each partition. A part can be chosen by
 * pointer, finger and arrow keys. Thread: main. */
#pragma once

#include "flash-layout-lint.h"
#include "flash-row-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_STORAGE_BAR (flash_storage_bar_get_type ())
G_DECLARE_FINAL_TYPE (FlashStorageBar, flash_storage_bar, FLASH, STORAGE_BAR, GtkWidget)

/**
 * flash_storage_bar_set_storage:
 * @storage: what lies where; read now, not kept
 * @items: (element-type FlashLayoutRow FlashRowItem): the rows of the layout
 */
void flash_storage_bar_set_storage (FlashStorageBar *self, const FlashLayoutStorage *storage,
                                    GHashTable *items);

/**
 * flash_storage_bar_select:
 * @item: (nullable): the row to show as chosen; nothing if it is on another storage
 *
 * Emits no signal. The signal `selected` (FlashRowItem) tells what the user has chosen.
 */
void flash_storage_bar_select (FlashStorageBar *self, FlashRowItem *item);

/* Returns: how many parts the bar has. */
guint flash_storage_bar_get_n_parts (FlashStorageBar *self);

G_END_DECLS
