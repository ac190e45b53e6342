/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-storage"

#include "config.h"

#include "flash-layout-storage.h"

static void
storage_free (gpointer data)
{
  FlashLayoutStorage *self = data;

  g_free (self->ip);
  g_array_unref (self->parts);
  g_free (self);
}

gboolean
flash_layout_row_is_boot_part (FlashLayoutRow *row)
{
  return flash_layout_row_get_offset_kind (row) != FLASH_LAYOUT_OFFSET_NUMBER;
}

gboolean
flash_layout_row_is_raw (FlashLayoutRow *row)
{
  return flash_layout_row_get_layout_type (row) == FLASH_LAYOUT_TYPE_RAW_IMAGE;
}

gboolean
flash_layout_row_is_partition (FlashLayoutRow *row)
{
  return !flash_layout_row_is_raw (row) && !flash_layout_row_is_boot_part (row);
}

FlashLayoutIp
flash_layout_storage_get_ip (const FlashLayoutStorage *self)
{
  return flash_layout_row_get_ip (flash_layout_storage_get_part (self, 0)->row);
}

const FlashLayoutPart *
flash_layout_storage_get_part (const FlashLayoutStorage *self, guint index)
{
  return &g_array_index (self->parts, FlashLayoutPart, index);
}

FlashLayoutGeometry
flash_layout_storage_get_geometry (const FlashLayoutStorage *self, guint device_id)
{
  FlashLayoutGeometry geometry = { 0, self->size, 1, TRUE };
  gboolean is_emmc =
      flash_layout_row_get_ip_number (flash_layout_storage_get_part (self, 0)->row) > 0;
  guint64 reserved;

  switch (flash_layout_storage_get_ip (self)) {
  case FLASH_LAYOUT_IP_NONE:
    break;
  case FLASH_LAYOUT_IP_MMC:
    /* ST's boards have the SD card on mmc0 (stm32mp-usb.md section 3.14, check 25), and only
     * eMMCs have boot partitions. */
    for (guint i = 0; i < self->parts->len; i++)
      is_emmc |= flash_layout_row_is_boot_part (flash_layout_storage_get_part (self, i)->row);
    geometry.is_sure = !is_emmc;
    geometry.first = is_emmc ? FLASH_LAYOUT_EMMC_UNIT : FLASH_LAYOUT_SD_FIRST;
    geometry.unit = is_emmc ? FLASH_LAYOUT_EMMC_UNIT : FLASH_LAYOUT_BLOCK_SIZE;
    reserved =
        is_emmc ? FLASH_LAYOUT_EMMC_UNIT : FLASH_LAYOUT_SD_LAST_BLOCKS * FLASH_LAYOUT_BLOCK_SIZE;
    geometry.end = self->size / FLASH_LAYOUT_BLOCK_SIZE * FLASH_LAYOUT_BLOCK_SIZE;
    geometry.end -= MIN (geometry.end, reserved);
    break;
  case FLASH_LAYOUT_IP_NOR:
    geometry.unit = FLASH_LAYOUT_NOR_UNIT;
    geometry.is_sure = FALSE;
    break;
  case FLASH_LAYOUT_IP_NAND:
  case FLASH_LAYOUT_IP_SPI_NAND:
    geometry.unit = FLASH_LAYOUT_NAND_UNIT;
    geometry.is_sure = FALSE;
    break;
  case FLASH_LAYOUT_IP_RAM:
    geometry.first = device_id == 0x500 || device_id == 0x501 ? FLASH_LAYOUT_DRAM_START_MP1
                                                              : FLASH_LAYOUT_DRAM_START_MP2;
    if (self->size > 0)
      geometry.end = geometry.first + MIN (self->size, G_MAXUINT64 - geometry.first);
    break;
  }
  return geometry;
}

/* The board's order: boot2, boot1, then by the offset as the file has it. */
static gint
get_rank (FlashLayoutRow *row)
{
  switch (flash_layout_row_get_offset_kind (row)) {
  case FLASH_LAYOUT_OFFSET_NUMBER:
    return 0;
  case FLASH_LAYOUT_OFFSET_BOOT1:
    return -1;
  case FLASH_LAYOUT_OFFSET_BOOT2:
    return -2;
  }
  g_return_val_if_reached (0);
}

