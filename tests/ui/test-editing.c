/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window as an editor: keys, undo, saving, and the edited text on a board. */
#define G_LOG_DOMAIN "test-editing"

#include "config.h"

#include "flash-app-test.h"
#include "flash-latency-probe.h"
#include "flash-layout-table.h"

#define HOSTILE_LINES 10000u

static FlashEditor *
get_editor (FlashAppFixture *fixture)
{
  return flash_window_get_editor (fixture->window);
}

static GtkWidget *
find (FlashAppFixture *fixture, GType type, const char *text)
{
  return flash_ui_find_widget (GTK_WIDGET (fixture->window), type, text);
}

static void
tear_down (FlashAppFixture *fixture, gconstpointer unused)
{
  if (fixture->window != NULL && get_editor (fixture) != NULL)
    flash_editor_discard (get_editor (fixture));
  flash_ui_wait_until (flash_app_count_rescues () == 0);
  flash_app_fixture_tear_down (fixture, unused);
}

static const char *
get_title (FlashAppFixture *fixture)
{
  return adw_window_title_get_title (ADW_WINDOW_TITLE (flash_app_get (fixture, "title")));
}

/* --- undo and saving ------------------------------------------------------------------------ */

static void
test_undo (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *before = flash_app_dup_file (fixture, "layout.tsv");
  g_autofree char *after = NULL;

  flash_app_open (fixture, fixture->layout_path);
  g_assert_false (gtk_widget_is_sensitive (flash_app_get (fixture, "undo_button")));
  g_assert_false (flash_app_has (fixture, "save_button"));
  g_assert_cmpstr (get_title (fixture), ==, "layout.tsv");
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  g_assert_cmpstr (get_title (fixture), ==, "• layout.tsv");
  g_assert_true (flash_app_has (fixture, "save_button"));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (flash_app_get (fixture, "undo_button")), ==,
                   "Undo: change rootfs");
  flash_app_press (fixture, "undo_button");
  g_assert_nonnull (flash_app_find_entry (fixture, "rootfs"));
  g_assert_cmpstr (get_title (fixture), ==, "layout.tsv");
  g_assert_cmpstr (gtk_widget_get_tooltip_text (flash_app_get (fixture, "redo_button")), ==,
                   "Redo: change rootfs");
  flash_app_activate (fixture, "win.redo");
  g_assert_nonnull (flash_app_find_entry (fixture, "system"));
  flash_app_activate (fixture, "win.undo");
  flash_app_wait_for_check (fixture);
  after = flash_app_dup_file (fixture, "layout.tsv");
  g_assert_cmpstr (before, ==, after);
}

static void
test_save (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  flash_app_press (fixture, "save_button");
  flash_ui_wait_until (!flash_app_is_modified (fixture));
  g_assert_true (flash_app_file_has (fixture, "layout.tsv", "system"));
  flash_ui_wait_until (find (fixture, GTK_TYPE_LABEL, "Saved") != NULL);
  g_assert_false (flash_app_has (fixture, "save_button"));
}

static GtkWidget *
find_chooser (void)
{
  GtkWidget *dialog = flash_ui_find_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG);

  return dialog != NULL && gtk_widget_get_mapped (dialog) ? dialog : NULL;
}

static gboolean
has_folder (GtkWidget *dialog)
{
  g_autoptr (GFile) folder = gtk_file_chooser_get_current_folder (GTK_FILE_CHOOSER (dialog));

  return folder != NULL;
}

static void
test_save_as (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *dialog;

  if (flash_ui_is_slow ()) {
    g_test_skip ("GTK's own file chooser leaks in several ways");
    return;
  }
  flash_app_open (fixture, fixture->layout_path);
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  flash_app_activate (fixture, "win.save-as");
  flash_ui_wait_until (find_chooser () != NULL);
  dialog = find_chooser ();
  flash_ui_wait_until (has_folder (dialog));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), "other");
  gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  flash_ui_wait_until (!flash_app_is_modified (fixture));
  g_assert_cmpstr (get_title (fixture), ==, "other.tsv");
  g_assert_true (flash_app_file_has (fixture, "other.tsv", "system"));
  g_assert_false (flash_app_file_has (fixture, "layout.tsv", "system"));
}

/* --- by keyboard alone ---------------------------------------------------------------------- */

