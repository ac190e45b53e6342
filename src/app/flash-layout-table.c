/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-table"

#include "config.h"

#include "flash-layout-table-private.h"

#include "flash-row-form.h"

/* Rows for which widgets are made before the first picture, and in each step
 * after it: making them for 200 rows at once would be felt. The list makes none
 * beyond these. */
#define FIRST_ROWS 18
#define ROWS_AT_ONCE 4
#define MAX_ROWS_WITH_WIDGETS 240

G_DEFINE_FINAL_TYPE (FlashLayoutTable, flash_layout_table, ADW_TYPE_BIN)

enum { SIGNAL_SELECTED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- rows ------------------------------------------------------------------------------------- */

static guint
get_n_entries (FlashLayoutTable *self)
{
  return self->document != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->document)) : 0;
}

static gboolean
on_grow (gpointer data)
{
  FlashLayoutTable *self = data;
  guint size = gtk_slice_list_model_get_size (self->slice) + ROWS_AT_ONCE;

  gtk_slice_list_model_set_size (self->slice, size < MAX_ROWS_WITH_WIDGETS ? size : G_MAXUINT);
  if (size < MAX_ROWS_WITH_WIDGETS && size < get_n_entries (self))
    return G_SOURCE_CONTINUE;
  gtk_slice_list_model_set_size (self->slice, G_MAXUINT);
  self->grow_id = 0;
  return G_SOURCE_REMOVE;
}

/* All rows, now: one that is farther down is wanted. */
static void
grow_at_once (FlashLayoutTable *self)
{
  g_clear_handle_id (&self->grow_id, g_source_remove);
  gtk_slice_list_model_set_size (self->slice, G_MAXUINT);
}

FlashLayoutEntry *
_flash_layout_table_get_entry (FlashLayoutTable *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

static void
show_state (FlashLayoutTable *self)
{
  gboolean has_rows = get_n_entries (self) > 0;

  gtk_widget_set_visible (self->grid_bin, has_rows);
  gtk_widget_set_visible (self->add_button, self->document != NULL &&
                                                flash_layout_document_get_obstacle (
                                                    self->document) == FLASH_LAYOUT_OBSTACLE_NONE);
  _flash_layout_table_update_verbs (self);
}

static void
tell_selected (FlashLayoutTable *self)
{
  FlashLayoutEntry *entry = _flash_layout_table_get_entry (self);
  guint line = entry != NULL ? flash_layout_entry_get_number (entry) : 0;

  _flash_layout_table_update_verbs (self);
  if (line == self->selected_line)
    return;
  self->selected_line = line;
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0, line);
}

static void
refresh (FlashLayoutTable *self)
{
  flash_layout_grid_refresh (self->grid);
  flash_table_list_refresh (self->list);
  show_state (self);
}

static void
on_edited (FlashLayoutTable *self)
{
  refresh (self);
  tell_selected (self);
}

static void
on_checked (FlashLayoutTable *self)
{
  if (flash_cell_facts_update (self->facts, self->editor))
    refresh (self);
}

/* --- going to a row --------------------------------------------------------------------------- */

static void
on_form_gone (FlashLayoutTable *self, GObject *form)
{
  self->form = NULL;
}

static void
open_form (FlashLayoutTable *self, FlashLayoutEntry *entry)
{
  if (self->form != NULL)
    gtk_window_destroy (GTK_WINDOW (self->form));
  self->form = flash_row_form_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                   self->editor, entry);
  g_object_weak_ref (G_OBJECT (self->form), (GWeakNotify) on_form_gone, self);
  g_signal_connect_object (self->form, "choose-file", G_CALLBACK (_flash_layout_table_choose_file),
                           self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->form));
}

void
_flash_layout_table_show_entry (FlashLayoutTable *self, FlashLayoutEntry *entry,
                                FlashCellColumn column, gboolean begins_edit)
{
  guint position = flash_layout_document_find_entry (self->document, entry);

  if (position == G_MAXUINT)
    return;
  if (position >= g_list_model_get_n_items (G_LIST_MODEL (self->slice)))
    grow_at_once (self);
  gtk_single_selection_set_selected (self->selection, position);
  if (!self->is_narrow) {
    flash_layout_grid_focus_cell (self->grid, entry, column, begins_edit);
    return;
  }
  flash_table_list_focus_row (self->list, position);
  if (begins_edit)
    open_form (self, entry);
}

void
_flash_layout_table_set_hint (FlashLayoutTable *self, const char *text)
{
  if (self->hint_label == NULL)
    return;
  gtk_label_set_label (self->hint_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), text != NULL);
}

/* --- room ------------------------------------------------------------------------------------- */

