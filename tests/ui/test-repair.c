/* SPDX-License-Identifier: GPL-3.0-or-later */
/* J12: support makes a repair file in one window, a customer opens it in another, presses one
 * button, and sends a report. */
#define G_LOG_DOMAIN "test-repair"

#include "config.h"

#include "flash-repair-dialog.h"
#include "flash-repair-window.h"
#include "flash-report-dialog.h"
#include "flash-revive-bench.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define KIB 1024
#define F405 "stm32f405"
#define F405_SIZE (1024 * KIB)

static char *
dup_place (FlashAppFixture *fixture)
{
  return g_build_filename (fixture->layout_dir, "Unit 7.zip", NULL);
}

/* Makes a repair file of what is open, with these words. Returns: (transfer full): its path */
static char *
make_repair (FlashAppFixture *fixture, guint case_index)
{
  char *path = dup_place (fixture);
  g_autoptr (GFile) place = g_file_new_for_path (path);
  GtkWidget *dialog =
      flash_memory_bench_open (fixture, "win.save-repair", FLASH_TYPE_REPAIR_DIALOG);
  gpointer alive = dialog;

  g_object_add_weak_pointer (G_OBJECT (dialog), &alive);
  g_assert_false (gtk_widget_is_sensitive (flash_memory_bench_get (dialog, "save_button")));
  flash_memory_bench_type (dialog, "title_row", "Unit 7 <b>comes</b> back to life");
  flash_memory_bench_type (dialog, "contact_row", "help@example.org");
  gtk_text_buffer_set_text (
      gtk_text_view_get_buffer (flash_memory_bench_get (dialog, "message_view")),
      "Hold the button, plug it in.\nPress Repair.", -1);
  if (case_index != G_MAXUINT)
    adw_combo_row_set_selected (flash_memory_bench_get (dialog, "case_row"), case_index);
  g_assert_true (gtk_widget_is_sensitive (flash_memory_bench_get (dialog, "save_button")));
  flash_repair_dialog_save_to (FLASH_REPAIR_DIALOG (dialog), NULL);
  flash_repair_dialog_save_to (FLASH_REPAIR_DIALOG (dialog), place);
  flash_ui_wait_until (alive == NULL);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  return path;
}

/* Opens it as a customer does. Returns: (transfer none): the window */
static GtkWidget *
open_repair (FlashAppFixture *fixture, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *window;

  flash_window_open (fixture->window, file);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REPAIR_WINDOW) != NULL);
  window = flash_ui_find_toplevel (FLASH_TYPE_REPAIR_WINDOW);
  flash_ui_settle (window, 30);
  return window;
}

static guint
find_case (const char *id)
{
  guint n_cases;
  const FlashRecoveryCase *cases = flash_recovery_case_list (&n_cases);

  for (guint i = 0; i < n_cases; i++)
    if (g_str_equal (cases[i].id, id))
      return i;
  g_assert_not_reached ();
}

/* Saves the report that is shown. */
static void
save_report (FlashAppFixture *fixture, GtkWidget *window)
{
  g_autofree char *path = g_build_filename (fixture->layout_dir, "report.zip", NULL);
  g_autoptr (GFile) place = g_file_new_for_path (path);
  g_autoptr (FlashReport) report = NULL;
  g_autoptr (GError) error = NULL;
  gpointer dialog;

  flash_revive_bench_press (window, "report_button");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG);
  flash_ui_settle (dialog, 30);
  g_object_add_weak_pointer (dialog, &dialog);
  flash_report_dialog_save_to (dialog, place);
  flash_ui_wait_until (dialog == NULL);
  report = flash_report_load (path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (flash_report_get_section (report, "job"));
}

/* --- J12 ------------------------------------------------------------------------------------ */

static void
test_layout (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = NULL;
  g_autofree char *before = NULL;
  GtkWidget *window;
  FlashReviveRun *run;

  flash_app_open (fixture, fixture->layout_path);
  path = make_repair (fixture, G_MAXUINT);
  /* What it was made of is not needed any more. */
  before = g_build_filename (fixture->layout_dir, "rootfs.ext4", NULL);
  flash_app_choose_board (fixture, NULL);
  window = open_repair (fixture, path);
  run = flash_repair_window_get_run (FLASH_REPAIR_WINDOW (window));
  g_assert_true (flash_revive_bench_says (window, "Unit 7 <b>comes</b> back to life"));
  g_assert_true (flash_revive_bench_says (window, "Hold the button, plug it in.\nPress Repair."));
  g_assert_true (flash_revive_bench_says (window, "Help: help@example.org"));
  g_assert_false (flash_memory_bench_has (window, "passed_list"));
  g_assert_false (flash_memory_bench_has (window, "board_row"));
  flash_revive_bench_wait_for (run, "minimal");
  g_assert_false (flash_memory_bench_has (window, "report_button"));
  g_unlink (before);
  /* One button for the boot stages, and everything after them. */
  g_assert_cmpstr (gtk_button_get_label (flash_memory_bench_get (window, "act_button")), ==,
                   "_Repair");
  flash_revive_bench_press (window, "act_button");
  flash_revive_bench_wait_for (run, "switches-back");
  flash_revive_bench_press (window, "confirm_button");
  flash_revive_bench_wait_for (run, "revived");
  flash_ui_settle (window, 30);
  g_assert_true (flash_revive_bench_says (window, "Yes, everything was read back and is right"));
  save_report (fixture, window);
  flash_memory_bench_close (window);
}

