/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-grid"

#include "config.h"

#include "flash-layout-grid-private.h"

#include <glib/gi18n.h>

/* About this many rows are seen before the table scrolls: the page has more to show. */
#define MAX_HEIGHT 570
/* A widget for a row is there one frame after the row at the latest; then there is none. */
#define MAX_TRIES 10

G_DEFINE_FINAL_TYPE (FlashLayoutGrid, flash_layout_grid, ADW_TYPE_BIN)

enum { SIGNAL_MENU, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- cells -------------------------------------------------------------------------------- */

static GtkWidget *
make_button (const char *icon_name, const char *action, const char *words)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_tooltip_text (button, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                  -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "flash-cell-button");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  /* The keyboard has the menu for this. */
  gtk_widget_set_focusable (button, FALSE);
  gtk_widget_set_focus_on_click (button, FALSE);
  return button;
}

static FlashLayoutEntry *
get_selected (FlashLayoutGrid *self)
{
  return self->model != NULL ? gtk_single_selection_get_selected_item (self->model) : NULL;
}

/* The chosen row has the buttons for its file; in all of them they would be noise. */
static void
sync_suffix (FlashLayoutGrid *self, FlashTableCell *cell)
{
  FlashLayoutEntry *entry = flash_table_cell_get_entry (cell);
  GtkWidget *box;

  if (flash_table_cell_get_column (cell) != FLASH_CELL_FILE)
    return;
  if (entry == NULL || entry != get_selected (self)) {
    flash_table_cell_set_suffix (cell, NULL);
    return;
  }
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  if (flash_cell_words_has_file (entry))
    gtk_box_append (GTK_BOX (box), make_button ("edit-clear-symbolic", "table.clear-file",
                                                _ ("Take the file away")));
  gtk_box_append (GTK_BOX (box),
                  make_button ("document-open-symbolic", "table.choose-file", _ ("Choose a file")));
  flash_table_cell_set_suffix (cell, box);
}

/* The toolkit takes it out of its row before it says so. */
static void
on_cell_destroyed (GtkWidget *cell, FlashLayoutGrid *self)
{
  if ((GtkWidget *) self->editing == cell)
    self->editing = NULL;
  g_ptr_array_remove_fast (self->cells, cell);
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *list_item, FlashLayoutGrid *self)
{
  FlashCellColumn column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "column"));
  GtkWidget *cell = flash_table_cell_new (column, &self->metrics, self->facts);

  gtk_list_item_set_child (list_item, cell);
  g_ptr_array_add (self->cells, cell);
  g_signal_connect_object (cell, "destroy", G_CALLBACK (on_cell_destroyed), self, 0);
}

/* The toolkit also unbinds and binds a row again that is merely chosen: nothing may be lost then. A
 * row that is bound to nothing is destroyed soon. */
static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item, FlashLayoutGrid *self)
{
  FlashTableCell *cell = FLASH_TABLE_CELL (gtk_list_item_get_child (list_item));
  FlashLayoutEntry *entry = gtk_list_item_get_item (list_item);

  if (flash_table_cell_get_entry (cell) == entry)
    return;
  if (self->editing == cell)
    _flash_layout_grid_end_edit (self, FALSE);
  flash_table_cell_set_entry (cell, entry);
  sync_suffix (self, cell);
}

/* The toolkit aligns titles at their start, and has no setting for it. */
static void
align_title (FlashLayoutGrid *self, FlashCellColumn column)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  GtkWidget *title = gtk_widget_get_last_child (header);
  GtkWidget *box = title != NULL ? gtk_widget_get_first_child (title) : NULL;

  if (box == NULL || !flash_table_cell_is_at_end (column))
    return;
  gtk_widget_set_halign (box, GTK_ALIGN_END);
  gtk_widget_set_margin_end (box, column == FLASH_CELL_SLOT ? FLASH_TABLE_CELL_END_GAP : 0);
}

static void
add_columns (FlashLayoutGrid *self)
{
  for (guint i = 0; i < FLASH_CELL_N_COLUMNS; i++) {
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
    const char *title = i != FLASH_CELL_MARK ? flash_cell_words_title (i) : "";
    g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);

    g_object_set_data (G_OBJECT (factory), "column", GUINT_TO_POINTER (i));
    g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, 0);
    g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, 0);
    gtk_column_view_column_set_expand (column, i == FLASH_CELL_NAME || i == FLASH_CELL_FILE);
    gtk_column_view_append_column (self->view, column);
    align_title (self, i);
  }
}

/* --- looking ------------------------------------------------------------------------------ */

FlashTableCell *
flash_layout_grid_get_cell (FlashLayoutGrid *self, FlashLayoutEntry *entry, FlashCellColumn column)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_GRID (self), NULL);

  for (guint i = 0; i < self->cells->len; i++) {
    FlashTableCell *cell = g_ptr_array_index (self->cells, i);

    if (flash_table_cell_get_column (cell) == column && flash_table_cell_get_entry (cell) == entry)
      return cell;
  }
  return NULL;
}

