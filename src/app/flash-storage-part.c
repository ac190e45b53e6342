/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-storage-part"

#include "config.h"

#include "flash-storage-part.h"

#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* What nobody would listen to up to the end. */
#define MAX_SAID 200

/* --- facts -------------------------------------------------------------------------------- */

gboolean
flash_storage_map_is_boot (const FlashLayoutMap *map)
{
  return !g_str_equal (map->ip, map->size_name);
}

gboolean
flash_storage_part_is_open_ended (const FlashStoragePart *self)
{
  return self->area.size == G_MAXUINT64;
}

gboolean
flash_storage_part_is_kept (const FlashStoragePart *self)
{
  return self->area.row != NULL && !flash_layout_row_is_selected (self->area.row);
}

guint
flash_storage_part_get_line (const FlashStoragePart *self)
{
  return self->area.row != NULL ? flash_layout_row_get_line (self->area.row) : 0;
}

/* Returns: (nullable): any row of @map. */
static FlashLayoutRow *
find_any_row (const FlashLayoutMap *map)
{
  for (guint i = 0; i < map->areas->len; i++) {
    FlashLayoutRow *row = g_array_index (map->areas, FlashLayoutArea, i).row;

    if (row != NULL)
      return row;
  }
  return NULL;
}

const char *
flash_storage_map_get_kind (const FlashLayoutMap *map)
{
  FlashLayoutRow *row = find_any_row (map);

  if (flash_storage_map_is_boot (map))
    return _ ("eMMC boot partition");
  /* Nothing but boot partitions is on it, and only an eMMC has those. */
  if (row == NULL)
    return _ ("eMMC");
  switch (flash_layout_row_get_ip (row)) {
  case FLASH_LAYOUT_IP_NONE:
    break;
  case FLASH_LAYOUT_IP_MMC:
    return flash_words_storage (row);
  case FLASH_LAYOUT_IP_NOR:
    return _ ("serial NOR flash");
  case FLASH_LAYOUT_IP_NAND:
    return _ ("parallel NAND flash");
  case FLASH_LAYOUT_IP_SPI_NAND:
    return _ ("serial NAND flash");
  case FLASH_LAYOUT_IP_RAM:
    return _ ("memory");
  }
  return "";
}

/* --- short -------------------------------------------------------------------------------- */

char *
flash_storage_part_dup_name (const FlashStoragePart *self)
{
  switch (self->area.kind) {
  case FLASH_LAYOUT_AREA_PARTITION:
  case FLASH_LAYOUT_AREA_RAW:
    return g_strdup (flash_layout_row_get_name (self->area.row));
  case FLASH_LAYOUT_AREA_FREE:
    return g_strdup (_ ("Free"));
  case FLASH_LAYOUT_AREA_TABLE:
    return g_strdup (_ ("Table"));
  }
  g_return_val_if_reached (NULL);
}

char *
flash_storage_part_dup_size_text (const FlashStoragePart *self, const FlashLayoutMap *map)
{
  if (self->area.kind == FLASH_LAYOUT_AREA_RAW)
    return g_strdup (_ ("the whole storage"));
  if (self->area.size != G_MAXUINT64)
    return flash_text_size (self->area.size);
  return g_strdup (flash_storage_map_is_boot (map) ? C_ ("storage", "all of it") : _ ("the rest"));
}

char *
flash_storage_part_dup_short_text (const FlashStoragePart *self, const FlashLayoutMap *map)
{
  g_autofree char *name = flash_storage_part_dup_name (self);
  g_autofree char *start = flash_text_address (self->area.start);
  g_autofree char *size = flash_storage_part_dup_size_text (self, map);

  /* TRANSLATORS: partition, address, size */
  return g_strdup_printf (_ ("%1$s from %2$s: %3$s"), name, start, size);
}

/* --- overlaps ------------------------------------------------------------------------------- */

static char *
dup_line_name (FlashLayoutRow *row)
{
  /* TRANSLATORS: name of a partition, number of its line in the layout */
  return g_strdup_printf (_ ("%1$s (line %2$u)"), flash_layout_row_get_name (row),
                          flash_layout_row_get_line (row));
}

/* `bytes 0x… to 0x…`, both included. */
static char *
dup_range_text (const FlashLayoutOverlap *overlap)
{
  g_autofree char *from = flash_text_address (overlap->start);
  g_autofree char *to = NULL;

  if (overlap->size == G_MAXUINT64 || overlap->size == 0)
    return g_strdup_printf (_ ("from byte %s on"), from);
  to = flash_text_address (overlap->start + overlap->size - 1);
  /* TRANSLATORS: two addresses, the second one included */
  return g_strdup_printf (_ ("bytes %1$s to %2$s"), from, to);
}

