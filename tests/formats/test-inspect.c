/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-inspect.h"

#include "flash-bytes.h"
#include "flash-sample-images.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define SUFFIX "\x00\x00\x11\xdf\x83\x04\x00\x01UFD\x10\x12\x34\x56\x78"

static FlashInspection *
inspect_source (FlashSource *source)
{
  g_autoptr (GError) error = NULL;
  FlashInspection *inspection = flash_inspect (source, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (inspection);
  return inspection;
}

/* Takes the bytes. */
static FlashInspection *
inspect (GByteArray *file)
{
  g_autoptr (FlashSource) source = flash_sample_source_new (file);

  return inspect_source (source);
}

static FlashInspection *
inspect_static (const void *bytes, gsize length)
{
  g_autoptr (FlashSource) source = flash_sample_source_new_static (bytes, length);

  return inspect_source (source);
}

static void
assert_codes (const FlashInspection *inspection, const char *expected)
{
  g_autoptr (GString) codes = g_string_new (NULL);

  for (guint i = 0; i < flash_diag_list_get_length (inspection->diags); i++)
    g_string_append_printf (codes, "%s%s", i > 0 ? " " : "",
                            flash_diag_get_code (flash_diag_list_get (inspection->diags, i)));
  g_assert_cmpstr (codes->str, ==, expected);
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

static void
test_raw (void)
{
  g_autoptr (FlashInspection) inspection = inspect_static ("some bytes", 10);
  g_autoptr (FlashInspection) again = flash_inspection_ref (inspection);

  g_assert_cmpint (again->format, ==, FLASH_FORMAT_RAW);
  g_assert_cmpuint (again->size, ==, 10);
  g_assert_false (again->has_entry);
  g_assert_false (again->has_stm32);
  assert_segment (again, 0, "some bytes", 10);
  assert_codes (again, "");
}

typedef struct {
  const char *bytes;
  gsize length;
  FlashFormat format;
  guint n_segments;
  const char *codes;
} Case;

#define CASE(text, format, n_segments, codes)                                                      \
  {                                                                                                \
    text, sizeof text - 1, format, n_segments, codes                                               \
  }

static const Case cases[] = {
  CASE ("", FLASH_FORMAT_RAW, 0, "file-empty"),
  CASE ("\x1f\x8b\x08", FLASH_FORMAT_RAW, 1, "packed-damaged packed"),
  CASE ("BZh91AY&SY", FLASH_FORMAT_RAW, 1, "packed"),
  CASE ("\xd0\x0d\xfe\xed\0\1\0\0", FLASH_FORMAT_RAW, 1, "content-cut-off"),
  CASE ("UBI#", FLASH_FORMAT_RAW, 1, ""),
  CASE (":0100000041BE\n:00000001FF\n", FLASH_FORMAT_IHEX, 1, "address-aliased"),
  CASE (":00000001FF\n", FLASH_FORMAT_IHEX, 0, "image-empty"),
  CASE ("S9030000FC\n", FLASH_FORMAT_SREC, 0, "image-empty"),
  CASE ("\x7f"
        "ELF",
        FLASH_FORMAT_ELF, 0, "elf-truncated"),
  CASE ("DfuSe\x01" SUFFIX, FLASH_FORMAT_DFUSE, 0, "dfu-crc-wrong dfuse-truncated"),
  CASE ("text" SUFFIX, FLASH_FORMAT_DFU, 1, "dfu-crc-wrong"),
  CASE ("UF2\n\x57\x51\x5d\x9e", FLASH_FORMAT_UF2, 0, "uf2-truncated"),
  CASE ("STM2", FLASH_FORMAT_STM32, 1, "stm32-header-truncated"),
  CASE ("\x01\x00\x64\xaa", FLASH_FORMAT_FIP, 1, "fip-broken"),
  CASE ("\x01\x00\x64\xaa\1\0\0\0\0\0\0\0\0\0\0\0", FLASH_FORMAT_FIP, 1, "fip-no-terminator"),
};

static void
test_small (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashInspection) inspection = inspect_static (cases[i].bytes, cases[i].length);

    g_assert_cmpstr (flash_format_get_name (inspection->format), ==,
                     flash_format_get_name (cases[i].format));
    g_assert_cmpuint (inspection->segments->len, ==, cases[i].n_segments);
    assert_codes (inspection, cases[i].codes);
  }
}

