/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How maps of storages are made of lines. For flash-layout-map*.c. Thread: any. */
#pragma once

#include "flash-layout-map.h"

G_BEGIN_DECLS

/**
 * FlashLayoutPiece:
 * @row: a line on a map
 * @offset: what it is sorted by; counts for raw images too
 * @image_size: as in #FlashLayoutArea
 */
typedef struct {
  FlashLayoutRow *row;
  guint64 offset;
  guint64 image_size;
} FlashLayoutPiece;

/* Returns: (transfer full): a map that has neither areas nor facts yet. */
FlashLayoutMap *
flash_layout_map_new (FlashLayout *layout, const char *name, const char *ip, const char *size_name);

/**
 * flash_layout_map_fill:
 * @self: with all its facts
 * @pieces: (element-type FlashLayoutPiece): in the board's order
 *
 * Adds the areas and the overlaps.
 */
void flash_layout_map_fill (FlashLayoutMap *self, GArray *pieces);

/* Returns: the sum; where it would wrap, the largest number. */
static inline guint64
flash_layout_map_add (guint64 a, guint64 b)
{
  return a > G_MAXUINT64 - b ? G_MAXUINT64 : a + b;
}

G_END_DECLS