static char *
dup_edge_text (const FlashLayoutMap *map, const FlashLayoutOverlap *overlap, const char *name,
               const char *size, const char *range)
{
  if (overlap->start < map->first && map->has_table)
    /* TRANSLATORS: partition, size, bytes … to … */
    return g_strdup_printf (_ ("%1$s takes %2$s of the partition table, %3$s."), name, size, range);
  if (overlap->start < map->first)
    return g_strdup_printf (_ ("%1$s begins before the first byte of %2$s, %3$s."), name, map->name,
                            range);
  if (overlap->size == 0)
    return g_strdup_printf (_ ("%1$s begins behind the end of %2$s, %3$s."), name, map->name,
                            range);
  return g_strdup_printf (_ ("%1$s reaches %2$s over the end of %3$s, %4$s."), name, size,
                          map->name, range);
}

static char *
dup_overlap_text (const FlashLayoutMap *map, const FlashLayoutOverlap *overlap)
{
  g_autofree char *first = dup_line_name (overlap->first);
  g_autofree char *second = overlap->second != NULL ? dup_line_name (overlap->second) : NULL;
  g_autofree char *size =
      overlap->size == G_MAXUINT64 ? g_strdup (_ ("everything")) : flash_text_size (overlap->size);
  g_autofree char *range = dup_range_text (overlap);
  const FlashLayoutArea *area = flash_layout_map_find_row (map, overlap->first);

  if (second == NULL)
    return dup_edge_text (map, overlap, first, size, range);
  if (area != NULL && area->kind == FLASH_LAYOUT_AREA_RAW)
    return g_strdup_printf (_ ("%1$s lies over %2$s: %3$s, %4$s. What is written last, stays."),
                            first, second, size, range);
  if (area != NULL && area->start == overlap->start)
    return g_strdup_printf (_ ("%1$s and %2$s want the same place: %3$s, %4$s."), first, second,
                            size, range);
  return g_strdup_printf (_ ("The file of %1$s reaches %3$s into %2$s, %4$s."), first, second, size,
                          range);
}

char *
flash_storage_map_dup_overlaps (const FlashLayoutMap *map, guint max)
{
  GString *out;
  guint n = MIN (map->overlaps->len, max);
  guint n_more = map->overlaps->len - n;

  if (map->overlaps->len == 0)
    return NULL;
  out = g_string_new (NULL);
  for (guint i = 0; i < n; i++) {
    g_autofree char *text =
        dup_overlap_text (map, &g_array_index (map->overlaps, FlashLayoutOverlap, i));

    g_string_append_printf (out, "%s%s", i > 0 ? "\n" : "", text);
  }
  if (n_more > 0) {
    g_autofree char *more = g_strdup_printf (
        ngettext ("And %u other overlap.", "And %u other overlaps.", n_more), n_more);

    g_string_append_printf (out, "\n%s", more);
  }
  return g_string_free (out, FALSE);
}

/* --- in full -------------------------------------------------------------------------------- */

static char *
dup_place_text (const FlashStoragePart *self, const FlashLayoutMap *map)
{
  g_autofree char *name = flash_storage_part_dup_name (self);
  g_autofree char *start = flash_text_address (self->area.start);
  g_autofree char *size = flash_storage_part_is_open_ended (self)
                              ? g_strdup (_ ("up to the end, which is not known"))
                              : flash_text_size (self->area.size);

  switch (self->area.kind) {
  case FLASH_LAYOUT_AREA_PARTITION:
    if (flash_storage_map_is_boot (map))
      /* TRANSLATORS: partition, storage, size */
      return g_strdup_printf (_ ("%1$s: all of %2$s, %3$s."), name, map->name, size);
    /* TRANSLATORS: partition, address, size */
    return g_strdup_printf (_ ("%1$s: starts at %2$s, %3$s."), name, start, size);
  case FLASH_LAYOUT_AREA_FREE:
    return g_strdup_printf (_ ("Free: starts at %1$s, %2$s."), start, size);
  case FLASH_LAYOUT_AREA_TABLE:
    if (!map->is_unit_sure)
      return g_strdup_printf (
          _ ("Kept for the partition table, an erase group: starts at %1$s, %2$s."), start, size);
    return g_strdup_printf (_ ("Kept for the partition table: starts at %1$s, %2$s."), start, size);
  case FLASH_LAYOUT_AREA_RAW:
    return g_strdup_printf (_ ("%1$s: covers the whole storage from its start."), name);
  }
  g_return_val_if_reached (NULL);
}

