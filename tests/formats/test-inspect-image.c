/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-inspect.h"

#include "flash-reader-test.h"
#include "flash-sample-images.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define SUFFIX "\x00\x00\x11\xdf\x83\x04\x00\x01UFD\x10\x12\x34\x56\x78"

static FlashInspection *
inspect_with (FlashSource *source, const FlashImageOptions *options)
{
  g_autoptr (GError) error = NULL;
  FlashInspection *inspection = flash_inspect (source, options, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (inspection);
  return inspection;
}

/* Takes the bytes. */
static FlashInspection *
inspect (GByteArray *file)
{
  g_autoptr (FlashSource) source = flash_sample_source_new (file);

  return inspect_with (source, NULL);
}

static FlashInspection *
inspect_static (const void *bytes, gsize length)
{
  g_autoptr (FlashSource) source = flash_sample_source_new_static (bytes, length);

  return inspect_with (source, NULL);
}

static void
assert_segment (const FlashInspection *inspection, guint64 address, const void *bytes, gsize length)
{
  const FlashInspectionSegment *segment =
      &g_array_index (inspection->segments, FlashInspectionSegment, 0);
  g_autofree char *sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, length);

  g_assert_cmpuint (inspection->segments->len, ==, 1);
  g_assert_cmphex (segment->address, ==, address);
  g_assert_cmpuint (segment->size, ==, length);
  g_assert_cmpstr (segment->sha256, ==, sha256);
}

/* Returns: (transfer full): @bytes, which are freed, packed by gzip */
static GByteArray *
pack (GByteArray *bytes)
{
  g_autoptr (GZlibCompressor) packer = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr (GInputStream) plain = g_memory_input_stream_new ();
  g_autoptr (GInputStream) packed = NULL;
  g_autoptr (GBytes) all = g_byte_array_free_to_bytes (bytes);
  GByteArray *out = g_byte_array_new ();
  guint8 piece[4096];
  gssize n;

  g_memory_input_stream_add_bytes (G_MEMORY_INPUT_STREAM (plain), all);
  packed = g_converter_input_stream_new (plain, G_CONVERTER (packer));
  while ((n = g_input_stream_read (packed, piece, sizeof piece, NULL, NULL)) > 0)
    g_byte_array_append (out, piece, (guint) n);
  g_assert_cmpint (n, ==, 0);
  return out;
}

static GByteArray *
make_text (const char *text)
{
  return g_byte_array_append (g_byte_array_new (), (const guint8 *) text, (guint) strlen (text));
}

/* A program of 16 bytes for 0x08000000, its stack at 0x20020000, its reset vector at byte 8. */
static const guint8 program[] = { 0x00, 0x00, 0x02, 0x20, 0x09, 0x00, 0x00, 0x08,
                                  0xfe, 0xe7, 0x00, 0xbf, 0xfe, 0xe7, 0x00, 0xbf };
#define PROGRAM_IHEX                                                                               \
  ":020000040800F2\n:100000000000022009000008FEE700BFFEE700BF75\n:0400000508000009E6\n"            \
  ":00000001FF\n"

static void
test_image (void)
{
  g_autoptr (FlashInspection) inspection = inspect (make_text (PROGRAM_IHEX));

  flash_reader_test_assert_codes (inspection->diags, "");
  g_assert_cmpint (inspection->format, ==, FLASH_FORMAT_IHEX);
  assert_segment (inspection, 0x08000000, program, sizeof program);
  g_assert_true (inspection->has_entry);
  g_assert_cmphex (inspection->entry, ==, 0x08000009);
  g_assert_nonnull (inspection->image);
  g_assert_cmpint (inspection->image->packing, ==, FLASH_CONTENT_UNKNOWN);
}

