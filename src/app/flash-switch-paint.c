/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-switch-paint"

#include "config.h"

#include "flash-switch-paint.h"

#include <glib/gi18n.h>

#define TEXT_HEIGHT 12
#define LINE 1.5

static void
set_color (const FlashSwitchPaint *self, const GdkRGBA *color, double alpha)
{
  cairo_set_source_rgba (self->cr, (double) color->red, (double) color->green, (double) color->blue,
                         alpha);
}

static void
add_round (const FlashSwitchPaint *self, double x, double y, double width, double height,
           double radius)
{
  cairo_t *cr = self->cr;

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static void
fill_round (const FlashSwitchPaint *self, double x, double y, double width, double height,
            const GdkRGBA *color, double alpha)
{
  add_round (self, x, y, width, height, 4);
  set_color (self, color, alpha);
  cairo_fill (self->cr);
}

static void
stroke_round (const FlashSwitchPaint *self, double x, double y, double width, double height)
{
  add_round (self, x, y, width, height, 4);
  set_color (self, &self->ink, 0.8);
  cairo_set_line_width (self->cr, LINE);
  cairo_stroke (self->cr);
}

static void
draw_line (const FlashSwitchPaint *self, double x1, double y1, double x2, double y2, double width)
{
  cairo_move_to (self->cr, x1, y1);
  cairo_line_to (self->cr, x2, y2);
  cairo_set_line_width (self->cr, width);
  cairo_set_line_cap (self->cr, CAIRO_LINE_CAP_ROUND);
  cairo_stroke (self->cr);
}

/* Writes @text around @x, below @y. */
static void
write_text (const FlashSwitchPaint *self, const char *text, double x, double y, gboolean is_bold)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (self->widget, text);
  PangoFontDescription *font = pango_font_description_copy (
      pango_context_get_font_description (gtk_widget_get_pango_context (self->widget)));
  int width;

  pango_font_description_set_absolute_size (font, TEXT_HEIGHT * PANGO_SCALE);
  pango_font_description_set_weight (font, is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_get_size (layout, &width, NULL);
  set_color (self, &self->ink, 1);
  cairo_move_to (self->cr, x - width / 2.0 / PANGO_SCALE, y);
  pango_cairo_show_layout (self->cr, layout);
}

/* --- boot switches -------------------------------------------------------------------------- */

#define SWITCH_STEP 56
#define SLOT_WIDTH 26
#define SLOT_HEIGHT 60
#define SLOT_TOP 22
#define THUMB_HEIGHT 24

static void
paint_switch (const FlashSwitchPaint *self, double x, guint bit, gboolean is_known, gboolean is_up)
{
  g_autofree char *name = g_strdup_printf ("BOOT%u", bit);
  double top = is_up ? SLOT_TOP + 3 : SLOT_TOP + SLOT_HEIGHT - THUMB_HEIGHT - 3;

  fill_round (self, x - SLOT_WIDTH / 2.0, SLOT_TOP, SLOT_WIDTH, SLOT_HEIGHT, &self->ink, 0.12);
  stroke_round (self, x - SLOT_WIDTH / 2.0, SLOT_TOP, SLOT_WIDTH, SLOT_HEIGHT);
  if (is_known)
    fill_round (self, x - SLOT_WIDTH / 2.0 + 3, top, SLOT_WIDTH - 6, THUMB_HEIGHT, &self->accent,
                1);
  else
    write_text (self, "?", x, SLOT_TOP + SLOT_HEIGHT / 2.0 - TEXT_HEIGHT * 0.7, TRUE);
  write_text (self, name, x, SLOT_TOP + SLOT_HEIGHT + 20, TRUE);
}

/* Boards are not mirrored where people write from the right. */
void
flash_switch_paint_switches (const FlashSwitchPaint *self, const guint *bits, guint n_switches,
                             gboolean is_known, guint pins)
{
  double width = n_switches * SWITCH_STEP;
  double left = (FLASH_SWITCH_PAINT_WIDTH - width) / 2.0;

  fill_round (self, left - 24, 10, width + 24, SLOT_HEIGHT + 24, &self->ink, 0.06);
  stroke_round (self, left - 24, 10, width + 24, SLOT_HEIGHT + 24);
  write_text (self, "1", left - 10, SLOT_TOP + 6, FALSE);
  write_text (self, "0", left - 10, SLOT_TOP + SLOT_HEIGHT - 22, FALSE);
  for (guint i = 0; i < n_switches; i++)
    paint_switch (self, left + (i + 0.5) * SWITCH_STEP, bits[i], is_known,
                  ((pins >> bits[i]) & 1) != 0);
}

/* --- BOOT0 ---------------------------------------------------------------------------------- */

#define PIN_STEP 70
#define PIN_Y 50

static void
paint_pin (const FlashSwitchPaint *self, double x, const char *name, gboolean is_bold)
{
  cairo_arc (self->cr, x, PIN_Y, 9, 0, 2 * G_PI);
  set_color (self, &self->ink, 0.85);
  cairo_fill (self->cr);
  write_text (self, name, x, PIN_Y + 32, is_bold);
}

void
flash_switch_paint_boot0 (const FlashSwitchPaint *self, gboolean is_high)
{
  double middle = FLASH_SWITCH_PAINT_WIDTH / 2.0;
  double left = middle - (is_high ? PIN_STEP : 0) - 18;

  stroke_round (self, middle - PIN_STEP - 32, PIN_Y - 32, 2 * PIN_STEP + 64, 64);
  fill_round (self, left, PIN_Y - 18, PIN_STEP + 36, 36, &self->accent, 0.75);
  paint_pin (self, middle - PIN_STEP, "3.3 V", is_high);
  paint_pin (self, middle, "BOOT0", TRUE);
  paint_pin (self, middle + PIN_STEP, "GND", !is_high);
}

/* --- USB sockets ---------------------------------------------------------------------------- */

static void
paint_socket (const FlashSwitchPaint *self, double y, gboolean is_right)
{
  fill_round (self, 150, y, 26, 26, &self->ink, is_right ? 0.35 : 0.15);
  stroke_round (self, 150, y, 26, 26);
}

/* A plug with its cable, its head at @x. */
static void
paint_plug (const FlashSwitchPaint *self, double x, double y, double length)
{
  fill_round (self, x, y, 34, 20, &self->accent, 1);
  set_color (self, &self->accent, 1);
  draw_line (self, x + 34, y + 10, x + 34 + length, y + 10, 4);
}

void
flash_switch_paint_sockets (const FlashSwitchPaint *self)
{
  fill_round (self, 20, 10, 144, 108, &self->ink, 0.06);
  stroke_round (self, 20, 10, 144, 108);
  stroke_round (self, 46, 46, 36, 36);
  write_text (self, "STM32", 64, 88, FALSE);
  paint_socket (self, 26, TRUE);
  paint_plug (self, 168, 29, 90);
  write_text (self, "USB", 126, 31, TRUE);
  paint_socket (self, 78, FALSE);
  write_text (self, "ST-LINK", 212, 83, FALSE);
  /* Not here: a cross beside the name, which says so without colour. */
  set_color (self, &self->ink, 0.9);
  draw_line (self, 155, 83, 171, 99, 3);
  draw_line (self, 171, 83, 155, 99, 3);
}

/* --- power ---------------------------------------------------------------------------------- */

static void
paint_arrow (const FlashSwitchPaint *self, double x)
{
  double head = self->is_rtl ? -6 : 6;

  set_color (self, &self->ink, 0.7);
  draw_line (self, x - 2 * head, 58, x + head, 58, 2.5);
  draw_line (self, x, 52, x + head, 58, 2.5);
  draw_line (self, x, 64, x + head, 58, 2.5);
}

/* A board and a plug, @gap apart. */
static void
paint_supply (const FlashSwitchPaint *self, double x, double gap)
{
  fill_round (self, x - 42, 34, 34, 48, &self->ink, 0.12);
  stroke_round (self, x - 42, 34, 34, 48);
  fill_round (self, x - 8 + gap, 50, 22, 16, &self->accent, 1);
  set_color (self, &self->accent, 1);
  draw_line (self, x + 14 + gap, 58, x + 34, 58, 3);
}

static void
paint_clock (const FlashSwitchPaint *self, double x)
{
  cairo_new_sub_path (self->cr);
  cairo_arc (self->cr, x, 58, 22, 0, 2 * G_PI);
  set_color (self, &self->ink, 0.85);
  cairo_set_line_width (self->cr, 2.5);
  cairo_stroke (self->cr);
  draw_line (self, x, 58, x, 44, 2.5);
  draw_line (self, x, 58, x + 11, 58, 2.5);
}

void
flash_switch_paint_power (const FlashSwitchPaint *self)
{
  double first = self->is_rtl ? 265 : 55;
  double last = self->is_rtl ? 55 : 265;

  paint_supply (self, first, 14);
  /* TRANSLATORS: in a drawing, below each other picture: plug out, wait, plug in. Very short. */
  write_text (self, _ ("Out"), first, 98, TRUE);
  paint_arrow (self, 110 + (self->is_rtl ? 102 : 0));
  paint_clock (self, 160);
  write_text (self, _ ("Wait"), 160, 98, TRUE);
  paint_arrow (self, 208 - (self->is_rtl ? 98 : 0));
  paint_supply (self, last, 0);
  write_text (self, _ ("In"), last, 98, TRUE);
}
