/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cell of the table draws besides text. Thread: main. */
#pragma once

#include "flash-cell-facts.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* In pixels, width and height. */
#define FLASH_CELL_ICON_SIZE 16

/* @name: (nullable): a colour of the theme; %NULL for that of the text, which also stands for one
 * that the theme has not. */
GdkRGBA flash_cell_draw_get_color (GtkWidget *widget, const char *name);

/* @facts: (nullable): draws nothing without something to say */
void flash_cell_draw_mark (GtkWidget *widget, GtkSnapshot *snapshot, const FlashRowFacts *facts,
                           int x, int y);

/* Looks like the toolkit's own check button. */
void flash_cell_draw_check (GtkWidget *widget, GtkSnapshot *snapshot, gboolean is_on, int x, int y);

/* How much of its slot the file fills, as a line at the bottom of a cell of that size.
 * @facts: (nullable): draws nothing if a size is not known */
void flash_cell_draw_fill (GtkWidget *widget, GtkSnapshot *snapshot, const FlashRowFacts *facts,
                           int width, int height);

G_END_DECLS
