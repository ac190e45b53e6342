/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quitting while boards are flashed, and two windows that want the same board. */
#define G_LOG_DOMAIN "test-quit"

#include "config.h"

#include "flash-app-test.h"
#include "flash-erase-dialog.h"
#include "flash-hidden-bench.h"
#include "flash-memory-bench.h"
#include "flash-quit.h"
#include "flash-sim-provider.h"
#include "flash-window-private.h"

static guint
count_windows (void)
{
  return g_list_length (gtk_application_get_windows (GTK_APPLICATION (flash_app_test.application)));
}

/* --- quitting ------------------------------------------------------------------------------- */

/* A second window with a layout, a board and a job of its own. */
static void
second_set_up (FlashAppFixture *second)
{
  flash_app_fixture_set_up (second, NULL);
}

/* Both boards are flashed at the same time, and one question is for both. */
static void
quit (FlashAppFixture *fixture, FlashAppFixture *second, const char *answer)
{
  flash_hidden_bench_start (fixture, "latency=4000");
  flash_hidden_bench_start (second, "latency=4000");
  g_assert_true (flash_window_is_flashing (fixture->window));
  g_assert_true (flash_window_is_flashing (second->window));
  flash_hidden_bench_activate ("quit", NULL);
  flash_app_wait_for_question ();
  /* Who presses the keys twice is not asked twice. */
  flash_hidden_bench_activate ("quit", NULL);
  flash_app_answer_to ("Quit while 2 boards are being flashed?", answer);
  g_assert_null (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG));
}

static void
test_quit_stop (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashAppFixture second;
  FlashWindow *idle;

  second_set_up (&second);
  idle = flash_window_new (flash_app_test.application);
  gtk_window_present (GTK_WINDOW (idle));
  quit (fixture, &second, "cancel");
  g_assert_true (flash_app_is_page (fixture, "job"));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (idle)));
  flash_hidden_bench_activate ("quit", NULL);
  flash_app_answer_to ("Quit while 2 boards are being flashed?", "stop");
  flash_ui_wait_until (gtk_application_get_windows (GTK_APPLICATION (flash_app_test.application)) ==
                       NULL);
  fixture->window = NULL;
  second.window = NULL;
  flash_app_fixture_tear_down (&second, NULL);
}

static void
test_quit_background (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *call = NULL;
  FlashAppFixture second;

  second_set_up (&second);
  quit (fixture, &second, "background");
  flash_ui_wait_until (!flash_hidden_bench_is_shown (fixture) &&
                       !flash_hidden_bench_is_shown (&second));
  for (guint i = 0; i < 2; i++)
    flash_ui_wait_until (flash_hidden_bench_take (flash_app_test.notifications, "Notify", &call));
  /* What nobody has looked at is shown, and nothing is closed. */
  flash_hidden_bench_activate ("quit", NULL);
  flash_ui_wait_until (flash_app_is_page (fixture, "result"));
  g_assert_true (flash_app_is_page (&second, "result"));
  flash_hidden_bench_activate ("quit", NULL);
  flash_ui_wait_until (gtk_application_get_windows (GTK_APPLICATION (flash_app_test.application)) ==
                       NULL);
  fixture->window = NULL;
  second.window = NULL;
  flash_app_fixture_tear_down (&second, NULL);
}

/* The last job ends under the question: there is nothing left to ask, and the result is seen. */
static void
test_quit_ended (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_hidden_bench_start (fixture, "latency=1000");
  flash_hidden_bench_activate ("quit", NULL);
  flash_app_wait_for_question ();
  flash_app_wait_for_result (fixture);
  flash_ui_wait_until (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG) == NULL);
  g_assert_true (flash_hidden_bench_is_shown (fixture));
}

/* One of two jobs ends under the question: its window stays, whatever the answer. */
static void
test_quit_one_ended (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashAppFixture second;
  AdwMessageDialog *dialog;

  second_set_up (&second);
  flash_hidden_bench_start (&second, "latency=8000");
  flash_hidden_bench_start (fixture, "latency=1000");
  flash_hidden_bench_activate ("quit", NULL);
  dialog = ADW_MESSAGE_DIALOG (flash_app_wait_for_question ());
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (adw_message_dialog_get_heading (dialog), ==,
                   "Quit while a board is being flashed?");
  flash_app_answer ("background");
  flash_ui_wait_until (!flash_hidden_bench_is_shown (&second));
  g_assert_true (flash_hidden_bench_is_shown (fixture));
  g_application_activate (G_APPLICATION (flash_app_test.application));
  flash_app_activate (&second, "win.stop");
  flash_app_answer ("act");
  flash_app_wait_for_result (&second);
  flash_app_fixture_tear_down (&second, NULL);
}

/* Another question comes first; then it is asked whether to quit. */
static void
test_quit_held (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_hidden_bench_start (fixture, "latency=8000");
  flash_app_activate (fixture, "win.stop");
  flash_app_wait_for_question ();
  flash_hidden_bench_activate ("quit", NULL);
  flash_hidden_bench_activate ("quit", NULL);
  flash_app_answer_to ("Stop flashing?", "keep");
  flash_app_answer_to ("Quit while a board is being flashed?", "stop");
  flash_ui_wait_until (count_windows () == 0);
  fixture->window = NULL;
}

