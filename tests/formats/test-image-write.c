/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-image-write.h"

#include "flash-describe-image.h"
#include "flash-image-builder.h"

#include <string.h>

static const FlashImageWriteOptions vendor_st = { 0x0483, 0xdf11, 0xffff, 0xff };

static void
add_text (FlashImageBuilder *builder, guint32 address, const char *text)
{
  flash_image_builder_add (builder, address, (const guint8 *) text, strlen (text), 0);
}

/* One target with text at two addresses; @second: (nullable). */
static FlashImage *
make_image (guint32 address, const char *text, guint32 second_address, const char *second)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_ELF);

  add_text (builder, address, text);
  if (second != NULL)
    add_text (builder, second_address, second);
  return flash_image_builder_end (builder);
}

static FlashImage *
make_raw (const char *text)
{
  return flash_describe_load (text, strlen (text), NULL);
}

static char *
dup_hex (GBytes *bytes)
{
  GString *text = g_string_new (NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", data[i]);
  return g_string_free (text, FALSE);
}

static void
assert_written (const FlashImage *image, FlashImageWriteFormat format,
                const FlashImageWriteOptions *options, const char *expected_hex)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = flash_image_write (image, format, options, &error);
  g_autofree char *hex = NULL;

  g_assert_no_error (error);
  hex = dup_hex (file);
  g_assert_cmpstr (hex, ==, expected_hex);
}

static void
assert_refused (const FlashImage *image, FlashImageWriteFormat format, FlashFormatError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (flash_image_write (image, format, NULL, &error));
  g_assert_error (error, FLASH_FORMAT_ERROR, code);
}

/* --- .bin --------------------------------------------------------------------------------- */

static void
test_bin (void)
{
  static const FlashImageWriteOptions zeros = { 0, 0, 0, 0x00 };
  g_autoptr (FlashImage) one = make_image (0x08000000, "abc", 0, NULL);
  g_autoptr (FlashImage) two = make_image (0x08000000, "abc", 0x08000005, "d");
  g_autoptr (FlashImage) last = make_image (0xfffffffe, "yz", 0, NULL);
  g_autoptr (FlashImage) raw = make_raw ("ab");

  assert_written (one, FLASH_IMAGE_WRITE_BIN, NULL, "616263");
  assert_written (two, FLASH_IMAGE_WRITE_BIN, NULL, "616263ffff64");
  assert_written (two, FLASH_IMAGE_WRITE_BIN, &zeros, "616263000064");
  assert_written (last, FLASH_IMAGE_WRITE_BIN, NULL, "797a");
  assert_written (raw, FLASH_IMAGE_WRITE_BIN, NULL, "6162");
}

/* The widest gap that is filled, and one byte more. */
static void
test_bin_bound (void)
{
  g_autoptr (FlashImage) widest = make_image (1, "a", FLASH_IMAGE_MAX_FILE, "b");
  g_autoptr (FlashImage) wider = make_image (0, "a", FLASH_IMAGE_MAX_FILE, "b");
  g_autoptr (FlashImage) far = make_image (0x08000000, "a", 0xffffffff, "b");
  g_autoptr (GBytes) file = flash_image_write (widest, FLASH_IMAGE_WRITE_BIN, NULL, NULL);

  g_assert_nonnull (file);
  g_assert_cmpuint (g_bytes_get_size (file), ==, FLASH_IMAGE_MAX_FILE);
  assert_refused (wider, FLASH_IMAGE_WRITE_BIN, FLASH_FORMAT_ERROR_TOO_LARGE);
  assert_refused (far, FLASH_IMAGE_WRITE_BIN, FLASH_FORMAT_ERROR_TOO_LARGE);
}

/* --- .hex --------------------------------------------------------------------------------- */

typedef struct {
  guint32 address;
  const char *text;
  guint32 second_address;
  const char *second;
  const char *expected;
} HexCase;

static const HexCase hex_cases[] = {
  { 0, "a", 0, NULL, ":01000000619E\n:00000001FF\n" },
  { 0x08000000, "0123456789abcdefg", 0, NULL,
    ":020000040800F2\n:10000000303132333435363738396162636465668E\n:010010006788\n"
    ":00000001FF\n" },
  /* Lines end at multiples of 16, and where a page of 64 KiB does. */
  { 0x0800000f, "ab", 0, NULL, ":020000040800F2\n:01000F00618F\n:01001000628D\n:00000001FF\n" },
  { 0x0800ffff, "ab", 0, NULL,
    ":020000040800F2\n:01FFFF0061A0\n:020000040801F1\n:01000000629D\n:00000001FF\n" },
  { 0x08000000, "a", 0x08000002, "b",
    ":020000040800F2\n:01000000619E\n:01000200629B\n:00000001FF\n" },
  { 0, "a", 0x20000000, "b", ":01000000619E\n:020000042000DA\n:01000000629D\n:00000001FF\n" },
  { 0xffffffff, "a", 0, NULL, ":02000004FFFFFC\n:01FFFF0061A0\n:00000001FF\n" },
};

