/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The GUID partition table of a disk image (UEFI specification, chapter 5). Reads the primary
 * table and the backup, and says where they are wrong or differ.
 *
 * FlashGpt is immutable and reference counted; thread: any. */
#pragma once

#include "flash-diag.h"
#include "flash-range.h"
#include "flash-source.h"
#include "flash-uuid.h"

G_BEGIN_DECLS

/* The attribute that marks the partition to boot from (UEFI specification, table 5.8). */
#define FLASH_GPT_ATTRIBUTE_BOOTABLE (G_GUINT64_CONSTANT (1) << 2)

/**
 * FlashGptPartition:
 * @number: from 1, its place in the table
 * @type_guid: in upper case, as partitioning tools write it
 * @unique_guid: in lower case, as Linux writes PARTUUID
 * @name: valid UTF-8, safe to show
 * @first_lba: first sector
 * @last_lba: last sector, inclusive
 * @attributes: as they stand
 */
typedef struct {
  guint number;
  char type_guid[FLASH_UUID_LENGTH];
  char unique_guid[FLASH_UUID_LENGTH];
  char *name;
  guint64 first_lba;
  guint64 last_lba;
  guint64 attributes;
} FlashGptPartition;

/**
 * FlashGpt:
 * @sector_size: 512 or 4096 bytes
 * @disk_guid: in lower case
 * @first_usable_lba: first sector that partitions may use
 * @last_usable_lba: last one
 * @backup_lba: where the table says that the backup header is; it is the last sector of the disk
 *   that the image is made for
 * @has_primary: whether the primary table is whole
 * @has_backup: whether the backup table is whole
 * @partitions: (element-type FlashGptPartition): in the order of the table
 */
typedef struct {
  gatomicrefcount ref_count;
  guint sector_size;
  char disk_guid[FLASH_UUID_LENGTH];
  guint64 first_usable_lba;
  guint64 last_usable_lba;
  guint64 backup_lba;
  gboolean has_primary;
  gboolean has_backup;
  GPtrArray *partitions;
} FlashGpt;

FlashGpt *flash_gpt_ref (FlashGpt *self);
void flash_gpt_unref (FlashGpt *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashGpt, flash_gpt_unref)

/**
 * flash_gpt_read:
 * @source: any bytes
 * @diags: faults of the table are added here: `gpt-no-protective-mbr`, `gpt-primary-broken`,
 *   `gpt-backup-missing`, `gpt-backup-broken`, `gpt-backup-not-at-end`, `gpt-tables-differ`,
 *   `gpt-partition-beyond-end`, `gpt-partition-backwards`, `gpt-partition-outside-usable`,
 *   `gpt-partitions-overlap`, `gpt-partitions-same-guid`
 *
 * Takes the primary table if it is whole, else the backup.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set: %FLASH_FORMAT_ERROR_UNKNOWN_FORMAT
 *   if there is no sign of a table, %FLASH_FORMAT_ERROR_BAD_CHECKSUM if neither table is whole,
 *   %G_IO_ERROR
 */
FlashGpt *flash_gpt_read (FlashSource *source, FlashDiagList *diags, GError **error);

/**
 * flash_gpt_get_range:
 * @partition: one of @self
 * @out_range: (out): its place in bytes; untouched on failure
 *
 * Returns: %FALSE if it ends before it starts or its end is beyond 2^64
 */
gboolean flash_gpt_get_range (const FlashGpt *self, const FlashGptPartition *partition,
                              FlashRange *out_range);

/* Returns: (transfer none) (nullable): a short name for a type GUID in upper case, `fip`,
 * `linux-filesystem` and the like, as far as stm32mp-usb.md section 3.8 names it. */
const char *flash_gpt_get_type_name (const char *type_guid);

G_END_DECLS