static void
test_packed_text (void)
{
  g_autoptr (FlashInspection) inspection = inspect_static ("\x28\xb5\x2f\xfd", 4);
  const FlashDiag *diag = flash_diag_list_find (inspection->diags, "packed");
  g_autofree char *message = flash_diag_dup_message (diag, NULL);
  g_autofree char *fix = flash_diag_dup_fix (diag, NULL);

  g_assert_cmpint (inspection->content.kind, ==, FLASH_CONTENT_ZSTD);
  g_assert_cmpstr (
      message, ==,
      "The file is packed (zstd); a board would store it as it is and could not use it.");
  g_assert_cmpstr (fix, ==, "Unpack it first.");
}

static void
test_stm32 (void)
{
  g_autoptr (GByteArray) tree = flash_sample_dtb_new ("Board A", "a,b", 4);
  g_autoptr (FlashInspection) inspection =
      inspect (flash_sample_stm32_new (FLASH_SAMPLE_VERSION_2_0, tree->data, tree->len));

  g_assert_cmpint (inspection->format, ==, FLASH_FORMAT_STM32);
  g_assert_true (inspection->has_stm32);
  g_assert_true (inspection->is_checksum_ok);
  g_assert_cmphex (inspection->checksum, ==, inspection->stm32.checksum);
  g_assert_true (inspection->has_entry);
  g_assert_cmphex (inspection->entry, ==, FLASH_SAMPLE_LOAD + 1);
  g_assert_cmpstr (inspection->model, ==, "Board A");
  g_assert_cmpstr (inspection->compatible[0], ==, "a,b");
  assert_segment (inspection, FLASH_SAMPLE_LOAD, tree->data, tree->len);
  assert_codes (inspection, "");
}

/* One number of a v1.0 file is changed, the checksum made right again or not. */
typedef struct {
  gsize at;
  guint32 word;
  gboolean is_sealed;
  gboolean is_checksum_ok;
  guint64 address;
  guint64 entry;
  const char *codes;
} Change;

static const Change changes[] = {
  { 256, 0, FALSE, FALSE, FLASH_SAMPLE_LOAD, FLASH_SAMPLE_LOAD + 1, "stm32-checksum-wrong" },
  { 76, 11, FALSE, FALSE, FLASH_SAMPLE_LOAD, FLASH_SAMPLE_LOAD + 1, "stm32-payload-truncated" },
  { 76, 0xffffffff, FALSE, FALSE, 0, FLASH_SAMPLE_LOAD + 1,
    "stm32-payload-truncated stm32-load-not-used" },
  { 84, 1, TRUE, TRUE, FLASH_SAMPLE_LOAD, FLASH_SAMPLE_LOAD + 1, "stm32-reserved-not-zero" },
  { 100, 0, TRUE, TRUE, FLASH_SAMPLE_LOAD, FLASH_SAMPLE_LOAD + 1, "stm32-signature-missing" },
  { 88, 0xffffffff, TRUE, TRUE, 0, FLASH_SAMPLE_LOAD + 1, "stm32-load-not-used" },
  { 88, 0, TRUE, TRUE, 0, FLASH_SAMPLE_LOAD + 1, "stm32-load-not-used" },
  { 80, FLASH_SAMPLE_LOAD - 1, TRUE, TRUE, FLASH_SAMPLE_LOAD, FLASH_SAMPLE_LOAD - 1,
    "stm32-entry-outside" },
  { 80, FLASH_SAMPLE_LOAD + 10, TRUE, TRUE, FLASH_SAMPLE_LOAD, FLASH_SAMPLE_LOAD + 10,
    "stm32-entry-outside" },
  { 80, FLASH_SAMPLE_LOAD + 9, TRUE, TRUE, FLASH_SAMPLE_LOAD, FLASH_SAMPLE_LOAD + 9, "" },
};

static void
test_stm32_changes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    GByteArray *file = flash_sample_stm32_new (FLASH_SAMPLE_VERSION_1_0, "0123456789", 10);
    g_autoptr (FlashInspection) inspection = NULL;

    flash_put_le32 (file->data + changes[i].at, changes[i].word);
    if (changes[i].is_sealed)
      flash_sample_stm32_seal (file);
    inspection = inspect (file);
    g_test_message ("change %u", i);
    assert_codes (inspection, changes[i].codes);
    g_assert_cmpint (inspection->is_checksum_ok, ==, changes[i].is_checksum_ok);
    g_assert_cmphex (inspection->entry, ==, changes[i].entry);
    g_assert_cmphex (g_array_index (inspection->segments, FlashInspectionSegment, 0).address, ==,
                     changes[i].address);
    g_assert_cmpuint (g_array_index (inspection->segments, FlashInspectionSegment, 0).size, ==, 10);
  }
}

