/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the parts of a storage bar are. Raw images cover the whole storage, and lie in rows of
 * their own above the others. */
#define G_LOG_DOMAIN "flash-storage-place"

#include "config.h"

#include "flash-storage-bar-private.h"
#include "flash-storage-draw.h"

/* More raw images of one storage are no more to be seen. */
#define MAX_RAW_ROWS 3
/* What is hatched can be seen and pointed at. */
#define MIN_OVERLAP 6

FlashStoragePart *
_flash_storage_bar_get_part (FlashStorageBar *self, int index)
{
  return &g_array_index (self->parts, FlashStoragePart, index);
}

static FlashStop *
get_stop (FlashStorageBar *self, guint index)
{
  return &g_array_index (self->stops, FlashStop, index);
}

/* --- heights ------------------------------------------------------------------------------ */

static gboolean
has_lane (FlashStorageBar *self)
{
  return self->parts->len > self->n_raw;
}

static int
get_raw_height (FlashStorageBar *self)
{
  guint n_lines = self->n_raw == 1 && !has_lane (self) ? 2 : 1;

  return flash_storage_draw_measure_height (GTK_WIDGET (self), n_lines);
}

/* How much is above the partitions. */
static int
get_lane_y (FlashStorageBar *self)
{
  return (int) MIN (self->n_raw, MAX_RAW_ROWS) * (get_raw_height (self) + FLASH_STORAGE_GAP);
}

int
_flash_storage_bar_measure_height (FlashStorageBar *self)
{
  if (self->n_raw > 0 && !has_lane (self))
    return get_lane_y (self) - FLASH_STORAGE_GAP;
  return get_lane_y (self) + flash_storage_draw_measure_height (GTK_WIDGET (self), 2);
}

/* --- widths ------------------------------------------------------------------------------- */

/* What goes on to an end that nobody knows is drawn as at least a third of the bar. */
static void
weigh (FlashStorageBar *self)
{
  double sum = 0;

  for (guint i = 0; i < self->stops->len; i++) {
    const FlashLayoutArea *area =
        &_flash_storage_bar_get_part (self, (int) (self->n_raw + i))->area;
    FlashStop *stop = get_stop (self, i);

    stop->byte = area->start;
    stop->weight = area->size != G_MAXUINT64 ? (double) area->size : 0;
    sum += stop->weight;
  }
  for (guint i = 0; i < self->stops->len; i++) {
    const FlashLayoutArea *area =
        &_flash_storage_bar_get_part (self, (int) (self->n_raw + i))->area;
    double image = area->image_size != G_MAXUINT64 ? (double) area->image_size : 0;

    if (area->size == G_MAXUINT64)
      get_stop (self, i)->weight = MAX (MAX (image * 1.2, sum / 2), 1);
  }
}

static void
measure_parts (FlashStorageBar *self)
{
  if (self->has_min_sizes)
    return;
  g_array_set_size (self->min_sizes, self->stops->len);
  for (guint i = 0; i < self->stops->len; i++) {
    const FlashStoragePart *part = _flash_storage_bar_get_part (self, (int) (self->n_raw + i));

    g_array_index (self->min_sizes, double, i) =
        i < FLASH_STORAGE_MAX_DRAWN
            ? flash_storage_draw_measure_width (GTK_WIDGET (self), part, self->map)
            : 1.0;
  }
  self->has_min_sizes = TRUE;
}

/* Returns: whether it has changed for one of them. */
static gboolean
mark_enlarged (FlashStorageBar *self)
{
  const FlashStop *stops = (const FlashStop *) (gpointer) self->stops->data;
  double density = flash_storage_scale_get_density (stops, self->stops->len);
  gboolean has_changed = FALSE;

  for (guint i = 0; i < self->stops->len; i++) {
    FlashStoragePart *part = _flash_storage_bar_get_part (self, (int) (self->n_raw + i));
    gboolean is_enlarged = !flash_storage_part_is_open_ended (part) &&
                           flash_storage_scale_is_enlarged (&stops[i], density);

    has_changed |= is_enlarged != part->is_enlarged;
    part->is_enlarged = is_enlarged;
  }
  return has_changed;
}

