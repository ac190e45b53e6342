/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-wrap-layout"

#include "config.h"

#include "flash-wrap-layout.h"

#define SPACING 6
#define LINE_SPACING 3

struct _FlashWrapLayout {
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (FlashWrapLayout, flash_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* Where the two are: one under the other, if @is_wrapped. */
typedef struct {
  GtkWidget *first;
  GtkWidget *last;
  gboolean is_wrapped;
  int first_width;
  int last_width;
  int first_height;
  int last_height;
} Places;

static gboolean
is_shown (GtkWidget *child)
{
  return child != NULL && gtk_widget_should_layout (child);
}

static void
measure_child (GtkWidget *child, GtkOrientation orientation, int for_size, int *minimum,
               int *natural)
{
  *minimum = *natural = 0;
  if (is_shown (child))
    gtk_widget_measure (child, orientation, for_size, minimum, natural, NULL, NULL);
}

static int
measure_height (GtkWidget *child, int width)
{
  int minimum, natural;

  measure_child (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural);
  measure_child (child, GTK_ORIENTATION_VERTICAL, MAX (width, minimum), &minimum, &natural);
  return natural;
}

/* @width: -1 for as much as they would like to have */
static Places
find_places (GtkWidget *widget, int width)
{
  Places places = { gtk_widget_get_first_child (widget), gtk_widget_get_last_child (widget) };
  int spacing = is_shown (places.first) && is_shown (places.last) ? SPACING : 0;
  int minimum;

  measure_child (places.first, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &places.first_width);
  measure_child (places.last, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &places.last_width);
  if (width < 0)
    width = places.first_width + spacing + places.last_width;
  places.is_wrapped = spacing > 0 && places.first_width + spacing + places.last_width > width;
  places.first_width = places.is_wrapped ? width : width - spacing - places.last_width;
  if (places.is_wrapped || !is_shown (places.first))
    places.last_width = width;
  places.first_height = measure_height (places.first, places.first_width);
  places.last_height = measure_height (places.last, places.last_width);
  return places;
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

  if (orientation == GTK_ORIENTATION_VERTICAL) {
    Places places = find_places (widget, for_size);

    *minimum = *natural = places.is_wrapped
                              ? places.first_height + LINE_SPACING + places.last_height
                              : MAX (places.first_height, places.last_height);
    return;
  }
  measure_child (first, orientation, -1, &first_minimum, &first_natural);
  measure_child (last, orientation, -1, &last_minimum, &last_natural);
  *minimum = MAX (first_minimum, last_minimum);
  *natural = first_natural + last_natural;
  if (is_shown (first) && is_shown (last))
    *natural += SPACING;
}

static void
flash_wrap_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height,
                            int baseline)
{
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  Places places = find_places (widget, width);
  GtkAllocation first_place = { 0, 0, places.first_width, height };
  GtkAllocation last_place = { 0, 0, places.last_width, height };

  if (places.is_wrapped) {
    first_place.height = places.first_height;
    last_place.y = places.first_height + LINE_SPACING;
    last_place.height = height - last_place.y;
  } else if (is_rtl) {
    first_place.x = width - places.first_width;
  } else {
    last_place.x = width - places.last_width;
  }
  if (is_shown (places.first))
    gtk_widget_size_allocate (places.first, &first_place, -1);
  if (is_shown (places.last))
    gtk_widget_size_allocate (places.last, &last_place, -1);
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
