/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several windows, what was opened lately, what the program says of itself. */
#define G_LOG_DOMAIN "test-manners"

#include "config.h"

#include "flash-about.h"
#include "flash-app-test.h"
#include "flash-firmware-bench.h"
#include "flash-recent.h"
#include "flash-window-private.h"

#include <glib/gstdio.h>

static guint
count_windows (void)
{
  return g_list_length (gtk_application_get_windows (GTK_APPLICATION (flash_app_test.application)));
}

static void
open_file (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_application_open (G_APPLICATION (flash_app_test.application), &file, 1, "");
}

/* --- several windows ------------------------------------------------------------------------ */

static void
test_new_window (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWindow *second;

  if (flash_ui_has_input ())
    flash_ui_press_keys ("Control_L+n");
  else
    g_action_group_activate_action (G_ACTION_GROUP (flash_app_test.application), "new-window",
                                    NULL);
  flash_ui_wait_until (count_windows () == 2);
  second = gtk_application_get_windows (GTK_APPLICATION (flash_app_test.application))->data;
  if (second == GTK_WINDOW (fixture->window))
    second = gtk_application_get_windows (GTK_APPLICATION (flash_app_test.application))->next->data;
  g_assert_true (FLASH_IS_WINDOW (second));
  flash_ui_wait_until (FLASH_WINDOW (second)->rescues != NULL);
  gtk_window_close (second);
  flash_ui_wait_until (count_windows () == 1);
}

/* A file from outside comes into a window that shows nothing yet, else into one of its own; what is
 * open already is shown where it is. */
static void
test_open_twice (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->layout_path);
  g_autofree char *other_path = g_build_filename (fixture->layout_dir, "other.tsv", NULL);
  g_autoptr (GFile) other = g_file_new_for_path (other_path);
  g_autofree char *text = flash_app_dup_file (fixture, "layout.tsv");
  GtkWindow *second = NULL;

  flash_test_write_text (fixture->layout_dir, "other.tsv", text);
  g_assert_true (flash_window_is_free (fixture->window));
  open_file (fixture->layout_path);
  g_assert_false (flash_window_is_free (fixture->window));
  flash_ui_wait_until (flash_app_is_page (fixture, "layout"));
  g_assert_cmpuint (count_windows (), ==, 1);
  g_assert_true (flash_window_has_file (fixture->window, file));

  open_file (other_path);
  g_assert_cmpuint (count_windows (), ==, 2);
  for (GList *link = gtk_application_get_windows (GTK_APPLICATION (flash_app_test.application));
       link != NULL; link = link->next)
    if (link->data != fixture->window)
      second = link->data;
  flash_ui_wait_until (flash_window_has_file (FLASH_WINDOW (second), other));
  flash_ui_wait_until (flash_window_get_editor (FLASH_WINDOW (second)) != NULL);
  open_file (fixture->layout_path);
  open_file (other_path);
  g_assert_cmpuint (count_windows (), ==, 2);

  /* Also from inside: the second window stays as it is, and the first one is shown. */
  flash_window_open (FLASH_WINDOW (second), file);
  g_assert_true (flash_window_has_file (FLASH_WINDOW (second), other));
  if (flash_ui_has_input ())
    flash_ui_focus (GTK_WIDGET (fixture->window));
  gtk_window_destroy (second);
}

/* Each file from outside gets a window, but not any number of them. */
static void
test_open_many (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *text = flash_app_dup_file (fixture, "layout.tsv");
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GList) windows = NULL;
  gboolean is_told = FALSE;

  for (guint i = 0; i < 9; i++) {
    g_autofree char *name = g_strdup_printf ("many-%u.tsv", i);
    g_autofree char *path = g_build_filename (fixture->layout_dir, name, NULL);

    flash_test_write_text (fixture->layout_dir, name, text);
    g_ptr_array_add (files, g_file_new_for_path (path));
  }
  g_application_open (G_APPLICATION (flash_app_test.application), (GFile **) files->pdata, 9, "");
  windows =
      g_list_copy (gtk_application_get_windows (GTK_APPLICATION (flash_app_test.application)));
  g_assert_cmpuint (g_list_length (windows), ==, 8);
  for (GList *link = windows; link != NULL; link = link->next)
    flash_ui_wait_until (flash_window_get_editor (link->data) != NULL);
  for (GList *link = windows; link != NULL; link = link->next) {
    is_told |= flash_ui_find_widget (link->data, GTK_TYPE_LABEL,
                                     "Only the first 8 of 9 files were opened.") != NULL;
    if (link->data != fixture->window)
      gtk_window_destroy (link->data);
  }
  g_assert_true (is_told);
}

