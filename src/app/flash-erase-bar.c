/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-erase-bar"

#include "config.h"

#include "flash-erase-bar.h"

#include <glib/gi18n.h>

#define HEIGHT 36
#define MIN_WIDTH 120
/* Sectors narrower than this have no edges. */
#define MIN_EDGE_WIDTH 4

struct _FlashEraseBar {
  GtkWidget parent_instance;

  FlashEraseSectors *sectors; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (FlashEraseBar, flash_erase_bar, GTK_TYPE_WIDGET)

static guint64
get_size (FlashEraseBar *self)
{
  return flash_memory_map_get_size (flash_erase_sectors_get_map (self->sectors));
}

/* Returns: the sector that holds the byte @offset of all of them; @out_start: (out): where it
 * begins; @out_sector_size: (out): its size */
static guint
find_sector (FlashEraseBar *self, guint64 offset, guint64 *out_start, guint32 *out_sector_size)
{
  const GArray *runs = flash_erase_sectors_get_map (self->sectors)->runs;
  guint64 start = 0;
  guint first = 0;

  for (guint i = 0; i < runs->len; i++) {
    const FlashMemoryRun *run = &g_array_index (runs, FlashMemoryRun, i);
    guint64 size = (guint64) run->sector_size * run->n_sectors;

    if (offset < start + size || i + 1 == runs->len) {
      guint index = MIN ((guint) ((offset - start) / run->sector_size), run->n_sectors - 1);

      *out_start = start + (guint64) index * run->sector_size;
      *out_sector_size = run->sector_size;
      return first + index;
    }
    start += size;
    first += run->n_sectors;
  }
  g_return_val_if_reached (0);
}

double
flash_erase_bar_find (FlashEraseBar *self, guint index)
{
  const GArray *runs;
  double start = 0;

  g_return_val_if_fail (FLASH_IS_ERASE_BAR (self) && self->sectors != NULL, 0);

  runs = flash_erase_sectors_get_map (self->sectors)->runs;
  for (guint i = 0; i < runs->len; i++) {
    const FlashMemoryRun *run = &g_array_index (runs, FlashMemoryRun, i);

    if (index < run->n_sectors)
      return (start + (index + 0.5) * run->sector_size) / (double) get_size (self);
    index -= run->n_sectors;
    start += (double) run->sector_size * run->n_sectors;
  }
  return 1;
}

/* --- drawing -------------------------------------------------------------------------------- */

static GdkRGBA
get_color (GtkWidget *widget, const char *name, float alpha)
{
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &color))
    gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= alpha;
  return color;
}

static void
append_sector (FlashEraseBar *self, GtkSnapshot *snapshot, guint index, double x, double width,
               gboolean has_edge)
{
  GtkWidget *widget = GTK_WIDGET (self);
  float height = (float) gtk_widget_get_height (widget);
  gboolean is_chosen = flash_erase_sectors_is_chosen (self->sectors, index);
  GdkRGBA fill = is_chosen ? get_color (widget, "destructive_bg_color", 1)
                           : get_color (widget, "window_fg_color", 0.12f);

  if (!is_chosen && !flash_erase_sectors_can_choose (self->sectors, index))
    fill.alpha /= 3;
  if (has_edge)
    width -= 1;
  gtk_snapshot_append_color (snapshot, &fill,
                             &GRAPHENE_RECT_INIT ((float) x, 0, (float) width, height));
  /* Not by colour alone: what goes is crossed out. */
  if (is_chosen) {
    GdkRGBA line = get_color (widget, "destructive_fg_color", 0.8f);

    gtk_snapshot_append_color (snapshot, &line,
                               &GRAPHENE_RECT_INIT ((float) x, height / 2 - 1, (float) width, 2));
  }
}

/* One pixel after the other, so that it does not matter how many sectors there are. */
static void
flash_erase_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  FlashEraseBar *self = FLASH_ERASE_BAR (widget);
  int width = gtk_widget_get_width (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  double scale;

  if (self->sectors == NULL || width <= 0)
    return;
  scale = (double) get_size (self) / width;
  for (double x = 0; x < width;) {
    guint64 start;
    guint32 size;
    guint index = find_sector (self, (guint64) (x * scale), &start, &size);
    double end = MAX ((double) (start + size) / scale, x + 1);
    double step = MIN (end, width) - x;

    append_sector (self, snapshot, index, is_rtl ? width - x - step : x, step,
                   size / scale >= MIN_EDGE_WIDTH);
    x += step;
  }
}

static void
flash_erase_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : HEIGHT;
}

/* --- pointer -------------------------------------------------------------------------------- */

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, FlashEraseBar *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  guint64 start;
  guint32 size;
  guint index;

  if (self->sectors == NULL || width <= 0)
    return;
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = width - x;
  index = find_sector (self, (guint64) (CLAMP (x / width, 0, 1) * (double) get_size (self)), &start,
                       &size);
  flash_erase_sectors_choose (self->sectors, index,
                              !flash_erase_sectors_is_chosen (self->sectors, index));
}

static void
update (FlashEraseBar *self)
{
  guint64 size;
  guint n_chosen = flash_erase_sectors_count (self->sectors, &size);
  guint n_sectors = g_list_model_get_n_items (G_LIST_MODEL (self->sectors));
  /* TRANSLATORS: how many sectors, of how many */
  g_autofree char *label = g_strdup_printf (
      ngettext ("Map of the flash: %1$u of %2$u sector is to be erased",
                "Map of the flash: %1$u of %2$u sectors are to be erased", n_sectors),
      n_chosen, n_sectors);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
flash_erase_bar_set_sectors (FlashEraseBar *self, FlashEraseSectors *sectors)
{
  g_return_if_fail (FLASH_IS_ERASE_BAR (self));
  g_return_if_fail (sectors == NULL || FLASH_IS_ERASE_SECTORS (sectors));

  if (self->sectors != NULL)
    g_signal_handlers_disconnect_by_data (self->sectors, self);
  g_set_object (&self->sectors, sectors);
  if (sectors == NULL)
    return;
  g_signal_connect_swapped (sectors, "changed", G_CALLBACK (update), self);
  update (self);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_erase_bar_dispose (GObject *object)
{
  flash_erase_bar_set_sectors (FLASH_ERASE_BAR (object), NULL);

  G_OBJECT_CLASS (flash_erase_bar_parent_class)->dispose (object);
}

static void
flash_erase_bar_class_init (FlashEraseBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_erase_bar_dispose;
  widget_class->measure = flash_erase_bar_measure;
  widget_class->snapshot = flash_erase_bar_snapshot;
  gtk_widget_class_set_css_name (widget_class, "erasebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
flash_erase_bar_init (FlashEraseBar *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}
