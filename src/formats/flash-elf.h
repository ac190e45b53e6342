/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ELF files as linkers make them for microcontrollers: 32 bit, little endian, ARM or RISC-V
 * (stm32-dfuse.md section 6.5). Thread: any. */
#pragma once

#include "flash-image-builder.h"

G_BEGIN_DECLS

/**
 * flash_elf_read:
 * @bytes: (array length=length): the whole file, unpacked
 * @options: whether a missing section table is a warning only
 * @builder: takes what the load segments hold, at their physical addresses, and the entry point
 *
 * What the linker only reserves (`.bss`) is left out. Of a segment only that is taken which its
 * sections occupy, as objcopy does: it may begin with the file's own headers, which would overwrite
 * what stands below the program, and have padding between sections. Without a table of sections,
 * only the headers are taken off.
 *
 * Diagnostics: errors `elf-truncated`, `elf-wrong-class`, `elf-wrong-endianness`,
 * `elf-wrong-machine`, `elf-wrong-type`, `elf-table-broken`, `elf-table-truncated`,
 * `elf-segment-truncated`, `segments-overlap`; doubt `elf-sections-truncated`; warnings
 * `elf-risc-v`, `elf-sections-broken`, `elf-headers-unclear`; information `elf-headers-cut`,
 * `elf-segment-nameless`, `elf-virtual-addresses`, `elf-ram-segment`. Those about a part of the
 * file name its offset or address.
 */
void flash_elf_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                     FlashImageBuilder *builder);

G_END_DECLS
