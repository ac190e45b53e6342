/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is looked for on pictures: texts that are too faint, and places of the keyboard without a
 * name, made on purpose. And the words on drawings, in all colours that they stand upon. */
#define G_LOG_DOMAIN "test-contrast"

#include "config.h"

#include "flash-app-contrast.h"
#include "flash-app-names.h"
#include "flash-chip-draw.h"
#include "flash-ui-test.h"

#include <adwaita.h>

#define PART_WIDTH 120
#define PART_HEIGHT 60

typedef struct {
  GtkWidget *window;
  GtkWidget *box;
  GtkCssProvider *colors;
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->colors = gtk_css_provider_new ();
  gtk_css_provider_load_from_data (self->colors,
                                   ".ground { background-color: white; }\n"
                                   ".enough { color: #767676; }\n"
                                   ".too-faint { color: #787878; }\n"
                                   ".large { font-size: 24px; }\n",
                                   -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (self->colors),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  self->window = g_object_new (ADW_TYPE_WINDOW, "default-width", 300, "default-height", 200, NULL);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (self->box, "ground");
  adw_window_set_content (ADW_WINDOW (self->window), self->box);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  gtk_style_context_remove_provider_for_display (gdk_display_get_default (),
                                                 GTK_STYLE_PROVIDER (self->colors));
  g_object_unref (self->colors);
  gtk_window_destroy (GTK_WINDOW (self->window));
}

static GtkWidget *
add_label (Fixture *self, const char *css_class)
{
  GtkWidget *label = gtk_label_new ("Some words");

  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (self->box), label);
  return label;
}

static void
show (Fixture *self)
{
  gtk_window_present (GTK_WINDOW (self->window));
  flash_ui_settle (self->window, 30);
}

/* Returns: how many are too faint. */
static guint
count_faint (Fixture *self)
{
  g_autoptr (GPtrArray) findings = NULL;

  show (self);
  findings = flash_app_contrast_find (self->window);
  for (guint i = 0; i < findings->len; i++)
    g_test_message ("%s", (const char *) g_ptr_array_index (findings, i));
  return findings->len;
}

/* Examples of the guidelines. */
static void
test_ratio (Fixture *self, gconstpointer unused)
{
  static const GdkRGBA white = { 1, 1, 1, 1 };
  static const GdkRGBA black = { 0, 0, 0, 1 };
  GdkRGBA gray;

  g_assert_true (gdk_rgba_parse (&gray, "#767676"));
  g_assert_cmpfloat_with_epsilon (flash_app_contrast_get_ratio (&white, &black), 21, 0.001);
  g_assert_cmpfloat_with_epsilon (flash_app_contrast_get_ratio (&black, &white), 21, 0.001);
  g_assert_cmpfloat_with_epsilon (flash_app_contrast_get_ratio (&gray, &white), 4.54, 0.005);
}

static void
test_texts (Fixture *self, gconstpointer unused)
{
  add_label (self, "enough");
  g_assert_cmpuint (count_faint (self), ==, 0);
  add_label (self, "too-faint");
  g_assert_cmpuint (count_faint (self), ==, 1);
}

/* What is half transparent is as faint as what has a faint colour. */
static void
test_opacity (Fixture *self, gconstpointer unused)
{
  gtk_widget_set_opacity (add_label (self, "enough"), 0.9);
  g_assert_cmpuint (count_faint (self), ==, 1);
}

static void
test_exempt (Fixture *self, gconstpointer unused)
{
  GtkWidget *large = add_label (self, "too-faint");

  gtk_widget_add_css_class (large, "large");
  gtk_widget_set_sensitive (add_label (self, "too-faint"), FALSE);
  gtk_widget_set_opacity (add_label (self, "too-faint"), 0);
  g_assert_cmpuint (count_faint (self), ==, 0);
  gtk_widget_set_opacity (large, 0.7);
  g_assert_cmpuint (count_faint (self), ==, 1);
}

static void
test_names (Fixture *self, gconstpointer unused)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("open-menu-symbolic");
  g_autoptr (GPtrArray) findings = NULL;

  gtk_box_append (GTK_BOX (self->box), button);
  gtk_box_append (GTK_BOX (self->box), gtk_button_new_with_label ("Named"));
  show (self);
  findings = flash_app_names_find (self->box);
  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_true (g_str_has_prefix (findings->pdata[0], "takes the keyboard without a name"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, "Menu",
                                  -1);
  g_ptr_array_unref (findings);
  findings = flash_app_names_find (self->box);
  g_assert_cmpuint (findings->len, ==, 0);
}

/* --- words on drawings ---------------------------------------------------------------------- */

/* Returns: the contrast of number and size of a part */
static double
measure_part (GtkWidget *widget, FlashChipFate fate, FlashChipLook look, gboolean is_covered)
{
  const graphene_rect_t rect = GRAPHENE_RECT_INIT (0, 0, PART_WIDTH, PART_HEIGHT);
  const graphene_rect_t picture = GRAPHENE_RECT_INIT (0, 0, 4 * PART_WIDTH, 4 * PART_HEIGHT);
  FlashChipPart part = { fate, 0, 1, 0x08000000, 16384, 0 };
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GdkRGBA ground;

  g_assert_true (gtk_style_context_lookup_color (gtk_widget_get_style_context (widget),
                                                 "window_bg_color", &ground));
  gtk_snapshot_scale (snapshot, 4, 4);
  gtk_snapshot_append_color (snapshot, &ground, &rect);
  flash_chip_draw_surface (widget, snapshot, fate, &rect, look);
  if (is_covered)
    flash_chip_draw_covered (widget, snapshot, &rect, look);
  flash_chip_draw_words (widget, snapshot, &part, &rect);
  node = gtk_snapshot_free_to_node (snapshot);
  texture =
      gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (widget)), node, &picture);
  /* Without the stripe at the lower end; the smaller and fainter words are in the lower half. */
  return flash_app_contrast_measure (
      texture, &GRAPHENE_RECT_INIT (0, 2 * PART_HEIGHT, 4 * PART_WIDTH, 2 * PART_HEIGHT - 20));
}

static void
test_chip (Fixture *self, gconstpointer data)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      data != NULL ? ADW_COLOR_SCHEME_FORCE_DARK
                                                   : ADW_COLOR_SCHEME_FORCE_LIGHT);
  show (self);
  for (guint fate = 0; fate < FLASH_CHIP_N_FATES; fate++)
    for (guint look = FLASH_CHIP_PLAIN; look <= FLASH_CHIP_SELECTED; look++)
      for (guint is_covered = 0; is_covered < 2; is_covered++) {
        double ratio = measure_part (self->window, fate, look, is_covered != 0);

        g_test_message ("fate %u, look %u, covered %u: %.2f : 1", fate, look, is_covered, ratio);
        g_assert_cmpfloat (ratio, >=, FLASH_APP_CONTRAST_TEXT);
      }
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
}

#define ADD(name, data, function) g_test_add (name, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  ADD ("/contrast/ratio", NULL, test_ratio);
  ADD ("/contrast/texts", NULL, test_texts);
  ADD ("/contrast/opacity", NULL, test_opacity);
  ADD ("/contrast/exempt", NULL, test_exempt);
  ADD ("/contrast/names", NULL, test_names);
  ADD ("/contrast/chip", NULL, test_chip);
  ADD ("/contrast/chip-dark", "dark", test_chip);
  return g_test_run ();
}
