/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the image of a card into a file, with its block map and its checksum beside it. All are
 * written aside and appear at the end, or not at all.
 *
 * Thread: any that may block; progress is told on the same thread. */
#pragma once

#include "flash-card-image.h"

G_BEGIN_DECLS

typedef enum {
  FLASH_CARD_COMPRESSION_NONE,
  FLASH_CARD_COMPRESSION_GZIP,
  FLASH_CARD_COMPRESSION_XZ,
  FLASH_CARD_COMPRESSION_ZSTD,
} FlashCardCompression;

/* Returns: (transfer none): `none`, `gzip`, `xz` or `zstd`. */
const char *flash_card_compression_get_name (FlashCardCompression compression);
/* Returns: (transfer none): how its files end: nothing, `.gz`, `.xz` or `.zst`. */
const char *flash_card_compression_get_ending (FlashCardCompression compression);

/**
 * flash_card_compression_find:
 * @name: `none`, `gzip`, `xz` or `zstd`
 * @out_compression: (out): untouched on failure
 *
 * Returns: whether there is one by that name
 */
gboolean flash_card_compression_find (const char *name, FlashCardCompression *out_compression);

/* Returns: the compression that the ending of @path stands for. */
FlashCardCompression flash_card_compression_guess (const char *path);

/**
 * FlashCardProgress:
 * @done_bytes: how much of the image was looked at, holes included
 * @total_bytes: the size of the image
 */
typedef void (*FlashCardProgress) (guint64 done_bytes, guint64 total_bytes, gpointer data);

/**
 * FlashCardWriteOptions:
 * @compression: of the image; the block map is always that of what is in it, as bmaptool wants it
 * @replace: whether files by these names may be replaced
 * @is_alone: whether nothing is written beside it, neither block map nor checksum: the path is one
 *   that somebody has shared, and there is nothing else by other names
 * @layout_path: (nullable) (type filename): the layout's own file, which must not be replaced
 * @progress: (nullable): called now and then, on the thread that writes
 * @data: for @progress
 */
typedef struct {
  FlashCardCompression compression;
  gboolean replace;
  gboolean is_alone;
  const char *layout_path;
  FlashCardProgress progress;
  gpointer data;
} FlashCardWriteOptions;

/**
 * FlashCardWritten:
 * @path: (type filename): the image
 * @bmap_path: (nullable) (type filename): its block map; %NULL if it was written alone
 * @checksum_path: (nullable) (type filename): the checksum of the file at @path, as sha256sum
 * writes it; %NULL if it was written alone
 * @file_size: of the file at @path in bytes, its holes included
 * @mapped_size: what the block map tells to write, in bytes
 * @image_sha256: checksum of the image, lower-case hexadecimal
 * @file_sha256: checksum of the file at @path; the same without compression
 */
typedef struct {
  char *path;
  char *bmap_path;
  char *checksum_path;
  guint64 file_size;
  guint64 mapped_size;
  char *image_sha256;
  char *file_sha256;
} FlashCardWritten;

void flash_card_written_clear (FlashCardWritten *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashCardWritten, flash_card_written_clear)

/**
 * flash_card_write:
 * @path: (type filename): the file; the block map is called the same without the ending of the
 *   compression, with `.bmap` behind it, and the checksum has `.sha256` behind @path
 * @options: (nullable): %NULL for no compression, and nothing is replaced
 * @out_written: (out caller-allocates): filled on success, otherwise untouched
 * @cancellable: (nullable): looked at between pieces
 *
 * An image is not compressed to beside the same one uncompressed, as they would share a block map.
 *
 * One that is written alone replaces the old one in one step, whatever the file system.
 *
 * If it fails nothing is left behind, and files that were there are as they were; if the file
 * system does not give one its name back, the error says what it is called now.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_CARD_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean
flash_card_write (FlashCardImage *image, const char *path, const FlashCardWriteOptions *options,
                  FlashCardWritten *out_written, GCancellable *cancellable, GError **error);

G_END_DECLS
