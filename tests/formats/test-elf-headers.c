/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-bytes.h"
#include "flash-elf-test.h"

#define LOAD FLASH_ELF_TEST_LOAD
#define PROG_BITS FLASH_ELF_TEST_PROG_BITS
#define NO_BITS FLASH_ELF_TEST_NO_BITS
#define ALLOC FLASH_ELF_TEST_ALLOC

/* The linker began the first segment below the program, with the headers of the file in it. */
static void
test_headers_cut (void)
{
  static const FlashElfTestSegment segments[] = {
    { LOAD, 0, 0x0800ff00, 0x0800ff00, 0x180, 0x180 },
    { LOAD, 0x180, 0x20000000, 0x08010080, 0x10, 0x20 },
    { 0 },
  };
  static const FlashElfTestSection sections[] = {
    { PROG_BITS, 0, 0, 0x400 },
    { NO_BITS, ALLOC, 0x80, 0x10 },
    { PROG_BITS, ALLOC, 0x140, 0x10 },
    { PROG_BITS, ALLOC, 0x160, 0x30 },
    { PROG_BITS, ALLOC, 0x100, 0x20 },
    { PROG_BITS, ALLOC, 0x80, 0 },
    { 0 },
  };
  g_autoptr (FlashImage) image =
      flash_elf_test_read (flash_elf_test_new (segments, sections), NULL);

  flash_reader_test_assert_codes (image->diags, "I elf-headers-cut");
  flash_reader_test_assert_message (image->diags, "elf-headers-cut",
                                    "The load segment at 0x0800ff00 also holds headers of the "
                                    "ELF file; of it are taken only the 128 bytes of the program "
                                    "from 0x08010000 on.");
  g_assert_cmpuint (flash_elf_test_count_segments (image), ==, 3);
  flash_elf_test_assert_segment (image, 0, 0x08010000, 0x100, 0x20);
  flash_elf_test_assert_segment (image, 1, 0x08010040, 0x140, 0x10);
  flash_elf_test_assert_segment (image, 2, 0x08010060, 0x160, 0x30);
}

/* A segment of nothing but headers is gone. */
static void
test_only_headers (void)
{
  static const FlashElfTestSegment segments[] = {
    { LOAD, 0, 0x07ff0000, 0x07ff0000, 0x100, 0x100 },
    { LOAD, 0x200, 0x08000000, 0x08000000, 0x10, 0x10 },
    { 0 },
  };
  static const FlashElfTestSection sections[] = { { PROG_BITS, ALLOC, 0x200, 0x10 }, { 0 } };
  g_autoptr (FlashImage) image =
      flash_elf_test_read (flash_elf_test_new (segments, sections), NULL);

  flash_reader_test_assert_codes (image->diags, "I elf-headers-cut");
  flash_reader_test_assert_message (image->diags, "elf-headers-cut",
                                    "The load segment at 0x07ff0000 holds nothing but headers of "
                                    "the ELF file; it is left out.");
  g_assert_cmpuint (flash_elf_test_count_segments (image), ==, 1);
  flash_elf_test_assert_segment (image, 0, 0x08000000, 0x200, 0x10);
}

/* Sections that begin with the segment: it is taken whole. */
static void
test_headers_meant (void)
{
  static const FlashElfTestSegment segments[] = { { LOAD, 0, 0, 0x08000000, 0x100, 0x100 }, { 0 } };
  static const FlashElfTestSection sections[] = { { PROG_BITS, ALLOC, 0, 0x200 }, { 0 } };
  g_autoptr (FlashImage) image =
      flash_elf_test_read (flash_elf_test_new (segments, sections), NULL);

  flash_reader_test_assert_codes (image->diags, "");
  g_assert_cmpuint (flash_image_get_size (image), ==, 0x100);
}

