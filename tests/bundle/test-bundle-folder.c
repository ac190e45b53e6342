/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders as they are, with what people leave in them. */
#define G_LOG_DOMAIN "test-bundle-folder"

#include "config.h"

#include "flash-bundle-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

/* Files of a Yocto build lie beside the folder with the layouts, those of Buildroot beside the
 * layout. */
static void
test_builds (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (FlashBundle) bundle = NULL;
  const FlashBundleLayout *layout;

  flash_test_write_text (dir, "deploy/rootfs.ext4", "x");
  flash_test_write_text (dir,
                         "deploy/flashlayout_image/optee/"
                         "FlashLayout_sdcard_stm32mp135f-dk-optee.tsv",
                         CARD_LAYOUT ("rootfs.ext4"));
  flash_test_write_text (dir, "images/flash.tsv", CARD_LAYOUT ("rootfs.ext4"));
  flash_test_write_text (dir, ".git/flash.tsv", CARD_LAYOUT ("rootfs.ext4"));
  flash_test_write_sparse (dir, "images/data.tsv", FLASH_LAYOUT_MAX_SIZE + 1);
  flash_test_write_text (dir, "images/table.tsv", "a\tb\n");
  bundle = flash_bundle_test_open_good (dir);
  g_assert_cmpint (flash_bundle_get_kind (bundle), ==, FLASH_BUNDLE_FOLDER);
  g_assert_cmpuint (flash_bundle_get_n_layouts (bundle), ==, 2);
  layout = flash_bundle_get_layout (bundle, 0);
  g_assert_cmpstr (layout->name, ==,
                   "deploy/flashlayout_image/optee/FlashLayout_sdcard_stm32mp135f-dk-optee.tsv");
  g_assert_cmpuint (layout->n_missing, ==, 0);
  g_assert_cmpuint (layout->unpack_size, ==, 0);
  layout = flash_bundle_get_layout (bundle, 1);
  g_assert_cmpstr (layout->name, ==, "images/flash.tsv");
  g_assert_cmpuint (layout->n_missing, ==, 1);
  flash_test_remove_dir (dir);
}

