/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What belongs to whom, and where two want the same. */
#define G_LOG_DOMAIN "flash-layout-map-areas"

#include "config.h"

#include "flash-layout-map-private.h"
#include "flash-layout-storage.h"

static FlashLayoutPiece *
get_piece (GArray *pieces, guint index)
{
  return &g_array_index (pieces, FlashLayoutPiece, index);
}

/* --- areas -------------------------------------------------------------------------------- */

static void
add_area (FlashLayoutMap *self, FlashLayoutAreaKind kind, guint64 start, guint64 size)
{
  FlashLayoutArea area = { kind, NULL, start, size, 0 };

  g_array_append_val (self->areas, area);
}

/* Where the storage ends, as far as areas go. */
static guint64
get_limit (const FlashLayoutMap *self)
{
  return self->size > 0 ? flash_layout_map_add (self->base, self->size) : G_MAXUINT64;
}

/* Bytes that no line wants: some belong to the table. What is behind the storage is nothing. */
static void
add_gap (FlashLayoutMap *self, guint64 from, guint64 to)
{
  const struct {
    FlashLayoutAreaKind kind;
    guint64 end;
  } zones[] = {
    { FLASH_LAYOUT_AREA_TABLE, self->first },
    { FLASH_LAYOUT_AREA_FREE, self->size > 0 ? self->end : G_MAXUINT64 },
    { FLASH_LAYOUT_AREA_TABLE, get_limit (self) },
  };

  to = MIN (to, get_limit (self));
  if (to <= from)
    return;
  if (!self->has_table) {
    add_area (self, FLASH_LAYOUT_AREA_FREE, from, to == G_MAXUINT64 ? G_MAXUINT64 : to - from);
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (zones); i++) {
    guint64 end = MIN (zones[i].end, to);

    if (end <= from)
      continue;
    add_area (self, zones[i].kind, from, end == G_MAXUINT64 ? G_MAXUINT64 : end - from);
    from = end;
  }
}

/* Sizes follow from the next one in order, whatever it is (stm32mp-usb.md section 3.6). */
static guint64
get_slot (const FlashLayoutMap *self, GArray *pieces, guint index)
{
  guint64 offset = get_piece (pieces, index)->offset;

  if (index + 1 < pieces->len)
    return get_piece (pieces, index + 1)->offset - offset;
  return self->size > 0 ? self->end - MIN (self->end, offset) : G_MAXUINT64;
}

static void
add_raw_areas (FlashLayoutMap *self, GArray *pieces)
{
  for (guint i = 0; i < pieces->len; i++) {
    const FlashLayoutPiece *piece = get_piece (pieces, i);
    FlashLayoutArea area = { FLASH_LAYOUT_AREA_RAW, piece->row, self->base,
                             self->size > 0 ? self->size : G_MAXUINT64, piece->image_size };

    if (flash_layout_row_is_raw (piece->row))
      g_array_append_val (self->areas, area);
  }
}

/* @pieces: in the board's order */
static void
add_areas (FlashLayoutMap *self, GArray *pieces)
{
  guint64 at = self->base;
  gboolean has_partition = FALSE;

  add_raw_areas (self, pieces);
  for (guint i = 0; i < pieces->len; i++) {
    const FlashLayoutPiece *piece = get_piece (pieces, i);
    FlashLayoutArea area = { FLASH_LAYOUT_AREA_PARTITION, piece->row, piece->offset,
                             get_slot (self, pieces, i), piece->image_size };

    if (flash_layout_row_is_raw (piece->row))
      continue;
    if (piece->offset > at)
      add_gap (self, at, piece->offset);
    g_array_append_val (self->areas, area);
    at = flash_layout_map_add (area.start, area.size);
    has_partition = TRUE;
  }
  /* A raw image alone is all there is. */
  if (at < get_limit (self) && (has_partition || pieces->len == 0))
    add_gap (self, at, G_MAXUINT64);
}

/* --- overlaps ----------------------------------------------------------------------------- */

static gboolean
add_overlap (FlashLayoutMap *self, FlashLayoutRow *first, FlashLayoutRow *second, guint64 start,
             guint64 size)
{
  FlashLayoutOverlap overlap = { first, second, start, size };

  if (self->overlaps->len >= FLASH_LAYOUT_MAP_MAX_OVERLAPS)
    return FALSE;
  g_array_append_val (self->overlaps, overlap);
  return TRUE;
}

/* What of [start, start + size) lies below @limit; %G_MAXUINT64 if that is without end. */
static guint64
cut (guint64 start, guint64 size, guint64 limit)
{
  guint64 end = size == G_MAXUINT64 ? G_MAXUINT64 : flash_layout_map_add (start, size);

  end = MIN (end, limit);
  if (end == G_MAXUINT64)
    return G_MAXUINT64;
  return end > start ? end - start : 0;
}

