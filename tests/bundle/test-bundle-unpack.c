/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes out of an archive: what the layout needs, no more, and whole or not at all. */
#define G_LOG_DOMAIN "test-bundle-unpack"

#include "config.h"

#include "flash-bundle-test.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <utime.h>

#define LAYOUT                                                                                     \
  HEADER ROW ("-", "0x01", "fsbl", "Binary", "none", "0x0", "arm/tf-a.stm32")                      \
      ROW ("P", "0x10", "rootfs", "FileSystem", "mmc0", "0x4400", "rootfs.ext4")                   \
          ROW ("P", "0x11", "again", "FileSystem", "mmc0", "0x9984400", "rootfs.ext4")             \
              ROW ("PE", "0x12", "empty", "Binary", "mmc0", "0x19984400", "not-sent.bin")

static const FlashBundleTestEntry yocto[] = {
  FILE_ENTRY ("d/arm/tf-a.stm32", "tf-a"),
  FILE_ENTRY ("d/rootfs.ext4", "beside"),
  FILE_ENTRY ("d/flashlayout_x/optee/rootfs.ext4", "in the layout's folder"),
  FILE_ENTRY ("d/unneeded.bin", "unneeded"),
  FILE_ENTRY ("d/not-sent.bin", "not sent, but named"),
  FILE_ENTRY ("d/flashlayout_x/optee/flash.tsv", LAYOUT),
};

/* The layout's own folder comes before the one beside `flashlayout_…`. */
static void
test_needed_only (void)
{
  static const FlashBundleFormat formats[] = { FLASH_BUNDLE_FORMAT_TAR, FLASH_BUNDLE_FORMAT_ZSTD,
                                               FLASH_BUNDLE_FORMAT_GZIP, FLASH_BUNDLE_FORMAT_ZIP };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *path = flash_bundle_test_pack (dir, formats[i], yocto, G_N_ELEMENTS (yocto));
    g_autofree char *folder = g_build_filename (dir, "cache", "unpacked", NULL);
    g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
    g_autofree char *unpacked = NULL;
    g_autofree char *layout = flash_bundle_test_unpack (bundle, 0, folder, &unpacked);
    g_autofree char *unneeded = g_build_filename (unpacked, "d", "unneeded.bin", NULL);
    g_autofree char *expected =
        g_build_filename (unpacked, "d", "flashlayout_x", "optee", "flash.tsv", NULL);
    g_autoptr (GError) error = NULL;
    GStatBuf info;

    g_assert_cmpstr (layout, ==, expected);
    flash_bundle_test_assert_file (unpacked, "d/flashlayout_x/optee/flash.tsv", LAYOUT);
    flash_bundle_test_assert_file (unpacked, "d/arm/tf-a.stm32", "tf-a");
    flash_bundle_test_assert_file (unpacked, "d/flashlayout_x/optee/rootfs.ext4",
                                   "in the layout's folder");
    flash_bundle_test_assert_file (unpacked, "d/not-sent.bin", "not sent, but named");
    g_assert_false (g_file_test (unneeded, G_FILE_TEST_EXISTS));
    g_assert_cmpuint (flash_bundle_test_count (folder), ==, 1);
    g_assert_cmpint (g_stat (unpacked, &info), ==, 0);
    g_assert_cmpint (info.st_mode & 0777, ==, 0700);
    g_assert_true (flash_bundle_remove_unpacked (unpacked, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (flash_bundle_test_count (folder), ==, 0);
    flash_test_remove_dir (dir);
  }
}

/* What is unpacked is what flash_layout_load () finds again. */
static void
test_loads (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path =
      flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_XZ, yocto, G_N_ELEMENTS (yocto));
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
  g_autofree char *unpacked = NULL;
  g_autofree char *layout_path = flash_bundle_test_unpack (bundle, 0, dir, &unpacked);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_load (layout_path, diags, NULL);

  g_assert_cmpuint (flash_layout_get_n_rows (layout), ==, 4);
  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++)
    g_assert_true (g_file_test (flash_layout_row_get_path (flash_layout_get_row (layout, i)),
                                G_FILE_TEST_IS_REGULAR));
  flash_test_remove_dir (dir);
}

