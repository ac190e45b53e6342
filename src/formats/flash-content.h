/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file without a firmware format may be: an archive that has to be unpacked first, a file
 * system, a device tree. U-Boot writes all of them as they are (stm32mp-usb.md section 3.14), so
 * it matters to say what they are before. Thread: any. */
#pragma once

#include "flash-source.h"

G_BEGIN_DECLS

/**
 * FlashContentKind:
 * @FLASH_CONTENT_UNKNOWN: nothing that is known here
 * @FLASH_CONTENT_GZIP: compressed by gzip
 * @FLASH_CONTENT_XZ: compressed by xz
 * @FLASH_CONTENT_ZSTD: compressed by zstd
 * @FLASH_CONTENT_BZIP2: compressed by bzip2
 * @FLASH_CONTENT_LZ4: compressed by lz4
 * @FLASH_CONTENT_ANDROID_SPARSE: Android sparse image
 * @FLASH_CONTENT_EXT: file system ext2, ext3 or ext4
 * @FLASH_CONTENT_UBI: image of a UBI device, for raw flash
 * @FLASH_CONTENT_DEVICE_TREE: flattened device tree, also a FIT image
 * @FLASH_CONTENT_BOOT_SECTOR: 55 AA at the end of the first sector: a disk with a partition
 *   table, or a FAT file system
 */
typedef enum {
  FLASH_CONTENT_UNKNOWN,
  FLASH_CONTENT_GZIP,
  FLASH_CONTENT_XZ,
  FLASH_CONTENT_ZSTD,
  FLASH_CONTENT_BZIP2,
  FLASH_CONTENT_LZ4,
  FLASH_CONTENT_ANDROID_SPARSE,
  FLASH_CONTENT_EXT,
  FLASH_CONTENT_UBI,
  FLASH_CONTENT_DEVICE_TREE,
  FLASH_CONTENT_BOOT_SECTOR,
} FlashContentKind;

/**
 * FlashContent:
 * @kind: what it is
 * @declared_size: how large it says that it is, in bytes; for an Android sparse image, how large
 *   it gets when it is unpacked; 0 if it does not say
 */
typedef struct {
  FlashContentKind kind;
  guint64 declared_size;
} FlashContent;

/* Returns: (transfer none): `unknown`, `gzip`, `xz`, `zstd`, `bzip2`, `lz4`, `android-sparse`,
 * `ext`, `ubi`, `device-tree` or `boot-sector`. */
const char *flash_content_kind_get_name (FlashContentKind kind);

/* Returns: whether it has to be unpacked before it is of use on a board: the compressed ones, and
 * Android sparse images. */
gboolean flash_content_kind_is_packed (FlashContentKind kind);

/**
 * flash_content_sniff:
 * @source: any bytes
 * @out_content: (out caller-allocates): what it is; untouched on failure
 *
 * Looks at the first two kilobytes.
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR) if @source could not be read
 */
gboolean flash_content_sniff (FlashSource *source, FlashContent *out_content, GError **error);

G_END_DECLS
