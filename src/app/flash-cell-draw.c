/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cell-draw"

#include "config.h"

#include "flash-cell-draw.h"

#include "flash-loader.h"
#include "flash-words.h"

#define FILL_HEIGHT 3

GdkRGBA
flash_cell_draw_get_color (GtkWidget *widget, const char *name)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA color;

  if (name == NULL || !gtk_style_context_lookup_color (style, name, &color))
    gtk_style_context_get_color (style, &color);
  return color;
}

static void
draw_icon (GtkWidget *widget, GtkSnapshot *snapshot, const char *icon_name, GdkRGBA color, int x,
           int y)
{
  g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (
      gtk_icon_theme_get_for_display (gtk_widget_get_display (widget)), icon_name, NULL,
      FLASH_CELL_ICON_SIZE, gtk_widget_get_scale_factor (widget), gtk_widget_get_direction (widget),
      0);
  GdkRGBA colors[4] = { color, color, color, color };

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot,
                                            FLASH_CELL_ICON_SIZE, FLASH_CELL_ICON_SIZE, colors,
                                            G_N_ELEMENTS (colors));
  gtk_snapshot_restore (snapshot);
}

void
flash_cell_draw_mark (GtkWidget *widget, GtkSnapshot *snapshot, const FlashRowFacts *facts, int x,
                      int y)
{
  static const char *const colors[] = { "accent_color", "warning_color", "error_color" };

  if (facts != NULL && facts->has_severity)
    draw_icon (widget, snapshot, flash_words_severity_icon (facts->severity),
               flash_cell_draw_get_color (widget, colors[facts->severity]), x, y);
}

void
flash_cell_draw_check (GtkWidget *widget, GtkSnapshot *snapshot, gboolean is_on, int x, int y)
{
  GdkRGBA color = flash_cell_draw_get_color (widget, NULL);
  GskRoundedRect box;
  const float widths[4] = { 2, 2, 2, 2 };

  gsk_rounded_rect_init_from_rect (
      &box, &GRAPHENE_RECT_INIT ((float) x, (float) y, FLASH_CELL_ICON_SIZE, FLASH_CELL_ICON_SIZE),
      4);
  if (is_on) {
    GdkRGBA fill = flash_cell_draw_get_color (widget, "accent_bg_color");

    gtk_snapshot_push_rounded_clip (snapshot, &box);
    gtk_snapshot_append_color (snapshot, &fill, &box.bounds);
    gtk_snapshot_pop (snapshot);
    draw_icon (widget, snapshot, "object-select-symbolic",
               flash_cell_draw_get_color (widget, "accent_fg_color"), x, y);
  } else {
    color.alpha *= 0.5f;
    gtk_snapshot_append_border (snapshot, &box, widths,
                                (const GdkRGBA[4]){ color, color, color, color });
  }
}

void
flash_cell_draw_fill (GtkWidget *widget, GtkSnapshot *snapshot, const FlashRowFacts *facts,
                      int width, int height)
{
  GdkRGBA track = flash_cell_draw_get_color (widget, NULL);
  GdkRGBA color;
  double share;
  float y = (float) (height - FILL_HEIGHT - 3);
  float length;

  if (facts == NULL || facts->image_size == FLASH_SIZE_UNKNOWN ||
      facts->slot_size == FLASH_SIZE_UNKNOWN || facts->slot_size == 0)
    return;
  share = (double) facts->image_size / (double) facts->slot_size;
  color = flash_cell_draw_get_color (widget, share > 1.0 ? "error_color" : "accent_bg_color");
  length = (float) MAX (width * MIN (share, 1.0), 1.0);
  track.alpha *= 0.15f;
  gtk_snapshot_append_color (snapshot, &track,
                             &GRAPHENE_RECT_INIT (0, y, (float) width, FILL_HEIGHT));
  gtk_snapshot_append_color (
      snapshot, &color,
      &GRAPHENE_RECT_INIT (
          gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? (float) width - length : 0, y,
          length, FILL_HEIGHT));
}
