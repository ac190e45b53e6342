/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-elf.h"

#include "flash-bytes.h"
#include "flash-elf-test.h"

#define LOAD FLASH_ELF_TEST_LOAD
#define PROG_BITS FLASH_ELF_TEST_PROG_BITS
#define NO_BITS FLASH_ELF_TEST_NO_BITS
#define ALLOC FLASH_ELF_TEST_ALLOC

static const FlashImageOptions insisting = { .insists = TRUE };

/* A program as linkers make it: code in flash, initial data behind it but meant for RAM, `.bss`,
 * and things that are not to be loaded. */
static void
test_program (void)
{
  static const FlashElfTestSegment segments[] = {
    { LOAD, 0x300, 0x20000000, 0x08000100, 0x20, 0x20 },
    { 0x70000001, 0x200, 0x08000000, 0x08000000, 0x8, 0x8 },
    { LOAD, 0x200, 0x08000000, 0x08000000, 0x100, 0x100 },
    { LOAD, 0x320, 0x20000020, 0x08000120, 0, 0x400 },
    { 0 },
  };
  static const FlashElfTestSection sections[] = {
    { PROG_BITS, ALLOC, 0x200, 0x100 },
    { PROG_BITS, ALLOC, 0x300, 0x20 },
    { NO_BITS, ALLOC, 0x320, 0x400 },
    { 0 },
  };
  g_autoptr (FlashImage) image =
      flash_elf_test_read (flash_elf_test_new (segments, sections), NULL);

  flash_reader_test_assert_codes (image->diags, "");
  g_assert_cmpuint (flash_elf_test_count_segments (image), ==, 1);
  flash_elf_test_assert_segment (image, 0, 0x08000000, 0x200, 0x120);
  g_assert_true (image->has_entry);
  g_assert_cmphex (image->entry, ==, 0x08000101);
  g_assert_true (image->has_address);
  g_assert_false (image->has_suffix);
}

/* What no section has is padding, at the ends and between: objcopy leaves it out as well. */
static void
test_padding (void)
{
  static const FlashElfTestSegment segments[] = {
    { LOAD, 0x100, 0x08000000, 0x08000000, 0x100, 0x100 },
    { LOAD, 0x200, 0x20000000, 0x08000100, 0x40, 0x40 },
    { LOAD, 0x280, 0x20000040, 0x08000140, 0x20, 0x20 },
    { 0 },
  };
  static const FlashElfTestSection sections[] = {
    /* out of order, touching, one inside of another, and one that both segments have */
    { PROG_BITS, ALLOC, 0x1f0, 0x20 },
    { PROG_BITS, ALLOC, 0x110, 0x10 },
    { PROG_BITS, ALLOC, 0x120, 0x08 },
    { PROG_BITS, ALLOC, 0x140, 0x40 },
    { PROG_BITS, ALLOC, 0x150, 0x10 },
    { NO_BITS, ALLOC, 0x190, 0x40 },
    { PROG_BITS, 0, 0x190, 0x40 },
    { PROG_BITS, ALLOC, 0x23f, 0x10 },
    { 0 },
  };
  g_autoptr (FlashImage) image =
      flash_elf_test_read (flash_elf_test_new (segments, sections), NULL);

  flash_reader_test_assert_codes (image->diags, "I elf-segment-nameless");
  flash_reader_test_assert_message (image->diags, "elf-segment-nameless",
                                    "The 32 bytes of the load segment at 0x08000140 belong to none "
                                    "of the sections of the ELF file; they are left out.");
  g_assert_cmpuint (flash_elf_test_count_segments (image), ==, 4);
  flash_elf_test_assert_segment (image, 0, 0x08000010, 0x110, 0x18);
  flash_elf_test_assert_segment (image, 1, 0x08000040, 0x140, 0x40);
  flash_elf_test_assert_segment (image, 2, 0x080000f0, 0x1f0, 0x20);
  flash_elf_test_assert_segment (image, 3, 0x0800013f, 0x23f, 0x01);
}

/* As many segments as there may be, all of the same bytes, and as many sections, one byte each:
 * it ends with a complaint, and nobody waits for it. */
