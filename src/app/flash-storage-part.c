/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-storage-part"

#include "config.h"

#include "flash-storage-part.h"

#include "flash-text.h"

#include <glib/gi18n.h>

#define PADDING 6
#define RADIUS 6
#define STRIPE_HEIGHT 4
/* A part should hold its name, within these limits. */
#define MIN_CHARS 4
#define MAX_CHARS 11

void
flash_storage_part_clear (FlashStoragePart *self)
{
  g_clear_object (&self->item);
}

/* --- what it says ------------------------------------------------------------------------- */

static gboolean
is_boot_area (const FlashStoragePart *self)
{
  return flash_layout_row_get_offset_kind (flash_row_item_get_row (self->item)) !=
         FLASH_LAYOUT_OFFSET_NUMBER;
}

/* Goes on to the end of a storage of unknown size. */
gboolean
flash_storage_part_is_open_ended (const FlashStoragePart *self)
{
  return self->size_bytes == FLASH_SIZE_UNKNOWN && !is_boot_area (self);
}

static char *
dup_size_text (const FlashStoragePart *self)
{
  if (self->size_bytes != FLASH_SIZE_UNKNOWN)
    return flash_text_size (self->size_bytes);
  if (is_boot_area (self))
    return g_strdup (_ ("boot area"));
  if (flash_layout_row_get_layout_type (flash_row_item_get_row (self->item)) ==
      FLASH_LAYOUT_TYPE_RAW_IMAGE)
    return g_strdup (_ ("the whole storage"));
  return g_strdup (_ ("the rest"));
}

char *
flash_storage_part_dup_text (const FlashStoragePart *self)
{
  FlashLayoutRow *row = flash_row_item_get_row (self->item);
  g_autofree char *size = dup_size_text (self);
  guint64 image_bytes = flash_row_item_get_image_size (self->item);
  g_autofree char *image = NULL;

  if (image_bytes == FLASH_SIZE_UNKNOWN || !flash_layout_row_is_download (row))
    /* TRANSLATORS: name of a partition, its size */
    return g_strdup_printf (_ ("%1$s: %2$s"), flash_layout_row_get_name (row), size);
  image = flash_text_size (image_bytes);
  /* TRANSLATORS: name of a partition, its size, the size of the file that goes into it */
  return g_strdup_printf (_ ("%1$s: %2$s, file of %3$s"), flash_layout_row_get_name (row), size,
                          image);
}

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
flash_storage_part_get_char_width (GtkWidget *widget)
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

