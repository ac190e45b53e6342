/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A diagnostic: one thing to say about a file, at a place in it.
 *
 * The message is kept as a template and its values, not as a finished sentence. That way the
 * rooms below stay free of translation, and the faces can translate the template:
 *
 *   flash_diag_list_add (list, FLASH_SEVERITY_ERROR, "image-too-large", 7, 7,
 *                        N_("The file is {0}, its slot holds {1}."), size, slot, NULL);
 *
 * Thread: any; a diagnostic does not change once it is in a list that others see. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Marks a text for translation; only the faces (app, cli) translate. The same words as in
 * <glib/gi18n.h>, so that both may be included. */
#ifndef N_
#define N_(String) (String)
#endif

typedef enum {
  FLASH_SEVERITY_INFO,
  FLASH_SEVERITY_WARNING,
  FLASH_SEVERITY_ERROR,
} FlashSeverity;

/* Returns: (transfer none): `info`, `warning` or `error`, as in the JSON contract. */
const char *flash_severity_get_name (FlashSeverity severity);

/**
 * FlashTranslate:
 * @template_text: English text with `{0}`, `{1}`, … for the values
 *
 * Returns: (transfer none): the same text in the user's language
 */
typedef const char *(*FlashTranslate) (const char *template_text);

typedef struct _FlashDiag FlashDiag;

FlashSeverity flash_diag_get_severity (const FlashDiag *self);
/* Returns: (transfer none): the stable code, lower case with hyphens. */
const char *flash_diag_get_code (const FlashDiag *self);
/* Returns: the line, counted from 1; 0 if the diagnostic is about the whole file. */
guint flash_diag_get_line (const FlashDiag *self);
/* Returns: the column (cell) of a table, counted from 1; 0 if it is about the whole line. */
guint flash_diag_get_column (const FlashDiag *self);
/* Returns: (transfer none) (nullable): what the board itself would answer, word for word. */
const char *flash_diag_get_device_text (const FlashDiag *self);

/* Returns: (transfer none) (nullable): what the cell at its place would have to say, where that is
 * all there is to it. */
const char *flash_diag_get_cell (const FlashDiag *self);

/**
 * flash_diag_dup_message:
 * @translate: (nullable): %NULL for English
 *
 * Returns: (transfer full): the message with its values, a whole sentence
 */
char *flash_diag_dup_message (const FlashDiag *self, FlashTranslate translate);

/**
 * flash_diag_dup_fix:
 * @translate: (nullable): %NULL for English
 *
 * Returns: (transfer full) (nullable): what to do about it, or %NULL if there is no sure remedy
 */
char *flash_diag_dup_fix (const FlashDiag *self, FlashTranslate translate);

/**
 * flash_diag_set_fix:
 * @template_text: static text with `{0}`, `{1}`, … for the values
 * @...: (nullable): values as strings, ended by %NULL
 */
void flash_diag_set_fix (FlashDiag *self, const char *template_text, ...) G_GNUC_NULL_TERMINATED;

/**
 * flash_diag_set_device_text:
 * @text: (transfer none): the board's own words for this fault
 */
void flash_diag_set_device_text (FlashDiag *self, const char *text);

/**
 * flash_diag_set_cell:
 * @text: (nullable): the cell as it should be written; what is no valid UTF-8 is not kept
 */
void flash_diag_set_cell (FlashDiag *self, const char *text);

/* The diagnostics of one file, in the order in which they were found. */
typedef struct _FlashDiagList FlashDiagList;

FlashDiagList *flash_diag_list_new (void);
FlashDiagList *flash_diag_list_ref (FlashDiagList *self);
void flash_diag_list_unref (FlashDiagList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashDiagList, flash_diag_list_unref)

/**
 * flash_diag_list_add:
 * @code: static, stable code
 * @line: from 1, or 0
 * @column: from 1, or 0
 * @template_text: static text with `{0}`, `{1}`, … for the values
 * @...: values as strings, ended by %NULL
 *
 * Past %FLASH_DIAG_LIST_MAX the list stays as it is, so that a hostile file cannot fill the
 * memory; the last diagnostic then says `too-many-problems`. It is what is returned from then on,
 * and takes no remedies.
 *
 * Returns: (transfer none): the new diagnostic, for flash_diag_set_fix () and the like; who wants
 *   it after others were added remembers its index
 */
FlashDiag *
flash_diag_list_add (FlashDiagList *self, FlashSeverity severity, const char *code, guint line,
                     guint column, const char *template_text, ...) G_GNUC_NULL_TERMINATED;

/**
 * flash_diag_list_add_at:
 * @diag: a diagnostic of another list, for example about a file that a line names
 *
 * Adds a copy of @diag that is about another place. The limit is the same.
 *
 * Returns: (transfer none): the copy
 */
FlashDiag *
flash_diag_list_add_at (FlashDiagList *self, const FlashDiag *diag, guint line, guint column);

#define FLASH_DIAG_LIST_MAX 1000

guint flash_diag_list_get_length (const FlashDiagList *self);
/* Returns: (transfer none): the diagnostic at @index, which must exist. */
const FlashDiag *flash_diag_list_get (const FlashDiagList *self, guint index);
/* flash_diag_set_device_text () for the diagnostic at @index, which must exist: for those who come
 * back to it after others were added. */
void flash_diag_list_set_device_text (FlashDiagList *self, guint index, const char *text);
/* Returns: (transfer none) (nullable): the first one with that code. */
const FlashDiag *flash_diag_list_find (const FlashDiagList *self, const char *code);
/* Returns: how many have that severity. */
guint flash_diag_list_count (const FlashDiagList *self, FlashSeverity severity);
/* Orders by line, then column, those about the whole file first; keeps the order otherwise. */
void flash_diag_list_sort (FlashDiagList *self);

G_END_DECLS
