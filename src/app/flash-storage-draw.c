/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-storage-draw"

#include "config.h"

#include "flash-storage-draw.h"

#define PADDING 6
#define RADIUS 6
#define STRIPE_HEIGHT 4
/* A part should hold its name, within these limits. */
#define MIN_CHARS 4
#define MAX_CHARS 11
/* What has no name of its own needs no more than to be hit by a finger. */
#define NARROW_WIDTH 16
/* Of a broken stripe and of a dotted frame. */
#define DASH 5
#define DOT 4

/* --- how large it is ---------------------------------------------------------------------- */

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

int
flash_storage_draw_get_char_width (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int width = PANGO_PIXELS_CEIL (pango_font_metrics_get_approximate_char_width (metrics));

  pango_font_metrics_unref (metrics);
  return width;
}

/* The second line is smaller, as captions are. */
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

double
flash_storage_draw_measure_width (GtkWidget *widget, const FlashStoragePart *part,
                                  const FlashLayoutMap *map)
{
  int char_width = flash_storage_draw_get_char_width (widget);
  g_autofree char *name = NULL, *size = NULL;
  const char *texts[2];
  int width = 0;

  if (part->area.row == NULL)
    return NARROW_WIDTH;
  name = flash_storage_part_dup_name (part);
  size = flash_storage_part_dup_size_text (part, map);
  texts[0] = name;
  texts[1] = size;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (PangoLayout) layout = create_text (widget, texts[i], i == 0);
    int text_width;

    pango_layout_get_pixel_size (layout, &text_width, NULL);
    width = MAX (width, text_width);
  }
  /* One pixel more, or rounding might cut the last letter off. */
  return CLAMP (width + 1, MIN_CHARS * char_width, MAX_CHARS * char_width) + 2 * PADDING;
}

int
flash_storage_draw_measure_height (GtkWidget *widget, guint n_lines)
{
  return (int) n_lines * get_line_height (widget) + 2 * PADDING + STRIPE_HEIGHT;
}

/* --- colours and places ------------------------------------------------------------------- */

static const char *
get_colour_name (FlashLayoutRow *row)
{
  switch (flash_layout_row_get_layout_type (row)) {
  case FLASH_LAYOUT_TYPE_BINARY:
  case FLASH_LAYOUT_TYPE_FIP:
    return "flash_boot_color";
  case FLASH_LAYOUT_TYPE_FWU_MDATA:
  case FLASH_LAYOUT_TYPE_ENV:
    return "flash_settings_color";
  case FLASH_LAYOUT_TYPE_SYSTEM:
  case FLASH_LAYOUT_TYPE_ESP:
    return "flash_system_color";
  case FLASH_LAYOUT_TYPE_FILESYSTEM:
    return "flash_data_color";
  case FLASH_LAYOUT_TYPE_RAW_IMAGE:
    return "flash_raw_color";
  }
  g_return_val_if_reached ("flash_boot_color");
}

static GdkRGBA
get_colour (GtkWidget *widget, const char *name, float alpha)
{
  GdkRGBA colour = { 0.5f, 0.5f, 0.5f, 1.0f };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &colour);
  colour.alpha *= alpha;
  return colour;
}

static gboolean
is_rtl (GtkWidget *widget)
{
  return gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
}

/* The first @width pixels of @rect, in the direction of the text. */
static graphene_rect_t
take_start (GtkWidget *widget, const graphene_rect_t *rect, float width)
{
  float x = is_rtl (widget) ? rect->origin.x + rect->size.width - width : rect->origin.x;

  return GRAPHENE_RECT_INIT (x, rect->origin.y, width, rect->size.height);
}

/* --- patterns ------------------------------------------------------------------------------- */

