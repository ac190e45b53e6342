/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-app-shots"

#include "config.h"

#include "flash-app-shots.h"

#include "flash-app-audit.h"
#include "flash-pseudo.h"
#include "flash-app-contrast.h"
#include "flash-app-names.h"

#define MAX_TRIES 100

/* A test in a look. */
typedef struct {
  const FlashAppLook *look; /* (nullable) */
  GTestFixtureFunc set_up;
  GTestFixtureFunc test;
  GTestFixtureFunc tear_down;
} Shot;

static char *shots_dir; /* (owned) (type filename) */
static gboolean is_temporary;
static GPtrArray *shots; /* (owned) (nullable) (element-type Shot) */

void
flash_app_shots_init (void)
{
  is_temporary = g_getenv ("FLASH_SHOTS_DIR") == NULL;
  shots_dir = is_temporary ? flash_test_make_dir () : g_strdup (g_getenv ("FLASH_SHOTS_DIR"));
}

void
flash_app_shots_shut_down (void)
{
  flash_app_contrast_say_worst ();
  if (is_temporary)
    flash_test_remove_dir (shots_dir);
  g_clear_pointer (&shots_dir, g_free);
  g_clear_pointer (&shots, g_ptr_array_unref);
}

int
flash_app_shots_run (void)
{
  int status = g_test_run ();

  flash_app_test_shut_down ();
  flash_app_shots_shut_down ();
  return status;
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
  flash_app_audit (widget, name);
  flash_app_contrast (widget, name);
  flash_app_names (widget, name);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
}

/* What needs so much room that the window cannot be made narrow. */
static void
say_widest (GtkWidget *widget, int width)
{
  int minimum = 0;

  if (!gtk_widget_get_visible (widget))
    return;
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_test_message ("%s %s needs %d pixels", G_OBJECT_TYPE_NAME (widget),
                  gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), minimum);
  if (minimum <= width)
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    say_widest (child, width);
}

/* The server's first word about the size may come late. */
void
flash_app_resize (FlashAppFixture *self, int width, int height)
{
  GtkWidget *widget = GTK_WIDGET (self->window);

  flash_ui_settle (widget, 60);
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  for (guint i = 0; i < MAX_TRIES && ABS (gtk_widget_get_width (widget) - width) > 60; i++)
    flash_ui_run_for (7);
  if (ABS (gtk_widget_get_width (widget) - width) > 60)
    say_widest (widget, width);
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

  /* Colours make no difference to words. */
  if (flash_pseudo_is_on ())
    return looks + 1;
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
flash_app_shoot_as (GtkWidget *widget, const FlashAppLook *look, const char *name)
{
  g_autofree char *full_name =
      look != NULL ? g_strdup_printf ("%s-%s", name, look->name) : g_strdup (name);

  flash_app_shoot (widget, full_name);
}

void
flash_app_shoot_look (FlashAppFixture *self, const FlashAppLook *look, const char *name)
{
  flash_app_shoot_as (GTK_WIDGET (self->window), look, name);
}

/* --- tests ---------------------------------------------------------------------------------- */

static void
set_up (gpointer fixture, gconstpointer data)
{
  const Shot *shot = data;

  if (shot->look != NULL)
    flash_app_set_look (shot->look);
  shot->set_up (fixture, NULL);
}

static void
test (gpointer fixture, gconstpointer data)
{
  const Shot *shot = data;

  shot->test (fixture, shot->look);
}

static void
tear_down (gpointer fixture, gconstpointer data)
{
  const Shot *shot = data;

  shot->tear_down (fixture, NULL);
  if (shot->look != NULL)
    flash_app_reset_look ();
}

static void
add (const char *path, gsize fixture_size, const Shot *kind, const FlashAppShotsTest *tests)
{
  for (; tests->name != NULL; tests++) {
    Shot *shot = g_memdup2 (kind, sizeof *kind);
    g_autofree char *full_path = g_strconcat (
        path, "/", kind->look != NULL ? kind->look->name : "usual", "/", tests->name, NULL);

    shot->test = tests->test;
    g_ptr_array_add (shots, shot);
    g_test_add_vtable (full_path, fixture_size, shot, set_up, test, tear_down);
  }
}

void
flash_app_shots_add (const char *path, gsize fixture_size, GTestFixtureFunc fixture_set_up,
                     GTestFixtureFunc fixture_tear_down, const FlashAppShotsTest *tests)
{
  Shot kind = { NULL, fixture_set_up, NULL, fixture_tear_down };

  if (shots == NULL)
    shots = g_ptr_array_new_with_free_func (g_free);
  if (flash_app_has_usual_look ())
    add (path, fixture_size, &kind, tests);
  for (kind.look = flash_app_list_looks (); kind.look->name != NULL; kind.look++)
    add (path, fixture_size, &kind, tests);
}
