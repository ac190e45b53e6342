/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of reviving a board, for people to look at:
 *
 *   FLASH_SHOTS_DIR=FOLDER tests/harness/headless.sh build/tests/ui/test-shots-revive
 *
 * Without FLASH_SHOTS_DIR they go into a temporary folder, and only the drawing is tested. */
#define G_LOG_DOMAIN "test-shots-revive"

#include "config.h"

#include "flash-app-shots.h"
#include "flash-repair-dialog.h"
#include "flash-repair-window.h"
#include "flash-revive-bench.h"
#include "flash-switch-drawing.h"

#include <glib/gi18n.h>

static void
set_size (GtkWidget *window, const FlashAppLook *look, int width, int height)
{
  double scale = look != NULL && look->text_scale > 0 ? look->text_scale : 1;

  gtk_window_set_default_size (GTK_WINDOW (window), (int) (width * scale), height);
  flash_ui_settle (window, 60);
}

/* --- drawings ------------------------------------------------------------------------------- */

static GtkWidget *
make_drawing (const char *drawing, const FlashSwitchBoard *board, FlashSwitchStorage storage)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *widget = flash_switch_drawing_new ();

  flash_switch_drawing_show (FLASH_SWITCH_DRAWING (widget), drawing, board, storage);
  gtk_box_append (GTK_BOX (box), widget);
  gtk_box_append (GTK_BOX (box), gtk_label_new (board != NULL ? _ (board->name) : NULL));
  return box;
}

static void
shoot_drawings (FlashAppFixture *fixture, const FlashAppLook *look)
{
  static const char *const others[] = { "boot0-high", "boot0-low", "usb-device-port",
                                        "power-cycle" };
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "transient-for", fixture->window, NULL);
  GtkWidget *grid = gtk_grid_new ();
  guint n_boards;
  const FlashSwitchBoard *boards = flash_switch_board_list (&n_boards);

  gtk_grid_set_row_spacing (GTK_GRID (grid), 12);
  for (guint i = 0; i < n_boards; i++) {
    gtk_grid_attach (GTK_GRID (grid),
                     make_drawing ("switches-serial", &boards[i], FLASH_SWITCH_SERIAL), 0, (int) i,
                     1, 1);
    gtk_grid_attach (GTK_GRID (grid),
                     make_drawing ("switches-storage", &boards[i], FLASH_SWITCH_SD), 1, (int) i, 1,
                     1);
  }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    gtk_grid_attach (GTK_GRID (grid), make_drawing (others[i], NULL, FLASH_SWITCH_SD), 2, (int) i,
                     1, 1);
  adw_window_set_content (ADW_WINDOW (window), grid);
  gtk_window_present (GTK_WINDOW (window));
  flash_ui_settle (window, 60);
  flash_app_shoot_as (window, look, "revive-drawings");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_drawings (FlashAppFixture *fixture, gconstpointer data)
{
  shoot_drawings (fixture, data);
}

/* --- windows -------------------------------------------------------------------------------- */

static void
test_h7 (FlashAppFixture *fixture, gconstpointer data)
{
  GtkWidget *window = flash_revive_bench_open (fixture);
  FlashReviveRun *run;
  FlashBoardEntry *entry;

  flash_app_shoot_as (window, data, "revive-cases");
  set_size (window, data, 360, 720);
  flash_app_shoot_as (window, data, "revive-cases-narrow");
  set_size (window, data, 620, 900);
  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "h7-power");
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window));
  flash_app_shoot_as (window, data, "revive-h7-begin");
  flash_revive_bench_press (window, "confirm_button");
  flash_revive_bench_press (window, "confirm_button");
  flash_app_shoot_as (window, data, "revive-h7-wait");
  set_size (window, data, 360, 900);
  flash_app_shoot_as (window, data, "revive-h7-narrow");
  set_size (window, data, 620, 900);
  entry = flash_firmware_bench_choose (fixture, "stm32h755", "timing=fast");
  flash_revive_boards_choose (flash_revive_run_get_boards (run), entry);
  flash_revive_bench_press (window, "act_button");
  flash_revive_bench_wait_for (run, "erase");
  flash_app_shoot_as (window, data, "revive-h7-erase");
  flash_revive_bench_press (window, "act_button");
  flash_app_shoot_as (flash_app_wait_for_question (), data, "revive-h7-question");
  flash_app_answer ("act");
  flash_revive_bench_wait_for (run, "boot0-low");
  flash_revive_bench_press (window, "confirm_button");
  flash_app_shoot_as (window, data, "revive-h7-done");
  flash_memory_bench_close (window);
}