static void
test_many (void)
{
  const guint n_segments = FLASH_IMAGE_MAX_SEGMENTS, n_sections = 65535;
  const guint sections_at =
      FLASH_ELF_TEST_HEADER_LENGTH + n_segments * FLASH_ELF_TEST_SEGMENT_LENGTH;
  static const FlashElfTestSegment none[] = { { 0 } };
  GByteArray *bytes = flash_elf_test_new (none, NULL);
  g_autoptr (FlashImage) image = NULL;

  g_byte_array_set_size (bytes, sections_at + n_sections * FLASH_ELF_TEST_SECTION_LENGTH);
  memset (bytes->data + FLASH_ELF_TEST_HEADER_LENGTH, 0, bytes->len - FLASH_ELF_TEST_HEADER_LENGTH);
  flash_put_le32 (bytes->data + 32, sections_at);
  flash_put_le16 (bytes->data + 44, (guint16) n_segments);
  flash_put_le16 (bytes->data + 46, FLASH_ELF_TEST_SECTION_LENGTH);
  flash_put_le16 (bytes->data + 48, (guint16) n_sections);
  for (guint i = 0; i < n_segments; i++) {
    guint8 *entry = bytes->data + FLASH_ELF_TEST_HEADER_LENGTH + i * FLASH_ELF_TEST_SEGMENT_LENGTH;

    flash_put_le32 (entry, LOAD);
    flash_put_le32 (entry + 4, sections_at);
    flash_put_le32 (entry + 12, 0x08000000 + i * 0x40000);
    flash_put_le32 (entry + 16, 0x40000);
  }
  for (guint i = 0; i < n_sections; i++) {
    guint8 *entry = bytes->data + sections_at + i * FLASH_ELF_TEST_SECTION_LENGTH;

    flash_put_le32 (entry + 4, PROG_BITS);
    flash_put_le32 (entry + 8, ALLOC);
    flash_put_le32 (entry + 16, sections_at + 2 * (n_sections - i));
    flash_put_le32 (entry + 20, 1);
  }
  image = flash_elf_test_read (bytes, NULL);
  flash_reader_test_assert_message (
      image->diags, "image-too-large",
      "The contents are in too many separate pieces: the bound is 4096.");
  g_assert_false (flash_image_is_usable (image));
}

/* RISC-V, no entry point, no table of sections, no headers in the segment. */
static void
test_other (void)
{
  static const FlashElfTestSegment segments[] = { { LOAD, 0x200, 0, 0x08000000, 0x10, 0x10 },
                                                  { 0 } };
  GByteArray *bytes = flash_elf_test_new (segments, NULL);
  g_autoptr (FlashImage) image = NULL;

  flash_put_le16 (bytes->data + 18, 243);
  flash_put_le32 (bytes->data + 24, 0);
  image = flash_elf_test_read (bytes, NULL);
  flash_reader_test_assert_codes (image->diags, "W elf-risc-v");
  g_assert_false (image->has_entry);
  flash_elf_test_assert_segment (image, 0, 0x08000000, 0x200, 0x10);
}

/* One number of the ELF header changed. */
static const struct {
  guint at;
  guint length;
  guint32 value;
  const char *codes;
  const char *message;
} changes[] = {
  { 4, 1, 2, "E elf-wrong-class",
    "The program is not for a 32-bit processor: the ELF header says class 2 at 0x00000004. Build "
    "it for the chip on the board." },
  { 4, 1, 0, "E elf-wrong-class", NULL },
  { 5, 1, 2, "E elf-wrong-endianness",
    "The program is not for a little-endian processor: the ELF header says 2 at 0x00000005. "
    "Build it for the chip on the board." },
  { 16, 2, 1, "E elf-wrong-type",
    "The file is no linked program: the ELF header says type 1 at 0x00000010. Link it first." },
  { 16, 2, 3, "", NULL },
  { 16, 2, 4, "E elf-wrong-type", NULL },
  { 18, 2, 62, "E elf-wrong-machine",
    "The program is for another kind of processor: the ELF header says machine 62 at 0x00000012. "
    "Build it for the chip on the board." },
  { 18, 2, 183, "E elf-wrong-machine", NULL },
  { 42, 2, 31, "E elf-table-broken",
    "The ELF header is damaged: at 0x0000002a it says that a program header has 31 bytes, which "
    "must be 32. Get the file again." },
  { 44, 2, 0xffff, "E elf-table-broken",
    "The ELF header is damaged: at 0x0000002c it says that there are 65535 program headers, more "
    "than any program has. Get the file again." },
  { 44, 2, 4097, "E elf-table-broken", NULL },
  { 44, 2, 4096, "E elf-table-truncated",
    "The file is cut off: its 4096 program headers at 0x00000034 are not all in it. Get it "
    "again." },
  { 28, 4, FLASH_ELF_TEST_SECTIONS_AT + 2 * FLASH_ELF_TEST_SECTION_LENGTH - 31,
    "E elf-table-truncated", NULL },
  { 28, 4, FLASH_ELF_TEST_SECTIONS_AT + 2 * FLASH_ELF_TEST_SECTION_LENGTH + 1,
    "E elf-table-truncated", NULL },
  { 28, 4, 0xffffffff, "E elf-table-truncated", NULL },
  { 44, 2, 0, "E image-empty", NULL },
  { 46, 2, 39, "W elf-sections-broken",
    "The table of sections is of no use: at 0x0000002e the ELF header says that an entry has 39 "
    "bytes, which must be 40." },
  { 48, 2, 0, "", NULL },
  { 48, 2, 3, "E elf-sections-truncated",
    "The ELF file ends before its table of sections does: it seems to be cut off. Get it again." },
  { 32, 4, FLASH_ELF_TEST_SECTIONS_AT + 1, "E elf-sections-truncated", NULL },
  { 32, 4, 0xffffffff, "E elf-sections-truncated", NULL },
  { 32, 4, 0, "", NULL },
};