static void
attach_models (FlashLayoutTable *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->grid), !self->is_narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->is_narrow);
  flash_layout_grid_set_model (self->grid, self->is_narrow ? NULL : self->selection,
                               self->is_narrow ? NULL : self->document);
  flash_table_list_set_model (self->list, self->is_narrow ? self->selection : NULL);
}

/* Not while sizes are handed out: widgets come and go. */
static gboolean
on_switch (gpointer data)
{
  FlashLayoutTable *self = data;
  FlashLayoutEntry *entry = _flash_layout_table_get_entry (self);
  gboolean had_focus = flash_layout_grid_has_focus (self->grid);

  self->switch_id = 0;
  self->is_narrow = !self->is_narrow;
  attach_models (self);
  if (had_focus && entry != NULL)
    _flash_layout_table_show_entry (self, entry, flash_layout_grid_get_column (self->grid), FALSE);
  return G_SOURCE_REMOVE;
}

static void
flash_layout_table_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                            int *minimum, int *natural, int *minimum_baseline,
                            int *natural_baseline)
{
  gtk_widget_measure (adw_bin_get_child (ADW_BIN (widget)), orientation, for_size, minimum, natural,
                      NULL, NULL);
}

static void
flash_layout_table_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  FlashLayoutTable *self = FLASH_LAYOUT_TABLE (widget);
  int needed = flash_layout_grid_get_needed_width (self->grid);
  gboolean wants_narrow = needed > 0 && width < needed;

  gtk_widget_allocate (adw_bin_get_child (ADW_BIN (self)), width, height, baseline, NULL);
  if (self->menu != NULL)
    gtk_popover_present (GTK_POPOVER (self->menu));
  if (wants_narrow != self->is_narrow && self->switch_id == 0)
    self->switch_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_switch, self, NULL);
  else if (wants_narrow == self->is_narrow)
    g_clear_handle_id (&self->switch_id, g_source_remove);
}

/* --- life ------------------------------------------------------------------------------------- */

static void
on_menu (GtkWidget *view, double x, double y, FlashLayoutTable *self)
{
  _flash_layout_table_popup_menu (self, view, x, y);
}

static void
leave_editor (FlashLayoutTable *self)
{
  _flash_layout_table_stop_files (self);
  g_clear_handle_id (&self->grow_id, g_source_remove);
  if (self->form != NULL)
    gtk_window_destroy (GTK_WINDOW (self->form));
  if (self->editor != NULL)
    g_signal_handlers_disconnect_by_data (self->editor, self);
  g_clear_object (&self->editor);
  g_clear_object (&self->document);
}

static void
flash_layout_table_dispose (GObject *object)
{
  FlashLayoutTable *self = FLASH_LAYOUT_TABLE (object);

  g_clear_handle_id (&self->switch_id, g_source_remove);
  leave_editor (self);
  if (self->grid != NULL) {
    self->hint_label = NULL;
    flash_layout_grid_set_model (self->grid, NULL, NULL);
    flash_table_list_set_model (self->list, NULL);
    g_signal_handlers_disconnect_by_data (self->selection, self);
  }
  self->grid = NULL;
  self->list = NULL;
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_LAYOUT_TABLE);

  G_OBJECT_CLASS (flash_layout_table_parent_class)->dispose (object);
}

static void
flash_layout_table_finalize (GObject *object)
{
  FlashLayoutTable *self = FLASH_LAYOUT_TABLE (object);

  g_object_unref (self->selection);
  g_object_unref (self->slice);
  flash_cell_facts_free (self->facts);

  G_OBJECT_CLASS (flash_layout_table_parent_class)->finalize (object);
}

static void
flash_layout_table_class_init (FlashLayoutTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_layout_table_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_layout_table_finalize;
  widget_class->measure = flash_layout_table_measure;
  widget_class->size_allocate = flash_layout_table_size_allocate;

  /**
   * FlashLayoutTable::selected:
   * @line: of the chosen row, 0 if none
   */
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", FLASH_TYPE_LAYOUT_TABLE, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  _flash_layout_table_install_verbs (widget_class);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-layout-table.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutTable, add_button);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutTable, grid_bin);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutTable, hint_label);
}

