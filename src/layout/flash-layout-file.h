/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks need to know of one file that a layout names. Immutable once it was looked into,
 * and counted, so that checks can share it. For use inside this room. Thread: any. */
#pragma once

#include "flash-content.h"
#include "flash-diag.h"
#include "flash-fip.h"
#include "flash-format.h"
#include "flash-gpt.h"
#include "flash-stm32-header.h"

G_BEGIN_DECLS

/**
 * FlashLayoutFile:
 * @error: (nullable): why it could not be read; the other fields say nothing then
 * @size: in bytes
 * @format: what it is by its mark
 * @content: what it is otherwise
 * @has_dfu_suffix: whether a DFU suffix stands at its end
 * @has_header: whether @header was read
 * @header: the STM32 header
 * @header_error: (nullable): why there is no header, though the file begins like one or not
 * @payload_error: (nullable): what is wrong with the payload behind the header
 * @has_usb_mark: whether the payload holds the words of a program that speaks DFU
 * @has_fip_mark: whether the payload holds the words of a TF-A that wants a FIP
 * @fip: (nullable): the firmware image package
 * @gpt: (nullable): the partition table
 * @findings: what the readers of these two complain about
 * @ubi_page_size: of a UBI image, 0 if not known
 * @ubi_block_size: the same
 */
typedef struct {
  gatomicrefcount ref_count;
  GError *error;
  guint64 size;
  FlashFormat format;
  FlashContent content;
  gboolean has_dfu_suffix;
  gboolean has_header;
  FlashStm32Header header;
  GError *header_error;
  GError *payload_error;
  gboolean has_usb_mark;
  gboolean has_fip_mark;
  FlashFip *fip;
  FlashGpt *gpt;
  FlashDiagList *findings;
  guint ubi_page_size;
  guint ubi_block_size;
} FlashLayoutFile;

/**
 * flash_layout_file_inspect:
 * @path: (type filename): any path
 * @cancellable: (nullable): looked at while payloads are summed up
 *
 * The file is closed again; memory does not grow with its size.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set only if cancelled
 */
FlashLayoutFile *
flash_layout_file_inspect (const char *path, GCancellable *cancellable, GError **error);

FlashLayoutFile *flash_layout_file_ref (FlashLayoutFile *self);
void flash_layout_file_unref (FlashLayoutFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashLayoutFile, flash_layout_file_unref)

G_END_DECLS
