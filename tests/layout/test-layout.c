/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-layout"

#include "config.h"

#include "flash-bytes.h"
#include "flash-layout-test.h"
#include "flash-test-images.h"

#include <glib/gstdio.h>

#define ONE_ROW ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a.bin")

static void
test_load (void)
{
  g_autofree char *dir = flash_test_make_layout_dir ();
  g_autofree char *path = g_build_filename (dir, "layout.tsv", NULL);
  g_autofree char *fsbl_path = g_build_filename (dir, "tf-a-usb.stm32", NULL);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLayout) layout = flash_layout_load (path, diags, &error);
  g_autoptr (FlashLayoutRow) item = NULL;
  FlashLayoutRow *row;

  g_assert_no_error (error);
  g_assert_true (flash_layout_is_accepted (layout));
  g_assert_null (flash_layout_get_refusal (layout, NULL));
  g_assert_cmpuint (flash_diag_list_get_length (diags), ==, 0);
  g_assert_cmpstr (flash_layout_get_folder (layout), ==, dir);
  g_assert_cmpstr (flash_layout_get_base (layout), ==, dir);

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (layout)) == FLASH_TYPE_LAYOUT_ROW);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (layout)), ==, 14);
  item = g_list_model_get_item (G_LIST_MODEL (layout), 0);
  g_assert_true (item == flash_layout_get_row (layout, 0));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (layout), 14));

  row = flash_layout_find_row (layout, 0x01, TRUE);
  g_assert_true (row == item);
  g_assert_cmpuint (flash_layout_row_get_line (row), ==, 2);
  g_assert_cmpstr (flash_layout_row_get_path (row), ==, fsbl_path);
  g_assert_false (flash_layout_row_is_selected (row) || flash_layout_row_is_download (row));
  g_assert_null (flash_layout_find_row (layout, 0x01, FALSE));
  row = flash_layout_find_row (layout, 0x0D, FALSE);
  g_assert_cmpint (flash_layout_row_get_offset_kind (row), ==, FLASH_LAYOUT_OFFSET_BOOT2);
  g_assert_cmpstr (flash_layout_row_get_ip_name (row), ==, "mmc1");
  row = flash_layout_find_row (layout, 0x09, FALSE);
  g_assert_true (flash_layout_row_is_empty (row) && !flash_layout_row_is_download (row));
  g_assert_cmpuint (flash_layout_row_get_copies (row), ==, 1);
  flash_test_remove_dir (dir);
}

static void
test_load_errors (void)
{
  static const struct {
    const char *name;
    int code; /* of G_IO_ERROR, or -1: too large */
  } files[] = {
    { "missing.tsv", G_IO_ERROR_NOT_FOUND },
    { "folder", G_IO_ERROR_IS_DIRECTORY },
    { "noise.tsv", -1 },
    { "just-too-large.tsv", -1 },
  };
  g_autofree char *dir = flash_test_make_dir ();
  gint64 start_us = g_get_monotonic_time ();

  flash_test_write_text (dir, "folder/inside", "");
  flash_test_write_sparse (dir, "noise.tsv", 100 * 1000 * 1000);
  flash_test_write_sparse (dir, "just-too-large.tsv", FLASH_LAYOUT_MAX_SIZE + 1);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_build_filename (dir, files[i].name, NULL);
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (GError) error = NULL;

    g_assert_null (flash_layout_load (path, diags, &error));
    if (files[i].code >= 0)
      g_assert_error (error, G_IO_ERROR, files[i].code);
    else
      g_assert_error (error, FLASH_LAYOUT_ERROR, FLASH_LAYOUT_ERROR_TOO_LARGE);
    g_assert_cmpuint (flash_diag_list_get_length (diags), ==, 0);
  }
  /* refused by its size, not read */
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, G_USEC_PER_SEC);
  flash_test_remove_dir (dir);
}

static void
test_too_large_bytes (void)
{
  g_autoptr (GBytes) bytes = flash_test_make_bytes (FLASH_LAYOUT_MAX_SIZE + 1, 1);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (bytes, NULL, diags);
  g_autofree char *got = flash_layout_test_dup_diags (diags);

  g_assert_cmpstr (got, ==, "error 0:0 layout-too-large\n");
  g_assert_false (flash_layout_is_accepted (layout));
  g_assert_cmpuint (flash_layout_get_n_rows (layout), ==, 0);
  g_assert_null (flash_layout_get_folder (layout));
}

static void
test_empty_file (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "empty.tsv", NULL);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = NULL;

  flash_test_write_text (dir, "empty.tsv", "");
  layout = flash_layout_load (path, diags, NULL);
  g_assert_false (flash_layout_is_accepted (layout));
  g_assert_cmpstr (flash_layout_get_refusal (layout, NULL), ==, "Layout: invalid FlashLayout");
  flash_test_remove_dir (dir);
}

