/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs from the window: the real buttons, a virtual board, its storage afterwards. */
#define G_LOG_DOMAIN "test-flows"

#include "config.h"

#include "flash-app-test.h"
#include "flash-board-list.h"
#include "flash-latency-probe.h"
#include "flash-log-window.h"

/* Where rootfs lies on the SD card, by the layout of the fixture. */
#define ROOTFS_OFFSET 0x04984400

#define MIN_ANSWERS 50

static gboolean
take_call (FlashMockBus *mock, const char *method, char **out_call)
{
  g_free (*out_call);
  *out_call = flash_mock_bus_take (mock, method);
  return *out_call != NULL;
}

/* --- the main job ------------------------------------------------------------------------- */

static void
test_success (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry;

  flash_app_open (fixture, fixture->layout_path);
  entry = flash_app_choose_board (fixture, NULL);
  g_assert_cmpstr (flash_app_get_text (fixture, "summary_label"), ==, "12 images, 680.8 KiB");
  flash_app_press (fixture, "verify_check");
  flash_app_start (fixture);
  g_assert_true (flash_board_entry_get_job (entry) != NULL);
  g_assert_false (gtk_widget_is_sensitive (flash_app_get (fixture, "open_button")));
  flash_app_wait_for_result (fixture);

  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written and verified");
  g_assert_cmpstr (flash_app_get_fact (fixture, "written_row"), ==, "10 of 10 partitions");
  g_assert_cmpstr (flash_app_get_fact (fixture, "verified_row"), ==, "Yes, read back and compared");
  g_assert_cmpstr (flash_app_get_fact (fixture, "started_row"), ==, "Not yet, that is up to you");
  g_assert_true (
      g_str_has_prefix (flash_app_get_fact (fixture, "next_row"), "The virtual board waits in"));
  g_assert_false (flash_app_has (fixture, "code_label"));
  g_assert_false (flash_app_has (fixture, "device_box"));
  g_assert_null (flash_board_entry_get_job (entry));
  flash_app_assert_stored (fixture, "mmc0.img", ROOTFS_OFFSET, "rootfs.ext4");
  flash_app_assert_stored (fixture, "mmc0.img", 0x4400, "tf-a-sdcard.stm32");
  flash_app_assert_stored (fixture, "mmc1boot1.img", 0, "tf-a-emmc.stm32");

  /* Where the keyboard is, a screen reader reads on. */
  g_assert_true (gtk_widget_has_focus (flash_app_get (fixture, "back_button")));
  flash_app_press (fixture, "back_button");
  flash_ui_wait_until (flash_app_is_page (fixture, "layout"));
  flash_app_set_verify (FALSE);
}

/* Without being asked to, nothing is read back, and nothing is said to be verified. A board that
 * has been flashed is switched off and on before the next time. */
static void
test_again (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry;

  flash_app_open (fixture, fixture->layout_path);
  entry = flash_app_choose_board (fixture, NULL);
  flash_app_start (fixture);
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
  g_assert_cmpstr (flash_app_get_fact (fixture, "verified_row"), ==, "Not asked for");
  flash_ui_wait_until (flash_board_entry_can_restart (entry));
  g_assert_true (flash_board_entry_is_used_up (entry));

  flash_app_press (fixture, "again_button");
  flash_ui_wait_until (flash_app_is_page (fixture, "prepare"));
  flash_ui_wait_until (flash_app_is_page (fixture, "job"));
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
}

/* What is shown while the job runs. */
static void
test_progress (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=2000");
  flash_app_start (fixture);
  flash_ui_wait_until (
      flash_app_says (fixture, "status_label", "The board has left the bus. Waiting for U-Boot…"));
  g_assert_nonnull (
      flash_ui_find_widget (flash_app_get (fixture, "step_list"), GTK_TYPE_LABEL, "Accepted"));
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "Sending "));
  g_assert_nonnull (flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL, "U-Boot"));
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==,
                   "Flashing STM32MP157CAA Rev.B");
  flash_app_wait_for_result (fixture);
  g_assert_nonnull (
      flash_ui_find_widget (flash_app_get (fixture, "step_list"), GTK_TYPE_LABEL, "Written"));
}

