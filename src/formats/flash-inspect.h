/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a firmware file holds, of whatever format it is. Files that may be large, disk images and
 * other plain bytes, are read in pieces, so that memory does not grow with them; those for
 * microcontrollers become a FlashImage.
 *
 * FlashInspection is immutable and reference counted; thread: any. Inspecting reads the whole
 * file: do it on a worker, or where waiting is right. */
#pragma once

#include "flash-content.h"
#include "flash-diag.h"
#include "flash-fip.h"
#include "flash-format.h"
#include "flash-gpt.h"
#include "flash-image.h"
#include "flash-stm32-header.h"

G_BEGIN_DECLS

/* Room for a SHA-256 as text, with its end. */
#define FLASH_INSPECTION_SHA256_LENGTH 65

/**
 * FlashInspectionSegment:
 * @address: where it belongs; the offset in the file if the format gives no address
 * @size: in bytes, never 0
 * @sha256: in lower-case hexadecimal
 */
typedef struct {
  guint64 address;
  guint64 size;
  char sha256[FLASH_INSPECTION_SHA256_LENGTH];
} FlashInspectionSegment;

/**
 * FlashInspection:
 * @format: the format; that of the contents, if @image was packed
 * @size: of the file, in bytes
 * @content: what else it is, if @format is %FLASH_FORMAT_RAW
 * @segments: (element-type FlashInspectionSegment): rising; empty for an empty file
 * @has_entry: whether there is an entry point
 * @entry: the entry point, 0 without
 * @has_stm32: whether @stm32 holds a header
 * @stm32: the header of %FLASH_FORMAT_STM32
 * @is_checksum_ok: whether the payload matches that header
 * @checksum: the sum of the payload's bytes, 0 if it is cut off
 * @fip: (nullable): the contents of %FLASH_FORMAT_FIP
 * @gpt: (nullable): the partitions of %FLASH_FORMAT_GPT
 * @image: (nullable): targets, suffix and families of a file for a microcontroller; bytes without
 *   an address only have one if they were given an address
 * @model: (nullable): the board that the device tree in it names, safe to show
 * @compatible: (nullable) (array zero-terminated=1): the same for programs, most specific first
 * @diags: what is wrong with it
 */
typedef struct {
  gatomicrefcount ref_count;
  FlashFormat format;
  guint64 size;
  FlashContent content;
  GArray *segments;
  gboolean has_entry;
  guint64 entry;
  gboolean has_stm32;
  FlashStm32Header stm32;
  gboolean is_checksum_ok;
  guint32 checksum;
  FlashFip *fip;
  FlashGpt *gpt;
  FlashImage *image;
  char *model;
  GStrv compatible;
  FlashDiagList *diags;
} FlashInspection;

FlashInspection *flash_inspection_ref (FlashInspection *self);
void flash_inspection_unref (FlashInspection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashInspection, flash_inspection_unref)

/**
 * flash_inspect:
 * @source: any bytes
 * @options: (nullable): where plain bytes begin, and whether what seems damaged is wanted all the
 *   same
 * @cancellable: (nullable): looked at between pieces
 *
 * Faults of the file are diagnostics; beside those of flash_fip_read (), flash_gpt_read (),
 * flash_image_load () and flash_vectors_check (): `file-empty`, `file-changed`, `dfu-suffix`,
 * `looks-like-program`, `packed`, `content-cut-off`,
 * `stm32-header-broken`, `stm32-header-truncated`, `stm32-version-unknown`,
 * `stm32-payload-truncated`, `stm32-checksum-wrong`, `stm32-trailing-bytes`,
 * `stm32-reserved-not-zero`, `stm32-signature-missing`, `stm32-encrypted`, `stm32-load-not-used`,
 * `stm32-entry-outside`, `stm32-payload-empty`, `fip-trailing-bytes`, `fip-broken`,
 * `gpt-unreadable`.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%G_IO_ERROR,
 *   %G_IO_ERROR_CANCELLED among them) if @source could not be read to its end
 */
FlashInspection *flash_inspect (FlashSource *source, const FlashImageOptions *options,
                                GCancellable *cancellable, GError **error);

G_END_DECLS
