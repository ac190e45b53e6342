/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are dropped on the other windows: what is said while they hover, and what is done. */
#define G_LOG_DOMAIN "test-drop-zone"

#include "config.h"

#include "flash-drop-zone.h"
#include "flash-memory-bench.h"
#include "flash-memory-window.h"
#include "flash-report-window.h"
#include "flash-revive-window.h"

static GtkDropTarget *
get_target (GtkWidget *window)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (window);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

    if (GTK_IS_DROP_TARGET (controller))
      return GTK_DROP_TARGET (controller);
  }
  g_assert_not_reached ();
}

static GdkFileList *
make_list (const char *path, gboolean is_twice)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GFile *files[] = { file, file };

  return gdk_file_list_new_from_array (files, is_twice ? 2 : 1);
}

static gboolean
drop (GtkWidget *window, const char *path, gboolean is_twice)
{
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean is_taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, make_list (path, is_twice));
  g_signal_emit_by_name (get_target (window), "drop", &value, 10.0, 10.0, &is_taken);
  return is_taken;
}

static void
on_veil_shown (GtkWidget *veil, GParamSpec *pspec, char **out_text)
{
  GtkWidget *box = gtk_widget_get_first_child (veil);

  if (!gtk_widget_get_visible (veil))
    return;
  g_free (*out_text);
  *out_text = g_strdup (gtk_label_get_text (GTK_LABEL (gtk_widget_get_last_child (box))));
}

static GtkWidget *
find_veil (GtkWidget *widget)
{
  if (g_strcmp0 (gtk_widget_get_name (widget), "drop_veil") == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_veil (child);

    if (found != NULL)
      return found;
  }
  return NULL;
}

/* A real drag over the window, and a drop.
 *
 * Returns: (transfer full): what was said meanwhile */
static char *
drag (GtkWidget *window, GtkWidget *to, const char *path)
{
  GtkWidget *source_window = gtk_window_new ();
  GtkWidget *source_label = gtk_label_new ("drag me");
  GtkDragSource *source = gtk_drag_source_new ();
  GdkFileList *list = make_list (path, FALSE);
  g_autoptr (GdkContentProvider) content =
      gdk_content_provider_new_typed (GDK_TYPE_FILE_LIST, list);
  GtkWidget *veil = find_veil (window);
  char *text = NULL;

  g_boxed_free (GDK_TYPE_FILE_LIST, list);
  gtk_drag_source_set_content (source, content);
  gtk_widget_add_controller (source_label, GTK_EVENT_CONTROLLER (source));
  gtk_window_set_child (GTK_WINDOW (source_window), source_label);
  gtk_window_set_default_size (GTK_WINDOW (source_window), 160, 80);
  gtk_window_present (GTK_WINDOW (source_window));
  flash_ui_settle (source_window, 50);
  g_signal_connect (veil, "notify::visible", G_CALLBACK (on_veil_shown), &text);
  flash_ui_drag (source_label, to);
  flash_ui_wait_until (!gtk_widget_get_visible (veil));
  g_signal_handlers_disconnect_by_data (veil, &text);
  gtk_window_destroy (GTK_WINDOW (source_window));
  return text;
}

/* --- the memory window ---------------------------------------------------------------------- */

static void
test_memory (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "program.bin", 8192, 1);
  g_autofree char *text = NULL;
  GtkWidget *window;

  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  window = flash_memory_bench_open (fixture, "win.memory", FLASH_TYPE_MEMORY_WINDOW);
  g_assert_false (drop (window, path, FALSE));
  flash_memory_bench_type (window, "size_entry", "8K");
  flash_memory_bench_read (window);
  g_assert_false (drop (window, path, TRUE));
  if (flash_ui_has_input ()) {
    text = drag (window, flash_memory_bench_get (window, "hex_view"), path);
    g_assert_cmpstr (text, ==, "Compare with “program.bin”");
  } else {
    g_assert_true (drop (window, path, FALSE));
  }
  flash_ui_wait_until (flash_memory_bench_has (window, "compare_bar"));
  flash_memory_bench_close (window);
}

/* Nothing was read: why nothing is done is said before the button is let go. */
static void
test_memory_empty (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "program.bin", 8192, 1);
  g_autofree char *text = NULL;
  GtkWidget *window;

  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server to take input");
    return;
  }
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  window = flash_memory_bench_open (fixture, "win.memory", FLASH_TYPE_MEMORY_WINDOW);
  text = drag (window, flash_memory_bench_get (window, "stack"), path);
  g_assert_cmpstr (text, ==,
                   "Nothing was read yet. Read a range, then drop a file to compare it with.");
  g_assert_false (flash_memory_bench_has (window, "compare_bar"));
  flash_memory_bench_close (window);
}

/* --- windows beside the main one ------------------------------------------------------------ */

static void
test_opener (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *text = NULL;
  GtkWidget *window = flash_memory_bench_open (fixture, "win.revive", FLASH_TYPE_REVIVE_WINDOW);

  if (flash_ui_has_input ()) {
    text = drag (window, flash_memory_bench_get (window, "stack"), fixture->layout_path);
    g_assert_cmpstr (text, ==, "Open “layout.tsv” in the main window");
  } else {
    g_assert_true (drop (window, fixture->layout_path, FALSE));
  }
  flash_ui_wait_until (flash_app_is_page (fixture, "layout"));
  flash_memory_bench_close (window);
}

/* While a board is being flashed nothing else is opened. */
static void
test_opener_busy (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashReport) report = flash_report_new ();
  GtkWidget *window;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=4000");
  flash_app_start (fixture);
  window =
      GTK_WIDGET (flash_report_window_present (GTK_WINDOW (fixture->window), report, "report.zip"));
  flash_ui_wait_until (gtk_widget_get_mapped (window));
  g_assert_false (drop (window, fixture->layout_path, FALSE));
  gtk_window_destroy (GTK_WINDOW (window));
  flash_app_activate (fixture, "win.stop");
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
}

/* A name can neither fill the window nor turn the words around it. */
static void
test_name (void)
{
  g_autofree char *plain = flash_drop_zone_dup_name ("/tmp/layout.tsv");
  g_autofree char *turned = flash_drop_zone_dup_name ("/tmp/a\u202eb\nc.tsv");
  g_autofree char *longest = g_strnfill (200, 'x');
  g_autofree char *path = g_strconcat ("/tmp/begin", longest, ".tsv", NULL);
  g_autofree char *cut = flash_drop_zone_dup_name (path);

  g_assert_cmpstr (plain, ==, "layout.tsv");
  g_assert_cmpstr (turned, ==, "a\ufffdb\ufffdc.tsv");
  g_assert_cmpint (g_utf8_strlen (cut, -1), ==, 49);
  g_assert_true (g_str_has_prefix (cut, "beginx") && g_str_has_suffix (cut, "x.tsv"));
  g_assert_nonnull (strstr (cut, "x…x"));
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  g_test_add_func ("/drop-zone/name", test_name);
  ADD ("/drop-zone/memory", test_memory);
  ADD ("/drop-zone/memory-empty", test_memory_empty);
  ADD ("/drop-zone/opener", test_opener);
  ADD ("/drop-zone/opener-busy", test_opener_busy);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
