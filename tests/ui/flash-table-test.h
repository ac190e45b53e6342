/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of partitions in a window of its own, over a real editor and real files.
 * Thread: main. */
#pragma once

#include "flash-cell-words.h"
#include "flash-layout-table.h"
#include "flash-test-images.h"
#include "flash-ui-test.h"

G_BEGIN_DECLS

/* Starts GTK and the looks of the program. Call once, first of all. */
void flash_table_test_init (int *argc, char ***argv);

/**
 * FlashTableFixture:
 * @window: a window
 * @page: scrolls, as the page of the program does
 * @table: the table in it
 * @editor: (nullable): what it shows
 * @layout_dir: (type filename): folder of the layout and its files
 * @outside_dir: (type filename): another folder
 * @selected_line: what the signal told last
 */
typedef struct {
  GtkWidget *window;
  GtkScrolledWindow *page;
  FlashLayoutTable *table;
  FlashEditor *editor;
  char *layout_dir;
  char *outside_dir;
  guint selected_line;
} FlashTableFixture;

/* Opens a wide window with a layout of ten lines. */
void flash_table_fixture_set_up (FlashTableFixture *self, gconstpointer unused);
/* The same with a window of 360 pixels. */
void flash_table_fixture_set_up_narrow (FlashTableFixture *self, gconstpointer unused);
/* Closes the window, which must be gone after it with everything in it. */
void flash_table_fixture_tear_down (FlashTableFixture *self, gconstpointer unused);

/* Shows another layout, once it is checked. */
void flash_table_open (FlashTableFixture *self, const char *text, gssize length);

/* Returns: (transfer none): the line at that place among the partitions. */
FlashLayoutEntry *flash_table_get_entry (FlashTableFixture *self, guint position);
/* Returns: (transfer none): the same by its name; must exist. */
FlashLayoutEntry *flash_table_find_entry (FlashTableFixture *self, const char *name);

/* Returns: (transfer none): the widget of a cell of the table, which must exist. */
GtkWidget *flash_table_get_cell (FlashTableFixture *self, const char *name, FlashCellColumn column);

/* Gives the keyboard to a cell and waits until it has it. */
void flash_table_focus (FlashTableFixture *self, const char *name, FlashCellColumn column);
/* Returns: whether that cell has the keyboard, without being edited. */
gboolean flash_table_is_focused (FlashTableFixture *self, const char *name, FlashCellColumn column);
/* Returns: (transfer none) (nullable): the text that is being edited, if it has the keyboard. */
GtkEditable *flash_table_get_text (FlashTableFixture *self);

/* Returns: (transfer none): a cell of a line, as it stands in the document. */
const char *flash_table_read (FlashTableFixture *self, const char *name, FlashLayoutColumn column);

/* Undoes everything, and fails the test unless the text is as it was opened. */
void flash_table_assert_undone (FlashTableFixture *self, guint n_steps, const char *text);

/* The layout that a fixture opens. */
extern const char flash_table_layout[];

G_END_DECLS
