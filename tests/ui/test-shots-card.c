/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of the dialogs about cards, for people to look at:
 *
 *   FLASH_SHOTS_DIR=FOLDER tests/harness/headless.sh build/tests/ui/test-shots-card */
#define G_LOG_DOMAIN "test-shots-card"

#include "config.h"

#include "flash-app-shots.h"
#include "flash-card-bench.h"
#include "flash-image-dialog.h"

static void
shoot (FlashCardBench *bench, const FlashAppLook *look, const char *name)
{
  flash_app_shoot_as (bench->dialog, look, name);
}

/* As narrow as it gets with large text. */
static void
make_narrow (FlashCardBench *bench)
{
  int width = gtk_widget_get_width (bench->dialog);

  flash_ui_settle (bench->dialog, 60);
  gtk_window_set_default_size (GTK_WINDOW (bench->dialog), 360, 640);
  flash_ui_wait_until (gtk_widget_get_width (bench->dialog) < width);
}

static void
close_dialog (FlashCardBench *bench)
{
  gpointer alive = bench->dialog;

  g_object_add_weak_pointer (G_OBJECT (bench->dialog), &alive);
  gtk_window_destroy (GTK_WINDOW (bench->dialog));
  flash_ui_wait_until (alive == NULL);
  bench->dialog = NULL;
}

/* --- the file ------------------------------------------------------------------------------- */

