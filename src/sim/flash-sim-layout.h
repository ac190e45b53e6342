/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layout as the board's own parser reads it, with the board's own words for what it does not
 * like (stm32mp-usb.md sections 3.1 to 3.4). Written apart from the layout room, so that the two
 * can be held against each other.
 *
 * Pure; takes any bytes. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* stm32mp-usb.md section 2.4: U-Boot's error buffer. */
#define FLASH_SIM_ERROR_LENGTH 255
/* stm32mp-usb.md section 3.1 */
#define FLASH_SIM_MAX_PARTS 240
#define FLASH_SIM_MAX_STORAGES 5
#define FLASH_SIM_NAME_LENGTH 16

typedef enum {
  FLASH_SIM_TARGET_NONE,
  FLASH_SIM_TARGET_MMC,
  FLASH_SIM_TARGET_NOR,
  FLASH_SIM_TARGET_NAND,
  FLASH_SIM_TARGET_SPI_NAND,
  FLASH_SIM_TARGET_RAM,
} FlashSimTarget;

typedef enum {
  FLASH_SIM_PART_BINARY,
  FLASH_SIM_PART_FIP,
  FLASH_SIM_PART_FWU_MDATA,
  FLASH_SIM_PART_ENV,
  FLASH_SIM_PART_SYSTEM,
  FLASH_SIM_PART_ESP,
  FLASH_SIM_PART_FILE_SYSTEM,
  FLASH_SIM_PART_RAW_IMAGE,
} FlashSimPartType;

/**
 * FlashSimPart:
 * @id: the phase in which it is written
 * @name: bytes, not necessarily text
 * @type: what it is
 * @copies: N of `Binary(N)`, otherwise 1
 * @target: kind of device
 * @device: number of the device
 * @hw_partition: 1 or 2 for an eMMC boot partition, otherwise 0
 * @offset: where it begins in the device
 * @is_selected: the letter P
 * @is_empty: the letter E
 * @is_deleted: the letter D
 * @storage: index of its device in the board's list; set when the devices are initialised
 * @size: in bytes; set when the devices are initialised
 * @number: which partition of the device it is, from 1, 0 if it is none; set likewise
 */
typedef struct {
  guint8 id;
  char name[FLASH_SIM_NAME_LENGTH + 1];
  FlashSimPartType type;
  guint copies;
  FlashSimTarget target;
  guint8 device;
  guint8 hw_partition;
  guint64 offset;
  gboolean is_selected;
  gboolean is_empty;
  gboolean is_deleted;
  guint storage;
  guint64 size;
  guint number;
} FlashSimPart;

/**
 * flash_sim_layout_parse:
 * @data: (array length=length): what was downloaded, with or without an STM32 header
 * @error_text: (out caller-allocates): %FLASH_SIM_ERROR_LENGTH bytes for the board's words
 *
 * Returns: (transfer full) (nullable) (element-type FlashSimPart): the lines in their order, or
 *   %NULL with @error_text set
 */
GArray *flash_sim_layout_parse (const guint8 *data, gsize length, char *error_text);

/**
 * flash_sim_layout_find:
 *
 * Returns: (nullable): the first line with that id, the one that the board looks at
 */
FlashSimPart *flash_sim_layout_find (GArray *parts, guint8 id);

/**
 * flash_sim_layout_fail:
 * @error_text: (out caller-allocates): %FLASH_SIM_ERROR_LENGTH bytes; what does not fit is cut
 *
 * Returns: %FALSE
 */
gboolean flash_sim_layout_fail (char *error_text, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* stm32mp-usb.md section 3.1: what the board takes for a header in front of a layout. */
#define FLASH_SIM_LAYOUT_HEADER_LENGTH 256
gboolean flash_sim_layout_has_header (const guint8 *data, gsize length);

G_END_DECLS
