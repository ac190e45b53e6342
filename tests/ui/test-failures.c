/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs that do not go well, or do not begin: what is said, and what can be done. */
#define G_LOG_DOMAIN "test-failures"

#include "config.h"

#include "flash-app-test.h"

#include <unistd.h>

/* --- failing ------------------------------------------------------------------------------ */

static void
test_unplug (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry;

  flash_app_open (fixture, fixture->layout_path);
  entry = flash_app_choose_board (fixture, "fault=unplug@120");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "give_up_button"));
  g_signal_emit_by_name (flash_app_get (fixture, "give_up_button"), "clicked");
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "code_label"), ==, "board-gone");
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==,
                   "The board left the USB port in the middle of the job");
  g_assert_true (flash_app_has (fixture, "steps_box"));
  g_assert_true (flash_app_has (fixture, "report_button"));
  g_assert_true (
      g_str_has_prefix (flash_app_get_fact (fixture, "next_row"), "The board is not on the bus."));
  g_assert_nonnull (
      flash_ui_find_widget (flash_app_get (fixture, "step_list"), GTK_TYPE_LABEL, "Failed"));
  g_assert_true (gtk_widget_has_focus (flash_app_get (fixture, "again_button")));

  /* It can be brought back from the bar, too. */
  flash_ui_wait_until (!flash_board_entry_is_present (entry));
  flash_app_press (fixture, "back_button");
  flash_ui_wait_until (flash_app_is_page (fixture, "layout"));
  g_assert_cmpstr (flash_app_get_text (fixture, "note_label"), ==, "The board is not on the bus.");
  flash_app_press (fixture, "note_button");
  flash_ui_wait_until (flash_board_entry_is_present (entry));
  flash_ui_wait_until (!flash_app_has (fixture, "note_box"));
}

/* The board's own words stand for themselves. */
static void
test_device_text (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "mmc0=64M");
  flash_app_start (fixture);
  flash_app_wait_for_result (fixture);
  /* What the words mean is said once the port was looked at. */
  flash_ui_wait_until (
      g_str_equal (flash_app_get_text (fixture, "code_label"), "offset-beyond-end"));
  g_assert_cmpstr (flash_app_get_text (fixture, "device_label"), ==,
                   "rootfs (0x11): invalid address 0x4984400 (max=0x3ffba00)");
  g_assert_cmpstr (flash_app_get_fact (fixture, "written_row"), ==, "0 of 10 partitions");
}

static void
test_mismatch (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "fault=corrupt@400");
  flash_app_set_verify (TRUE);
  flash_app_start (fixture);
  flash_app_wait_for_result (fixture);
  flash_app_set_verify (FALSE);
  g_test_message ("%s: %s", flash_app_get_text (fixture, "code_label"),
                  flash_app_get_fact (fixture, "verified_row"));
  g_assert_cmpstr (flash_app_get_text (fixture, "code_label"), ==, "verify-mismatch");
  g_assert_cmpstr (flash_app_get_fact (fixture, "verified_row"), ==,
                   "No, what was read back differs");
}

/* --- before it begins --------------------------------------------------------------------- */

/* What changed on the disk since it was shown is shown again, and not sent. */
static void
test_changed (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_test_write_text (fixture->layout_dir, "layout.tsv",
                         "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"
                         "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"
                         "P\t0x10\tother\tFileSystem\tmmc0\t0x00084400\trootfs.ext4\n");
  flash_app_press (fixture, "flash_button");
  flash_ui_wait_until (
      flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL,
                            "The layout has changed. Look at it again before you flash it.") !=
      NULL);
  g_assert_true (flash_app_is_page (fixture, "layout"));
  g_assert_nonnull (flash_app_find_entry (fixture, "other"));
  flash_app_start (fixture);
  flash_app_wait_for_result (fixture);
}

static void
test_file_gone (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (fixture->layout_dir, "rootfs.ext4", NULL);

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  g_assert_cmpint (unlink (path), ==, 0);
  flash_app_press (fixture, "flash_button");
  /* Whoever is first says it: the job, or the look at the folder. */
  flash_ui_wait_until (flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL,
                                             "The files have changed, and there are errors now.") !=
                           NULL ||
                       (flash_app_has (fixture, "flash_button") &&
                        !gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button"))));
  flash_ui_wait_until (flash_app_is_page (fixture, "layout"));
  g_assert_false (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
}

/* A layout that takes a storage as a whole is asked about, by name. */
static void
test_whole_storage (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *dialog;

  flash_test_write_text (fixture->layout_dir, "layout.tsv",
                         "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"
                         "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"
                         "P\t0x10\tdisk\tRawImage\tmmc0\t0x0\tdisk.img\n");
  g_autoptr (GBytes) disk = flash_test_make_gpt_disk (1024 * 1024);
  flash_test_write_file (fixture->layout_dir, "disk.img", disk);

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_app_press (fixture, "flash_button");
  dialog = flash_app_wait_for_question ();
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==,
                   "Erase and flash STM32MP15?");
  flash_app_answer ("keep");
  g_assert_true (flash_app_is_page (fixture, "layout"));
  flash_app_press (fixture, "flash_button");
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_fact (fixture, "written_row"), ==, "1 of 1 partition");
  flash_app_assert_stored (fixture, "mmc0.img", 0, "disk.img");

  /* What was agreed to once is asked about again. */
  flash_app_press (fixture, "again_button");
  flash_app_wait_for_question ();
  flash_app_answer ("keep");
  g_assert_true (flash_app_is_page (fixture, "result"));
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/failures/unplug", test_unplug);
  ADD ("/failures/device-text", test_device_text);
  ADD ("/failures/mismatch", test_mismatch);
  ADD ("/failures/changed", test_changed);
  ADD ("/failures/file-gone", test_file_gone);
  ADD ("/failures/whole-storage", test_whole_storage);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