/* Fades where nobody knows the end. */
static void
draw_surface (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect,
              const GdkRGBA *colour, gboolean fades)
{
  float near = rect->origin.x + (is_rtl (widget) ? rect->size.width : 0);
  float far = rect->origin.x + (is_rtl (widget) ? 0 : rect->size.width);
  GdkRGBA none = *colour;

  if (!fades) {
    gtk_snapshot_append_color (snapshot, colour, rect);
    return;
  }
  none.alpha = 0;
  gtk_snapshot_append_linear_gradient (
      snapshot, rect, &GRAPHENE_POINT_INIT (near, 0), &GRAPHENE_POINT_INIT (far, 0),
      (GskColorStop[]){ { 0.0f, *colour }, { 0.5f, *colour }, { 1.0f, none } }, 3);
}

static void
draw_dashes (GtkSnapshot *snapshot, const graphene_rect_t *rect, const GdkRGBA *colour, float dash,
             gboolean is_upright)
{
  GdkRGBA none = *colour;
  graphene_point_t from = rect->origin;
  graphene_point_t to = is_upright ? GRAPHENE_POINT_INIT (from.x, from.y + 2 * dash)
                                   : GRAPHENE_POINT_INIT (from.x + 2 * dash, from.y);

  none.alpha = 0;
  gtk_snapshot_append_repeating_linear_gradient (
      snapshot, rect, &from, &to,
      (GskColorStop[]){ { 0.0f, *colour }, { 0.5f, *colour }, { 0.5f, none }, { 1.0f, none } }, 4);
}

static void
draw_dotted_frame (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect,
                   gboolean is_open)
{
  GdkRGBA colour = get_colour (widget, "flash_dots_color", 1.0f);
  float x = rect->origin.x, y = rect->origin.y;
  float right = x + rect->size.width - 1, bottom = y + rect->size.height - 1;

  draw_dashes (snapshot, &GRAPHENE_RECT_INIT (x, y, rect->size.width, 1), &colour, DOT, FALSE);
  draw_dashes (snapshot, &GRAPHENE_RECT_INIT (x, bottom, rect->size.width, 1), &colour, DOT, FALSE);
  if (!is_open || !is_rtl (widget))
    draw_dashes (snapshot, &GRAPHENE_RECT_INIT (x, y, 1, rect->size.height), &colour, DOT, TRUE);
  if (!is_open || is_rtl (widget))
    draw_dashes (snapshot, &GRAPHENE_RECT_INIT (right, y, 1, rect->size.height), &colour, DOT,
                 TRUE);
}

/* Diagonal lines: wrong, whatever the colours look like to somebody. */
void
flash_storage_draw_overlap (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect)
{
  GdkRGBA line = get_colour (widget, "error_color", 0.45f);
  GdkRGBA none = get_colour (widget, "error_color", 0.0f);
  GdkRGBA edge = get_colour (widget, "error_color", 1.0f);
  GskRoundedRect frame;
  graphene_point_t from = rect->origin;
  graphene_point_t to = GRAPHENE_POINT_INIT (from.x + 6, from.y + 6);

  gtk_snapshot_append_repeating_linear_gradient (
      snapshot, rect, &from, &to,
      (GskColorStop[]){ { 0.0f, line }, { 0.25f, line }, { 0.25f, none }, { 1.0f, none } }, 4);
  gsk_rounded_rect_init_from_rect (&frame, rect, 0);
  gtk_snapshot_append_border (snapshot, &frame, (float[4]){ 1, 1, 1, 1 },
                              (GdkRGBA[4]){ edge, edge, edge, edge });
}

void
flash_storage_draw_crowd (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect)
{
  GdkRGBA colour = get_colour (widget, "window_fg_color", 0.25f);

  draw_dashes (snapshot, rect, &colour, 1, FALSE);
}

void
flash_storage_draw_grip (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect)
{
  GdkRGBA colour = get_colour (widget, "accent_color", 1.0f);

  gtk_snapshot_append_color (snapshot, &colour, rect);
}

/* --- a part --------------------------------------------------------------------------------- */

