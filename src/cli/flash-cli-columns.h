/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns on a terminal, counted as it shows them: a Chinese or Japanese character takes two, a
 * mark upon a letter none. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: how many columns @text takes. */
guint flash_cli_get_width (const char *text);

/**
 * flash_cli_get_widest:
 * @texts: (array zero-terminated=1): as they are shown
 *
 * Returns: how many columns the widest of them takes, 0 if there is none
 */
guint flash_cli_get_widest (const char *const *texts);

/**
 * flash_cli_pad:
 * @width: columns; negative for blanks in front instead of behind
 *
 * Returns: (transfer full): @text with blanks, if it is narrower than @width
 */
char *flash_cli_pad (const char *text, int width);

/**
 * flash_cli_cut:
 * @width: columns
 *
 * Returns: (transfer full): as much from the beginning of @text as fits
 */
char *flash_cli_cut (const char *text, guint width);

/* --- Tables --------------------------------------------------------------------------------- */

typedef struct _FlashCliTable FlashCliTable;

/**
 * flash_cli_table_new:
 * @widths: (array zero-terminated=1): for each column how wide it is at least; negative for one
 *   whose cells stand at the right
 *
 * Returns: (transfer full): a table without rows
 */
FlashCliTable *flash_cli_table_new (const int *widths);

void flash_cli_table_free (FlashCliTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashCliTable, flash_cli_table_free)

/* Adds a row: a text for each column, and %NULL. */
void flash_cli_table_add (FlashCliTable *self, const char *first, ...) G_GNUC_NULL_TERMINATED;

/* Returns: (transfer full): the rows, indented, each line ended; every column is as wide as its
 * widest cell. */
char *flash_cli_table_dup_text (const FlashCliTable *self);

/* Prints them. */
void flash_cli_table_print (const FlashCliTable *self);

G_END_DECLS
