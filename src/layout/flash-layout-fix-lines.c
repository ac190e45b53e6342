/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines that are not what they were meant to be, and what they become. */
#define G_LOG_DOMAIN "flash-layout-fix-lines"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-layout-fix-private.h"
#include "flash-layout-guess.h"
#include "flash-layout-line.h"

char *
flash_layout_mend_separators (const char *line, guint column, char **out_before)
{
  gboolean is_guess = FALSE;
  g_auto (GStrv) cells = flash_layout_split_line (line, &is_guess);

  return cells != NULL && is_guess ? g_strjoinv ("\t", cells) : NULL;
}

char *
flash_layout_mend_blank_line (const char *line, guint column, char **out_before)
{
  return g_strdup ("");
}

char *
flash_layout_mend_indented_comment (const char *line, guint column, char **out_before)
{
  const char *start = line;

  /* TABs do no harm, but between the blanks they are as much by accident. */
  while (*start != '\0' && *start != '#') {
    const char *end = flash_layout_skip_blanks (start);

    if (end == start && *start != '\t')
      return NULL;
    start = end + strspn (end, "\t");
  }
  return g_strdup (start);
}

char *
flash_layout_mend_header (const char *line, guint column, char **out_before)
{
  return g_strconcat ("#", line + strspn (line, "\t"), NULL);
}

char *
flash_layout_mend_trailing_tab (const char *line, guint column, char **out_before)
{
  gsize length = strlen (line);

  while (length > 0 && (line[length - 1] == '\t' || line[length - 1] == '\r'))
    length--;
  return g_strndup (line, length);
}

/* Where the comment begins that the check has seen: at a cell from @first on that begins with #,
 * else at a # behind a blank in such a cell, where it may as well belong to a name. */
static const char *
find_comment (const char *line, guint first, gboolean *out_is_cell)
{
  const char *inside = NULL;
  guint column = 0;

  while (*(line += strspn (line, "\t")) != '\0') {
    gsize length = strcspn (line, "\t");

    column++;
    *out_is_cell = column >= first && *line == '#';
    if (*out_is_cell)
      return line;
    if (column >= first && inside == NULL)
      inside = g_strstr_len (line, (gssize) length, " #");
    line += length;
  }
  return inside;
}

gboolean
flash_layout_is_comment_a_cell (const char *line, guint column)
{
  gboolean is_cell = FALSE;

  return find_comment (line, MAX (column, FLASH_LAYOUT_COLUMN_BINARY), &is_cell) != NULL && is_cell;
}

char *
flash_layout_mend_comment_behind (const char *line, guint column, char **out_before)
{
  gboolean is_cell;
  const char *comment = find_comment (line, MAX (column, FLASH_LAYOUT_COLUMN_BINARY), &is_cell);
  gsize length;
  guint n_cells = 0;
  g_autofree char *rest = NULL;

  if (comment == NULL)
    return NULL;
  length = (gsize) (comment - line);
  while (length > 0 && g_ascii_isspace (line[length - 1]))
    length--;
  rest = g_strndup (line, length);
  for (const char *p = rest; *(p += strspn (p, "\t")) != '\0'; p += strcspn (p, "\t"))
    n_cells++;
  *out_before = g_strdup (comment + strspn (comment, " "));
  return n_cells < FLASH_LAYOUT_COLUMNS ? g_strconcat (rest, "\tnone", NULL)
                                        : g_steal_pointer (&rest);
}

char *
flash_layout_mend_missing_binary (const char *line, guint column, char **out_before)
{
  g_autofree char *rest = flash_layout_mend_trailing_tab (line, column, out_before);

  return g_strconcat (rest, "\tnone", NULL);
}

/* A line feed that was lost where two lines meet, or a stray byte. */
char *
flash_layout_mend_carriage_return (const char *line, guint column, char **out_before)
{
  g_auto (GStrv) pieces = g_strsplit (line, "\r", 3);
  guint n_lines = 0;

  for (guint i = 0; pieces[i] != NULL; i++) {
    g_auto (GStrv) cells = flash_layout_split_tabs (pieces[i]);

    n_lines += *pieces[i] == '#' || flash_layout_is_line ((const char *const *) cells);
  }
  if (n_lines == 2 && g_strv_length (pieces) == 2) {
    *out_before = g_strdup (pieces[0]);
    return g_strdup (pieces[1]);
  }
  return g_strjoinv ("", pieces);
}
