/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in a cell while it is edited: its text, what is usually chosen there in a list below
 * it, and, where the text cannot be written, the reason. Nothing but text is changed here: who made
 * it carries the text over. Thread: main. */
#pragma once

#include "flash-cell-words.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FlashCellEnd:
 * @FLASH_CELL_END_STAY: take it, and stay on the cell
 * @FLASH_CELL_END_NEXT: take it, and go on to the next cell
 * @FLASH_CELL_END_PREVIOUS: take it, and go back to the one before
 * @FLASH_CELL_END_LEFT: the keyboard went elsewhere; take it if it can be taken
 * @FLASH_CELL_END_GIVE_UP: leave everything as it was
 *
 * How the user ended editing.
 */
typedef enum {
  FLASH_CELL_END_STAY,
  FLASH_CELL_END_NEXT,
  FLASH_CELL_END_PREVIOUS,
  FLASH_CELL_END_LEFT,
  FLASH_CELL_END_GIVE_UP,
} FlashCellEnd;

#define FLASH_TYPE_CELL_ENTRY (flash_cell_entry_get_type ())
G_DECLARE_FINAL_TYPE (FlashCellEntry, flash_cell_entry, FLASH, CELL_ENTRY, GtkWidget)

/**
 * flash_cell_entry_new:
 * @entry: the line
 * @typed: (nullable): what was typed already and takes the place of the contents
 */
GtkWidget *
flash_cell_entry_new (FlashCellColumn column, FlashLayoutEntry *entry, const char *typed);

/* Gives it the keyboard; to be called once it has a place. */
void flash_cell_entry_begin (FlashCellEntry *self);

/* Returns: (transfer none): what stands there. */
const char *flash_cell_entry_get_text (FlashCellEntry *self);
void flash_cell_entry_set_text (FlashCellEntry *self, const char *text);

/* Ends it as if the keyboard had gone elsewhere. */
void flash_cell_entry_finish (FlashCellEntry *self);

/* Says why the text cannot be taken; until it is changed. */
void flash_cell_entry_refuse (FlashCellEntry *self, const char *reason);
/* Returns: (transfer none) (nullable): what it says. */
const char *flash_cell_entry_get_reason (FlashCellEntry *self);

/* Signal `ended` (FlashCellEnd as an integer): at most once, unless it is refused. */

G_END_DECLS