/* Gives the keyboard to the name of a partition. */
static void
focus_name (FlashAppFixture *fixture, const char *name)
{
  flash_layout_table_focus_cell (
      FLASH_LAYOUT_TABLE (flash_app_get (fixture, "table")),
      flash_layout_entry_get_number (flash_app_find_entry (fixture, name)),
      FLASH_LAYOUT_COLUMN_NAME);
  flash_ui_settle (GTK_WIDGET (fixture->window), 50);
}

static void
type_name (const char *name)
{
  flash_ui_press_keys ("F2");
  flash_ui_press_keys ("Control_L+a");
  flash_ui_type (name);
}

static void
test_keys (FlashAppFixture *fixture, gconstpointer unused)
{
  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server to take input");
    return;
  }
  flash_app_open (fixture, fixture->layout_path);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1240, 800);
  flash_ui_wait_until (
      !flash_layout_table_is_narrow (FLASH_LAYOUT_TABLE (flash_app_get (fixture, "table"))));
  focus_name (fixture, "rootfs");
  type_name ("system");
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (flash_app_find_entry (fixture, "system") != NULL);
  g_assert_true (flash_app_is_modified (fixture));
  flash_ui_press_keys ("Control_L+z");
  flash_ui_wait_until (flash_app_find_entry (fixture, "rootfs") != NULL);
  flash_ui_press_keys ("Control_L+Shift_L+z");
  flash_ui_wait_until (flash_app_find_entry (fixture, "system") != NULL);
  flash_ui_press_keys ("Control_L+s");
  flash_ui_wait_until (!flash_app_is_modified (fixture));
  g_assert_true (flash_app_file_has (fixture, "layout.tsv", "system"));

  /* What is still being typed is saved too. */
  focus_name (fixture, "system");
  type_name ("again");
  flash_ui_press_keys ("Control_L+s");
  flash_ui_wait_until (flash_app_find_entry (fixture, "again") != NULL &&
                       !flash_app_is_modified (fixture));
  g_assert_true (flash_app_file_has (fixture, "layout.tsv", "again"));
}

static const char *
get_typed (FlashAppFixture *fixture)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (fixture->window));

  return GTK_IS_TEXT (focus) ? gtk_editable_get_text (GTK_EDITABLE (focus)) : NULL;
}

/* While something is typed in a cell it is the typing that is taken back, and nothing else. */
static void
test_undo_typing (FlashAppFixture *fixture, gconstpointer unused)
{
  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server to take input");
    return;
  }
  flash_app_open (fixture, fixture->layout_path);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1240, 800);
  flash_ui_wait_until (
      !flash_layout_table_is_narrow (FLASH_LAYOUT_TABLE (flash_app_get (fixture, "table"))));
  flash_app_set_cell (fixture, "bootfs", FLASH_LAYOUT_COLUMN_NAME, "boot");
  focus_name (fixture, "rootfs");
  flash_ui_press_keys ("F2");
  flash_ui_wait_until (g_strcmp0 (get_typed (fixture), "rootfs") == 0);
  flash_ui_press_keys ("End");
  flash_ui_type ("2");
  flash_ui_wait_until (g_strcmp0 (get_typed (fixture), "rootfs2") == 0);
  flash_ui_press_keys ("Control_L+z");
  flash_ui_wait_until (g_strcmp0 (get_typed (fixture), "rootfs") == 0);
  flash_ui_press_keys ("Control_L+z");
  flash_ui_press_keys ("Control_L+z");
  flash_ui_press_keys ("Control_L+y");
  flash_ui_wait_until (g_strcmp0 (get_typed (fixture), "rootfs2") == 0);
  g_assert_nonnull (flash_app_find_entry (fixture, "boot"));
  flash_ui_press_keys ("Escape");
  flash_ui_wait_until (get_typed (fixture) == NULL);

  /* What was there before the first letter comes back as well. */
  flash_ui_type ("x");
  flash_ui_wait_until (g_strcmp0 (get_typed (fixture), "x") == 0);
  flash_ui_press_keys ("Control_L+z");
  flash_ui_press_keys ("Control_L+z");
  flash_ui_wait_until (g_strcmp0 (get_typed (fixture), "rootfs") == 0);
  flash_ui_press_keys ("Escape");
  flash_ui_wait_until (get_typed (fixture) == NULL);

  /* Afterwards it is the layout again. */
  flash_ui_press_keys ("Control_L+z");
  flash_ui_wait_until (flash_app_find_entry (fixture, "bootfs") != NULL);
  g_assert_nonnull (flash_app_find_entry (fixture, "rootfs"));
}