/* Without a table of sections only the headers themselves are known. */
static void
test_stripped (void)
{
  static const struct {
    FlashElfTestSegment segment;
    guint32 address;
    guint offset; /* in the file, of what is left */
    guint size;
  } stripped[] = {
    { { LOAD, 0, 0, 0x08000000, 0x100, 0x100 }, 0x08000054, 0x54, 0xac },
    { { LOAD, 52, 0, 0x08000034, 0x100, 0x100 }, 0x08000054, 0x54, 0xe0 },
    { { LOAD, 0x40, 0, 0x08000040, 0x100, 0x100 }, 0x08000054, 0x54, 0xec },
    { { LOAD, 0x53, 0, 0x08000053, 2, 2 }, 0x08000054, 0x54, 1 },
    { { LOAD, 0, 0, 0x08000000, 0x55, 0x55 }, 0x08000054, 0x54, 1 },
    { { LOAD, 0x54, 0, 0x08000054, 0x55, 0x55 }, 0x08000054, 0x54, 0x55 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (stripped); i++) {
    const FlashElfTestSegment segments[] = { stripped[i].segment, { 0 } };
    g_autoptr (FlashImage) image = flash_elf_test_read (flash_elf_test_new (segments, NULL), NULL);

    g_test_message ("case %u", i);
    flash_reader_test_assert_codes (image->diags,
                                    stripped[i].segment.offset < 0x54 ? "I elf-headers-cut" : "");
    flash_elf_test_assert_segment (image, 0, stripped[i].address, stripped[i].offset,
                                   stripped[i].size);
  }
}

/* Headers elsewhere: a segment that only reaches the table of segments, and one with a gap. */
static void
test_stripped_odd (void)
{
  static const struct {
    guint table_at;
    guint32 offset;
    guint32 rest_at;
    const char *codes;
  } odd[] = {
    { 0x100, 0xf0, 0xf0, "" },
    { 0x100, 0x110, 0x120, "I elf-headers-cut" },
    { 0x100, 0, 52, "I elf-headers-cut" },
    { 0x40, 0, 0x60, "I elf-headers-cut" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++) {
    const FlashElfTestSegment segments[] = { { LOAD, odd[i].offset, 0, 0x08000000, 0x100, 0x100 },
                                             { 0 } };
    GByteArray *bytes = flash_elf_test_new (segments, NULL);
    g_autofree guint8 *copy = NULL;
    g_autoptr (FlashImage) image = NULL;

    memmove (bytes->data + odd[i].table_at, bytes->data + FLASH_ELF_TEST_HEADER_LENGTH,
             FLASH_ELF_TEST_SEGMENT_LENGTH);
    flash_put_le32 (bytes->data + 28, odd[i].table_at);
    /* No zeros behind the headers: those are another matter. */
    memset (bytes->data + 52, 0xee, 4);
    if (odd[i].table_at == 0x40)
      memset (bytes->data + 0x60, 0xee, 4);
    copy = g_memdup2 (bytes->data, bytes->len);
    image = flash_elf_test_read (bytes, NULL);
    g_test_message ("case %u", i);
    flash_reader_test_assert_codes (image->diags, odd[i].codes);
    flash_reader_test_assert_segment (image, 0, 0, 0x08000000 + odd[i].rest_at - odd[i].offset,
                                      copy + odd[i].rest_at,
                                      0x100 - (odd[i].rest_at - odd[i].offset));
  }
}

/* A stripped file with zeros behind its headers: padding, or the program? They stay, and that is
 * said. */
static void
test_unclear (void)
{
  static const FlashElfTestSegment segments[] = { { LOAD, 0, 0, 0x07ffff00, 0x200, 0x200 }, { 0 } };
  static const FlashElfTestSection none[] = { { PROG_BITS, 0, 0x200, 0x10 }, { 0 } };

  for (guint has_sections = 0; has_sections <= 1; has_sections++) {
    GByteArray *bytes = flash_elf_test_new (segments, has_sections ? none : NULL);
    g_autofree guint8 *copy = NULL;
    g_autoptr (FlashImage) image = NULL;

    memset (bytes->data + 0x54, 0, 0x100 - 0x54);
    copy = g_memdup2 (bytes->data, bytes->len);
    image = flash_elf_test_read (bytes, NULL);
    flash_reader_test_assert_codes (image->diags, "I elf-headers-cut, W elf-headers-unclear");
    flash_reader_test_assert_message (
        image->diags, "elf-headers-unclear",
        "The ELF file has no table of sections, so that nobody can tell whether 172 zeros from "
        "0x07ffff54 on belong to the program; they are kept. Use the file that the linker made, "
        "before it is stripped.");
    flash_reader_test_assert_segment (image, 0, 0, 0x07ffff54, copy + 0x54, 0x1ac);
  }
}

/* Cutting headers off at the top of the address space. */
static void
test_cut_overflow (void)
{
  static const FlashElfTestSegment segments[] = { { LOAD, 0, 0, 0xfffffff0, 0x100, 0x100 }, { 0 } };
  g_autoptr (FlashImage) image = flash_elf_test_read (flash_elf_test_new (segments, NULL), NULL);

  flash_reader_test_assert_codes (image->diags, "I elf-headers-cut, E address-overflow");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/elf-headers/cut", test_headers_cut);
  g_test_add_func ("/elf-headers/only", test_only_headers);
  g_test_add_func ("/elf-headers/meant", test_headers_meant);
  g_test_add_func ("/elf-headers/stripped", test_stripped);
  g_test_add_func ("/elf-headers/stripped-odd", test_stripped_odd);
  g_test_add_func ("/elf-headers/unclear", test_unclear);
  g_test_add_func ("/elf-headers/cut-overflow", test_cut_overflow);
  return g_test_run ();
}
