/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys, pointer and wheel of the grid. One set of controllers serves all cells. */
#define G_LOG_DOMAIN "flash-grid-input"

#include "config.h"

#include "flash-layout-grid-private.h"

#include "flash-cell-entry.h"

#include <math.h>

#define PAGE_ROWS 10

/* --- keys --------------------------------------------------------------------------------- */

static void
toggle (FlashLayoutGrid *self, FlashTableCell *cell)
{
  FlashLayoutEntry *entry = flash_table_cell_get_entry (cell);

  if (entry != NULL && self->document != NULL)
    flash_layout_document_set_enabled (self->document, entry,
                                       !flash_layout_entry_is_enabled (entry));
}

static void
activate_cell (FlashLayoutGrid *self, FlashTableCell *cell)
{
  if (flash_table_cell_get_column (cell) == FLASH_CELL_ENABLED)
    toggle (self, cell);
  else
    _flash_layout_grid_begin_edit (self, cell, NULL);
}

/* Arrows and their relatives. Returns: whether the key was one of them. */
static gboolean
navigate (FlashLayoutGrid *self, FlashTableCell *cell, guint key, gboolean has_control)
{
  gint64 position =
      flash_layout_document_find_entry (self->document, flash_table_cell_get_entry (cell));
  gint64 n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  int column = flash_table_cell_get_column (cell);
  int forward = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? -1 : 1;

  switch (key) {
  case GDK_KEY_Up:
  case GDK_KEY_KP_Up:
    position = has_control ? 0 : position - 1;
    break;
  case GDK_KEY_Down:
  case GDK_KEY_KP_Down:
    position = has_control ? n_rows - 1 : position + 1;
    break;
  case GDK_KEY_Left:
  case GDK_KEY_KP_Left:
    column -= forward;
    break;
  case GDK_KEY_Right:
  case GDK_KEY_KP_Right:
    column += forward;
    break;
  case GDK_KEY_Page_Up:
  case GDK_KEY_KP_Page_Up:
    position -= PAGE_ROWS;
    break;
  case GDK_KEY_Page_Down:
  case GDK_KEY_KP_Page_Down:
    position += PAGE_ROWS;
    break;
  case GDK_KEY_Home:
  case GDK_KEY_KP_Home:
    column = 0;
    position = has_control ? 0 : position;
    break;
  case GDK_KEY_End:
  case GDK_KEY_KP_End:
    column = FLASH_CELL_N_COLUMNS - 1;
    position = has_control ? n_rows - 1 : position;
    break;
  default:
    return FALSE;
  }
  _flash_layout_grid_go (self, position,
                         (FlashCellColumn) CLAMP (column, 0, FLASH_CELL_N_COLUMNS - 1), FALSE);
  return TRUE;
}

static gboolean
run_verb (FlashLayoutGrid *self, guint key, GdkModifierType state)
{
  const char *action = NULL;

  if (state == GDK_ALT_MASK && (key == GDK_KEY_Up || key == GDK_KEY_KP_Up))
    action = "table.move-up";
  else if (state == GDK_ALT_MASK && (key == GDK_KEY_Down || key == GDK_KEY_KP_Down))
    action = "table.move-down";
  else if (state == (GDK_CONTROL_MASK | GDK_SHIFT_MASK) && gdk_keyval_to_lower (key) == GDK_KEY_d)
    action = "table.duplicate";
  else if (state == 0 && (key == GDK_KEY_Delete || key == GDK_KEY_KP_Delete))
    action = "table.remove";
  if (action == NULL)
    return FALSE;
  gtk_widget_activate_action (GTK_WIDGET (self), action, NULL);
  return TRUE;
}

/* Returns: whether @key writes something, which then begins to edit. */
static gboolean
type_into (FlashLayoutGrid *self, FlashTableCell *cell, guint key, GdkModifierType state)
{
  gunichar letter = gdk_keyval_to_unicode (key);
  char text[7] = "";

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) || letter == 0 ||
      !g_unichar_isprint (letter))
    return FALSE;
  if (letter == ' ') {
    toggle (self, cell);
    return TRUE;
  }
  if (!flash_cell_words_is_editable (flash_table_cell_get_column (cell)))
    return FALSE;
  g_unichar_to_utf8 (letter, text);
  _flash_layout_grid_begin_edit (self, cell, text);
  return TRUE;
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                FlashLayoutGrid *self)
{
  FlashTableCell *cell = _flash_layout_grid_get_focus_cell (self);
  GdkModifierType held =
      state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK);

  if (cell == NULL || self->editing != NULL || self->document == NULL)
    return FALSE;
  if (run_verb (self, key, held))
    return TRUE;
  if ((held & ~GDK_CONTROL_MASK) == 0 && navigate (self, cell, key, (held & GDK_CONTROL_MASK) != 0))
    return TRUE;
  if (held == 0 && (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_F2)) {
    activate_cell (self, cell);
    return TRUE;
  }
  if ((held == 0 && key == GDK_KEY_Menu) || (held == GDK_SHIFT_MASK && key == GDK_KEY_F10)) {
    _flash_layout_grid_ask_menu_at_focus (self);
    return TRUE;
  }
  return type_into (self, cell, key, state);
}

void
_flash_layout_grid_ask_menu_at_focus (FlashLayoutGrid *self)
{
  FlashTableCell *cell = _flash_layout_grid_get_focus_cell (self);
  double x = 0;
  double y = 0;

  if (cell == NULL)
    return;
  gtk_widget_translate_coordinates (GTK_WIDGET (cell), GTK_WIDGET (self),
                                    gtk_widget_get_width (GTK_WIDGET (cell)) / 2.0,
                                    gtk_widget_get_height (GTK_WIDGET (cell)), &x, &y);
  g_signal_emit_by_name (self, "menu", x, y);
}