static void
test_stm32_lengths (void)
{
  GByteArray *longer = flash_sample_stm32_new (FLASH_SAMPLE_VERSION_1_0, "0123456789", 10);
  GByteArray *empty = flash_sample_stm32_new (FLASH_SAMPLE_VERSION_1_0, "", 0);
  g_autoptr (FlashInspection) longer_inspection = NULL;
  g_autoptr (FlashInspection) empty_inspection = NULL;

  g_byte_array_append (longer, (const guint8 *) SUFFIX, 16);
  longer_inspection = inspect (longer);
  assert_codes (longer_inspection, "stm32-trailing-bytes dfu-suffix");
  assert_segment (longer_inspection, FLASH_SAMPLE_LOAD, "0123456789", 10);
  g_assert_true (longer_inspection->is_checksum_ok);

  flash_put_le32 (empty->data + 80, 0);
  flash_put_le32 (empty->data + 88, 0);
  empty_inspection = inspect (empty);
  assert_codes (empty_inspection, "stm32-payload-empty");
  g_assert_cmpuint (empty_inspection->segments->len, ==, 0);
  g_assert_false (empty_inspection->has_entry);
}

static void
test_stm32_broken (void)
{
  GByteArray *version = flash_sample_stm32_new (FLASH_SAMPLE_VERSION_1_0, "0123456789", 10);
  GByteArray *length = flash_sample_stm32_new (FLASH_SAMPLE_VERSION_2_2, "0123456789", 10);
  GByteArray *encrypted = flash_sample_stm32_new (FLASH_SAMPLE_VERSION_2_2, "0123456789", 10);
  g_autoptr (FlashInspection) version_inspection = NULL;
  g_autoptr (FlashInspection) length_inspection = NULL;
  g_autoptr (FlashInspection) encrypted_inspection = NULL;

  flash_put_le32 (version->data + 72, 0x00030000);
  version_inspection = inspect (version);
  assert_codes (version_inspection, "stm32-version-unknown");
  g_assert_false (version_inspection->has_stm32);
  g_assert_cmpuint (g_array_index (version_inspection->segments, FlashInspectionSegment, 0).size,
                    ==, 266);

  flash_put_le32 (length->data + 104, 0x00010000);
  length_inspection = inspect (length);
  assert_codes (length_inspection, "stm32-header-broken");

  flash_put_le32 (encrypted->data + 100, 0x80000002u);
  encrypted_inspection = inspect (encrypted);
  assert_codes (encrypted_inspection, "stm32-encrypted");
}

static void
test_fip (void)
{
  g_autoptr (GByteArray) tree = flash_sample_dtb_new ("Board A", "a,b", 4);
  const FlashSampleFipEntry entries[] = { { FLASH_SAMPLE_UUID_HW_CONFIG, tree }, FLASH_SAMPLE_END };
  GByteArray *file = flash_sample_fip_new (entries);
  g_autofree guint8 *copy = g_memdup2 (file->data, file->len);
  guint size = file->len;
  g_autoptr (FlashInspection) inspection = inspect (file);

  g_assert_cmpint (inspection->format, ==, FLASH_FORMAT_FIP);
  g_assert_cmpuint (inspection->fip->entries->len, ==, 1);
  g_assert_cmpstr (inspection->model, ==, "Board A");
  assert_segment (inspection, 0, copy, size);
  assert_codes (inspection, "");
}

static void
test_fip_trailing (void)
{
  const FlashSampleFipEntry entries[] = { FLASH_SAMPLE_END };
  GByteArray *file = flash_sample_fip_new (entries);
  g_autoptr (FlashInspection) inspection = NULL;

  g_byte_array_append (file, (const guint8 *) "\0", 1);
  inspection = inspect (file);
  assert_codes (inspection, "fip-trailing-bytes");
  g_assert_null (inspection->model);
}

