/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A storage map with its name, kind and size above the bar, and what overlaps below it. Thread:
 * main. */
#pragma once

#include "flash-storage-bar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_STORAGE_VIEW (flash_storage_view_get_type ())
G_DECLARE_FINAL_TYPE (FlashStorageView, flash_storage_view, FLASH, STORAGE_VIEW, AdwBin)

/**
 * flash_storage_view_set_map:
 * @map: what lies where; kept
 * @severities: (nullable): as in flash_storage_bar_set_map ()
 * @is_entered: whether its size is what the user has said
 */
void flash_storage_view_set_map (FlashStorageView *self, FlashLayoutMap *map,
                                 GHashTable *severities, gboolean is_entered);

/* Returns: (transfer none): the bar. */
FlashStorageBar *flash_storage_view_get_bar (FlashStorageView *self);

/* Signals:
 * `size-entered` (guint64 size)  the user says how large the storage is; 0 for not known */

G_END_DECLS
