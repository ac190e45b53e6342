/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-dfu-file.h"

#include "flash-reader-test.h"

static const FlashImageOptions insisting = { .insists = TRUE };

static FlashImage *
read_file (GByteArray *bytes, const FlashImageOptions *options)
{
  return flash_reader_test_read (flash_dfu_file_read, FLASH_FORMAT_DFU, bytes, options);
}

static GByteArray *
make_bytes (const void *bytes, guint length)
{
  return g_byte_array_append (g_byte_array_new (), bytes, length);
}

/* The vectors of stm32-dfuse.md section 1.11, byte by byte. */
static void
test_vectors (void)
{
  static const guint8 digits[] = { '1',  '2',  '3',  '4',  '5',  '6',  '7',  '8', '9',
                                   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 1,   'U',
                                   'F',  'D',  16,   0x16, 0x4b, 0x65, 0x0f };
  static const guint8 empty[] = { 0xff, 0xff, 0x11, 0xdf, 0x83, 0x04, 0x1a, 0x01,
                                  'U',  'F',  'D',  0x10, 0x81, 0x85, 0x6a, 0x1c };
  g_autoptr (FlashImage) image = read_file (make_bytes (digits, sizeof digits), NULL);
  g_autoptr (FlashImage) nothing = read_file (make_bytes (empty, sizeof empty), NULL);

  flash_reader_test_assert_codes (image->diags, "");
  flash_reader_test_assert_segment (image, 0, 0, 0, "123456789", 9);
  g_assert_true (image->has_suffix);
  g_assert_cmphex (image->suffix.vendor, ==, 0xffff);
  g_assert_cmphex (image->suffix.product, ==, 0xffff);
  g_assert_cmphex (image->suffix.device, ==, 0xffff);
  g_assert_cmphex (image->suffix.bcd_dfu, ==, 0x0100);
  g_assert_true (image->suffix.is_crc_ok);
  g_assert_false (image->has_address);

  flash_reader_test_assert_codes (nothing->diags, "E image-empty");
  g_assert_cmpuint (nothing->targets->len, ==, 0);
  g_assert_cmphex (nothing->suffix.vendor, ==, 0x0483);
  g_assert_cmphex (nothing->suffix.product, ==, 0xdf11);
  g_assert_cmphex (nothing->suffix.bcd_dfu, ==, 0x011a);
  g_assert_true (nothing->suffix.is_crc_ok);
}

static void
test_address (void)
{
  const FlashImageOptions options = { .has_address = TRUE, .address = 0x08004000 };
  GByteArray *bytes = make_bytes ("data", 4);
  g_autoptr (FlashImage) image = NULL;

  flash_reader_test_append_suffix (bytes, 0x0483, 0xdf11, 0x2200, 0x0100);
  image = read_file (bytes, &options);
  flash_reader_test_assert_codes (image->diags, "");
  g_assert_true (image->has_address);
  g_assert_cmphex (image->suffix.device, ==, 0x2200);
  flash_reader_test_assert_segment (image, 0, 0, 0x08004000, "data", 4);
}

static void
test_wrong_crc (void)
{
  for (guint at = 0; at < 20; at++) {
    GByteArray *bytes = make_bytes ("data", 4);
    g_autoptr (FlashImage) image = NULL;

    flash_reader_test_append_suffix (bytes, 0x0483, 0xdf11, 0xffff, 0x0100);
    /* Other bytes of the signature and the length make it no suffix, or another one. */
    if (at >= 12 && at < 16) {
      g_byte_array_unref (bytes);
      continue;
    }
    bytes->data[at] ^= 0x40;
    image = read_file (bytes, NULL);
    flash_reader_test_assert_codes (image->diags, "E dfu-crc-wrong");
    flash_reader_test_assert_message (image->diags, "dfu-crc-wrong",
                                      "The file is damaged: the checksum in its DFU suffix is not "
                                      "that of the file. Get it again.");
    g_assert_false (image->suffix.is_crc_ok);
    g_assert_true (image->has_suffix);
    g_assert_true (image->can_insist);
    g_assert_false (flash_image_is_usable (image));
  }
}

