/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports in the window: what is saved is what is shown, and what somebody has sent is shown and
 * not believed. */
#define G_LOG_DOMAIN "test-report-window"

#include "config.h"

#include "flash-help-window.h"
#include "flash-report-bench.h"
#include "flash-report-dialog.h"
#include "flash-report-view.h"
#include "flash-report-window.h"
#include "flash-report-words.h"

/* --- saving --------------------------------------------------------------------------------- */

/* Chooses a page at the side by its title. */
static void
choose (GtkWidget *window, const char *title)
{
  GtkListBox *list = flash_memory_bench_get (window, "list");
  GtkWidget *label = flash_ui_find_widget (GTK_WIDGET (list), GTK_TYPE_LABEL, title);

  g_assert_nonnull (label);
  gtk_list_box_select_row (
      list, GTK_LIST_BOX_ROW (gtk_widget_get_ancestor (label, GTK_TYPE_LIST_BOX_ROW)));
}

static char *
dup_page (GtkWidget *window)
{
  return flash_report_view_dup_text (flash_memory_bench_get (window, "view"));
}

/* Returns: whether the page that is shown has that text in it */
static gboolean
page_has (GtkWidget *window, const char *text)
{
  g_autofree char *page = dup_page (window);

  return strstr (page, text) != NULL;
}

static FlashReport *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  FlashReport *report;

  flash_ui_wait_until (g_file_test (path, G_FILE_TEST_EXISTS));
  report = flash_report_load (path, &error);
  g_assert_no_error (error);
  return report;
}

/* What was chosen is shown, and may be saved. */
static void
wait_for_preview (GtkWidget *dialog)
{
  flash_ui_wait_until (gtk_widget_is_sensitive (flash_memory_bench_get (dialog, "save_button")));
}

static void
check (GtkWidget *dialog, const char *id, gboolean is_wanted)
{
  gtk_check_button_set_active (flash_memory_bench_get (dialog, id), is_wanted);
  wait_for_preview (dialog);
}

/* What is shown is what is written, for each choice. */
static void
test_save (FlashAppFixture *fixture, gconstpointer unused)
{
  for (guint wants_serials = 0; wants_serials < 2; wants_serials++) {
    g_autofree char *name = g_strdup_printf ("report-%u.zip", wants_serials);
    g_autofree char *path = g_build_filename (fixture->layout_dir, name, NULL);
    g_autoptr (GFile) file = g_file_new_for_path (path);
    GtkWidget *dialog = GTK_WIDGET (
        flash_report_dialog_present (GTK_WINDOW (fixture->window), flash_report_bench_new ()));
    g_autoptr (FlashReport) saved = NULL;
    g_autofree char *shown = NULL;
    g_autofree char *expected = NULL;
    gpointer alive = dialog;

    g_object_add_weak_pointer (G_OBJECT (dialog), &alive);
    /* Nothing can be saved before it is shown. */
    g_assert_false (gtk_widget_is_sensitive (flash_memory_bench_get (dialog, "save_button")));
    flash_report_dialog_save_to (FLASH_REPORT_DIALOG (dialog), file);
    g_assert_true (gtk_widget_is_sensitive (flash_memory_bench_get (dialog, "user_check")));
    flash_ui_settle (dialog, 30);
    wait_for_preview (dialog);
    g_assert_true (page_has (dialog, "Sending partition 0x01"));
    choose (dialog, "Board");
    g_assert_false (page_has (dialog, FLASH_REPORT_BENCH_SERIAL));
    check (dialog, "serial_check", wants_serials == 0);
    /* The same page as before. */
    g_assert_true (page_has (dialog, "chip: STM32MP15"));
    g_assert_cmpint (page_has (dialog, FLASH_REPORT_BENCH_SERIAL), ==, wants_serials == 1);
    shown = dup_page (dialog);
    flash_report_dialog_save_to (FLASH_REPORT_DIALOG (dialog), NULL);
    g_assert_true (gtk_widget_is_sensitive (flash_memory_bench_get (dialog, "save_button")));
    flash_report_dialog_save_to (FLASH_REPORT_DIALOG (dialog), file);
    g_assert_false (gtk_widget_is_sensitive (flash_memory_bench_get (dialog, "save_button")));
    flash_ui_wait_until (alive == NULL);
    saved = load (path);
    expected = flash_report_words_dup_facts (flash_report_get_section (saved, "board"));
    g_assert_cmpstr (shown, ==, expected);
    g_assert_cmpuint (flash_report_get_moments (saved)->len, ==, 6);
  }
}