static void
test_log (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window, *view;
  g_autofree char *text = NULL;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_app_start (fixture);
  flash_app_wait_for_result (fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-log", NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_LOG_WINDOW) != NULL);
  window = flash_ui_find_toplevel (FLASH_TYPE_LOG_WINDOW);
  flash_ui_settle (window, 30);
  view = flash_ui_find_widget (window, GTK_TYPE_TEXT_VIEW, NULL);
  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "text", &text, NULL);
  g_assert_nonnull (strstr (text, "stage rom"));
  g_assert_nonnull (strstr (text, "written 0x11 rootfs, 307200 bytes"));
  g_assert_nonnull (strstr (text, "finished after"));

  g_signal_emit_by_name (flash_ui_find_widget (window, GTK_TYPE_BUTTON, NULL), "clicked");
  flash_ui_wait_until (flash_ui_find_widget (window, GTK_TYPE_LABEL, "Log copied") != NULL);
  /* It is there once. */
  flash_app_activate (fixture, "win.show-log");
  g_assert_true (flash_ui_find_toplevel (FLASH_TYPE_LOG_WINDOW) == window);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_null (flash_ui_find_toplevel (FLASH_TYPE_LOG_WINDOW));
}

/* --- stopping ----------------------------------------------------------------------------- */

/* Escape asks; the question says what stopping means. */
static void
test_stop (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) rootfs = flash_test_make_ext4 (4 * 1024 * 1024, 4 * 1024 * 1024);
  GtkWidget *dialog;

  flash_test_write_file (fixture->layout_dir, "rootfs.ext4", rootfs);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=4000");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "Sending rootfs"));
  if (flash_ui_has_input ())
    flash_ui_press_keys ("Escape");
  else
    gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL);
  dialog = flash_app_wait_for_question ();
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==,
                   "Stop flashing?");
  g_assert_nonnull (
      strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "will need a reset"));
  g_assert_cmpint (adw_message_dialog_get_response_appearance (ADW_MESSAGE_DIALOG (dialog), "act"),
                   ==, ADW_RESPONSE_DESTRUCTIVE);
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);

  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "The job was stopped");
  g_assert_cmpstr (flash_app_get_text (fixture, "code_label"), ==, "cancelled");
  g_assert_true (g_str_has_prefix (flash_app_get_fact (fixture, "written_row"),
                                   "8 of 10 partitions\nrootfs: "));
  g_assert_cmpstr (flash_app_get_fact (fixture, "verified_row"), ==, "Not asked for");
  g_assert_cmpstr (flash_app_get_fact (fixture, "started_row"), ==, "No");
  g_assert_nonnull (
      flash_ui_find_widget (flash_app_get (fixture, "step_list"), GTK_TYPE_LABEL, "Stopped"));
}

/* Before the job has begun there is nothing to ask about. */
static void
test_stop_preparing (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_app_start (fixture);
  flash_app_wait_for_result (fixture);
  flash_app_press (fixture, "again_button");
  flash_ui_wait_until (flash_app_is_page (fixture, "prepare"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL);
  g_assert_true (flash_app_is_page (fixture, "layout"));

  g_assert_null (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG));
  flash_ui_wait_until (!flash_app_has (fixture, "note_box"));
}

static void
test_close_preparing (FlashAppFixture *fixture, gconstpointer unused)
{
  gpointer alive = fixture->window;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_app_start (fixture);
  flash_app_wait_for_result (fixture);
  flash_app_press (fixture, "again_button");
  flash_ui_wait_until (flash_app_is_page (fixture, "prepare"));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), &alive);
  gtk_window_close (GTK_WINDOW (fixture->window));
  flash_ui_wait_until (alive == NULL);
  fixture->window = NULL;
}

