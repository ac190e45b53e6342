/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-chip-draw"

#include "config.h"

#include "flash-chip-draw.h"

#include "flash-text.h"

#define PADDING 6
#define RADIUS 6
#define STRIPE_HEIGHT 4
/* What can be hit by a finger that aims. */
#define MIN_WIDTH 20
#define AXIS_GAP 3
/* Of a dotted frame, and of the diagonal lines in what is shared. */
#define DOT 4
#define HATCH 7

/* --- texts ---------------------------------------------------------------------------------- */

static int
get_line_height (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int height = PANGO_PIXELS_CEIL (pango_font_metrics_get_ascent (metrics) +
                                  pango_font_metrics_get_descent (metrics));

  pango_font_metrics_unref (metrics);
  return height;
}

static PangoLayout *
create_text (GtkWidget *widget, const char *text, gboolean is_name)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, is_name ? pango_attr_weight_new (PANGO_WEIGHT_BOLD)
                                              : pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  return layout;
}

static char *
dup_number (const FlashChipPart *part)
{
  if (part->n_sectors == 1)
    return g_strdup_printf ("%u", part->first);
  return g_strdup_printf ("%u–%u", part->first, part->first + part->n_sectors - 1);
}

int
flash_chip_draw_measure_height (GtkWidget *widget)
{
  return 2 * get_line_height (widget) + 2 * PADDING + STRIPE_HEIGHT;
}

int
flash_chip_draw_measure_axis (GtkWidget *widget)
{
  return get_line_height (widget) + AXIS_GAP;
}

double
flash_chip_draw_measure_width (GtkWidget *widget, const FlashChipPart *part)
{
  g_autofree char *number = dup_number (part);
  g_autoptr (PangoLayout) layout = create_text (widget, number, TRUE);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return MAX (width + PADDING, MIN_WIDTH);
}

/* --- surfaces ------------------------------------------------------------------------------- */

static GdkRGBA
get_colour (GtkWidget *widget, const char *name, float alpha)
{
  GdkRGBA colour = { 0.5f, 0.5f, 0.5f, 1.0f };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &colour);
  colour.alpha *= alpha;
  return colour;
}

static float
get_strength (FlashChipLook look)
{
  switch (look) {
  case FLASH_CHIP_PLAIN:
    return 1.0f;
  case FLASH_CHIP_HOVERED:
    return 1.35f;
  case FLASH_CHIP_SELECTED:
    return 1.6f;
  }
  g_return_val_if_reached (1.0f);
}

static graphene_rect_t
take_stripe (const graphene_rect_t *rect)
{
  return GRAPHENE_RECT_INIT (rect->origin.x, rect->origin.y + rect->size.height - STRIPE_HEIGHT,
                             rect->size.width, STRIPE_HEIGHT);
}

/* A frame of dots, as around what is free on a storage. */
static void
draw_dots (GtkSnapshot *snapshot, const graphene_rect_t *rect, const GdkRGBA *colour,
           gboolean is_upright)
{
  GdkRGBA none = *colour;
  graphene_point_t from = rect->origin;
  graphene_point_t to = is_upright ? GRAPHENE_POINT_INIT (from.x, from.y + 2 * DOT)
                                   : GRAPHENE_POINT_INIT (from.x + 2 * DOT, from.y);

  none.alpha = 0;
  gtk_snapshot_append_repeating_linear_gradient (
      snapshot, rect, &from, &to,
      (GskColorStop[]){ { 0.0f, *colour }, { 0.5f, *colour }, { 0.5f, none }, { 1.0f, none } }, 4);
}

static void
draw_dotted_frame (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect)
{
  GdkRGBA colour = get_colour (widget, "flash_dots_color", 1.0f);
  float x = rect->origin.x, y = rect->origin.y;
  float width = rect->size.width, height = rect->size.height;

  draw_dots (snapshot, &GRAPHENE_RECT_INIT (x, y, width, 1), &colour, FALSE);
  draw_dots (snapshot, &GRAPHENE_RECT_INIT (x, y + height - 1, width, 1), &colour, FALSE);
  draw_dots (snapshot, &GRAPHENE_RECT_INIT (x, y, 1, height), &colour, TRUE);
  draw_dots (snapshot, &GRAPHENE_RECT_INIT (x + width - 1, y, 1, height), &colour, TRUE);
}

static void
draw_hatch (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect, float strength)
{
  GdkRGBA line = get_colour (widget, "flash_raw_color", MIN (0.32f * strength, 1.0f));
  GdkRGBA none = get_colour (widget, "flash_raw_color", 0.10f * strength);
  graphene_point_t from = rect->origin;
  graphene_point_t to = GRAPHENE_POINT_INIT (from.x + HATCH, from.y + HATCH);

  gtk_snapshot_append_repeating_linear_gradient (
      snapshot, rect, &from, &to,
      (GskColorStop[]){ { 0.0f, line }, { 0.2f, line }, { 0.2f, none }, { 1.0f, none } }, 4);
}

