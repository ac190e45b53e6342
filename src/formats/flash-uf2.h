/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UF2: blocks of 512 bytes, each with its own address (stm32-dfuse.md section 6.7).
 * Thread: any. */
#pragma once

#include "flash-image-builder.h"

G_BEGIN_DECLS

/**
 * flash_uf2_read:
 * @bytes: (array length=length): the whole file, unpacked
 * @options: nothing in it matters here
 * @builder: takes the blocks for the main flash, in any order, and the families
 *
 * The blocks of each family are counted for themselves, as in files that were put one behind the
 * other.
 *
 * Diagnostics: errors `uf2-truncated`, `uf2-block-broken`, `uf2-payload-too-large`,
 * `uf2-number-wrong`, `uf2-blocks-missing`; warnings `uf2-above-boot-loader`,
 * `uf2-several-families`, `uf2-family-not-stm32`; information `uf2-blocks-skipped`,
 * `uf2-family-unknown`. Those about a block name its offset.
 */
void flash_uf2_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                     FlashImageBuilder *builder);

/* Returns: (transfer none) (nullable): the chips that a family id stands for, such as `STM32F4`;
 * %NULL if it is not known. */
const char *flash_uf2_get_family_name (guint32 family);

G_END_DECLS
