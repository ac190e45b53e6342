/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes without a frame (stm32-dfuse.md section 6.6). Thread: any. */
#pragma once

#include "flash-image-builder.h"

G_BEGIN_DECLS

/**
 * flash_raw_read:
 * @bytes: (array length=length): the whole file
 * @options: never %NULL; gives the address
 * @builder: takes all of it, at address 0 if @options has none; the image then has none either
 *
 * Warning: `raw-is-text`, if nothing but text is to be seen in it.
 */
void flash_raw_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                     FlashImageBuilder *builder);

G_END_DECLS
