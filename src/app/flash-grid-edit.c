/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Editing a cell of the grid, from the first key to the change of the document. */
#define G_LOG_DOMAIN "flash-grid-edit"

#include "config.h"

#include "flash-layout-grid-private.h"

#include "flash-cell-entry.h"

void
_flash_layout_grid_end_edit (FlashLayoutGrid *self, gboolean takes_focus)
{
  FlashTableCell *cell = self->editing;

  if (cell == NULL)
    return;
  self->editing = NULL;
  /* A text that goes away with the keyboard would take it nowhere. */
  if (takes_focus)
    gtk_widget_grab_focus (GTK_WIDGET (cell));
  flash_table_cell_set_editing (cell, NULL);
}

void
flash_layout_grid_give_up (FlashLayoutGrid *self)
{
  g_return_if_fail (FLASH_IS_LAYOUT_GRID (self));

  _flash_layout_grid_end_edit (self, TRUE);
}

void
flash_layout_grid_finish (FlashLayoutGrid *self)
{
  g_return_if_fail (FLASH_IS_LAYOUT_GRID (self));

  if (self->editing != NULL)
    flash_cell_entry_finish (FLASH_CELL_ENTRY (flash_table_cell_get_editing (self->editing)));
}

/* The next cell that can be edited, across the ends of rows. */
static void
edit_neighbour (FlashLayoutGrid *self, FlashLayoutEntry *entry, FlashCellColumn column, int step)
{
  guint position = flash_layout_document_find_entry (self->document, entry);
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  int next = column;

  if (position >= n_rows)
    return;
  do {
    next += step;
    if (next < 0 || next >= FLASH_CELL_N_COLUMNS) {
      if ((step < 0 && position == 0) || (step > 0 && position + 1 >= n_rows))
        return;
      position = step > 0 ? position + 1 : position - 1;
      next = step > 0 ? 0 : FLASH_CELL_N_COLUMNS - 1;
    }
  } while (!flash_cell_words_is_editable (next));
  _flash_layout_grid_go (self, position, next, TRUE);
}

static void
on_ended (FlashCellEntry *cell_entry, int how, FlashLayoutGrid *self)
{
  FlashTableCell *cell = self->editing;
  g_autoptr (FlashLayoutEntry) entry = NULL;
  g_autofree char *text = g_strdup (flash_cell_entry_get_text (cell_entry));
  g_autofree char *reason = NULL;
  FlashCellColumn column;

  if (cell == NULL || flash_table_cell_get_editing (cell) != GTK_WIDGET (cell_entry))
    return;
  entry = g_object_ref (flash_table_cell_get_entry (cell));
  column = flash_table_cell_get_column (cell);
  if (how != FLASH_CELL_END_GIVE_UP)
    flash_cell_words_set (self->document, entry, column, text, &reason);
  if (reason != NULL && how != FLASH_CELL_END_LEFT) {
    flash_cell_entry_refuse (cell_entry, reason);
    return;
  }
  /* Whoever listened to the change may have ended it already. */
  if (self->editing == cell)
    _flash_layout_grid_end_edit (self, _flash_layout_grid_get_focus_cell (self) == cell);
  if (how == FLASH_CELL_END_NEXT || how == FLASH_CELL_END_PREVIOUS)
    edit_neighbour (self, entry, column, how == FLASH_CELL_END_NEXT ? 1 : -1);
}

void
_flash_layout_grid_begin_edit (FlashLayoutGrid *self, FlashTableCell *cell, const char *typed)
{
  FlashCellColumn column = flash_table_cell_get_column (cell);
  FlashLayoutEntry *entry = flash_table_cell_get_entry (cell);
  GtkWidget *cell_entry;

  if (entry == NULL || self->document == NULL || !flash_cell_words_is_editable (column) ||
      self->editing == cell)
    return;
  flash_layout_grid_finish (self);
  _flash_layout_grid_end_edit (self, FALSE);
  cell_entry = flash_cell_entry_new (column, entry, typed);
  self->editing = cell;
  flash_table_cell_set_editing (cell, cell_entry);
  g_signal_connect_object (cell_entry, "ended", G_CALLBACK (on_ended), self, 0);
  flash_cell_entry_begin (FLASH_CELL_ENTRY (cell_entry));
}
