/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of a storage before a board is seen, and how the board would set it up
 * (stm32mp-usb.md sections 3.5 and 3.6). For use inside this room. Thread: any. */
#pragma once

#include "flash-layout-lint.h"

G_BEGIN_DECLS

/* stm32mp-usb.md section 3.6: room for the partition table on SD cards, in bytes at the start and
 * blocks at the end. */
#define FLASH_LAYOUT_BLOCK_SIZE 512
#define FLASH_LAYOUT_SD_FIRST 0x4400
#define FLASH_LAYOUT_SD_LAST_BLOCKS 35
/* stm32mp-usb.md section 3.6: the usual erase group of an eMMC. */
#define FLASH_LAYOUT_EMMC_UNIT 0x80000
/* stm32mp-usb.md section 3.14, check 32: the smallest usual erase blocks. */
#define FLASH_LAYOUT_NOR_UNIT 0x10000
#define FLASH_LAYOUT_NAND_UNIT 0x20000
/* stm32mp-usb.md section 3.6 */
#define FLASH_LAYOUT_DRAM_START_MP1 G_GUINT64_CONSTANT (0xc0000000)
#define FLASH_LAYOUT_DRAM_END_MP1 G_GUINT64_CONSTANT (0x100000000)
#define FLASH_LAYOUT_DRAM_START_MP2 G_GUINT64_CONSTANT (0x80000000)
/* stm32mp-usb.md section 3.1 */
#define FLASH_LAYOUT_MAX_STORAGES 5

/**
 * FlashLayoutGeometry:
 * @first: first address that a partition may have
 * @end: end of the last partition; 0 if not known
 * @unit: what offsets must be multiples of
 * @is_sure: whether every board says so; otherwise it depends on the chip that is fitted
 */
typedef struct {
  guint64 first;
  guint64 end;
  guint64 unit;
  gboolean is_sure;
} FlashLayoutGeometry;

/* @device_id: 0 if the chip is not known */
FlashLayoutGeometry
flash_layout_storage_get_geometry (const FlashLayoutStorage *self, guint device_id);

/* flash_layout_dup_storages () for a chip, on which it depends where the DRAM ends; @device_id: 0
 * if it is not known */
GPtrArray *flash_layout_dup_storages_for (FlashLayout *layout, GHashTable *sizes, guint device_id);

/* Returns: the type of the storage. */
FlashLayoutIp flash_layout_storage_get_ip (const FlashLayoutStorage *self);
/* Returns: (transfer none): its part at @index, which must exist. */
const FlashLayoutPart *flash_layout_storage_get_part (const FlashLayoutStorage *self, guint index);

gboolean flash_layout_row_is_boot_part (FlashLayoutRow *row);
gboolean flash_layout_row_is_raw (FlashLayoutRow *row);
/* Returns: whether the row gets an entry in a partition table, if its storage has one. */
gboolean flash_layout_row_is_partition (FlashLayoutRow *row);

/* What the board would complain about while it sets up its storages; see section 3.5. */
typedef enum {
  FLASH_LAYOUT_FAULT_SELECTED_NONE,
  FLASH_LAYOUT_FAULT_ID_ZERO,
  FLASH_LAYOUT_FAULT_DUPLICATE_ID,
  FLASH_LAYOUT_FAULT_TOO_MANY_STORAGES,
  FLASH_LAYOUT_FAULT_COPIES,
  FLASH_LAYOUT_FAULT_BOOT_PART,
  FLASH_LAYOUT_FAULT_SAME_OFFSET,
  FLASH_LAYOUT_FAULT_BEYOND_END,
  FLASH_LAYOUT_FAULT_BELOW_FIRST,
  FLASH_LAYOUT_FAULT_MISALIGNED,
} FlashLayoutFaultKind;

/**
 * FlashLayoutFault:
 * @row: (transfer none): the line
 * @other: (nullable) (transfer none): the line it quarrels with
 * @limit: the first address, the end or the unit that is broken
 * @is_sure: whether every board says so
 * @answer: what the board answers, word for word
 */
typedef struct {
  FlashLayoutFaultKind kind;
  FlashLayoutRow *row;
  FlashLayoutRow *other;
  guint64 limit;
  gboolean is_sure;
  char *answer;
} FlashLayoutFault;

/**
 * flash_layout_predict_faults:
 * @storages: (element-type FlashLayoutStorage): of @layout
 * @device_id: 0 if the chip is not known
 *
 * Returns: (transfer full) (element-type FlashLayoutFault): all faults, in the order in which the
 *   board comes to them; it stops at the first
 */
GPtrArray *flash_layout_predict_faults (FlashLayout *layout, GPtrArray *storages, guint device_id);

G_END_DECLS
