/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the table of sections of an ELF file says: which of its bytes are part of the program
 * (System V ABI, "Sections", for 32 bit). Thread: any. */
#pragma once

#include "flash-range.h"

G_BEGIN_DECLS

#define FLASH_ELF_SECTION_LENGTH 40

/**
 * flash_elf_sections_read:
 * @table: @n entries of %FLASH_ELF_SECTION_LENGTH bytes
 *
 * Sections that are loaded and have contents. What they say is not checked: a range may lie behind
 * the end of the file.
 *
 * Returns: (transfer full) (element-type FlashRange): where in the file they are, rising; those
 *   that touch or overlap are one
 */
GArray *flash_elf_sections_read (const guint8 *table, guint n);

/* Returns: the index of the first range of @ranges that ends behind @offset, or their number. */
guint flash_elf_sections_find (const GArray *ranges, guint64 offset);

/**
 * flash_elf_sections_get:
 * @index: of a range, as flash_elf_sections_find () counts
 * @whole: a part of the file
 * @out_part: (out): what @whole has of it, not empty; untouched if there is nothing
 *
 * Returns: whether there is such a range, and it has bytes in @whole
 */
gboolean
flash_elf_sections_get (const GArray *ranges, guint index, FlashRange whole, FlashRange *out_part);

G_END_DECLS
