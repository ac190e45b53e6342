/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reviving virtual boards in the window: a dead STM32H7, a protected chip, a blank storage, and
 * what another system left behind. */
#define G_LOG_DOMAIN "test-revive"

#include "config.h"

#include "flash-revive-bench.h"

#include <glib/gstdio.h>
#include <string.h>

#define KIB 1024
#define H755 "stm32h755"
#define H755_SIZE (2048 * KIB)
#define F405 "stm32f405"
#define F405_SIZE (1024 * KIB)
#define ROOTFS_OFFSET 0x04984400

/* --- finding the case ----------------------------------------------------------------------- */

/* Returns: (transfer none) (nullable): the row of that case, if it is shown */
static GtkWidget *
find_row (GtkWidget *window, const char *case_id)
{
  const FlashRecoveryCase *the_case = flash_recovery_case_find (case_id);
  GtkWidget *label = flash_ui_find_widget (window, GTK_TYPE_LABEL, the_case->title);

  return label != NULL && gtk_widget_get_mapped (label)
             ? gtk_widget_get_ancestor (label, GTK_TYPE_LIST_BOX_ROW)
             : NULL;
}

static void
search (GtkWidget *window, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (flash_memory_bench_get (window, "search_entry")), text);
  flash_ui_settle (window, 250);
}

static void
test_search (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window = flash_revive_bench_open (fixture);
  GtkWidget *row;

  g_assert_null (flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window)));
  g_assert_nonnull (find_row (window, "stm32mp-blank"));
  search (window, "H755");
  g_assert_null (find_row (window, "stm32mp-blank"));
  g_assert_null (find_row (window, "empty-check"));
  g_assert_nonnull (find_row (window, "protected"));
  search (window, "stm32mp135");
  g_assert_null (find_row (window, "h7-power"));
  g_assert_nonnull (find_row (window, "stm32mp-leftovers"));
  search (window, "g031");
  g_assert_nonnull (find_row (window, "empty-check"));
  search (window, "refuses to be READ");
  g_assert_nonnull (find_row (window, "protected"));
  g_assert_null (find_row (window, "f0-hub"));
  search (window, "STM32H755ZI");
  row = find_row (window, "h7-power");
  g_assert_nonnull (row);
  gtk_widget_activate (row);
  g_assert_nonnull (flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window)));
  flash_ui_settle (window, 30);
  flash_revive_bench_press (window, "back_button");
  g_assert_null (flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window)));
  /* The same window, not another one. */
  g_assert_true (flash_revive_bench_open (fixture) == window);
  flash_memory_bench_close (window);
}

/* --- J3: an H755 with the wrong supply ------------------------------------------------------ */

/* A program that is for the other supply, on a board that nobody can reach. */
static FlashSimDevice *
make_dead_board (FlashAppFixture *fixture)
{
  g_autoptr (GBytes) good = flash_firmware_bench_make (FLASH_FIRMWARE_BENCH_START, 60 * KIB, 1);
  gsize size;
  g_autofree guint8 *bad = g_memdup2 (g_bytes_get_data (good, &size), g_bytes_get_size (good));
  g_autoptr (GBytes) program = NULL;
  FlashBoardEntry *entry;
  FlashSimDevice *device;

  memcpy (bad + FLASH_SIM_WRONG_SUPPLY_OFFSET, FLASH_SIM_WRONG_SUPPLY_TEXT,
          strlen (FLASH_SIM_WRONG_SUPPLY_TEXT));
  program = g_bytes_new (bad, size);
  flash_firmware_bench_store (fixture, H755, H755_SIZE, 0, program);
  entry = flash_firmware_bench_choose (fixture, H755, "timing=fast");
  device = flash_revive_bench_get_device (entry);
  flash_sim_device_set_boot0 (device, FALSE);
  flash_sim_device_power_cycle (device);
  flash_ui_wait_until (flash_sim_device_get_chip_state (device) == FLASH_SIM_CHIP_DEAD);
  flash_ui_wait_until ((flash_revive_bench_rescan (), !flash_board_entry_is_present (entry)));
  return device;
}

static void
assert_blank (FlashAppFixture *fixture, const char *model, gsize size)
{
  g_autoptr (GBytes) flash = flash_memory_bench_load (fixture, model, "flash.bin");
  const guint8 *bytes = g_bytes_get_data (flash, NULL);

  g_assert_cmpuint (g_bytes_get_size (flash), ==, size);
  for (gsize i = 0; i < size; i++)
    g_assert_cmphex (bytes[i], ==, 0xff);
}

