/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks how large a storage is: nobody knows but its maker, the board, and who has it in the hand.
 * Thread: main. */
#pragma once

#include "flash-layout-map.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_STORAGE_SIZE (flash_storage_size_get_type ())
G_DECLARE_FINAL_TYPE (FlashStorageSize, flash_storage_size, FLASH, STORAGE_SIZE, GtkPopover)

/* Asks for the size of the storage of @map, which is read now and not kept. */
void flash_storage_size_set_map (FlashStorageSize *self, const FlashLayoutMap *map);

/* Signals:
 * `entered` (guint64 size)  in bytes; 0 for not known */

G_END_DECLS
