/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives that were made to hurt, or were hurt themselves. */
#define G_LOG_DOMAIN "test-bundle-hostile"

#include "config.h"

#include "flash-bundle-test.h"

#include <string.h>

#define MIB (1024 * 1024)
#define DATA "some text that is to stay as it is"

static const FlashBundleFormat both[] = { FLASH_BUNDLE_FORMAT_TAR, FLASH_BUNDLE_FORMAT_ZIP };

static const char *const unsafe_names[] = {
  "/tmp/flash.tsv", "../flash.tsv", "a/../../flash.tsv", "a/..\\flash.tsv",
  "C:\\flash.tsv",  "C:/flash.tsv", "\\\\host\\a.tsv",   "a\xff.tsv",
  "a\x1b[2J/a.tsv", "a\x01.tsv",    "a\nb.tsv",
};

/* A layout with such a name is none; a file with such a name is not there. */
static void
test_unsafe_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (unsafe_names) * G_N_ELEMENTS (both); i++) {
    const char *name = unsafe_names[i / G_N_ELEMENTS (both)];
    FlashBundleFormat format = both[i % G_N_ELEMENTS (both)];
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *text = g_strdup_printf (CARD_LAYOUT ("%s"), name);
    const FlashBundleTestEntry entries[] = {
      FILE_ENTRY (name, text),
      FILE_ENTRY ("good.tsv", text),
    };
    g_autofree char *path = flash_bundle_test_pack (dir, format, entries, 1);
    g_autoptr (FlashBundle) bundle = NULL;

    flash_bundle_test_assert_refused (path, NULL, FLASH_BUNDLE_ERROR_UNSAFE, "safe name");
    g_free (path);
    path = flash_bundle_test_pack (dir, format, entries, 2);
    bundle = flash_bundle_test_open_good (path);
    g_assert_cmpuint (flash_bundle_get_n_layouts (bundle), ==, 1);
    g_assert_cmpuint (flash_bundle_get_layout (bundle, 0)->unpack_size, ==, strlen (text));
    g_assert_nonnull (flash_diag_list_find (flash_bundle_get_diags (bundle), "bundle-unsafe-name"));
    flash_test_remove_dir (dir);
  }
}

/* Many of them are not told one by one. */
static void
test_many_unsafe (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  FlashBundleTestEntry entries[21] = { FILE_ENTRY ("a.tsv", CARD_LAYOUT ("x")) };
  g_autofree char *path = NULL;
  g_autoptr (FlashBundle) bundle = NULL;

  for (guint i = 1; i < G_N_ELEMENTS (entries); i++)
    entries[i] = (FlashBundleTestEntry) FILE_ENTRY ("../x", "x");
  path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, entries, G_N_ELEMENTS (entries));
  bundle = flash_bundle_test_open_good (path);
  g_assert_cmpuint (flash_diag_list_get_length (flash_bundle_get_diags (bundle)), ==, 5);
  flash_test_remove_dir (dir);
}

/* A layout cannot name its way out either. */
static void
test_unsafe_cells (void)
{
  static const char *const cells[] = { "/etc/passwd", "../../../etc/passwd", "..", ".", "sub" };

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *text = g_strdup_printf (CARD_LAYOUT ("%s"), cells[i]);
    const FlashBundleTestEntry entries[] = {
      FILE_ENTRY ("d/flash.tsv", text),
      FILE_ENTRY ("etc/passwd", "x"),
      FOLDER_ENTRY ("d/sub"),
    };
    g_autofree char *path =
        flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_GZIP, entries, G_N_ELEMENTS (entries));
    g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
    g_autofree char *unpacked = NULL;
    g_autofree char *layout = flash_bundle_test_unpack (bundle, 0, dir, &unpacked);
    g_autofree char *folder = g_build_filename (unpacked, "d", NULL);

    g_assert_cmpuint (flash_bundle_get_layout (bundle, 0)->n_missing, ==, 1);
    g_assert_cmpuint (flash_bundle_test_count (unpacked), ==, 1);
    g_assert_cmpuint (flash_bundle_test_count (folder), ==, 1);
    flash_test_remove_dir (dir);
  }
}

