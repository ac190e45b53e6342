/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Block maps of disk images, version 2.0 of the format of bmap-tools: which blocks of an image have
 * to be written, with a checksum for each run of them and one for the map itself.
 *
 * FlashBmap is immutable and reference counted; thread: any. */
#pragma once

#include "flash-source.h"

G_BEGIN_DECLS

/* What this program maps with, in bytes: the block size of Linux's file systems, as bmaptool has
 * it. */
#define FLASH_BMAP_BLOCK_SIZE 4096
/* Larger maps and more ranges than these are refused: an image of 2 TiB with a range every 8 MiB
 * stays below. */
#define FLASH_BMAP_MAX_SIZE (64 * 1024 * 1024)
#define FLASH_BMAP_MAX_RANGES (256 * 1024)
/* SHA-256 in hexadecimal, with its end. */
#define FLASH_BMAP_CHECKSUM_LENGTH 65

/**
 * FlashBmapRange:
 * @first: first block
 * @last: last block, inclusive
 * @checksum: SHA-256 of their bytes, lower case; the last block of an image may be a short one
 */
typedef struct {
  guint64 first;
  guint64 last;
  char checksum[FLASH_BMAP_CHECKSUM_LENGTH];
} FlashBmapRange;

/**
 * FlashBmap:
 * @image_size: in bytes
 * @block_size: in bytes
 * @n_blocks: how many blocks the image has, the last one may be short
 * @n_mapped: how many of them have to be written
 * @ranges: (element-type FlashBmapRange): ascending, not overlapping
 */
typedef struct {
  gatomicrefcount ref_count;
  guint64 image_size;
  guint64 block_size;
  guint64 n_blocks;
  guint64 n_mapped;
  GArray *ranges;
} FlashBmap;

FlashBmap *flash_bmap_ref (FlashBmap *self);
void flash_bmap_unref (FlashBmap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashBmap, flash_bmap_unref)

/**
 * flash_bmap_new:
 * @image_size: in bytes
 * @ranges: (element-type FlashBmapRange): what has to be written, in blocks of
 *   %FLASH_BMAP_BLOCK_SIZE, ascending, not overlapping, inside of the image
 *
 * Returns: (transfer full): a map that holds a copy of @ranges
 */
FlashBmap *flash_bmap_new (guint64 image_size, const GArray *ranges);

/**
 * flash_bmap_read:
 * @source: any bytes
 *
 * Believes nothing: the map's own checksum, every number, the order of the ranges and their sum
 * are checked before anything is handed out.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set: %FLASH_FORMAT_ERROR_UNKNOWN_FORMAT
 *   if it is no block map, %FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION for versions and checksums that
 *   are not known here, %FLASH_FORMAT_ERROR_TOO_LARGE, %FLASH_FORMAT_ERROR_BAD_CHECKSUM,
 *   %FLASH_FORMAT_ERROR_BAD_RECORD, %FLASH_FORMAT_ERROR_OVERLAP, %G_IO_ERROR
 */
FlashBmap *flash_bmap_read (FlashSource *source, GError **error);

/**
 * flash_bmap_write:
 *
 * Returns: (transfer full): the map as a file, with its own checksum
 */
GBytes *flash_bmap_write (const FlashBmap *self);

/* Returns: how many bytes of the image the range at @index covers; it must exist. */
guint64 flash_bmap_get_range_size (const FlashBmap *self, guint index);

G_END_DECLS
