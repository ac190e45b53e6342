/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window of the help: it finds pages and codes, shows them, and goes from one to another. */
#define G_LOG_DOMAIN "test-help-window"

#include "config.h"

#include "flash-help-advice.h"
#include "flash-help-window.h"
#include "flash-memory-bench.h"

static GtkWidget *
get_window (void)
{
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_HELP_WINDOW) != NULL);
  return flash_ui_find_toplevel (FLASH_TYPE_HELP_WINDOW);
}

/* Returns: whether that page is shown */
static gboolean
shows (GtkWidget *window, const char *page)
{
  g_autofree char *title = flash_help_page_dup_title (page);
  GtkWidget *box = flash_ui_find_named (window, "page_box");

  return box != NULL && flash_ui_find_widget (box, GTK_TYPE_LABEL, title) != NULL;
}

/* Returns: (transfer none): the label of the page with that link */
static GtkWidget *
find_link (GtkWidget *window, const char *address)
{
  GtkWidget *box = flash_memory_bench_get (window, "page_box");

  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *label = GTK_IS_BOX (child) ? gtk_widget_get_last_child (child) : child;

    if (GTK_IS_LABEL (label) && strstr (gtk_label_get_label (GTK_LABEL (label)), address) != NULL)
      return label;
  }
  g_assert_not_reached ();
}

/* Follows a link, as a press on it would. */
static void
follow (GtkWidget *window, const char *address)
{
  gboolean is_done = FALSE;

  g_signal_emit_by_name (find_link (window, address), "activate-link", address, &is_done);
  g_assert_true (is_done);
}

static void
test_window (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;

  if (flash_ui_has_input ())
    flash_ui_press_keys ("F1");
  else
    gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.help", "s", FLASH_HELP_INDEX);
  window = get_window ();
  g_assert_true (shows (window, FLASH_HELP_INDEX));
  g_assert_false (flash_memory_bench_has (window, "back_button"));
  follow (window, "help:access");
  g_assert_true (shows (window, "access"));
  follow (window, "help:virtual-machines");
  g_assert_true (shows (window, "virtual-machines"));
  flash_memory_bench_press (window, "back_button");
  g_assert_true (shows (window, "access"));
  flash_memory_bench_press (window, "back_button");
  g_assert_true (shows (window, FLASH_HELP_INDEX));
  g_assert_false (flash_memory_bench_has (window, "back_button"));
  /* A page that another version may have had. */
  flash_help_window_show (GTK_WINDOW (fixture->window), "access");
  g_assert_true (get_window () == window);
  flash_help_window_show (GTK_WINDOW (window), "no-such-page");
  g_assert_true (shows (window, FLASH_HELP_INDEX));
  flash_help_window_show (GTK_WINDOW (window), "advice:no-such-code");
  g_assert_true (shows (window, FLASH_HELP_INDEX));
  flash_memory_bench_close (window);
}

static guint
count_rows (GtkWidget *window)
{
  GtkListBox *list = flash_memory_bench_get (window, "list");
  GtkListBoxRow *row;
  guint n_rows = 0;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)) != NULL; i++)
    n_rows += gtk_widget_get_child_visible (GTK_WIDGET (row));
  return n_rows;
}

static void
test_window_search (FlashAppFixture *fixture, gconstpointer unused)
{
  guint n_pages = g_strv_length ((char **) flash_help_page_list ());
  GtkWidget *window;
  GtkListBoxRow *row;

  flash_help_window_show (GTK_WINDOW (fixture->window), "power");
  window = get_window ();
  g_assert_true (shows (window, "power"));
  g_assert_cmpuint (count_rows (window), ==, n_pages);
  flash_memory_bench_type (window, "search_entry", "dialout");
  flash_ui_wait_until (count_rows (window) >= 1 && count_rows (window) < n_pages);
  g_assert_false (flash_memory_bench_says (window, "Nothing was found."));
  g_signal_emit_by_name (flash_memory_bench_get (window, "search_entry"), "activate");
  g_assert_true (shows (window, "console"));
  flash_memory_bench_type (window, "search_entry", "xylophone");
  flash_ui_wait_until (count_rows (window) == 0);
  g_assert_true (flash_memory_bench_says (window, "Nothing was found."));
  g_signal_emit_by_name (flash_memory_bench_get (window, "search_entry"), "activate");
  g_assert_true (shows (window, "console"));
  flash_memory_bench_type (window, "search_entry", "");
  flash_ui_wait_until (count_rows (window) == n_pages);
  row = gtk_list_box_get_row_at_index (flash_memory_bench_get (window, "list"), 1);
  gtk_list_box_select_row (flash_memory_bench_get (window, "list"), row);
  g_assert_true (shows (window, flash_help_page_list ()[1]));
  flash_memory_bench_close (window);
}