static void
save_image (FlashCardBench *bench, const char *folder)
{
  g_autofree char *path = g_build_filename (bench->app.layout_dir, folder, "board-mmc0.img", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  flash_image_dialog_save_to (FLASH_IMAGE_DIALOG (bench->dialog), file);
}

static void
test_image (FlashCardBench *bench, gconstpointer data)
{
  const FlashAppLook *look = data;
  GtkWidget *size_row;

  flash_card_bench_open (bench, "win.save-image");
  flash_card_bench_wait_page (bench, "choices");
  shoot (bench, look, "card-image");
  size_row = flash_card_bench_find (bench, "size_row");
  adw_combo_row_set_selected (ADW_COMBO_ROW (size_row), 6);
  gtk_editable_set_text (GTK_EDITABLE (flash_card_bench_find (bench, "own_size_row")), "1M");
  shoot (bench, look, "card-image-own-size");
  make_narrow (bench);
  shoot (bench, look, "card-image-narrow");
  adw_combo_row_set_selected (ADW_COMBO_ROW (size_row), 0);
  save_image (bench, "no-such-folder");
  flash_card_bench_wait_page (bench, "outcome");
  shoot (bench, look, "card-image-failed-narrow");
  close_dialog (bench);
  flash_card_bench_open (bench, "win.save-image");
  flash_card_bench_wait_page (bench, "choices");
  adw_combo_row_set_selected (ADW_COMBO_ROW (flash_card_bench_find (bench, "size_row")), 5);
  adw_combo_row_set_selected (ADW_COMBO_ROW (flash_card_bench_find (bench, "compression_row")), 2);
  save_image (bench, "");
  flash_card_bench_wait_page (bench, "progress");
  shoot (bench, look, "card-image-saving");
  gtk_window_close (GTK_WINDOW (bench->dialog));
  flash_card_bench_wait_page (bench, "choices");
  adw_combo_row_set_selected (ADW_COMBO_ROW (flash_card_bench_find (bench, "size_row")), 0);
  adw_combo_row_set_selected (ADW_COMBO_ROW (flash_card_bench_find (bench, "compression_row")), 0);
  save_image (bench, "");
  flash_card_bench_wait_page (bench, "outcome");
  shoot (bench, look, "card-image-saved");
  make_narrow (bench);
  shoot (bench, look, "card-image-saved-narrow");
}

static void
test_faults (FlashCardBench *bench, gconstpointer data)
{
  const FlashAppLook *look = data;

  flash_card_bench_open_rows (bench, "win.save-image",
                              "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\tno-such-file\n");
  flash_card_bench_wait_page (bench, "outcome");
  shoot (bench, look, "card-layout-errors");
}

/* --- the card ------------------------------------------------------------------------------- */

static void
test_write (FlashCardBench *bench, gconstpointer data)
{
  const FlashAppLook *look = data;

  flash_mock_udisks_add_volume (bench->mock, "sdb", 1, "/media/me/boot");
  flash_mock_udisks_add_volume (bench->mock, "sdb", 2, NULL);
  flash_mock_udisks_add_stick (bench->mock, "sdc", 1024 * 1024);
  flash_mock_udisks_add_stick (bench->mock, "sdd", FLASH_CARD_BENCH_STICK_SIZE);
  flash_mock_udisks_set (bench->mock, "drives/sdd", "Drive", "MediaRemovable", "false");
  flash_mock_udisks_add_stick (bench->mock, "sde", FLASH_CARD_BENCH_STICK_SIZE);
  flash_mock_udisks_set (bench->mock, "block_devices/sde", "Block", "ReadOnly", "true");
  flash_card_bench_open (bench, "win.write-card");
  flash_card_bench_wait_page (bench, "choices");
  flash_ui_wait_until (flash_card_bench_find_row (bench, "Generic Stick") != NULL);
  adw_action_row_activate (flash_card_bench_find_row (bench, "Generic Stick"));
  shoot (bench, look, "card-write");
  flash_card_bench_press (bench, "verb_button");
  flash_app_wait_for_question ();
  flash_ui_settle (flash_app_wait_for_question (), 60);
  if (look == NULL)
    flash_app_shoot (flash_app_wait_for_question (), "card-write-question");
  flash_app_answer ("keep");
  make_narrow (bench);
  shoot (bench, look, "card-write-narrow");
  gtk_window_set_default_size (GTK_WINDOW (bench->dialog), 560, 640);
  flash_mock_udisks_refuse (bench->mock, "OpenDevice", "", "");
  flash_card_bench_write (bench);
  flash_card_bench_wait_page (bench, "progress");
  shoot (bench, look, "card-writing");
  gtk_window_close (GTK_WINDOW (bench->dialog));
  flash_card_bench_wait_page (bench, "outcome");
  shoot (bench, look, "card-stopped");
  close_dialog (bench);
  flash_mock_udisks_refuse (bench->mock, "OpenDevice", NULL, NULL);
  flash_card_bench_open (bench, "win.write-card");
  flash_card_bench_write (bench);
  flash_card_bench_wait_page (bench, "outcome");
  shoot (bench, look, "card-written");
  make_narrow (bench);
  shoot (bench, look, "card-written-narrow");
}

static void
test_no_card (FlashCardBench *bench, gconstpointer data)
{
  const FlashAppLook *look = data;

  flash_mock_udisks_remove (bench->mock, "block_devices/sdb");
  flash_mock_udisks_remove (bench->mock, "drives/sdb");
  flash_card_bench_open (bench, "win.write-card");
  flash_ui_wait_until (flash_card_bench_says (bench, "Insert a card"));
  shoot (bench, look, "card-none");
  close_dialog (bench);
  flash_mock_udisks_stop (bench->mock);
  flash_card_bench_open (bench, "win.write-card");
  flash_ui_wait_until (flash_card_bench_says (bench, "Cards cannot be looked for"));
  shoot (bench, look, "card-no-service");
}

static void
test_verify_error (FlashCardBench *bench, gconstpointer data)
{
  const FlashAppLook *look = data;

  flash_mock_udisks_make_file (bench->mock, "other", FLASH_CARD_BENCH_STICK_SIZE);
  flash_mock_udisks_swap_file (bench->mock, 2, flash_mock_udisks_get_file (bench->mock, "other"));
  flash_card_bench_open (bench, "win.write-card");
  flash_card_bench_write (bench);
  flash_card_bench_wait_page (bench, "outcome");
  shoot (bench, look, "card-different");
}

/* -------------------------------------------------------------------------------------------- */

int
main (int argc, char **argv)
{
  static const FlashAppShotsTest tests[] = {
    { "image", (GTestFixtureFunc) test_image },
    { "faults", (GTestFixtureFunc) test_faults },
    { "write", (GTestFixtureFunc) test_write },
    { "no-card", (GTestFixtureFunc) test_no_card },
    { "verify-error", (GTestFixtureFunc) test_verify_error },
    { NULL, NULL },
  };

  flash_card_bench_init (&argc, &argv);
  flash_app_shots_init ();
  flash_app_shots_add ("/shots-card", sizeof (FlashCardBench),
                       (GTestFixtureFunc) flash_card_bench_set_up,
                       (GTestFixtureFunc) flash_card_bench_tear_down, tests);
  return flash_app_shots_run ();
}
