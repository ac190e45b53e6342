/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layouts and lines to begin with, by chip and storage, that the board's parser takes (conventions:
 * stm32mp-usb.md sections 3.6 and 3.13). They name no files: the user chooses them. Until then
 * partitions have the option PE, a table entry only.
 *
 * Thread: any. */
#pragma once

#include "flash-layout-row.h"

G_BEGIN_DECLS

/* stm32mp-usb.md section 6 */
typedef struct {
  guint device_id;
  const char *name; /* for people: `STM32MP15` */
} FlashLayoutTemplateChip;

/* Returns: (transfer none): the chips that there are templates for. */
const FlashLayoutTemplateChip *flash_layout_template_list_chips (guint *out_n);

typedef enum {
  FLASH_LAYOUT_STORAGE_SD, /* mmc0 */
  FLASH_LAYOUT_STORAGE_EMMC, /* mmc1, first stages in boot1 and boot2 */
  FLASH_LAYOUT_STORAGE_NOR, /* nor0, file systems on mmc0 */
  FLASH_LAYOUT_STORAGE_NAND, /* nand0 */
  FLASH_LAYOUT_STORAGE_SPI_NAND, /* spi-nand0 */
} FlashLayoutStorageKind;

/**
 * FlashLayoutTemplateOptions:
 * @device_id: one of flash_layout_template_list_chips ()
 * @storage: where the board boots from
 * @has_ab: two FIP slots, fip-a and fip-b, instead of one
 * @has_metadata: FWU metadata, twice; always with @has_ab
 * @has_crlf: lines end as on Windows
 */
typedef struct {
  guint device_id;
  FlashLayoutStorageKind storage;
  gboolean has_ab;
  gboolean has_metadata;
  gboolean has_crlf;
} FlashLayoutTemplateOptions;

/* Returns: (transfer full): the text of a new layout, which the board's parser takes. */
GBytes *flash_layout_template_dup_text (const FlashLayoutTemplateOptions *options);

/**
 * FlashLayoutTemplateRow:
 *
 * Lines that users add.
 */
typedef enum {
  FLASH_LAYOUT_TEMPLATE_BOOT_FSBL, /* 0x01, sent by the ROM */
  FLASH_LAYOUT_TEMPLATE_BOOT_DDR, /* 0x02, STM32MP2 only */
  FLASH_LAYOUT_TEMPLATE_BOOT_FIP, /* 0x03 */
  FLASH_LAYOUT_TEMPLATE_FSBL,
  FLASH_LAYOUT_TEMPLATE_METADATA,
  FLASH_LAYOUT_TEMPLATE_FIP,
  FLASH_LAYOUT_TEMPLATE_ENV,
  FLASH_LAYOUT_TEMPLATE_BOOTFS, /* System: bootable */
  FLASH_LAYOUT_TEMPLATE_FILESYSTEM,
  FLASH_LAYOUT_TEMPLATE_RAW_IMAGE,
  FLASH_LAYOUT_TEMPLATE_N_ROWS,
} FlashLayoutTemplateRow;

/**
 * flash_layout_template_dup_row:
 * @row: which
 * @text: the layout to which it will be added, as it is now
 * @ip: (nullable): the storage; %NULL for that of the last partition, or mmc0
 * @size: bytes that the last partition before it should get, 0 for the usual ones
 *
 * Proposes a line: the next free Id, a name that is not taken, the first legal offset behind what
 * is there.
 *
 * Returns: (transfer full) (array zero-terminated=1): seven cells
 */
GStrv flash_layout_template_dup_row (FlashLayoutTemplateRow row, GBytes *text, const char *ip,
                                     guint64 size);

G_END_DECLS