/* A layout with the STM32 header that some programs put in front. */
static void
test_framed (void)
{
  g_autoptr (GBytes) text = g_bytes_new_static (ONE_ROW, strlen (ONE_ROW));
  g_autoptr (GBytes) framed = flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, text, 0, 0, 0);
  static const struct {
    gsize at;
    guint8 add;
    gsize cut;
    const char *diags;
    const char *refusal;
  } cases[] = {
    { 0, 0, 0, "", NULL },
    { 68, 1, 0, "error 0:0 layout-checksum\n", "Layout: invalid checksum : 0x%x expected 0x%x" },
    { 0, 0, 1, "error 0:0 layout-truncated\n", "" },
    /* what is not a clean header is text for the board */
    { 84, 1, 0, "error 0:0 not-text\n", "Layout line 1: invalid option 'S' in STM2)" },
    { 180, 1, 0, "error 0:0 not-text\n", "Layout line 1: invalid option 'S' in STM2)" },
    { 74, 1, 0, "error 0:0 not-text\n", "Layout line 1: invalid option 'S' in STM2)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize size = g_bytes_get_size (framed) - cases[i].cut;
    guint8 *copy = g_memdup2 (g_bytes_get_data (framed, NULL), size);
    g_autoptr (GBytes) bytes = g_bytes_new_take (copy, size);
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashLayout) layout = NULL;
    g_autofree char *got = NULL;
    g_autofree char *refusal = g_strdup (cases[i].refusal);

    copy[cases[i].at] += cases[i].add;
    if (cases[i].at == 68) {
      guint32 sum = flash_get_le32 (copy + 68);

      g_free (refusal);
      refusal = g_strdup_printf ("Layout: invalid checksum : 0x%x expected 0x%x", sum - 1, sum);
    }
    layout = flash_layout_new_from_bytes (bytes, NULL, diags);
    got = flash_layout_test_dup_diags (diags);
    g_assert_cmpstr (got, ==, cases[i].diags);
    g_assert_cmpstr (flash_layout_get_refusal (layout, NULL), ==, refusal);
    if (i == 0) {
      g_autoptr (GBytes) board_text = flash_layout_dup_device_text (layout);

      g_assert_cmpuint (flash_layout_get_n_rows (layout), ==, 1);
      g_assert_cmpuint (g_bytes_get_size (board_text), ==, strlen (ONE_ROW) - strlen ("\ta.bin"));
    }
  }
}

/* ST's builds: paths start beside the folder flashlayout_…, two above the layout. */
static void
test_flashlayout_folder (void)
{
  static const char text[] = ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "fip/a.bin")
      ROW ("P", "0x05", "b", "Binary", "mmc0", "0x8800", "near.bin")
          ROW ("P", "0x06", "c", "Binary", "mmc0", "0xcc00", "/abs/c.bin");
  static const char *const folders[] = { "flashlayout_image/optee", "flashlayout_image", "plain" };
  g_autofree char *dir = flash_test_make_dir ();

  flash_test_write_text (dir, "fip/a.bin", "a");
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *folder = g_build_filename (dir, folders[i], NULL);
    g_autofree char *path = g_build_filename (folder, "x.tsv", NULL);
    g_autofree char *near_path = g_build_filename (folder, "near.bin", NULL);
    g_autofree char *fip_path = g_build_filename (i == 2 ? folder : dir, "fip/a.bin", NULL);
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashLayout) layout = NULL;

    g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
    g_assert_true (g_file_set_contents (near_path, "x", 1, NULL));
    layout = flash_layout_load (path, diags, NULL);
    g_assert_cmpstr (flash_layout_get_folder (layout), ==, folder);
    g_assert_cmpstr (flash_layout_get_base (layout), ==, i == 2 ? folder : dir);
    g_assert_cmpstr (flash_layout_row_get_path (flash_layout_get_row (layout, 0)), ==, fip_path);
    g_assert_cmpstr (flash_layout_row_get_path (flash_layout_get_row (layout, 1)), ==, near_path);
    g_assert_cmpstr (flash_layout_row_get_path (flash_layout_get_row (layout, 2)), ==,
                     "/abs/c.bin");
  }
  flash_test_remove_dir (dir);
}

static void
test_names (void)
{
  static const char *const names[] = { "Binary", "FIP", "FWU_MDATA",  "ENV",
                                       "System", "ESP", "FileSystem", "RawImage" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *text =
        g_strdup_printf (ROW ("P", "0x04", "a", "%s", "mmc0", "0x4400", "a"), names[i]);
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashLayout) layout = flash_layout_test_parse (text, diags);

    g_assert_cmpstr (flash_layout_type_get_name (i), ==, names[i]);
    g_assert_cmpint (flash_layout_row_get_layout_type (flash_layout_get_row (layout, 0)), ==, i);
  }
}

/* Any bytes in a cell give valid UTF-8, and the path keeps the bytes. */
static void
test_odd_bytes (void)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_test_parse (
      ROW ("P", "0x04", "n\xff", "Binary", "mmc0", "0x4400", "f\xe9.bin"), diags);
  FlashLayoutRow *row = flash_layout_get_row (layout, 0);

  g_assert_true (flash_layout_is_accepted (layout));
  g_assert_cmpstr (flash_layout_row_get_name (row), ==, "n\uFFFD");
  g_assert_cmpstr (flash_layout_row_get_binary (row), ==, "f\uFFFD.bin");
  g_assert_cmpstr (flash_layout_row_get_path (row), ==, "f\xe9.bin");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/layout/load", test_load);
  g_test_add_func ("/layout/layout/load-errors", test_load_errors);
  g_test_add_func ("/layout/layout/too-large-bytes", test_too_large_bytes);
  g_test_add_func ("/layout/layout/empty-file", test_empty_file);
  g_test_add_func ("/layout/layout/framed", test_framed);
  g_test_add_func ("/layout/layout/flashlayout-folder", test_flashlayout_folder);
  g_test_add_func ("/layout/layout/names", test_names);
  g_test_add_func ("/layout/layout/odd-bytes", test_odd_bytes);
  return g_test_run ();
}