/* Two alternates of a DfuSe file, the second below the first. */
static void
test_targets (void)
{
  GByteArray *file = g_byte_array_append (g_byte_array_new (), (const guint8 *) "DfuSe\1", 6);
  g_autoptr (FlashInspection) inspection = NULL;
  const FlashInspectionSegment *segments;

  flash_reader_test_append_le32 (file, 11 + 2 * (274 + 8 + 4));
  g_byte_array_append (file, (const guint8 *) "\2", 1);
  for (guint8 alternate = 0; alternate < 2; alternate++) {
    g_byte_array_append (file, (const guint8 *) "Target", 6);
    g_byte_array_append (file, &alternate, 1);
    g_byte_array_set_size (file, file->len + 259);
    memset (file->data + file->len - 259, 0, 259);
    flash_reader_test_append_le32 (file, 12);
    flash_reader_test_append_le32 (file, 1);
    flash_reader_test_append_le32 (file, alternate == 0 ? 0x1fffc000 : 0x08000000);
    flash_reader_test_append_le32 (file, 4);
    flash_reader_test_append_le32 (file, alternate);
  }
  flash_reader_test_append_suffix (file, 0x0483, 0xdf11, 0x2200, 0x011a);
  inspection = inspect (file);
  flash_reader_test_assert_codes (inspection->diags, "W vectors-missing");
  g_assert_cmpuint (inspection->segments->len, ==, 2);
  segments = (const FlashInspectionSegment *) inspection->segments->data;
  g_assert_cmphex (segments[0].address, ==, 0x08000000);
  g_assert_cmphex (segments[1].address, ==, 0x1fffc000);
  g_assert_cmpuint (inspection->image->targets->len, ==, 2);
  g_assert_cmphex (inspection->image->suffix.product, ==, 0xdf11);
}

/* A diagnostic of the file keeps its line. */
static void
test_image_line (void)
{
  g_autoptr (FlashInspection) inspection =
      inspect (make_text (":020000040800F2\n:0100000041BF\n:00000001FF\n"));

  flash_reader_test_assert_codes (inspection->diags, "E ihex-bad-checksum");
  g_assert_cmpuint (flash_diag_get_line (flash_diag_list_get (inspection->diags, 0)), ==, 2);
}

static void
test_packed_image (void)
{
  GByteArray *damaged = pack (make_text (PROGRAM_IHEX));
  g_autoptr (FlashInspection) inspection = inspect (pack (make_text (PROGRAM_IHEX)));
  g_autoptr (FlashInspection) damaged_inspection = NULL;

  flash_reader_test_assert_codes (inspection->diags, "");
  g_assert_cmpint (inspection->format, ==, FLASH_FORMAT_IHEX);
  g_assert_cmpint (inspection->image->packing, ==, FLASH_CONTENT_GZIP);
  assert_segment (inspection, 0x08000000, program, sizeof program);

  damaged->data[damaged->len - 5] ^= 1;
  damaged_inspection = inspect (damaged);
  flash_reader_test_assert_codes (damaged_inspection->diags, "E packed-damaged, W packed");
  g_assert_null (damaged_inspection->image);
}

/* A packed file system is what it is, unless somebody says where its bytes begin. */
static void
test_packed_raw (void)
{
  const FlashImageOptions options = { .has_address = TRUE, .address = 0x08000000 };
  g_autoptr (GByteArray) packed = pack (make_text ("some bytes"));
  g_autoptr (FlashInspection) inspection = inspect_static (packed->data, packed->len);
  g_autoptr (FlashSource) source = flash_sample_source_new_static (packed->data, packed->len);
  g_autoptr (FlashInspection) with_address = inspect_with (source, &options);

  flash_reader_test_assert_codes (inspection->diags, "W packed");
  g_assert_cmpint (inspection->format, ==, FLASH_FORMAT_RAW);
  g_assert_null (inspection->image);
  assert_segment (inspection, 0, packed->data, packed->len);

  flash_reader_test_assert_codes (with_address->diags,
                                  "W stack-not-in-ram, W reset-not-odd, W reset-outside");
  g_assert_cmpint (with_address->image->packing, ==, FLASH_CONTENT_GZIP);
  assert_segment (with_address, 0x08000000, "some bytes", 10);
}

static void
test_address (void)
{
  static const struct {
    guint32 address;
    const char *codes;
  } addresses[] = {
    { 0x08000000, "" },
    { 0x08004000, "W vectors-missing" },
    { 0x07fffff0, "W vectors-missing" },
    { 0xfffffff0, "W vectors-missing" },
    { 0xfffffff1, "E address-overflow" },
  };
  g_autoptr (FlashSource) source = flash_sample_source_new_static (program, sizeof program);

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    const FlashImageOptions options = { .has_address = TRUE, .address = addresses[i].address };
    g_autoptr (FlashInspection) inspection = inspect_with (source, &options);

    flash_reader_test_assert_codes (inspection->diags, addresses[i].codes);
    g_assert_cmpint (inspection->format, ==, FLASH_FORMAT_RAW);
    if (addresses[i].address <= 0xfffffff0)
      assert_segment (inspection, addresses[i].address, program, sizeof program);
  }
}

