/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of the windows about memory, option bytes, erasing and protection, for people to look
 * at:
 *
 *   FLASH_SHOTS_DIR=FOLDER tests/harness/headless.sh build/tests/ui/test-shots-tools
 *
 * Without FLASH_SHOTS_DIR they go into a temporary folder, and only the drawing is tested. */
#define G_LOG_DOMAIN "test-shots-tools"

#include "config.h"

#include "flash-app-shots.h"
#include "flash-erase-dialog.h"
#include "flash-memory-bench.h"
#include "flash-memory-window.h"
#include "flash-options-dialog.h"
#include "flash-unprotect-dialog.h"

#include <glib/gi18n.h>

#define KIB 1024
#define F405_SIZE (1024 * KIB)

static void
set_size (GtkWidget *window, int width, int height)
{
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  flash_ui_settle (window, 60);
}

static int
get_narrow (const FlashAppLook *look)
{
  return look != NULL && look->text_scale > 0 ? (int) (360 * look->text_scale) : 360;
}

static char *
store_program (FlashAppFixture *fixture)
{
  g_autoptr (GBytes) program = flash_firmware_bench_make (FLASH_FIRMWARE_BENCH_START, 60 * KIB, 1);
  gsize size;
  g_autofree guint8 *changed =
      g_memdup2 (g_bytes_get_data (program, NULL), g_bytes_get_size (program));
  g_autoptr (GBytes) other = NULL;

  size = g_bytes_get_size (program);
  flash_firmware_bench_store (fixture, "stm32f405", F405_SIZE, 0, program);
  memcpy (changed + 0x44, "Flashwright", 11);
  changed[0x2000] ^= 0x55;
  other = g_bytes_new (changed, size);
  flash_test_write_file (fixture->layout_dir, "other.bin", other);
  return g_build_filename (fixture->layout_dir, "other.bin", NULL);
}

static void
test_memory (FlashAppFixture *fixture, gconstpointer look)
{
  g_autofree char *path = store_program (fixture);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *window;

  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  window = flash_memory_bench_open (fixture, "win.memory", FLASH_TYPE_MEMORY_WINDOW);
  flash_app_shoot_as (window, look, "memory-empty");
  flash_memory_bench_type (window, "size_entry", "5G");
  flash_app_shoot_as (window, look, "memory-bad-range");
  flash_memory_bench_type (window, "size_entry", "64K");
  flash_memory_bench_read (window);
  flash_app_shoot_as (window, look, "memory-data");
  flash_memory_window_compare_with (FLASH_MEMORY_WINDOW (window), file);
  flash_ui_wait_until (flash_memory_bench_has (window, "compare_bar"));
  flash_app_shoot_as (window, look, "memory-compare");
  set_size (window, get_narrow (look), 640);
  flash_app_shoot_as (window, look, "memory-narrow");
  flash_memory_bench_close (window);
}

static void
test_options (FlashAppFixture *fixture, gconstpointer look)
{
  GtkWidget *dialog;
  GtkAdjustment *adjustment;

  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  dialog = flash_memory_bench_open (fixture, "win.option-bytes", FLASH_TYPE_OPTIONS_DIALOG);
  flash_ui_wait_until (flash_memory_bench_has (dialog, "field_list"));
  flash_app_shoot_as (dialog, look, "options");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (flash_memory_bench_get (dialog, "choice")), 0);
  adjustment = gtk_scrolled_window_get_vadjustment (
      GTK_SCROLLED_WINDOW (flash_memory_bench_get (dialog, "choices_scroller")));
  flash_ui_settle (dialog, 30);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  flash_app_shoot_as (dialog, look, "options-staged");
  set_size (dialog, get_narrow (look), 640);
  flash_app_shoot_as (dialog, look, "options-narrow");
  flash_memory_bench_type (dialog, "word_row", _ ("write"));
  flash_memory_bench_press (dialog, "verb_button");
  flash_memory_bench_wait_for_outcome (dialog);
  flash_app_shoot_as (dialog, look, "options-written");
  flash_memory_bench_close (dialog);
}

static void
test_erase (FlashAppFixture *fixture, gconstpointer look)
{
  GtkWidget *dialog;

  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  dialog = flash_memory_bench_open (fixture, "win.erase", FLASH_TYPE_ERASE_DIALOG);
  flash_app_shoot_as (dialog, look, "erase");
  flash_memory_bench_press (dialog, "some_check");
  flash_ui_settle (dialog, 30);
  flash_ui_point (flash_memory_bench_get (dialog, "bar"), 200, 10);
  flash_ui_set_button (1, TRUE);
  flash_ui_set_button (1, FALSE);
  flash_app_shoot_as (dialog, look, "erase-sectors");
  set_size (dialog, get_narrow (look), 640);
  flash_app_shoot_as (dialog, look, "erase-narrow");
  flash_memory_bench_press (dialog, "verb_button");
  flash_app_shoot_as (flash_app_wait_for_question (), look, "erase-question");
  flash_app_answer ("act");
  flash_memory_bench_wait_for_outcome (dialog);
  flash_app_shoot_as (dialog, look, "erase-done");
  flash_memory_bench_close (dialog);
}

static void
test_protected (FlashAppFixture *fixture, gconstpointer look)
{
  GtkWidget *window, *dialog;

  flash_firmware_bench_choose (fixture, "stm32f405", "rdp=1,timing=fast");
  window = flash_memory_bench_open (fixture, "win.memory", FLASH_TYPE_MEMORY_WINDOW);
  flash_memory_bench_press (window, "read_button");
  flash_ui_wait_until (flash_memory_bench_has (window, "code_label"));
  flash_app_shoot_as (window, look, "memory-protected");
  /* With large text it may be below what is in sight. */
  g_signal_emit_by_name (flash_memory_bench_get (window, "offer_button"), "clicked");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_UNPROTECT_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_UNPROTECT_DIALOG);
  flash_app_shoot_as (dialog, look, "unprotect");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (flash_memory_bench_get (dialog, "tried_check")),
                               TRUE);
  flash_memory_bench_type (dialog, "word_row", _ ("erase everything"));
  set_size (dialog, get_narrow (look), 640);
  flash_app_shoot_as (dialog, look, "unprotect-narrow");
  flash_memory_bench_press (dialog, "verb_button");
  flash_memory_bench_wait_for_outcome (dialog);
  flash_app_shoot_as (dialog, look, "unprotect-done");
  flash_memory_bench_close (dialog);
  flash_memory_bench_close (window);
}

int
main (int argc, char **argv)
{
  static const FlashAppShotsTest tests[] = {
    { "memory", (GTestFixtureFunc) test_memory },
    { "options", (GTestFixtureFunc) test_options },
    { "erase", (GTestFixtureFunc) test_erase },
    { "protected", (GTestFixtureFunc) test_protected },
    { NULL, NULL },
  };

  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  flash_app_shots_add ("/shots-tools", sizeof (FlashAppFixture),
                       (GTestFixtureFunc) flash_app_fixture_set_up,
                       (GTestFixtureFunc) flash_app_fixture_tear_down, tests);
  return flash_app_shots_run ();
}
