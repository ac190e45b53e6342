/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A firmware file as ordered segments: what belongs at which address, of whatever format the file
 * is, unpacked if it was packed. For microcontrollers; the images of an STM32MP have no addresses
 * and go through flash-plan.h.
 *
 * FlashImage is immutable and reference counted; thread: any. Loading reads the whole file: do it
 * on a worker, or where waiting is right. */
#pragma once

#include "flash-content.h"
#include "flash-diag.h"
#include "flash-format.h"

G_BEGIN_DECLS

/* Limits on what is believed (stm32-dfuse.md section 6.8): no chip has more. */
#define FLASH_IMAGE_MAX_FILE (256u * 1024 * 1024)
#define FLASH_IMAGE_MAX_SEGMENTS 4096

/**
 * FlashImageSegment:
 * @address: where the first byte belongs; @address + size never exceeds 2^32
 * @bytes: what belongs there, never empty
 *
 * Touching data are one segment.
 */
typedef struct {
  guint32 address;
  GBytes *bytes;
} FlashImageSegment;

/**
 * FlashImageTarget:
 * @alternate: the alternate setting it is for; 0 in every format but DfuSe
 * @name: (nullable): its name in a DfuSe file, safe to show
 * @segments: (element-type FlashImageSegment): rising, without overlaps, not touching
 */
typedef struct {
  guint8 alternate;
  char *name;
  GPtrArray *segments;
} FlashImageTarget;

/**
 * FlashDfuSuffix:
 * The last bytes of a DFU file (stm32-dfuse.md section 1.11). 0xffff, and by widespread mistake
 * 0x0000 as product, mean any.
 *
 * @vendor: idVendor
 * @product: idProduct
 * @device: bcdDevice
 * @bcd_dfu: bcdDFU
 * @is_crc_ok: whether its checksum is that of the file
 */
typedef struct {
  guint16 vendor;
  guint16 product;
  guint16 device;
  guint16 bcd_dfu;
  gboolean is_crc_ok;
} FlashDfuSuffix;

/**
 * FlashImage:
 * @format: of the contents, after unpacking
 * @packing: how it was packed: %FLASH_CONTENT_GZIP, %FLASH_CONTENT_XZ, %FLASH_CONTENT_ZSTD, or
 *   %FLASH_CONTENT_UNKNOWN if it was not
 * @targets: (element-type FlashImageTarget): rising by alternate; empty if nothing could be made
 *   of the file
 * @has_address: whether the format says where its bytes belong; %FALSE for raw bytes and for plain
 *   DFU files, unless the options gave an address
 * @has_entry: whether there is an entry point
 * @entry: the entry point, 0 without
 * @has_suffix: whether @suffix holds the suffix of a DFU file
 * @suffix: that suffix
 * @families: (element-type guint32): family ids of UF2, in the order in which they appear
 * @can_insist: whether all that is an error about the file would be a warning with
 *   FlashImageOptions.insists
 * @diags: what is wrong with it; the image must not be flashed if there is an error among them
 */
typedef struct {
  gatomicrefcount ref_count;
  FlashFormat format;
  FlashContentKind packing;
  GPtrArray *targets;
  gboolean has_address;
  gboolean has_entry;
  guint32 entry;
  gboolean has_suffix;
  FlashDfuSuffix suffix;
  GArray *families;
  gboolean can_insist;
  FlashDiagList *diags;
} FlashImage;

FlashImage *flash_image_ref (FlashImage *self);
void flash_image_unref (FlashImage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashImage, flash_image_unref)

/**
 * FlashImageOptions:
 * @has_address: whether @address is meant
 * @address: where raw bytes begin; no other format looks at it
 * @insists: the user wants a file that seems cut off or damaged all the same: a missing end record
 *   and a wrong checksum of a DFU suffix are warnings then
 */
typedef struct {
  gboolean has_address;
  guint32 address;
  gboolean insists;
} FlashImageOptions;

/**
 * flash_image_load:
 * @source: any bytes
 * @options: (nullable): %NULL for none
 * @cancellable: (nullable): looked at between pieces
 *
 * Takes the file apart, by its contents and not by its name; gzip, xz and zstd around it are
 * unpacked first. Faults of the file are diagnostics with the line of a text format.
 *
 * Beside those of the readers and of the builder, these are: errors `file-empty`, `file-too-large`,
 * `file-changed`, `packed-damaged`, `packed-too-large`, `packing-unknown`, `archive`,
 * `image-empty`, `image-for-stm32mp`; warnings `address-aliased`, for which there is
 * flash_image_rebase (), and `dfu-suffix`, behind a format that has none.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%G_IO_ERROR, among them
 *   %G_IO_ERROR_CANCELLED) if @source could not be read
 */
FlashImage *flash_image_load (FlashSource *source, const FlashImageOptions *options,
                              GCancellable *cancellable, GError **error);

/**
 * flash_image_new_for_bytes:
 * @address: where the first byte belongs
 * @bytes: not empty
 *
 * Returns: (transfer full): what was read from a chip, as an image of one segment
 */
FlashImage *flash_image_new_for_bytes (guint32 address, GBytes *bytes);

/* One region of the memory map of STM32: what lies below the flash is its alias. */
#define FLASH_IMAGE_REGION_SIZE (128u * 1024 * 1024)

/**
 * flash_image_rebase:
 * @from: beginning of a region of %FLASH_IMAGE_REGION_SIZE bytes, usually 0
 * @to: where it belongs, usually 0x08000000
 *
 * Moves what begins in that region, and an entry point into it, by @to − @from; the rest stays.
 * For files that were linked to the alias of the flash (`address-aliased`, which the new image
 * does not have any more), and to give bytes without an address one.
 *
 * Returns: (transfer full) (nullable): a new image, or %NULL with @error set:
 *   %FLASH_FORMAT_ERROR_OVERLAP if something else is there already,
 *   %FLASH_FORMAT_ERROR_BAD_RECORD if it would end beyond 2^32
 */
FlashImage *flash_image_rebase (const FlashImage *self, guint32 from, guint32 to, GError **error);

/* Returns: whether there is no error among its diagnostics and at least one segment. */
gboolean flash_image_is_usable (const FlashImage *self);

/* Returns: bytes in all segments of all targets. */
guint64 flash_image_get_size (const FlashImage *self);

/* Returns: (transfer none) (nullable): the target for that alternate setting. */
const FlashImageTarget *flash_image_find_target (const FlashImage *self, guint8 alternate);

/**
 * flash_image_target_read:
 * @address: first address
 * @out: (out caller-allocates) (array length=length): bytes that the target does not hold stay as
 *   they were
 *
 * Returns: how many of them it holds
 */
gsize
flash_image_target_read (const FlashImageTarget *self, guint32 address, guint8 *out, gsize length);

/* Returns: (transfer full): SHA-256, in lower-case hexadecimal, over addresses and bytes of all
 * targets: two files of different formats with the same contents have the same. */
char *flash_image_dup_digest (const FlashImage *self);

G_END_DECLS