static void
adjust (FlashStorageBar *self, double width, double content_width)
{
  double value = gtk_adjustment_get_value (self->adjustment);

  gtk_adjustment_configure (self->adjustment, CLAMP (value, 0, content_width - width), 0,
                            content_width, width / 10, width * 0.9, width);
}

gboolean
_flash_storage_bar_place (FlashStorageBar *self)
{
  gboolean has_changed;
  guint n = self->parts->len - self->n_raw;
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  g_autofree double *weights = g_new (double, n + 1);
  g_autofree FlashSpan *spans = g_new (FlashSpan, n + 1);

  if (width <= 0 || self->map == NULL)
    return FALSE;
  g_array_set_size (self->stops, n);
  weigh (self);
  measure_parts (self);
  for (guint i = 0; i < n; i++)
    weights[i] = get_stop (self, i)->weight;
  if (n > 0)
    flash_storage_scale (weights, (const double *) (gpointer) self->min_sizes->data, n,
                         width * self->zoom, FLASH_STORAGE_GAP, spans);
  for (guint i = 0; i < n; i++)
    get_stop (self, i)->span = spans[i];
  has_changed = mark_enlarged (self);
  adjust (self, width, width * self->zoom);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return has_changed;
}

void
_flash_storage_bar_place_in (FlashStorageBar *self, const GArray *frame)
{
  const FlashStop *stops = (const FlashStop *) (gconstpointer) frame->data;

  g_array_set_size (self->stops, self->parts->len - self->n_raw);
  weigh (self);
  for (guint i = 0; i < self->stops->len; i++) {
    FlashStop *stop = get_stop (self, i);
    gboolean is_last = i + 1 == self->stops->len;
    double end = stops[frame->len - 1].span.start + stops[frame->len - 1].span.size;

    if (!is_last)
      end = flash_storage_scale_place (stops, frame->len, get_stop (self, i + 1)->byte) -
            FLASH_STORAGE_GAP;
    stop->span.start = flash_storage_scale_place (stops, frame->len, stop->byte);
    stop->span.size = MAX (end - stop->span.start, 1);
  }
  mark_enlarged (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- rectangles --------------------------------------------------------------------------- */

double
_flash_storage_bar_mirror (FlashStorageBar *self, double x)
{
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    return gtk_widget_get_width (GTK_WIDGET (self)) - x;
  return x;
}

/* @start, @size: in the direction of the text, not scrolled */
static graphene_rect_t
make_rect (FlashStorageBar *self, double start, double size, int y, int height)
{
  double x = start - gtk_adjustment_get_value (self->adjustment);

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x - size;
  return GRAPHENE_RECT_INIT ((float) x, (float) y, (float) size, (float) height);
}

gboolean
flash_storage_bar_get_area_rect (FlashStorageBar *self, guint index, graphene_rect_t *out_rect)
{
  int raw_height, lane_y, height;

  g_return_val_if_fail (FLASH_IS_STORAGE_BAR (self), FALSE);
  g_return_val_if_fail (out_rect != NULL, FALSE);

  if (index >= self->n_raw + self->stops->len)
    return FALSE;
  raw_height = get_raw_height (self);
  lane_y = get_lane_y (self);
  height = gtk_widget_get_height (GTK_WIDGET (self));
  if (index < self->n_raw) {
    int row = (int) MIN (index, MAX_RAW_ROWS - 1);

    *out_rect = make_rect (self, 0, gtk_widget_get_width (GTK_WIDGET (self)) * self->zoom,
                           row * (raw_height + FLASH_STORAGE_GAP), raw_height);
  } else {
    FlashSpan span = get_stop (self, index - self->n_raw)->span;

    *out_rect = make_rect (self, span.start, span.size, lane_y, MAX (height - lane_y, 1));
  }
  return TRUE;
}

gboolean
flash_storage_bar_get_overlap_rect (FlashStorageBar *self, guint index, graphene_rect_t *out_rect)
{
  const FlashStop *stops;
  const FlashLayoutOverlap *overlap;
  double start, end;
  int lane_y;

  g_return_val_if_fail (FLASH_IS_STORAGE_BAR (self), FALSE);
  g_return_val_if_fail (out_rect != NULL, FALSE);

  if (self->map == NULL || index >= self->map->overlaps->len || self->stops->len == 0)
    return FALSE;
  stops = (const FlashStop *) (gpointer) self->stops->data;
  overlap = &g_array_index (self->map->overlaps, FlashLayoutOverlap, index);
  lane_y = get_lane_y (self);
  start = flash_storage_scale_place (stops, self->stops->len, overlap->start);
  end = overlap->size > G_MAXUINT64 - overlap->start
            ? gtk_widget_get_width (GTK_WIDGET (self)) * self->zoom
            : flash_storage_scale_place (stops, self->stops->len, overlap->start + overlap->size);
  /* What is behind the last part is hatched at its end. */
  if (end - start < MIN_OVERLAP && start > MIN_OVERLAP &&
      start + MIN_OVERLAP > gtk_widget_get_width (GTK_WIDGET (self)) * self->zoom)
    start -= MIN_OVERLAP;
  *out_rect = make_rect (self, start, MAX (end - start, MIN_OVERLAP), lane_y,
                         MAX (gtk_widget_get_height (GTK_WIDGET (self)) - lane_y, 1));
  return TRUE;
}

void
_flash_storage_bar_reveal (FlashStorageBar *self, int index)
{
  double value = gtk_adjustment_get_value (self->adjustment);
  double width = gtk_adjustment_get_page_size (self->adjustment);
  FlashSpan span;

  if (index < (int) self->n_raw || index >= (int) (self->n_raw + self->stops->len))
    return;
  span = get_stop (self, (guint) index - self->n_raw)->span;
  if (span.start < value || span.size > width)
    gtk_adjustment_set_value (self->adjustment, span.start);
  else if (span.start + span.size > value + width)
    gtk_adjustment_set_value (self->adjustment, span.start + span.size - width);
}

/* --- what is where ------------------------------------------------------------------------ */

int
_flash_storage_bar_find_at (FlashStorageBar *self, double x, double y)
{
  double at = _flash_storage_bar_mirror (self, x) + gtk_adjustment_get_value (self->adjustment);
  int found;

  if (self->n_raw > 0 && (y < get_lane_y (self) || !has_lane (self))) {
    int row = (int) (y / (get_raw_height (self) + FLASH_STORAGE_GAP));

    return CLAMP (row, 0, (int) self->n_raw - 1);
  }
  if (self->stops->len == 0)
    return -1;
  found = 0;
  for (guint i = 1; i < self->stops->len; i++) {
    if (at >= get_stop (self, i)->span.start - FLASH_STORAGE_GAP / 2.0)
      found = (int) i;
  }
  return (int) self->n_raw + found;
}

int
_flash_storage_bar_find_border (FlashStorageBar *self, double x, double y, double reach)
{
  double at = _flash_storage_bar_mirror (self, x) + gtk_adjustment_get_value (self->adjustment);
  double best = reach;
  int found = -1;

  if (self->map == NULL || !self->map->can_drag || y < get_lane_y (self))
    return -1;
  for (guint i = 0; i < self->stops->len; i++) {
    FlashSpan span = get_stop (self, i)->span;
    double distance = at - (span.start - (i > 0 ? FLASH_STORAGE_GAP / 2.0 : 0));
    /* Of a narrow part, most is left for choosing it. */
    double room = distance >= 0 ? span.size : i > 0 ? get_stop (self, i - 1)->span.size : 0;

    if (_flash_storage_bar_get_part (self, (int) (self->n_raw + i))->area.kind !=
            FLASH_LAYOUT_AREA_PARTITION ||
        ABS (distance) > MIN (best, room / 3 + FLASH_STORAGE_GAP))
      continue;
    best = ABS (distance);
    found = (int) (self->n_raw + i);
  }
  return found;
}
