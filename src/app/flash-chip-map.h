/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flash of a chip as a bar: each sector to scale, but none too small to be seen, with what
 * happens to it and where the firmware lies in it. Pointer and keys choose a part.
 *
 * Signal `selected` (int index): a part was chosen here. Thread: main. */
#pragma once

#include "flash-chip-part.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_CHIP_MAP (flash_chip_map_get_type ())
G_DECLARE_FINAL_TYPE (FlashChipMap, flash_chip_map, FLASH, CHIP_MAP, GtkWidget)

/**
 * flash_chip_map_set:
 * @map: (nullable): the map of a flash; %NULL shows nothing
 * @plan: (nullable): what is written to it
 *
 * What was chosen stays chosen if it is still there.
 */
void flash_chip_map_set (FlashChipMap *self, FlashMemoryMap *map, FlashFirmwarePlan *plan);

/* Returns: (transfer none) (element-type FlashChipPart): the parts that are shown. */
const GArray *flash_chip_map_get_parts (FlashChipMap *self);

/* Returns: the index of the chosen part, -1 if none is. */
int flash_chip_map_get_selected (FlashChipMap *self);

/**
 * flash_chip_map_select:
 * @index: of a part, -1 for none; no signal follows
 */
void flash_chip_map_select (FlashChipMap *self, int index);

/**
 * flash_chip_map_get_rect:
 * @index: of a part
 * @out_rect: (out caller-allocates): where it is drawn; untouched on failure
 *
 * Returns: whether there is such a part
 */
gboolean flash_chip_map_get_rect (FlashChipMap *self, guint index, graphene_rect_t *out_rect);

G_END_DECLS