/* Who ticks again while it is made gets what was ticked last; who closes gets nothing. */
static void
test_ticks (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashReport *report = flash_report_bench_new ();
  GtkWidget *dialog;
  gpointer alive;

  flash_report_add_secret (report, "user", "admin");
  dialog = GTK_WIDGET (flash_report_dialog_present (GTK_WINDOW (fixture->window), report));
  alive = dialog;
  g_object_add_weak_pointer (G_OBJECT (dialog), &alive);
  for (guint i = 0; i < 7; i++)
    gtk_check_button_set_active (flash_memory_bench_get (dialog, "serial_check"), i % 2 != 0);
  wait_for_preview (dialog);
  flash_ui_settle (dialog, 30);
  choose (dialog, "Board");
  g_assert_true (page_has (dialog, FLASH_REPORT_BENCH_SERIAL));
  /* What may remain is said. */
  g_assert_true (flash_memory_bench_has (dialog, "kept_label"));
  g_assert_nonnull (
      strstr (gtk_label_get_label (flash_memory_bench_get (dialog, "kept_label")), "admin"));
  gtk_check_button_set_active (flash_memory_bench_get (dialog, "user_check"), FALSE);
  gtk_window_close (GTK_WINDOW (dialog));
  flash_ui_wait_until (alive == NULL);
}

/* There is no board: then this computer is what there is to tell. */
static void
test_save_action (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *root = flash_test_make_dir ();
  g_autofree char *path = g_build_filename (fixture->layout_dir, "mine.zip", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (FlashReport) saved = NULL;
  GtkWidget *dialog;

  flash_application_set_root (flash_app_test.application, root);
  if (flash_ui_has_input ())
    flash_ui_press_keys ("Control_L+e");
  else
    flash_app_activate (fixture, "win.save-report");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG);
  flash_ui_settle (dialog, 30);
  wait_for_preview (dialog);
  g_assert_true (gtk_check_button_get_active (flash_memory_bench_get (dialog, "user_check")));
  g_assert_true (gtk_check_button_get_active (flash_memory_bench_get (dialog, "host_check")));
  g_assert_true (gtk_check_button_get_active (flash_memory_bench_get (dialog, "serial_check")));
  choose (dialog, "Versions");
  g_assert_true (page_has (dialog, PACKAGE_VERSION));
  flash_report_dialog_save_to (FLASH_REPORT_DIALOG (dialog), file);
  flash_ui_wait_until (flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL,
                                             "“mine.zip” is saved.") != NULL);
  saved = load (path);
  g_assert_nonnull (flash_report_get_section (saved, "host"));
  flash_application_set_root (flash_app_test.application, NULL);
  flash_test_remove_dir (root);
}

/* With a board: what the doctor knows of it. */
static void
test_save_board (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *dialog;

  flash_app_choose_board (fixture, NULL);
  flash_app_activate (fixture, "win.save-report");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG);
  flash_ui_settle (dialog, 30);
  wait_for_preview (dialog);
  choose (dialog, "Board");
  g_assert_true (page_has (dialog, "chip: STM32MP15"));
  flash_memory_bench_close (dialog);
}

static void
test_save_fails (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (fixture->layout_dir, "none", "R&D.zip", NULL);
  g_autofree char *said = flash_report_bench_dup_refusal (fixture->layout_dir);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *dialog = GTK_WIDGET (
      flash_report_dialog_present (GTK_WINDOW (fixture->window), flash_report_bench_new ()));

  flash_ui_settle (dialog, 30);
  wait_for_preview (dialog);
  flash_report_dialog_save_to (FLASH_REPORT_DIALOG (dialog), file);
  flash_ui_wait_until (gtk_widget_is_sensitive (flash_memory_bench_get (dialog, "save_button")));
  g_assert_nonnull (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, said));
  g_assert_true (flash_memory_bench_has (dialog, "view"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  flash_memory_bench_close (dialog);
}

static GtkWidget *
find_chooser (void)
{
  GtkWidget *dialog = flash_ui_find_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG);

  return dialog != NULL && gtk_widget_get_mapped (dialog) ? dialog : NULL;
}

static gboolean
is_in (GtkWidget *chooser, GFile *folder)
{
  g_autoptr (GFile) shown = gtk_file_chooser_get_current_folder (GTK_FILE_CHOOSER (chooser));

  return shown != NULL && g_file_equal (shown, folder);
}

