/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of the Firmware page, its job and its results, for people to look at:
 *
 *   FLASH_SHOTS_DIR=FOLDER tests/harness/headless.sh build/tests/ui/test-shots-firmware
 *
 * Without FLASH_SHOTS_DIR they go into a temporary folder, and only the drawing is tested. */
#define G_LOG_DOMAIN "test-shots-firmware"

#include "config.h"

#include "flash-app-shots.h"
#include "flash-firmware-bench.h"

#define KIB 1024
#define FLASH_F405 (1024 * KIB)

static void
shoot (FlashAppFixture *fixture, const char *name)
{
  flash_app_shoot (GTK_WIDGET (fixture->window), name);
}

/* A program, its settings in a sector that it shares, and what a debugger would load into RAM. */
static char *
write_shared (FlashAppFixture *fixture)
{
  g_autoptr (GBytes) program = flash_firmware_bench_make (FLASH_FIRMWARE_BENCH_START, 118 * KIB, 1);
  g_autoptr (GBytes) settings = flash_test_make_bytes (3 * KIB, 2);
  g_autoptr (GBytes) ram = flash_test_make_bytes (256, 3);
  const FlashFirmwarePiece pieces[] = {
    { FLASH_FIRMWARE_BENCH_START, program },
    { 0x08060000, settings },
    { 0x20000100, ram },
    { 0, NULL },
  };

  return flash_firmware_bench_write_hex (fixture, "motor-control.hex", pieces);
}

static void
store_neighbour (FlashAppFixture *fixture)
{
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (KIB, 9);

  flash_firmware_bench_store (fixture, "stm32f405", FLASH_F405, 0x7f000, neighbour);
}

static void
scroll_down (FlashAppFixture *fixture)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (
      GTK_SCROLLED_WINDOW (flash_app_get (fixture, "scroller")));

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

static void
test_page (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = write_shared (fixture);

  shoot (fixture, "firmware-welcome");
  flash_firmware_bench_open (fixture, path);
  shoot (fixture, "firmware-no-board");
  flash_app_choose_board (fixture, NULL);
  shoot (fixture, "firmware-wrong-board");
  flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  shoot (fixture, "firmware-page");
  gtk_widget_grab_focus (flash_app_get (fixture, "chip_map"));
  for (guint i = 0; flash_ui_has_input () && i < 8; i++)
    flash_ui_press_keys ("Right");
  shoot (fixture, "firmware-page-chosen");
  scroll_down (fixture);
  shoot (fixture, "firmware-page-down");
  flash_firmware_bench_choose (fixture, "stm32g474", NULL);
  shoot (fixture, "firmware-page-g474");
  flash_firmware_bench_choose (fixture, "cubemx-dfu", "skeleton=yes");
  shoot (fixture, "firmware-page-loader");
}

static void
test_raw (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) bytes = flash_firmware_bench_make (0x08008000, 20 * KIB, 4);
  g_autofree char *path = g_build_filename (fixture->layout_dir, "blink.bin", NULL);

  flash_test_write_file (fixture->layout_dir, "blink.bin", bytes);
  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  shoot (fixture, "firmware-raw");
  flash_test_write_text (fixture->layout_dir, "cut.hex",
                         ":100000000102030405060708090A0B0C0D0E0F"
                         "1068\n");
  g_free (path);
  path = g_build_filename (fixture->layout_dir, "cut.hex", NULL);
  flash_firmware_bench_open (fixture, path);
  shoot (fixture, "firmware-damaged");
}

static void
test_job (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = write_shared (fixture);
  GtkWidget *dialog;

  store_neighbour (fixture);
  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", "latency=3000");
  flash_firmware_bench_flash (fixture);
  dialog = flash_app_wait_for_question ();
  flash_app_shoot (dialog, "firmware-shared-question");
  flash_app_answer ("cancel");
  shoot (fixture, "firmware-result-shared");
  flash_app_press (fixture, "back_button");
  flash_ui_wait_until (flash_app_is_page (fixture, "firmware"));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (flash_app_get (fixture, "shared_choice")), 1);
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "Erasing"));
  shoot (fixture, "firmware-job-erase");
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "Writing"));
  flash_ui_run_for (500);
  shoot (fixture, "firmware-job-write");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL);
  dialog = flash_app_wait_for_question ();
  flash_app_shoot (dialog, "firmware-stop-question");
  flash_app_answer ("keep");
  flash_app_wait_for_result (fixture);
  flash_ui_run_for (400);
  shoot (fixture, "firmware-result-good");
}

