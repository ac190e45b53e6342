/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of a hex view: address, digits, text; for assistive technology an item of a list.
 * Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_HEX_VIEW_ROW (flash_hex_view_row_get_type ())
G_DECLARE_FINAL_TYPE (FlashHexViewRow, flash_hex_view_row, FLASH, HEX_VIEW_ROW, GtkWidget)

/* The widest row. */
#define FLASH_HEX_VIEW_MAX_COLUMNS 16

/* Room beside the text, in pixels. */
#define FLASH_HEX_VIEW_PADDING 3

/**
 * FlashHexViewRowData:
 * @address: of the first byte
 * @bytes: (array length=n_bytes): what stands in the row; read now, not kept
 * @n_bytes: at most @columns
 * @columns: how many have room
 * @marked: a bit for each byte
 * @selected: a bit for each byte
 * @cursor: which of them has the cursor, -1 if none does
 */
typedef struct {
  guint32 address;
  const guint8 *bytes;
  guint n_bytes;
  guint columns;
  guint16 marked;
  guint16 selected;
  int cursor;
} FlashHexViewRowData;

GtkWidget *flash_hex_view_row_new (void);

/* Shows other bytes. */
void flash_hex_view_row_set (FlashHexViewRow *self, const FlashHexViewRowData *data);

/* Returns: how many letters a row of that many bytes has. */
guint flash_hex_view_row_count_letters (guint columns);

/* Returns: the place, in letters, of the digits of the byte @column. */
guint flash_hex_view_row_find_digits (guint column);

/* Returns: the place, in letters, of the byte @column as text. */
guint flash_hex_view_row_find_text (guint columns, guint column);

/**
 * flash_hex_view_row_find_column:
 * @letter: a place in letters
 *
 * Returns: the nearest byte, by its digits or as text
 */
guint flash_hex_view_row_find_column (guint columns, double letter);

G_END_DECLS
