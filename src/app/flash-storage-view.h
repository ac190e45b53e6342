/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A storage with its name above the bar. Thread: main. */
#pragma once

#include "flash-storage-bar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_STORAGE_VIEW (flash_storage_view_get_type ())
G_DECLARE_FINAL_TYPE (FlashStorageView, flash_storage_view, FLASH, STORAGE_VIEW, AdwBin)

/**
 * flash_storage_view_new:
 * @storage: what lies where; read now, not kept
 * @items: (element-type FlashLayoutRow FlashRowItem): the rows of the layout
 */
GtkWidget *flash_storage_view_new (const FlashLayoutStorage *storage, GHashTable *items);

/* Returns: (transfer none): the bar. */
FlashStorageBar *flash_storage_view_get_bar (FlashStorageView *self);

G_END_DECLS
