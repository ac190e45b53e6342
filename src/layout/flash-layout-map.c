/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-map"

#include "config.h"

#include "flash-layout-map.h"

#include "flash-layout-map-private.h"
#include "flash-layout-storage.h"

/* --- life --------------------------------------------------------------------------------- */

FlashLayoutMap *
flash_layout_map_new (FlashLayout *layout, const char *name, const char *ip, const char *size_name)
{
  FlashLayoutMap *self = g_new0 (FlashLayoutMap, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->layout = g_object_ref (layout);
  self->name = g_strdup (name);
  self->ip = g_strdup (ip);
  self->size_name = g_strdup (size_name);
  self->areas = g_array_new (FALSE, FALSE, sizeof (FlashLayoutArea));
  self->overlaps = g_array_new (FALSE, FALSE, sizeof (FlashLayoutOverlap));
  return self;
}

FlashLayoutMap *
flash_layout_map_ref (FlashLayoutMap *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_layout_map_unref (FlashLayoutMap *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_object_unref (self->layout);
  g_free (self->name);
  g_free (self->ip);
  g_free (self->size_name);
  g_array_unref (self->areas);
  g_array_unref (self->overlaps);
  g_free (self);
}

static void
map_free (gpointer data)
{
  flash_layout_map_unref (data);
}

/* --- making ------------------------------------------------------------------------------- */

static guint64
get_image_size (FlashLayoutRow *row, const guint64 *known_size)
{
  if (!flash_layout_row_is_download (row) || flash_layout_row_get_binary (row) == NULL)
    return 0;
  return known_size != NULL ? *known_size : G_MAXUINT64;
}

static guint64
look_up_size (GHashTable *sizes, const char *name)
{
  const guint64 *size = sizes != NULL ? g_hash_table_lookup (sizes, name) : NULL;

  return size != NULL ? *size : 0;
}

typedef struct {
  FlashLayout *layout;
  GHashTable *sizes; /* (nullable) */
  GHashTable *indices; /* (element-type FlashLayoutRow guint): of rows */
  const guint64 *image_sizes; /* (nullable) */
  guint device_id;
} Maker;

/* The lines with that kind of offset, in the board's order. */
static GArray *
collect_pieces (const Maker *maker, const FlashLayoutStorage *storage, FlashLayoutOffset kind)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (FlashLayoutPiece));

  for (guint i = 0; i < storage->parts->len; i++) {
    FlashLayoutRow *row = flash_layout_storage_get_part (storage, i)->row;
    guint index = GPOINTER_TO_UINT (g_hash_table_lookup (maker->indices, row));
    const guint64 *known = maker->image_sizes != NULL ? &maker->image_sizes[index] : NULL;
    FlashLayoutPiece piece = { row, flash_layout_row_get_offset (row),
                               get_image_size (row, known) };

    if (flash_layout_row_get_offset_kind (row) == kind)
      g_array_append_val (pieces, piece);
  }
  return pieces;
}

static void
add_map (const Maker *maker, const FlashLayoutStorage *storage, GPtrArray *maps)
{
  g_autoptr (GArray) pieces = collect_pieces (maker, storage, FLASH_LAYOUT_OFFSET_NUMBER);
  FlashLayoutGeometry geometry = flash_layout_storage_get_geometry (storage, maker->device_id);
  FlashLayoutMap *map = flash_layout_map_new (maker->layout, storage->ip, storage->ip, storage->ip);

  for (guint i = 0; i < pieces->len; i++)
    map->can_drag |= !flash_layout_row_is_raw (g_array_index (pieces, FlashLayoutPiece, i).row);
  map->size = storage->size;
  map->unit = geometry.unit;
  map->is_unit_sure = geometry.is_sure;
  map->has_table = map->can_drag && flash_layout_storage_get_ip (storage) == FLASH_LAYOUT_IP_MMC;
  map->first = geometry.first;
  map->end = geometry.end;
  if (flash_layout_storage_get_ip (storage) == FLASH_LAYOUT_IP_RAM)
    map->base = geometry.first;
  flash_layout_map_fill (map, pieces);
  g_ptr_array_add (maps, map);
}

/* stm32mp-usb.md section 3.10: each begins at 0, and has the size of the chip. */
static void
add_boot_map (const Maker *maker, const FlashLayoutStorage *storage, FlashLayoutOffset kind,
              const char *part_name, GPtrArray *maps)
{
  g_autoptr (GArray) pieces = collect_pieces (maker, storage, kind);
  g_autofree char *name = g_strdup_printf ("%s %s", storage->ip, part_name);
  g_autofree char *size_name = g_strconcat (storage->ip, part_name, NULL);
  FlashLayoutMap *map;

  if (pieces->len == 0)
    return;
  map = flash_layout_map_new (maker->layout, name, storage->ip, size_name);
  map->size = map->end = look_up_size (maker->sizes, size_name);
  map->unit = FLASH_LAYOUT_BLOCK_SIZE;
  map->is_unit_sure = TRUE;
  flash_layout_map_fill (map, pieces);
  g_ptr_array_add (maps, map);
}

GPtrArray *
flash_layout_dup_maps (FlashLayout *layout, GHashTable *sizes, guint device_id,
                       const guint64 *image_sizes)
{
  GPtrArray *maps = g_ptr_array_new_with_free_func (map_free);
  g_autoptr (GPtrArray) storages = NULL;
  g_autoptr (GHashTable) indices = g_hash_table_new (NULL, NULL);
  Maker maker = { layout, sizes, indices, image_sizes, device_id };

  g_return_val_if_fail (FLASH_IS_LAYOUT (layout), maps);

  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++)
    g_hash_table_insert (indices, flash_layout_get_row (layout, i), GUINT_TO_POINTER (i));
  storages = flash_layout_dup_storages_for (layout, sizes, device_id);
  for (guint i = 0; i < storages->len; i++) {
    const FlashLayoutStorage *storage = g_ptr_array_index (storages, i);

    add_map (&maker, storage, maps);
    add_boot_map (&maker, storage, FLASH_LAYOUT_OFFSET_BOOT1, "boot1", maps);
    add_boot_map (&maker, storage, FLASH_LAYOUT_OFFSET_BOOT2, "boot2", maps);
  }
  return maps;
}
