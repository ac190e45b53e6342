/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The edits of single lines. */
#define G_LOG_DOMAIN "flash-layout-document-edit"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-layout-columns.h"
#include "flash-layout-document-private.h"

/* No cell of a layout needs more; a path has at most so many bytes (Linux, PATH_MAX). */
#define MAX_CELL 4096

gboolean
flash_layout_cell_is_writable (FlashLayoutColumn column, const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return *text != '\0' && strlen (text) <= MAX_CELL && strpbrk (text, "\t\r\n") == NULL &&
         g_utf8_validate (text, -1, NULL) &&
         !(column == FLASH_LAYOUT_COLUMN_OPTION && *text == '#');
}

static const char *
get_name (FlashLayoutEntry *entry)
{
  return flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_NAME);
}

/* Puts another text in place of that of a line; to the user it stays the same line. */
static gboolean
rewrite (FlashLayoutDocument *self, guint at, const char *text, FlashLayoutEdit edit,
         const char *subject)
{
  FlashLayoutTextLine *line =
      flash_layout_text_get_line (flash_layout_document_get_text (self), at);

  return flash_layout_document_put_line (
      self, at, flash_layout_text_line_new (text, strlen (text), line->end, line->entry), edit,
      subject);
}

gboolean
flash_layout_document_set_cell (FlashLayoutDocument *self, FlashLayoutEntry *entry,
                                FlashLayoutColumn column, const char *text)
{
  guint at;
  g_autofree char *changed = NULL;
  FlashLayoutText *whole;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);
  g_return_val_if_fail (FLASH_IS_LAYOUT_ENTRY (entry), FALSE);
  g_return_val_if_fail (column >= 1 && column <= FLASH_LAYOUT_COLUMNS, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (!flash_layout_document_locate (self, entry, &at) ||
      !flash_layout_cell_is_writable (column, text) ||
      g_str_equal (flash_layout_entry_get_cell (entry, column), text))
    return FALSE;
  whole = flash_layout_document_get_text (self);
  changed = flash_layout_columns_dup_set (flash_layout_text_get_line (whole, at),
                                          flash_layout_columns_are_aligned (whole), column, text);
  return rewrite (self, at, changed, FLASH_LAYOUT_EDIT_SET_CELL, get_name (entry));
}

/* Returns: (transfer full): the option with E or without. */
static char *
dup_option (const char *option, gboolean is_empty)
{
  GString *changed = g_string_new (NULL);

  for (const char *p = option; *p != '\0'; p++) {
    if (*p != 'E')
      g_string_append_c (changed, *p);
  }
  if (is_empty && changed->len > 0)
    g_string_insert_c (changed, 1, 'E');
  return g_string_free (changed, FALSE);
}

/* Whether the board gets to see the letters of the option, and they are P with or without others;
 * `-` and what is broken stay as they are. */
static gboolean
follows_binary (FlashLayoutEntry *entry)
{
  FlashLayoutValues values = { 0 };
  const char *option = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_OPTION);
  const char *ip = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_IP);

  return flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_OPTION, option, 0, NULL) &&
         values.is_selected &&
         flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_IP, ip, 0, NULL) &&
         values.ip != FLASH_LAYOUT_IP_NONE;
}

gboolean
flash_layout_document_set_binary (FlashLayoutDocument *self, FlashLayoutEntry *entry,
                                  const char *binary)
{
  const char *cell = binary != NULL ? binary : "none";
  const char *option;
  gboolean is_empty = g_str_equal (cell, "none");
  gboolean has_changed;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);
  g_return_val_if_fail (FLASH_IS_LAYOUT_ENTRY (entry), FALSE);

  if (!flash_layout_cell_is_writable (FLASH_LAYOUT_COLUMN_BINARY, cell))
    return FALSE;
  flash_layout_document_begin (self, FLASH_LAYOUT_EDIT_SET_BINARY, get_name (entry));
  has_changed = flash_layout_document_set_cell (self, entry, FLASH_LAYOUT_COLUMN_BINARY, cell);
  option = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_OPTION);
  if (follows_binary (entry) && (strchr (option, 'E') != NULL) != is_empty) {
    g_autofree char *changed = dup_option (option, is_empty);

    has_changed |=
        flash_layout_document_set_cell (self, entry, FLASH_LAYOUT_COLUMN_OPTION, changed);
  }
  flash_layout_document_end (self);
  return has_changed;
}

gboolean
flash_layout_document_set_enabled (FlashLayoutDocument *self, FlashLayoutEntry *entry,
                                   gboolean is_enabled)
{
  guint at;
  FlashLayoutTextLine *line;
  g_autofree char *changed = NULL;
  gsize n_tabs;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);
  g_return_val_if_fail (FLASH_IS_LAYOUT_ENTRY (entry), FALSE);

  if (!flash_layout_document_locate (self, entry, &at) ||
      flash_layout_entry_is_enabled (entry) == !!is_enabled)
    return FALSE;
  line = flash_layout_text_get_line (flash_layout_document_get_text (self), at);
  if (is_enabled) {
    n_tabs = strspn (line->text, "\t");
    changed = g_strndup (line->text, line->length);
    memmove (changed + n_tabs, changed + n_tabs + 1, line->length - n_tabs);
  } else {
    changed = g_strconcat ("#", line->text, NULL);
  }
  return rewrite (self, at, changed,
                  is_enabled ? FLASH_LAYOUT_EDIT_ENABLE : FLASH_LAYOUT_EDIT_DISABLE,
                  get_name (entry));
}