static float
get_strength (FlashPartLook look)
{
  switch (look) {
  case FLASH_PART_PLAIN:
    return 1.0f;
  case FLASH_PART_HOVERED:
    return 1.35f;
  case FLASH_PART_SELECTED:
    return 1.6f;
  }
  g_return_val_if_reached (1.0f);
}

/* How far the file fills it. */
static float
get_fill_width (const FlashStoragePart *part, const graphene_rect_t *rect)
{
  const FlashLayoutArea *area = &part->area;
  double share;

  if (area->image_size == 0 || area->image_size == G_MAXUINT64 || area->size == G_MAXUINT64)
    return 0;
  share = area->size > 0 ? (double) area->image_size / (double) area->size : 1;
  return CLAMP ((float) share * rect->size.width, 2.0f, rect->size.width);
}

/* A broken stripe is not to scale. */
static void
draw_stripe (GtkWidget *widget, GtkSnapshot *snapshot, const FlashStoragePart *part,
             const graphene_rect_t *rect, const GdkRGBA *colour)
{
  graphene_rect_t stripe =
      GRAPHENE_RECT_INIT (rect->origin.x, rect->origin.y + rect->size.height - STRIPE_HEIGHT,
                          rect->size.width, STRIPE_HEIGHT);

  if (part->is_enlarged)
    draw_dashes (snapshot, &stripe, colour, DASH, FALSE);
  else
    draw_surface (widget, snapshot, &stripe, colour, flash_storage_part_is_open_ended (part));
}

static void
draw_partition (GtkWidget *widget, GtkSnapshot *snapshot, const FlashStoragePart *part,
                const graphene_rect_t *rect, FlashPartLook look)
{
  FlashLayoutRow *row = part->area.row;
  const char *name = flash_storage_part_is_kept (part) ? "window_fg_color" : get_colour_name (row);
  gboolean is_written = flash_layout_row_is_download (row);
  gboolean fades = flash_storage_part_is_open_ended (part);
  float strength = get_strength (look);
  GdkRGBA slot = get_colour (widget, name, strength * (is_written ? 0.14f : 0.06f));
  GdkRGBA fill = get_colour (widget, name, strength * 0.20f);
  GdkRGBA stripe = get_colour (widget, name, is_written ? 1.0f : 0.35f);
  graphene_rect_t filled = take_start (widget, rect, get_fill_width (part, rect));

  draw_surface (widget, snapshot, rect, &slot, fades);
  if (is_written && filled.size.width > 0)
    gtk_snapshot_append_color (snapshot, &fill, &filled);
  if (part->has_severity && part->severity == FLASH_SEVERITY_ERROR) {
    GdkRGBA tint = get_colour (widget, "error_color", 0.22f);

    draw_surface (widget, snapshot, rect, &tint, fades);
  }
  draw_stripe (widget, snapshot, part, rect, &stripe);
}

static void
draw_surfaces (GtkWidget *widget, GtkSnapshot *snapshot, const FlashStoragePart *part,
               const graphene_rect_t *rect, FlashPartLook look)
{
  GdkRGBA neutral = get_colour (widget, "window_fg_color", get_strength (look) * 0.12f);
  GdkRGBA faint = get_colour (widget, "window_fg_color", (get_strength (look) - 1) * 0.08f);
  GdkRGBA stripe = get_colour (widget, "window_fg_color", 0.35f);

  switch (part->area.kind) {
  case FLASH_LAYOUT_AREA_PARTITION:
  case FLASH_LAYOUT_AREA_RAW:
    draw_partition (widget, snapshot, part, rect, look);
    break;
  case FLASH_LAYOUT_AREA_TABLE:
    gtk_snapshot_append_color (snapshot, &neutral, rect);
    draw_stripe (widget, snapshot, part, rect, &stripe);
    break;
  case FLASH_LAYOUT_AREA_FREE:
    draw_surface (widget, snapshot, rect, &faint, flash_storage_part_is_open_ended (part));
    break;
  }
}

