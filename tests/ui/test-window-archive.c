/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives of builds in the real window: what is unpacked is right, and nothing is left behind. */
#define G_LOG_DOMAIN "test-window-archive"

#include "config.h"

#include "flash-app-builds.h"
#include "flash-bundle-place.h"

#include <glib/gstdio.h>
#include <unistd.h>

static void
test_archive (FlashBuildFixture *self, gconstpointer data)
{
  g_autofree char *path = flash_build_pack (self, self->build, data);
  g_autofree char *subtitle = g_strdup_printf ("in %s", (const char *) data);

  flash_app_open (&self->app, path);
  g_assert_cmpstr (flash_build_get_title (self), ==, FLASH_APP_BUILD_CARD);
  g_assert_cmpstr (flash_build_get_subtitle (self), ==, subtitle);
  g_assert_true (flash_bundle_place_is_temporary (flash_build_get_path (self)));
  g_assert_cmpuint (flash_app_count_opened (), ==, 1);

  /* Another one takes its place. */
  flash_app_press (&self->app, "button");
  gtk_widget_activate (flash_build_find_row (flash_build_wait_for_dialog (), FLASH_APP_BUILD_EMMC));
  flash_ui_wait_until (g_str_equal (flash_build_get_title (self), FLASH_APP_BUILD_EMMC));
  flash_ui_wait_until (flash_app_count_opened () == 1);

  /* Something else needs nothing of it. */
  flash_app_open (&self->app, self->app.layout_path);
  flash_ui_wait_until (flash_app_count_opened () == 0);
}

static void
test_flash (FlashBuildFixture *self, gconstpointer unused)
{
  g_autofree char *path = flash_build_pack (self, self->app.layout_dir, "image.tar.zst");

  flash_app_open (&self->app, path);
  g_assert_false (flash_app_has (&self->app, "bundle_bar"));
  flash_app_choose_board (&self->app, NULL);
  flash_app_start (&self->app);
  flash_app_wait_for_result (&self->app);
  flash_app_assert_stored (&self->app, "mmc0.img", 0x4400, "tf-a-sdcard.stm32");
  flash_app_assert_stored (&self->app, "mmc0.img", 0x4984400, "rootfs.ext4");
  flash_app_assert_stored (&self->app, "mmc1boot1.img", 0, "tf-a-emmc.stm32");
}

static void
test_hostile (FlashBuildFixture *self, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (self->dir, "evil.tar", NULL);

  flash_app_pack_hostile (path);
  flash_build_start_opening (self, path);
  flash_ui_wait_until (
      flash_build_find (
          self, "“evil.tar” was refused: a file of its layout would lie outside of it.") != NULL);
  g_assert_cmpstr (flash_build_get_bar_detail (self), ==,
                   "No build makes such an archive. Ask where it comes from.");
  g_assert_cmpuint (flash_app_count_opened (), ==, 0);
}

static void
test_damaged (FlashBuildFixture *self, gconstpointer unused)
{
  g_autofree char *path = flash_build_pack (self, self->build, "build.tar.zst");
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (truncate (path, info.st_size / 2), ==, 0);
  flash_build_start_opening (self, path);
  flash_ui_wait_until (
      flash_build_find (self, "“build.tar.zst” is damaged, or not all of it is there.") != NULL);
}

/* The archive was replaced while its window was open. */
static void
test_changed (FlashBuildFixture *self, gconstpointer unused)
{
  g_autofree char *path = flash_build_pack (self, self->build, "build.tar");
  g_autoptr (GError) error = NULL;

  flash_app_open (&self->app, path);
  g_file_set_contents_full (path, "something else", -1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
  flash_app_press (&self->app, "button");
  gtk_widget_activate (flash_build_find_row (flash_build_wait_for_dialog (), FLASH_APP_BUILD_EMMC));
  flash_ui_wait_until (flash_build_find (self, "“build.tar” was changed since it was opened.") !=
                       NULL);
  /* What is open stays. */
  g_assert_cmpstr (flash_build_get_title (self), ==, FLASH_APP_BUILD_CARD);
  g_assert_true (g_file_test (flash_build_get_path (self), G_FILE_TEST_IS_REGULAR));
  flash_ui_wait_until (flash_app_count_opened () == 1);
}

static gboolean
says (FlashBuildFixture *self, const char *text)
{
  return flash_app_has (&self->app, "bundle_bar") &&
         g_str_equal (flash_build_get_bar_title (self), text);
}

static void
test_cancel (FlashBuildFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->dir, "large.tar", NULL);
  const char *action = data;

  flash_app_pack_large (path, 768 * 1024 * 1024);
  flash_build_start_opening (self, path);
  flash_ui_wait_until (says (self, "Unpacking “large.tar”…"));
  flash_ui_wait_until (flash_app_count_opened () == 1);
  g_assert_true (flash_app_has (&self->app, "spinner"));
  gtk_widget_activate_action (GTK_WIDGET (self->app.window), action, NULL);
  flash_ui_wait_until (!flash_app_has (&self->app, "bundle_bar"));
  flash_ui_wait_until (flash_app_count_opened () == 0);
  g_assert_true (flash_app_is_page (&self->app, "welcome"));
  g_assert_false (flash_app_has (&self->app, "spinner"));
}

/* A window that is closed meanwhile leaves nothing either; tear_down looks. */
static void
test_close (FlashBuildFixture *self, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (self->dir, "large.tar", NULL);

  flash_app_pack_large (path, 256 * 1024 * 1024);
  flash_build_start_opening (self, path);
  flash_ui_wait_until (flash_app_count_opened () == 1);
}

