/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the files of FlashLayoutGrid alone. Thread: main. */
#pragma once

#include "flash-layout-grid.h"

G_BEGIN_DECLS

struct _FlashLayoutGrid {
  AdwBin parent_instance;

  FlashCellFacts *facts;
  FlashCellMetrics metrics;
  FlashLayoutDocument *document; /* (owned) (nullable) */
  GtkSingleSelection *model; /* (owned) (nullable) */
  GtkColumnView *view;
  GtkScrolledWindow *scroller;
  GPtrArray *cells; /* (owned) (element-type FlashTableCell): all there are widgets for */
  FlashCellColumn column; /* that has, or had last, the keyboard */
  FlashTableCell *editing; /* (nullable): the cell that is edited */
  FlashLayoutEntry *wanted; /* (owned) (nullable): gets the keyboard once it has a widget */
  FlashCellColumn wanted_column;
  gboolean wants_edit;
  guint wanted_tries;
  guint tick_id;
  GtkRoot *watched_root; /* (nullable) */
  gulong watch_id;
};

/* --- flash-grid-input.c -------------------------------------------------------------------- */

/* Takes keys, pointer and wheel. */
void _flash_layout_grid_add_input (FlashLayoutGrid *self);
/* Tells that a menu is asked for, at the cell that has the keyboard. */
void _flash_layout_grid_ask_menu_at_focus (FlashLayoutGrid *self);

/* --- flash-grid-edit.c --------------------------------------------------------------------- */

/* @typed: (nullable): takes the place of what the cell holds */
void _flash_layout_grid_begin_edit (FlashLayoutGrid *self, FlashTableCell *cell, const char *typed);
/* Takes the text away; @takes_focus gives the keyboard back to the cell. */
void _flash_layout_grid_end_edit (FlashLayoutGrid *self, gboolean takes_focus);

/* Returns: (transfer none) (nullable): the cell that has the keyboard, edited or not. */
FlashTableCell *_flash_layout_grid_get_focus_cell (FlashLayoutGrid *self);
/* Goes to the row at that place, or the nearest one. */
void _flash_layout_grid_go (FlashLayoutGrid *self, gint64 position, FlashCellColumn column,
                            gboolean begins_edit);

G_END_DECLS