static void
test_twice (void)
{
  static const FlashBundleTestEntry entries[] = {
    FILE_ENTRY ("x", "first"),      FILE_ENTRY ("flash.tsv", EMMC_LAYOUT ("x")),
    FILE_ENTRY ("./x", "second"),   FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("x")),
    FILE_ENTRY ("X", "other case"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *path = flash_bundle_test_pack (dir, both[i], entries, G_N_ELEMENTS (entries));
    g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
    const FlashDiagList *diags = flash_bundle_get_diags (bundle);
    g_autofree char *unpacked = NULL;
    g_autofree char *layout = flash_bundle_test_unpack (bundle, 0, dir, &unpacked);

    g_assert_cmpuint (flash_bundle_get_n_layouts (bundle), ==, 1);
    g_assert_cmpint (flash_bundle_get_layout (bundle, 0)->storage, ==, FLASH_BUNDLE_STORAGE_SDCARD);
    flash_bundle_test_assert_file (unpacked, "x", "second");
    g_assert_cmpuint (flash_bundle_test_count (unpacked), ==, 2);
    g_assert_cmpuint (flash_diag_list_get_length (diags), ==, 2);
    g_assert_cmpstr (flash_diag_get_code (flash_diag_list_get (diags, 0)), ==, "bundle-name-twice");
    flash_test_remove_dir (dir);
  }
}

static void
test_bounds (void)
{
  static const FlashBundleTestEntry entries[] = {
    FILE_ENTRY ("a.tsv", CARD_LAYOUT ("x")),
    FILE_ENTRY ("b.tsv", CARD_LAYOUT ("x")),
    FILE_ENTRY ("c.tsv", CARD_LAYOUT ("x")),
  };
  const FlashBundleLimits usual = FLASH_BUNDLE_LIMITS_USUAL;
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, entries, 3);
  FlashBundleLimits limits = usual;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBundle) bundle = NULL;

  limits.max_entries = 2;
  flash_bundle_test_assert_refused (path, &limits, FLASH_BUNDLE_ERROR_TOO_LARGE, "2 entries");
  limits = usual;
  limits.max_layouts = 2;
  flash_bundle_test_assert_refused (path, &limits, FLASH_BUNDLE_ERROR_TOO_LARGE, "2 layouts");
  limits = usual;
  limits.max_names = 14;
  flash_bundle_test_assert_refused (path, &limits, FLASH_BUNDLE_ERROR_TOO_LARGE, "14 B");
  limits = usual;
  limits.max_name = 4;
  flash_bundle_test_assert_refused (path, &limits, FLASH_BUNDLE_ERROR_UNSAFE, "a.tsv");
  limits = usual;
  limits.max_entries = 3;
  limits.max_layouts = 3;
  limits.max_names = 15;
  limits.max_name = 5;
  bundle = flash_bundle_test_open (path, &limits, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (flash_bundle_get_n_layouts (bundle), ==, 3);
  flash_test_remove_dir (dir);
}

/* libarchive would read the whole table of contents first. That the record at the end tells of few
 * entries changes nothing. */
