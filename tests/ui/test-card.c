/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layout becomes the file of a card by what people press; and every way in which it does not. */
#define G_LOG_DOMAIN "test-card"

#include "config.h"

#include "flash-card-bench.h"
#include "flash-image-dialog.h"

#include <string.h>

#define MIB (1024 * 1024)

/* --- the file ------------------------------------------------------------------------------- */

static char *
get_path (FlashCardBench *bench, const char *name)
{
  return g_build_filename (bench->app.layout_dir, name, NULL);
}

static void
save_to (FlashCardBench *bench, const char *name)
{
  g_autofree char *path = get_path (bench, name);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  flash_image_dialog_save_to (FLASH_IMAGE_DIALOG (bench->dialog), file);
}

static void
open_image_dialog (FlashCardBench *bench)
{
  flash_card_bench_open (bench, "win.save-image");
  flash_card_bench_wait_page (bench, "choices");
}

/* How many files there are in the folder of the layout. */
static guint
count_files (FlashCardBench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (bench->app.layout_dir, 0, &error);
  guint n_files = 0;

  g_assert_no_error (error);
  while (g_dir_read_name (dir) != NULL)
    n_files++;
  return n_files;
}

/* Holds a file to what the engine makes. */
static void
assert_is_image (FlashCardBench *bench, const char *path, guint64 size)
{
  g_autoptr (FlashCardImage) image = flash_card_bench_make_image (bench, size);
  guint64 image_size = flash_card_image_get_size (image);
  g_autofree guint8 *expected = g_malloc (image_size);
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;
  gsize found_size;

  g_assert_true (flash_card_image_read (image, 0, expected, image_size, &error));
  g_assert_no_error (error);
  g_file_get_contents (path, &found, &found_size, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (found, found_size, expected, image_size);
}

static GtkWidget *
find_chooser (void)
{
  GtkWidget *dialog = flash_ui_find_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG);

  return dialog != NULL && gtk_widget_get_mapped (dialog) ? dialog : NULL;
}

static gboolean
has_folder (GtkWidget *dialog)
{
  g_autoptr (GFile) folder = gtk_file_chooser_get_current_folder (GTK_FILE_CHOOSER (dialog));

  return folder != NULL;
}

static void
test_image (FlashCardBench *bench, gconstpointer unused)
{
  g_autofree char *path = get_path (bench, "layout-mmc0.img");
  g_autofree char *name = NULL;
  GtkWidget *chooser;

  if (flash_ui_is_slow ()) {
    g_test_skip ("GTK's own file chooser leaks in several ways");
    return;
  }
  open_image_dialog (bench);
  flash_card_bench_press (bench, "verb_button");
  flash_ui_wait_until (find_chooser () != NULL);
  chooser = find_chooser ();
  flash_ui_wait_until (has_folder (chooser));
  name = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (chooser));
  g_assert_cmpstr (name, ==, "layout-mmc0.img");
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  flash_card_bench_wait_page (bench, "outcome");
  g_assert_true (flash_card_bench_says (bench, "Image saved"));
  g_assert_cmpstr (flash_card_bench_get_fact (bench, "File"), ==, path);
  g_assert_cmpstr (flash_card_bench_get_fact (bench, "Size"), ==, "3 MiB");
  assert_is_image (bench, path, 0);
}

static void
on_text (GObject *source, GAsyncResult *result, gpointer data)
{
  *(char **) data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
test_image_facts (FlashCardBench *bench, gconstpointer unused)
{
  g_autofree char *path = get_path (bench, "board.img");
  g_autofree char *bmap = get_path (bench, "board.img.bmap");
  g_autofree char *contents = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *joined = NULL;
  g_auto (GStrv) shown = NULL;
  char *copied = NULL;
  gsize size;

  open_image_dialog (bench);
  save_to (bench, "board.img");
  flash_card_bench_wait_page (bench, "outcome");
  assert_is_image (bench, path, 0);
  g_assert_true (g_file_test (bmap, G_FILE_TEST_IS_REGULAR));
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents, size);
  shown = g_strsplit (flash_card_bench_get_fact (bench, "SHA-256"), " ", -1);
  joined = g_strjoinv (NULL, shown);
  g_assert_cmpstr (joined, ==, sum);
  flash_card_bench_press (bench, "copy_button");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (bench->dialog), NULL, on_text, &copied);
  flash_ui_wait_until (copied != NULL);
  g_assert_cmpstr (copied, ==, sum);
  g_free (copied);
}