/* Returns: (nullable): what is written into it. */
static char *
dup_file_text (const FlashStoragePart *self)
{
  FlashLayoutRow *row = self->area.row;
  g_autofree char *size = NULL;

  if (row == NULL)
    return NULL;
  if (flash_storage_part_is_kept (self))
    return g_strdup (_ ("It is kept as it is."));
  if (!flash_layout_row_is_download (row))
    return g_strdup (flash_layout_row_is_erased (row)
                         ? _ ("It is erased, and nothing is written into it.")
                         : _ ("Nothing is written into it."));
  if (self->area.image_size == 0)
    return g_strdup (_ ("It has no file."));
  if (self->area.image_size == G_MAXUINT64)
    return g_strdup (_ ("The size of its file is not known."));
  size = flash_text_size (self->area.image_size);
  if (self->area.size == G_MAXUINT64 || self->area.size == 0)
    return g_strdup_printf (_ ("Its file has %s."), size);
  /* TRANSLATORS: a size, and how much of the partition it fills */
  return g_strdup_printf (_ ("Its file has %1$s and fills %2$.0f %% of it."), size,
                          (double) self->area.image_size / (double) self->area.size * 100);
}

static void
append_sentence (GString *out, const char *separator, const char *sentence)
{
  if (sentence == NULL)
    return;
  if (out->len > 0)
    g_string_append (out, separator);
  g_string_append (out, sentence);
}

char *
flash_storage_part_dup_text (const FlashStoragePart *self, const FlashLayoutMap *map,
                             const char *separator)
{
  GString *out = g_string_new (NULL);
  g_autofree char *place = dup_place_text (self, map);
  g_autofree char *file = dup_file_text (self);

  append_sentence (out, separator, place);
  append_sentence (out, separator, file);
  for (guint i = 0; i < map->overlaps->len && self->area.row != NULL; i++) {
    const FlashLayoutOverlap *overlap = &g_array_index (map->overlaps, FlashLayoutOverlap, i);
    g_autofree char *text = NULL;

    if (overlap->first != self->area.row && overlap->second != self->area.row)
      continue;
    text = dup_overlap_text (map, overlap);
    append_sentence (out, separator, text);
    /* One over everything would say the same of each. */
    if (overlap->first == self->area.row && self->area.kind == FLASH_LAYOUT_AREA_RAW)
      break;
  }
  if (self->has_severity && self->severity == FLASH_SEVERITY_ERROR)
    append_sentence (out, separator, _ ("There is an error on its line."));
  if (self->is_enlarged)
    append_sentence (out, separator, _ ("Drawn larger than to scale."));
  return g_string_free (out, FALSE);
}

char *
flash_storage_map_dup_text (const FlashLayoutMap *map, GArray *parts)
{
  GString *out = g_string_new (NULL);
  guint n_more;

  for (guint i = 0; i < parts->len && i < MAX_SAID; i++) {
    g_autofree char *text =
        flash_storage_part_dup_text (&g_array_index (parts, FlashStoragePart, i), map, " ");

    append_sentence (out, "\n", text);
  }
  n_more = parts->len > MAX_SAID ? parts->len - MAX_SAID : 0;
  if (n_more > 0) {
    g_autofree char *more =
        g_strdup_printf (ngettext ("And %u other part.", "And %u other parts.", n_more), n_more);

    append_sentence (out, "\n", more);
  }
  return g_string_free (out, FALSE);
}

char *
flash_storage_map_dup_move_text (const FlashLayoutMap *map, FlashLayoutRow *row)
{
  const FlashLayoutArea *area = flash_layout_map_find_row (map, row);
  const FlashLayoutArea *first = (const FlashLayoutArea *) (gpointer) map->areas->data;
  FlashStoragePart part = { 0 }, before = { 0 };
  g_autofree char *text = NULL, *before_name = NULL, *before_size = NULL;

  g_return_val_if_fail (area != NULL, g_strdup (""));

  part.area = *area;
  text = flash_storage_part_dup_short_text (&part, map);
  if (area == first || area[-1].kind == FLASH_LAYOUT_AREA_RAW)
    return g_steal_pointer (&text);
  before.area = area[-1];
  before_name = flash_storage_part_dup_name (&before);
  before_size = flash_storage_part_dup_size_text (&before, map);
  /* TRANSLATORS: “rootfs from 0x00100000: 3 GiB”, the partition before it, its size */
  return g_strdup_printf (_ ("%1$s, %2$s before it: %3$s"), text, before_name, before_size);
}
