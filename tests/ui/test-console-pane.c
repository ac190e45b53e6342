/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The serial console beside a job. */
#define G_LOG_DOMAIN "test-console-pane"

#include "config.h"

#include "flash-app-test.h"
#include "flash-console-bench.h"
#include "flash-console-pane.h"
#include "flash-console-text.h"
#include "flash-log-window.h"

#include <string.h>

#define BOOT "NOTICE:  CPU: STM32MP157CAC Rev.B\r\nNOTICE:  BL2: v2.8-stm32mp1-r1.0\r\n"
#define PANIC "PANIC at PC : 0x2ffeb7c3\r\n"

/* A job that stands still until somebody says what to do. */
static void
pause_job (FlashAppFixture *fixture)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "fault=no-uboot@tfa");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "give_up_button"));
}

static void
give_up (FlashAppFixture *fixture)
{
  g_signal_emit_by_name (flash_app_get (fixture, "give_up_button"), "clicked");
  flash_app_wait_for_result (fixture);
}

/* Returns: (transfer full): what the pane below @root shows. */
static char *
dup_text (GtkWidget *root)
{
  GtkWidget *pane = flash_ui_find_widget (root, FLASH_TYPE_CONSOLE_PANE, NULL);
  GtkWidget *view = pane != NULL ? flash_ui_find_widget (pane, GTK_TYPE_TEXT_VIEW, NULL) : NULL;
  char *text = NULL;

  if (view != NULL)
    g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "text", &text, NULL);
  return text != NULL ? text : g_strdup ("");
}

static gboolean
shows (GtkWidget *root, const char *text)
{
  g_autofree char *all = dup_text (root);

  return strstr (all, text) != NULL;
}

static void
toggle (FlashAppFixture *fixture, gboolean is_active)
{
  gtk_toggle_button_set_active (
      GTK_TOGGLE_BUTTON (
          flash_ui_find_named (flash_app_get (fixture, "console_pane"), "console_open_button")),
      is_active);
}

static void
test_lines (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashConsoleBench) bench = flash_console_bench_new (flash_app_test.root);
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkWidget *log;

  pause_job (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "port_choice"));
  g_assert_true (flash_app_says (fixture, "console_empty_label", "Open a port"));
  g_assert_false (gtk_widget_is_sensitive (flash_app_get (fixture, "copy_button")));
  toggle (fixture, TRUE);
  g_assert_false (gtk_widget_is_sensitive (flash_app_get (fixture, "port_choice")));
  flash_ui_wait_until (flash_app_says (fixture, "console_empty_label", "Nothing has come in yet."));
  flash_console_bench_print (bench, BOOT PANIC);
  flash_ui_wait_until (shows (window, "PANIC at PC : 0x2ffeb7c3"));
  g_assert_true (shows (window, "⚠  a boot stage has crashed"));
  g_assert_true (shows (window, "NOTICE:  CPU: STM32MP157CAC Rev.B"));
  g_assert_false (flash_app_has (fixture, "console_empty_label"));

  /* Another pane shows the same. */
  gtk_widget_activate_action (window, "win.show-log", NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_LOG_WINDOW) != NULL);
  log = flash_ui_find_toplevel (FLASH_TYPE_LOG_WINDOW);
  flash_ui_wait_until (shows (log, "PANIC at PC"));
  flash_console_bench_print (bench, "one more\n");
  flash_ui_wait_until (shows (log, "one more") && shows (window, "one more"));
  gtk_window_destroy (GTK_WINDOW (log));

  toggle (fixture, FALSE);
  g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "port_choice")));
  g_assert_true (shows (window, "one more"));
  g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "copy_button")));
  g_signal_emit_by_name (flash_app_get (fixture, "copy_button"), "clicked");
  give_up (fixture);
  flash_console_bench_clear (flash_app_test.root);
}

static char *
dup_clipboard (FlashAppFixture *fixture)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->window));
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (
      gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
  return g_value_dup_string (&value);
}

