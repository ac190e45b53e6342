/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-chip-swatch"

#include "config.h"

#include "flash-chip-swatch.h"

#include "flash-chip-draw.h"

#define WIDTH 26
#define HEIGHT 16

struct _FlashChipSwatch {
  GtkWidget parent_instance;

  FlashChipFate fate;
};

G_DEFINE_FINAL_TYPE (FlashChipSwatch, flash_chip_swatch, GTK_TYPE_WIDGET)

static void
flash_chip_swatch_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
}

static void
flash_chip_swatch_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FlashChipSwatch *self = FLASH_CHIP_SWATCH (widget);
  float width = (float) gtk_widget_get_width (widget);
  graphene_rect_t rect = GRAPHENE_RECT_INIT (0, 0, width, (float) gtk_widget_get_height (widget));
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GskRoundedRect round;

  gsk_rounded_rect_init_from_rect (&round, &rect, 4);
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  flash_chip_draw_surface (widget, snapshot, self->fate, &rect, FLASH_CHIP_PLAIN);
  if (self->fate == FLASH_CHIP_WRITTEN)
    flash_chip_draw_covered (widget, snapshot, &rect, FLASH_CHIP_PLAIN);
  if (self->fate == FLASH_CHIP_SHARED)
    flash_chip_draw_covered (
        widget, snapshot,
        &GRAPHENE_RECT_INIT (is_rtl ? width / 2 : 0, 0, width / 2, rect.size.height),
        FLASH_CHIP_PLAIN);
  gtk_snapshot_pop (snapshot);
  flash_chip_draw_edge (widget, snapshot, self->fate, &rect, FLASH_CHIP_PLAIN);
}

static void
flash_chip_swatch_class_init (FlashChipSwatchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = flash_chip_swatch_measure;
  widget_class->snapshot = flash_chip_swatch_snapshot;
  gtk_widget_class_set_css_name (widget_class, "chipswatch");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
flash_chip_swatch_init (FlashChipSwatch *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
flash_chip_swatch_new (FlashChipFate fate)
{
  FlashChipSwatch *self = g_object_new (FLASH_TYPE_CHIP_SWATCH, NULL);

  self->fate = fate;
  return GTK_WIDGET (self);
}