/* How wide a part would like to be, to be read. */
double
flash_storage_part_measure_width (const FlashStoragePart *self, GtkWidget *widget)
{
  int char_width = flash_storage_part_get_char_width (widget);
  g_autofree char *size = dup_size_text (self);
  const char *texts[] = { flash_layout_row_get_name (flash_row_item_get_row (self->item)), size };
  int width = 0;

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
flash_storage_part_measure_height (GtkWidget *widget)
{
  return 2 * get_line_height (widget) + 2 * PADDING + STRIPE_HEIGHT;
}

/* --- drawing ------------------------------------------------------------------------------ */

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

/* Diagonal lines: wrong, whatever the colours look like to somebody. */
static void
draw_hatching (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect)
{
  GdkRGBA line = get_colour (widget, "error_color", 0.25f);
  GdkRGBA none = get_colour (widget, "error_color", 0.0f);
  const GskColorStop stops[] = { { 0.0f, line }, { 0.4f, line }, { 0.4f, none }, { 1.0f, none } };
  graphene_point_t from = rect->origin;
  graphene_point_t to = GRAPHENE_POINT_INIT (from.x + 7, from.y + 7);

  gtk_snapshot_append_repeating_linear_gradient (snapshot, rect, &from, &to, stops,
                                                 G_N_ELEMENTS (stops));
}

static float
get_strength (FlashPartLook look)
{
  switch (look) {
  case FLASH_PART_PLAIN:
    return 0.22f;
  case FLASH_PART_HOVERED:
    return 0.32f;
  case FLASH_PART_SELECTED:
    return 0.40f;
  }
  g_return_val_if_reached (0.22f);
}

static void
draw_fill (const FlashStoragePart *self, GtkWidget *widget, GtkSnapshot *snapshot,
           const graphene_rect_t *rect, FlashPartLook look)
{
  FlashLayoutRow *row = flash_row_item_get_row (self->item);
  const char *name = get_colour_name (row);
  gboolean is_written = flash_layout_row_is_download (row);
  float strength = get_strength (look);
  GdkRGBA fill = get_colour (widget, name, is_written ? strength : strength * 0.35f);
  GdkRGBA stripe = get_colour (widget, name, is_written ? 1.0f : 0.4f);
  graphene_rect_t stripe_rect =
      GRAPHENE_RECT_INIT (rect->origin.x, rect->origin.y + rect->size.height - STRIPE_HEIGHT,
                          rect->size.width, STRIPE_HEIGHT);

  if (flash_storage_part_is_open_ended (self)) {
    gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
    float near = rect->origin.x + (is_rtl ? rect->size.width : 0);
    float far = rect->origin.x + (is_rtl ? 0 : rect->size.width);
    GdkRGBA faint = fill;
    graphene_point_t from = GRAPHENE_POINT_INIT (near, 0), to = GRAPHENE_POINT_INIT (far, 0);

    faint.alpha *= 0.3f;
    gtk_snapshot_append_linear_gradient (
        snapshot, rect, &from, &to,
        (GskColorStop[]){ { 0.0f, fill }, { 0.6f, fill }, { 1.0f, faint } }, 3);
  } else {
    gtk_snapshot_append_color (snapshot, &fill, rect);
  }
  gtk_snapshot_append_color (snapshot, &stripe, &stripe_rect);
}

static void
draw_text (GtkWidget *widget, GtkSnapshot *snapshot, const char *text, gboolean is_name,
           const graphene_rect_t *rect, float y)
{
  g_autoptr (PangoLayout) layout = create_text (widget, text, is_name);
  int room = (int) rect->size.width - 2 * PADDING;
  int wanted;
  GdkRGBA colour = get_colour (widget, "window_fg_color", is_name ? 1.0f : 0.85f);

  /* A dot or two say nothing. */
  pango_layout_get_pixel_size (layout, &wanted, NULL);
  if (room < MIN (wanted, MIN_CHARS * flash_storage_part_get_char_width (widget)))
    return;
  pango_layout_set_width (layout, room * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (rect->origin.x + PADDING, y));
  gtk_snapshot_append_layout (snapshot, layout, &colour);
  gtk_snapshot_restore (snapshot);
}

static void
draw_edge (GtkWidget *widget, GtkSnapshot *snapshot, const GskRoundedRect *rect, FlashPartLook look)
{
  gboolean is_selected = look == FLASH_PART_SELECTED;
  GdkRGBA colour = get_colour (widget, is_selected ? "accent_color" : "flash_edge_color", 1.0f);
  float width = is_selected ? 2.0f : 1.0f;

  gtk_snapshot_append_border (snapshot, rect, (float[4]){ width, width, width, width },
                              (GdkRGBA[4]){ colour, colour, colour, colour });
}

void
flash_storage_part_draw (const FlashStoragePart *self, GtkWidget *widget, GtkSnapshot *snapshot,
                         const graphene_rect_t *rect, FlashPartLook look)
{
  GskRoundedRect round;
  FlashSeverity severity = FLASH_SEVERITY_INFO;
  int line = get_line_height (widget);
  float top = (rect->size.height - STRIPE_HEIGHT - 2 * (float) line) / 2;
  const char *name = flash_layout_row_get_name (flash_row_item_get_row (self->item));
  g_autofree char *size = dup_size_text (self);

  gsk_rounded_rect_init_from_rect (&round, rect, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  draw_fill (self, widget, snapshot, rect, look);
  if (flash_row_item_get_severity (self->item, &severity) && severity == FLASH_SEVERITY_ERROR)
    draw_hatching (widget, snapshot, rect);
  draw_text (widget, snapshot, name, TRUE, rect, top);
  draw_text (widget, snapshot, size, FALSE, rect, top + (float) line);
  gtk_snapshot_pop (snapshot);
  draw_edge (widget, snapshot, &round, look);
}