/* What is shown can be taken along. */
static void
test_copy_and_save (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashConsoleBench) bench = flash_console_bench_new (flash_app_test.root);
  g_autofree char *path = g_build_filename (fixture->storage_dir, "console.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) nowhere = g_file_resolve_relative_path (file, "below-a-file/console.txt");
  g_autofree char *shown = NULL;
  g_autofree char *copied = NULL;
  g_autofree char *saved = NULL;
  FlashConsolePane *pane;

  pause_job (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "port_choice"));
  pane = FLASH_CONSOLE_PANE (flash_app_get (fixture, "console_pane"));
  g_assert_false (gtk_widget_is_sensitive (flash_app_get (fixture, "save_button")));
  toggle (fixture, TRUE);
  flash_console_bench_print (bench, BOOT);
  flash_ui_wait_until (shows (GTK_WIDGET (fixture->window), "BL2: v2.8"));
  g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "save_button")));
  g_signal_emit_by_name (flash_app_get (fixture, "copy_button"), "clicked");
  shown = dup_text (GTK_WIDGET (fixture->window));
  copied = dup_clipboard (fixture);
  g_assert_cmpstr (copied, ==, shown);

  flash_console_pane_save_to (pane, NULL);
  flash_console_pane_save_to (pane, nowhere);
  flash_ui_wait_until (flash_app_says (fixture, "error_label", "The text could not be saved."));
  flash_console_pane_save_to (pane, file);
  flash_ui_wait_until (!flash_app_has (fixture, "error_label"));
  g_assert_true (g_file_get_contents (path, &saved, NULL, NULL));
  g_assert_cmpstr (saved, ==, shown);
  give_up (fixture);
  flash_console_bench_clear (flash_app_test.root);
}

/* A probe that is plugged in while the job waits is found, and one that is unplugged goes. */
static void
test_late (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *nodes = g_build_filename (flash_app_test.root, "dev", NULL);
  FlashConsoleBench *bench;

  g_assert_cmpint (g_mkdir_with_parents (nodes, 0700), ==, 0);
  pause_job (fixture);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_false (flash_app_has (fixture, "console_pane"));
  bench = flash_console_bench_new (flash_app_test.root);
  flash_ui_wait_until (flash_app_has (fixture, "port_choice"));
  flash_console_bench_free (bench);
  flash_console_bench_clear (flash_app_test.root);
  flash_ui_wait_until (!flash_app_has (fixture, "console_pane"));
  give_up (fixture);
}

/* A port that is gone says so, before it is opened and while it is open. */
static void
test_gone (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashConsoleBench *bench = flash_console_bench_new (flash_app_test.root);
  g_autofree char *node = g_build_filename (flash_app_test.root, "dev/ttyACM0", NULL);

  pause_job (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "port_choice"));
  toggle (fixture, TRUE);
  flash_console_bench_print (bench, "hello\n");
  flash_ui_wait_until (shows (GTK_WIDGET (fixture->window), "hello"));
  flash_console_bench_free (bench);
  flash_ui_wait_until (flash_app_says (fixture, "error_label", "The serial port is gone."));
  g_assert_true (shows (GTK_WIDGET (fixture->window), "hello"));
  g_assert_cmpint (unlink (node), ==, 0);
  toggle (fixture, TRUE);
  flash_ui_wait_until (flash_app_says (fixture, "error_label", "/dev/ttyACM0 is gone."));
  give_up (fixture);
  flash_console_bench_clear (flash_app_test.root);
}

/* Who changes their mind while it is opened has it closed, and can open it again. */
static void
test_hasty (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashConsoleBench) bench = flash_console_bench_new (flash_app_test.root);

  pause_job (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "port_choice"));
  for (guint i = 0; i < 5; i++) {
    toggle (fixture, TRUE);
    toggle (fixture, FALSE);
    g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "port_choice")));
  }
  toggle (fixture, TRUE);
  flash_ui_wait_until (flash_app_says (fixture, "console_empty_label", "Nothing has come in yet."));
  g_assert_false (flash_app_has (fixture, "error_label"));
  flash_console_bench_print (bench, "hello\n");
  flash_ui_wait_until (shows (GTK_WIDGET (fixture->window), "hello"));
  give_up (fixture);
  flash_console_bench_clear (flash_app_test.root);
}

