/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the files of FlashLayoutTable alone. Thread: main. */
#pragma once

#include "flash-layout-grid.h"
#include "flash-layout-table.h"
#include "flash-table-list.h"

G_BEGIN_DECLS

struct _FlashLayoutTable {
  AdwBin parent_instance;

  FlashEditor *editor; /* (owned) (nullable) */
  FlashLayoutDocument *document; /* (owned) (nullable) */
  FlashCellFacts *facts; /* (owned) */
  GtkSliceListModel *slice; /* (owned): grows until it holds all entries */
  GtkSingleSelection *selection; /* (owned) */
  guint grow_id;
  guint switch_id;
  gboolean is_narrow;
  guint selected_line; /* as told last */
  GtkWidget *menu; /* (nullable): a child */
  GtkWidget *form; /* (nullable): holds no reference */
  GtkNativeDialog *chooser; /* (owned) (nullable) */
  FlashLayoutEntry *chooser_entry; /* (owned) (nullable): whose file is chosen */
  GCancellable *copying; /* (owned) (nullable) */

  GtkWidget *add_button;
  GtkWidget *grid_bin;
  GtkLabel *hint_label;
  FlashLayoutGrid *grid;
  FlashTableList *list;
};

/* Returns: (transfer none) (nullable): the row that verbs are about. */
FlashLayoutEntry *_flash_layout_table_get_entry (FlashLayoutTable *self);

/* Makes sure that there is a row for @entry, chooses it and gives it the keyboard. */
void _flash_layout_table_show_entry (FlashLayoutTable *self, FlashLayoutEntry *entry,
                                     FlashCellColumn column, gboolean begins_edit);

/* Shows a sentence at the bottom of the table; @text of %NULL takes it away. */
void _flash_layout_table_set_hint (FlashLayoutTable *self, const char *text);

/* --- flash-table-verbs.c --------------------------------------------------------------------- */

void _flash_layout_table_install_verbs (GtkWidgetClass *widget_class);
/* Which verbs make sense for what is chosen. */
void _flash_layout_table_update_verbs (FlashLayoutTable *self);
/* Returns: (transfer full): the lines that can be added, as `ACTION::KIND`. */
GMenuModel *_flash_layout_table_make_add_menu (const char *action);

/* --- flash-table-menu.c ---------------------------------------------------------------------- */

/* Opens the menu of the chosen row at that place of @widget. */
void _flash_layout_table_popup_menu (FlashLayoutTable *self, GtkWidget *widget, double x, double y);

/* --- flash-table-files.c --------------------------------------------------------------------- */

/* Lets the user choose a file for @entry. */
void _flash_layout_table_choose_file (FlashLayoutTable *self, FlashLayoutEntry *entry);
/* Makes @file that of @entry, or says why it cannot be. */
void _flash_layout_table_use_file (FlashLayoutTable *self, FlashLayoutEntry *entry, GFile *file);
/* Lets go of everything that still goes on. */
void _flash_layout_table_stop_files (FlashLayoutTable *self);

/* --- flash-table-drag.c ---------------------------------------------------------------------- */

/* Lets rows be dragged to another place, and files be dropped on them. */
void _flash_layout_table_add_drag (FlashLayoutTable *self);

G_END_DECLS
