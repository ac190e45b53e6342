/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intel HEX, with what is seen of it in the wild (stm32-dfuse.md section 6.3). Thread: any. */
#pragma once

#include "flash-image-builder.h"

G_BEGIN_DECLS

/**
 * flash_ihex_read:
 * @bytes: (array length=length): the whole file
 * @options: never %NULL
 * @builder: takes what is in it
 *
 * Bytes above 64 KiB of a segment go on in a straight line. Two files one after the other are read
 * as both. Comments, blank lines, a byte order mark, lower case and every kind of line end are
 * harmless.
 *
 * Errors, at their line; after each of them nothing is believed any more: `ihex-bad-line`,
 * `ihex-bad-length`, `ihex-bad-checksum`, `ihex-unknown-record`, `ihex-line-too-long`,
 * `ihex-cut-off`, `ihex-utf16`. The doubt: `ihex-no-end`. Warnings: `ihex-data-after-end`,
 * `ihex-unknown-after-end`, `ihex-segment-crossed`. Infos: `ihex-comment`,
 * `ihex-signature-ignored`.
 */
void flash_ihex_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                      FlashImageBuilder *builder);

G_END_DECLS