/* A hidden window that must ask is shown first, and stays when the answer is to stay. */
static void
test_quit_unsaved (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "edited");
  flash_app_wait_for_check (fixture);
  flash_app_choose_board (fixture, "latency=4000");
  flash_app_activate (fixture, "win.flash");
  flash_ui_wait_until (flash_app_is_page (fixture, "job"));
  flash_hidden_bench_hide (fixture);
  flash_window_stop_and_close (fixture->window);
  flash_app_wait_for_question ();
  g_assert_true (flash_hidden_bench_is_shown (fixture));
  flash_app_answer_to ("Save changes to “layout.tsv”?", "cancel");
  g_assert_true (flash_app_is_page (fixture, "result"));
  flash_editor_discard (flash_window_get_editor (fixture->window));
}

/* Nothing is hidden that could not be shown again. */
static void
test_no_bus (void)
{
  GtkWindow *parent = GTK_WINDOW (gtk_window_new ());
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
      flash_quit_ask (parent, "Close?", "Stopped.", G_CALLBACK (gtk_window_present), parent));

  g_assert_true (adw_message_dialog_has_response (dialog, FLASH_QUIT_STOP));
  g_assert_false (adw_message_dialog_has_response (dialog, FLASH_QUIT_BACKGROUND));
  g_assert_null (strstr (adw_message_dialog_get_body (dialog), "background"));
  g_assert_cmpstr (adw_message_dialog_get_default_response (dialog), ==, "cancel");
  gtk_window_destroy (GTK_WINDOW (dialog));
  gtk_window_destroy (parent);
}

/* --- the session ---------------------------------------------------------------------------- */

/* It is only asked whether the session may end: it may go on, and everything stays. */
static void
test_session_end (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashWindow *idle = flash_window_new (flash_app_test.application);
  g_autofree char *call = NULL;

  gtk_window_present (GTK_WINDOW (idle));
  flash_hidden_bench_start (fixture, "latency=1000");
  flash_hidden_bench_hide (fixture);
  flash_ui_wait_until (flash_hidden_bench_take (flash_app_test.notifications, "Notify", &call));
  flash_hidden_bench_wait_for_answers ();
  g_signal_emit_by_name (flash_app_test.application, "query-end");
  flash_hidden_bench_wait_for_answers ();
  g_assert_cmpuint (count_windows (), ==, 2);
  g_assert_false (flash_hidden_bench_take (flash_app_test.notifications, NULL, &call));
  g_assert_null (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG));
  gtk_window_destroy (GTK_WINDOW (idle));
}

/* Whatever is not saved keeps the session waiting. */
static void
test_session_unsaved (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *call = NULL;

  flash_app_open (fixture, fixture->layout_path);
  flash_hidden_bench_forget_calls ();
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "edited");
  flash_ui_wait_until (flash_hidden_bench_take (flash_app_test.session_manager, "Inhibit", &call));
  g_assert_nonnull (strstr (call, "There are unsaved changes"));
  flash_app_activate (fixture, "win.undo");
  flash_ui_wait_until (
      flash_hidden_bench_take (flash_app_test.session_manager, "Uninhibit", &call));
  flash_app_activate (fixture, "win.redo");
  flash_ui_wait_until (flash_hidden_bench_take (flash_app_test.session_manager, "Inhibit", &call));
  flash_editor_discard (flash_window_get_editor (fixture->window));
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  flash_ui_wait_until (
      flash_hidden_bench_take (flash_app_test.session_manager, "Uninhibit", &call));
  fixture->window = NULL;
}

/* A dialog that lost its program before it was destroyed lets the session go all the same. */
static void
test_session_dialog (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *call = NULL;
  GtkWidget *dialog;

  flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  dialog = flash_memory_bench_open (fixture, "win.erase", FLASH_TYPE_ERASE_DIALOG);
  flash_hidden_bench_forget_calls ();
  flash_memory_bench_press (dialog, "verb_button");
  flash_app_answer ("act");
  flash_ui_wait_until (flash_hidden_bench_take (flash_app_test.session_manager, "Inhibit", &call));
  g_assert_true (flash_memory_frame_is_working (FLASH_MEMORY_FRAME (dialog)));
  gtk_window_set_application (GTK_WINDOW (dialog), NULL);
  gtk_window_destroy (GTK_WINDOW (dialog));
  flash_ui_wait_until (
      flash_hidden_bench_take (flash_app_test.session_manager, "Uninhibit", &call));
}

/* --- notifications -------------------------------------------------------------------------- */