static void
test_failed (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) program = flash_firmware_bench_make (0x0800c000, 60 * KIB, 1);
  const FlashFirmwarePiece pieces[] = { { 0x0800c000, program }, { 0, NULL } };
  g_autofree char *path = flash_firmware_bench_write_hex (fixture, "app.hex", pieces);

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "cubemx-dfu", "skeleton=yes,timing=fast");
  flash_firmware_bench_flash (fixture);
  shoot (fixture, "firmware-result-skeleton");
}

static void
test_refused (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 32 * KIB, 1);

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", "rdp=1,timing=fast");
  flash_firmware_bench_flash (fixture);
  g_assert_true (flash_app_has (fixture, "port_button"));
  shoot (fixture, "firmware-result-refused");
  flash_app_resize (fixture, 360, 720);
  shoot (fixture, "firmware-result-refused-narrow");
}

/* The narrow window grows with the text. */
static void
shoot_narrow (FlashAppFixture *fixture, const char *name, double text_scale)
{
  g_autofree char *page = g_strconcat (name, "-page", NULL);
  g_autofree char *down = g_strconcat (name, "-down", NULL);
  g_autofree char *result = g_strconcat (name, "-result", NULL);
  g_autofree char *path = write_shared (fixture);

  flash_firmware_bench_open (fixture, path);
  flash_app_resize (fixture, text_scale > 0 ? (int) (360 * text_scale) : 360, 720);
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  if (adw_flap_get_folded (ADW_FLAP (flash_app_get (fixture, "flap"))))
    adw_flap_set_reveal_flap (ADW_FLAP (flash_app_get (fixture, "flap")), FALSE);
  shoot (fixture, page);
  scroll_down (fixture);
  shoot (fixture, down);
  flash_firmware_bench_flash (fixture);
  flash_ui_run_for (400);
  shoot (fixture, result);
}

static void
test_narrow (FlashAppFixture *fixture, gconstpointer unused)
{
  shoot_narrow (fixture, "firmware-narrow", 0);
}

static void
test_look (FlashAppFixture *fixture, gconstpointer data)
{
  const FlashAppLook *look = data;
  g_autofree char *path = write_shared (fixture);
  g_autofree char *narrow = g_strconcat ("firmware-narrow-", look->name, NULL);

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  flash_app_shoot_look (fixture, look, "firmware-page");
  shoot_narrow (fixture, narrow, look->text_scale);
}

static void
set_up_look (FlashAppFixture *fixture, gconstpointer data)
{
  flash_app_set_look (data);
  flash_app_fixture_set_up (fixture, NULL);
}

static void
tear_down_look (FlashAppFixture *fixture, gconstpointer data)
{
  flash_app_fixture_tear_down (fixture, NULL);
  flash_app_reset_look ();
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

static void
add_usual (void)
{
  ADD ("/shots-firmware/page", test_page);
  ADD ("/shots-firmware/raw", test_raw);
  ADD ("/shots-firmware/job", test_job);
  ADD ("/shots-firmware/failed", test_failed);
  ADD ("/shots-firmware/refused", test_refused);
  ADD ("/shots-firmware/narrow", test_narrow);
}

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  if (flash_app_has_usual_look ())
    add_usual ();
  for (const FlashAppLook *look = flash_app_list_looks (); look->name != NULL; look++) {
    g_autofree char *path = g_strconcat ("/shots-firmware/", look->name, NULL);

    g_test_add (path, FlashAppFixture, look, set_up_look, test_look, tear_down_look);
  }
  status = g_test_run ();
  flash_app_test_shut_down ();
  flash_app_shots_shut_down ();
  return status;
}
