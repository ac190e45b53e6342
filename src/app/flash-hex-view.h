/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes with their addresses, in hexadecimal digits and as text, of any amount: only the rows that
 * are seen exist. It has a cursor and a selection, and can mark bytes; what has no room for sixteen
 * bytes in a row has eight or four. Digits run from left to right in every language.
 *
 * Signal `moved`: the cursor or the selection is another one. Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_HEX_VIEW (flash_hex_view_get_type ())
G_DECLARE_FINAL_TYPE (FlashHexView, flash_hex_view, FLASH, HEX_VIEW, GtkWidget)

/**
 * flash_hex_view_set_bytes:
 * @bytes: (nullable): what to show; %NULL shows nothing
 * @address: of the first of them
 *
 * The cursor goes to the beginning, and no byte is marked.
 */
void flash_hex_view_set_bytes (FlashHexView *self, GBytes *bytes, guint32 address);

/**
 * flash_hex_view_set_marks:
 * @marks: (nullable): a bit for each byte, the lowest bit of a byte first; %NULL marks none
 */
void flash_hex_view_set_marks (FlashHexView *self, GBytes *marks);

/* Returns: how many bytes stand in a row: 16, 8 or 4. */
guint flash_hex_view_get_columns (FlashHexView *self);

/* Returns: the offset of the byte with the cursor; 0 if there is none. */
gsize flash_hex_view_get_cursor (FlashHexView *self);

/**
 * flash_hex_view_select:
 * @offset: of the first byte
 * @length: how many, at least 1
 *
 * Selects them, as far as they exist, puts the cursor onto the first one, and shows it.
 */
void flash_hex_view_select (FlashHexView *self, gsize offset, gsize length);

/**
 * flash_hex_view_get_selection:
 * @out_offset: (out): of the first selected byte
 * @out_length: (out): how many; 0 if there are no bytes at all, at least 1 otherwise
 */
void flash_hex_view_get_selection (FlashHexView *self, gsize *out_offset, gsize *out_length);

/* Returns: (transfer full): the selected bytes as hexadecimal digits, with blanks between them. */
char *flash_hex_view_dup_hex (FlashHexView *self);

/**
 * flash_hex_view_get_rect:
 * @offset: of a byte
 * @out_rect: (out caller-allocates): where its digits are; untouched on failure
 *
 * Returns: whether it is in sight
 */
gboolean flash_hex_view_get_rect (FlashHexView *self, gsize offset, graphene_rect_t *out_rect);

G_END_DECLS
