/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of opening folders and archives, for people to look at:
 *
 *   FLASH_SHOTS_DIR=FOLDER tests/harness/headless.sh build/tests/ui/test-shots-bundle */
#define G_LOG_DOMAIN "test-shots-bundle"

#include "config.h"

#include "flash-app-builds.h"
#include "flash-app-shots.h"
#include "flash-bundle-dialog.h"

static void
shoot (FlashBuildFixture *self, const FlashAppLook *look, const char *name)
{
  if (look != NULL)
    flash_app_shoot_look (&self->app, look, name);
  else
    flash_app_shoot (GTK_WIDGET (self->app.window), name);
}

static void
shoot_dialog (FlashBuildFixture *self, const FlashAppLook *look, const char *name, int width)
{
  g_autofree char *full_name =
      look != NULL ? g_strdup_printf ("%s-%s", name, look->name) : g_strdup (name);
  GtkWidget *dialog;

  gtk_widget_activate_action (GTK_WIDGET (self->app.window), "win.choose-other", NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_BUNDLE_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_BUNDLE_DIALOG);
  if (width > 0)
    gtk_window_set_default_size (GTK_WINDOW (dialog), width, 600);
  flash_app_shoot (dialog, full_name);
  gtk_window_close (GTK_WINDOW (dialog));
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_BUNDLE_DIALOG) == NULL);
}

/* The proposed one is another one then. */
static void
choose_other (FlashBuildFixture *self)
{
  GtkWidget *dialog, *label;

  gtk_widget_activate_action (GTK_WIDGET (self->app.window), "win.choose-other", NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_BUNDLE_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_BUNDLE_DIALOG);
  flash_ui_wait_until (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, FLASH_APP_BUILD_EMMC) != NULL);
  label = flash_ui_find_widget (dialog, GTK_TYPE_LABEL, FLASH_APP_BUILD_EMMC);
  gtk_widget_activate (gtk_widget_get_ancestor (label, GTK_TYPE_LIST_BOX_ROW));
  flash_ui_wait_until (flash_ui_find_widget (GTK_WIDGET (self->app.window), GTK_TYPE_LABEL,
                                             FLASH_APP_BUILD_EMMC) != NULL);
  flash_ui_wait_until (!flash_app_has (&self->app, "spinner"));
}

/* One after the other: opened, the choice, a choice that needs a filter, refused, being opened. */
static void
shoot_all (FlashBuildFixture *self, const FlashAppLook *look)
{
  g_autofree char *evil = g_build_filename (self->dir, "st-image-weston.tar", NULL);
  g_autofree char *large = g_build_filename (self->dir, "st-image-large.tar", NULL);
  g_autoptr (GFile) evil_file = g_file_new_for_path (evil);
  g_autoptr (GFile) large_file = g_file_new_for_path (large);

  flash_app_open (&self->app, self->build);
  shoot (self, look, "bundle-opened");
  choose_other (self);
  shoot_dialog (self, look, "bundle-dialog", 0);
  flash_app_add_boards (self->build, 12);
  flash_app_open (&self->app, self->build);
  shoot_dialog (self, look, "bundle-dialog-filter", 0);
  if (look == NULL) {
    flash_app_resize (&self->app, 360, 700);
    shoot (self, look, "bundle-opened-narrow");
    shoot_dialog (self, look, "bundle-dialog-narrow", 360);
  }
  flash_app_pack_hostile (evil);
  flash_window_open (self->app.window, evil_file);
  flash_ui_wait_until (flash_app_has (&self->app, "close_button") &&
                       !flash_app_has (&self->app, "spinner"));
  shoot (self, look, "bundle-refused");
  flash_app_pack_large (large, 512 * 1024 * 1024);
  flash_window_open (self->app.window, large_file);
  flash_ui_wait_until (flash_app_has (&self->app, "progress_bar"));
  shoot (self, look, "bundle-busy");
  gtk_widget_activate_action (GTK_WIDGET (self->app.window), "win.cancel-opening", NULL);
}

static void
test_usual (FlashBuildFixture *self, gconstpointer unused)
{
  if (flash_app_has_usual_look ())
    shoot_all (self, NULL);
  else
    g_test_skip ("high contrast only");
}

/* What is asked: which one, and where to save what was in an archive. */
static void
test_questions (FlashBuildFixture *self, gconstpointer unused)
{
  g_autofree char *path = NULL;

  flash_test_write_text (self->dir, "first/board.tsv", FLASH_APP_CARD_LAYOUT);
  flash_test_write_text (self->dir, "second/board.tsv", FLASH_APP_CARD_LAYOUT);
  flash_build_start_opening (self, self->dir);
  flash_app_shoot (flash_build_wait_for_dialog (), "bundle-ask");
  flash_build_close_dialog ();
  path = flash_build_pack (self, self->build, "st-image-weston.tar.zst");
  flash_app_open (&self->app, path);
  flash_app_shoot (GTK_WIDGET (self->app.window), "bundle-archive");
  flash_app_set_cell (&self->app, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "renamed");
  gtk_widget_activate_action (GTK_WIDGET (self->app.window), "win.save", NULL);
  flash_app_shoot (flash_app_wait_for_question (), "bundle-save");
  flash_app_answer ("cancel");
}

static void
test_looks (void)
{
  for (const FlashAppLook *look = flash_app_list_looks (); look->name != NULL; look++) {
    FlashBuildFixture fixture = { 0 };

    flash_app_set_look (look);
    flash_build_fixture_set_up (&fixture, NULL);
    shoot_all (&fixture, look);
    flash_build_fixture_tear_down (&fixture, NULL);
    flash_app_reset_look ();
  }
}

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  g_test_add ("/shots-bundle/usual", FlashBuildFixture, NULL, flash_build_fixture_set_up,
              test_usual, flash_build_fixture_tear_down);
  g_test_add ("/shots-bundle/questions", FlashBuildFixture, NULL, flash_build_fixture_set_up,
              test_questions, flash_build_fixture_tear_down);
  g_test_add_func ("/shots-bundle/looks", test_looks);
  status = g_test_run ();
  flash_app_shots_shut_down ();
  flash_app_test_shut_down ();
  return status;
}