static void
test_folder (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *expected = g_build_filename (dir, "sub", "flash.tsv", NULL);
  g_autofree char *unpacked = g_strdup ("untouched");
  g_autofree char *elsewhere = g_build_filename (dir, "elsewhere", NULL);
  g_autofree char *kept = unpacked;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (FlashBundle) bundle = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  flash_test_write_text (dir, "sub/flash.tsv", CARD_LAYOUT ("x"));
  bundle = flash_bundle_test_open_good (dir);
  g_cancellable_cancel (cancelled);
  g_assert_null (
      flash_bundle_unpack (bundle, 0, elsewhere, NULL, NULL, &unpacked, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (unpacked == kept);
  path = flash_bundle_test_unpack (bundle, 0, elsewhere, &unpacked);
  g_assert_cmpstr (path, ==, expected);
  g_assert_null (unpacked);
  g_assert_false (g_file_test (elsewhere, G_FILE_TEST_EXISTS));
  flash_test_remove_dir (dir);
}

/* A card's image is mostly a hole: it must not fill the disk. */
static void
test_sparse (void)
{
  guint64 size = G_GUINT64_CONSTANT (64) * 1024 * 1024;
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path = flash_bundle_test_pack_sparse (dir, "card.img", size);
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
  g_autofree char *unpacked = NULL;
  g_autofree char *layout = flash_bundle_test_unpack (bundle, 0, dir, &unpacked);
  g_autofree char *image = g_build_filename (unpacked, "card.img", NULL);
  g_autoptr (FlashSource) source = flash_source_new_for_file (image, NULL);
  guint8 byte = 0;
  GStatBuf info;

  g_assert_cmpuint (flash_bundle_get_layout (bundle, 0)->unpack_size, <, 16 * 1024);
  g_assert_cmpint (g_stat (image, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, (gint64) size);
  g_assert_cmpint (info.st_blocks * 512, <, 1024 * 1024);
  g_assert_true (flash_source_read (source, size - 1, &byte, 1, NULL));
  g_assert_cmpint (byte, ==, 'x');
  g_assert_true (flash_source_read (source, 0, &byte, 1, NULL));
  g_assert_cmpint (byte, ==, 0);
  flash_test_remove_dir (dir);
}

/* A hole costs nothing to pack, but somebody will read it. */
static void
test_sparse_bound (void)
{
  guint64 size = G_GUINT64_CONSTANT (64) * 1024 * 1024;
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *folder = g_build_filename (dir, "cache", NULL);
  g_autofree char *path = flash_bundle_test_pack_sparse (dir, "card.img", size);
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
  g_autofree char *unpacked = NULL;
  g_autofree char *layout = NULL;
  g_autoptr (GError) error = NULL;

  bundle->limits.max_stream = size - 1;
  layout = flash_bundle_unpack (bundle, 0, folder, NULL, NULL, &unpacked, NULL, &error);
  g_assert_null (layout);
  g_assert_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "“card.img” has 64 MiB with its holes"));
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  bundle->limits.max_stream = size;
  layout = flash_bundle_unpack (bundle, 0, folder, NULL, NULL, &unpacked, NULL, &error);
  g_assert_no_error (error);
  flash_test_remove_dir (dir);
}

typedef struct {
  GCancellable *cancellable; /* (nullable): cancelled at the first news */
  guint n_calls;
  guint64 last, total;
} Progress;

static void
on_progress (guint64 done, guint64 total, gpointer data)
{
  Progress *self = data;

  g_assert_cmpuint (done, >=, self->last);
  g_assert_cmpuint (done, <=, total);
  self->n_calls++;
  self->last = done;
  self->total = total;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static const FlashBundleTestEntry large[] = {
  FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("rootfs.ext4")),
  ZERO_ENTRY ("rootfs.ext4", 8 * 1024 * 1024),
};

static void
test_progress (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path =
      flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, large, G_N_ELEMENTS (large));
  Progress opening = { 0 }, unpacking = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBundle) bundle = flash_bundle_open (path, on_progress, &opening, NULL, &error);
  g_autofree char *unpacked = NULL;
  g_autofree char *layout = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (opening.n_calls, >, 0);
  layout = flash_bundle_unpack (bundle, 0, dir, on_progress, &unpacking, &unpacked, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (unpacking.n_calls, >=, 8);
  g_assert_cmpuint (unpacking.n_calls, <=, 10);
  g_assert_cmpuint (unpacking.last, ==, unpacking.total);
  g_assert_cmpuint (unpacking.total, ==, flash_bundle_get_layout (bundle, 0)->unpack_size);
  flash_test_remove_dir (dir);
}

