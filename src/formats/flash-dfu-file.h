/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain DFU files: bytes without an address in front of a suffix; and that suffix, which DfuSe
 * containers have too (stm32-dfuse.md section 1.11). Thread: any. */
#pragma once

#include "flash-image-builder.h"

G_BEGIN_DECLS

/* DFU 1.1, appendix B: a longer suffix is legal, a shorter one is none. */
#define FLASH_DFU_SUFFIX_LENGTH 16

/**
 * flash_dfu_suffix_read:
 * @bytes: (array length=length): the whole file, unpacked
 * @options: whether a missing suffix and a wrong checksum are warnings only
 * @builder: takes the suffix
 *
 * Diagnostics: doubts `dfu-suffix-missing` and `dfu-crc-wrong`; error `dfu-suffix-broken` if its
 * length is impossible.
 *
 * Returns: how many bytes of the file stand before the suffix: all of them without one
 */
gsize flash_dfu_suffix_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                             FlashImageBuilder *builder);

/**
 * flash_dfu_file_read:
 * @bytes: (array length=length): the whole file, unpacked
 * @options: the address where its bytes begin, if there is one
 * @builder: takes what stands before the suffix, from address 0 on if none is given
 *
 * The prefixes that two makers of other chips put before the contents are recognised, with the
 * warning `dfu-foreign-prefix`; they stay, because those chips want them. The other diagnostics are
 * those of flash_dfu_suffix_read ().
 */
void flash_dfu_file_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                          FlashImageBuilder *builder);

G_END_DECLS