void
flash_chip_draw_surface (GtkWidget *widget, GtkSnapshot *snapshot, FlashChipFate fate,
                         const graphene_rect_t *rect, FlashChipLook look)
{
  float strength = get_strength (look);
  GdkRGBA slot = get_colour (widget, "flash_system_color", 0.14f * strength);
  GdkRGBA faint = get_colour (widget, "window_fg_color", (strength - 1) * 0.10f);
  GdkRGBA neutral = get_colour (widget, "window_fg_color", 0.16f * strength);
  GdkRGBA shared = get_colour (widget, "flash_raw_color", 1.0f);
  graphene_rect_t stripe = take_stripe (rect);

  switch (fate) {
  case FLASH_CHIP_KEPT:
    gtk_snapshot_append_color (snapshot, &faint, rect);
    break;
  case FLASH_CHIP_WRITTEN:
    gtk_snapshot_append_color (snapshot, &slot, rect);
    break;
  case FLASH_CHIP_SHARED:
    draw_hatch (widget, snapshot, rect, strength);
    gtk_snapshot_append_color (snapshot, &shared, &stripe);
    break;
  case FLASH_CHIP_LOADER:
    gtk_snapshot_append_color (snapshot, &neutral, rect);
    break;
  }
}

void
flash_chip_draw_covered (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect,
                         FlashChipLook look)
{
  GdkRGBA ground = get_colour (widget, "window_bg_color", 1.0f);
  GdkRGBA fill = get_colour (widget, "flash_system_color", MIN (0.34f * get_strength (look), 1.0f));
  GdkRGBA solid = get_colour (widget, "flash_system_color", 1.0f);
  graphene_rect_t stripe = take_stripe (rect);

  /* What lies below it is a pattern, and must not shine through. */
  gtk_snapshot_append_color (snapshot, &ground, rect);
  gtk_snapshot_append_color (snapshot, &fill, rect);
  gtk_snapshot_append_color (snapshot, &solid, &stripe);
}

void
flash_chip_draw_edge (GtkWidget *widget, GtkSnapshot *snapshot, FlashChipFate fate,
                      const graphene_rect_t *rect, FlashChipLook look)
{
  gboolean is_selected = look == FLASH_CHIP_SELECTED;
  GdkRGBA colour = get_colour (widget, is_selected ? "accent_color" : "flash_edge_color", 1.0f);
  float width = is_selected ? 2.0f : 1.0f;
  GskRoundedRect round;

  if (fate == FLASH_CHIP_KEPT && !is_selected) {
    draw_dotted_frame (widget, snapshot, rect);
    return;
  }
  gsk_rounded_rect_init_from_rect (&round, rect, MIN (RADIUS, rect->size.width / 3));
  gtk_snapshot_append_border (snapshot, &round, (float[4]){ width, width, width, width },
                              (GdkRGBA[4]){ colour, colour, colour, colour });
}

/* --- words on them -------------------------------------------------------------------------- */

/* Nothing is cut off: what has no room is left out, and said when the part is chosen. */
static void
draw_centred (GtkWidget *widget, GtkSnapshot *snapshot, const char *text, gboolean is_name,
              const graphene_rect_t *rect, float y)
{
  g_autoptr (PangoLayout) layout = create_text (widget, text, is_name);
  GdkRGBA colour = get_colour (widget, "window_fg_color", is_name ? 1.0f : 0.85f);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  if ((float) width > rect->size.width - 2)
    return;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT (rect->origin.x + (rect->size.width - (float) width) / 2, y));
  gtk_snapshot_append_layout (snapshot, layout, &colour);
  gtk_snapshot_restore (snapshot);
}

void
flash_chip_draw_words (GtkWidget *widget, GtkSnapshot *snapshot, const FlashChipPart *part,
                       const graphene_rect_t *rect)
{
  g_autofree char *number = dup_number (part);
  g_autofree char *size = flash_chip_part_dup_size (part);
  float line = (float) get_line_height (widget);
  float top = rect->origin.y + (rect->size.height - STRIPE_HEIGHT - 2 * line) / 2;

  draw_centred (widget, snapshot, number, TRUE, rect, top);
  draw_centred (widget, snapshot, size, FALSE, rect, top + line);
}

void
flash_chip_draw_axis (GtkWidget *widget, GtkSnapshot *snapshot, guint32 first, guint32 last,
                      double y)
{
  GdkRGBA colour = get_colour (widget, "window_fg_color", 0.75f);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  const guint32 addresses[] = { first, last };
  int room = gtk_widget_get_width (widget);

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_autofree char *text = flash_text_address (addresses[i]);
    g_autoptr (PangoLayout) layout = create_text (widget, text, FALSE);
    gboolean is_left = (i == 0) != is_rtl;
    int width;

    pango_layout_get_pixel_size (layout, &width, NULL);
    if (width > room)
      return;
    gtk_snapshot_save (snapshot);
    gtk_snapshot_translate (
        snapshot,
        &GRAPHENE_POINT_INIT (is_left ? 0 : (float) (gtk_widget_get_width (widget) - width),
                              (float) (y + AXIS_GAP)));
    gtk_snapshot_append_layout (snapshot, layout, &colour);
    gtk_snapshot_restore (snapshot);
    room -= width + 2 * PADDING;
  }
}
