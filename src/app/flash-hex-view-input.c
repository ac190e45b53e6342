/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-hex-view-input"

#include "config.h"

#include "flash-hex-view-private.h"

typedef enum {
  STEP_BYTE,
  STEP_ROW,
  STEP_PAGE,
  STEP_ROW_END,
  STEP_ALL_END,
} Step;

/* --- keys ----------------------------------------------------------------------------------- */

static gsize
find_target (FlashHexView *self, Step step, gboolean is_forward)
{
  gsize cursor = self->cursor, last = self->size - 1;
  gsize distance = 1, columns = self->columns;

  switch (step) {
  case STEP_BYTE:
    break;
  case STEP_ROW:
    distance = columns;
    break;
  case STEP_PAGE:
    distance = columns * _flash_hex_view_count_visible (self);
    break;
  case STEP_ROW_END:
    distance = is_forward ? columns - 1 - cursor % columns : cursor % columns;
    break;
  case STEP_ALL_END:
    return is_forward ? last : 0;
  }
  if (is_forward)
    return distance <= last - cursor ? cursor + distance : (step == STEP_ROW ? cursor : last);
  return distance <= cursor ? cursor - distance : (step == STEP_ROW ? cursor : 0);
}

/* Parameters: step, direction, whether the selection grows. */
static gboolean
on_move_key (GtkWidget *widget, GVariant *args, gpointer unused)
{
  FlashHexView *self = FLASH_HEX_VIEW (widget);
  int step;
  gboolean is_forward, extends;

  if (self->size == 0)
    return FALSE;
  g_variant_get (args, "(ibb)", &step, &is_forward, &extends);
  _flash_hex_view_move (self, find_target (self, (Step) step, is_forward), extends);
  return TRUE;
}

static gboolean
on_copy_key (GtkWidget *widget, GVariant *args, gpointer unused)
{
  FlashHexView *self = FLASH_HEX_VIEW (widget);
  g_autofree char *text = flash_hex_view_dup_hex (self);

  if (self->size == 0)
    return FALSE;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  return TRUE;
}

static gboolean
on_select_all_key (GtkWidget *widget, GVariant *args, gpointer unused)
{
  FlashHexView *self = FLASH_HEX_VIEW (widget);

  if (self->size == 0)
    return FALSE;
  self->anchor = self->size - 1;
  _flash_hex_view_move (self, 0, TRUE);
  return TRUE;
}

static void
add_move (GtkWidgetClass *widget_class, guint key, guint keypad_key, GdkModifierType modifiers,
          Step step, gboolean is_forward)
{
  const guint keys[] = { key, keypad_key };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    for (guint extends = 0; extends < 2; extends++)
      gtk_widget_class_add_binding (widget_class, keys[i],
                                    modifiers | (extends != 0 ? GDK_SHIFT_MASK : 0), on_move_key,
                                    "(ibb)", step, is_forward, extends != 0);
}

void
_flash_hex_view_add_keys (GtkWidgetClass *widget_class)
{
  add_move (widget_class, GDK_KEY_Left, GDK_KEY_KP_Left, 0, STEP_BYTE, FALSE);
  add_move (widget_class, GDK_KEY_Right, GDK_KEY_KP_Right, 0, STEP_BYTE, TRUE);
  add_move (widget_class, GDK_KEY_Up, GDK_KEY_KP_Up, 0, STEP_ROW, FALSE);
  add_move (widget_class, GDK_KEY_Down, GDK_KEY_KP_Down, 0, STEP_ROW, TRUE);
  add_move (widget_class, GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, 0, STEP_PAGE, FALSE);
  add_move (widget_class, GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, 0, STEP_PAGE, TRUE);
  add_move (widget_class, GDK_KEY_Home, GDK_KEY_KP_Home, 0, STEP_ROW_END, FALSE);
  add_move (widget_class, GDK_KEY_End, GDK_KEY_KP_End, 0, STEP_ROW_END, TRUE);
  add_move (widget_class, GDK_KEY_Home, GDK_KEY_KP_Home, GDK_CONTROL_MASK, STEP_ALL_END, FALSE);
  add_move (widget_class, GDK_KEY_End, GDK_KEY_KP_End, GDK_CONTROL_MASK, STEP_ALL_END, TRUE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, on_copy_key, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, on_select_all_key, NULL);
}

/* --- pointer -------------------------------------------------------------------------------- */

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, FlashHexView *self)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (_flash_hex_view_pick (self, x, y, &self->drag_offset))
    _flash_hex_view_move (self, self->drag_offset, (state & GDK_SHIFT_MASK) != 0);
}

static void
on_drag_update (GtkGestureDrag *gesture, double offset_x, double offset_y, FlashHexView *self)
{
  double x, y;
  gsize offset;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  if (_flash_hex_view_pick (self, x + offset_x, y + offset_y, &offset) && offset != self->cursor)
    _flash_hex_view_move (self, offset, TRUE);
}

void
_flash_hex_view_add_pointer (FlashHexView *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}