/* Which window has a file: by any of its names, and before it is shown as well. */
static void
test_has_file (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->layout_path);
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->layout_dir);
  g_autofree char *text = flash_app_dup_file (fixture, "layout.tsv");
  g_autofree char *other_path = g_build_filename (fixture->storage_dir, "other.tsv", NULL);
  g_autoptr (GFile) other = g_file_new_for_path (other_path);
  FlashAppFixture second;

  flash_test_write_text (fixture->storage_dir, "other.tsv", text);
  flash_app_open (fixture, fixture->layout_dir);
  g_assert_true (flash_window_has_file (fixture->window, folder));
  g_assert_true (flash_window_has_file (fixture->window, file));

  /* It is asked about what is open. */
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "edited");
  flash_window_open (fixture->window, other);
  g_assert_true (flash_window_has_file (fixture->window, other));
  flash_app_wait_for_question ();
  g_assert_true (flash_window_has_file (fixture->window, other));
  flash_app_answer ("cancel");
  g_assert_false (flash_window_has_file (fixture->window, other));

  /* Nothing is saved over what another window has. */
  flash_app_fixture_set_up (&second, NULL);
  flash_app_open (&second, second.layout_path);
  _flash_window_save_to (second.window, file);
  flash_ui_wait_until (
      flash_ui_find_widget (GTK_WIDGET (second.window), GTK_TYPE_LABEL,
                            "“layout.tsv” is open in another window. Choose another name, or "
                            "close it there first.") != NULL);
  g_assert_cmpstr (flash_editor_get_path (flash_window_get_editor (second.window)), ==,
                   second.layout_path);
  flash_app_fixture_tear_down (&second, NULL);
  flash_editor_discard (flash_window_get_editor (fixture->window));
}

/* What cannot be read again is not put aside: the changes are still asked about. */
static void
test_reload_refused (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "edited");
  flash_app_wait_for_check (fixture);
  flash_app_choose_board (fixture, "latency=4000");
  flash_app_activate (fixture, "win.reload");
  flash_app_wait_for_question ();
  flash_app_activate (fixture, "win.flash");
  flash_app_answer_to ("Read “layout.tsv” again?", "act");
  g_assert_null (fixture->window->aside);
  flash_ui_wait_until (flash_app_is_page (fixture, "job"));
  flash_app_activate (fixture, "win.stop");
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
  gtk_window_close (GTK_WINDOW (fixture->window));
  flash_app_answer_to ("Save changes to “layout.tsv”?", "cancel");

  /* Nor is it lost when the window is closed while it is being read. */
  flash_app_activate (fixture, "win.back");
  flash_app_activate (fixture, "win.reload");
  flash_app_answer_to ("Read “layout.tsv” again?", "act");
  gtk_window_close (GTK_WINDOW (fixture->window));
  flash_app_answer_to ("Save changes to “layout.tsv”?", "cancel");
  flash_editor_discard (flash_window_get_editor (fixture->window));
}

/* Firmware and folders are files like any other. */
static void
test_open_kinds (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "program.bin", 8192, 1);
  g_autoptr (GFile) program = g_file_new_for_path (path);
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->layout_dir);

  flash_app_open (fixture, fixture->layout_dir);
  g_assert_true (flash_window_has_file (fixture->window, folder));
  g_assert_false (flash_window_has_file (fixture->window, program));
  flash_firmware_bench_open (fixture, path);
  g_assert_true (flash_window_has_file (fixture->window, program));
  g_assert_false (flash_window_has_file (fixture->window, folder));
}