static void
test_mp (FlashAppFixture *fixture, gconstpointer data)
{
  GtkWidget *window = flash_revive_bench_open (fixture);

  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "stm32mp-leftovers");
  set_size (window, data, 620, 900);
  flash_app_shoot_as (window, data, "revive-mp-switches");
  flash_memory_bench_close (window);
  flash_app_choose_board (fixture, NULL);
  flash_app_open (fixture, fixture->layout_path);
  window = flash_revive_bench_open (fixture);
  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "stm32mp-leftovers");
  set_size (window, data, 620, 900);
  flash_revive_bench_wait_for (flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window)),
                               "boot-partitions");
  flash_revive_bench_press (window, "confirm_button");
  gtk_expander_set_expanded (flash_memory_bench_get (window, "preview_expander"), TRUE);
  flash_app_shoot_as (window, data, "revive-mp-wipe");
  flash_memory_bench_close (window);
}

static void
test_repair (FlashAppFixture *fixture, gconstpointer data)
{
  const FlashRepairWords words = { "Unit 7 comes back to life",
                                   "Hold the button beside the USB socket, plug the unit in, and "
                                   "press Repair.\nIt takes about one "
                                   "minute.",
                                   "support@example.org, +49 30 123456" };
  g_autoptr (FlashRepair) repair = flash_repair_new ("h7-power", &words);
  g_autofree char *path = g_build_filename (fixture->layout_dir, "unit.zip", NULL);
  GtkWidget *dialog =
      flash_memory_bench_open (fixture, "win.save-repair", FLASH_TYPE_REPAIR_DIALOG);
  GtkWidget *window;
  FlashBoardEntry *entry;

  flash_memory_bench_type (dialog, "title_row", words.title);
  flash_app_shoot_as (dialog, data, "repair-dialog");
  flash_memory_bench_close (dialog);
  window = GTK_WIDGET (flash_repair_window_present (
      GTK_WINDOW (fixture->window), flash_app_test.application, repair, path, NULL));
  flash_ui_settle (window, 30);
  flash_app_shoot_as (window, data, "repair-begin");
  entry = flash_firmware_bench_choose (fixture, "stm32h755", "timing=fast");
  flash_revive_boards_choose (
      flash_revive_run_get_boards (flash_repair_window_get_run (FLASH_REPAIR_WINDOW (window))),
      entry);
  flash_app_shoot_as (window, data, "repair-ready");
  set_size (window, data, 360, 720);
  flash_app_shoot_as (window, data, "repair-narrow");
  flash_memory_bench_close (window);
}

int
main (int argc, char **argv)
{
  static const FlashAppShotsTest tests[] = {
    { "drawings", (GTestFixtureFunc) test_drawings },
    { "h7", (GTestFixtureFunc) test_h7 },
    { "mp", (GTestFixtureFunc) test_mp },
    { "repair", (GTestFixtureFunc) test_repair },
    { NULL, NULL },
  };

  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  flash_app_shots_add ("/shots-revive", sizeof (FlashAppFixture),
                       (GTestFixtureFunc) flash_app_fixture_set_up,
                       (GTestFixtureFunc) flash_app_fixture_tear_down, tests);
  return flash_app_shots_run ();
}