static gint
compare_parts (gconstpointer a, gconstpointer b)
{
  FlashLayoutRow *x = ((const FlashLayoutPart *) a)->row;
  FlashLayoutRow *y = ((const FlashLayoutPart *) b)->row;
  guint64 at_x = flash_layout_row_get_offset (x);
  guint64 at_y = flash_layout_row_get_offset (y);

  if (get_rank (x) != get_rank (y))
    return get_rank (x) - get_rank (y);
  return at_x < at_y ? -1 : at_x > at_y;
}

static guint64
look_up_size (GHashTable *sizes, const char *name)
{
  const guint64 *size = sizes != NULL ? g_hash_table_lookup (sizes, name) : NULL;

  return size != NULL ? *size : 0;
}

/* Sizes follow from the next one in order, whatever it is (stm32mp-usb.md section 3.6). */
static void
place_parts (FlashLayoutStorage *self, GHashTable *sizes, guint device_id)
{
  guint64 end = flash_layout_storage_get_geometry (self, device_id).end;

  for (guint i = 0; i < self->parts->len; i++) {
    FlashLayoutPart *part = &g_array_index (self->parts, FlashLayoutPart, i);
    guint64 offset = flash_layout_row_get_offset (part->row);

    if (flash_layout_row_is_raw (part->row)) {
      part->size = self->size > 0 ? self->size : G_MAXUINT64;
    } else if (flash_layout_row_is_boot_part (part->row)) {
      g_autofree char *name = g_strconcat (
          self->ip, flash_layout_row_get_cell (part->row, FLASH_LAYOUT_COLUMN_OFFSET), NULL);
      guint64 size = look_up_size (sizes, name);

      part->size = size > 0 ? size : G_MAXUINT64;
    } else if (i + 1 < self->parts->len) {
      part->start = offset;
      part->size =
          flash_layout_row_get_offset (flash_layout_storage_get_part (self, i + 1)->row) - offset;
    } else {
      part->start = offset;
      part->size = self->size == 0 ? G_MAXUINT64 : end - MIN (end, offset);
    }
  }
}

static FlashLayoutStorage *
find_storage (GPtrArray *storages, FlashLayoutRow *row)
{
  for (guint i = 0; i < storages->len; i++) {
    FlashLayoutStorage *storage = g_ptr_array_index (storages, i);
    FlashLayoutRow *first = flash_layout_storage_get_part (storage, 0)->row;

    if (flash_layout_row_get_ip (first) == flash_layout_row_get_ip (row) &&
        flash_layout_row_get_ip_number (first) == flash_layout_row_get_ip_number (row))
      return storage;
  }
  return NULL;
}

GPtrArray *
flash_layout_dup_storages (FlashLayout *layout, GHashTable *sizes)
{
  return flash_layout_dup_storages_for (layout, sizes, 0);
}

GPtrArray *
flash_layout_dup_storages_for (FlashLayout *layout, GHashTable *sizes, guint device_id)
{
  GPtrArray *storages = g_ptr_array_new_with_free_func (storage_free);

  g_return_val_if_fail (FLASH_IS_LAYOUT (layout), storages);

  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++) {
    FlashLayoutPart part = { flash_layout_get_row (layout, i), 0, 0 };
    FlashLayoutStorage *storage;

    if (!flash_layout_row_is_valid (part.row) ||
        flash_layout_row_get_ip (part.row) == FLASH_LAYOUT_IP_NONE)
      continue;
    storage = find_storage (storages, part.row);
    if (storage == NULL) {
      storage = g_new0 (FlashLayoutStorage, 1);
      storage->ip = g_strdup (flash_layout_row_get_ip_name (part.row));
      storage->size = look_up_size (sizes, storage->ip);
      storage->parts = g_array_new (FALSE, FALSE, sizeof (FlashLayoutPart));
      g_ptr_array_add (storages, storage);
    }
    g_array_append_val (storage->parts, part);
  }
  for (guint i = 0; i < storages->len; i++) {
    FlashLayoutStorage *storage = g_ptr_array_index (storages, i);

    g_array_sort (storage->parts, compare_parts);
    place_parts (storage, sizes, device_id);
  }
  return storages;
}
