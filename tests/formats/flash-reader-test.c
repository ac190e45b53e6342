/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-reader-test.h"

FlashImage *
flash_reader_test_read (FlashImageReader reader, FlashFormat format, GByteArray *bytes,
                        const FlashImageOptions *options)
{
  static const FlashImageOptions none = { .has_address = FALSE };
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (format);
  /* A copy of its own, so that a sanitizer sees a read behind it. */
  g_autofree guint8 *copy = g_memdup2 (bytes->data, bytes->len);
  gsize length = bytes->len;

  g_byte_array_unref (bytes);
  reader (copy, length, options != NULL ? options : &none, builder);
  return flash_image_builder_end (builder);
}

char *
flash_reader_test_dup_codes (const FlashDiagList *diags)
{
  GString *codes = g_string_new (NULL);

  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);
    const char *severity = flash_severity_get_name (flash_diag_get_severity (diag));

    g_string_append_printf (codes, "%s%c %s", i > 0 ? ", " : "", g_ascii_toupper (severity[0]),
                            flash_diag_get_code (diag));
  }
  return g_string_free (codes, FALSE);
}

void
flash_reader_test_assert_message (const FlashDiagList *diags, const char *code, const char *message)
{
  const FlashDiag *diag = flash_diag_list_find (diags, code);
  g_autofree char *there = diag != NULL ? flash_diag_dup_message (diag, NULL) : NULL;

  g_assert_cmpstr (there, ==, message);
}

void
flash_reader_test_assert_segment (const FlashImage *image, guint target, guint index,
                                  guint32 address, const void *bytes, gsize length)
{
  const FlashImageTarget *there;
  const FlashImageSegment *segment;
  gsize there_length;
  const void *there_bytes;

  g_assert_cmpuint (target, <, image->targets->len);
  there = g_ptr_array_index (image->targets, target);
  g_assert_cmpuint (index, <, there->segments->len);
  segment = g_ptr_array_index (there->segments, index);
  there_bytes = g_bytes_get_data (segment->bytes, &there_length);
  g_assert_cmphex (segment->address, ==, address);
  g_assert_cmpmem (there_bytes, there_length, bytes, length);
}

void
flash_reader_test_append_le16 (GByteArray *array, guint value)
{
  const guint8 bytes[] = { (guint8) value, (guint8) (value >> 8) };

  g_byte_array_append (array, bytes, sizeof bytes);
}

void
flash_reader_test_append_le32 (GByteArray *array, guint32 value)
{
  flash_reader_test_append_le16 (array, value & 0xffff);
  flash_reader_test_append_le16 (array, value >> 16);
}

/* Bit by bit, unlike the code that is tested. */
static guint32
compute_crc (const guint8 *bytes, gsize length)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < length; i++) {
    crc ^= bytes[i];
    for (guint bit = 0; bit < 8; bit++)
      crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
  }
  return crc;
}

void
flash_reader_test_append_suffix (GByteArray *array, guint vendor, guint product, guint device,
                                 guint bcd_dfu)
{
  flash_reader_test_append_le16 (array, device);
  flash_reader_test_append_le16 (array, product);
  flash_reader_test_append_le16 (array, vendor);
  flash_reader_test_append_le16 (array, bcd_dfu);
  g_byte_array_append (array, (const guint8 *) "UFD\x10", 4);
  flash_reader_test_append_le32 (array, 0);
  flash_reader_test_seal_suffix (array);
}

void
flash_reader_test_seal_suffix (GByteArray *array)
{
  guint32 crc = compute_crc (array->data, array->len - 4);

  g_byte_array_set_size (array, array->len - 4);
  flash_reader_test_append_le32 (array, crc);
}
