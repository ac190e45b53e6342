/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where starts of partitions may be moved to. */
#define G_LOG_DOMAIN "flash-layout-map-move"

#include "config.h"

#include "flash-layout-map-private.h"

const FlashLayoutArea *
flash_layout_map_find_row (const FlashLayoutMap *self, FlashLayoutRow *row)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->areas->len; i++) {
    const FlashLayoutArea *area = &g_array_index (self->areas, FlashLayoutArea, i);

    if (row != NULL && area->row == row)
      return area;
  }
  return NULL;
}

static guint64
align_up (guint64 value, guint64 unit)
{
  guint64 rest = value % unit;

  return rest == 0 ? value : flash_layout_map_add (value, unit - rest);
}

/* How far apart two starts must be, at least. */
static guint64
get_distance (const FlashLayoutMap *self, guint64 image_size)
{
  if (image_size == G_MAXUINT64)
    return self->unit;
  return MAX (image_size, self->unit);
}

/* What the row may not come near to: the start of a line before or behind it. */
static void
find_neighbours (const FlashLayoutMap *self, const FlashLayoutArea *own,
                 const FlashLayoutArea **out_before, guint64 *out_next)
{
  gboolean is_behind = FALSE;

  for (guint i = 0; i < self->areas->len; i++) {
    const FlashLayoutArea *area = &g_array_index (self->areas, FlashLayoutArea, i);

    if (area->kind == FLASH_LAYOUT_AREA_RAW) {
      guint64 offset = flash_layout_row_get_offset (area->row);

      if (offset > own->start)
        *out_next = MIN (*out_next, offset);
    } else if (area == own) {
      is_behind = TRUE;
    } else if (area->kind == FLASH_LAYOUT_AREA_PARTITION) {
      if (is_behind)
        *out_next = MIN (*out_next, area->start);
      else
        *out_before = area;
    }
  }
}

guint64
flash_layout_map_snap (const FlashLayoutMap *self, FlashLayoutRow *row, guint64 offset)
{
  const FlashLayoutArea *own, *before = NULL;
  guint64 next = G_MAXUINT64;
  guint64 lowest, highest, fitting;

  g_return_val_if_fail (self != NULL, offset);

  own = flash_layout_map_find_row (self, row);
  if (own == NULL || own->kind != FLASH_LAYOUT_AREA_PARTITION || !self->can_drag)
    return own != NULL ? own->start : offset;
  if (self->size > 0)
    next = self->end;
  find_neighbours (self, own, &before, &next);
  lowest = self->first;
  if (before != NULL)
    lowest =
        MAX (lowest, flash_layout_map_add (before->start, get_distance (self, before->image_size)));
  lowest = align_up (lowest, self->unit);
  if (next < self->unit || lowest > next - self->unit)
    return own->start;
  highest = next - self->unit;
  fitting = next - MIN (next, get_distance (self, own->image_size));
  if (fitting >= lowest)
    highest = fitting;
  highest -= highest % self->unit;
  if (highest < lowest)
    return own->start;
  if (offset <= lowest || offset >= highest)
    return offset <= lowest ? lowest : highest;
  /* Between two multiples of the unit, so nothing wraps. */
  return (offset % self->unit) * 2 < self->unit ? offset - offset % self->unit
                                                : align_up (offset, self->unit);
}

/* The board's order, with that of the file among equals. */
static gint
compare_pieces (gconstpointer a, gconstpointer b)
{
  const FlashLayoutPiece *x = a;
  const FlashLayoutPiece *y = b;
  guint line_x = flash_layout_row_get_line (x->row);
  guint line_y = flash_layout_row_get_line (y->row);

  if (x->offset != y->offset)
    return x->offset < y->offset ? -1 : 1;
  return line_x < line_y ? -1 : line_x > line_y;
}

FlashLayoutMap *
flash_layout_map_dup_moved (const FlashLayoutMap *self, FlashLayoutRow *row, guint64 offset)
{
  g_autoptr (GArray) pieces = NULL;
  FlashLayoutMap *moved;

  g_return_val_if_fail (self != NULL, NULL);

  pieces = g_array_new (FALSE, FALSE, sizeof (FlashLayoutPiece));
  moved = flash_layout_map_new (self->layout, self->name, self->ip, self->size_name);
  moved->size = self->size;
  moved->base = self->base;
  moved->first = self->first;
  moved->end = self->end;
  moved->unit = self->unit;
  moved->is_unit_sure = self->is_unit_sure;
  moved->has_table = self->has_table;
  moved->can_drag = self->can_drag;
  for (guint i = 0; i < self->areas->len; i++) {
    const FlashLayoutArea *area = &g_array_index (self->areas, FlashLayoutArea, i);
    FlashLayoutPiece piece = { area->row, area->start, area->image_size };

    if (area->row == NULL)
      continue;
    if (area->row == row)
      piece.offset = offset;
    else if (area->kind == FLASH_LAYOUT_AREA_RAW)
      piece.offset = flash_layout_row_get_offset (area->row);
    g_array_append_val (pieces, piece);
  }
  g_array_sort (pieces, compare_pieces);
  flash_layout_map_fill (moved, pieces);
  return moved;
}