static void
test_gpt (void)
{
  static const FlashSamplePartition partitions[] = {
    { FLASH_SAMPLE_GUID_LINUX, "rootfs", 34, 60 },
    FLASH_SAMPLE_END,
  };
  g_autoptr (FlashInspection) inspection = inspect (flash_sample_gpt_new (512, 100, partitions));
  GByteArray *broken = flash_sample_gpt_new (512, 100, partitions);
  g_autoptr (FlashInspection) broken_inspection = NULL;

  g_assert_cmpint (inspection->format, ==, FLASH_FORMAT_GPT);
  g_assert_cmpuint (inspection->gpt->partitions->len, ==, 1);
  g_assert_cmpuint (g_array_index (inspection->segments, FlashInspectionSegment, 0).size, ==,
                    51200);
  assert_codes (inspection, "");

  memset (broken->data + 512, 0, broken->len - 512);
  broken_inspection = inspect (broken);
  g_assert_cmpint (broken_inspection->format, ==, FLASH_FORMAT_GPT);
  g_assert_null (broken_inspection->gpt);
  assert_codes (broken_inspection, "gpt-unreadable");
}

static void
test_cancel (void)
{
  g_autoptr (FlashSource) raw = flash_sample_source_new_static ("some bytes", 10);
  g_autoptr (FlashSource) stm32 =
      flash_sample_source_new (flash_sample_stm32_new (FLASH_SAMPLE_VERSION_1_0, "0123456789", 10));
  FlashSource *sources[] = { raw, stm32 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (flash_inspect (sources[i], NULL, cancellable, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  }
}

/* Every format, from a file that shrank after it was opened: an error, and no half answer. */
static void
test_shrunk (void)
{
  static const FlashSamplePartition none[] = { FLASH_SAMPLE_END };
  static const FlashSampleFipEntry no_entry[] = { FLASH_SAMPLE_END };
  g_autofree char *folder = g_dir_make_tmp ("flash-inspect-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  GByteArray *files[] = {
    flash_sample_stm32_new (FLASH_SAMPLE_VERSION_2_3, "0123456789", 10),
    flash_sample_fip_new (no_entry),
    flash_sample_gpt_new (512, 100, none),
    g_byte_array_new_take ((guint8 *) g_strdup ("some bytes"), 10),
    g_byte_array_new_take ((guint8 *) g_strdup (":00000001FF\n"), 12),
    g_byte_array_new_take ((guint8 *) g_strdup ("\x28\xb5\x2f\xfdpacked"), 10),
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    for (guint length = 0; length < files[i]->len; length = length * 2 + 1) {
      g_autoptr (FlashSource) source = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (
          g_file_set_contents (path, (char *) files[i]->data, (gssize) files[i]->len, NULL));
      source = flash_source_new_for_file (path, NULL);
      g_assert_nonnull (source);
      g_assert_cmpint (truncate (path, length), ==, 0);
      g_assert_null (flash_inspect (source, NULL, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
    }
    g_byte_array_unref (files[i]);
  }
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_changed (void)
{
  g_autofree char *folder = g_dir_make_tmp ("flash-inspect-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autoptr (FlashSource) source = NULL;
  g_autoptr (FlashInspection) inspection = NULL;

  g_assert_true (g_file_set_contents (path, "0123456789", 10, NULL));
  source = flash_source_new_for_file (path, NULL);
  g_assert_nonnull (source);
  g_assert_cmpint (truncate (path, 11), ==, 0);
  inspection = inspect_source (source);
  assert_codes (inspection, "file-changed");
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inspect/raw", test_raw);
  g_test_add_func ("/inspect/small", test_small);
  g_test_add_func ("/inspect/packed-text", test_packed_text);
  g_test_add_func ("/inspect/stm32/whole", test_stm32);
  g_test_add_func ("/inspect/stm32/changes", test_stm32_changes);
  g_test_add_func ("/inspect/stm32/lengths", test_stm32_lengths);
  g_test_add_func ("/inspect/stm32/broken", test_stm32_broken);
  g_test_add_func ("/inspect/fip", test_fip);
  g_test_add_func ("/inspect/fip-trailing", test_fip_trailing);
  g_test_add_func ("/inspect/gpt", test_gpt);
  g_test_add_func ("/inspect/cancel", test_cancel);
  g_test_add_func ("/inspect/shrunk", test_shrunk);
  g_test_add_func ("/inspect/changed", test_changed);
  return g_test_run ();
}