static void
test_header (void)
{
  static const FlashElfTestSegment segments[] = { { LOAD, 0x200, 0, 0x08000000, 0x10, 0x10 },
                                                  { 0 } };
  static const FlashElfTestSection sections[] = { { PROG_BITS, ALLOC, 0x200, 0x10 }, { 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    GByteArray *bytes = flash_elf_test_new (segments, sections);
    g_autoptr (FlashImage) image = NULL;

    for (guint byte = 0; byte < changes[i].length; byte++)
      bytes->data[changes[i].at + byte] = (guint8) (changes[i].value >> 8 * byte);
    image = flash_elf_test_read (bytes, NULL);
    g_test_message ("%u at %u", changes[i].value, changes[i].at);
    flash_reader_test_assert_codes (image->diags, changes[i].codes);
    if (changes[i].message != NULL)
      flash_reader_test_assert_message (image->diags, changes[i].codes + 2, changes[i].message);
    g_assert_cmpint (image->can_insist, ==,
                     g_str_equal (changes[i].codes, "E elf-sections-truncated"));
  }
}

/* Linkers write the table of sections last: wherever the file is cut off, that shows. */
static void
test_cut_off (void)
{
  static const FlashElfTestSegment segments[] = { { LOAD, 0x200, 0, 0x08000000, 0x10, 0x10 },
                                                  { 0 } };
  static const FlashElfTestSection sections[] = { { PROG_BITS, ALLOC, 0x200, 0x10 }, { 0 } };
  g_autoptr (GByteArray) whole = flash_elf_test_new (segments, sections);

  for (guint length = 0; length < whole->len; length++) {
    GByteArray *bytes = g_byte_array_append (g_byte_array_new (), whole->data, length);
    GByteArray *again = g_byte_array_append (g_byte_array_new (), whole->data, length);
    g_autoptr (FlashImage) image = flash_elf_test_read (bytes, NULL);
    g_autoptr (FlashImage) insisted = flash_elf_test_read (again, &insisting);

    flash_reader_test_assert_codes (
        image->diags, length < FLASH_ELF_TEST_HEADER_LENGTH ? "E elf-truncated"
                      : length < FLASH_ELF_TEST_HEADER_LENGTH + FLASH_ELF_TEST_SEGMENT_LENGTH
                          ? "E elf-table-truncated"
                      : length < 0x210 ? "E elf-segment-truncated"
                                       : "E elf-sections-truncated");
    g_assert_cmpint (flash_image_is_usable (insisted), ==, length >= 0x210);
  }
}

typedef struct {
  FlashElfTestSegment segments[4];
  const char *codes;
  const char *code; /* (nullable): of which the message is given */
  const char *message;
} Case;

static const Case cases[] = {
  { { { LOAD, 0x200, 0, 0x08000000, 0x201, 0x201 } },
    "E elf-segment-truncated",
    "elf-segment-truncated",
    "The file is cut off: the load segment whose program header is at 0x00000034 has 513 bytes "
    "that "
    "are not all in it. Get it again." },
  { { { LOAD, 0xffffffff, 0, 0x08000000, 1, 1 } }, "E elf-segment-truncated", NULL, NULL },
  { { { LOAD, 0x200, 0, 0x08000000, 0xffffffff, 1 } }, "E elf-segment-truncated", NULL, NULL },
  { { { LOAD, 0x3ff, 0, 0x08000000, 1, 1 } }, "", NULL, NULL },
  { { { LOAD, 0x200, 0, 0xfffffff0, 0x10, 0x10 } }, "", NULL, NULL },
  { { { LOAD, 0x200, 0, 0xfffffff0, 0x11, 0x11 } }, "E address-overflow", NULL, NULL },
  { { { LOAD, 0x200, 0, 0x08000000, 0, 0x11 } }, "E image-empty", NULL, NULL },
  { { { 2, 0x200, 0, 0x08000000, 1, 1 } }, "E image-empty", NULL, NULL },
  /* the last byte of one is the first of the other */
  { { { LOAD, 0x200, 0, 0x08000000, 0x10, 0x10 }, { LOAD, 0x300, 0, 0x0800000f, 0x10, 0x10 } },
    "E segments-overlap",
    "segments-overlap",
    "Two load segments claim the place from 0x0800000f on, one of them with the program header at "
    "0x00000054. Correct the linker script." },
  { { { LOAD, 0x200, 0, 0x08000001, 0x10, 0x10 }, { LOAD, 0x300, 0, 0x08000000, 0x10, 0x10 } },
    "E segments-overlap",
    NULL,
    NULL },
  { { { LOAD, 0x200, 0, 0x08000000, 0x10, 0x10 }, { LOAD, 0x200, 0, 0x08000000, 0x10, 0x10 } },
    "E segments-overlap",
    NULL,
    NULL },
  { { { LOAD, 0x200, 0, 0x08000000, 0x10, 0x10 }, { LOAD, 0x300, 0, 0x08000010, 0x10, 0x10 } },
    "",
    NULL,
    NULL },
  { { { LOAD, 0x200, 0, 0x20000000, 0x10, 0x10 } },
    "I elf-ram-segment",
    "elf-ram-segment",
    "The load segment at 0x20000000, with the program header at 0x00000034, belongs into RAM, not "
    "into flash." },
  { { { LOAD, 0x200, 0, 0x10000000, 0x10, 0x10 } }, "I elf-ram-segment", NULL, NULL },
  { { { LOAD, 0x200, 0, 0x08000000, 0x10, 0x10 }, { LOAD, 0x210, 0, 0x24000000, 0x10, 0x10 } },
    "I elf-ram-segment",
    NULL,
    NULL },
};

static void
test_segments (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashImage) image =
        flash_elf_test_read (flash_elf_test_new (cases[i].segments, NULL), NULL);

    g_test_message ("case %u", i);
    flash_reader_test_assert_codes (image->diags, cases[i].codes);
    if (cases[i].code != NULL)
      flash_reader_test_assert_message (image->diags, cases[i].code, cases[i].message);
  }
}

