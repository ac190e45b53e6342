/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-guess"

#include "config.h"

#include "flash-layout-guess.h"
#include "flash-text.h"

/* Characters that look like nothing: blanks of all kinds, and those without width that come along
 * when text is copied from web pages. */
static gboolean
is_blank (gunichar c)
{
  return c != '\t' && (g_unichar_isspace (c) || c == 0x200b || c == 0x2060 || c == 0xfeff);
}

const char *
flash_layout_skip_blanks (const char *text)
{
  gunichar c;

  while ((c = g_utf8_get_char_validated (text, -1)) != 0 && (gint32) c > 0 && is_blank (c))
    text = g_utf8_next_char (text);
  return text;
}

static char *
dup_stripped (const char *text)
{
  const char *start = flash_layout_skip_blanks (text);
  const char *end = start + strlen (start);

  while (end > start) {
    const char *previous = g_utf8_find_prev_char (start, end);
    gunichar c = previous != NULL ? g_utf8_get_char_validated (previous, end - previous) : 0;

    if ((gint32) c <= 0 || !is_blank (c))
      break;
    end = previous;
  }
  return g_strndup (start, (gsize) (end - start));
}

static char *
dup_unquoted (const char *text)
{
  static const char *const marks[][2] = {
    { "\"", "\"" }, { "'", "'" }, { "“", "”" }, { "„", "“" }, { "«", "»" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
    gsize open = strlen (marks[i][0]), close = strlen (marks[i][1]), length = strlen (text);

    if (length >= open + close && g_str_has_prefix (text, marks[i][0]) &&
        g_str_has_suffix (text, marks[i][1]))
      return g_strndup (text + open, length - open - close);
  }
  return NULL;
}

/* Dashes of all lengths, and the minus sign of mathematics. */
static char *
dup_dash (const char *text)
{
  gunichar c = g_utf8_get_char_validated (text, -1);

  if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xad)
    return *g_utf8_next_char (text) == '\0' ? g_strdup ("-") : NULL;
  return g_str_equal (text, "--") ? g_strdup ("-") : NULL;
}

static char *
dup_other_case (FlashLayoutColumn column, const char *text)
{
  if (column == FLASH_LAYOUT_COLUMN_OPTION)
    return g_ascii_strup (text, -1);
  if (column == FLASH_LAYOUT_COLUMN_IP || column == FLASH_LAYOUT_COLUMN_OFFSET)
    return g_ascii_strdown (text, -1);
  if (column != FLASH_LAYOUT_COLUMN_TYPE)
    return NULL;
  for (guint i = FLASH_LAYOUT_TYPE_BINARY; i <= FLASH_LAYOUT_TYPE_RAW_IMAGE; i++) {
    const char *name = flash_layout_type_get_name (i);
    gsize length = strlen (name);

    if (g_ascii_strncasecmp (text, name, length) == 0 &&
        (text[length] == '\0' || text[length] == '('))
      return g_strconcat (name, text + length, NULL);
  }
  return NULL;
}

static char *
dup_number (FlashLayoutColumn column, const char *text, FlashLayoutGuess *out_guess)
{
  guint64 value;

  if (column != FLASH_LAYOUT_COLUMN_OFFSET && column != FLASH_LAYOUT_COLUMN_ID)
    return NULL;
  if (column == FLASH_LAYOUT_COLUMN_ID &&
      g_ascii_string_to_unsigned (text, 10, 0, FLASH_LAYOUT_MAX_ID, &value, NULL)) {
    *out_guess = FLASH_LAYOUT_GUESS_OCTAL;
    return g_strdup_printf ("0x%02" G_GINT64_MODIFIER "X", value);
  }
  if (g_ascii_isxdigit (*text) &&
      g_ascii_string_to_unsigned (text, 16, 0, G_MAXUINT64, &value, NULL)) {
    *out_guess = FLASH_LAYOUT_GUESS_HEX;
    return g_strconcat ("0x", text, NULL);
  }
  if (column == FLASH_LAYOUT_COLUMN_OFFSET && flash_text_parse_size (text, &value)) {
    *out_guess = FLASH_LAYOUT_GUESS_UNIT;
    return flash_text_address (value);
  }
  return NULL;
}

static char *
dup_meant (FlashLayoutColumn column, const char *cell, FlashLayoutGuess guess,
           FlashLayoutGuess *out_guess)
{
  switch (guess) {
  case FLASH_LAYOUT_GUESS_NONE:
    return NULL;
  case FLASH_LAYOUT_GUESS_BLANKS:
    return dup_stripped (cell);
  case FLASH_LAYOUT_GUESS_QUOTES:
    return dup_unquoted (cell);
  case FLASH_LAYOUT_GUESS_DASH:
    return column == FLASH_LAYOUT_COLUMN_OPTION ? dup_dash (cell) : NULL;
  case FLASH_LAYOUT_GUESS_CASE:
    return dup_other_case (column, cell);
  case FLASH_LAYOUT_GUESS_UNIT:
  case FLASH_LAYOUT_GUESS_HEX:
  case FLASH_LAYOUT_GUESS_OCTAL:
    return dup_number (column, cell, out_guess);
  }
  g_return_val_if_reached (NULL);
}

FlashLayoutGuess
flash_layout_guess_cell (FlashLayoutColumn column, const char *cell, FlashLayoutValues *values,
                         char **out_meant)
{
  static const FlashLayoutGuess guesses[] = {
    FLASH_LAYOUT_GUESS_BLANKS, FLASH_LAYOUT_GUESS_QUOTES, FLASH_LAYOUT_GUESS_DASH,
    FLASH_LAYOUT_GUESS_CASE,   FLASH_LAYOUT_GUESS_HEX,
  };
  g_autofree char *stripped = dup_stripped (cell);

  for (guint i = 0; i < G_N_ELEMENTS (guesses); i++) {
    FlashLayoutGuess guess = guesses[i];
    /* Two faults in one cell: the blanks, and what is seen. */
    g_autofree char *meant = dup_meant (column, stripped, guess, &guess);

    if (meant != NULL && *meant != '\0' &&
        flash_layout_values_parse (values, column, meant, 0, NULL)) {
      *out_meant = g_steal_pointer (&meant);
      return guess;
    }
  }
  return FLASH_LAYOUT_GUESS_NONE;
}

GStrv
flash_layout_guess_split (const char *line, char separator)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n_cells = 0;

  while (*(line = flash_layout_skip_blanks (line)) != '\0') {
    gsize length = 0;
    g_autofree char *cell = NULL;
    g_autofree char *stripped = NULL;
    char *unquoted;

    if (*line == separator || *line == '\t') {
      line++;
      continue;
    }
    n_cells++;
    while (line[length] != '\0' &&
           (n_cells == FLASH_LAYOUT_COLUMNS ||
            (line[length] != separator && line[length] != '\t' &&
             !(separator == ' ' && flash_layout_skip_blanks (line + length) != line + length))))
      length++;
    cell = g_strndup (line, length);
    stripped = dup_stripped (cell);
    unquoted = dup_unquoted (stripped);
    g_strv_builder_add (builder, unquoted != NULL ? unquoted : stripped);
    g_free (unquoted);
    line += length;
  }
  return g_strv_builder_end (builder);
}
