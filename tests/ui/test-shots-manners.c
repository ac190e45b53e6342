/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of what every program of the desktop has: preferences, shortcuts, about, recent files,
 * the question when it is closed too early, and what lies over a window while a file hovers:
 *
 *   FLASH_SHOTS_DIR=FOLDER tests/harness/headless.sh build/tests/ui/test-shots-manners
 *
 * Without FLASH_SHOTS_DIR they go into a temporary folder, and only the drawing is tested. */
#define G_LOG_DOMAIN "test-shots-manners"

#include "config.h"

#include "flash-app-audit.h"
#include "flash-app-shots.h"
#include "flash-preferences-window.h"
#include "flash-recent.h"

static void
shoot (GtkWidget *window, const FlashAppLook *look, const char *name)
{
  g_autofree char *full_name =
      look != NULL ? g_strconcat (name, "-", look->name, NULL) : g_strdup (name);

  flash_app_shoot (window, full_name);
  flash_app_audit (window, full_name);
}

static int
get_narrow (const FlashAppLook *look)
{
  return look != NULL && look->text_scale > 0 ? (int) (360 * look->text_scale) : 360;
}

static GtkWidget *
open_by_action (const char *action, GType type)
{
  g_action_group_activate_action (G_ACTION_GROUP (flash_app_test.application), action, NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (type) != NULL);
  return flash_ui_find_toplevel (type);
}

static void
shoot_preferences (const FlashAppLook *look)
{
  GtkWidget *window = open_by_action ("preferences", FLASH_TYPE_PREFERENCES_WINDOW);

  shoot (window, look, "preferences");
  gtk_window_set_default_size (GTK_WINDOW (window), get_narrow (look), 640);
  flash_ui_settle (window, 60);
  shoot (window, look, "preferences-narrow");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
shoot_about (const FlashAppLook *look)
{
  GtkWidget *window = open_by_action ("about", ADW_TYPE_ABOUT_WINDOW);

  shoot (window, look, "about");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
shoot_shortcuts (FlashAppFixture *fixture, const FlashAppLook *look)
{
  GtkWidget *overlay;
  g_autofree char *name =
      look != NULL ? g_strconcat ("shortcuts-", look->name, NULL) : g_strdup ("shortcuts");

  flash_app_activate (fixture, "win.show-help-overlay");
  overlay = GTK_WIDGET (
      gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (fixture->window)));
  flash_app_shoot (overlay, name);
  gtk_window_close (GTK_WINDOW (overlay));
  flash_ui_wait_until (!gtk_widget_get_mapped (overlay));
}

static void
shoot_recent (FlashAppFixture *fixture, const FlashAppLook *look)
{
  static const char *const names[] = { "FlashLayout_sdcard_stm32mp157c-dk2-optee.tsv",
                                       "FlashLayout_emmc_stm32mp135f-dk.tsv", "motor-control.hex",
                                       "st-image-weston.tar.xz", "bootloader-f405.dfu" };

  flash_recent_clear ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (fixture->layout_dir, names[i], NULL);

    flash_test_write_text (fixture->layout_dir, names[i], "");
    flash_recent_add (path);
  }
  flash_ui_wait_until (
      flash_ui_find_widget (GTK_WIDGET (fixture->window), ADW_TYPE_ACTION_ROW, names[0]) != NULL);
  shoot (GTK_WIDGET (fixture->window), look, "recent");
  flash_app_resize (fixture, get_narrow (look), 720);
  shoot (GTK_WIDGET (fixture->window), look, "recent-narrow");
  flash_app_resize (fixture, 1100, 760);
}

/* As in a drag, with the longest of its texts. */
static void
shoot_drop (FlashAppFixture *fixture, const FlashAppLook *look)
{
  static const struct {
    const char *name;
    const char *icon_name;
    const char *text;
  } drops[] = {
    { "drop", "document-open-symbolic",
      "Open the layout “FlashLayout_sdcard_stm32mp157c-dk2-optee.tsv”" },
    { "drop-refused", "action-unavailable-symbolic",
      "“fip.bin” is an image for an STM32MP board. Open the layout that names it." },
  };
  gpointer box =
      gtk_widget_get_template_child (GTK_WIDGET (fixture->window), FLASH_TYPE_WINDOW, "drop_box");
  gpointer icon =
      gtk_widget_get_template_child (GTK_WIDGET (fixture->window), FLASH_TYPE_WINDOW, "drop_icon");
  gpointer label =
      gtk_widget_get_template_child (GTK_WIDGET (fixture->window), FLASH_TYPE_WINDOW, "drop_label");

  gtk_widget_set_visible (box, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (drops); i++) {
    g_autofree char *name = look != NULL ? g_strdup_printf ("%s-%s", drops[i].name, look->name)
                                         : g_strdup (drops[i].name);

    gtk_image_set_from_icon_name (icon, drops[i].icon_name);
    gtk_label_set_label (label, drops[i].text);
    flash_app_shoot (GTK_WIDGET (fixture->window), name);
  }
  gtk_widget_set_visible (box, FALSE);
}

static void
shoot_close (FlashAppFixture *fixture, const FlashAppLook *look)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=20000");
  flash_app_activate (fixture, "win.flash");
  flash_ui_wait_until (flash_app_is_page (fixture, "job"));
  gtk_window_close (GTK_WINDOW (fixture->window));
  shoot (flash_app_wait_for_question (), look, "close-question");
  flash_app_answer ("cancel");
  flash_app_resize (fixture, get_narrow (look), 720);
  gtk_window_close (GTK_WINDOW (fixture->window));
  shoot (flash_app_wait_for_question (), look, "close-question-narrow");
  flash_app_answer ("stop");
  flash_ui_wait_until (gtk_application_get_windows (GTK_APPLICATION (flash_app_test.application)) ==
                       NULL);
  fixture->window = NULL;
}

static void
shoot_all (FlashAppFixture *fixture, const FlashAppLook *look)
{
  GSettings *settings = flash_application_get_settings (flash_app_test.application);

  flash_app_resize (fixture, 1100, 760);
  shoot_preferences (look);
  shoot_about (look);
  shoot_shortcuts (fixture, look);
  shoot_recent (fixture, look);
  shoot_drop (fixture, look);
  shoot_close (fixture, look);
  /* The next one does not begin as narrow as this one ended. */
  g_settings_reset (settings, "window-width");
  g_settings_reset (settings, "window-height");
}

static void
test_usual (void)
{
  FlashAppFixture fixture;

  if (!flash_app_has_usual_look ()) {
    g_test_skip ("high contrast leaves no other looks");
    return;
  }
  flash_app_fixture_set_up (&fixture, NULL);
  shoot_all (&fixture, NULL);
  flash_app_fixture_tear_down (&fixture, NULL);
}

static void
test_look (gconstpointer data)
{
  const FlashAppLook *look = data;
  FlashAppFixture fixture;

  flash_app_set_look (look);
  flash_app_fixture_set_up (&fixture, NULL);
  shoot_all (&fixture, look);
  flash_app_fixture_tear_down (&fixture, NULL);
  flash_app_reset_look ();
}

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  g_test_add_func ("/shots-manners/usual", test_usual);
  for (const FlashAppLook *look = flash_app_list_looks (); look->name != NULL; look++) {
    g_autofree char *path = g_strconcat ("/shots-manners/", look->name, NULL);

    g_test_add_data_func (path, look, test_look);
  }
  status = g_test_run ();
  flash_app_shots_shut_down ();
  flash_app_test_shut_down ();
  return status;
}