static void
test_hex (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hex_cases); i++) {
    const HexCase *it = &hex_cases[i];
    g_autoptr (FlashImage) image =
        make_image (it->address, it->text, it->second_address, it->second);
    g_autoptr (GBytes) file = flash_image_write (image, FLASH_IMAGE_WRITE_HEX, NULL, NULL);
    g_autoptr (FlashImage) again = NULL;
    g_autofree char *digest = flash_image_dup_digest (image);
    g_autofree char *digest_again = NULL;
    gsize length;
    const char *text = g_bytes_get_data (file, &length);

    g_assert_cmpmem (text, length, it->expected, strlen (it->expected));
    again = flash_describe_load (text, length, NULL);
    g_assert_true (flash_image_is_usable (again));
    digest_again = flash_image_dup_digest (again);
    g_assert_cmpstr (digest, ==, digest_again);
  }
}

static void
test_hex_entry (void)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_ELF);
  g_autoptr (FlashImage) image = NULL;
  g_autoptr (GBytes) file = NULL;

  add_text (builder, 0x08000000, "a");
  flash_image_builder_set_entry (builder, 0x080001c1);
  image = flash_image_builder_end (builder);
  file = flash_image_write (image, FLASH_IMAGE_WRITE_HEX, NULL, NULL);
  flash_describe_assert (g_bytes_get_data (file, NULL), g_bytes_get_size (file), NULL,
                         "08000000=61 entry=080001c1");
}

/* --- .dfu --------------------------------------------------------------------------------- */

/* The vector of the reference: one target "ST...", eight bytes, 317 in all. */
static void
test_dfuse_vector (void)
{
  static const guint8 vectors[] = { 0x00, 0x00, 0x02, 0x20, 0xc1, 0x00, 0x00, 0x08 };
  static const FlashImageWriteOptions options = { 0x0483, 0x0000, 0x0000, 0xff };
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_DFUSE);
  g_autoptr (FlashImage) image = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autofree char *hex = NULL;

  flash_image_builder_begin_target (builder, 0, "ST...");
  flash_image_builder_add (builder, 0x08000000, vectors, sizeof vectors, 0);
  image = flash_image_builder_end (builder);
  file = flash_image_write (image, FLASH_IMAGE_WRITE_DFU, &options, NULL);
  g_assert_cmpuint (g_bytes_get_size (file), ==, 317);
  hex = dup_hex (file);
  g_assert_true (g_str_has_prefix (hex, "4466755365012d01000001"
                                        "546172676574"
                                        "00"
                                        "01000000"
                                        "53542e2e2e0000"));
  g_assert_true (g_str_has_suffix (hex, "0000000010000000"
                                        "01000000"
                                        "0000000808000000"
                                        "00000220c1000008"
                                        "000000008304"
                                        "1a01"
                                        "55464410"
                                        "4f33e9c4"));
}

/* Several targets, with and without a name, one with a name that fills its field. */
static void
test_dfuse_targets (void)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_DFUSE);
  g_autofree char *long_name = g_strnfill (300, 'n');
  g_autoptr (FlashImage) image = NULL;
  g_autoptr (FlashImage) again = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GBytes) file_again = NULL;

  flash_image_builder_begin_target (builder, 1, long_name);
  add_text (builder, 0x90000000, "q");
  flash_image_builder_begin_target (builder, 255, "@Option bytes");
  add_text (builder, 0x1fff7800, "o");
  flash_image_builder_begin_target (builder, 0, NULL);
  add_text (builder, 0x08000000, "ab");
  add_text (builder, 0x08000010, "c");
  image = flash_image_builder_end (builder);
  file = flash_image_write (image, FLASH_IMAGE_WRITE_DFU, &vendor_st, NULL);
  again = flash_describe_load (g_bytes_get_data (file, NULL), g_bytes_get_size (file), NULL);

  g_assert_true (flash_image_is_usable (again));
  flash_describe_assert (g_bytes_get_data (file, NULL), g_bytes_get_size (file), NULL,
                         "08000000=6162 08000010=63 1:90000000=71 255:1fff7800=6f");
  g_assert_cmpuint (strlen (flash_image_find_target (again, 1)->name), ==, 254);
  g_assert_cmpstr (flash_image_find_target (again, 255)->name, ==, "@Option bytes");
  g_assert_null (flash_image_find_target (again, 0)->name);
  g_assert_true (again->has_suffix && again->suffix.is_crc_ok);
  g_assert_cmphex (again->suffix.vendor, ==, 0x0483);
  g_assert_cmphex (again->suffix.product, ==, 0xdf11);
  g_assert_cmphex (again->suffix.bcd_dfu, ==, 0x011a);
  file_again = flash_image_write (again, FLASH_IMAGE_WRITE_DFU, &vendor_st, NULL);
  g_assert_true (g_bytes_equal (file, file_again));
}