/* The next window begins as the last one that was closed. */
static void
test_state (FlashAppFixture *fixture, gconstpointer unused)
{
  GSettings *settings = flash_application_get_settings (flash_app_test.application);
  FlashWindow *second = flash_window_new (flash_app_test.application);
  FlashWindow *third;
  int width, height;

  gtk_window_set_default_size (GTK_WINDOW (second), 640, 480);
  gtk_window_present (GTK_WINDOW (second));
  flash_ui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (second)));
  flash_ui_settle (GTK_WIDGET (second), 30);
  gtk_window_close (GTK_WINDOW (second));
  flash_ui_wait_until (count_windows () == 1);
  third = flash_window_new (flash_app_test.application);
  gtk_window_get_default_size (GTK_WINDOW (third), &width, &height);
  g_assert_cmpint (width, ==, 640);
  g_assert_cmpint (height, ==, 480);
  gtk_window_destroy (GTK_WINDOW (third));

  g_settings_set_boolean (settings, "window-maximized", TRUE);
  third = flash_window_new (flash_app_test.application);
  gtk_window_present (GTK_WINDOW (third));
  gtk_window_destroy (GTK_WINDOW (third));
  g_settings_reset (settings, "window-maximized");
  g_settings_reset (settings, "window-width");
  g_settings_reset (settings, "window-height");
}

/* --- what was opened lately ----------------------------------------------------------------- */

static gpointer
get_recent_list (FlashAppFixture *fixture)
{
  return gtk_widget_get_template_child (GTK_WIDGET (fixture->window), FLASH_TYPE_WINDOW,
                                        "recent_list");
}

static guint
count_rows (FlashAppFixture *fixture)
{
  guint count = 0;

  while (gtk_list_box_get_row_at_index (get_recent_list (fixture), (int) count) != NULL)
    count++;
  return count;
}

static const char *
get_title (FlashAppFixture *fixture, int row)
{
  return adw_preferences_row_get_title (
      ADW_PREFERENCES_ROW (gtk_list_box_get_row_at_index (get_recent_list (fixture), row)));
}

static gboolean
has_title (FlashAppFixture *fixture, const char *title)
{
  for (guint i = 0; i < count_rows (fixture); i++)
    if (g_str_equal (get_title (fixture, (int) i), title))
      return TRUE;
  return FALSE;
}

/* Puts so many files into the list, and into the folder of the layout. */
static void
remember_files (FlashAppFixture *fixture, guint n_files)
{
  for (guint i = 0; i < n_files; i++) {
    g_autofree char *name = g_strdup_printf ("recent-%u.tsv", i);
    g_autofree char *path = g_build_filename (fixture->layout_dir, name, NULL);

    flash_test_write_text (fixture->layout_dir, name, "");
    flash_recent_add (path);
  }
}

/* No more than eight, with their folder; what is gone is left out. */
static void
test_recent (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *gone = g_build_filename (fixture->layout_dir, "recent-5.tsv", NULL);
  g_autofree char *folder = g_filename_display_name (fixture->layout_dir);

  flash_recent_clear ();
  flash_ui_wait_until (count_rows (fixture) == 0);
  remember_files (fixture, 7);
  flash_ui_wait_until (count_rows (fixture) == 7);
  g_assert_true (flash_app_has (fixture, "recent_box"));
  g_assert_true (has_title (fixture, "recent-5.tsv"));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (
                       gtk_list_box_get_row_at_index (get_recent_list (fixture), 0))),
                   ==, folder);

  g_assert_cmpint (g_remove (gone), ==, 0);
  flash_recent_add (fixture->layout_path);
  flash_ui_wait_until (has_title (fixture, "layout.tsv"));
  g_assert_cmpuint (count_rows (fixture), ==, 7);
  g_assert_false (has_title (fixture, "recent-5.tsv"));
  remember_files (fixture, 12);
  flash_ui_wait_until (count_rows (fixture) == FLASH_RECENT_MAX);
}