/* --- saving, reading again, remembering ----------------------------------------------------- */

static void
edit (FlashBuildFixture *self)
{
  flash_app_set_cell (&self->app, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "renamed");
}

static void
test_save (FlashBuildFixture *self, gconstpointer unused)
{
  g_autofree char *path = flash_build_pack (self, self->build, "build.zip");
  g_autofree char *saved = g_build_filename (self->dir, "mine.tsv", NULL);
  GtkWidget *question;

  flash_app_open (&self->app, path);
  edit (self);
  gtk_widget_activate_action (GTK_WIDGET (self->app.window), "win.save", NULL);
  question = flash_app_wait_for_question ();
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (question)), ==,
                   "“" FLASH_APP_BUILD_CARD "” is in an archive");
  flash_app_answer ("cancel");
  g_assert_true (flash_editor_is_modified (flash_window_get_editor (self->app.window)));

  flash_editor_save (flash_window_get_editor (self->app.window), saved, TRUE, NULL, NULL, NULL);
  flash_ui_wait_until (g_str_equal (flash_build_get_title (self), "mine.tsv"));
  /* It is no longer that of the archive. */
  flash_ui_wait_until (!flash_app_has (&self->app, "bundle_bar"));
  g_assert_true (g_file_test (saved, G_FILE_TEST_IS_REGULAR));
}

/* What was read again is of the same archive; its files stay. */
static void
test_reload (FlashBuildFixture *self, gconstpointer unused)
{
  g_autofree char *path = flash_build_pack (self, self->build, "build.tar");
  FlashEditor *editor;

  flash_app_open (&self->app, path);
  edit (self);
  editor = flash_window_get_editor (self->app.window);
  gtk_widget_activate_action (GTK_WIDGET (self->app.window), "win.reload", NULL);
  flash_app_answer ("act");
  flash_ui_wait_until (flash_window_get_editor (self->app.window) != editor);
  flash_app_wait_for_check (&self->app);
  /* What was put aside can be brought back, as was promised. */
  g_assert_nonnull (flash_ui_find_widget (GTK_WIDGET (self->app.window), GTK_TYPE_LABEL,
                                          "Your own changes were put aside."));
  g_assert_true (flash_app_has (&self->app, "bundle_bar"));
  g_assert_true (g_file_test (flash_build_get_path (self), G_FILE_TEST_IS_REGULAR));
  g_assert_cmpuint (flash_app_count_opened (), ==, 1);
}

static gboolean
is_recent (const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);

  return gtk_recent_manager_has_item (gtk_recent_manager_get_default (), uri);
}

static void
test_recent (FlashBuildFixture *self, gconstpointer unused)
{
  g_autofree char *path = flash_build_pack (self, self->build, "recent.zip");

  flash_app_open (&self->app, path);
  flash_ui_wait_until (is_recent (path));
  g_assert_false (is_recent (flash_build_get_path (self)));
  flash_app_open (&self->app, self->build);
  flash_ui_wait_until (is_recent (self->build));
}

/* --- leftovers ------------------------------------------------------------------------------ */

static void
test_leftovers (FlashBuildFixture *self, gconstpointer unused)
{
  g_autofree char *opened = flash_app_dup_opened_folder ();
  g_autofree char *path = flash_build_pack (self, self->build, "build.tar");
  g_autofree char *kept = g_build_filename (opened, "run-CCCCCC", "layout.tsv", NULL);
  g_autofree char *other = g_build_filename (opened, "other", NULL);
  const char *const kept_paths[] = { kept, NULL };

  flash_app_open (&self->app, path);
  /* As a crash leaves it: with its lock, and without. */
  flash_test_write_text (opened, "run-AAAAAA/lock", "");
  flash_test_write_text (opened, "run-AAAAAA/unpacked-123456/layout.tsv", "");
  flash_test_write_text (opened, "run-CCCCCC/lock", "");
  flash_test_write_text (opened, "other/file", "");
  g_assert_cmpuint (flash_app_count_opened (), ==, 4);
  g_assert_cmpuint (flash_bundle_place_remove_leftovers (kept_paths), ==, 1);
  g_assert_true (g_file_test (flash_build_get_path (self), G_FILE_TEST_IS_REGULAR));

  /* The next start does it by itself. */
  flash_window_offer_rescues (self->app.window);
  flash_ui_wait_until (flash_app_count_opened () == 2);
  g_assert_true (g_file_test (flash_build_get_path (self), G_FILE_TEST_IS_REGULAR));
  flash_test_remove_dir (other);
}

#define ADD(name, data, function)                                                                  \
  g_test_add ("/window-archive/" name, FlashBuildFixture, data, flash_build_fixture_set_up,        \
              function, flash_build_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("archive-tar-zst", "build.tar.zst", test_archive);
  ADD ("archive-zip", "build.zip", test_archive);
  ADD ("flash", NULL, test_flash);
  ADD ("hostile", NULL, test_hostile);
  ADD ("damaged", NULL, test_damaged);
  ADD ("changed", NULL, test_changed);
  ADD ("cancel", "win.cancel-opening", test_cancel);
  ADD ("escape", "win.stop", test_cancel);
  ADD ("close", NULL, test_close);
  ADD ("save", NULL, test_save);
  ADD ("reload", NULL, test_reload);
  ADD ("recent", NULL, test_recent);
  ADD ("leftovers", NULL, test_leftovers);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
