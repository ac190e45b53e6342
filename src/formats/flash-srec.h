/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Motorola S-records (stm32-dfuse.md section 6.4). Thread: any. */
#pragma once

#include "flash-image-builder.h"

G_BEGIN_DECLS

/**
 * flash_srec_read:
 * @bytes: (array length=length): the whole file
 * @options: never %NULL
 * @builder: takes what is in it
 *
 * Records with addresses of 16, 24 and 32 bits may be mixed. An end record that gives 0 gives no
 * entry point: it has to give something. Two files one after the other are read as both.
 *
 * Errors, at their line; after each of them nothing is believed any more: `srec-bad-line`,
 * `srec-bad-length`, `srec-bad-checksum`, `srec-line-too-long`, `srec-cut-off`, `srec-utf16`. The
 * doubt: `srec-no-end`. Warnings: `srec-count-wrong`, `srec-data-after-end`. Infos: `srec-header`
 * with its text, `srec-comment`, `srec-reserved-record`.
 */
void flash_srec_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                      FlashImageBuilder *builder);

G_END_DECLS