/* Nothing waits any more: the notification goes. What is asked later is told again. */
static void
test_told_again (FlashAppFixture *fixture, gconstpointer unused)
{
  GSettings *settings = flash_application_get_settings (flash_app_test.application);
  gint64 end_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  g_autofree char *call = NULL;
  gboolean is_withdrawn = FALSE;

  g_settings_set_uint (settings, "patience", 2);
  flash_hidden_bench_start (fixture, "fault=handover-delay@tfa");
  flash_hidden_bench_hide (fixture);
  flash_ui_wait_until (flash_hidden_bench_take (flash_app_test.notifications, "Notify", &call));
  g_assert_nonnull (strstr (call, "Waiting for your answer"));
  flash_hidden_bench_wait_for_answers ();
  while (!is_withdrawn && g_get_monotonic_time () < end_us) {
    flash_ui_run_for (50);
    if (flash_hidden_bench_take (flash_app_test.notifications, NULL, &call))
      is_withdrawn = g_str_has_prefix (call, "CloseNotification");
  }
  g_assert_true (is_withdrawn);
  flash_ui_wait_until (flash_hidden_bench_take (flash_app_test.notifications, "Notify", &call));
  g_assert_nonnull (strstr (call, "Written"));
  g_settings_reset (settings, "patience");
}

/* --- one board, two windows ----------------------------------------------------------------- */

static gboolean
says (FlashAppFixture *fixture, const char *text)
{
  return flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL, text) != NULL;
}

/* Both are pressed before either job runs. */
static void
test_one_board (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashAppFixture second;
  FlashBoardEntry *entry;

  second_set_up (&second);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_open (&second, second.layout_path);
  entry = flash_app_choose_board (fixture, "latency=2000");
  flash_app_choose_port (&second, flash_board_get_port (flash_board_entry_get_board (entry)));
  _flash_window_flash (fixture->window);
  _flash_window_flash (second.window);
  g_assert_true (_flash_window_is_busy (fixture->window));
  g_assert_false (_flash_window_is_busy (second.window));
  flash_ui_wait_until (says (&second, "The board is busy."));
  flash_ui_wait_until (flash_app_is_page (fixture, "job"));
  g_assert_true (flash_app_is_page (&second, "layout"));
  /* Nobody else ends it. */
  flash_board_entry_release (entry, second.window);
  g_assert_true (flash_board_entry_is_taken (entry, NULL));
  flash_app_wait_for_result (fixture);
  g_assert_false (flash_board_entry_is_taken (entry, NULL));
  flash_app_fixture_tear_down (&second, NULL);
}

/* One asks while the other begins. */
static void
test_one_board_asked (FlashAppFixture *fixture, gconstpointer unused)
{
  GSettings *settings = flash_application_get_settings (flash_app_test.application);
  FlashAppFixture second;
  FlashBoardEntry *entry;

  second_set_up (&second);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_open (&second, second.layout_path);
  entry = flash_app_choose_board (fixture, "latency=2000");
  flash_app_choose_port (&second, flash_board_get_port (flash_board_entry_get_board (entry)));
  g_settings_set_string (settings, "confirmation", "always");
  flash_app_activate (fixture, "win.flash");
  flash_app_wait_for_question ();
  g_settings_reset (settings, "confirmation");
  flash_app_activate (&second, "win.flash");
  flash_ui_wait_until (flash_window_is_flashing (second.window));
  flash_app_answer ("act");
  g_assert_false (_flash_window_is_busy (fixture->window));
  flash_app_wait_for_result (&second);
  g_assert_cmpstr (flash_app_get_text (&second, "heading_label"), ==, "Written");
  flash_app_fixture_tear_down (&second, NULL);
}

/* Somebody who claims nothing has begun meanwhile. */
static void
test_one_board_late (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashAppFixture second;
  FlashBoardEntry *entry;

  second_set_up (&second);
  flash_hidden_bench_start (&second, "latency=4000");
  flash_app_open (fixture, fixture->layout_path);
  entry = flash_app_choose_board (fixture, NULL);
  _flash_window_flash (fixture->window);
  flash_board_entry_set_job (entry, flash_job_model_get_job (second.window->job_model));
  flash_ui_wait_until (!_flash_window_is_busy (fixture->window));
  g_assert_true (flash_app_is_page (fixture, "layout"));
  flash_app_activate (&second, "win.stop");
  flash_app_answer ("act");
  flash_app_wait_for_result (&second);
  g_assert_nonnull (flash_board_entry_get_job (entry));
  flash_board_entry_set_job (entry, NULL);
  flash_app_fixture_tear_down (&second, NULL);
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/quit/stop", test_quit_stop);
  ADD ("/quit/background", test_quit_background);
  ADD ("/quit/ended", test_quit_ended);
  ADD ("/quit/one-ended", test_quit_one_ended);
  ADD ("/quit/held", test_quit_held);
  ADD ("/quit/unsaved", test_quit_unsaved);
  g_test_add_func ("/quit/no-bus", test_no_bus);
  ADD ("/quit/session-end", test_session_end);
  ADD ("/quit/session-unsaved", test_session_unsaved);
  ADD ("/quit/session-dialog", test_session_dialog);
  ADD ("/quit/told-again", test_told_again);
  ADD ("/quit/one-board", test_one_board);
  ADD ("/quit/one-board-asked", test_one_board_asked);
  ADD ("/quit/one-board-late", test_one_board_late);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