/* The count of targets has one byte. */
static void
test_dfuse_most_targets (void)
{
  for (guint n = 255; n <= 256; n++) {
    g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_DFUSE);
    g_autoptr (FlashImage) image = NULL;
    g_autoptr (GBytes) file = NULL;
    g_autoptr (GError) error = NULL;

    for (guint i = 0; i < n; i++) {
      flash_image_builder_begin_target (builder, (guint8) i, NULL);
      add_text (builder, i, "t");
    }
    image = flash_image_builder_end (builder);
    file = flash_image_write (image, FLASH_IMAGE_WRITE_DFU, NULL, &error);
    if (n == 255)
      g_assert_nonnull (file);
    else
      g_assert_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TOO_LARGE);
  }
}

/* The vector of the reference: nine bytes for any device. */
static void
test_plain_dfu (void)
{
  g_autoptr (FlashImage) raw = make_raw ("123456789");

  assert_written (raw, FLASH_IMAGE_WRITE_DFU, NULL,
                  "313233343536373839ffffffffffff000155464410164b650f");
}

/* --- what cannot be written --------------------------------------------------------------- */

static void
test_refused (void)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_DFUSE);
  g_autoptr (FlashImage) torn = NULL;
  g_autoptr (FlashImage) raw = make_raw ("ab");
  g_autoptr (FlashImage) empty = make_raw ("");
  g_autoptr (FlashImage) cut = make_raw (":020000040800F2\n:0100000055AA\n");

  for (guint format = FLASH_IMAGE_WRITE_BIN; format <= FLASH_IMAGE_WRITE_DFU; format++) {
    assert_refused (empty, format, FLASH_FORMAT_ERROR_BAD_RECORD);
    assert_refused (cut, format, FLASH_FORMAT_ERROR_BAD_RECORD);
  }
  assert_refused (raw, FLASH_IMAGE_WRITE_HEX, FLASH_FORMAT_ERROR_BAD_RECORD);

  add_text (builder, 0, "ab");
  flash_image_builder_begin_target (builder, 1, NULL);
  add_text (builder, 1, "x");
  torn = flash_image_builder_end (builder);
  assert_refused (torn, FLASH_IMAGE_WRITE_BIN, FLASH_FORMAT_ERROR_OVERLAP);
  assert_refused (torn, FLASH_IMAGE_WRITE_HEX, FLASH_FORMAT_ERROR_OVERLAP);
}

/* Targets that do not contradict each other are put together. */
static void
test_merged (void)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_DFUSE);
  g_autoptr (FlashImage) image = NULL;

  flash_image_builder_begin_target (builder, 4, NULL);
  add_text (builder, 0x08000001, "bc");
  flash_image_builder_begin_target (builder, 1, NULL);
  add_text (builder, 0x08000000, "ab");
  image = flash_image_builder_end (builder);
  assert_written (image, FLASH_IMAGE_WRITE_BIN, NULL, "616263");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image-write/bin", test_bin);
  g_test_add_func ("/image-write/bin-bound", test_bin_bound);
  g_test_add_func ("/image-write/hex", test_hex);
  g_test_add_func ("/image-write/hex-entry", test_hex_entry);
  g_test_add_func ("/image-write/dfuse-vector", test_dfuse_vector);
  g_test_add_func ("/image-write/dfuse-targets", test_dfuse_targets);
  g_test_add_func ("/image-write/dfuse-most-targets", test_dfuse_most_targets);
  g_test_add_func ("/image-write/plain-dfu", test_plain_dfu);
  g_test_add_func ("/image-write/refused", test_refused);
  g_test_add_func ("/image-write/merged", test_merged);
  return g_test_run ();
}
