/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How layouts come into the window, and what is said of those that cannot. */
#define G_LOG_DOMAIN "test-files"

#include "config.h"

#include "flash-app-builds.h"
#include "flash-latency-probe.h"

/* How many problems are shown before the user asks for more. */
#define ROWS_AT_ONCE 25

static GtkWidget *
find (FlashAppFixture *fixture, GType type, const char *text)
{
  return flash_ui_find_widget (GTK_WIDGET (fixture->window), type, text);
}

static void
write_layout (FlashAppFixture *fixture, const char *text)
{
  flash_test_write_text (fixture->layout_dir, "layout.tsv", text);
}

static void
test_open (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *folder = g_filename_display_name (fixture->layout_dir);

  g_assert_true (flash_app_is_page (fixture, "welcome"));
  flash_app_open (fixture, fixture->layout_path);
  g_assert_nonnull (find (fixture, GTK_TYPE_LABEL, "layout.tsv"));
  g_assert_cmpstr (
      adw_window_title_get_subtitle (ADW_WINDOW_TITLE (flash_app_get (fixture, "title"))), ==,
      folder);
  g_assert_nonnull (flash_app_find_entry (fixture, "u-boot-env"));
  g_assert_true (flash_app_has (fixture, "table"));
  g_assert_nonnull (find (fixture, GTK_TYPE_LABEL, "mmc0"));
  g_assert_cmpstr (flash_app_get_text (fixture, "note_label"), ==, "No board is chosen.");
}

/* A folder with one layout is as good as the layout. */
static void
test_open_folder (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_dir);
  g_assert_nonnull (find (fixture, GTK_TYPE_LABEL, "layout.tsv"));
}

static void
expect_refusal (FlashAppFixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->layout_dir, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  flash_window_open (fixture->window, file);
  flash_ui_wait_until (find (fixture, GTK_TYPE_LABEL, text) != NULL);
  g_assert_nonnull (flash_app_find_entry (fixture, "u-boot-env"));
}

/* What was open stays. */
static void
test_open_bad (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  expect_refusal (fixture, "nothing.tsv",
                  "“nothing.tsv” does not exist. It may have been moved or renamed.");
  flash_test_write_sparse (fixture->layout_dir, "large.tsv", 100 * 1024 * 1024);
  expect_refusal (
      fixture, "large.tsv",
      "“large.tsv” is larger than any layout can be. Open the .tsv file, not an image.");
}

static void
test_open_remote (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GFile) file = g_file_new_for_uri ("https://example.org/layout.tsv");

  flash_window_open (fixture->window, file);
  flash_ui_wait_until (
      find (fixture, GTK_TYPE_LABEL,
            "“https://example.org/layout.tsv” is not on this computer. Copy it here first.") !=
      NULL);
  g_assert_true (flash_app_is_page (fixture, "welcome"));
}

/* Returns: how many problems have a row. */
static guint
count_problems (FlashAppFixture *fixture)
{
  GtkListBox *list = GTK_LIST_BOX (flash_app_get (fixture, "problem_list"));
  guint count = 0;

  while (gtk_list_box_get_row_at_index (list, (int) count) != NULL)
    count++;
  return count;
}

/* Any bytes: said to be wrong, shown within reason, and the window still answers. */
static void
test_open_noise (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GBytes) noise = flash_test_make_bytes (200 * 1024, 77);
  g_autoptr (FlashLatencyProbe) probe = NULL;
  gint64 longest_us;

  flash_test_write_file (fixture->layout_dir, "layout.tsv", noise);
  flash_app_open (fixture, fixture->layout_path);
  g_assert_true (flash_app_has (fixture, "note_box"));

  for (guint i = 0; i < 6000; i++)
    g_string_append_printf (lines, "P\t0x10\ta\tBinary\tmmc%u\t0x%x\tf\n", i % 2000, i);
  write_layout (fixture, lines->str);
  probe = flash_latency_probe_start (NULL, FALSE);
  flash_app_open (fixture, fixture->layout_path);
  longest_us = flash_latency_probe_get_percentile (probe, FLASH_LATENCY_LOOP, 100);
  g_test_message ("longest stall while 6000 lines are opened: %.1f ms", (double) longest_us / 1000);
  flash_ui_wait_until (count_problems (fixture) == ROWS_AT_ONCE);
  g_signal_emit_by_name (flash_app_get (fixture, "more_problems_button"), "clicked");
  flash_ui_wait_until (count_problems (fixture) == 2 * ROWS_AT_ONCE);
}

static void
test_command_line (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->layout_path);

  g_application_open (G_APPLICATION (flash_app_test.application), &file, 1, "");
  flash_ui_wait_until (flash_app_is_page (fixture, "layout"));
}

