/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small ELF files made in memory; tests then break one thing in them. Thread: main. */
#pragma once

#include "flash-reader-test.h"

G_BEGIN_DECLS

#define FLASH_ELF_TEST_HEADER_LENGTH 52
#define FLASH_ELF_TEST_SEGMENT_LENGTH 32
#define FLASH_ELF_TEST_SECTION_LENGTH 40
/* Where the table of sections is. */
#define FLASH_ELF_TEST_SECTIONS_AT 0x400

#define FLASH_ELF_TEST_LOAD 1
#define FLASH_ELF_TEST_PROG_BITS 1
#define FLASH_ELF_TEST_NO_BITS 8
#define FLASH_ELF_TEST_ALLOC 2

/* A program header, without what nobody looks at. */
typedef struct {
  guint32 type;
  guint32 offset;
  guint32 virtual_address;
  guint32 address;
  guint32 file_size;
  guint32 memory_size;
} FlashElfTestSegment;

/* A section header, the same. */
typedef struct {
  guint32 type;
  guint32 flags;
  guint32 offset;
  guint32 size;
} FlashElfTestSection;

/* @segments: ended by one of type 0; @sections: (nullable): the same. Returns: (transfer full): a
 * file for ARM with entry point 0x08000101; what is no header is filled with numbers that follow
 * from their places. */
GByteArray *
flash_elf_test_new (const FlashElfTestSegment *segments, const FlashElfTestSection *sections);

/* Returns: (transfer full): the image that flash_elf_read () makes of @bytes, which are freed.
 * @options: (nullable). */
FlashImage *flash_elf_test_read (GByteArray *bytes, const FlashImageOptions *options);

/* That the segment at @index holds what such a file has from @offset on. */
void flash_elf_test_assert_segment (const FlashImage *image, guint index, guint32 address,
                                    guint offset, guint size);

/* Returns: how many segments there are for alternate 0. */
guint flash_elf_test_count_segments (const FlashImage *image);

G_END_DECLS