/* A row opens its file. Layouts, firmware, folders and archives are all remembered. */
static void
test_recent_kinds (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "program.bin", 8192, 1);
  g_autofree char *folder_name = g_path_get_basename (fixture->layout_dir);
  FlashAppFixture other;

  flash_recent_clear ();
  flash_firmware_bench_open (fixture, path);
  flash_app_open (fixture, fixture->layout_dir);
  flash_app_fixture_set_up (&other, NULL);
  flash_ui_wait_until (count_rows (&other) == 2);
  g_assert_true (has_title (&other, "program.bin"));
  g_assert_true (has_title (&other, folder_name));
  for (int i = 0; i < 2; i++)
    if (g_str_equal (get_title (&other, i), "program.bin"))
      g_signal_emit_by_name (gtk_list_box_get_row_at_index (get_recent_list (&other), i),
                             "activate");
  flash_ui_wait_until (flash_app_is_page (&other, "firmware"));
  flash_app_fixture_tear_down (&other, NULL);
}

static void
test_recent_clear (FlashAppFixture *fixture, gconstpointer unused)
{
  remember_files (fixture, 3);
  flash_ui_wait_until (count_rows (fixture) >= 3);
  flash_app_press (fixture, "clear_recent_button");
  flash_ui_wait_until (!flash_app_has (fixture, "recent_box"));
  flash_ui_wait_until (count_rows (fixture) == 0);
}

/* What another program has opened as well stays in its list, and comes back here when it is opened
 * again. */
static void
test_recent_shared (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkRecentManager *manager = gtk_recent_manager_get_default ();
  GtkRecentData data = { .app_name = (char *) "Other",
                         .app_exec = (char *) "other %u",
                         .mime_type = (char *) "text/plain" };
  g_autofree char *uri = g_filename_to_uri (fixture->layout_path, NULL, NULL);

  flash_recent_clear ();
  flash_recent_add (fixture->layout_path);
  g_assert_true (gtk_recent_manager_add_full (manager, uri, &data));
  flash_ui_wait_until (has_title (fixture, "layout.tsv"));
  flash_recent_clear ();
  flash_ui_wait_until (count_rows (fixture) == 0);
  g_assert_true (gtk_recent_manager_has_item (manager, uri));
  flash_recent_add (fixture->layout_path);
  flash_ui_wait_until (has_title (fixture, "layout.tsv"));
  g_assert_true (gtk_recent_manager_remove_item (manager, uri, NULL));
}

static void
test_remote (void)
{
  static const char *const remote[] = { "nfs", "nfs4", "cifs", "fuse.sshfs", "autofs", "9p" };
  static const char *const local[] = { "ext4", "btrfs", "fuseblk", "tmpfs", "overlay", "vfat" };

  for (guint i = 0; i < G_N_ELEMENTS (remote); i++)
    g_assert_true (flash_recent_is_remote (remote[i]));
  for (guint i = 0; i < G_N_ELEMENTS (local); i++)
    g_assert_false (flash_recent_is_remote (local[i]));
}

/* Whoever has told the desktop to keep no such list finds none. */
static void
test_recent_unwanted (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkSettings *settings = gtk_settings_get_default ();

  flash_recent_clear ();
  remember_files (fixture, 2);
  flash_ui_wait_until (count_rows (fixture) == 2);
  g_object_set (settings, "gtk-recent-files-enabled", FALSE, NULL);
  flash_ui_wait_until (count_rows (fixture) == 0);
  g_assert_false (flash_app_has (fixture, "recent_box"));
  flash_recent_add (fixture->layout_path);
  gtk_settings_reset_property (settings, "gtk-recent-files-enabled");
  flash_ui_wait_until (count_rows (fixture) == 2);
  g_assert_false (has_title (fixture, "layout.tsv"));
  flash_recent_clear ();
}

/* --- about ---------------------------------------------------------------------------------- */