/* Without load addresses, the virtual ones count, but not of a single segment at 0. */
static void
test_virtual_addresses (void)
{
  static const FlashElfTestSegment several[] = {
    { LOAD, 0x200, 0x08000000, 0, 0x10, 0x10 },
    { LOAD, 0x220, 0x08001000, 0, 0x10, 0x10 },
    { 0 },
  };
  static const FlashElfTestSegment one[] = { { LOAD, 0x200, 0x08000000, 0, 0x10, 0x10 }, { 0 } };
  static const FlashElfTestSegment given[] = {
    { LOAD, 0x200, 0x08000000, 0, 0x10, 0x10 },
    { LOAD, 0x220, 0x08001000, 0x100, 0x10, 0x10 },
    { 0 },
  };
  g_autoptr (FlashImage) several_image =
      flash_elf_test_read (flash_elf_test_new (several, NULL), NULL);
  g_autoptr (FlashImage) one_image = flash_elf_test_read (flash_elf_test_new (one, NULL), NULL);
  g_autoptr (FlashImage) given_image = flash_elf_test_read (flash_elf_test_new (given, NULL), NULL);

  flash_reader_test_assert_codes (several_image->diags, "I elf-virtual-addresses");
  flash_elf_test_assert_segment (several_image, 0, 0x08000000, 0x200, 0x10);
  flash_elf_test_assert_segment (several_image, 1, 0x08001000, 0x220, 0x10);
  flash_reader_test_assert_codes (one_image->diags, "");
  flash_elf_test_assert_segment (one_image, 0, 0, 0x200, 0x10);
  flash_reader_test_assert_codes (given_image->diags, "");
  flash_elf_test_assert_segment (given_image, 1, 0x100, 0x220, 0x10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/elf/program", test_program);
  g_test_add_func ("/elf/padding", test_padding);
  g_test_add_func ("/elf/many", test_many);
  g_test_add_func ("/elf/other", test_other);
  g_test_add_func ("/elf/header", test_header);
  g_test_add_func ("/elf/cut-off", test_cut_off);
  g_test_add_func ("/elf/segments", test_segments);
  g_test_add_func ("/elf/virtual-addresses", test_virtual_addresses);
  return g_test_run ();
}