static void
test_cancel (void)
{
  static const FlashBundleFormat formats[] = { FLASH_BUNDLE_FORMAT_TAR, FLASH_BUNDLE_FORMAT_GZIP,
                                               FLASH_BUNDLE_FORMAT_XZ, FLASH_BUNDLE_FORMAT_ZIP };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autofree char *dir = flash_test_make_dir ();
    g_autofree char *path = flash_bundle_test_pack (dir, formats[i], large, G_N_ELEMENTS (large));
    g_autofree char *folder = g_build_filename (dir, "cache", NULL);
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    Progress progress = { .cancellable = cancellable };
    g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
    char *unpacked = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (GError) other = NULL;

    g_assert_null (flash_bundle_unpack (bundle, 0, folder, on_progress, &progress, &unpacked,
                                        cancellable, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpuint (progress.n_calls, ==, 1);
    g_assert_null (unpacked);
    g_assert_cmpuint (flash_bundle_test_count (folder), ==, 0);
    g_assert_null (flash_bundle_open (path, NULL, NULL, cancellable, &other));
    g_assert_error (other, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    flash_test_remove_dir (dir);
  }
}

/* What was seen is what is unpacked, or nothing is. */
static void
test_changed (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path =
      flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, yocto, G_N_ELEMENTS (yocto));
  g_autofree char *folder = g_build_filename (dir, "cache", NULL);
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
  g_autofree char *moved = g_strconcat (path, "-moved", NULL);
  FILE *file;
  char *unpacked = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *layout = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_rename (path, moved), ==, 0);
  layout = flash_bundle_test_unpack (bundle, 0, folder, &whole);
  g_assert_true (flash_bundle_remove_unpacked (whole, NULL));
  file = fopen (moved, "r+b");
  g_assert_nonnull (file);
  g_assert_cmpint (fputc ('e', file), ==, 'e');
  g_assert_cmpint (fclose (file), ==, 0);
  g_assert_null (flash_bundle_unpack (bundle, 0, folder, NULL, NULL, &unpacked, NULL, &error));
  g_assert_true (g_error_matches (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_CHANGED) ||
                 g_error_matches (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_DAMAGED));
  g_assert_cmpuint (flash_bundle_test_count (folder), ==, 0);
  flash_test_remove_dir (dir);
}

/* Only what the layout needs must be readable. */
static void
test_encrypted (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path =
      flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_ZIP, yocto, G_N_ELEMENTS (yocto));
  g_autofree char *folder = g_build_filename (dir, "cache", NULL);
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
  static const char *const names[] = { "d/arm/tf-a.stm32", "d/unneeded.bin" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const FlashBundleEntry *entry = NULL;
    g_autofree char *unpacked = NULL;
    g_autofree char *layout = NULL;
    g_autoptr (GError) error = NULL;

    flash_bundle_index_find (bundle->index, names[i], &entry);
    ((FlashBundleEntry *) entry)->is_encrypted = TRUE;
    layout = flash_bundle_unpack (bundle, 0, folder, NULL, NULL, &unpacked, NULL, &error);
    ((FlashBundleEntry *) entry)->is_encrypted = FALSE;
    if (i == 0)
      g_assert_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_ENCRYPTED);
    else
      g_assert_no_error (error);
  }
  flash_test_remove_dir (dir);
}