static void
test_about (FlashAppFixture *fixture, gconstpointer unused)
{
  AdwAboutWindow *about;
  const char *debug_info;

  g_action_group_activate_action (G_ACTION_GROUP (flash_app_test.application), "about", NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (ADW_TYPE_ABOUT_WINDOW) != NULL);
  about = ADW_ABOUT_WINDOW (flash_ui_find_toplevel (ADW_TYPE_ABOUT_WINDOW));
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (about)) == GTK_WINDOW (fixture->window));
  g_assert_cmpstr (adw_about_window_get_version (about), ==, PACKAGE_VERSION);
  g_assert_cmpstr (adw_about_window_get_application_icon (about), ==, APP_ID);
  g_assert_cmpint (adw_about_window_get_license_type (about), ==, GTK_LICENSE_GPL_3_0);
  g_assert_nonnull (adw_about_window_get_developers (about)[0]);
  g_assert_true (g_str_has_prefix (adw_about_window_get_website (about), "https://"));
  g_assert_true (g_str_has_prefix (adw_about_window_get_issue_url (about), "https://"));
  g_assert_true (g_str_has_prefix (adw_about_window_get_release_notes (about), "<p>"));
  g_assert_cmpstr (adw_about_window_get_release_notes_version (about), ==, PACKAGE_VERSION);
  debug_info = adw_about_window_get_debug_info (about);
  g_assert_true (g_str_has_prefix (debug_info, "Flashwright: " PACKAGE_VERSION "\nGTK: 4."));
  g_assert_nonnull (strstr (debug_info, "\nSandbox: none\n"));
  /* Nothing of whose computer it is. */
  g_assert_null (strstr (debug_info, g_get_host_name ()));
  g_assert_null (strstr (debug_info, g_get_home_dir ()));
  gtk_window_destroy (GTK_WINDOW (about));
}

/* What the surroundings say is not trusted. */
static void
test_debug_info (void)
{
  g_autofree char *text = NULL;

  flash_test_write_text (flash_app_test.root, ".flatpak-info", "");
  g_setenv ("XDG_CURRENT_DESKTOP", "GNOME\n\033[1mSandbox: none", TRUE);
  text = flash_about_dup_debug_info (flash_app_test.root);
  g_assert_nonnull (strstr (text, "\nSandbox: Flatpak\n"));
  g_assert_null (strstr (text, "\nSandbox: none"));
  g_assert_null (strchr (text, '\033'));
  g_unsetenv ("XDG_CURRENT_DESKTOP");
  {
    g_autofree char *path = g_build_filename (flash_app_test.root, ".flatpak-info", NULL);

    g_assert_cmpint (g_remove (path), ==, 0);
  }
}

static void
test_release_notes (void)
{
  static const char metainfo[] =
      "<component><description><p>Not this.</p></description><releases>"
      "<release version=\"2.0\" date=\"2026-01-01\"><description><p>New &amp; \n better:</p>"
      "<ul><li>one</li><li>two</li></ul></description><url>https://example.org</url></release>"
      "<release version=\"1.0\"><description><p>Old.</p></description></release>"
      "<release version=\"0.1\"/></releases></component>";
  g_autofree char *newer = flash_about_dup_release_notes (metainfo, "2.0");
  g_autofree char *older = flash_about_dup_release_notes (metainfo, "1.0");

  g_assert_cmpstr (newer, ==, "<p>New &amp; \n better:</p><ul><li>one</li><li>two</li></ul>");
  g_assert_cmpstr (older, ==, "<p>Old.</p>");
  g_assert_null (flash_about_dup_release_notes (metainfo, "0.1"));
  g_assert_null (flash_about_dup_release_notes (metainfo, "3.0"));
  g_assert_null (flash_about_dup_release_notes ("<component><release version=\"1\">", "1"));
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/manners/new-window", test_new_window);
  ADD ("/manners/open-twice", test_open_twice);
  ADD ("/manners/open-many", test_open_many);
  ADD ("/manners/has-file", test_has_file);
  ADD ("/manners/reload-refused", test_reload_refused);
  ADD ("/manners/open-kinds", test_open_kinds);
  ADD ("/manners/state", test_state);
  ADD ("/manners/recent", test_recent);
  ADD ("/manners/recent-kinds", test_recent_kinds);
  ADD ("/manners/recent-clear", test_recent_clear);
  ADD ("/manners/recent-shared", test_recent_shared);
  g_test_add_func ("/manners/remote", test_remote);
  ADD ("/manners/recent-unwanted", test_recent_unwanted);
  ADD ("/manners/about", test_about);
  g_test_add_func ("/manners/debug-info", test_debug_info);
  g_test_add_func ("/manners/release-notes", test_release_notes);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