/* From a page to its codes, to one of them, and back to the page. */
static void
test_window_advice (FlashAppFixture *fixture, gconstpointer unused)
{
  const FlashAdvice *advice = flash_advice_find ("never-came-back");
  guint n_pages = g_strv_length ((char **) flash_help_page_list ());
  GtkWidget *window;

  flash_help_window_show (GTK_WINDOW (fixture->window), "lost-board");
  window = get_window ();
  follow (window, "codes:lost-board");
  g_assert_true (flash_memory_bench_says (window, "Codes: A board that got lost"));
  follow (window, "advice:never-came-back");
  g_assert_true (flash_memory_bench_says (window, advice->cause));
  follow (window, "help:lost-board");
  g_assert_true (shows (window, "lost-board"));
  flash_memory_bench_press (window, "back_button");
  g_assert_true (flash_memory_bench_says (window, advice->cause));
  /* By its code: it is shown though pages speak of it, and listed with them. */
  flash_help_window_show (GTK_WINDOW (fixture->window), "power");
  g_assert_cmpuint (count_rows (window), ==, n_pages);
  flash_memory_bench_type (window, "search_entry", "Never-came-back ");
  flash_ui_wait_until (count_rows (window) < n_pages);
  g_assert_cmpuint (count_rows (window), >=, 2);
  g_signal_emit_by_name (flash_memory_bench_get (window, "search_entry"), "activate");
  g_assert_true (flash_memory_bench_says (window, advice->cause));
  /* By words that no page has. */
  flash_memory_bench_type (window, "search_entry", "simg2img");
  flash_ui_wait_until (count_rows (window) == 1);
  g_signal_emit_by_name (flash_memory_bench_get (window, "search_entry"), "activate");
  g_assert_true (
      flash_memory_bench_says (window, flash_advice_find ("android-sparse-image")->cause));
  flash_memory_bench_type (window, "search_entry", "");
  flash_ui_wait_until (count_rows (window) == n_pages);
  flash_memory_bench_close (window);
}

/* In a narrow window the page covers the list, and there is a way back to it. */
static void
test_window_narrow (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;
  GtkListBoxRow *row;

  flash_help_window_show (GTK_WINDOW (fixture->window), "access");
  window = get_window ();
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 600);
  flash_ui_wait_until (flash_memory_bench_has (window, "back_button"));
  flash_ui_settle (window, 60);
  g_assert_cmpint (gtk_widget_get_width (window), <=, 372);
  flash_memory_bench_press (window, "back_button");
  flash_ui_wait_until (flash_memory_bench_has (window, "search_entry") &&
                       !flash_memory_bench_has (window, "page_box"));
  flash_ui_wait_until (!flash_memory_bench_has (window, "back_button"));
  row = gtk_list_box_get_row_at_index (flash_memory_bench_get (window, "list"), 3);
  /* The arrow keys pass rows by; Return and a press open one. */
  gtk_list_box_select_row (flash_memory_bench_get (window, "list"), row);
  g_assert_false (shows (window, flash_help_page_list ()[3]));
  g_signal_emit_by_name (row, "activate");
  flash_ui_wait_until (flash_memory_bench_has (window, "page_box"));
  g_assert_true (shows (window, flash_help_page_list ()[3]));
  g_signal_emit_by_name (flash_memory_bench_get (window, "list_button"), "clicked");
  flash_ui_wait_until (!flash_memory_bench_has (window, "page_box"));
  flash_memory_bench_close (window);
}

static void
test_window_code (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window, *label, *button;
  GdkContentProvider *content;
  g_auto (GValue) value = G_VALUE_INIT;

  flash_help_window_show (GTK_WINDOW (fixture->window), "console");
  window = get_window ();
  label = flash_ui_find_widget (window, GTK_TYPE_LABEL, "sudo usermod -aG dialout \"$USER\"");
  g_assert_nonnull (label);
  button = gtk_widget_get_last_child (gtk_widget_get_ancestor (label, GTK_TYPE_BOX));
  g_signal_emit_by_name (button, "clicked");
  content = gdk_clipboard_get_content (gtk_widget_get_clipboard (window));
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==, "sudo usermod -aG dialout \"$USER\"");
  flash_memory_bench_close (window);
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/help/window", test_window);
  ADD ("/help/window-search", test_window_search);
  ADD ("/help/window-advice", test_window_advice);
  ADD ("/help/window-narrow", test_window_narrow);
  ADD ("/help/window-code", test_window_code);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