/* --- pointer ------------------------------------------------------------------------------ */

/* Returns: whether the pointer is on something that has a mind of its own: a text, a button. */
static gboolean
is_inside_child (FlashLayoutGrid *self, FlashTableCell *cell, double x, double y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  return picked != NULL && picked != GTK_WIDGET (cell) &&
         gtk_widget_is_ancestor (picked, GTK_WIDGET (cell));
}

/* What pops up over the table is inside of it for the toolkit, but not for the user. */
static gboolean
is_on_table (FlashLayoutGrid *self, GdkEvent *event)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));

  return event == NULL || gdk_event_get_surface (event) == gtk_native_get_surface (native);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, FlashLayoutGrid *self)
{
  FlashTableCell *cell = flash_layout_grid_find_cell (self, x, y);
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));

  if (cell == NULL || !is_on_table (self, event) || is_inside_child (self, cell, x, y))
    return;
  gtk_widget_grab_focus (GTK_WIDGET (cell));
  if (event != NULL && gdk_event_triggers_context_menu (event)) {
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    g_signal_emit_by_name (self, "menu", x, y);
    return;
  }
  if (gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) != GDK_BUTTON_PRIMARY)
    return;
  if (flash_table_cell_get_column (cell) == FLASH_CELL_ENABLED)
    toggle (self, cell);
}

/* A double click; the first of the two gave the keyboard to the cell. */
static void
on_activated (GtkColumnView *view, guint position, FlashLayoutGrid *self)
{
  FlashTableCell *cell = _flash_layout_grid_get_focus_cell (self);

  if (cell != NULL)
    _flash_layout_grid_begin_edit (self, cell, NULL);
}

static void
on_long_pressed (GtkGestureLongPress *gesture, double x, double y, FlashLayoutGrid *self)
{
  FlashTableCell *cell = flash_layout_grid_find_cell (self, x, y);
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));

  if (cell == NULL || !is_on_table (self, event) || is_inside_child (self, cell, x, y))
    return;
  gtk_widget_grab_focus (GTK_WIDGET (cell));
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  g_signal_emit_by_name (self, "menu", x, y);
}

static GtkScrolledWindow *
find_outer_scroller (FlashLayoutGrid *self)
{
  return GTK_SCROLLED_WINDOW (gtk_widget_get_ancestor (gtk_widget_get_parent (GTK_WIDGET (self)),
                                                       GTK_TYPE_SCROLLED_WINDOW));
}

/* At its ends the table hands the wheel on to the page: the toolkit's scrolled windows keep it. */
static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, FlashLayoutGrid *self)
{
  GtkAdjustment *inner = gtk_scrolled_window_get_vadjustment (self->scroller);
  double value = gtk_adjustment_get_value (inner);
  double end = gtk_adjustment_get_upper (inner) - gtk_adjustment_get_page_size (inner);
  GtkScrolledWindow *page = find_outer_scroller (self);
  GtkAdjustment *outer;

  if (page == NULL || (dy < 0 && value > gtk_adjustment_get_lower (inner)) ||
      (dy > 0 && value < end))
    return FALSE;
  outer = gtk_scrolled_window_get_vadjustment (page);
  /* The same step as the toolkit's own. */
  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL)
    dy *= pow (gtk_adjustment_get_page_size (outer), 2.0 / 3.0);
  gtk_adjustment_set_value (outer, gtk_adjustment_get_value (outer) + dy);
  return TRUE;
}

/* --- tooltips ----------------------------------------------------------------------------- */

#define MAX_MESSAGES 5

static gboolean
on_query_tooltip (GtkWidget *view, int x, int y, gboolean is_keyboard, GtkTooltip *tooltip,
                  FlashLayoutGrid *self)
{
  FlashTableCell *cell = is_keyboard ? _flash_layout_grid_get_focus_cell (self)
                                     : flash_layout_grid_find_cell (self, x, y);
  FlashLayoutEntry *entry = cell != NULL ? flash_table_cell_get_entry (cell) : NULL;
  FlashCellColumn column;
  g_autofree char *text = NULL;

  if (entry == NULL || self->editing != NULL)
    return FALSE;
  column = flash_table_cell_get_column (cell);
  if (column == FLASH_CELL_MARK)
    text = flash_cell_facts_dup_messages (self->facts, entry, 0, MAX_MESSAGES);
  else if (flash_cell_words_is_editable (column))
    text = flash_cell_facts_dup_messages (self->facts, entry, flash_cell_words_to_layout (column),
                                          MAX_MESSAGES);
  if (text == NULL && flash_cell_words_is_editable (column))
    text = flash_cell_words_dup_text (column, entry, NULL, NULL);
  gtk_tooltip_set_text (tooltip, text);
  return text != NULL && *text != '\0';
}

void
_flash_layout_grid_add_input (FlashLayoutGrid *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *wheel =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (widget, keys);
  gtk_event_controller_set_propagation_phase (wheel, GTK_PHASE_CAPTURE);
  g_signal_connect (wheel, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (widget, wheel);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect (long_press, "pressed", G_CALLBACK (on_long_pressed), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (long_press));
  g_signal_connect (self->view, "activate", G_CALLBACK (on_activated), self);
  gtk_widget_set_has_tooltip (widget, TRUE);
  g_signal_connect (widget, "query-tooltip", G_CALLBACK (on_query_tooltip), self);
}