/* Returns: how many option bytes are in the user's folder */
static guint
count_saved (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "flashwright", "saved", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n_saved = 0;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    GStatBuf status;

    g_assert_true (g_str_has_prefix (name, "options-H7-"));
    g_assert_cmpint (g_stat (path, &status), ==, 0);
    g_assert_cmpint (status.st_size, ==, 128);
    n_saved++;
  }
  return n_saved;
}

static void
test_h7 (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashSimDevice) device = make_dead_board (fixture);
  GtkWidget *window = flash_revive_bench_open (fixture);
  FlashReviveRun *run;

  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "h7-power");
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window));
  flash_ui_settle (window, 60);
  g_assert_cmpstr (flash_revive_bench_get_step (run), ==, "boot0");
  flash_revive_bench_press (window, "confirm_button");
  g_assert_cmpstr (flash_revive_bench_get_step (run), ==, "power-off");
  /* The reset button alone does not help, which is what the step says. */
  flash_sim_device_set_boot0 (device, TRUE);
  flash_sim_device_press_reset (device);
  flash_revive_bench_press (window, "confirm_button");
  g_assert_cmpstr (flash_revive_bench_get_step (run), ==, "rom");
  g_assert_true (flash_memory_bench_has (window, "obstacle_label"));
  flash_sim_device_power_cycle (device);
  flash_ui_wait_until (
      (flash_revive_bench_rescan (), g_str_equal (flash_revive_bench_get_step (run), "save")));
  g_assert_cmpuint (count_saved (), ==, 0);
  flash_revive_bench_press (window, "act_button");
  flash_revive_bench_wait_for (run, "erase");
  g_assert_cmpuint (count_saved (), ==, 1);
  /* It is asked, and names what is lost. */
  flash_revive_bench_press (window, "act_button");
  g_assert_nonnull (flash_ui_find_widget (flash_app_wait_for_question (), GTK_TYPE_LABEL,
                                          "The whole flash is erased, 2 MiB: the program, and all "
                                          "settings and data that it keeps there. This cannot be "
                                          "undone. The option bytes stay."));
  flash_app_answer ("keep");
  g_assert_cmpstr (flash_revive_bench_get_step (run), ==, "erase");
  flash_revive_bench_press (window, "act_button");
  flash_app_answer ("act");
  flash_revive_bench_wait_for (run, "boot0-low");
  assert_blank (fixture, H755, H755_SIZE);
  flash_revive_bench_press (window, "confirm_button");
  flash_revive_bench_wait_for (run, "blank");
  flash_ui_settle (window, 60);
  g_assert_true (flash_revive_bench_says (window, "Yes, 2 MiB read back and blank"));
  g_assert_true (flash_revive_bench_says (window, "Option bytes saved"));
  g_assert_false (flash_memory_bench_has (window, "act_button"));
  flash_memory_bench_close (window);
}

/* Whoever sees nothing, twice, is told honestly. */
static void
test_h7_probe (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window = flash_revive_bench_open (fixture);
  FlashReviveRun *run;

  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "h7-power");
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window));
  for (guint i = 0; i < 4; i++)
    flash_revive_bench_press (window, "confirm_button");
  g_assert_cmpstr (flash_revive_bench_get_step (run), ==, "h7-needs-probe");
  flash_ui_settle (window, 30);
  g_assert_true (flash_revive_bench_says (window, "This needs an ST-LINK"));
  g_assert_false (flash_memory_bench_has (window, "confirm_button"));
  flash_memory_bench_close (window);
}

/* --- protection ----------------------------------------------------------------------------- */

static void
test_protected (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) program = flash_firmware_bench_make (FLASH_FIRMWARE_BENCH_START, 60 * KIB, 1);
  GtkWidget *window;
  FlashReviveRun *run;

  flash_firmware_bench_store (fixture, F405, F405_SIZE, 0, program);
  flash_firmware_bench_choose (fixture, F405, "rdp=1,timing=fast");
  window = flash_revive_bench_open (fixture);
  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "protected");
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window));
  flash_revive_bench_wait_for (run, "other-port");
  flash_revive_bench_press (window, "confirm_button");
  flash_revive_bench_wait_for (run, "unprotect");
  flash_revive_bench_press (window, "act_button");
  flash_app_answer ("act");
  flash_revive_bench_wait_for (run, "boot0-low");
  assert_blank (fixture, F405, F405_SIZE);
  flash_revive_bench_press (window, "confirm_button");
  flash_revive_bench_wait_for (run, "open");
  flash_ui_settle (window, 30);
  g_assert_true (flash_revive_bench_says (window, "Removed, the flash was read back and is blank"));
  flash_memory_bench_close (window);
}