/* The file chooser, which proposes a name. */
static void
test_chooser (FlashAppFixture *fixture, gconstpointer unused)
{
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);
  g_autoptr (GFile) folder =
      g_file_new_for_path (documents != NULL ? documents : g_get_home_dir ());
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autoptr (FlashReport) saved = NULL;
  GtkWidget *dialog, *chooser;

  if (flash_ui_is_slow ()) {
    g_test_skip ("GTK's own file chooser leaks in several ways");
    return;
  }
  dialog = GTK_WIDGET (
      flash_report_dialog_present (GTK_WINDOW (fixture->window), flash_report_bench_new ()));
  flash_ui_settle (dialog, 30);
  wait_for_preview (dialog);
  g_signal_emit_by_name (flash_memory_bench_get (dialog, "save_button"), "clicked");
  flash_ui_wait_until (find_chooser () != NULL);
  chooser = find_chooser ();
  name = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (chooser));
  g_assert_true (g_str_has_prefix (name, "flashwright-report-20"));
  g_assert_true (g_str_has_suffix (name, ".zip"));
  /* Before it has found that folder it stands where the test runs. */
  flash_ui_wait_until (is_in (chooser, folder));
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  path = g_build_filename (g_file_peek_path (folder), name, NULL);
  saved = load (path);
  g_assert_nonnull (flash_report_get_section (saved, "board"));
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG) == NULL);
}

/* --- opening -------------------------------------------------------------------------------- */

static char *
save (FlashAppFixture *fixture, FlashReport *report)
{
  char *path = g_build_filename (fixture->layout_dir, "sent.zip", NULL);
  g_autoptr (GError) error = NULL;

  flash_report_save (report, path, &error);
  g_assert_no_error (error);
  return path;
}

static GtkWidget *
open_report (FlashAppFixture *fixture, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *window;

  flash_window_open (fixture->window, file);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REPORT_WINDOW) != NULL);
  window = flash_ui_find_toplevel (FLASH_TYPE_REPORT_WINDOW);
  flash_ui_settle (window, 30);
  return window;
}

static void
test_open (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashReport) report = flash_report_bench_new ();
  g_autofree char *path = save (fixture, report);
  GtkWidget *window = open_report (fixture, path);
  GtkDropDown *choice = flash_memory_bench_get (window, "source_choice");
  g_autofree char *kernel = NULL;
  GtkWidget *code;

  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "sent.zip");
  /* It has a layout in it, which is not what was opened. */
  g_assert_true (flash_app_is_page (fixture, "welcome"));
  g_assert_nonnull (flash_ui_find_widget (window, GTK_TYPE_LABEL, "PANIC at PC : 0x2ffeebb7"));
  code = flash_ui_find_widget (window, GTK_TYPE_BUTTON, "never-came-back");
  g_assert_nonnull (code);
  g_signal_emit_by_name (code, "clicked");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_HELP_WINDOW) != NULL);
  flash_memory_bench_close (flash_ui_find_toplevel (FLASH_TYPE_HELP_WINDOW));
  gtk_drop_down_set_selected (choice, 4);
  kernel = dup_page (window);
  g_assert_cmpstr (kernel, ==, "  0:02.180  kernel   usb 1-4: USB disconnect, device number 7\n");
  gtk_drop_down_set_selected (choice, 0);
  g_assert_true (page_has (window, "Flash pressed"));
  choose (window, "layout.tsv");
  g_assert_true (page_has (window, "fsbl-boot"));
  choose (window, "Versions");
  g_assert_true (page_has (window, "parts:\n    glib: 2.74.6\n"));
  flash_memory_bench_close (window);
}

static void
test_findings (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashReport) report = flash_report_bench_new ();
  g_autofree char *path = save (fixture, report);
  GtkWidget *window = open_report (fixture, path);
  GtkWidget *button;

  choose (window, "Findings");
  flash_ui_settle (window, 30);
  g_assert_true (flash_memory_bench_says (window, "The likely cause"));
  g_assert_true (flash_memory_bench_says (window, "The board left the bus and did not come back."));
  g_assert_true (flash_memory_bench_says (window, "It may be"));
  g_assert_true (flash_memory_bench_says (
      window, "This version does not know the code “from-another-version”."));
  g_assert_true (flash_memory_bench_says (window, "What makes it worse"));
  button = flash_ui_find_widget (window, GTK_TYPE_BUTTON, "More in the help");
  g_signal_emit_by_name (button, "clicked");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_HELP_WINDOW) != NULL);
  flash_memory_bench_close (flash_ui_find_toplevel (FLASH_TYPE_HELP_WINDOW));
  flash_memory_bench_close (window);
}

