/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes out of gzip, xz and zstd. What is cut off, damaged, or larger than allowed is refused; all
 * checksums that the packing has are checked. Thread: any; unpacking takes its time. */
#pragma once

#include "flash-content.h"
#include "flash-format.h"

G_BEGIN_DECLS

/* Returns: whether flash_unpack () can unpack it. */
gboolean flash_unpack_knows (FlashContentKind kind);

/**
 * flash_unpack:
 * @packed: the whole file; several members, streams or frames one after the other belong together
 * @kind: how it is packed; one that flash_unpack_knows ()
 * @max_size: how many bytes may come out, at most
 * @cancellable: (nullable): looked at between pieces
 *
 * Behind the last member of gzip there may be zeros, as on tapes; anything else there is a fault.
 * So is xz or zstd with nothing in it, which cannot be told from damage.
 *
 * Returns: (transfer full) (nullable): the contents, empty only for gzip, or %NULL with @error set:
 *   %FLASH_FORMAT_ERROR_TRUNCATED, %FLASH_FORMAT_ERROR_BAD_RECORD for a damaged file, wrong
 *   checksums included, %FLASH_FORMAT_ERROR_TOO_LARGE, or %G_IO_ERROR_CANCELLED
 */
GBytes *flash_unpack (GBytes *packed, FlashContentKind kind, gsize max_size,
                      GCancellable *cancellable, GError **error);

G_END_DECLS