/* An open chip is not erased for nothing, and firmware that is open is what is flashed. */
static void
test_firmware (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "good.hex", 60 * KIB, 5);
  g_autoptr (GBytes) program = flash_firmware_bench_make (FLASH_FIRMWARE_BENCH_START, 60 * KIB, 5);
  GtkWidget *window;
  FlashReviveRun *run;

  flash_firmware_bench_choose (fixture, F405, "timing=fast");
  window = flash_revive_bench_open (fixture);
  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "loader-without-flash");
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window));
  flash_revive_bench_wait_for (run, "file");
  flash_firmware_bench_open (fixture, path);
  flash_revive_bench_wait_for (run, "flash");
  flash_revive_bench_press (window, "act_button");
  flash_revive_bench_wait_for (run, "boot0-low");
  flash_firmware_bench_assert_stored (fixture, F405, 0, program);
  flash_revive_bench_press (window, "confirm_button");
  flash_revive_bench_wait_for (run, "flashed");
  flash_memory_bench_close (window);
}

/* --- STM32MP -------------------------------------------------------------------------------- */

static void
test_blank (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;
  FlashReviveRun *run;

  flash_app_choose_board (fixture, NULL);
  window = flash_revive_bench_open (fixture);
  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "stm32mp-blank");
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window));
  flash_revive_bench_wait_for (run, "layout");
  flash_app_open (fixture, fixture->layout_path);
  flash_revive_bench_wait_for (run, "minimal");
  flash_revive_bench_press (window, "act_button");
  flash_revive_bench_wait_for (run, "flash");
  flash_revive_bench_press (window, "act_button");
  flash_revive_bench_wait_for (run, "switches-back");
  flash_app_assert_stored (fixture, "mmc0.img", ROOTFS_OFFSET, "rootfs.ext4");
  flash_ui_settle (window, 30);
  flash_revive_bench_press (window, "confirm_button");
  flash_revive_bench_wait_for (run, "revived");
  flash_ui_settle (window, 30);
  g_assert_true (flash_revive_bench_says (window, "Yes, everything was read back and is right"));
  flash_memory_bench_close (window);
}

/* Everything is erased before, and the file of the layout stays as it is. */
static void
test_wiping (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;
  FlashReviveRun *run;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_assert_true (g_file_get_contents (fixture->layout_path, &before, NULL, NULL));
  flash_app_choose_board (fixture, NULL);
  flash_app_open (fixture, fixture->layout_path);
  window = flash_revive_bench_open (fixture);
  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "stm32mp-leftovers");
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window));
  flash_revive_bench_wait_for (run, "boot-partitions");
  flash_revive_bench_press (window, "confirm_button");
  flash_revive_bench_wait_for (run, "wipe");
  flash_ui_settle (window, 30);
  g_assert_true (flash_memory_bench_has (window, "preview_expander"));
  flash_revive_bench_press (window, "act_button");
  flash_app_answer ("act");
  flash_revive_bench_wait_for (run, "switches-back");
  g_assert_true (flash_plan_has_erase (
      flash_job_get_plan (flash_job_model_get_job (flash_revive_run_get_model (run)))));
  flash_app_assert_stored (fixture, "mmc0.img", ROOTFS_OFFSET, "rootfs.ext4");
  g_assert_true (g_file_get_contents (fixture->layout_path, &after, NULL, NULL));
  g_assert_cmpstr (before, ==, after);
  flash_memory_bench_close (window);
}

/* --- in the middle -------------------------------------------------------------------------- */

static void
test_close (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;
  g_autoptr (FlashReviveRun) run = NULL;
  gpointer alive;

  flash_firmware_bench_choose (fixture, F405, NULL);
  window = flash_revive_bench_open (fixture);
  alive = window;
  g_object_add_weak_pointer (G_OBJECT (window), &alive);
  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "protected");
  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "boot-options");
  run = g_object_ref (flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window)));
  flash_revive_bench_wait_for (run, "save");
  flash_revive_bench_press (window, "act_button");
  /* From the button on; nothing else has run meanwhile. */
  g_assert_true (flash_revive_run_is_working (run));
  gtk_window_close (GTK_WINDOW (window));
  g_assert_nonnull (alive);
  flash_app_answer ("act");
  flash_ui_wait_until (alive == NULL);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/revive/" name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,          \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("search", test_search);
  ADD ("h7", test_h7);
  ADD ("h7-probe", test_h7_probe);
  ADD ("protected", test_protected);
  ADD ("firmware", test_firmware);
  ADD ("blank", test_blank);
  ADD ("wiping", test_wiping);
  ADD ("close", test_close);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
