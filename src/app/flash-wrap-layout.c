/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-wrap-layout"

#include "config.h"

#include "flash-wrap-layout.h"

#define SPACING 6

struct _FlashWrapLayout {
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (FlashWrapLayout, flash_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

static void
measure_child (GtkWidget *child, GtkOrientation orientation, int for_size, int *minimum,
               int *natural)
{
  *minimum = *natural = 0;
  if (child != NULL && gtk_widget_should_layout (child))
    gtk_widget_measure (child, orientation, for_size, minimum, natural, NULL, NULL);
}

/* How wide the two would like to be, beside each other. */
static int
measure_row (GtkWidget *first, GtkWidget *last, int *out_last)
{
  int first_minimum, first_natural, last_minimum;

  measure_child (first, GTK_ORIENTATION_HORIZONTAL, -1, &first_minimum, &first_natural);
  measure_child (last, GTK_ORIENTATION_HORIZONTAL, -1, &last_minimum, out_last);
  return first_natural + SPACING + *out_last;
}

static GtkSizeRequestMode
flash_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
flash_wrap_layout_measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation,
                           int for_size, int *minimum, int *natural, int *minimum_baseline,
                           int *natural_baseline)
{
  GtkWidget *first = gtk_widget_get_first_child (widget);
  GtkWidget *last = gtk_widget_get_last_child (widget);
  int first_minimum, first_natural, last_minimum, last_natural;

  measure_child (first, orientation, -1, &first_minimum, &first_natural);
  measure_child (last, orientation, -1, &last_minimum, &last_natural);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MAX (first_minimum, last_minimum);
    *natural = first_natural + SPACING + last_natural;
  } else if (for_size >= 0 && measure_row (first, last, &last_minimum) > for_size) {
    *minimum = *natural = first_natural + last_natural;
  } else {
    *minimum = *natural = MAX (first_natural, last_natural);
  }
}

static void
flash_wrap_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height,
                            int baseline)
{
  GtkWidget *first = gtk_widget_get_first_child (widget);
  GtkWidget *last = gtk_widget_get_last_child (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation first_place = { 0, 0, width, height };
  GtkAllocation last_place = { 0, 0, width, height };
  int minimum, natural, last_width;

  if (measure_row (first, last, &last_width) > width) {
    measure_child (first, GTK_ORIENTATION_VERTICAL, -1, &minimum, &natural);
    first_place.height = natural;
    last_place.y = natural;
    last_place.height = height - natural;
  } else {
    first_place.width = width - SPACING - last_width;
    last_place.width = last_width;
    first_place.x = is_rtl ? last_width + SPACING : 0;
    last_place.x = is_rtl ? 0 : width - last_width;
  }
  gtk_widget_size_allocate (first, &first_place, -1);
  gtk_widget_size_allocate (last, &last_place, -1);
}

static void
flash_wrap_layout_class_init (FlashWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = flash_wrap_layout_get_request_mode;
  manager_class->measure = flash_wrap_layout_measure;
  manager_class->allocate = flash_wrap_layout_allocate;
}

static void
flash_wrap_layout_init (FlashWrapLayout *self)
{
}