/* Rows that are not on the card are listed, with what to do. */
static void
test_left_out (FlashCardBench *bench, gconstpointer unused)
{
  GtkWidget *storage_row;

  open_image_dialog (bench);
  g_assert_nonnull (flash_card_bench_find_row (bench, "fsbl-boot (0x01)"));
  g_assert_cmpstr (flash_card_bench_get_fact (bench, "data (0x20)"), ==,
                   "Make another image with mmc1 as the storage, or flash it over USB.");
  g_assert_null (flash_card_bench_find_row (bench, "rootfs (0x11)"));

  storage_row = flash_card_bench_find (bench, "storage_row");
  adw_combo_row_set_selected (ADW_COMBO_ROW (storage_row), 1);
  g_assert_false (gtk_widget_is_sensitive (flash_card_bench_find (bench, "verb_button")));
  flash_ui_wait_until (flash_card_bench_find_row (bench, "rootfs (0x11)") != NULL);
  g_assert_null (flash_card_bench_find_row (bench, "data (0x20)"));
  g_assert_true (gtk_widget_is_sensitive (flash_card_bench_find (bench, "verb_button")));
}

static void
test_own_size (FlashCardBench *bench, gconstpointer unused)
{
  static const struct {
    const char *text;
    const char *says;
  } wrong[] = {
    { "", "Write the size as digits, or with K, M, G or T behind them." },
    { "large", "Write the size as digits, or with K, M, G or T behind them." },
    { "1M", "Too small: the layout needs 3 MiB." },
    { "5000001", "No card has this size: it must be a multiple of 512 bytes." },
  };
  g_autofree char *path = get_path (bench, "own.img");
  GtkWidget *verb, *row, *entry;

  open_image_dialog (bench);
  verb = flash_card_bench_find (bench, "verb_button");
  row = flash_card_bench_find (bench, "size_row");
  g_assert_null (flash_card_bench_find (bench, "own_size_row"));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 6);
  flash_ui_wait_until (flash_card_bench_find (bench, "own_size_row") != NULL);
  entry = flash_card_bench_find (bench, "own_size_row");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    gtk_editable_set_text (GTK_EDITABLE (entry), wrong[i].text);
    g_assert_false (gtk_widget_is_sensitive (verb));
    g_assert_true (flash_card_bench_says (bench, wrong[i].says));
  }
  gtk_editable_set_text (GTK_EDITABLE (entry), "5M");
  g_assert_true (gtk_widget_is_sensitive (verb));
  save_to (bench, "own.img");
  flash_card_bench_wait_page (bench, "outcome");
  assert_is_image (bench, path, 5 * MIB);
}

static void
test_compressed (FlashCardBench *bench, gconstpointer unused)
{
  g_autofree char *path = get_path (bench, "small.img.gz");
  g_autofree char *name = get_path (bench, "named.img.zst");

  open_image_dialog (bench);
  adw_combo_row_set_selected (ADW_COMBO_ROW (flash_card_bench_find (bench, "compression_row")), 1);
  save_to (bench, "small.img");
  flash_card_bench_wait_page (bench, "outcome");
  g_assert_cmpstr (flash_card_bench_get_fact (bench, "File"), ==, path);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  /* Who writes an ending means it. */
  save_to (bench, "named.img.zst");
  flash_card_bench_wait_page (bench, "progress");
  flash_card_bench_wait_page (bench, "outcome");
  g_assert_true (g_file_test (name, G_FILE_TEST_IS_REGULAR));
}