/* The question goes when it has become pointless. */
static void
test_stop_too_late (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_app_start (fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL);
  flash_app_wait_for_question ();
  flash_app_wait_for_result (fixture);
  flash_ui_wait_until (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG) == NULL);
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
}

static void
test_close_busy (FlashAppFixture *fixture, gconstpointer unused)
{
  gpointer alive = fixture->window;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=4000");
  flash_app_start (fixture);
  gtk_window_close (GTK_WINDOW (fixture->window));
  g_assert_cmpstr (
      adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (flash_app_wait_for_question ())), ==,
      "Close while the board is being flashed?");
  flash_app_answer ("cancel");
  g_assert_true (flash_app_is_page (fixture, "job"));

  g_action_group_activate_action (G_ACTION_GROUP (flash_app_test.application), "quit", NULL);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), &alive);
  flash_app_answer_to ("Quit while a board is being flashed?", "stop");
  flash_ui_wait_until (alive == NULL);
  fixture->window = NULL;
}

/* --- the desktop -------------------------------------------------------------------------- */

static void
test_inhibit (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *call = NULL;

  while (take_call (flash_app_test.session_manager, NULL, &call))
    continue;
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_app_start (fixture);
  flash_ui_wait_until (take_call (flash_app_test.session_manager, "Inhibit", &call));
  g_assert_nonnull (strstr (call, "A board is being flashed"));
  flash_app_wait_for_result (fixture);
  flash_ui_wait_until (take_call (flash_app_test.session_manager, "Uninhibit", &call));
}

/* Also when the job was stopped, or has failed. */
static void
uninhibit (FlashAppFixture *fixture, const char *keys, gboolean stops)
{
  g_autofree char *call = NULL;

  while (take_call (flash_app_test.session_manager, NULL, &call))
    continue;
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, keys);
  flash_app_start (fixture);
  flash_ui_wait_until (take_call (flash_app_test.session_manager, "Inhibit", &call));
  if (stops) {
    flash_app_activate (fixture, "win.stop");
    flash_app_answer ("act");
  }
  flash_app_wait_for_result (fixture);
  g_assert_true (flash_app_has (fixture, "code_label"));
  flash_ui_wait_until (take_call (flash_app_test.session_manager, "Uninhibit", &call));
}

static void
test_uninhibit_stopped (FlashAppFixture *fixture, gconstpointer unused)
{
  uninhibit (fixture, "latency=4000", TRUE);
}

static void
test_uninhibit_failed (FlashAppFixture *fixture, gconstpointer unused)
{
  uninhibit (fixture, "fault=fsbl-refused@rom", FALSE);
}

/* The window answers all the time while a board is flashed. How quickly, the benchmark says: a bar
 * on time would only measure what else the machine does. */
static void
test_latency (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashLatencyProbe) probe = NULL;
  g_autofree char *report = NULL;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_app_start (fixture);
  probe = flash_latency_probe_start (GTK_WIDGET (fixture->window), FALSE);
  flash_app_wait_for_result (fixture);
  report = flash_latency_probe_dup_report (probe);
  g_test_message ("while flashing:\n%s", report);
  /* The job takes seconds, and the probe asks every 2 ms: a main loop that waited for the board
   * would answer once or twice. */
  g_assert_cmpuint (flash_latency_probe_get_count (probe, FLASH_LATENCY_LOOP), >, MIN_ANSWERS);
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/flows/success", test_success);
  ADD ("/flows/again", test_again);
  ADD ("/flows/progress", test_progress);
  ADD ("/flows/log", test_log);
  ADD ("/flows/stop", test_stop);
  ADD ("/flows/stop-preparing", test_stop_preparing);
  ADD ("/flows/close-preparing", test_close_preparing);
  ADD ("/flows/stop-too-late", test_stop_too_late);
  ADD ("/flows/close-busy", test_close_busy);
  ADD ("/flows/inhibit", test_inhibit);
  ADD ("/flows/uninhibit-stopped", test_uninhibit_stopped);
  ADD ("/flows/uninhibit-failed", test_uninhibit_failed);
  ADD ("/flows/latency", test_latency);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