/* More than any disk has, and nothing of it in the archive. */
static void
test_no_space (void)
{
  static const FlashBundleTestEntry entries[] = {
    FILE_ENTRY ("flash.tsv", CARD_LAYOUT ("rootfs.ext4")),
    ZERO_ENTRY ("rootfs.ext4", 1000),
  };
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path =
      flash_bundle_test_pack (dir, FLASH_BUNDLE_FORMAT_TAR, entries, G_N_ELEMENTS (entries));
  g_autofree char *folder = g_build_filename (dir, "cache", NULL);
  g_autofree char *file = g_build_filename (dir, "file", NULL);
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open_good (path);
  const FlashBundleEntry *found = NULL;
  char *unpacked = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other = NULL;

  g_assert_cmpint (flash_bundle_index_find (bundle->index, "rootfs.ext4", &found), ==,
                   FLASH_BUNDLE_FIND_FILE);
  ((FlashBundleEntry *) found)->data_size = G_MAXINT64;
  bundle->limits.max_stream = G_MAXUINT64;
  g_assert_null (flash_bundle_unpack (bundle, 0, folder, NULL, NULL, &unpacked, NULL, &error));
  g_assert_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_NO_SPACE);
  g_assert_cmpuint (flash_bundle_test_count (folder), ==, 0);

  /* Where no folder can be made. */
  flash_test_write_text (dir, "file", "");
  g_assert_null (flash_bundle_unpack (bundle, 0, file, NULL, NULL, &unpacked, NULL, &other));
  g_assert_error (other, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  flash_test_remove_dir (dir);
}

static void
make_old (const char *dir, const char *name, guint days)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  struct utimbuf times = { 0 };

  times.actime = times.modtime = (time_t) (g_get_real_time () / G_USEC_PER_SEC - days * 86400 - 60);
  g_assert_cmpint (utime (path, &times), ==, 0);
}

static void
test_leftovers (void)
{
  static const char *const kept[] = { "unpacked-young1", "unpacked-toolong7", "other", "partial-" };
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *outside = g_build_filename (dir, "outside", NULL);
  g_autofree char *folder = g_build_filename (dir, "cache", NULL);
  g_autofree char *link = g_build_filename (folder, "unpacked-oldone", "link", NULL);
  g_autofree char *other = g_build_filename (folder, "other", NULL);
  g_autofree char *file = g_build_filename (folder, "unpacked-afile1", NULL);
  g_autoptr (GError) error = NULL;

  flash_test_write_text (dir, "outside/precious", "");
  flash_test_write_text (folder, "unpacked-oldone/sub/file", "");
  flash_test_write_text (folder, "partial-oldone/file", "");
  flash_test_write_text (folder, "unpacked-afile1", "");
  g_assert_cmpint (symlink (outside, link), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++) {
    g_autofree char *name = g_strconcat (kept[i], "/file", NULL);

    flash_test_write_text (folder, name, "");
    make_old (folder, kept[i], i == 0 ? 2 : 100);
  }
  make_old (folder, "unpacked-oldone", 3);
  make_old (folder, "partial-oldone", 3);
  make_old (folder, "unpacked-afile1", 3);
  g_assert_cmpuint (flash_bundle_remove_leftovers (folder, 3), ==, 2);
  g_assert_cmpuint (flash_bundle_test_count (folder), ==, G_N_ELEMENTS (kept) + 1);
  g_assert_cmpuint (flash_bundle_test_count (outside), ==, 1);
  g_assert_cmpuint (flash_bundle_remove_leftovers (outside, 0), ==, 0);
  g_assert_cmpuint (flash_bundle_remove_leftovers ("/nowhere", 0), ==, 0);

  g_assert_false (flash_bundle_remove_unpacked (other, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  g_assert_false (flash_bundle_remove_unpacked (file, NULL));
  g_assert_true (g_file_test (other, G_FILE_TEST_IS_DIR));
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle/unpack/needed-only", test_needed_only);
  g_test_add_func ("/bundle/unpack/loads", test_loads);
  g_test_add_func ("/bundle/unpack/folder", test_folder);
  g_test_add_func ("/bundle/unpack/sparse", test_sparse);
  g_test_add_func ("/bundle/unpack/sparse-bound", test_sparse_bound);
  g_test_add_func ("/bundle/unpack/progress", test_progress);
  g_test_add_func ("/bundle/unpack/cancel", test_cancel);
  g_test_add_func ("/bundle/unpack/changed", test_changed);
  g_test_add_func ("/bundle/unpack/encrypted", test_encrypted);
  g_test_add_func ("/bundle/unpack/no-space", test_no_space);
  g_test_add_func ("/bundle/unpack/leftovers", test_leftovers);
  return g_test_run ();
}
