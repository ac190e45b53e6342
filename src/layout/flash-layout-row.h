/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One partition line of a FlashLayout, as the board's parser reads it. Immutable once its layout
 * is loaded; thread: any after that. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Columns, counted from 1 as in the JSON contract. */
typedef enum {
  FLASH_LAYOUT_COLUMN_OPTION = 1,
  FLASH_LAYOUT_COLUMN_ID,
  FLASH_LAYOUT_COLUMN_NAME,
  FLASH_LAYOUT_COLUMN_TYPE,
  FLASH_LAYOUT_COLUMN_IP,
  FLASH_LAYOUT_COLUMN_OFFSET,
  FLASH_LAYOUT_COLUMN_BINARY,
} FlashLayoutColumn;

/* stm32mp-usb.md section 3.2, column Type */
typedef enum {
  FLASH_LAYOUT_TYPE_BINARY,
  FLASH_LAYOUT_TYPE_FIP,
  FLASH_LAYOUT_TYPE_FWU_MDATA,
  FLASH_LAYOUT_TYPE_ENV,
  FLASH_LAYOUT_TYPE_SYSTEM,
  FLASH_LAYOUT_TYPE_ESP,
  FLASH_LAYOUT_TYPE_FILESYSTEM,
  FLASH_LAYOUT_TYPE_RAW_IMAGE,
} FlashLayoutType;

/* Returns: (transfer none): the type as the file spells it, without `(N)`. */
const char *flash_layout_type_get_name (FlashLayoutType type);

typedef enum {
  FLASH_LAYOUT_IP_NONE,
  FLASH_LAYOUT_IP_MMC,
  FLASH_LAYOUT_IP_NOR,
  FLASH_LAYOUT_IP_NAND,
  FLASH_LAYOUT_IP_SPI_NAND,
  FLASH_LAYOUT_IP_RAM,
} FlashLayoutIp;

typedef enum {
  FLASH_LAYOUT_OFFSET_NUMBER,
  FLASH_LAYOUT_OFFSET_BOOT1,
  FLASH_LAYOUT_OFFSET_BOOT2,
} FlashLayoutOffset;

#define FLASH_TYPE_LAYOUT_ROW (flash_layout_row_get_type ())
G_DECLARE_FINAL_TYPE (FlashLayoutRow, flash_layout_row, FLASH, LAYOUT_ROW, GObject)

/* Returns: the line in the file, counted from 1. */
guint flash_layout_row_get_line (FlashLayoutRow *self);
/* Returns: whether every cell that the board reads could be read; if not, the values below are
 * only as good as the cells. */
gboolean flash_layout_row_is_valid (FlashLayoutRow *self);
/* Returns: (transfer none): the cell as written; empty if it is missing. Always valid UTF-8. */
const char *flash_layout_row_get_cell (FlashLayoutRow *self, FlashLayoutColumn column);

/* P: the board asks for this partition's data (unless E), and it gets a table entry. */
gboolean flash_layout_row_is_selected (FlashLayoutRow *self);
/* E: a table entry only. */
gboolean flash_layout_row_is_empty (FlashLayoutRow *self);
/* D: erased before. */
gboolean flash_layout_row_is_erased (FlashLayoutRow *self);
/* Returns: whether the board will ask for data: P and not E. */
gboolean flash_layout_row_is_download (FlashLayoutRow *self);

guint8 flash_layout_row_get_id (FlashLayoutRow *self);
/* Returns: (transfer none): the name, valid UTF-8. */
const char *flash_layout_row_get_name (FlashLayoutRow *self);
FlashLayoutType flash_layout_row_get_layout_type (FlashLayoutRow *self);
/* Returns: the N of `Binary(N)`, 1 without. */
guint flash_layout_row_get_copies (FlashLayoutRow *self);
FlashLayoutIp flash_layout_row_get_ip (FlashLayoutRow *self);
/* Returns: the N of `mmcN` and the like; 0 for `none` and `ram…`. */
guint flash_layout_row_get_ip_number (FlashLayoutRow *self);
/* Returns: (transfer none): the storage as the file names it: `mmc0`, `none`, … */
const char *flash_layout_row_get_ip_name (FlashLayoutRow *self);
FlashLayoutOffset flash_layout_row_get_offset_kind (FlashLayoutRow *self);
/* Returns: the offset in bytes; 0 for boot1 and boot2. */
guint64 flash_layout_row_get_offset (FlashLayoutRow *self);

/* Returns: (transfer none) (nullable): the Binary cell; %NULL if it is missing or `none`. */
const char *flash_layout_row_get_binary (FlashLayoutRow *self);
/* Returns: (transfer none) (nullable) (type filename): the file it means, an absolute path if the
 * layout's folder is known; %NULL if there is no Binary. */
const char *flash_layout_row_get_path (FlashLayoutRow *self);

G_END_DECLS
