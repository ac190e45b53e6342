/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-rows-layout"

#include "config.h"

#include "flash-rows-layout.h"

#define SPACING 9

struct _FlashRowsLayout {
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (FlashRowsLayout, flash_rows_layout, GTK_TYPE_LAYOUT_MANAGER)

static void
measure_child (GtkWidget *child, int width, int *out_width, int *out_height)
{
  int minimum, natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  *out_width = width >= 0 ? CLAMP (width, minimum, natural) : natural;
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, *out_width, &minimum, out_height, NULL,
                      NULL);
}

/* Goes through all rows.
 *
 * @places: whether to put the children there
 *
 * Returns: how high they are together */
static int
run_through (GtkWidget *widget, int width, gboolean places)
{
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = 0, y = 0, row_height = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int child_width, child_height;

    if (!gtk_widget_should_layout (child))
      continue;
    measure_child (child, width, &child_width, &child_height);
    if (x > 0 && x + child_width > width) {
      y += row_height + SPACING;
      x = row_height = 0;
    }
    if (places)
      gtk_widget_size_allocate (
          child,
          &(GtkAllocation){ is_rtl ? width - x - child_width : x, y, child_width, child_height },
          -1);
    x += child_width + SPACING;
    row_height = MAX (row_height, child_height);
  }
  return y + row_height;
}

static GtkSizeRequestMode
flash_rows_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
flash_rows_layout_measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation,
                           int for_size, int *minimum, int *natural, int *minimum_baseline,
                           int *natural_baseline)
{
  *minimum = *natural = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int child_minimum, child_natural;

    if (!gtk_widget_should_layout (child))
      continue;
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL,
                        NULL);
    *minimum = MAX (*minimum, child_minimum);
    *natural += child_natural + (*natural > 0 ? SPACING : 0);
  }
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = run_through (widget, for_size >= 0 ? for_size : *natural, FALSE);
}

static void
flash_rows_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height,
                            int baseline)
{
  run_through (widget, width, TRUE);
}

static void
flash_rows_layout_class_init (FlashRowsLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = flash_rows_layout_get_request_mode;
  manager_class->measure = flash_rows_layout_measure;
  manager_class->allocate = flash_rows_layout_allocate;
}

static void
flash_rows_layout_init (FlashRowsLayout *self)
{
}
