/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of builds in the real window: which layout is opened, and how another one is chosen. */
#define G_LOG_DOMAIN "test-window-bundle"

#include "config.h"

#include "flash-app-builds.h"

static void
test_folder_one (FlashBuildFixture *self, gconstpointer unused)
{
  flash_app_open (&self->app, self->app.layout_dir);
  g_assert_cmpstr (flash_build_get_path (self), ==, self->app.layout_path);
  g_assert_false (flash_app_has (&self->app, "bundle_bar"));
  g_assert_null (flash_build_find_dialog ());
}

static void
test_folder_several (FlashBuildFixture *self, gconstpointer unused)
{
  GtkWidget *dialog;

  flash_app_open (&self->app, self->build);
  g_assert_cmpstr (flash_build_get_title (self), ==, FLASH_APP_BUILD_CARD);
  g_assert_true (flash_app_has (&self->app, "bundle_bar"));
  g_assert_cmpstr (flash_build_get_bar_title (self), ==,
                   "Opened the SD card layout for stm32mp157f-dk2 (OP-TEE)");
  g_assert_cmpstr (flash_build_get_bar_detail (self), ==,
                   "4 other layouts. Its storage is the most usual one.");

  flash_app_press (&self->app, "button");
  dialog = flash_build_wait_for_dialog ();
  g_assert_nonnull (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, "stm32mp157c-ev1"));
  g_assert_nonnull (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, "Open now"));
  g_assert_nonnull (flash_build_find_row (dialog, "FlashLayout_emmc_stm32mp157c-ev1-trusted.tsv"));
  g_assert_nonnull (
      flash_ui_find_widget (dialog, GTK_TYPE_LABEL, "1 partition, 1 file is missing"));
  g_assert_null (flash_ui_find_named (dialog, "filter_entry"));
  gtk_widget_activate (flash_build_find_row (dialog, FLASH_APP_BUILD_EMMC));
  flash_ui_wait_until (g_str_equal (flash_build_get_title (self), FLASH_APP_BUILD_EMMC));
  g_assert_null (flash_build_find_dialog ());
  g_assert_cmpstr (flash_build_get_bar_title (self), ==,
                   "Opened the eMMC layout for stm32mp157c-ev1 (OP-TEE)");
  g_assert_cmpstr (flash_build_get_bar_detail (self), ==, "4 other layouts.");

  /* Closed by the user, it stays closed, and the menu still has the verb. */
  flash_app_press (&self->app, "close_button");
  flash_ui_wait_until (!flash_app_has (&self->app, "bundle_bar"));
  gtk_widget_activate_action (GTK_WIDGET (self->app.window), "win.choose-other", NULL);
  flash_build_close_dialog ();
  g_assert_cmpstr (flash_build_get_title (self), ==, FLASH_APP_BUILD_EMMC);
}

/* The layout that is open is only looked at again. */
static void
test_choose_same (FlashBuildFixture *self, gconstpointer unused)
{
  FlashEditor *editor;

  flash_app_open (&self->app, self->build);
  editor = flash_window_get_editor (self->app.window);
  flash_app_press (&self->app, "button");
  gtk_widget_activate (flash_build_find_row (flash_build_wait_for_dialog (), FLASH_APP_BUILD_CARD));
  flash_ui_wait_until (flash_build_find_dialog () == NULL);
  flash_ui_settle (GTK_WIDGET (self->app.window), 30);
  g_assert_true (flash_window_get_editor (self->app.window) == editor);
}

static void
test_folder_none (FlashBuildFixture *self, gconstpointer unused)
{
  g_autofree char *name = g_path_get_basename (self->dir);
  g_autofree char *cause = g_strdup_printf ("There is no layout in “%s”.", name);

  flash_test_write_text (self->dir, "README.txt", "nothing here");
  flash_build_start_opening (self, self->dir);
  flash_ui_wait_until (flash_build_find (self, cause) != NULL);
  g_assert_nonnull (strstr (flash_build_get_bar_detail (self), "tmp/deploy/images"));
  g_assert_true (flash_app_is_page (&self->app, "welcome"));
  flash_app_press (&self->app, "close_button");
  flash_ui_wait_until (!flash_app_has (&self->app, "bundle_bar"));
}

/* What was wrong is no longer said once something else is open. */
static void
test_after_failure (FlashBuildFixture *self, gconstpointer unused)
{
  flash_build_start_opening (self, self->dir);
  flash_ui_wait_until (flash_app_has (&self->app, "bundle_bar"));
  flash_app_open (&self->app, self->app.layout_path);
  g_assert_false (flash_app_has (&self->app, "bundle_bar"));
}