/* @rect: what of the part can be seen */
static void
draw_text (GtkWidget *widget, GtkSnapshot *snapshot, const char *text, gboolean is_name,
           const graphene_rect_t *rect, float y)
{
  g_autoptr (PangoLayout) layout = NULL;
  int room = (int) rect->size.width - 2 * PADDING;
  int least = MIN_CHARS * flash_storage_draw_get_char_width (widget);
  int wanted;
  GdkRGBA colour = get_colour (widget, "window_fg_color", is_name ? 1.0f : 0.85f);

  if (room < least / 2)
    return;
  layout = create_text (widget, text, is_name);
  /* A dot or two say nothing. */
  pango_layout_get_pixel_size (layout, &wanted, NULL);
  if (room < MIN (wanted, least))
    return;
  pango_layout_set_width (layout, room * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (rect->origin.x + PADDING, y));
  gtk_snapshot_append_layout (snapshot, layout, &colour);
  gtk_snapshot_restore (snapshot);
}

void
flash_storage_draw_words (GtkWidget *widget, GtkSnapshot *snapshot, const FlashStoragePart *part,
                          const FlashLayoutMap *map, const graphene_rect_t *rect,
                          const graphene_rect_t *view)
{
  g_autofree char *name = NULL, *size = NULL;
  graphene_rect_t seen;
  float line = (float) get_line_height (widget);
  float room = rect->size.height - STRIPE_HEIGHT - PADDING;
  gboolean has_two = room >= 2 * line;
  float top = rect->origin.y + (rect->size.height - STRIPE_HEIGHT - (has_two ? 2 : 1) * line) / 2;

  if (!graphene_rect_intersection (rect, view, &seen) || seen.size.width < 2 * PADDING)
    return;
  name = flash_storage_part_dup_name (part);
  size = flash_storage_part_dup_size_text (part, map);
  if (!has_two) {
    g_autofree char *both = g_strdup_printf ("%s  %s", name, size);

    draw_text (widget, snapshot, both, TRUE, &seen, top);
    return;
  }
  draw_text (widget, snapshot, name, part->area.row != NULL, &seen, top);
  draw_text (widget, snapshot, size, FALSE, &seen, top + line);
}

static void
draw_edge (GtkWidget *widget, GtkSnapshot *snapshot, const GskRoundedRect *rect,
           const FlashStoragePart *part, FlashPartLook look)
{
  gboolean is_selected = look == FLASH_PART_SELECTED;
  gboolean is_wrong = part->has_severity && part->severity == FLASH_SEVERITY_ERROR;
  const char *name = is_selected ? "accent_color" : is_wrong ? "error_color" : "flash_edge_color";
  GdkRGBA colour = get_colour (widget, name, 1.0f);
  float width = is_selected ? 2.0f : 1.0f;
  float end_width = flash_storage_part_is_open_ended (part) ? 0 : width;
  float left = is_rtl (widget) ? end_width : width;
  float right = is_rtl (widget) ? width : end_width;

  gtk_snapshot_append_border (snapshot, rect, (float[4]){ width, right, width, left },
                              (GdkRGBA[4]){ colour, colour, colour, colour });
}

void
flash_storage_draw_part (GtkWidget *widget, GtkSnapshot *snapshot, const FlashStoragePart *part,
                         const graphene_rect_t *rect, FlashPartLook look)
{
  GskRoundedRect round;
  float radius = MIN (RADIUS, rect->size.width / 3);
  gboolean is_dotted =
      part->area.kind == FLASH_LAYOUT_AREA_FREE || flash_storage_part_is_kept (part);

  gsk_rounded_rect_init_from_rect (&round, rect, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  draw_surfaces (widget, snapshot, part, rect, look);
  if (is_dotted)
    draw_dotted_frame (widget, snapshot, rect, flash_storage_part_is_open_ended (part));
  gtk_snapshot_pop (snapshot);
  if (!is_dotted || look == FLASH_PART_SELECTED)
    draw_edge (widget, snapshot, &round, part, look);
}
