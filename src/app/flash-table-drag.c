/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that are dragged to another place, and files that are dropped on a row. */
#define G_LOG_DOMAIN "flash-table-drag"

#include "config.h"

#include "flash-layout-table-private.h"

#include <glib/gi18n.h>

static const char *const drop_classes[] = { "drop-above", "drop-below", "drop-into" };

/* The widget of the whole row that the cell is in. */
static GtkWidget *
get_row_widget (FlashTableCell *cell)
{
  return gtk_widget_get_parent (gtk_widget_get_parent (GTK_WIDGET (cell)));
}

static void
set_marked (FlashLayoutTable *self, GtkWidget *row, const char *css_class)
{
  GtkWidget *marked = g_object_get_data (G_OBJECT (self), "marked-row");

  if (marked != NULL)
    for (guint i = 0; i < G_N_ELEMENTS (drop_classes); i++)
      gtk_widget_remove_css_class (marked, drop_classes[i]);
  if (row != NULL)
    gtk_widget_add_css_class (row, css_class);
  g_object_set_data_full (G_OBJECT (self), "marked-row", row != NULL ? g_object_ref (row) : NULL,
                          g_object_unref);
}

/* --- dragging ----------------------------------------------------------------------------- */

static GdkContentProvider *
on_prepare (GtkDragSource *source, double x, double y, FlashLayoutTable *self)
{
  FlashTableCell *cell = flash_layout_grid_find_cell (self->grid, x, y);
  FlashLayoutEntry *entry = cell != NULL ? flash_table_cell_get_entry (cell) : NULL;
  g_autoptr (GdkPaintable) picture = NULL;

  /* In a text that is edited, dragging chooses letters. */
  if (entry == NULL || flash_table_cell_get_editing (cell) != NULL)
    return NULL;
  picture = gtk_widget_paintable_new (get_row_widget (cell));
  gtk_drag_source_set_icon (source, picture, 24, 12);
  return gdk_content_provider_new_typed (FLASH_TYPE_LAYOUT_ENTRY, entry);
}

/* --- dropping ----------------------------------------------------------------------------- */

/* Returns: (transfer full) (nullable): the one file that hovers, unless the window will want to
 * open it as a layout. */
static GFile *
dup_image (const GValue *value)
{
  g_autoptr (GSList) files = NULL;
  g_autofree char *name = NULL;

  if (value == NULL || !G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return NULL;
  files = gdk_file_list_get_files (g_value_get_boxed (value));
  if (files == NULL || files->next != NULL)
    return NULL;
  name = g_file_get_basename (files->data);
  if (name == NULL || g_str_has_suffix (name, ".tsv"))
    return NULL;
  return g_object_ref (files->data);
}

static FlashLayoutEntry *
get_dragged (FlashLayoutTable *self, const GValue *value)
{
  FlashLayoutEntry *entry;

  if (value == NULL || !G_VALUE_HOLDS (value, FLASH_TYPE_LAYOUT_ENTRY) || self->document == NULL)
    return NULL;
  entry = g_value_get_object (value);
  return flash_layout_document_find_entry (self->document, entry) != G_MAXUINT ? entry : NULL;
}

static gboolean
is_lower_half (FlashLayoutTable *self, FlashTableCell *cell, double x, double y)
{
  double cell_x, cell_y;

  return gtk_widget_translate_coordinates (GTK_WIDGET (self->grid), GTK_WIDGET (cell), x, y,
                                           &cell_x, &cell_y) &&
         cell_y > gtk_widget_get_height (GTK_WIDGET (cell)) / 2.0;
}

static void
on_leave (GtkDropTarget *target, FlashLayoutTable *self)
{
  set_marked (self, NULL, NULL);
  _flash_layout_table_set_hint (self, NULL);
}

static GdkDragAction
on_motion (GtkDropTarget *target, double x, double y, FlashLayoutTable *self)
{
  const GValue *value = gtk_drop_target_get_value (target);
  FlashTableCell *cell = flash_layout_grid_find_cell (self->grid, x, y);
  FlashLayoutEntry *entry = cell != NULL ? flash_table_cell_get_entry (cell) : NULL;
  g_autoptr (GFile) image = dup_image (value);
  g_autofree char *name = NULL;
  g_autofree char *hint = NULL;

  if (entry == NULL || (image == NULL && get_dragged (self, value) == NULL)) {
    on_leave (target, self);
    return 0;
  }
  if (image == NULL) {
    set_marked (self, get_row_widget (cell),
                is_lower_half (self, cell, x, y) ? "drop-below" : "drop-above");
    return GDK_ACTION_MOVE;
  }
  name = flash_cell_words_dup_row_name (entry);
  hint = g_strdup_printf (_ ("Make it the file of partition “%s”"), name);
  set_marked (self, get_row_widget (cell), "drop-into");
  _flash_layout_table_set_hint (self, hint);
  return GDK_ACTION_COPY;
}

static gboolean
drop_row (FlashLayoutTable *self, FlashLayoutEntry *dragged, FlashLayoutEntry *target,
          gboolean is_below)
{
  guint from = flash_layout_document_find_entry (self->document, dragged);
  guint to = flash_layout_document_find_entry (self->document, target) + (is_below ? 1 : 0);

  /* The place that it has afterwards is counted without itself. */
  if (from < to)
    to--;
  if (!flash_layout_document_move (self->document, dragged, to))
    return FALSE;
  _flash_layout_table_show_entry (self, dragged, flash_layout_grid_get_column (self->grid), FALSE);
  return TRUE;
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, FlashLayoutTable *self)
{
  FlashTableCell *cell = flash_layout_grid_find_cell (self->grid, x, y);
  FlashLayoutEntry *entry = cell != NULL ? flash_table_cell_get_entry (cell) : NULL;
  FlashLayoutEntry *dragged = get_dragged (self, value);
  g_autoptr (GFile) image = dup_image (value);

  on_leave (target, self);
  if (entry == NULL)
    return FALSE;
  if (dragged != NULL)
    return drop_row (self, dragged, entry, is_lower_half (self, cell, x, y));
  if (image == NULL)
    return FALSE;
  _flash_layout_table_use_file (self, entry, image);
  return TRUE;
}

void
_flash_layout_table_add_drag (FlashLayoutTable *self)
{
  GType types[] = { FLASH_TYPE_LAYOUT_ENTRY, GDK_TYPE_FILE_LIST };
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY | GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect (source, "prepare", G_CALLBACK (on_prepare), self);
  gtk_widget_add_controller (GTK_WIDGET (self->grid), GTK_EVENT_CONTROLLER (source));
  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  /* What hovers decides whether the row or the window takes it. */
  gtk_drop_target_set_preload (target, TRUE);
  g_signal_connect (target, "enter", G_CALLBACK (on_motion), self);
  g_signal_connect (target, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (target, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self->grid), GTK_EVENT_CONTROLLER (target));
}
