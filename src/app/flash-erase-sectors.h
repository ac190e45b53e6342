/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sectors of a flash as a list in which some are chosen. It makes an item (#GtkStringObject,
 * what to call the sector) when one is asked for, so that any number costs nothing.
 *
 * Signal `changed`: other sectors are chosen. Thread: main. */
#pragma once

#include "flash-memory-map.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_ERASE_SECTORS (flash_erase_sectors_get_type ())
G_DECLARE_FINAL_TYPE (FlashEraseSectors, flash_erase_sectors, FLASH, ERASE_SECTORS, GObject)

/* Returns: (transfer full): the sectors of @map, none of them chosen. */
FlashEraseSectors *flash_erase_sectors_new (FlashMemoryMap *map);

/* Returns: (transfer none): the map. */
FlashMemoryMap *flash_erase_sectors_get_map (FlashEraseSectors *self);
/* Returns: whether the boot loader allows the sector to be erased. */
gboolean flash_erase_sectors_can_choose (FlashEraseSectors *self, guint index);
/* Returns: whether the sector is chosen. */
gboolean flash_erase_sectors_is_chosen (FlashEraseSectors *self, guint index);
/* Chooses a sector or not; nothing happens if it cannot be. */
void flash_erase_sectors_choose (FlashEraseSectors *self, guint index, gboolean is_chosen);
/* Chooses all that can be erased, or none. */
void flash_erase_sectors_choose_all (FlashEraseSectors *self, gboolean is_chosen);

/**
 * flash_erase_sectors_count:
 * @out_size: (out): bytes in the chosen ones
 *
 * Returns: how many are chosen
 */
guint flash_erase_sectors_count (FlashEraseSectors *self, guint64 *out_size);

/**
 * flash_erase_sectors_find_range:
 * @from: where to begin to look
 * @out_address: (out): untouched on failure, like the others
 * @out_length: (out): bytes
 * @out_next: (out): where to go on
 *
 * Finds the next chosen sectors that follow each other without a hole.
 *
 * Returns: whether there are any from @from on
 */
gboolean flash_erase_sectors_find_range (FlashEraseSectors *self, guint from, guint32 *out_address,
                                         guint64 *out_length, guint *out_next);

G_END_DECLS