/* Where a file was shared alone, its name is all there is: nothing gets another one. */
static void
test_shared_alone (FlashCardBench *bench, gconstpointer unused)
{
  g_autofree char *folder = g_build_filename (g_get_user_runtime_dir (), "doc", "17ab", NULL);
  g_autofree char *path = g_build_filename (folder, "board.img", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GDir) dir = NULL;
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  open_image_dialog (bench);
  adw_combo_row_set_selected (ADW_COMBO_ROW (flash_card_bench_find (bench, "compression_row")), 1);
  flash_image_dialog_save_to (FLASH_IMAGE_DIALOG (bench->dialog), file);
  flash_card_bench_wait_page (bench, "outcome");
  g_assert_cmpstr (flash_card_bench_get_fact (bench, "File"), ==, "board.img");
  g_assert_true (g_str_has_prefix (flash_card_bench_get_fact (bench, "Beside it"),
                                   "Nothing: only this file was shared"));
  g_assert_nonnull (strstr (flash_card_bench_get_fact (bench, "Name"), "“.gz”"));
  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length, >, 2);
  g_assert_cmpmem (contents, 2, "\x1f\x8b", 2);
  dir = g_dir_open (folder, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_dir_read_name (dir), ==, "board.img");
  g_assert_null (g_dir_read_name (dir));
  flash_test_remove_dir (folder);
}

static void
test_image_stopped (FlashCardBench *bench, gconstpointer unused)
{
  guint n_files;

  open_image_dialog (bench);
  n_files = count_files (bench);
  /* Long enough to be stopped. */
  adw_combo_row_set_selected (ADW_COMBO_ROW (flash_card_bench_find (bench, "size_row")), 5);
  adw_combo_row_set_selected (ADW_COMBO_ROW (flash_card_bench_find (bench, "compression_row")), 2);
  save_to (bench, "large.img");
  g_assert_true (flash_card_bench_is_page (bench, "progress"));
  flash_card_bench_press (bench, "close_button");
  flash_card_bench_wait_page (bench, "choices");
  g_assert_cmpuint (count_files (bench), ==, n_files);

  /* A window that goes takes it along. */
  save_to (bench, "large.img");
  g_clear_pointer ((GtkWindow **) &bench->dialog, gtk_window_destroy);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_IMAGE_DIALOG) == NULL);
  flash_ui_wait_until (count_files (bench) == n_files);
}

static void
expect_image_error (FlashCardBench *bench, const char *name, const char *code)
{
  guint n_files = count_files (bench);

  save_to (bench, name);
  flash_card_bench_wait_page (bench, "progress");
  flash_card_bench_wait_page (bench, "outcome");
  g_assert_true (flash_card_bench_says (bench, "The image was not saved"));
  g_assert_true (flash_card_bench_says (bench, code));
  g_assert_nonnull (flash_card_bench_find_row (bench, "In detail"));
  g_assert_cmpuint (count_files (bench), ==, n_files);
}

static void
test_image_errors (FlashCardBench *bench, gconstpointer unused)
{
  open_image_dialog (bench);
  expect_image_error (bench, "no-such-folder/board.img", "card-not-writable");
  expect_image_error (bench, "rootfs.ext4", "card-is-input");
  expect_image_error (bench, "layout.tsv", "card-is-input");
  /* The image was agreed to be replaced, what lies beside it was not. */
  flash_test_write_text (bench->app.layout_dir, "board.img.bmap", "mine");
  expect_image_error (bench, "board.img", "card-exists");
  flash_test_write_text (bench->app.layout_dir, "board.img", "old");
  save_to (bench, "board.img");
  flash_card_bench_wait_page (bench, "progress");
  flash_card_bench_wait_page (bench, "outcome");
  g_assert_true (flash_card_bench_says (bench, "Image saved"));
}

