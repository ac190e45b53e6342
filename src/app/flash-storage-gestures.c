/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pointer, fingers and keys do to a storage bar. The document is left alone until a start is
 * let go: breaking off changes nothing. */
#define G_LOG_DOMAIN "flash-storage-gestures"

#include "config.h"

#include "flash-storage-bar-private.h"

/* How near to a border one must come to take hold of it, in pixels. */
#define REACH 6.0
#define TOUCH_REACH 16.0
/* A hand that only presses trembles. */
#define TREMBLE 3.0
/* Of a zoom by key and wheel. */
#define ZOOM_STEP 1.5
/* For those who move by keys in large steps. */
#define PAGE_UNITS 16
#define PAGE_BYTES (1024 * 1024)

/* --- moving a start ------------------------------------------------------------------------- */

static void
take_hold (FlashStorageBar *self, int index)
{
  FlashStorageDrag *drag = &self->drag;
  const FlashStoragePart *part = _flash_storage_bar_get_part (self, index);
  guint lane = (guint) index - self->n_raw;
  const FlashStop *stops = (const FlashStop *) (gpointer) self->stops->data;
  const FlashStop *stop = &stops[lane];

  drag->row = part->area.row;
  drag->before = flash_layout_map_ref (self->map);
  drag->frame = g_array_copy (self->stops);
  drag->at = stop->span.start;
  drag->has_moved = FALSE;
  drag->bytes_per_pixel = stop->span.size > 0 ? stop->weight / stop->span.size : 0;
  /* Where a pixel means more on one side, the finer side counts. */
  if (lane > 0 && stops[lane - 1].span.size > 0)
    drag->bytes_per_pixel =
        MIN (drag->bytes_per_pixel, stops[lane - 1].weight / stops[lane - 1].span.size);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Lets go, and shows what came meanwhile. */
static void
let_go (FlashStorageBar *self)
{
  FlashStorageDrag *drag = &self->drag;
  g_autoptr (FlashLayoutMap) map = g_steal_pointer (&drag->pending_map);
  g_autoptr (GHashTable) severities = g_steal_pointer (&drag->pending_severities);

  drag->row = NULL;
  g_clear_pointer (&drag->before, flash_layout_map_unref);
  g_clear_pointer (&drag->frame, g_array_unref);
  if (map != NULL)
    flash_storage_bar_set_map (self, map, severities);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
_flash_storage_bar_break_off (FlashStorageBar *self)
{
  g_autoptr (FlashLayoutMap) before = NULL;

  if (self->drag.row == NULL)
    return FALSE;
  before = flash_layout_map_ref (self->drag.before);
  self->drag.row = NULL;
  _flash_storage_bar_show (self, before, NULL);
  let_go (self);
  gtk_gesture_set_state (self->drag_gesture, GTK_EVENT_SEQUENCE_DENIED);
  return TRUE;
}

static guint64
get_start (const FlashLayoutMap *map, FlashLayoutRow *row)
{
  const FlashLayoutArea *area = flash_layout_map_find_row (map, row);

  return area != NULL ? area->start : 0;
}

/* @distance: of the pointer, in the direction of the text */
static void
drag_to (FlashStorageBar *self, double distance)
{
  FlashStorageDrag *drag = &self->drag;
  guint64 origin = get_start (drag->before, drag->row);
  guint64 offset = flash_storage_scale_locate ((const FlashStop *) (gpointer) drag->frame->data,
                                               drag->frame->len, drag->at + distance);
  g_autoptr (FlashLayoutMap) moved = NULL;

  offset = flash_storage_scale_round (origin, offset, drag->before->unit, drag->bytes_per_pixel);
  if (offset != origin)
    offset = flash_layout_map_snap (drag->before, drag->row, offset);
  if (offset == get_start (self->map, drag->row))
    return;
  moved = flash_layout_map_dup_moved (drag->before, drag->row, offset);
  _flash_storage_bar_show (self, moved, drag->frame);
  _flash_storage_bar_take_status (self, flash_storage_map_dup_move_text (moved, drag->row));
}

static void
drop (FlashStorageBar *self)
{
  FlashStorageDrag *drag = &self->drag;
  FlashLayoutRow *row = drag->row;
  g_autoptr (FlashLayoutMap) map = flash_layout_map_ref (self->map);
  guint64 offset = get_start (map, row);
  gboolean has_moved = offset != get_start (drag->before, row);

  /* What was checked meanwhile does not know of the move yet. */
  if (has_moved)
    g_clear_pointer (&drag->pending_map, flash_layout_map_unref);
  let_go (self);
  if (!has_moved)
    return;
  _flash_storage_bar_show (self, map, NULL);
  _flash_storage_bar_emit_moved (self, row, offset);
}

/* --- pointer and finger --------------------------------------------------------------------- */

static gboolean
is_touch (GtkGesture *gesture)
{
  GdkDevice *device =
      gtk_event_controller_get_current_event_device (GTK_EVENT_CONTROLLER (gesture));

  return device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN;
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, FlashStorageBar *self)
{
  double reach = is_touch (GTK_GESTURE (gesture)) ? TOUCH_REACH : REACH;
  int border = _flash_storage_bar_find_border (self, x, y, reach);

  self->drag.pan_from = -1;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (border < 0) {
    _flash_storage_bar_choose (self, _flash_storage_bar_find_at (self, x, y));
    if (self->zoom > 1)
      self->drag.pan_from = gtk_adjustment_get_value (self->adjustment);
    return;
  }
  _flash_storage_bar_choose (self, border);
  take_hold (self, border);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
drag_from_rest (FlashStorageBar *self, double distance)
{
  self->drag.has_moved |= ABS (distance) >= TREMBLE;
  if (self->drag.has_moved)
    drag_to (self, distance);
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, FlashStorageBar *self)
{
  double distance = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? -dx : dx;

  if (self->drag.row != NULL) {
    drag_from_rest (self, distance);
  } else if (self->drag.pan_from >= 0 && ABS (dx) >= 2 * TREMBLE) {
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    gtk_adjustment_set_value (self->adjustment, self->drag.pan_from - distance);
  }
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, FlashStorageBar *self)
{
  self->drag.pan_from = -1;
  if (self->drag.row != NULL)
    drop (self);
}

static void
on_drag_cancel (GtkGesture *gesture, GdkEventSequence *sequence, FlashStorageBar *self)
{
  self->drag.pan_from = -1;
  _flash_storage_bar_break_off (self);
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, FlashStorageBar *self)
{
  int index = _flash_storage_bar_find_at (self, x, y);
  gboolean can_hold = _flash_storage_bar_find_border (self, x, y, REACH) >= 0;

  self->pointer_x = _flash_storage_bar_mirror (self, x);
  if (self->drag.row != NULL)
    return;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), can_hold ? "col-resize" : NULL);
  if (index == self->hovered)
    return;
  self->hovered = index;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_leave (GtkEventControllerMotion *controller, FlashStorageBar *self)
{
  self->hovered = -1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, FlashStorageBar *self)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  double value = gtk_adjustment_get_value (self->adjustment);

  if (state & GDK_CONTROL_MASK) {
    _flash_storage_bar_zoom_at (self, self->zoom * (dy < 0 ? ZOOM_STEP : 1 / ZOOM_STEP),
                                self->pointer_x);
    return TRUE;
  }
  if (state & GDK_SHIFT_MASK && ABS (dx) < 0.001)
    dx = dy;
  else if (ABS (dx) <= ABS (dy))
    return FALSE;
  if (self->zoom <= 1)
    return FALSE;
  gtk_adjustment_set_value (self->adjustment,
                            value + (is_rtl ? -dx : dx) *
                                        gtk_adjustment_get_step_increment (self->adjustment));
  return TRUE;
}

static void
on_pinch_begin (GtkGesture *gesture, GdkEventSequence *sequence, FlashStorageBar *self)
{
  _flash_storage_bar_break_off (self);
  self->pinch_zoom = self->zoom;
}

static void
on_pinch (GtkGestureZoom *gesture, double scale, FlashStorageBar *self)
{
  double x, y;

  if (!gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  _flash_storage_bar_zoom_at (self, self->pinch_zoom * scale, _flash_storage_bar_mirror (self, x));
}

void
_flash_storage_bar_add_gestures (FlashStorageBar *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  self->drag_gesture = drag;
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (drag, "cancel", G_CALLBACK (on_drag_cancel), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect (pinch, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (on_pinch), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
}

/* --- keys ----------------------------------------------------------------------------------- */

/* Parameter: how far to go; far enough to reach the ends. */
static gboolean
on_choose (GtkWidget *widget, GVariant *args, gpointer unused)
{
  FlashStorageBar *self = FLASH_STORAGE_BAR (widget);
  int step = g_variant_get_int32 (args);
  int last = (int) self->parts->len - 1;
  int index;

  if (last < 0 || self->drag.row != NULL)
    return FALSE;
  if (ABS (step) == 1 && gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    step = -step;
  index = self->selected < 0 && step == -1 ? last : CLAMP (self->selected + step, 0, last);
  _flash_storage_bar_choose (self, index);
  _flash_storage_bar_reveal (self, index);
  return TRUE;
}

/* Parameters: whether up, to the right; whether in large steps. */
static gboolean
on_nudge (GtkWidget *widget, GVariant *args, gpointer unused)
{
  FlashStorageBar *self = FLASH_STORAGE_BAR (widget);
  g_autoptr (FlashLayoutMap) moved = NULL;
  const FlashLayoutArea *area;
  FlashLayoutRow *row;
  gboolean is_up, is_large;
  guint64 step, offset, snapped;

  g_variant_get (args, "(bb)", &is_up, &is_large);
  if (self->selected < 0 || self->drag.row != NULL || !self->map->can_drag)
    return FALSE;
  area = &_flash_storage_bar_get_part (self, self->selected)->area;
  if (area->kind != FLASH_LAYOUT_AREA_PARTITION)
    return FALSE;
  if (!is_large && gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    is_up = !is_up;
  step = is_large ? MAX (self->map->unit * PAGE_UNITS, PAGE_BYTES) : self->map->unit;
  offset = is_up ? area->start + MIN (step, G_MAXUINT64 - area->start)
                 : area->start - MIN (step, area->start);
  row = area->row;
  snapped = flash_layout_map_snap (self->map, row, offset);
  /* Not the other way, out of a file that reaches over, for instance. */
  if (snapped == area->start || (snapped > area->start) != is_up) {
    gtk_widget_error_bell (widget);
    return TRUE;
  }
  moved = flash_layout_map_dup_moved (self->map, row, snapped);
  _flash_storage_bar_show (self, moved, NULL);
  _flash_storage_bar_reveal (self, self->selected);
  _flash_storage_bar_take_status (self, flash_storage_map_dup_move_text (moved, row));
  _flash_storage_bar_emit_moved (self, row, snapped);
  return TRUE;
}

/* Parameter: 1 nearer, -1 farther, 0 all of it. */
static gboolean
on_zoom (GtkWidget *widget, GVariant *args, gpointer unused)
{
  FlashStorageBar *self = FLASH_STORAGE_BAR (widget);
  int step = g_variant_get_int32 (args);

  flash_storage_bar_zoom_by (self, step > 0   ? ZOOM_STEP
                                   : step < 0 ? 1 / ZOOM_STEP
                                              : 1 / self->zoom);
  return TRUE;
}

static gboolean
on_escape (GtkWidget *widget, GVariant *args, gpointer unused)
{
  return _flash_storage_bar_break_off (FLASH_STORAGE_BAR (widget));
}

static void
add_choosing_keys (GtkWidgetClass *klass)
{
  gtk_widget_class_add_binding (klass, GDK_KEY_Left, 0, on_choose, "i", -1);
  gtk_widget_class_add_binding (klass, GDK_KEY_KP_Left, 0, on_choose, "i", -1);
  gtk_widget_class_add_binding (klass, GDK_KEY_Right, 0, on_choose, "i", 1);
  gtk_widget_class_add_binding (klass, GDK_KEY_KP_Right, 0, on_choose, "i", 1);
  gtk_widget_class_add_binding (klass, GDK_KEY_Home, 0, on_choose, "i", G_MININT16);
  gtk_widget_class_add_binding (klass, GDK_KEY_KP_Home, 0, on_choose, "i", G_MININT16);
  gtk_widget_class_add_binding (klass, GDK_KEY_End, 0, on_choose, "i", G_MAXINT16);
  gtk_widget_class_add_binding (klass, GDK_KEY_KP_End, 0, on_choose, "i", G_MAXINT16);
}

static void
add_moving_keys (GtkWidgetClass *klass, GdkModifierType modifier)
{
  gtk_widget_class_add_binding (klass, GDK_KEY_Left, modifier, on_nudge, "(bb)", FALSE, FALSE);
  gtk_widget_class_add_binding (klass, GDK_KEY_Right, modifier, on_nudge, "(bb)", TRUE, FALSE);
  gtk_widget_class_add_binding (klass, GDK_KEY_Page_Up, modifier, on_nudge, "(bb)", TRUE, TRUE);
  gtk_widget_class_add_binding (klass, GDK_KEY_Page_Down, modifier, on_nudge, "(bb)", FALSE, TRUE);
}

void
_flash_storage_bar_add_keys (GtkWidgetClass *klass)
{
  add_choosing_keys (klass);
  add_moving_keys (klass, GDK_ALT_MASK);
  add_moving_keys (klass, GDK_SHIFT_MASK);
  gtk_widget_class_add_binding (klass, GDK_KEY_plus, 0, on_zoom, "i", 1);
  gtk_widget_class_add_binding (klass, GDK_KEY_plus, GDK_SHIFT_MASK, on_zoom, "i", 1);
  gtk_widget_class_add_binding (klass, GDK_KEY_equal, 0, on_zoom, "i", 1);
  gtk_widget_class_add_binding (klass, GDK_KEY_KP_Add, 0, on_zoom, "i", 1);
  gtk_widget_class_add_binding (klass, GDK_KEY_minus, 0, on_zoom, "i", -1);
  gtk_widget_class_add_binding (klass, GDK_KEY_KP_Subtract, 0, on_zoom, "i", -1);
  gtk_widget_class_add_binding (klass, GDK_KEY_0, 0, on_zoom, "i", 0);
  gtk_widget_class_add_binding (klass, GDK_KEY_KP_0, 0, on_zoom, "i", 0);
  gtk_widget_class_add_binding (klass, GDK_KEY_Escape, 0, on_escape, NULL);
}