/* Where nothing tells them apart but their names, the user is asked first. */
static void
test_ask (FlashBuildFixture *self, gconstpointer unused)
{
  GtkWidget *dialog;

  flash_test_write_text (self->dir, "a.tsv", FLASH_APP_CARD_LAYOUT);
  flash_test_write_text (self->dir, "b.tsv", FLASH_APP_CARD_LAYOUT);
  flash_build_start_opening (self, self->dir);
  dialog = flash_build_wait_for_dialog ();
  g_assert_true (flash_app_is_page (&self->app, "welcome"));
  g_assert_nonnull (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, "Board not known"));
  g_assert_null (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, "Proposed"));
  flash_build_close_dialog ();
  g_assert_true (flash_app_is_page (&self->app, "welcome"));

  flash_build_start_opening (self, self->dir);
  gtk_widget_activate (flash_build_find_row (flash_build_wait_for_dialog (), "b.tsv"));
  flash_ui_wait_until (flash_app_is_page (&self->app, "layout"));
  g_assert_cmpstr (flash_build_get_title (self), ==, "b.tsv");
}

static void
test_board_steers (FlashBuildFixture *self, gconstpointer unused)
{
  flash_test_write_text (self->dir, "FlashLayout_sdcard_stm32mp135f-dk.tsv", FLASH_APP_CARD_LAYOUT);
  flash_test_write_text (self->dir, "FlashLayout_emmc_stm32mp157c-ev1.tsv", FLASH_APP_EMMC_LAYOUT);
  flash_app_choose_board (&self->app, NULL);
  flash_app_open (&self->app, self->dir);
  g_assert_cmpstr (flash_build_get_title (self), ==, "FlashLayout_emmc_stm32mp157c-ev1.tsv");
  g_assert_cmpstr (flash_build_get_bar_detail (self), ==,
                   "1 other layout. It is for the chip of the chosen board.");
}

static void
test_filter (FlashBuildFixture *self, gconstpointer unused)
{
  GtkWidget *dialog, *entry;

  flash_app_add_boards (self->build, 12);
  flash_app_open (&self->app, self->build);
  flash_app_press (&self->app, "button");
  dialog = flash_build_wait_for_dialog ();
  entry = flash_ui_find_named (dialog, "filter_entry");
  g_assert_nonnull (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), "nothing like it");
  flash_ui_wait_until (flash_ui_find_named (dialog, "nothing_label") != NULL);
  g_signal_emit_by_name (entry, "activate");
  g_signal_emit_by_name (entry, "stop-search");
  flash_ui_wait_until (flash_ui_find_named (dialog, "list") != NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "OWN07 emmc");
  flash_ui_wait_until (flash_build_find_row (dialog, FLASH_APP_BUILD_CARD) == NULL);
  g_assert_nonnull (flash_build_find_row (dialog, "FlashLayout_emmc_stm32mp157c-own07-optee.tsv"));
  g_signal_emit_by_name (entry, "activate");
  flash_ui_wait_until (
      g_str_equal (flash_build_get_title (self), "FlashLayout_emmc_stm32mp157c-own07-optee.tsv"));
}

static void
press_when_still (GtkWidget *widget, const char *keys)
{
  flash_ui_settle (widget, 30);
  flash_ui_press_keys (keys);
}

static void
test_keyboard (FlashBuildFixture *self, gconstpointer unused)
{
  GtkWidget *dialog;

  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server to take input");
    return;
  }
  flash_app_add_boards (self->build, 12);
  flash_app_open (&self->app, self->build);
  gtk_widget_activate_action (GTK_WIDGET (self->app.window), "win.choose-other", NULL);
  dialog = flash_build_wait_for_dialog ();
  flash_ui_focus (dialog);
  /* The open layout has the focus; letters go into the filter. */
  flash_ui_wait_until (gtk_window_get_focus (GTK_WINDOW (dialog)) ==
                       flash_build_find_row (dialog, FLASH_APP_BUILD_CARD));
  flash_ui_type ("own11");
  flash_ui_wait_until (flash_build_find_row (dialog, FLASH_APP_BUILD_CARD) == NULL);
  /* Hidden rows keep no focus; it is on what is left. */
  flash_ui_wait_until (
      gtk_window_get_focus (GTK_WINDOW (dialog)) ==
      flash_build_find_row (dialog, "FlashLayout_emmc_stm32mp157c-own11-optee.tsv"));
  press_when_still (dialog, "Return");
  flash_ui_wait_until (
      g_str_equal (flash_build_get_title (self), "FlashLayout_emmc_stm32mp157c-own11-optee.tsv"));

  flash_ui_focus (GTK_WIDGET (self->app.window));
  gtk_widget_activate_action (GTK_WIDGET (self->app.window), "win.choose-other", NULL);
  flash_ui_focus (flash_build_wait_for_dialog ());
  press_when_still (flash_build_wait_for_dialog (), "Escape");
  flash_ui_wait_until (flash_build_find_dialog () == NULL);
}

#define ADD(name, data, function)                                                                  \
  g_test_add ("/window-bundle/" name, FlashBuildFixture, data, flash_build_fixture_set_up,         \
              function, flash_build_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("folder-one", NULL, test_folder_one);
  ADD ("folder-several", NULL, test_folder_several);
  ADD ("folder-none", NULL, test_folder_none);
  ADD ("after-failure", NULL, test_after_failure);
  ADD ("choose-same", NULL, test_choose_same);
  ADD ("ask", NULL, test_ask);
  ADD ("board-steers", NULL, test_board_steers);
  ADD ("filter", NULL, test_filter);
  ADD ("keyboard", NULL, test_keyboard);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
