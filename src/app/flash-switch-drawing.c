/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-switch-drawing"

#include "config.h"

#include "flash-switch-drawing.h"

#include "flash-switch-paint.h"
#include "flash-switch-words.h"

#define MIN_WIDTH 220
#define TEXT_HEIGHT 12.0 /* of the field, in its units */

struct _FlashSwitchDrawing {
  GtkWidget parent_instance;

  char *drawing; /* (owned) (nullable) */
  const FlashSwitchBoard *board; /* (nullable): static */
  FlashSwitchStorage storage;
  char *text; /* (owned) (nullable): what it shows */
};

G_DEFINE_FINAL_TYPE (FlashSwitchDrawing, flash_switch_drawing, GTK_TYPE_WIDGET)

static gboolean
has_switches (FlashSwitchDrawing *self)
{
  return self->drawing != NULL && g_str_has_prefix (self->drawing, "switches-") &&
         self->board != NULL;
}

/* --- size ----------------------------------------------------------------------------------- */

/* It grows with the text of the desktop. */
static double
get_natural_scale (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = pango_font_description_get_size (font) / (double) PANGO_SCALE;

  if (!pango_font_description_get_size_is_absolute (font))
    size *= pango_cairo_context_get_resolution (context) / 72;
  return MAX (size / TEXT_HEIGHT, 1);
}

static double
get_scale (GtkWidget *widget, int width)
{
  return MIN (get_natural_scale (widget), width / (double) FLASH_SWITCH_PAINT_WIDTH);
}

static GtkSizeRequestMode
flash_switch_drawing_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
flash_switch_drawing_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                              int *minimum, int *natural, int *minimum_baseline,
                              int *natural_baseline)
{
  int width = (int) (FLASH_SWITCH_PAINT_WIDTH * get_natural_scale (widget));

  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MIN_WIDTH;
    *natural = width;
    return;
  }
  if (for_size >= 0)
    width = MIN (width, for_size);
  *minimum = *natural =
      (int) (FLASH_SWITCH_PAINT_HEIGHT * get_scale (widget, MAX (width, MIN_WIDTH)));
}

/* --- drawing -------------------------------------------------------------------------------- */

static void
paint (FlashSwitchDrawing *self, const FlashSwitchPaint *painter)
{
  guint pins = 0;

  if (has_switches (self)) {
    gboolean is_known = flash_switch_board_get_pins (self->board, self->storage, &pins);

    flash_switch_paint_switches (painter, self->board->bits, self->board->n_switches, is_known,
                                 pins);
  } else if (g_str_has_prefix (self->drawing, "boot0-")) {
    flash_switch_paint_boot0 (painter, g_str_equal (self->drawing, "boot0-high"));
  } else if (g_str_equal (self->drawing, "usb-device-port")) {
    flash_switch_paint_sockets (painter);
  } else {
    flash_switch_paint_power (painter);
  }
}

static void
flash_switch_drawing_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FlashSwitchDrawing *self = FLASH_SWITCH_DRAWING (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double scale = get_scale (widget, width);
  FlashSwitchPaint painter = { .widget = widget };

  if (self->text == NULL)
    return;
  gtk_style_context_get_color (style, &painter.ink);
  if (!gtk_style_context_lookup_color (style, "accent_color", &painter.accent))
    painter.accent = painter.ink;
  painter.is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  painter.cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  cairo_translate (painter.cr, (width - FLASH_SWITCH_PAINT_WIDTH * scale) / 2, 0);
  cairo_scale (painter.cr, scale, scale);
  paint (self, &painter);
  cairo_destroy (painter.cr);
}

/* --- what it shows -------------------------------------------------------------------------- */

void
flash_switch_drawing_show (FlashSwitchDrawing *self, const char *drawing,
                           const FlashSwitchBoard *board, FlashSwitchStorage storage)
{
  char *name;

  g_return_if_fail (FLASH_IS_SWITCH_DRAWING (self));

  name = g_strdup (drawing);
  g_free (self->drawing);
  self->drawing = name;
  self->board = board;
  self->storage = g_strcmp0 (drawing, "switches-serial") == 0 ? FLASH_SWITCH_SERIAL : storage;
  g_free (self->text);
  self->text = has_switches (self) ? flash_switch_words_dup_switches (board, self->storage)
                                   : g_strdup (flash_switch_words_get_drawing (drawing));
  gtk_widget_set_visible (GTK_WIDGET (self), self->text != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->text != NULL ? self->text : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const char *
flash_switch_drawing_get_text (FlashSwitchDrawing *self)
{
  g_return_val_if_fail (FLASH_IS_SWITCH_DRAWING (self), NULL);

  return self->text;
}

const char *
flash_switch_drawing_get_caption (FlashSwitchDrawing *self)
{
  g_return_val_if_fail (FLASH_IS_SWITCH_DRAWING (self), NULL);

  return has_switches (self) ? flash_switch_words_get_caption (self->board, self->storage) : NULL;
}

static void
flash_switch_drawing_finalize (GObject *object)
{
  FlashSwitchDrawing *self = FLASH_SWITCH_DRAWING (object);

  g_free (self->drawing);
  g_free (self->text);

  G_OBJECT_CLASS (flash_switch_drawing_parent_class)->finalize (object);
}

static void
flash_switch_drawing_class_init (FlashSwitchDrawingClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flash_switch_drawing_finalize;
  widget_class->get_request_mode = flash_switch_drawing_get_request_mode;
  widget_class->measure = flash_switch_drawing_measure;
  widget_class->snapshot = flash_switch_drawing_snapshot;
  gtk_widget_class_set_css_name (widget_class, "switchdrawing");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
flash_switch_drawing_init (FlashSwitchDrawing *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
flash_switch_drawing_new (void)
{
  return g_object_new (FLASH_TYPE_SWITCH_DRAWING, NULL);
}