static void
test_many_in_zip (void)
{
  static const guint8 lie[] = { 1, 0, 1, 0 };
  guint n_entries = 6000;
  guint8 truth[] = { n_entries & 0xff, (guint8) (n_entries >> 8), n_entries & 0xff,
                     (guint8) (n_entries >> 8) };
  g_autofree FlashBundleTestEntry *entries = g_new0 (FlashBundleTestEntry, n_entries);
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path = NULL;
  FlashBundleLimits limits = FLASH_BUNDLE_LIMITS_USUAL;

  entries[0] = (FlashBundleTestEntry) FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("x"));
  for (guint i = 1; i < n_entries; i++)
    entries[i] = (FlashBundleTestEntry) FOLDER_ENTRY ("a/");
  path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_ZIP, entries, n_entries);
  limits.max_entries = 100;
  for (guint i = 0; i < 2; i++) {
    g_autoptr (FlashSource) source = flash_source_new_for_file (path, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (FlashBundleReader) reader =
        flash_bundle_reader_new (source, &limits, NULL, NULL, NULL, &error);
    FlashBundleHeader header;
    gboolean is_end;

    g_assert_no_error (error);
    g_assert_false (flash_bundle_reader_next (reader, &header, &is_end, &error));
    g_assert_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE);
    g_assert_nonnull (strstr (error->message, "100 entries"));
    if (i == 0)
      flash_bundle_test_patch (path, truth, sizeof truth, lie);
  }
  flash_test_remove_dir (dir);
}

/* A whole table at its bound is no reason to refuse: the end of it is read twice. */
static void
test_full_zip (void)
{
  guint n_entries = 6000;
  g_autofree FlashBundleTestEntry *entries = g_new0 (FlashBundleTestEntry, n_entries);
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path = NULL;
  FlashBundleLimits limits = FLASH_BUNDLE_LIMITS_USUAL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBundle) bundle = NULL;

  for (guint i = 0; i < n_entries; i++)
    entries[i] = (FlashBundleTestEntry) FOLDER_ENTRY ("a/");
  entries[n_entries - 1] = (FlashBundleTestEntry) FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("x"));
  path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_ZIP, entries, n_entries);
  limits.max_entries = n_entries;
  bundle = flash_bundle_test_open (path, &limits, &error);
  g_assert_no_error (error);
  g_clear_object (&bundle);
  limits.max_entries = n_entries - 1;
  flash_bundle_test_assert_refused (path, &limits, FLASH_BUNDLE_ERROR_TOO_LARGE, "5999 entries");
  flash_test_remove_dir (dir);
}

/* A few bytes that become many. */
static void
test_bombs (void)
{
  static const FlashBundleTestEntry entries[] = {
    FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("zeros")),
    ZERO_ENTRY ("zeros", 64 * MIB),
  };
  static const FlashBundleFormat formats[] = { FLASH_BUNDLE_FORMAT_GZIP, FLASH_BUNDLE_FORMAT_XZ,
                                               FLASH_BUNDLE_FORMAT_ZSTD, FLASH_BUNDLE_FORMAT_BZIP2,
                                               FLASH_BUNDLE_FORMAT_ZIP };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *path = flash_bundle_test_pack (dir, formats[i], entries, 2);
    g_autofree char *folder = g_build_filename (dir, "cache", NULL);
    FlashBundleLimits limits = FLASH_BUNDLE_LIMITS_USUAL;
    g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
    char *unpacked = NULL;
    g_autoptr (GError) error = NULL;

    limits.free_stream = MIB;
    limits.max_ratio = 50;
    if (formats[i] != FLASH_BUNDLE_FORMAT_ZIP) {
      flash_bundle_test_assert_refused (path, &limits, FLASH_BUNDLE_ERROR_TOO_LARGE,
                                        "50 times its own size");
      limits.max_ratio = 1000000;
      limits.max_stream = 8 * MIB;
      flash_bundle_test_assert_refused (path, &limits, FLASH_BUNDLE_ERROR_TOO_LARGE,
                                        "more than 8 MiB");
    }
    /* It may also be seen while it is unpacked. */
    bundle->limits.free_stream = MIB;
    bundle->limits.max_ratio = 50;
    g_assert_null (flash_bundle_unpack (bundle, 0, folder, NULL, NULL, &unpacked, NULL, &error));
    g_assert_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE);
    g_assert_cmpuint (flash_bundle_test_count (folder), ==, 0);
    g_clear_error (&error);
    bundle->limits.max_stream = MIB;
    g_assert_null (flash_bundle_unpack (bundle, 0, folder, NULL, NULL, &unpacked, NULL, &error));
    g_assert_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE);
    g_assert_nonnull (strstr (error->message, "the bound is 1 MiB"));
    flash_test_remove_dir (dir);
  }
}

