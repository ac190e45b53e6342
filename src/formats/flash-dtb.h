/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two properties of a flattened device tree that name the board (Devicetree specification,
 * chapter 5). Reads no more than the root node. Thread: any. */
#pragma once

#include "flash-source.h"

G_BEGIN_DECLS

/**
 * flash_dtb_read_root:
 * @offset: where the tree starts in @source
 * @size: how many bytes belong to it at most; all of them must exist
 * @out_model: (out) (transfer full) (nullable): `model`, safe to show; %NULL if there is none
 * @out_compatible: (out) (transfer full) (nullable): `compatible`, most specific first, safe to
 *   show; %NULL if there is none
 *
 * Returns: %TRUE, or %FALSE with @error set: %FLASH_FORMAT_ERROR_UNKNOWN_FORMAT without the magic
 *   number, %FLASH_FORMAT_ERROR_TRUNCATED, %FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION,
 *   %FLASH_FORMAT_ERROR_BAD_RECORD, %G_IO_ERROR
 */
gboolean flash_dtb_read_root (FlashSource *source, guint64 offset, guint64 size, char **out_model,
                              GStrv *out_compatible, GError **error);

/**
 * flash_dtb_find_root:
 * @offset: where to start looking in @source
 * @size: how many bytes to look through; all of them must exist
 * @out_model: (out) (transfer full) (nullable): as for flash_dtb_read_root ()
 * @out_compatible: (out) (transfer full) (nullable): as for flash_dtb_read_root ()
 * @cancellable: (nullable): looked at between pieces
 *
 * Looks for a tree among other things, as TF-A's first stage carries one. The first that names a
 * board is taken; without one, both outputs are %NULL.
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR) if @source could not be read
 */
gboolean flash_dtb_find_root (FlashSource *source, guint64 offset, guint64 size, char **out_model,
                              GStrv *out_compatible, GCancellable *cancellable, GError **error);

G_END_DECLS
