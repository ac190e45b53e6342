/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One storage drawn to scale: a bar with a part for each area of a FlashLayoutMap. A part can be
 * chosen by pointer, finger and arrow keys, and the start of a partition moved by dragging or by
 * Alt with the arrows. It can be zoomed, and scrolls sideways inside itself then.
 *
 * Thread: main. */
#pragma once

#include "flash-layout-map.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_STORAGE_BAR (flash_storage_bar_get_type ())
G_DECLARE_FINAL_TYPE (FlashStorageBar, flash_storage_bar, FLASH, STORAGE_BAR, GtkWidget)

/**
 * flash_storage_bar_set_map:
 * @map: what lies where; kept
 * @severities: (nullable) (element-type guint FlashSeverity): the worst that there is to say about
 *   a line, by its number; kept
 *
 * While a start is dragged it is put off until that is over. Zoom and focus stay, and what is
 * chosen as long as its line is there.
 */
void flash_storage_bar_set_map (FlashStorageBar *self, FlashLayoutMap *map, GHashTable *severities);

/* Returns: (transfer none) (nullable): what is shown; while a start is dragged, as it would be. */
FlashLayoutMap *flash_storage_bar_get_map (FlashStorageBar *self);

/**
 * flash_storage_bar_select_line:
 * @line: the partition of that line is shown as chosen; nothing if it is not here
 *
 * Emits no signal.
 */
void flash_storage_bar_select_line (FlashStorageBar *self, guint line);

/* Ends a drag, if there is one, as if it had never begun. */
void flash_storage_bar_break_off (FlashStorageBar *self);

/* Nothing is shown as chosen, neither a partition nor what is none. Emits no signal. */
void flash_storage_bar_unselect (FlashStorageBar *self);

/* Returns: the place of what is chosen among the areas of the map, -1 if nothing is. */
int flash_storage_bar_get_selected (FlashStorageBar *self);

/**
 * flash_storage_bar_get_area_rect:
 * @index: an area of the map
 * @out_rect: (out): where it is drawn, in coordinates of the bar, seen or not
 *
 * Returns: whether there is such an area
 */
gboolean
flash_storage_bar_get_area_rect (FlashStorageBar *self, guint index, graphene_rect_t *out_rect);

/**
 * flash_storage_bar_get_overlap_rect:
 * @index: an overlap of the map
 * @out_rect: (out): what is hatched for it, in coordinates of the bar
 *
 * Returns: whether there is such an overlap
 */
gboolean
flash_storage_bar_get_overlap_rect (FlashStorageBar *self, guint index, graphene_rect_t *out_rect);

/* Returns: whether that area is drawn larger than to scale. */
gboolean flash_storage_bar_is_enlarged (FlashStorageBar *self, guint index);

/* Returns: how many times as wide as the bar the storage is drawn; 1 is all of it. */
double flash_storage_bar_get_zoom (FlashStorageBar *self);

/* Keeps what is chosen, or the middle, where it is. */
void flash_storage_bar_zoom_by (FlashStorageBar *self, double factor);

/* Returns: (transfer none): what is in sight, for a scrollbar. */
GtkAdjustment *flash_storage_bar_get_adjustment (FlashStorageBar *self);

/* Returns: (transfer none) (nullable): what is chosen, or being moved, in words. */
const char *flash_storage_bar_get_status (FlashStorageBar *self);

/* Signals:
 * `selected` (guint line)                the user has chosen that line; 0 for what is no partition
 * `moved` (guint line, guint64 offset)   the user has moved its start; it is drawn there already
 * `zoomed` ()                            the zoom has changed
 * `status` ()                            what is chosen or being moved has changed */

G_END_DECLS
