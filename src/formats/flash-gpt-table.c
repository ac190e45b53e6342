/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-gpt-table"

#include "config.h"

#include "flash-gpt-table.h"

#include "flash-bytes.h"

#include <zlib.h>

/* UEFI specification, table 5.5: the header */
#define REVISION_AT 8
#define HEADER_SIZE_AT 12
#define HEADER_CRC_AT 16
#define MY_LBA_AT 24
#define ALTERNATE_LBA_AT 32
#define FIRST_USABLE_AT 40
#define LAST_USABLE_AT 48
#define DISK_GUID_AT 56
#define ENTRIES_LBA_AT 72
#define N_ENTRIES_AT 80
#define ENTRY_SIZE_AT 84
#define ENTRIES_CRC_AT 88
#define MIN_HEADER_SIZE 92
#define REVISION_1_0 0x00010000

#define MIN_ENTRY_SIZE 128
/* Usual are 128 entries, 16 KiB. */
#define MAX_ENTRIES_SIZE (1024 * 1024)

#define MAX_SECTOR_SIZE 4096

void
flash_gpt_table_clear (FlashGptTable *self)
{
  g_clear_pointer (&self->entries, g_free);
}

static FlashGptTableState
parse_header (const guint8 *sector, guint sector_size, guint64 lba, FlashGptTable *table)
{
  guint32 header_size = flash_get_le32 (sector + HEADER_SIZE_AT);
  guint8 header[MAX_SECTOR_SIZE];

  if (memcmp (sector, "EFI PART", 8) != 0)
    return FLASH_GPT_TABLE_MISSING;
  if (header_size < MIN_HEADER_SIZE || header_size > sector_size)
    return FLASH_GPT_TABLE_NONSENSE;
  /* The checksum is made while its own field is zero. */
  memcpy (header, sector, header_size);
  flash_put_le32 (header + HEADER_CRC_AT, 0);
  if (crc32_z (0, header, header_size) != flash_get_le32 (sector + HEADER_CRC_AT))
    return FLASH_GPT_TABLE_HEADER_CRC;

  table->alternate_lba = flash_get_le64 (header + ALTERNATE_LBA_AT);
  table->first_usable_lba = flash_get_le64 (header + FIRST_USABLE_AT);
  table->last_usable_lba = flash_get_le64 (header + LAST_USABLE_AT);
  flash_uuid_format_mixed (header + DISK_GUID_AT, table->disk_guid);
  table->entries_lba = flash_get_le64 (header + ENTRIES_LBA_AT);
  table->n_entries = flash_get_le32 (header + N_ENTRIES_AT);
  table->entry_size = flash_get_le32 (header + ENTRY_SIZE_AT);
  table->entries_crc = flash_get_le32 (header + ENTRIES_CRC_AT);
  if (flash_get_le32 (header + REVISION_AT) != REVISION_1_0 ||
      flash_get_le64 (header + MY_LBA_AT) != lba || table->entry_size < MIN_ENTRY_SIZE ||
      table->entry_size > MAX_SECTOR_SIZE ||
      (guint64) table->n_entries * table->entry_size > MAX_ENTRIES_SIZE ||
      table->first_usable_lba > table->last_usable_lba)
    return FLASH_GPT_TABLE_NONSENSE;
  return FLASH_GPT_TABLE_WHOLE;
}

/* Returns: %FALSE only if the file could not be read. */
static gboolean
read_entries (FlashSource *source, FlashGptTable *table, GError **error)
{
  gsize length = (gsize) table->n_entries * table->entry_size;
  guint64 at, end;

  if (!g_uint64_checked_mul (&at, table->entries_lba, table->sector_size) ||
      !g_uint64_checked_add (&end, at, length) || end > flash_source_get_size (source)) {
    table->state = FLASH_GPT_TABLE_BEYOND_END;
    return TRUE;
  }
  table->entries = g_malloc (length);
  if (!flash_source_read (source, at, table->entries, length, error))
    return FALSE;
  if (crc32_z (crc32_z (0, NULL, 0), table->entries, length) != table->entries_crc)
    table->state = FLASH_GPT_TABLE_ENTRIES_CRC;
  return TRUE;
}

gboolean
flash_gpt_table_read (FlashGptTable *self, FlashSource *source, guint sector_size, guint64 lba,
                      GError **error)
{
  guint8 sector[MAX_SECTOR_SIZE];

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (FLASH_IS_SOURCE (source), FALSE);
  g_return_val_if_fail (sector_size >= MIN_HEADER_SIZE && sector_size <= MAX_SECTOR_SIZE, FALSE);

  flash_gpt_table_clear (self);
  self->sector_size = sector_size;
  self->state = FLASH_GPT_TABLE_MISSING;
  if (lba >= flash_source_get_size (source) / sector_size)
    return TRUE;
  if (!flash_source_read (source, lba * sector_size, sector, sector_size, error))
    return FALSE;

  self->state = parse_header (sector, sector_size, lba, self);
  return self->state != FLASH_GPT_TABLE_WHOLE || read_entries (source, self, error);
}
