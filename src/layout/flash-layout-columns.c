/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-columns"

#include "config.h"

#include "flash-layout-columns.h"
#include "flash-layout-cells.h"

/* As terminals and text editors have it. */
#define TAB_WIDTH 8

/* Returns: the screen column where @length bytes end that begin at @at. */
static gsize
advance (gsize at, const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (bytes[i] == '\t')
      at = (at / TAB_WIDTH + 1) * TAB_WIDTH;
    else if ((bytes[i] & 0xc0) != 0x80)
      at++; /* what goes on with a character of UTF-8 takes no room of its own */
  }
  return at;
}

/* Returns: how many TABs lead from @at to @target; at least one, which may lead farther. */
static gsize
count_tabs (gsize at, gsize target)
{
  gsize n_tabs = 0;

  do {
    n_tabs++;
    at = (at / TAB_WIDTH + 1) * TAB_WIDTH;
  } while (at < target);
  return n_tabs;
}

static void
append_tabs (GString *line, gsize n_tabs)
{
  for (gsize i = 0; i < n_tabs; i++)
    g_string_append_c (line, '\t');
}

/* Returns: where the first cell may begin: behind the # of a line that is switched off. */
static gsize
find_start (const FlashLayoutTextLine *line)
{
  gsize n_tabs = strspn (line->text, "\t");

  return line->text[n_tabs] == '#' ? n_tabs + 1 : 0;
}

/* Finds the next cell as the board splits the line. */
static gboolean
find_next (const char *text, gsize *at, gsize *out_length)
{
  while (*(text + (*at += strspn (text + *at, "\t"))) != '\0') {
    *out_length = strcspn (text + *at, "\t");
    if (text[*at] != '\r')
      return TRUE;
    *at += *out_length;
  }
  return FALSE;
}

static gboolean
has_wide_gap (const FlashLayoutTextLine *line)
{
  gsize at = find_start (line), length = 0, end = 0;

  for (guint i = 0; i < FLASH_LAYOUT_COLUMNS && find_next (line->text, &at, &length); i++) {
    if (i > 0 && at - end > 1)
      return TRUE;
    at += length;
    end = at;
  }
  return FALSE;
}

gboolean
flash_layout_columns_are_aligned (const FlashLayoutText *text)
{
  for (guint i = 0; i < text->lines->len; i++) {
    FlashLayoutTextLine *line = flash_layout_text_get_line (text, i);

    if (line->cells != NULL && !line->cells->is_guess && strstr (line->text, "\t\t") != NULL &&
        has_wide_gap (line))
      return TRUE;
  }
  return FALSE;
}

static const char *
get_filler (guint column)
{
  return column == FLASH_LAYOUT_COLUMN_OPTION ? "-" : "none";
}

/* A line with other separators than TABs gets TABs. */
static char *
dup_rebuilt (const FlashLayoutTextLine *line, guint column, const char *cell)
{
  GString *rebuilt = g_string_new_len (line->text, (gssize) find_start (line));
  guint n_cells = MAX (line->cells->n_cells, column);

  for (guint i = 1; i <= n_cells; i++) {
    const char *old = i <= line->cells->n_cells ? line->cells->cells[i - 1] : "";

    if (i > 1)
      g_string_append_c (rebuilt, '\t');
    /* Between separators nothing may stand, between TABs not. */
    g_string_append (rebuilt, i == column ? cell : *old != '\0' ? old : get_filler (i));
  }
  return g_string_free (rebuilt, FALSE);
}

static char *
dup_replaced (const FlashLayoutTextLine *line, gboolean is_aligned, gsize at, gsize length,
              const char *cell)
{
  GString *replaced = g_string_new_len (line->text, (gssize) at);
  const char *behind = line->text + at + length;
  gsize n_tabs = strspn (behind, "\t");
  gsize target = advance (0, line->text, at + length + n_tabs);

  g_string_append (replaced, cell);
  if (behind[n_tabs] != '\0' && is_aligned)
    append_tabs (replaced, count_tabs (advance (0, replaced->str, replaced->len), target));
  else
    n_tabs = 0;
  g_string_append (replaced, behind + n_tabs);
  return g_string_free (replaced, FALSE);
}

static char *
dup_extended (const FlashLayoutTextLine *line, guint n_cells, guint column, const char *cell)
{
  GString *extended = g_string_new_len (line->text, (gssize) line->length);

  for (guint i = n_cells + 1; i <= column; i++) {
    gboolean has_tab = extended->len > 0 && extended->str[extended->len - 1] == '\t';

    if (i > 1 && !has_tab)
      g_string_append_c (extended, '\t');
    g_string_append (extended, i == column ? cell : get_filler (i));
  }
  return g_string_free (extended, FALSE);
}

char *
flash_layout_columns_dup_set (const FlashLayoutTextLine *line, gboolean is_aligned,
                              FlashLayoutColumn column, const char *cell)
{
  gsize at = find_start (line), length = 0;
  guint n_cells = 0;

  if (line->cells->is_guess)
    return dup_rebuilt (line, column, cell);
  while (find_next (line->text, &at, &length)) {
    if (++n_cells == (guint) column)
      return dup_replaced (line, is_aligned, at, length, cell);
    at += length;
  }
  return dup_extended (line, n_cells, column, cell);
}

char *
flash_layout_columns_dup_row (const FlashLayoutText *text, const FlashLayoutTextLine *model,
                              const char *const *cells)
{
  GString *row = g_string_new (NULL);
  gboolean is_aligned =
      model != NULL && !model->cells->is_guess && flash_layout_columns_are_aligned (text);
  gsize at = is_aligned ? find_start (model) : 0, length = 0;

  for (guint i = 0; cells[i] != NULL; i++) {
    gboolean has_model = is_aligned && find_next (model->text, &at, &length);

    if (i > 0)
      append_tabs (row, has_model ? count_tabs (advance (0, row->str, row->len),
                                                advance (0, model->text, at))
                                  : 1);
    g_string_append (row, cells[i]);
    at += has_model ? length : 0;
  }
  return g_string_free (row, FALSE);
}