static void
test_links (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *root = g_build_filename (dir, "root", NULL);
  g_autofree char *loop = g_build_filename (root, "sub", "loop", NULL);
  g_autofree char *inner = g_build_filename (root, "link.tsv", NULL);
  g_autofree char *outer = g_build_filename (root, "outer.tsv", NULL);
  g_autofree char *dangling = g_build_filename (root, "gone.tsv", NULL);
  g_autofree char *fifo = g_build_filename (root, "fifo.tsv", NULL);
  g_autoptr (FlashBundle) bundle = NULL;

  flash_test_write_text (root, "sub/flash.tsv", CARD_LAYOUT ("x"));
  flash_test_write_text (dir, "outside.tsv", CARD_LAYOUT ("x"));
  g_assert_cmpint (symlink ("..", loop), ==, 0);
  g_assert_cmpint (symlink ("sub/flash.tsv", inner), ==, 0);
  g_assert_cmpint (symlink ("../outside.tsv", outer), ==, 0);
  g_assert_cmpint (symlink ("nowhere", dangling), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  bundle = flash_bundle_test_open_good (root);
  g_assert_cmpuint (flash_bundle_get_n_layouts (bundle), ==, 2);
  g_assert_cmpstr (flash_bundle_get_layout (bundle, 0)->name, ==, "link.tsv");
  g_assert_cmpstr (flash_bundle_get_layout (bundle, 1)->name, ==, "sub/flash.tsv");
  g_assert_cmpuint (flash_diag_list_get_length (flash_bundle_get_diags (bundle)), ==, 2);
  g_assert_nonnull (flash_diag_list_find (flash_bundle_get_diags (bundle), "bundle-unreadable"));
  flash_test_remove_dir (dir);
}

static void
test_bounds (void)
{
  const FlashBundleLimits usual = FLASH_BUNDLE_LIMITS_USUAL;
  FlashBundleLimits limits = usual;
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (FlashBundle) bundle = NULL;
  g_autoptr (FlashBundle) shallow = NULL;
  g_autoptr (GError) error = NULL;

  flash_test_write_text (dir, "1/2/3/deep.tsv", CARD_LAYOUT ("x"));
  flash_test_write_text (dir, "1/2/3/deeper/a.tsv", CARD_LAYOUT ("x"));
  flash_test_write_text (dir, "1/2/3/deeper2/a.tsv", CARD_LAYOUT ("x"));
  flash_test_write_text (dir, "1/flat.tsv", CARD_LAYOUT ("x"));
  limits.max_depth = 3;
  bundle = flash_bundle_test_open (dir, &limits, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (flash_bundle_get_n_layouts (bundle), ==, 2);
  g_assert_cmpuint (flash_diag_list_get_length (flash_bundle_get_diags (bundle)), ==, 1);
  g_assert_nonnull (flash_diag_list_find (flash_bundle_get_diags (bundle), "bundle-too-deep"));
  limits.max_depth = 0;
  flash_bundle_test_assert_refused (dir, &limits, FLASH_BUNDLE_ERROR_NO_LAYOUT, "no FlashLayout");
  limits = usual;
  limits.max_entries = 3;
  flash_bundle_test_assert_refused (dir, &limits, FLASH_BUNDLE_ERROR_TOO_LARGE, "3 files");
  limits = usual;
  limits.max_layouts = 1;
  flash_bundle_test_assert_refused (dir, &limits, FLASH_BUNDLE_ERROR_TOO_LARGE, "1 layouts");
  flash_test_remove_dir (dir);
}

/* Root may read everything, so be nobody for a while. */
static void
test_unreadable (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *closed = g_build_filename (dir, "closed", NULL);
  g_autofree char *file = g_build_filename (dir, "closed.tsv", NULL);
  g_autofree char *open_folder = g_build_filename (dir, "open", NULL);
  g_autofree char *open_file = g_build_filename (open_folder, "flash.tsv", NULL);
  gboolean is_root = geteuid () == 0;
  g_autoptr (FlashBundle) bundle = NULL;
  g_autoptr (FlashBundle) whole = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refused = NULL;

  flash_test_write_text (dir, "open/flash.tsv", CARD_LAYOUT ("x"));
  flash_test_write_text (dir, "closed/flash.tsv", CARD_LAYOUT ("x"));
  flash_test_write_text (dir, "closed.tsv", CARD_LAYOUT ("x"));
  g_assert_cmpint (g_chmod (dir, 0755), ==, 0);
  g_assert_cmpint (g_chmod (open_folder, 0755), ==, 0);
  g_assert_cmpint (g_chmod (open_file, 0644), ==, 0);
  g_assert_cmpint (g_chmod (closed, 0), ==, 0);
  g_assert_cmpint (g_chmod (file, 0), ==, 0);
  g_assert_true (!is_root || seteuid (NOBODY) == 0);
  bundle = flash_bundle_open (dir, NULL, NULL, NULL, &error);
  whole = flash_bundle_open (closed, NULL, NULL, NULL, &refused);
  g_assert_true (!is_root || seteuid (0) == 0);
  g_assert_cmpint (g_chmod (closed, 0700), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (flash_bundle_get_n_layouts (bundle), ==, 1);
  g_assert_cmpuint (flash_diag_list_get_length (flash_bundle_get_diags (bundle)), ==, 2);
  g_assert_null (whole);
  g_assert_error (refused, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  flash_test_remove_dir (dir);
}

static void
test_refused (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  flash_bundle_test_assert_refused (dir, NULL, FLASH_BUNDLE_ERROR_NO_LAYOUT, "in the folder");
  flash_test_write_text (dir, "flash.tsv", CARD_LAYOUT ("x"));
  g_cancellable_cancel (cancellable);
  g_assert_null (flash_bundle_open (dir, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  flash_test_remove_dir (dir);
}

/* A name that is no text is shown as well as can be, and still found. */
static void
test_not_text (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (FlashBundle) bundle = NULL;
  g_autofree char *unpacked = NULL;
  g_autofree char *path = NULL;

  flash_test_write_text (dir, "a\xff.tsv", CARD_LAYOUT ("x"));
  bundle = flash_bundle_test_open_good (dir);
  g_assert_true (g_utf8_validate (flash_bundle_get_layout (bundle, 0)->name, -1, NULL));
  path = flash_bundle_test_unpack (bundle, 0, dir, &unpacked);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle/folder/builds", test_builds);
  g_test_add_func ("/bundle/folder/links", test_links);
  g_test_add_func ("/bundle/folder/bounds", test_bounds);
  g_test_add_func ("/bundle/folder/unreadable", test_unreadable);
  g_test_add_func ("/bundle/folder/refused", test_refused);
  g_test_add_func ("/bundle/folder/not-text", test_not_text);
  return g_test_run ();
}