static void
flash_layout_table_init (FlashLayoutTable *self)
{
  g_autoptr (GMenuModel) kinds = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);

  self->facts = flash_cell_facts_new ();
  self->slice = gtk_slice_list_model_new (NULL, 0, FIRST_ROWS);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->slice));
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (tell_selected),
                            self);

  self->grid = FLASH_LAYOUT_GRID (flash_layout_grid_new (self->facts));
  self->list = FLASH_TABLE_LIST (flash_table_list_new (self->facts));
  gtk_box_append (GTK_BOX (self->grid_bin), GTK_WIDGET (self->grid));
  gtk_box_append (GTK_BOX (self->grid_bin), GTK_WIDGET (self->list));
  g_signal_connect_object (self->grid, "menu", G_CALLBACK (on_menu), self, 0);
  g_signal_connect_object (self->list, "menu", G_CALLBACK (on_menu), self, 0);
  kinds = _flash_layout_table_make_add_menu ("table.append");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->add_button), kinds);
  _flash_layout_table_add_drag (self);
  attach_models (self);
  show_state (self);
}

void
flash_layout_table_set_editor (FlashLayoutTable *self, FlashEditor *editor)
{
  g_return_if_fail (FLASH_IS_LAYOUT_TABLE (self));
  g_return_if_fail (editor == NULL || FLASH_IS_EDITOR (editor));

  if (self->editor == editor)
    return;
  leave_editor (self);
  flash_layout_grid_set_model (self->grid, NULL, NULL);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_slice_list_model_set_model (self->slice, NULL);
  gtk_slice_list_model_set_size (self->slice, FIRST_ROWS);
  if (editor != NULL) {
    self->editor = g_object_ref (editor);
    self->document = g_object_ref (flash_editor_get_document (editor));
    g_signal_connect_swapped (editor, "edited", G_CALLBACK (on_edited), self);
    g_signal_connect_swapped (editor, "checked", G_CALLBACK (on_checked), self);
    flash_cell_facts_update (self->facts, editor);
    gtk_slice_list_model_set_model (self->slice, G_LIST_MODEL (self->document));
    self->grow_id = g_idle_add_full (G_PRIORITY_LOW, on_grow, self, NULL);
  }
  attach_models (self);
  show_state (self);
}

/* --- chosen from outside ---------------------------------------------------------------------- */

static FlashLayoutEntry *
find_line (FlashLayoutTable *self, guint line)
{
  return line > 0 && self->document != NULL ? flash_layout_document_find_line (self->document, line)
                                            : (FlashLayoutEntry *) NULL;
}

void
flash_layout_table_select_line (FlashLayoutTable *self, guint line)
{
  FlashLayoutEntry *entry;
  guint position;

  g_return_if_fail (FLASH_IS_LAYOUT_TABLE (self));

  entry = find_line (self, line);
  if (entry == NULL) {
    gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
    return;
  }
  if (entry == _flash_layout_table_get_entry (self))
    return;
  position = flash_layout_document_find_entry (self->document, entry);
  if (position >= g_list_model_get_n_items (G_LIST_MODEL (self->slice)))
    grow_at_once (self);
  gtk_single_selection_set_selected (self->selection, position);
  if (self->is_narrow)
    flash_table_list_show_row (self->list, position);
  else
    flash_layout_grid_show_row (self->grid, position);
}

void
flash_layout_table_focus_cell (FlashLayoutTable *self, guint line, guint column)
{
  FlashLayoutEntry *entry;

  g_return_if_fail (FLASH_IS_LAYOUT_TABLE (self));

  entry = find_line (self, line);
  if (entry != NULL)
    _flash_layout_table_show_entry (self, entry, flash_cell_words_from_layout (column), FALSE);
}

FlashLayoutEntry *
flash_layout_table_get_selected (FlashLayoutTable *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_TABLE (self), NULL);

  return _flash_layout_table_get_entry (self);
}

gboolean
flash_layout_table_get_row_place (FlashLayoutTable *self, guint line, double *out_y,
                                  double *out_height)
{
  FlashLayoutEntry *entry;
  GtkWidget *row = NULL;
  double x, y;

  g_return_val_if_fail (FLASH_IS_LAYOUT_TABLE (self), FALSE);

  entry = find_line (self, line);
  if (entry != NULL)
    row = self->is_narrow
              ? flash_table_list_get_row (self->list, entry)
              : (GtkWidget *) flash_layout_grid_get_cell (self->grid, entry, FLASH_CELL_NAME);
  if (row == NULL || !gtk_widget_get_mapped (row) ||
      !gtk_widget_translate_coordinates (row, GTK_WIDGET (self), 0, 0, &x, &y))
    return FALSE;
  *out_y = y;
  *out_height = gtk_widget_get_height (row);
  return TRUE;
}

void
flash_layout_table_finish (FlashLayoutTable *self)
{
  g_return_if_fail (FLASH_IS_LAYOUT_TABLE (self));

  flash_layout_grid_finish (self->grid);
}

gboolean
flash_layout_table_is_narrow (FlashLayoutTable *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_TABLE (self), FALSE);

  return self->is_narrow;
}