/* --- layouts of which there is no image ----------------------------------------------------- */

static void
test_layout_errors (FlashCardBench *bench, gconstpointer unused)
{
  flash_card_bench_open_rows (bench, "win.save-image",
                              "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\tno-such-file\n");
  flash_card_bench_wait_page (bench, "outcome");
  g_assert_true (flash_card_bench_says (bench, "The layout has errors"));
  g_assert_true (flash_card_bench_says (bench, "layout-has-errors"));
  g_assert_null (flash_card_bench_find (bench, "verb_button"));
}

static void
test_no_storage (FlashCardBench *bench, gconstpointer unused)
{
  flash_card_bench_open_rows (bench, "win.write-card",
                              "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"
                              "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"
                              "P\t0x04\tfsbl1\tBinary\tnor0\t0x00000000\ttf-a-sdcard.stm32\n");
  flash_card_bench_wait_page (bench, "outcome");
  g_assert_true (flash_card_bench_says (bench, "card-empty"));
}

/* Only one of the storages cannot be had. */
static void
test_partial (FlashCardBench *bench, gconstpointer unused)
{
  GtkWidget *row;

  flash_card_bench_open_rows (bench, "win.save-image",
                              "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"
                              "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"
                              "-\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\ttf-a-sdcard.stm32\n"
                              "P\t0x10\tbootfs\tSystem\tmmc0\t0x00080000\tbootfs.ext4\n"
                              "P\t0x20\tdata\tFileSystem\tmmc1\t0x00080000\tdata.ext4\n");
  flash_card_bench_wait_page (bench, "choices");
  g_assert_nonnull (flash_card_bench_find (bench, "fault_label"));
  g_assert_nonnull (
      strstr (gtk_label_get_label (GTK_LABEL (flash_card_bench_find (bench, "fault_label"))),
              "(card-partial-update)"));
  g_assert_false (gtk_widget_is_sensitive (flash_card_bench_find (bench, "verb_button")));
  row = flash_card_bench_find (bench, "storage_row");
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 1);
  flash_ui_wait_until (gtk_widget_is_sensitive (flash_card_bench_find (bench, "verb_button")));
  g_assert_null (flash_card_bench_find (bench, "fault_label"));
}

static void
test_actions (FlashCardBench *bench, gconstpointer unused)
{
  /* Nothing is open. */
  gtk_widget_activate_action (GTK_WIDGET (bench->app.window), "win.save-image", NULL);
  gtk_widget_activate_action (GTK_WIDGET (bench->app.window), "win.write-card", NULL);
  g_assert_null (flash_ui_find_toplevel (FLASH_TYPE_CARD_FRAME));
  /* One is enough. */
  open_image_dialog (bench);
  gtk_widget_activate_action (GTK_WIDGET (bench->app.window), "win.write-card", NULL);
  g_assert_true (flash_ui_find_toplevel (FLASH_TYPE_CARD_FRAME) == bench->dialog);
}

/* -------------------------------------------------------------------------------------------- */

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (FlashCardBench *bench, gconstpointer unused);
  } tests[] = {
    { "/card/image", test_image },
    { "/card/image/facts", test_image_facts },
    { "/card/image/left-out", test_left_out },
    { "/card/image/own-size", test_own_size },
    { "/card/image/compressed", test_compressed },
    { "/card/image/shared-alone", test_shared_alone },
    { "/card/image/stopped", test_image_stopped },
    { "/card/image/errors", test_image_errors },
    { "/card/layout/errors", test_layout_errors },
    { "/card/layout/no-storage", test_no_storage },
    { "/card/layout/partial", test_partial },
    { "/card/actions", test_actions },
  };
  int status;

  flash_card_bench_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, FlashCardBench, NULL, flash_card_bench_set_up, tests[i].test,
                flash_card_bench_tear_down);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