/* Whoever is written last wins (stm32mp-usb.md section 3.7). */
static void
add_raw_overlaps (FlashLayoutMap *self, guint index)
{
  const FlashLayoutArea *raw = &g_array_index (self->areas, FlashLayoutArea, index);
  guint64 image_end = raw->image_size == G_MAXUINT64
                          ? G_MAXUINT64
                          : flash_layout_map_add (self->base, raw->image_size);

  if (raw->image_size == 0)
    return;
  if (self->has_table && self->first > self->base)
    add_overlap (self, raw->row, NULL, self->base, MIN (image_end, self->first) - self->base);
  for (guint i = index + 1; i < self->areas->len; i++) {
    const FlashLayoutArea *area = &g_array_index (self->areas, FlashLayoutArea, i);
    guint64 end = MIN (image_end, get_limit (self));
    guint64 size = cut (area->start, area->size, end);

    if (area->row == NULL || size == 0)
      continue;
    if (area->kind == FLASH_LAYOUT_AREA_RAW && area->image_size != G_MAXUINT64)
      size = MIN (size, area->image_size);
    if (size > 0 && !add_overlap (self, raw->row, area->row, area->start, size))
      return;
  }
  if (self->size > 0 && image_end != G_MAXUINT64 && image_end > get_limit (self))
    add_overlap (self, raw->row, NULL, get_limit (self), image_end - get_limit (self));
}

/* What the lines behind @index lose to the file of that line. */
static void
add_image_overlaps (FlashLayoutMap *self, GArray *pieces, guint index)
{
  const FlashLayoutPiece *piece = get_piece (pieces, index);
  guint64 image_end = flash_layout_map_add (piece->offset, piece->image_size);

  if (self->overlaps->len >= FLASH_LAYOUT_MAP_MAX_OVERLAPS)
    return;
  for (guint i = index + 1; i < pieces->len; i++) {
    const FlashLayoutPiece *next = get_piece (pieces, i);
    guint64 size;

    if (image_end <= next->offset)
      return;
    /* Equal offsets are told by themselves. */
    if (next->offset == piece->offset)
      continue;
    size = cut (next->offset, get_slot (self, pieces, i), image_end);
    if (size > 0 && !add_overlap (self, piece->row, next->row, next->offset, size))
      return;
  }
  /* Where the slot is too long already, that was told with the whole file. */
  if (self->size > 0 && image_end > self->end &&
      flash_layout_map_add (piece->offset, get_slot (self, pieces, index)) <= self->end)
    add_overlap (self, piece->row, NULL, self->end, image_end - self->end);
}

/* Lines at one offset want the same slot: that of the last of them. */
static void
add_equal_overlap (FlashLayoutMap *self, GArray *pieces, guint index)
{
  const FlashLayoutPiece *piece = get_piece (pieces, index);
  guint last = index + 1;

  if (self->overlaps->len >= FLASH_LAYOUT_MAP_MAX_OVERLAPS || last >= pieces->len ||
      get_piece (pieces, last)->offset != piece->offset)
    return;
  /* A raw image in front ends nothing. */
  if (flash_layout_row_is_raw (piece->row))
    return;
  while (last + 1 < pieces->len && get_piece (pieces, last + 1)->offset == piece->offset)
    last++;
  add_overlap (self, piece->row, get_piece (pieces, index + 1)->row, piece->offset,
               get_slot (self, pieces, last));
}

/* Before the first byte that a partition may have, and behind the last one. */
static void
add_edge_overlaps (FlashLayoutMap *self, GArray *pieces, guint index)
{
  const FlashLayoutPiece *piece = get_piece (pieces, index);
  guint64 slot = get_slot (self, pieces, index);
  guint64 size = cut (piece->offset, slot, self->first);
  guint64 start, image_size;

  if (size > 0 && self->first > piece->offset)
    add_overlap (self, piece->row, NULL, piece->offset, size);
  if (self->size == 0)
    return;
  start = MAX (piece->offset, self->end);
  if (piece->offset <= self->end && flash_layout_map_add (piece->offset, slot) <= self->end)
    return;
  image_size = piece->image_size != G_MAXUINT64 ? piece->image_size : 0;
  size = flash_layout_map_add (piece->offset, MAX (slot, image_size)) - start;
  if (index + 1 == pieces->len)
    size = MAX (size, get_limit (self) - MIN (get_limit (self), start));
  add_overlap (self, piece->row, NULL, start, size);
}

static void
add_overlaps (FlashLayoutMap *self, GArray *pieces)
{
  for (guint i = 0; i < self->areas->len; i++) {
    if (g_array_index (self->areas, FlashLayoutArea, i).kind == FLASH_LAYOUT_AREA_RAW)
      add_raw_overlaps (self, i);
  }
  for (guint i = 0; i < pieces->len; i++) {
    const FlashLayoutPiece *piece = get_piece (pieces, i);

    if (flash_layout_row_is_raw (piece->row))
      continue;
    add_edge_overlaps (self, pieces, i);
    add_equal_overlap (self, pieces, i);
    if (piece->image_size > 0 && piece->image_size != G_MAXUINT64)
      add_image_overlaps (self, pieces, i);
  }
}

void
flash_layout_map_fill (FlashLayoutMap *self, GArray *pieces)
{
  add_areas (self, pieces);
  add_overlaps (self, pieces);
}