FlashTableCell *
flash_layout_grid_find_cell (FlashLayoutGrid *self, double x, double y)
{
  GtkWidget *widget;

  g_return_val_if_fail (FLASH_IS_LAYOUT_GRID (self), NULL);

  widget = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  for (; widget != NULL && widget != GTK_WIDGET (self); widget = gtk_widget_get_parent (widget)) {
    GtkWidget *child = gtk_widget_get_first_child (widget);

    if (FLASH_IS_TABLE_CELL (widget))
      return FLASH_TABLE_CELL (widget);
    /* The border around a cell belongs to it. */
    if (FLASH_IS_TABLE_CELL (child))
      return FLASH_TABLE_CELL (child);
  }
  return NULL;
}

FlashTableCell *
_flash_layout_grid_get_focus_cell (FlashLayoutGrid *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *cell = focus != NULL ? gtk_widget_get_ancestor (focus, FLASH_TYPE_TABLE_CELL) : NULL;

  if (cell == NULL || !gtk_widget_is_ancestor (cell, GTK_WIDGET (self)))
    return NULL;
  return FLASH_TABLE_CELL (cell);
}

gboolean
flash_layout_grid_has_focus (FlashLayoutGrid *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_GRID (self), FALSE);

  return _flash_layout_grid_get_focus_cell (self) != NULL;
}

FlashCellColumn
flash_layout_grid_get_column (FlashLayoutGrid *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_GRID (self), FLASH_CELL_NAME);

  return self->column;
}

int
flash_layout_grid_get_needed_width (FlashLayoutGrid *self)
{
  g_return_val_if_fail (FLASH_IS_LAYOUT_GRID (self), 0);

  return flash_table_cell_get_table_width (&self->metrics);
}

/* --- going to a cell ---------------------------------------------------------------------- */

static void
forget_wanted (FlashLayoutGrid *self)
{
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
  g_clear_object (&self->wanted);
}

/* Returns: whether the wanted cell has got what it was wanted for. */
static gboolean
reach_wanted (FlashLayoutGrid *self)
{
  FlashTableCell *cell = flash_layout_grid_get_cell (self, self->wanted, self->wanted_column);

  if (cell == NULL || !gtk_widget_get_mapped (GTK_WIDGET (cell)))
    return FALSE;
  gtk_widget_grab_focus (GTK_WIDGET (cell));
  if (self->wants_edit)
    _flash_layout_grid_begin_edit (self, cell, NULL);
  return TRUE;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer unused)
{
  FlashLayoutGrid *self = FLASH_LAYOUT_GRID (widget);

  if (!reach_wanted (self) && ++self->wanted_tries < MAX_TRIES)
    return G_SOURCE_CONTINUE;
  self->tick_id = 0;
  g_clear_object (&self->wanted);
  return G_SOURCE_REMOVE;
}

void
flash_layout_grid_show_row (FlashLayoutGrid *self, guint position)
{
  g_return_if_fail (FLASH_IS_LAYOUT_GRID (self));

  /* The view's last child is the list, whose action this is. */
  gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (self->view)),
                              "list.scroll-to-item", "u", position);
}