static void
test_firmware (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *firmware = flash_firmware_bench_write_program (fixture, "fw.hex", 30 * KIB, 9);
  g_autoptr (GBytes) program = flash_firmware_bench_make (FLASH_FIRMWARE_BENCH_START, 30 * KIB, 9);
  g_autofree char *path = NULL;
  GtkWidget *window;
  FlashReviveRun *run;

  flash_firmware_bench_open (fixture, firmware);
  path = make_repair (fixture, G_MAXUINT);
  flash_firmware_bench_choose (fixture, F405, "timing=fast");
  window = open_repair (fixture, path);
  run = flash_repair_window_get_run (FLASH_REPAIR_WINDOW (window));
  flash_revive_bench_wait_for (run, "flash");
  flash_revive_bench_press (window, "act_button");
  flash_revive_bench_wait_for (run, "boot0-low");
  flash_firmware_bench_assert_stored (fixture, F405, 0, program);
  flash_revive_bench_press (window, "confirm_button");
  flash_revive_bench_wait_for (run, "flashed");
  flash_memory_bench_close (window);
}

/* Without a file: saving goes over into erasing, which is asked about all the same. */
static void
test_erase (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = make_repair (fixture, find_case ("h7-power"));
  GtkWidget *window;
  FlashReviveRun *run;

  flash_firmware_bench_choose (fixture, "stm32h755", "timing=fast");
  window = open_repair (fixture, path);
  run = flash_repair_window_get_run (FLASH_REPAIR_WINDOW (window));
  flash_revive_bench_wait_for (run, "save");
  flash_revive_bench_press (window, "act_button");
  flash_ui_wait_until (g_str_equal (flash_revive_bench_get_step (run), "erase"));
  flash_app_answer ("act");
  flash_revive_bench_wait_for (run, "boot0-low");
  flash_memory_bench_close (window);
}

/* What is open is for another kind of board: it is not packed. */
static void
test_other_kind (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = NULL;
  g_autoptr (FlashRepair) repair = NULL;
  g_autoptr (GError) error = NULL;

  flash_app_open (fixture, fixture->layout_path);
  path = make_repair (fixture, find_case ("protected"));
  repair = flash_repair_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (flash_repair_get_case (repair), ==, "protected");
  g_assert_cmpuint (flash_repair_get_n_files (repair), ==, 0);
}

/* --- failures ------------------------------------------------------------------------------- */

static void
test_save_fails (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GFile) place = g_file_new_for_path ("/nowhere/at/all/unit.zip");
  GtkWidget *dialog =
      flash_memory_bench_open (fixture, "win.save-repair", FLASH_TYPE_REPAIR_DIALOG);

  flash_memory_bench_type (dialog, "title_row", "x");
  flash_repair_dialog_save_to (FLASH_REPAIR_DIALOG (dialog), place);
  flash_ui_wait_until (g_str_has_prefix (flash_memory_bench_get_text (dialog, "working_label"),
                                         "The repair file was not saved"));
  flash_memory_bench_close (dialog);
}

/* It is opened, but a file in it is not what it says. */
static void
test_damaged (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = NULL;
  GtkWidget *window;
  GStatBuf status;

  flash_app_open (fixture, fixture->layout_path);
  path = make_repair (fixture, G_MAXUINT);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (truncate (path, status.st_size / 2), ==, 0);
  window = open_repair (fixture, path);
  flash_ui_wait_until (flash_memory_bench_has (window, "open_fault_label"));
  g_assert_true (g_str_has_prefix (flash_memory_bench_get_text (window, "open_fault_label"),
                                   "The repair file is damaged"));
  flash_memory_bench_close (window);
}

/* What cannot be opened at all is said in passing. */
static void
test_hostile (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = make_repair (fixture, find_case ("h7-power"));
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_cmpint (truncate (path, 120), ==, 0);
  flash_window_open (fixture->window, file);
  flash_ui_wait_until (flash_firmware_bench_says (
      fixture, "The repair file is damaged or not complete. Get it again from whoever sent it."));
  g_assert_null (flash_ui_find_toplevel (FLASH_TYPE_REPAIR_WINDOW));
}

static void
test_words (void)
{
  static const struct {
    gint code;
    const char *text;
  } faults[] = {
    { FLASH_REPAIR_ERROR_NOT_A_REPAIR, "This is no repair file." },
    { FLASH_REPAIR_ERROR_REFUSED, "The repair file holds what" },
    { FLASH_REPAIR_ERROR_DAMAGED, "The repair file is damaged" },
    { FLASH_REPAIR_ERROR_TOO_NEW, "The repair file was made by a newer" },
    { FLASH_REPAIR_ERROR_CHANGED, "The repair file is damaged" },
  };
  g_autoptr (GError) space = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "x");
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");
  g_autofree char *space_text = flash_repair_words_dup_fault (space);
  g_autofree char *other_text = flash_repair_words_dup_fault (other);

  g_assert_true (g_str_has_prefix (space_text, "There is not enough room"));
  g_assert_cmpstr (other_text, ==, "The repair file cannot be read: x.");
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autoptr (GError) error = g_error_new_literal (FLASH_REPAIR_ERROR, faults[i].code, "x");
    g_autofree char *text = flash_repair_words_dup_fault (error);

    g_assert_true (g_str_has_prefix (text, faults[i].text));
  }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/repair/" name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,          \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("layout", test_layout);
  ADD ("firmware", test_firmware);
  ADD ("erase", test_erase);
  ADD ("other-kind", test_other_kind);
  ADD ("save-fails", test_save_fails);
  ADD ("damaged", test_damaged);
  ADD ("hostile", test_hostile);
  g_test_add_func ("/repair/words", test_words);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
