/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of the main pages in the language of the environment, wide and narrow: no text of a
 * translation may be cut off.
 *
 *   LANGUAGE=de FLASH_TEST_LOCALE_DIR=build/po FLASH_SHOTS_DIR=FOLDER \
 *     tests/harness/headless.sh build/tests/ui/test-shots-languages */
#define G_LOG_DOMAIN "test-shots-languages"

#include "config.h"

#include "flash-app-shots.h"
#include "flash-firmware-bench.h"
#include "flash-preferences-window.h"

#include <glib/gi18n.h>

#define KIB 1024

static void
shoot (FlashAppFixture *fixture, const char *name)
{
  g_autofree char *narrow = g_strconcat (name, "-narrow", NULL);

  flash_app_resize (fixture, 1000, 700);
  flash_app_shoot (GTK_WIDGET (fixture->window), name);
  flash_app_resize (fixture, 360, 640);
  flash_app_shoot (GTK_WIDGET (fixture->window), narrow);
}

/* Otherwise all the rest would be looked at in English. */
static void
test_language (FlashAppFixture *fixture, gconstpointer unused)
{
  const char *sentence = "The board left the bus and did not come back.";

  g_assert_nonnull (g_getenv ("LANGUAGE"));
  g_assert_cmpstr (gettext (sentence), !=, sentence);
}

static void
test_welcome (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;

  shoot (fixture, "welcome");
  g_action_group_activate_action (G_ACTION_GROUP (flash_app_test.application), "preferences", NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_PREFERENCES_WINDOW) != NULL);
  window = flash_ui_find_toplevel (FLASH_TYPE_PREFERENCES_WINDOW);
  flash_app_shoot (window, "preferences");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_problems (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (fixture->layout_dir, "faults.tsv", NULL);

  flash_test_write_text (fixture->layout_dir, "faults.tsv",
                         "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
                         "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"
                         "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\tno-such-file.stm32\n"
                         "P\t0x10\tbootfs\tSystem\tmmc0\t0x00004800\tbootfs.ext4\n"
                         "P\t0x10\trootfs\tFileSystem\tmmc0\t0x00984400\trootfs.ext4\n");
  flash_app_open (fixture, path);
  flash_app_choose_board (fixture, "speed=full");
  shoot (fixture, "problems");
}

static void
test_job (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "fault=no-uboot@tfa");
  shoot (fixture, "layout");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "question_label"));
  shoot (fixture, "job");
  flash_app_activate (fixture, "win.stop");
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
  shoot (fixture, "result-stopped");
}

static void
test_success (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_app_start (fixture);
  flash_app_wait_for_result (fixture);
  shoot (fixture, "result");
}

static void
test_firmware (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path =
      flash_firmware_bench_write_program (fixture, "motor-control.hex", 60 * KIB, 1);

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  shoot (fixture, "firmware");
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  ADD ("/shots-languages/language", test_language);
  ADD ("/shots-languages/welcome", test_welcome);
  ADD ("/shots-languages/problems", test_problems);
  ADD ("/shots-languages/job", test_job);
  ADD ("/shots-languages/success", test_success);
  ADD ("/shots-languages/firmware", test_firmware);
  return flash_app_shots_run ();
}
