/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that a sandboxed program was given through the desktop's portal: a folder plays its file
 * system, FOLDER/ID/NAME. */
#define G_LOG_DOMAIN "test-portal"

#include "config.h"

#include "flash-app-test.h"

#include "flash-portal-path.h"
#include "flash-window-private.h"

#include <glib/gstdio.h>

#define TITLE "Only the layout was shared with Flashwright, not its folder."

static void
test_paths (FlashAppFixture *fixture, gconstpointer unused)
{
  static const struct {
    const char *path; /* below the folder of the user's runtime files, if it is relative */
    const char *folder; /* (nullable) */
    gboolean is_lone;
  } rows[] = {
    { "doc/4f2a/card.tsv", "shared file", TRUE },
    { "doc/4f2a/build/card.tsv", "build", FALSE },
    { "doc/4f2a/build/images/card.tsv", "build/images", FALSE },
    { "doc/4f2a/", NULL, FALSE },
    { "doc/4f2a", NULL, FALSE },
    { "doc//card.tsv", NULL, FALSE },
    { "documents/4f2a/card.tsv", NULL, FALSE },
    { "/run/flatpak/doc/4f2a/card.tsv", "shared file", TRUE },
    { "/run/flatpak/doc/4f2a/build/card.tsv", "build", FALSE },
    { "/home/anna/doc/4f2a/card.tsv", NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_path_is_absolute (rows[i].path)
                                ? g_strdup (rows[i].path)
                                : g_strconcat (g_get_user_runtime_dir (), "/", rows[i].path, NULL);
    g_autofree char *folder = flash_portal_path_dup_folder (path);

    g_test_message ("%s", path);
    g_assert_cmpstr (folder, ==, rows[i].folder);
    g_assert_cmpint (flash_portal_path_is_lone_file (path), ==, rows[i].is_lone);
  }
}

/* Returns: (transfer full): the path of the fixture's layout in a folder of the portal. */
static char *
share_alone (FlashAppFixture *fixture, const char *text)
{
  g_autofree char *folder = g_build_filename (g_get_user_runtime_dir (), "doc", "4f2a", NULL);
  g_autofree char *path = g_build_filename (folder, "layout.tsv", NULL);
  g_autofree char *old_text = flash_app_dup_file (fixture, "layout.tsv");

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  flash_test_write_text (folder, "layout.tsv", text != NULL ? text : old_text);
  return g_steal_pointer (&path);
}

static void
test_lone_layout (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = share_alone (fixture, NULL);
  AdwWindowTitle *title = ADW_WINDOW_TITLE (flash_app_get (fixture, "title"));
  GtkWidget *button;

  flash_app_open (fixture, path);
  flash_ui_wait_until (flash_app_has (fixture, "portal_bar"));
  g_assert_nonnull (
      flash_ui_find_widget (flash_app_get (fixture, "portal_bar"), GTK_TYPE_LABEL, TITLE));
  g_assert_cmpstr (adw_window_title_get_subtitle (title), ==, "shared file");

  button = flash_ui_find_named (flash_app_get (fixture, "portal_bar"), "first_button");
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), ==, "win.open-folder");
  g_assert_true (gtk_widget_is_sensitive (button));

  /* The layout with its folder has nothing to be explained. */
  flash_app_open (fixture, fixture->layout_dir);
  flash_ui_wait_until (!flash_app_has (fixture, "portal_bar"));
}

/* It is saved by the very name that was shared, whatever that is: nothing is to be had by another.
 * Its folder is not where the next one is looked for. */
static void
test_save_as (FlashAppFixture *fixture, gconstpointer unused)
{
  GSettings *settings = flash_application_get_settings (fixture->window->application);
  g_autofree char *folder = g_build_filename (g_get_user_runtime_dir (), "doc", "5b01", NULL);
  g_autofree char *path = g_build_filename (folder, "other", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *last_folder = NULL;
  g_autofree char *found = NULL;
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  flash_app_open (fixture, fixture->layout_path);
  last_folder = g_settings_get_string (settings, "last-folder");
  g_assert_true (g_str_has_prefix (last_folder, "file:"));
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  _flash_window_save_to (fixture->window, file);
  flash_ui_wait_until (!flash_app_is_modified (fixture));
  dir = g_dir_open (folder, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_dir_read_name (dir), ==, "other");
  g_assert_null (g_dir_read_name (dir));
  found = g_settings_get_string (settings, "last-folder");
  g_assert_cmpstr (found, ==, last_folder);
  flash_test_remove_dir (folder);
}

/* A layout that names no file needs none. */
static void
test_complete_layout (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = share_alone (fixture, "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
                                                "PED\t0x10\tdata\tFileSystem\tmmc0\t0x00104400\t"
                                                "none\n");

  flash_app_open (fixture, path);
  flash_app_wait_for_check (fixture);
  g_assert_false (flash_app_has (fixture, "portal_bar"));
}

/* Where nothing was shared alone, missing files are the user's own affair. */
static void
test_own_folder (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_test_write_text (fixture->layout_dir, "layout.tsv",
                         "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
                         "P\t0x10\tdata\tFileSystem\tmmc0\t0x00104400\tnowhere.img\n");
  flash_app_open (fixture, fixture->layout_path);
  flash_app_wait_for_check (fixture);
  g_assert_true (flash_app_has (fixture, "note_box"));
  g_assert_false (flash_app_has (fixture, "portal_bar"));
}

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
#define ADD(path, function)                                                                        \
  g_test_add (path, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)
  ADD ("/portal/paths", test_paths);
  ADD ("/portal/lone-layout", test_lone_layout);
  ADD ("/portal/save-as", test_save_as);
  ADD ("/portal/complete-layout", test_complete_layout);
  ADD ("/portal/own-folder", test_own_folder);
#undef ADD
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