/* Findings of no shape that this program writes. */
static void
test_strange_findings (FlashAppFixture *fixture, gconstpointer unused)
{
  static const char *const strange[] = {
    "{}",
    "[1, 2]",
    "{\"code\": 7, \"candidates\": \"x\", \"notes\": {\"a\": 1}, \"certainty\": []}",
    "{\"code\": null, \"candidates\": [], \"notes\": null}",
    "{\"notes\": [1, null, {}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (strange); i++) {
    g_autoptr (FlashReport) report = flash_report_new ();
    g_autofree char *path = NULL;
    GtkWidget *window;

    flash_report_add_section (report, "findings", json_from_string (strange[i], NULL));
    path = save (fixture, report);
    window = open_report (fixture, path);
    g_assert_true (flash_memory_bench_says (window, "Nothing is known of any moment."));
    choose (window, "Findings");
    flash_ui_settle (window, 30);
    g_assert_cmpint (flash_memory_bench_says (window, "Nothing was found."), ==,
                     i < G_N_ELEMENTS (strange) - 1);
    flash_memory_bench_close (window);
  }
}

static void
test_copy (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashReport) report = flash_report_bench_new ();
  g_autofree char *path = save (fixture, report);
  GtkWidget *window = open_report (fixture, path);
  g_auto (GValue) value = G_VALUE_INIT;

  choose (window, "console.txt");
  flash_memory_bench_press (window, "copy_button");
  flash_ui_wait_until (gdk_clipboard_get_content (gtk_widget_get_clipboard (window)) != NULL);
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (
      gdk_clipboard_get_content (gtk_widget_get_clipboard (window)), &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, "NOTICE:  CPU: STM32MP157CAC Rev.B\n");
  flash_memory_bench_close (window);
}

/* First what there is, then the page over it, and back. */
static void
test_narrow (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashReport) report = flash_report_bench_new ();
  g_autofree char *path = save (fixture, report);
  GtkWidget *window = open_report (fixture, path);
  GtkListBox *list = flash_memory_bench_get (window, "list");

  gtk_window_set_default_size (GTK_WINDOW (window), 360, 600);
  flash_ui_wait_until (gtk_widget_get_width (window) <= 372);
  flash_ui_settle (window, 60);
  g_signal_emit_by_name (list, "row-activated", gtk_list_box_get_row_at_index (list, 0));
  flash_ui_wait_until (flash_memory_bench_has (window, "back_button"));
  g_assert_true (flash_memory_bench_has (window, "source_choice"));
  flash_memory_bench_press (window, "back_button");
  flash_ui_wait_until (!flash_memory_bench_has (window, "back_button"));
  flash_memory_bench_close (window);
}

/* --- what is no report ---------------------------------------------------------------------- */

static void
open_bad (FlashAppFixture *fixture, const char *path, const char *sentence)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *dialog;

  flash_window_open (fixture->window, file);
  flash_ui_wait_until (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==,
                   "“sent.zip” cannot be opened");
  g_test_message ("%s", adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), sentence));
  gtk_window_close (GTK_WINDOW (dialog));
  flash_ui_wait_until (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG) == NULL);
  g_assert_null (flash_ui_find_toplevel (FLASH_TYPE_REPORT_WINDOW));
  g_assert_true (flash_app_is_page (fixture, "welcome"));
}

static void
test_damaged (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashReport) report = flash_report_bench_new ();
  g_autofree char *path = save (fixture, report);
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length / 2, NULL));
  open_bad (fixture, path, "It is damaged.");
}

/* Larger than any report. */
static void
test_too_large (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashReport) report = flash_report_bench_new ();
  g_autofree char *path = save (fixture, report);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileIOStream) stream = g_file_open_readwrite (file, NULL, NULL);

  g_assert_true (
      g_seekable_truncate (G_SEEKABLE (stream), 2 * (goffset) FLASH_REPORT_MAX_BYTES, NULL, NULL));
  g_assert_true (g_io_stream_close (G_IO_STREAM (stream), NULL, NULL));
  open_bad (fixture, path, "It was not opened.");
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/report-window/save", test_save);
  ADD ("/report-window/ticks", test_ticks);
  ADD ("/report-window/save-action", test_save_action);
  ADD ("/report-window/save-board", test_save_board);
  ADD ("/report-window/save-fails", test_save_fails);
  ADD ("/report-window/chooser", test_chooser);
  ADD ("/report-window/open", test_open);
  ADD ("/report-window/findings", test_findings);
  ADD ("/report-window/strange-findings", test_strange_findings);
  ADD ("/report-window/copy", test_copy);
  ADD ("/report-window/narrow", test_narrow);
  ADD ("/report-window/damaged", test_damaged);
  ADD ("/report-window/too-large", test_too_large);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
