/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DfuSe containers: targets for alternate settings, with elements at addresses
 * (stm32-dfuse.md section 6.2). Thread: any. */
#pragma once

#include "flash-image-builder.h"

G_BEGIN_DECLS

/**
 * flash_dfuse_file_read:
 * @bytes: (array length=length): the whole file, unpacked
 * @options: whether a missing suffix and a wrong checksum are warnings only
 * @builder: takes targets, elements and suffix
 *
 * The size in the prefix is believed with the suffix counted and without it. The same alternate
 * setting in two targets is one.
 *
 * Diagnostics: errors `dfuse-truncated`, `dfuse-version-unknown`, `dfuse-target-broken`,
 * `dfuse-too-many-elements`, `dfuse-element-truncated`; warnings
 * `dfuse-size-wrong`, `dfuse-target-size-wrong`, `dfuse-name-broken`, `dfuse-trailing-bytes`,
 * `dfuse-suffix-version`; and those of flash_dfu_suffix_read (). Those about a part of the file
 * name its offset.
 */
void flash_dfuse_file_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                            FlashImageBuilder *builder);

G_END_DECLS