/* The table of contents of a zip file says one thing, the file another. */
static void
test_lying_zip (void)
{
  static const FlashBundleTestEntry entries[] = {
    FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("zeros")),
    ZERO_ENTRY ("zeros", 0x00012345),
  };
  static const guint8 sizes[][4] = {
    { 0x44, 0x23, 0x01, 0 },
    { 0x46, 0x23, 0x01, 0 },
    { 0x01, 0, 0, 0 },
    { 0xff, 0xff, 0xff, 0x7f },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_ZIP, entries, 2);
    g_autofree char *folder = g_build_filename (dir, "cache", NULL);
    g_autoptr (FlashBundle) bundle = NULL;
    char *unpacked = NULL;
    g_autoptr (GError) error = NULL;

    flash_bundle_test_patch (path, "\x45\x23\x01\x00", 4, sizes[i]);
    bundle = flash_bundle_test_open_good (path);
    g_assert_null (flash_bundle_unpack (bundle, 0, folder, NULL, NULL, &unpacked, NULL, &error));
    g_assert_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_DAMAGED);
    g_assert_nonnull (strstr (error->message, "“zeros”"));
    g_assert_cmpuint (flash_bundle_test_count (folder), ==, 0);
    flash_test_remove_dir (dir);
  }
}

/* Opens what may be damaged: it is refused, or what comes out is what went in. Some bits of gzip
 * mean nothing, such as the lengths of codes that are never used. */
static gboolean
is_refused (const char *dir, const char *bytes, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_bytes (bytes, size, &error);
  g_autofree char *unpacked = NULL;
  g_autofree char *layout = NULL;

  if (bundle == NULL) {
    g_assert_true (error->domain == FLASH_BUNDLE_ERROR);
    return TRUE;
  }
  layout = flash_bundle_test_unpack (bundle, 0, dir, &unpacked);
  flash_bundle_test_assert_file (unpacked, "flash.tsv", CARD_LAYOUT ("data"));
  flash_bundle_test_assert_file (unpacked, "data", DATA);
  return FALSE;
}

/* One bit that is not as it was: in the data, or in the checksum behind it. */
static void
test_damaged (void)
{
  static const FlashBundleTestEntry entries[] = {
    FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("data")),
    FILE_ENTRY ("data", DATA),
  };
  static const FlashBundleFormat formats[] = { FLASH_BUNDLE_FORMAT_GZIP, FLASH_BUNDLE_FORMAT_XZ,
                                               FLASH_BUNDLE_FORMAT_BZIP2 };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *path = flash_bundle_test_pack (dir, formats[i], entries, 2);
    g_autofree char *bytes = NULL;
    guint n_refused = 0;
    gsize size;

    g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
    /* The first bytes of gzip hold a time, of which nobody is sure. */
    for (gsize at = 10; at < size; at++) {
      bytes[at] ^= 0x10;
      n_refused += is_refused (dir, bytes, size);
      bytes[at] ^= 0x10;
    }
    g_assert_cmpuint (n_refused, >, (size - 10) * 9 / 10);
    flash_test_remove_dir (dir);
  }
}

/* A download that stopped. What is cut off behind all files of a tar may still be taken. */
static void
test_cut (void)
{
  static const FlashBundleTestEntry entries[] = {
    FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("zeros")),
    ZERO_ENTRY ("zeros", 20000),
  };

  for (guint format = FLASH_BUNDLE_FORMAT_TAR; format <= FLASH_BUNDLE_FORMAT_ZIP; format++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *path = flash_bundle_test_pack (dir, format, entries, 2);
    g_autofree char *bytes = NULL;
    gsize size;

    g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
    for (gsize length = 0; length < size; length += size / 50 + 1) {
      g_autoptr (GError) error = NULL;
      g_autoptr (FlashBundle) bundle = NULL;

      bundle = flash_bundle_test_open_bytes (bytes, length, &error);
      if (bundle != NULL) {
        g_assert_cmpuint (format, ==, FLASH_BUNDLE_FORMAT_TAR);
        g_assert_cmpuint (flash_bundle_get_n_layouts (bundle), ==, 1);
        /* Cut off between two files: the second one is missing, which is said. */
        g_assert_true (length >= 20000 + 4 * 512 ||
                       flash_bundle_get_layout (bundle, 0)->n_missing == 1);
      } else {
        g_assert_true (error->domain == FLASH_BUNDLE_ERROR);
      }
    }
    flash_test_remove_dir (dir);
  }
}

