/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines that are not what they were meant to be, and what they become. */
#define G_LOG_DOMAIN "flash-layout-fix-lines"

#include "config.h"

#include "flash-layout-cells.h"
#include "flash-layout-fix-private.h"
#include "flash-layout-guess.h"

/* Whether the cells are a line that the board takes, or whose cells can be mended. */
static gboolean
is_line (GStrv cells)
{
  FlashLayoutValues values;

  if (g_strv_length (cells) < FLASH_LAYOUT_BOARD_COLUMNS)
    return FALSE;
  for (guint i = 0; i < FLASH_LAYOUT_BOARD_COLUMNS; i++) {
    g_autofree char *meant = NULL;

    if (!flash_layout_values_parse (&values, i + 1, cells[i], 0, NULL) &&
        flash_layout_guess_cell (i + 1, cells[i], &values, &meant) == FLASH_LAYOUT_GUESS_NONE)
      return FALSE;
  }
  return TRUE;
}

/* The separators, and their order, are those of the check. */
char *
flash_layout_mend_separators (const char *line, char **out_before)
{
  static const char separators[] = { ' ', ';', ',', '|' };

  for (guint i = 0; i < G_N_ELEMENTS (separators); i++) {
    g_auto (GStrv) cells = flash_layout_guess_split (line, separators[i]);

    if (is_line (cells))
      return g_strjoinv ("\t", cells);
  }
  return NULL;
}

char *
flash_layout_mend_blank_line (const char *line, char **out_before)
{
  return g_strdup ("");
}

char *
flash_layout_mend_indented_comment (const char *line, char **out_before)
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
flash_layout_mend_header (const char *line, char **out_before)
{
  return g_strconcat ("#", line + strspn (line, "\t"), NULL);
}

char *
flash_layout_mend_trailing_tab (const char *line, char **out_before)
{
  gsize length = strlen (line);

  while (length > 0 && (line[length - 1] == '\t' || line[length - 1] == '\r'))
    length--;
  return g_strndup (line, length);
}

/* Where the comment begins that the check has seen: a cell from the seventh on that begins with #,
 * or a # behind a blank in such a cell. */
static const char *
find_comment (const char *line)
{
  guint column = 0;

  while (*(line += strspn (line, "\t")) != '\0') {
    gsize length = strcspn (line, "\t");
    const char *hash = *line == '#' ? line : g_strstr_len (line, (gssize) length, " #");

    column++;
    if (column >= FLASH_LAYOUT_COLUMN_BINARY && hash != NULL)
      return hash;
    line += length;
  }
  return NULL;
}

char *
flash_layout_mend_comment_behind (const char *line, char **out_before)
{
  const char *comment = find_comment (line);
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
flash_layout_mend_missing_binary (const char *line, char **out_before)
{
  g_autofree char *rest = flash_layout_mend_trailing_tab (line, out_before);

  return g_strconcat (rest, "\tnone", NULL);
}

/* A line feed that was lost where two lines meet, or a stray byte. */
char *
flash_layout_mend_carriage_return (const char *line, char **out_before)
{
  g_auto (GStrv) pieces = g_strsplit (line, "\r", 3);
  guint n_lines = 0;

  for (guint i = 0; pieces[i] != NULL; i++) {
    g_auto (GStrv) cells = g_strsplit_set (pieces[i], "\t", -1);

    n_lines += *pieces[i] == '#' || is_line (cells);
  }
  if (n_lines == 2 && g_strv_length (pieces) == 2) {
    *out_before = g_strdup (pieces[0]);
    return g_strdup (pieces[1]);
  }
  return g_strjoinv ("", pieces);
}