static void
test_recent (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashWindow *window;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_wait_for_recent (fixture->layout_path);
  window = flash_window_new (flash_app_test.application);
  gtk_window_present (GTK_WINDOW (window));
  flash_ui_wait_until (flash_ui_find_widget (GTK_WIDGET (window), GTK_TYPE_LABEL, "Recent files"));
  g_assert_nonnull (flash_ui_find_widget (GTK_WIDGET (window), ADW_TYPE_ACTION_ROW, "layout.tsv"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_chosen (GtkWidget *dialog, GFile *file)
{
  g_autoptr (GFile) chosen = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  return chosen != NULL && g_file_equal (chosen, file);
}

static GtkWidget *
find_chooser (void)
{
  GtkWidget *dialog = flash_ui_find_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG);

  return dialog != NULL && gtk_widget_get_mapped (dialog) ? dialog : NULL;
}

/* The dialog itself is the toolkit's; here it is given a file and an answer. */
static void
test_dialog (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->layout_path);
  GtkWidget *dialog;

  if (flash_ui_is_slow ()) {
    g_test_skip ("GTK's own file chooser leaks in several ways");
    return;
  }
  flash_app_press (fixture, "open_button");
  flash_ui_wait_until (find_chooser () != NULL);
  dialog = find_chooser ();
  g_assert_true (gtk_file_chooser_set_file (GTK_FILE_CHOOSER (dialog), file, NULL));
  flash_ui_wait_until (has_chosen (dialog, file));
  gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  flash_ui_wait_until (flash_app_is_page (fixture, "layout"));
  flash_ui_wait_until (find_chooser () == NULL);
}

/* --- drag and drop ------------------------------------------------------------------------ */

static GtkDropTarget *
get_drop_target (FlashAppFixture *fixture)
{
  g_autoptr (GListModel) controllers =
      gtk_widget_observe_controllers (GTK_WIDGET (fixture->window));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

    if (GTK_IS_DROP_TARGET (controller))
      return GTK_DROP_TARGET (controller);
  }
  g_assert_not_reached ();
}

static gboolean
drop (FlashAppFixture *fixture, const char *path, const char *second_path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) second = second_path != NULL ? g_file_new_for_path (second_path) : NULL;
  g_autoslist (GFile) files = second != NULL ? g_slist_prepend (NULL, g_object_ref (second)) : NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean is_taken = FALSE;

  files = g_slist_prepend (files, g_object_ref (file));
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_list (files));
  g_signal_emit_by_name (get_drop_target (fixture), "drop", &value, 10.0, 10.0, &is_taken);
  return is_taken;
}

static void
test_drop (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *image = g_build_filename (fixture->layout_dir, "fip.bin", NULL);

  g_assert_true (drop (fixture, image, NULL));
  flash_ui_wait_until (
      find (fixture, GTK_TYPE_LABEL,
            "“fip.bin” is an image for an STM32MP board. Open the layout that names it.") != NULL);
  g_assert_true (flash_app_is_page (fixture, "welcome"));
  g_assert_false (drop (fixture, fixture->layout_path, image));
  g_assert_true (drop (fixture, fixture->layout_dir, NULL));
  flash_ui_wait_until (flash_app_is_page (fixture, "layout"));
}

static void
on_drop_text (GtkLabel *label, GParamSpec *pspec, char **out_text)
{
  g_free (*out_text);
  *out_text = g_strdup (gtk_label_get_text (label));
}

/* A real drag from another window: the overlay says what would happen, then it does. */
static void
drag (FlashAppFixture *fixture, const char *path, const char *expected)
{
  GtkWidget *source_window = gtk_window_new ();
  GtkWidget *source_label = gtk_label_new ("drag me");
  GtkDragSource *source = gtk_drag_source_new ();
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GdkFileList *list = gdk_file_list_new_from_array (&file, 1);
  g_autoptr (GdkContentProvider) content =
      gdk_content_provider_new_typed (GDK_TYPE_FILE_LIST, list);
  g_autofree char *text = NULL;
  gpointer label;

  if (!flash_ui_has_input ()) {
    g_boxed_free (GDK_TYPE_FILE_LIST, list);
    gtk_window_destroy (GTK_WINDOW (source_window));
    g_object_unref (source);
    g_object_unref (g_object_ref_sink (source_label));
    g_test_skip ("there is no X server to take input");
    return;
  }
  g_boxed_free (GDK_TYPE_FILE_LIST, list);
  gtk_drag_source_set_content (source, content);
  gtk_widget_add_controller (source_label, GTK_EVENT_CONTROLLER (source));
  gtk_window_set_child (GTK_WINDOW (source_window), source_label);
  gtk_window_set_default_size (GTK_WINDOW (source_window), 200, 100);
  gtk_window_present (GTK_WINDOW (source_window));
  flash_ui_settle (source_window, 50);
  label =
      gtk_widget_get_template_child (GTK_WIDGET (fixture->window), FLASH_TYPE_WINDOW, "drop_label");
  g_signal_connect (label, "notify::label", G_CALLBACK (on_drop_text), &text);

  flash_ui_drag (source_label, flash_app_get (fixture, "stack"));
  flash_ui_wait_until (flash_app_is_page (fixture, "layout"));
  g_assert_cmpstr (text, ==, expected);
  g_assert_false (flash_app_has (fixture, "drop_box"));
  g_signal_handlers_disconnect_by_data (label, &text);
  gtk_window_destroy (GTK_WINDOW (source_window));
}

static void
test_drag (FlashAppFixture *fixture, gconstpointer unused)
{
  drag (fixture, fixture->layout_path, "Open the layout “layout.tsv”");
}

static void
test_drag_folder (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *name = g_path_get_basename (fixture->layout_dir);
  g_autofree char *expected = g_strdup_printf ("Open the build folder “%s”", name);

  drag (fixture, fixture->layout_dir, expected);
}

static void
test_drag_archive (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (fixture->storage_dir, "build.zip", NULL);

  flash_app_pack (fixture->layout_dir, path);
  drag (fixture, path, "Open the archive “build.zip”");
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/files/open", test_open);
  ADD ("/files/folder", test_open_folder);
  ADD ("/files/bad", test_open_bad);
  ADD ("/files/remote", test_open_remote);
  ADD ("/files/noise", test_open_noise);
  ADD ("/files/command-line", test_command_line);
  ADD ("/files/recent", test_recent);
  ADD ("/files/dialog", test_dialog);
  ADD ("/files/drop", test_drop);
  ADD ("/files/drag", test_drag);
  ADD ("/files/drag-folder", test_drag_folder);
  ADD ("/files/drag-archive", test_drag_archive);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