void
flash_layout_grid_focus_cell (FlashLayoutGrid *self, FlashLayoutEntry *entry,
                              FlashCellColumn column, gboolean begins_edit)
{
  guint position;

  g_return_if_fail (FLASH_IS_LAYOUT_GRID (self));

  if (self->document == NULL || self->model == NULL)
    return;
  position = flash_layout_document_find_entry (self->document, entry);
  if (position >= g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    return;
  forget_wanted (self);
  gtk_single_selection_set_selected (self->model, position);
  flash_layout_grid_show_row (self, position);
  self->wanted = g_object_ref (entry);
  self->wanted_column = column;
  self->wants_edit = begins_edit;
  self->wanted_tries = 0;
  if (reach_wanted (self))
    g_clear_object (&self->wanted);
  else
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

void
_flash_layout_grid_go (FlashLayoutGrid *self, gint64 position, FlashCellColumn column,
                       gboolean begins_edit)
{
  gint64 n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  g_autoptr (FlashLayoutEntry) entry = NULL;

  if (n_rows == 0)
    return;
  entry =
      g_list_model_get_item (G_LIST_MODEL (self->model), (guint) CLAMP (position, 0, n_rows - 1));
  flash_layout_grid_focus_cell (self, entry, column, begins_edit);
}

/* The row of the cell that has the keyboard is the chosen one. */
static void
on_focus_moved (FlashLayoutGrid *self)
{
  FlashTableCell *cell = _flash_layout_grid_get_focus_cell (self);
  FlashLayoutEntry *entry = cell != NULL ? flash_table_cell_get_entry (cell) : NULL;
  guint position;

  if (entry == NULL || self->document == NULL || self->model == NULL)
    return;
  self->column = flash_table_cell_get_column (cell);
  position = flash_layout_document_find_entry (self->document, entry);
  if (entry != get_selected (self) &&
      position < g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    gtk_single_selection_set_selected (self->model, position);
}

static void
flash_layout_grid_root (GtkWidget *widget)
{
  FlashLayoutGrid *self = FLASH_LAYOUT_GRID (widget);

  GTK_WIDGET_CLASS (flash_layout_grid_parent_class)->root (widget);
  self->watched_root = gtk_widget_get_root (widget);
  if (GTK_IS_WINDOW (self->watched_root))
    self->watch_id = g_signal_connect_swapped (self->watched_root, "notify::focus-widget",
                                               G_CALLBACK (on_focus_moved), self);
}

static void
flash_layout_grid_unroot (GtkWidget *widget)
{
  FlashLayoutGrid *self = FLASH_LAYOUT_GRID (widget);

  forget_wanted (self);
  g_clear_signal_handler (&self->watch_id, self->watched_root);
  self->watched_root = NULL;
  GTK_WIDGET_CLASS (flash_layout_grid_parent_class)->unroot (widget);
}

/* Going in with Tab leads to the cell where one was last; going on with it leads out again. */
static gboolean
flash_layout_grid_focus (GtkWidget *widget, GtkDirectionType direction)
{
  FlashLayoutGrid *self = FLASH_LAYOUT_GRID (widget);
  guint position;

  if (self->model == NULL || g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0 ||
      flash_layout_grid_has_focus (self))
    return FALSE;
  position = gtk_single_selection_get_selected (self->model);
  _flash_layout_grid_go (self, position != GTK_INVALID_LIST_POSITION ? position : 0, self->column,
                         FALSE);
  return flash_layout_grid_has_focus (self);
}

/* --- life --------------------------------------------------------------------------------- */

static void
on_selected (FlashLayoutGrid *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    sync_suffix (self, g_ptr_array_index (self->cells, i));
}

void
flash_layout_grid_set_model (FlashLayoutGrid *self, GtkSingleSelection *model,
                             FlashLayoutDocument *document)
{
  g_return_if_fail (FLASH_IS_LAYOUT_GRID (self));

  forget_wanted (self);
  _flash_layout_grid_end_edit (self, FALSE);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, model);
  g_set_object (&self->document, document);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (model));
  if (model != NULL)
    g_signal_connect_swapped (model, "notify::selected-item", G_CALLBACK (on_selected), self);
}

void
flash_layout_grid_refresh (FlashLayoutGrid *self)
{
  g_return_if_fail (FLASH_IS_LAYOUT_GRID (self));

  for (guint i = 0; i < self->cells->len; i++) {
    FlashTableCell *cell = g_ptr_array_index (self->cells, i);

    flash_table_cell_refresh (cell);
    sync_suffix (self, cell);
  }
}

static void
flash_layout_grid_dispose (GObject *object)
{
  FlashLayoutGrid *self = FLASH_LAYOUT_GRID (object);

  if (self->view != NULL)
    flash_layout_grid_set_model (self, NULL, NULL);
  self->view = NULL;
  adw_bin_set_child (ADW_BIN (self), NULL);

  G_OBJECT_CLASS (flash_layout_grid_parent_class)->dispose (object);
}

static void
flash_layout_grid_finalize (GObject *object)
{
  g_ptr_array_unref (FLASH_LAYOUT_GRID (object)->cells);

  G_OBJECT_CLASS (flash_layout_grid_parent_class)->finalize (object);
}

static void
flash_layout_grid_class_init (FlashLayoutGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_layout_grid_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_layout_grid_finalize;
  widget_class->root = flash_layout_grid_root;
  widget_class->unroot = flash_layout_grid_unroot;
  widget_class->focus = flash_layout_grid_focus;

  signals[SIGNAL_MENU] = g_signal_new ("menu", FLASH_TYPE_LAYOUT_GRID, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
flash_layout_grid_init (FlashLayoutGrid *self)
{
  self->cells = g_ptr_array_new ();
  self->column = FLASH_CELL_NAME;
  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (NULL));
  gtk_column_view_set_show_row_separators (self->view, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Partitions of the layout"), -1);
  add_columns (self);
  self->scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_propagate_natural_height (self->scroller, TRUE);
  gtk_scrolled_window_set_max_content_height (self->scroller, MAX_HEIGHT);
  gtk_scrolled_window_set_child (self->scroller, GTK_WIDGET (self->view));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->scroller));
  _flash_layout_grid_add_input (self);
}

GtkWidget *
flash_layout_grid_new (FlashCellFacts *facts)
{
  FlashLayoutGrid *self = g_object_new (FLASH_TYPE_LAYOUT_GRID, NULL);

  self->facts = facts;
  return GTK_WIDGET (self);
}
