/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One of the two tables of a disk with GUID partitions: its header and its entries, checked
 * against their checksums. Only for flash-gpt.c. Thread: any. */
#pragma once

#include "flash-source.h"
#include "flash-uuid.h"

G_BEGIN_DECLS

/**
 * FlashGptTableState:
 * @FLASH_GPT_TABLE_WHOLE: all is there and right
 * @FLASH_GPT_TABLE_MISSING: there is no header at that place
 * @FLASH_GPT_TABLE_HEADER_CRC: the checksum of the header is wrong
 * @FLASH_GPT_TABLE_NONSENSE: the header holds values that cannot be meant
 * @FLASH_GPT_TABLE_BEYOND_END: the entries would lie beyond the end of the file
 * @FLASH_GPT_TABLE_ENTRIES_CRC: the checksum of the entries is wrong
 */
typedef enum {
  FLASH_GPT_TABLE_WHOLE,
  FLASH_GPT_TABLE_MISSING,
  FLASH_GPT_TABLE_HEADER_CRC,
  FLASH_GPT_TABLE_NONSENSE,
  FLASH_GPT_TABLE_BEYOND_END,
  FLASH_GPT_TABLE_ENTRIES_CRC,
} FlashGptTableState;

/**
 * FlashGptTable:
 * @state: what became of it; the fields below are only good if it is whole
 * @sector_size: in bytes
 * @alternate_lba: where the other table's header is
 * @first_usable_lba: first sector that partitions may use
 * @last_usable_lba: last one
 * @disk_guid: in lower case
 * @entries_lba: where the entries start
 * @n_entries: how many there are, unused ones too
 * @entry_size: of one entry, in bytes
 * @entries_crc: checksum of the entries
 * @entries: (owned) (nullable): n_entries × entry_size bytes
 */
typedef struct {
  FlashGptTableState state;
  guint sector_size;
  guint64 alternate_lba;
  guint64 first_usable_lba;
  guint64 last_usable_lba;
  char disk_guid[FLASH_UUID_LENGTH];
  guint64 entries_lba;
  guint32 n_entries;
  guint32 entry_size;
  guint32 entries_crc;
  guint8 *entries;
} FlashGptTable;

/* Frees what the table owns, not the table itself. */
void flash_gpt_table_clear (FlashGptTable *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashGptTable, flash_gpt_table_clear)

/**
 * flash_gpt_table_read:
 * @self: zeroed, or filled by an earlier call
 * @sector_size: 512 or 4096
 * @lba: where to look for the header
 *
 * Returns: %TRUE with the state set, or %FALSE with @error set (%G_IO_ERROR) if @source could not
 *   be read
 */
gboolean flash_gpt_table_read (FlashGptTable *self, FlashSource *source, guint sector_size,
                               guint64 lba, GError **error);

G_END_DECLS
