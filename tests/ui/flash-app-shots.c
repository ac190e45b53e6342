/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-app-shots"

#include "config.h"

#include "flash-app-shots.h"

#define MAX_TRIES 100

static char *shots_dir; /* (owned) (type filename) */
static gboolean is_temporary;

void
flash_app_shots_init (void)
{
  is_temporary = g_getenv ("FLASH_SHOTS_DIR") == NULL;
  shots_dir = is_temporary ? flash_test_make_dir () : g_strdup (g_getenv ("FLASH_SHOTS_DIR"));
}

void
flash_app_shots_shut_down (void)
{
  if (is_temporary)
    flash_test_remove_dir (shots_dir);
  g_clear_pointer (&shots_dir, g_free);
}

void
flash_app_shoot (GtkWidget *widget, const char *name)
{
  g_autofree char *file_name = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (shots_dir, file_name, NULL);
  g_autoptr (GError) error = NULL;

  flash_ui_settle (widget, 60);
  /* A window in which something moves has nothing to be drawn between two frames. */
  for (guint i = 0; i < MAX_TRIES && !flash_ui_screenshot (widget, 1.0, path, &error); i++) {
    g_clear_error (&error);
    flash_ui_run_for (7);
  }
  g_assert_no_error (error);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
}

/* The server's first word about the size may come late. */
void
flash_app_resize (FlashAppFixture *self, int width, int height)
{
  GtkWidget *widget = GTK_WIDGET (self->window);

  flash_ui_settle (widget, 60);
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  flash_ui_wait_until (ABS (gtk_widget_get_width (widget) - width) <= 60);
  flash_ui_settle (widget, 60);
}

gboolean
flash_app_has_usual_look (void)
{
  return !adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
}

const FlashAppLook *
flash_app_list_looks (void)
{
  static const FlashAppLook looks[] = {
    { "dark", TRUE, FALSE, 0 },
    { "rtl", FALSE, TRUE, 0 },
    { "large-text", FALSE, FALSE, 2.0 },
    { NULL, FALSE, FALSE, 0 },
  };
  static const FlashAppLook high_contrast_looks[] = {
    { "high-contrast", FALSE, FALSE, 0 },
    { "high-contrast-dark", TRUE, FALSE, 0 },
    { NULL, FALSE, FALSE, 0 },
  };

  return flash_app_has_usual_look () ? looks : high_contrast_looks;
}

void
flash_app_set_look (const FlashAppLook *look)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  GtkSettings *settings = gtk_settings_get_default ();

  adw_style_manager_set_color_scheme (style, look->is_dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                           : ADW_COLOR_SCHEME_FORCE_LIGHT);
  gtk_widget_set_default_direction (look->is_rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  if (look->text_scale > 0)
    g_object_set (settings, "gtk-xft-dpi", (int) (96 * 1024 * look->text_scale), NULL);
}

void
flash_app_reset_look (void)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-xft-dpi");
}

void
flash_app_shoot_look (FlashAppFixture *self, const FlashAppLook *look, const char *name)
{
  g_autofree char *full_name = g_strdup_printf ("%s-%s", name, look->name);

  flash_app_shoot (GTK_WIDGET (self->window), full_name);
}
