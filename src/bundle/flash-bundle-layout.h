/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of one layout in a folder or an archive, before it is opened: for which board, which
 * storage, and whether its files are there. Immutable once its bundle is open; thread: any. */
#pragma once

#include "flash-layout.h"

G_BEGIN_DECLS

/**
 * FlashBundleStorage:
 * @FLASH_BUNDLE_STORAGE_NONE: `none`: boot stages only, nothing is written
 * @FLASH_BUNDLE_STORAGE_SDCARD: `sdcard`
 * @FLASH_BUNDLE_STORAGE_EMMC: `emmc`
 * @FLASH_BUNDLE_STORAGE_NAND: `nand`
 * @FLASH_BUNDLE_STORAGE_SPI_NAND: `spi-nand`
 * @FLASH_BUNDLE_STORAGE_NOR: `nor`
 * @FLASH_BUNDLE_STORAGE_SEVERAL: `several`: more than one of them
 * @FLASH_BUNDLE_STORAGE_RAM: `ram`: started from memory, nothing is written
 *
 * What the rows of a layout write to.
 */
typedef enum {
  FLASH_BUNDLE_STORAGE_NONE,
  FLASH_BUNDLE_STORAGE_SDCARD,
  FLASH_BUNDLE_STORAGE_EMMC,
  FLASH_BUNDLE_STORAGE_NAND,
  FLASH_BUNDLE_STORAGE_SPI_NAND,
  FLASH_BUNDLE_STORAGE_NOR,
  FLASH_BUNDLE_STORAGE_SEVERAL,
  FLASH_BUNDLE_STORAGE_RAM,
} FlashBundleStorage;

/* Returns: (transfer none): the stable code, as above. */
const char *flash_bundle_storage_get_name (FlashBundleStorage storage);

/**
 * FlashBundleLayout:
 * @name: its path inside of the folder or archive, with `/`, valid UTF-8; for people and as the
 *   argument of `--layout`. It may hold any character: sanitise it before it is shown
 * @board: (nullable): the board by the names of file, folders or boot stages, such as
 *   `stm32mp157f-dk2`
 * @device_id: the chip by the same names (stm32mp-usb.md section 6), 0 if not known
 * @storage: what it writes to
 * @variant: (nullable): the rest of the name: `trusted`, `optee`, `programmer-usb`, …
 * @is_special: whether the name says that it is a sample, or needs a card that it is made for
 *   (`extensible`)
 * @n_partitions: rows that are on a storage
 * @is_accepted: whether the board's own parser takes it
 * @n_missing: files that the board will ask for and that are not there
 * @unpack_size: bytes that unpacking writes; 0 in a folder
 */
typedef struct {
  char *name;
  char *board;
  guint device_id;
  FlashBundleStorage storage;
  char *variant;
  gboolean is_special;
  guint n_partitions;
  gboolean is_accepted;
  guint n_missing;
  guint64 unpack_size;
} FlashBundleLayout;

G_END_DECLS