/* Without a serial port there is no pane. */
static void
test_none (FlashAppFixture *fixture, gconstpointer unused)
{
  pause_job (fixture);
  flash_ui_run_for (200);
  g_assert_false (flash_app_has (fixture, "console_pane"));
  give_up (fixture);
}

static gboolean
is_at_end (GtkAdjustment *adjustment)
{
  return gtk_adjustment_get_value (adjustment) >=
         gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment) - 24;
}

static void
test_following (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashConsoleBench) bench = flash_console_bench_new (flash_app_test.root);
  GtkAdjustment *adjustment;

  pause_job (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "port_choice"));
  toggle (fixture, TRUE);
  adjustment = gtk_scrolled_window_get_vadjustment (
      GTK_SCROLLED_WINDOW (flash_app_get (fixture, "console_scroller")));
  for (guint i = 0; i < 40; i++) {
    g_autofree char *line = g_strdup_printf ("line %u\n", i);

    flash_console_bench_print (bench, line);
  }
  flash_ui_wait_until (shows (GTK_WIDGET (fixture->window), "line 39"));
  flash_ui_wait_until (gtk_adjustment_get_value (adjustment) > 0 && is_at_end (adjustment));
  gtk_adjustment_set_value (adjustment, 0);
  flash_console_bench_print (bench, "the last\n");
  flash_ui_wait_until (shows (GTK_WIDGET (fixture->window), "the last"));
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), <, 1);
  give_up (fixture);
  flash_console_bench_clear (flash_app_test.root);
}

/* --- text ----------------------------------------------------------------------------------- */

static void
test_many (void)
{
  g_autoptr (GtkTextBuffer) buffer = gtk_text_buffer_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < FLASH_CONSOLE_MAX_LINES + 10; i++) {
    g_autofree char *words = g_strdup_printf ("number %u.", i);
    const FlashConsoleLine line = { .time_us = (gint64) i * 1000, .text = words };

    flash_console_text_append (buffer, &line, 0);
  }
  g_assert_cmpint (gtk_text_buffer_get_line_count (buffer), ==, FLASH_CONSOLE_MAX_LINES);
  g_object_get (buffer, "text", &text, NULL);
  g_assert_true (g_str_has_prefix (text, "    0.010  number 10."));
  g_assert_true (g_str_has_suffix (text, "    5.009  number 5009."));
}

/* What is recognised has words of its own. */
static void
test_marks (void)
{
  guint n_marks;
  const FlashConsoleMark *marks = flash_console_mark_list (&n_marks);
  const FlashConsoleMark unknown = { .name = "new-one", .is_failure = TRUE };

  for (guint i = 0; i < n_marks; i++) {
    g_test_message ("%s", marks[i].name);
    if (marks[i].is_failure)
      g_assert_cmpstr (flash_console_text_mark (&marks[i]), !=, "a failure");
  }
  g_assert_cmpstr (flash_console_text_mark (&unknown), ==, "a failure");
}

static void
test_errors (void)
{
  static const struct {
    GIOErrorEnum code;
    const char *part;
  } rows[] = {
    { G_IO_ERROR_PERMISSION_DENIED, "group “dialout”" },
    { G_IO_ERROR_BUSY, "Another program" },
    { G_IO_ERROR_NOT_FOUND, "/dev/ttyACM0 is gone." },
    { G_IO_ERROR_FAILED, "In detail: odd" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, (gint) rows[i].code, "odd");
    g_autofree char *text = flash_console_text_dup_error (error, "/dev/ttyACM0");

    g_assert_nonnull (strstr (text, rows[i].part));
    g_assert_nonnull (strstr (text, "/dev/ttyACM0"));
  }
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  g_settings_set_uint (flash_application_get_settings (flash_app_test.application), "patience", 1);
  g_test_add_func ("/console-pane/many", test_many);
  g_test_add_func ("/console-pane/marks", test_marks);
  g_test_add_func ("/console-pane/errors", test_errors);
  ADD ("/console-pane/lines", test_lines);
  ADD ("/console-pane/copy-and-save", test_copy_and_save);
  ADD ("/console-pane/late", test_late);
  ADD ("/console-pane/gone", test_gone);
  ADD ("/console-pane/hasty", test_hasty);
  ADD ("/console-pane/none", test_none);
  ADD ("/console-pane/following", test_following);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