/* Without an address, bytes that look like a program say themselves where they belong; other
 * bytes, and those of a disk, say nothing. */
static void
test_suggestion (void)
{
  GByteArray *dfu = g_byte_array_append (g_byte_array_new (), program, sizeof program);
  g_autoptr (FlashInspection) raw = inspect_static (program, sizeof program);
  g_autoptr (FlashInspection) short_raw = inspect_static (program, 7);
  g_autoptr (FlashInspection) dfu_inspection = NULL;

  flash_reader_test_assert_codes (raw->diags, "I looks-like-program");
  flash_reader_test_assert_codes (short_raw->diags, "");

  flash_reader_test_append_suffix (dfu, 0xffff, 0xffff, 0xffff, 0x0100);
  dfu_inspection = inspect (dfu);
  flash_reader_test_assert_codes (dfu_inspection->diags, "I looks-like-program");
  g_assert_true (dfu_inspection->image->suffix.is_crc_ok);
  assert_segment (dfu_inspection, 0, program, sizeof program);
}

/* What is larger than any flash is not read as a whole, and not looked into. */
static void
test_large (void)
{
  const guint limit = 16 * 1024 * 1024;

  for (guint size = limit; size <= limit + 1; size++) {
    const FlashImageOptions options = { .has_address = TRUE, .address = 0x08000000 };
    const FlashImageOptions last = { .has_address = TRUE, .address = 0xff000000 };
    GByteArray *large = g_byte_array_new ();
    g_autoptr (FlashSource) source = NULL;
    g_autoptr (FlashInspection) without = NULL;
    g_autoptr (FlashInspection) with = NULL;
    g_autoptr (FlashInspection) beyond = NULL;

    g_byte_array_set_size (large, size);
    memset (large->data, 0, size);
    memcpy (large->data, program, sizeof program);
    source = flash_sample_source_new (large);
    without = inspect_with (source, NULL);
    with = inspect_with (source, &options);
    beyond = inspect_with (source, &last);
    flash_reader_test_assert_codes (without->diags, size == limit ? "I looks-like-program" : "");
    flash_reader_test_assert_codes (with->diags, "");
    g_assert_cmpint (with->image != NULL, ==, size == limit);
    g_assert_cmphex (g_array_index (with->segments, FlashInspectionSegment, 0).address, ==,
                     0x08000000);
    g_assert_cmpuint (g_array_index (with->segments, FlashInspectionSegment, 0).size, ==, size);
    flash_reader_test_assert_codes (beyond->diags,
                                    size == limit ? "W vectors-missing" : "E address-overflow");
  }
}

static void
test_insists (void)
{
  const FlashImageOptions options = { .insists = TRUE };
  g_autoptr (FlashSource) source = flash_sample_source_new_static ("text" SUFFIX, 20);
  g_autoptr (FlashInspection) inspection = inspect_with (source, &options);

  flash_reader_test_assert_codes (inspection->diags, "W dfu-crc-wrong");
  assert_segment (inspection, 0, "text", 4);
}

/* A file that grew after it was opened: that is said once. */
static void
test_changed (void)
{
  g_autofree char *folder = g_dir_make_tmp ("flash-inspect-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autoptr (FlashSource) source = NULL;
  g_autoptr (FlashInspection) inspection = NULL;

  g_assert_true (g_file_set_contents (path, PROGRAM_IHEX, -1, NULL));
  source = flash_source_new_for_file (path, NULL);
  g_assert_nonnull (source);
  g_assert_cmpint (truncate (path, 1000), ==, 0);
  inspection = inspect_with (source, NULL);
  flash_reader_test_assert_codes (inspection->diags, "E file-changed");
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inspect-image/image", test_image);
  g_test_add_func ("/inspect-image/image-line", test_image_line);
  g_test_add_func ("/inspect-image/targets", test_targets);
  g_test_add_func ("/inspect-image/packed-image", test_packed_image);
  g_test_add_func ("/inspect-image/packed-raw", test_packed_raw);
  g_test_add_func ("/inspect-image/address", test_address);
  g_test_add_func ("/inspect-image/suggestion", test_suggestion);
  g_test_add_func ("/inspect-image/large", test_large);
  g_test_add_func ("/inspect-image/insists", test_insists);
  g_test_add_func ("/inspect-image/changed", test_changed);
  return g_test_run ();
}
