/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-elf-test.h"

#include "flash-bytes.h"
#include "flash-elf.h"

/* What the made file has at @at, where no header is. */
static guint8
fill (guint at)
{
  return (guint8) (at % 251 + 1);
}

static void
put_header (guint8 *bytes, guint n_segments, guint n_sections)
{
  static const guint8 ident[16] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };

  memset (bytes, 0, FLASH_ELF_TEST_HEADER_LENGTH);
  memcpy (bytes, ident, sizeof ident);
  flash_put_le16 (bytes + 16, 2);
  flash_put_le16 (bytes + 18, 40);
  flash_put_le32 (bytes + 20, 1);
  flash_put_le32 (bytes + 24, 0x08000101);
  flash_put_le32 (bytes + 28, FLASH_ELF_TEST_HEADER_LENGTH);
  flash_put_le32 (bytes + 32, n_sections > 0 ? FLASH_ELF_TEST_SECTIONS_AT : 0);
  flash_put_le16 (bytes + 40, FLASH_ELF_TEST_HEADER_LENGTH);
  flash_put_le16 (bytes + 42, FLASH_ELF_TEST_SEGMENT_LENGTH);
  flash_put_le16 (bytes + 44, (guint16) n_segments);
  flash_put_le16 (bytes + 46, n_sections > 0 ? FLASH_ELF_TEST_SECTION_LENGTH : 0);
  flash_put_le16 (bytes + 48, (guint16) n_sections);
}

GByteArray *
flash_elf_test_new (const FlashElfTestSegment *segments, const FlashElfTestSection *sections)
{
  GByteArray *bytes = g_byte_array_new ();
  guint n_segments = 0, n_sections = 0;

  while (segments[n_segments].type != 0)
    n_segments++;
  while (sections != NULL && sections[n_sections].type != 0)
    n_sections++;
  /* With the null section that comes first. */
  n_sections += n_sections > 0 ? 1 : 0;
  g_byte_array_set_size (bytes,
                         FLASH_ELF_TEST_SECTIONS_AT + n_sections * FLASH_ELF_TEST_SECTION_LENGTH);
  for (guint i = 0; i < bytes->len; i++)
    bytes->data[i] = fill (i);
  put_header (bytes->data, n_segments, n_sections);
  for (guint i = 0; i < n_segments; i++) {
    guint8 *entry = bytes->data + FLASH_ELF_TEST_HEADER_LENGTH + i * FLASH_ELF_TEST_SEGMENT_LENGTH;

    flash_put_le32 (entry, segments[i].type);
    flash_put_le32 (entry + 4, segments[i].offset);
    flash_put_le32 (entry + 8, segments[i].virtual_address);
    flash_put_le32 (entry + 12, segments[i].address);
    flash_put_le32 (entry + 16, segments[i].file_size);
    flash_put_le32 (entry + 20, segments[i].memory_size);
  }
  memset (bytes->data + FLASH_ELF_TEST_SECTIONS_AT, 0, n_sections * FLASH_ELF_TEST_SECTION_LENGTH);
  for (guint i = 1; i < n_sections; i++) {
    guint8 *entry = bytes->data + FLASH_ELF_TEST_SECTIONS_AT + i * FLASH_ELF_TEST_SECTION_LENGTH;

    flash_put_le32 (entry + 4, sections[i - 1].type);
    flash_put_le32 (entry + 8, sections[i - 1].flags);
    flash_put_le32 (entry + 16, sections[i - 1].offset);
    flash_put_le32 (entry + 20, sections[i - 1].size);
  }
  return bytes;
}

FlashImage *
flash_elf_test_read (GByteArray *bytes, const FlashImageOptions *options)
{
  return flash_reader_test_read (flash_elf_read, FLASH_FORMAT_ELF, bytes, options);
}

void
flash_elf_test_assert_segment (const FlashImage *image, guint index, guint32 address, guint offset,
                               guint size)
{
  g_autofree guint8 *wanted = g_malloc (size);

  for (guint i = 0; i < size; i++)
    wanted[i] = fill (offset + i);
  flash_reader_test_assert_segment (image, 0, index, address, wanted, size);
}

guint
flash_elf_test_count_segments (const FlashImage *image)
{
  const FlashImageTarget *target = flash_image_find_target (image, 0);

  return target != NULL ? target->segments->len : 0;
}