static void
test_insists (void)
{
  GByteArray *bytes = make_bytes ("data", 4);
  g_autoptr (FlashImage) image = NULL;
  g_autoptr (FlashImage) missing = read_file (make_bytes ("just some bytes", 15), &insisting);

  flash_reader_test_append_suffix (bytes, 0x0483, 0xdf11, 0xffff, 0x0100);
  bytes->data[19] ^= 0x80;
  image = read_file (bytes, &insisting);
  flash_reader_test_assert_codes (image->diags, "W dfu-crc-wrong");
  flash_reader_test_assert_segment (image, 0, 0, 0, "data", 4);
  g_assert_true (flash_image_is_usable (image));

  flash_reader_test_assert_codes (missing->diags, "W dfu-suffix-missing");
  flash_reader_test_assert_segment (missing, 0, 0, 0, "just some bytes", 15);
  g_assert_false (missing->has_suffix);
}

static void
test_missing (void)
{
  for (guint length = 0; length < 20; length++) {
    GByteArray *bytes = make_bytes ("data", 4);
    g_autoptr (FlashImage) image = NULL;

    flash_reader_test_append_suffix (bytes, 0xffff, 0xffff, 0xffff, 0x0100);
    g_byte_array_set_size (bytes, length);
    image = read_file (bytes, NULL);
    g_assert_nonnull (flash_diag_list_find (image->diags, "dfu-suffix-missing"));
    g_assert_false (image->has_suffix);
    g_assert_false (flash_image_is_usable (image));
  }
}

/* A longer suffix is legal: its first bytes are not for the chip. */
static void
test_long_suffix (void)
{
  static const struct {
    guint8 suffix_length;
    const char *codes;
    guint size;
  } cases[] = {
    { 16, "", 9 },
    { 17, "", 8 },
    { 24, "", 1 },
    { 25, "E image-empty", 0 },
    { 26, "E dfu-suffix-broken", 9 },
    { 255, "E dfu-suffix-broken", 9 },
    { 15, "E dfu-suffix-broken", 9 },
    { 0, "E dfu-suffix-broken", 9 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GByteArray *bytes = make_bytes ("123456789", 9);
    g_autoptr (FlashImage) image = NULL;

    flash_reader_test_append_suffix (bytes, 1, 2, 3, 0x0100);
    bytes->data[20] = cases[i].suffix_length;
    flash_reader_test_seal_suffix (bytes);
    image = read_file (bytes, NULL);
    flash_reader_test_assert_codes (image->diags, cases[i].codes);
    if (cases[i].size > 0)
      flash_reader_test_assert_segment (image, 0, 0, 0, "123456789", cases[i].size);
  }
}

static void
test_prefixes (void)
{
  static const struct {
    const char *start;
    guint length;
    const char *codes;
  } cases[] = {
    { "\x01\x00\x10\x00\x08\x00\x00\x00payload!", 16, "W dfu-foreign-prefix" },
    { "\x01\x00\x10\x00\x00\x00\x00\x00", 8, "W dfu-foreign-prefix" },
    { "\x01\x00\x10\x00\x07\x00\x00\x00payload!", 16, "" },
    { "\x01\x01\x10\x00\x08\x00\x00\x00payload!", 16, "" },
    { "\x01\x00\x10\x00\x00\x00\x00", 7, "" },
    { "\x1a\x3f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 16,
      "W dfu-foreign-prefix" },
    { "\xda\x7f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 16,
      "W dfu-foreign-prefix" },
    { "\x1a\x3f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 15, "" },
    { "\x1b\x3f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 16, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GByteArray *bytes = make_bytes (cases[i].start, cases[i].length);
    g_autoptr (FlashImage) image = NULL;

    flash_reader_test_append_suffix (bytes, 0xffff, 0xffff, 0xffff, 0x0100);
    image = read_file (bytes, NULL);
    flash_reader_test_assert_codes (image->diags, cases[i].codes);
    flash_reader_test_assert_segment (image, 0, 0, 0, cases[i].start, cases[i].length);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dfu-file/vectors", test_vectors);
  g_test_add_func ("/dfu-file/address", test_address);
  g_test_add_func ("/dfu-file/wrong-crc", test_wrong_crc);
  g_test_add_func ("/dfu-file/insists", test_insists);
  g_test_add_func ("/dfu-file/missing", test_missing);
  g_test_add_func ("/dfu-file/long-suffix", test_long_suffix);
  g_test_add_func ("/dfu-file/prefixes", test_prefixes);
  return g_test_run ();
}