static void
test_unknown (void)
{
  static const struct {
    const char *bytes;
    gsize length;
    FlashBundleError code;
    const char *words;
  } cases[] = {
    { "7z\xbc\xaf\x27\x1c", 6, FLASH_BUNDLE_ERROR_UNKNOWN_KIND, "no archive" },
    { "#mtree\n./passwd type=file contents=/etc/passwd\n", 47, FLASH_BUNDLE_ERROR_UNKNOWN_KIND,
      "no archive" },
    { "", 0, FLASH_BUNDLE_ERROR_UNKNOWN_KIND, "no archive" },
    { "\x1f\x8b\x08", 3, FLASH_BUNDLE_ERROR_DAMAGED, "too early" },
    { "PK\x03\x04", 4, FLASH_BUNDLE_ERROR_DAMAGED, "table of contents" },
    { "BZh91AY", 7, FLASH_BUNDLE_ERROR_UNKNOWN_KIND, "no tar" },
    { "\x28\xb5\x2f\xfd", 4, FLASH_BUNDLE_ERROR_UNKNOWN_KIND, "no tar" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *path = g_build_filename (dir, "file", NULL);
    g_autoptr (GBytes) bytes = g_bytes_new (cases[i].bytes, cases[i].length);

    flash_test_write_file (dir, "file", bytes);
    flash_bundle_test_assert_refused (path, NULL, cases[i].code, cases[i].words);
    flash_test_remove_dir (dir);
  }
}

static void
test_nested (void)
{
  static const FlashBundleTestEntry entries[] = {
    ZERO_ENTRY ("build/images.TAR.gz", 100),
    ZERO_ENTRY ("build/readme.txt", 100),
    FILE_ENTRY ("build/flash.tsv", CARD_LAYOUT ("x")),
  };
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_ZIP, entries, 2);
  g_autoptr (FlashBundle) bundle = NULL;

  flash_bundle_test_assert_refused (path, NULL, FLASH_BUNDLE_ERROR_NO_LAYOUT, "not looked into");
  g_free (path);
  path = flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_ZIP, entries, 3);
  bundle = flash_bundle_test_open_good (path);
  g_assert_nonnull (
      flash_diag_list_find (flash_bundle_get_diags (bundle), "bundle-nested-archive"));
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle/hostile/unsafe-names", test_unsafe_names);
  g_test_add_func ("/bundle/hostile/many-unsafe", test_many_unsafe);
  g_test_add_func ("/bundle/hostile/unsafe-cells", test_unsafe_cells);
  g_test_add_func ("/bundle/hostile/twice", test_twice);
  g_test_add_func ("/bundle/hostile/bounds", test_bounds);
  g_test_add_func ("/bundle/hostile/many-in-zip", test_many_in_zip);
  g_test_add_func ("/bundle/hostile/full-zip", test_full_zip);
  g_test_add_func ("/bundle/hostile/bombs", test_bombs);
  g_test_add_func ("/bundle/hostile/lying-zip", test_lying_zip);
  g_test_add_func ("/bundle/hostile/damaged", test_damaged);
  g_test_add_func ("/bundle/hostile/cut", test_cut);
  g_test_add_func ("/bundle/hostile/unknown", test_unknown);
  g_test_add_func ("/bundle/hostile/nested", test_nested);
  return g_test_run ();
}