static FlashLayoutEntry *
get_entry (FlashLayoutDocument *self, guint position)
{
  g_autoptr (FlashLayoutEntry) entry = g_list_model_get_item (G_LIST_MODEL (self), position);

  /* The document has a reference of its own. */
  return entry;
}

/* Returns: the line, from 0, at which something comes to stand as entry @position. */
static guint
find_line_for (FlashLayoutDocument *self, guint position)
{
  guint n_entries = g_list_model_get_n_items (G_LIST_MODEL (self));

  if (position < n_entries)
    return flash_layout_entry_get_number (get_entry (self, position)) - 1;
  if (n_entries > 0)
    return flash_layout_entry_get_number (get_entry (self, n_entries - 1));
  return flash_layout_document_get_n_lines (self);
}

static gboolean
are_writable (const char *const *cells)
{
  guint n_cells = 0;

  for (; cells[n_cells] != NULL; n_cells++) {
    if (n_cells == FLASH_LAYOUT_COLUMNS ||
        !flash_layout_cell_is_writable (n_cells + 1, cells[n_cells]))
      return FALSE;
  }
  return n_cells > 0;
}

FlashLayoutEntry *
flash_layout_document_insert (FlashLayoutDocument *self, guint position, const char *const *cells)
{
  FlashLayoutText *text;
  FlashLayoutTextLine *model = NULL;
  g_autoptr (GPtrArray) lines = flash_layout_text_line_array_new ();
  g_autoptr (FlashLayoutEntry) entry = NULL;
  g_autofree char *row = NULL;
  const char *name;
  guint n_entries, at;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), NULL);
  g_return_val_if_fail (cells != NULL, NULL);
  n_entries = g_list_model_get_n_items (G_LIST_MODEL (self));
  g_return_val_if_fail (position <= n_entries, NULL);

  if (!are_writable (cells))
    return NULL;
  text = flash_layout_document_get_text (self);
  if (n_entries > 0) {
    at = find_line_for (self, MIN (position, n_entries - 1));
    model = flash_layout_text_get_line (text, at);
  }
  row = flash_layout_columns_dup_row (text, model, cells);
  name = g_strv_length ((GStrv) cells) >= FLASH_LAYOUT_COLUMN_NAME
             ? cells[FLASH_LAYOUT_COLUMN_NAME - 1]
             : NULL;
  /* Even if the line makes no sense, who adds it wants to see it. */
  entry = flash_layout_entry_new ();
  g_ptr_array_add (lines, flash_layout_text_line_new (row, strlen (row), "", entry));
  if (!flash_layout_document_splice (self, find_line_for (self, position), 0, lines,
                                     FLASH_LAYOUT_EDIT_ADD, name))
    return NULL;
  return entry;
}

gboolean
flash_layout_document_remove (FlashLayoutDocument *self, FlashLayoutEntry *entry)
{
  g_autoptr (GPtrArray) none = flash_layout_text_line_array_new ();
  guint at;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);
  g_return_val_if_fail (FLASH_IS_LAYOUT_ENTRY (entry), FALSE);

  if (!flash_layout_document_locate (self, entry, &at))
    return FALSE;
  return flash_layout_document_splice (self, at, 1, none, FLASH_LAYOUT_EDIT_REMOVE,
                                       get_name (entry));
}

/* Returns: (transfer full): the lines from @first to @last, both included, with the entry's line
 * at the other end; lines that are no entries stay in their places. */
static GPtrArray *
rotate (const FlashLayoutText *text, guint first, guint last, gboolean is_down)
{
  GPtrArray *lines = flash_layout_text_line_array_new ();
  guint from = is_down ? first : last;

  for (guint i = first; i <= last; i++) {
    FlashLayoutTextLine *line = flash_layout_text_get_line (text, i);
    guint source = i;

    if (line->entry != NULL && i == (is_down ? last : first)) {
      source = from;
    } else if (line->entry != NULL) {
      do
        source = is_down ? source + 1 : source - 1;
      while (flash_layout_text_get_line (text, source)->entry == NULL);
    }
    g_ptr_array_add (lines, flash_layout_text_line_ref (flash_layout_text_get_line (text, source)));
  }
  return lines;
}

gboolean
flash_layout_document_move (FlashLayoutDocument *self, FlashLayoutEntry *entry, guint position)
{
  guint at, target;
  g_autoptr (GPtrArray) lines = NULL;

  g_return_val_if_fail (FLASH_IS_LAYOUT_DOCUMENT (self), FALSE);
  g_return_val_if_fail (FLASH_IS_LAYOUT_ENTRY (entry), FALSE);
  g_return_val_if_fail (position < g_list_model_get_n_items (G_LIST_MODEL (self)), FALSE);

  if (!flash_layout_document_locate (self, entry, &at))
    return FALSE;
  target = flash_layout_entry_get_number (get_entry (self, position)) - 1;
  if (target == at)
    return FALSE;
  lines = rotate (flash_layout_document_get_text (self), MIN (at, target), MAX (at, target),
                  at < target);
  return flash_layout_document_splice (self, MIN (at, target), lines->len, lines,
                                       FLASH_LAYOUT_EDIT_MOVE, get_name (entry));
}