/* --- the board ------------------------------------------------------------------------------ */

/* The board gets what is shown, saved or not. */
static void
test_flash_unsaved (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) other = flash_test_make_ext4 (1024 * 1024, 200 * 1024);

  flash_test_write_file (fixture->layout_dir, "other.ext4", other);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_BINARY, "other.ext4");
  flash_app_wait_for_check (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "note_label"), ==,
                   "Unsaved changes are flashed as they are shown.");
  flash_app_start (fixture);
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
  flash_app_assert_stored (fixture, "mmc0.img", 0x04984400, "other.ext4");
  g_assert_false (flash_app_file_has (fixture, "layout.tsv", "other.ext4"));
  flash_app_press (fixture, "back_button");
  flash_ui_wait_until (flash_app_is_page (fixture, "layout"));
  g_assert_true (flash_app_is_modified (fixture));
}

/* Journey J6: only one partition. */
static void
test_only (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (flash_app_get (fixture, "flash_button"))), ==,
                   "_Flash");
  flash_layout_table_select_line (
      FLASH_LAYOUT_TABLE (flash_app_get (fixture, "table")),
      flash_layout_entry_get_number (flash_app_find_entry (fixture, "rootfs")));
  flash_app_activate (fixture, "win.flash-only");
  flash_app_wait_for_check (fixture);
  g_assert_true (flash_app_is_modified (fixture));
  g_assert_true (g_str_has_prefix (
      gtk_button_get_label (GTK_BUTTON (flash_app_get (fixture, "flash_button"))), "_Flash "));
  flash_app_activate (fixture, "win.undo");
  flash_app_wait_for_check (fixture);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (flash_app_get (fixture, "flash_button"))), ==,
                   "_Flash");
}

/* --- hostile -------------------------------------------------------------------------------- */

static void
test_hostile (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (FlashLatencyProbe) probe = NULL;
  g_autofree char *report = NULL;
  GtkAdjustment *adjustment;
  gint64 start;

  for (guint i = 0; i < HOSTILE_LINES; i++)
    g_string_append_printf (lines, "P\t%u\ta\tB\tmmc%u\t%x\tf\n", i % 256, i % 2000, i);
  flash_test_write_text (fixture->layout_dir, "layout.tsv", lines->str);
  probe = flash_latency_probe_start (NULL, FALSE);
  start = g_get_monotonic_time ();
  flash_app_open (fixture, fixture->layout_path);
  g_test_message ("%u lines are open, with their errors, after %.0f ms; longest stall %.1f ms",
                  HOSTILE_LINES, (double) (g_get_monotonic_time () - start) / 1000,
                  (double) flash_latency_probe_get_percentile (probe, FLASH_LATENCY_LOOP, 100) /
                      1000);
  g_assert_cmpuint (flash_loaded_get_n_errors (flash_editor_get_loaded (get_editor (fixture))), >,
                    0);
  g_clear_pointer (&probe, flash_latency_probe_stop);

  probe = flash_latency_probe_start (GTK_WIDGET (fixture->window), FALSE);
  adjustment = gtk_scrolled_window_get_vadjustment (
      GTK_SCROLLED_WINDOW (flash_app_get (fixture, "scroller")));
  for (guint i = 0; i <= 50; i++) {
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * i / 50);
    flash_ui_settle (GTK_WIDGET (fixture->window), 1);
  }
  flash_layout_table_select_line (FLASH_LAYOUT_TABLE (flash_app_get (fixture, "table")),
                                  HOSTILE_LINES / 2);
  flash_app_set_cell (fixture, "a", FLASH_LAYOUT_COLUMN_NAME, "b");
  flash_app_wait_for_check (fixture);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  report = flash_latency_probe_dup_report (probe);
  g_test_message ("while scrolling and editing:\n%s", report);
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/editing/undo", test_undo);
  ADD ("/editing/save", test_save);
  ADD ("/editing/save-as", test_save_as);
  ADD ("/editing/keys", test_keys);
  ADD ("/editing/undo-typing", test_undo_typing);
  ADD ("/editing/flash-unsaved", test_flash_unsaved);
  ADD ("/editing/only", test_only);
  ADD ("/editing/hostile", test_hostile);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
