/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-line"

#include "config.h"

#include "flash-layout-line.h"
#include "flash-layout-guess.h"
#include "flash-layout-row-private.h"
#include "flash-text.h"

/* How much of a cell a message shows. */
#define SHOWN_CHARS 60

typedef struct {
  const char *text;
  guint line;
  FlashDiagList *diags; /* (unowned) */
  GStrv cells; /* (owned): as the board splits the line */
  guint n_cells;
  FlashLayoutValues values;
} Line;

static char *
show (const char *cell)
{
  return flash_text_sanitize (cell, strlen (cell), SHOWN_CHARS);
}

GStrv
flash_layout_split_tabs (const char *text)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  while (*(text += strspn (text, "\t")) != '\0') {
    gsize length = strcspn (text, "\t");
    g_autofree char *cell = g_strndup (text, strcspn (text, "\t\r"));

    if (*cell != '\0')
      g_strv_builder_add (builder, cell);
    text += length;
  }
  return g_strv_builder_end (builder);
}

/* Returns: (transfer full) (nullable): what the board says to the line; %NULL if it takes it. */
static char *
dup_answer (Line *self)
{
  FlashLayoutValues values;
  char *answer = NULL;

  for (guint i = 0; i < MIN (self->n_cells, FLASH_LAYOUT_BOARD_COLUMNS); i++) {
    if (!flash_layout_values_parse (&values, i + 1, self->cells[i], self->line, &answer))
      return answer;
  }
  if (self->n_cells < FLASH_LAYOUT_BOARD_COLUMNS)
    return flash_layout_format_answer ("Layout line %u: no enought column", self->line);
  return NULL;
}

static void
set_answer (Line *self, FlashDiag *diag)
{
  g_autofree char *answer = dup_answer (self);

  flash_diag_set_device_text (diag, answer);
}

/* What the cell would have to be: @prefix, and @length bytes of @text. */
static void
set_cell (FlashDiag *diag, const char *prefix, const char *text, gsize length)
{
  g_autofree char *part = g_strndup (text, length);
  g_autofree char *cell = g_strconcat (prefix, part, NULL);

  flash_diag_set_cell (diag, cell);
}

/* Returns: as many bytes, or less if a character would be cut; for what is longer than that. */
static gsize
get_whole_length (const char *text, gsize length)
{
  while (length > 0 && ((guchar) text[length] & 0xc0) == 0x80)
    length--;
  return length;
}

/* A cell of which no one knows what was meant. */
static FlashDiag *
add_bad_cell (Line *self, FlashLayoutColumn column, const char *cell)
{
  static const struct {
    const char *code;
    const char *message;
  } texts[] = {
    [FLASH_LAYOUT_COLUMN_OPTION] = { "bad-option",
                                     N_ ("“{0}” is not an option. Options are - and P, alone or "
                                         "with E (empty) and D (delete): PE, PD, PED.") },
    [FLASH_LAYOUT_COLUMN_ID] = { "bad-id", N_ ("“{0}” is not an Id. An Id is a number from 0x01 to "
                                               "0xF0.") },
    [FLASH_LAYOUT_COLUMN_NAME] = { "name-too-long",
                                   N_ ("The name “{0}” is longer than 16 bytes.") },
    [FLASH_LAYOUT_COLUMN_TYPE] = { "bad-type",
                                   N_ ("“{0}” is not a type. Types are Binary, Binary(N), FIP, "
                                       "FWU_MDATA, ENV, System, ESP, FileSystem and "
                                       "RawImage.") },
    [FLASH_LAYOUT_COLUMN_IP] = { "bad-ip",
                                 N_ ("“{0}” is not a storage. Storages are none, mmcN, norN, "
                                     "nandN and spi-nandN, where N is one digit, and ram0.") },
    [FLASH_LAYOUT_COLUMN_OFFSET] = { "bad-offset",
                                     N_ ("“{0}” is not an offset. An offset is a decimal number, "
                                         "a hexadecimal one with 0x, boot1 or boot2.") },
    [FLASH_LAYOUT_COLUMN_BINARY] = { NULL, NULL },
  };
  g_autofree char *shown = show (cell);
  FlashDiag *diag;

  if (column == FLASH_LAYOUT_COLUMN_OPTION && cell[strspn (cell, "ED")] == '\0') {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "option-without-p", self->line,
                                column, N_ ("The option {0} lacks P; E and D mean nothing alone."),
                                shown, NULL);
    flash_diag_set_fix (diag, N_ ("Write P{0}."), shown, NULL);
    set_cell (diag, "P", cell, strlen (cell));
    return diag;
  }
  if (column == FLASH_LAYOUT_COLUMN_OFFSET && g_str_has_prefix (cell, "boot")) {
    diag =
        flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "bad-boot-part", self->line, column,
                             N_ ("“{0}” is not a boot partition of an eMMC."), shown, NULL);
    flash_diag_set_fix (diag, N_ ("Write boot1 or boot2."), NULL);
    return diag;
  }
  diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, texts[column].code, self->line,
                              column, texts[column].message, shown, NULL);
  if (column == FLASH_LAYOUT_COLUMN_NAME) {
    flash_diag_set_fix (diag, N_ ("Take a shorter name."), NULL);
    set_cell (diag, "", cell, get_whole_length (cell, FLASH_LAYOUT_MAX_NAME));
  }
  return diag;
}

static FlashDiag *
add_guess (Line *self, FlashLayoutColumn column, const char *cell, FlashLayoutGuess guess,
           const char *meant)
{
  g_autofree char *shown = show (cell);
  g_autofree char *shown_meant = show (meant != NULL ? meant : "");
  const char *code = "bad-option", *message = NULL;
  FlashDiag *diag;

  switch (guess) {
  case FLASH_LAYOUT_GUESS_NONE:
    return add_bad_cell (self, column, cell);
  case FLASH_LAYOUT_GUESS_BLANKS:
    code = "blank-around-cell";
    message = N_ ("There are blanks around “{1}”. Only TABs separate cells; the board takes "
                  "blanks for a part of the cell.");
    break;
  case FLASH_LAYOUT_GUESS_QUOTES:
    code = "quoted-cell";
    message = N_ ("{0} stands in quotation marks. The board takes them for a part of the cell.");
    break;
  case FLASH_LAYOUT_GUESS_DASH:
    code = "typographic-dash";
    message = N_ ("“{0}” is not the minus sign of the keyboard, though it looks like it.");
    break;
  case FLASH_LAYOUT_GUESS_CASE:
    code = "wrong-case";
    message = N_ ("The board tells upper from lower case and does not know “{0}”.");
    break;
  case FLASH_LAYOUT_GUESS_UNIT:
    code = "offset-unit";
    message = N_ ("“{0}” has a unit. The board knows plain numbers of bytes only.");
    break;
  case FLASH_LAYOUT_GUESS_HEX:
    code = "number-without-0x";
    message = N_ ("“{0}” looks hexadecimal, but lacks the 0x in front.");
    break;
  case FLASH_LAYOUT_GUESS_OCTAL:
    code = "bad-octal";
    message = N_ ("“{0}” begins with zero. The board reads it as octal, and there is no such "
                  "digit.");
    break;
  }
  diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, code, self->line, column, message,
                              shown, shown_meant, NULL);
  flash_diag_set_fix (diag, N_ ("Write “{0}”."), shown_meant, NULL);
  flash_diag_set_cell (diag, meant);
  return diag;
}

/* Reads the first six cells. Returns: whether the board takes them. */
static gboolean
read_cells (Line *self, const char *const *cells, guint n_cells, gboolean has_answers)
{
  gboolean is_valid = TRUE;

  for (guint i = 0; i < MIN (n_cells, FLASH_LAYOUT_BOARD_COLUMNS); i++) {
    g_autofree char *answer = NULL;
    g_autofree char *meant = NULL;
    FlashLayoutGuess guess;
    FlashDiag *diag;

    if (flash_layout_values_parse (&self->values, i + 1, cells[i], self->line, &answer))
      continue;
    is_valid = FALSE;
    guess = flash_layout_guess_cell (i + 1, cells[i], &self->values, &meant);
    diag = add_guess (self, i + 1, cells[i], guess, meant);
    if (has_answers)
      flash_diag_set_device_text (diag, answer);
  }
  return is_valid;
}

gboolean
flash_layout_is_line (const char *const *cells)
{
  FlashLayoutValues values;

  for (guint i = 0; i < FLASH_LAYOUT_BOARD_COLUMNS; i++) {
    g_autofree char *meant = NULL;

    if (cells[i] == NULL)
      return FALSE;
    if (!flash_layout_values_parse (&values, i + 1, cells[i], 0, NULL) &&
        flash_layout_guess_cell (i + 1, cells[i], &values, &meant) == FLASH_LAYOUT_GUESS_NONE)
      return FALSE;
  }
  return TRUE;
}

/* The first column that the board does not take. */
static guint
find_bad_column (Line *self)
{
  FlashLayoutValues values;
  guint i;

  for (i = 0; i < MIN (self->n_cells, FLASH_LAYOUT_BOARD_COLUMNS); i++) {
    if (!flash_layout_values_parse (&values, i + 1, self->cells[i], 0, NULL))
      break;
  }
  return i + 1;
}

static FlashLayoutRow *
make_row (Line *self, GStrv cells, gboolean is_valid)
{
  return flash_layout_row_new (self->line, (const char *const *) cells, g_strv_length (cells),
                               &self->values, is_valid);
}

static void
add_separator (Line *self, char separator)
{
  const char shown[] = { separator, '\0' };
  FlashDiag *diag;

  if (separator != ' ') {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "wrong-separator", self->line, 0,
                                N_ ("The cells are separated by “{0}”. The board knows TABs "
                                    "only."),
                                shown, NULL);
    flash_diag_set_fix (diag,
                        N_ ("Put a TAB between the cells; from a spreadsheet, export "
                            "“tab-separated values”."),
                        NULL);
  } else if (self->n_cells == 1) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "spaces-for-tabs", self->line, 0,
                                N_ ("The cells are separated by blanks. The board knows TABs "
                                    "only."),
                                NULL);
    flash_diag_set_fix (diag, N_ ("Put a TAB between the cells."), NULL);
  } else {
    guint column = MIN (find_bad_column (self), self->n_cells);
    g_autofree char *shown_cell = show (self->cells[column - 1]);

    diag =
        flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "blank-for-tab", self->line, column,
                             N_ ("“{0}” is one cell for the board: it holds a blank "
                                 "where a TAB belongs."),
                             shown_cell, NULL);
    flash_diag_set_fix (diag, N_ ("Put a TAB in place of the blank."), NULL);
  }
  set_answer (self, diag);
}

/* Returns: (transfer full) (nullable): the cells, if another separator makes sense of the line. */
static GStrv
guess_cells (const char *text, char *out_separator)
{
  static const char separators[] = { ' ', ';', ',', '|' };
  gboolean has_tried_none = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (separators); i++) {
    gboolean is_there = separators[i] == ' ' || strchr (text, separators[i]) != NULL;
    g_auto (GStrv) cells = NULL;

    /* All separators that are not there leave the same cells. */
    if (!is_there && has_tried_none)
      continue;
    has_tried_none |= !is_there;
    cells = flash_layout_guess_split (text, separators[i]);
    if (!flash_layout_is_line ((const char *const *) cells))
      continue;
    *out_separator = separators[i];
    return g_steal_pointer (&cells);
  }
  return NULL;
}

/* Returns: whether the cells are as the board splits the line for want of anything better. */
static gboolean
needs_guess (const char *const *cells, guint n_cells)
{
  return n_cells < FLASH_LAYOUT_BOARD_COLUMNS || !flash_layout_is_line (cells);
}

/* Returns: (transfer full) (nullable): the row, if another separator makes one of the line. */
static FlashLayoutRow *
try_separators (Line *self)
{
  char separator;
  g_auto (GStrv) cells = guess_cells (self->text, &separator);

  if (cells == NULL)
    return NULL;
  add_separator (self, separator);
  read_cells (self, (const char *const *) cells, g_strv_length (cells), FALSE);
  return make_row (self, cells, FALSE);
}

static gboolean
is_blank_line (const char *const *cells)
{
  while (*cells != NULL && *flash_layout_skip_blanks (*cells) == '\0')
    cells++;
  return *cells == NULL;
}

static gboolean
is_bare_header (const char *const *cells)
{
  return cells[0] != NULL && cells[1] != NULL && g_ascii_strcasecmp (cells[0], "Opt") == 0;
}

/* A line that is no row, though the board takes it for one. */
static gboolean
is_no_row (Line *self)
{
  const char *const *cells = (const char *const *) self->cells;
  const char *first = flash_layout_skip_blanks (self->text);
  FlashDiag *diag;

  if (is_blank_line (cells)) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "line-of-blanks", self->line, 0,
                                N_ ("The line is not empty: it holds blanks, which the board takes "
                                    "for a cell."),
                                NULL);
    flash_diag_set_fix (diag, N_ ("Remove the blanks."), NULL);
  } else if (*first == '#') {
    diag =
        flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "indented-comment", self->line, 1,
                             N_ ("There are blanks before the #. For the board this is not a "
                                 "comment."),
                             NULL);
    flash_diag_set_fix (diag, N_ ("Remove the blanks before the #."), NULL);
  } else if (is_bare_header (cells)) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "header-without-hash",
                                self->line, 1,
                                N_ ("The line with the names of the columns must "
                                    "begin with #."),
                                NULL);
    flash_diag_set_fix (diag, N_ ("Write “#Opt”."), NULL);
  } else {
    return FALSE;
  }
  set_answer (self, diag);
  return TRUE;
}

void
flash_layout_add_comment_behind (FlashDiagList *diags, guint line, guint column)
{
  FlashDiag *diag =
      flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "comment-behind-data", line, column,
                           N_ ("A # inside a line does not begin a comment."), NULL);

  flash_diag_set_fix (diag, N_ ("Put the comment on a line of its own."), NULL);
}

/* What is odd about the cells that the board does not read. */
static void
check_extra_cells (Line *self)
{
  const char *binary;
  guint i = FLASH_LAYOUT_COLUMNS;
  FlashDiag *diag;

  if (self->n_cells == FLASH_LAYOUT_BOARD_COLUMNS) {
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "no-binary-column", self->line,
                         FLASH_LAYOUT_COLUMN_BINARY,
                         N_ ("The line has no Binary cell. The board does not mind, other programs "
                             "want “none” there."),
                         NULL);
    return;
  }
  binary = self->cells[FLASH_LAYOUT_COLUMN_BINARY - 1];
  while (i < self->n_cells && *self->cells[i] != '#' && strstr (self->cells[i], " #") == NULL)
    i++;
  /* In the Binary cell it may belong to a name, which is seen when files are looked for. */
  if (i < self->n_cells) {
    flash_layout_add_comment_behind (self->diags, self->line, i + 1);
  } else if (self->n_cells > FLASH_LAYOUT_COLUMNS) {
    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "extra-columns", self->line,
                         FLASH_LAYOUT_COLUMNS + 1,
                         N_ ("The line has more than seven cells; the others are ignored."), NULL);
  }
  if (*flash_layout_skip_blanks (binary) != *binary ||
      g_ascii_isspace (binary[strlen (binary) - 1])) {
    g_autofree char *stripped = g_strstrip (g_strdup (flash_layout_skip_blanks (binary)));

    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "blank-around-binary",
                                self->line, FLASH_LAYOUT_COLUMN_BINARY,
                                N_ ("There are blanks around the file name. They are ignored here; "
                                    "other programs look for a file with blanks in its name."),
                                NULL);
    flash_diag_set_fix (diag, N_ ("Remove the blanks."), NULL);
    if (*stripped != '#')
      flash_diag_set_cell (diag, stripped);
  }
}

FlashLayoutRow *
flash_layout_read_line (const char *text, guint line, FlashDiagList *diags)
{
  g_auto (GStrv) cells = flash_layout_split_tabs (text);
  Line self = {
    .text = text, .line = line, .diags = diags, .cells = cells, .n_cells = g_strv_length (cells)
  };
  FlashLayoutRow *row = NULL;
  gboolean is_valid;

  if (self.n_cells == 0 || is_no_row (&self))
    return NULL;
  if (needs_guess ((const char *const *) cells, self.n_cells))
    row = try_separators (&self);
  if (row != NULL)
    return row;

  is_valid = read_cells (&self, (const char *const *) cells, self.n_cells, TRUE);
  if (self.n_cells >= FLASH_LAYOUT_BOARD_COLUMNS) {
    check_extra_cells (&self);
  } else {
    g_autofree char *count = g_strdup_printf ("%u", self.n_cells);
    g_autofree char *answer =
        flash_layout_format_answer ("Layout line %u: no enought column", line);
    FlashDiag *diag = flash_diag_list_add (
        diags, FLASH_SEVERITY_ERROR, "too-few-columns", line, self.n_cells + 1,
        N_ ("The line has {0} cells; the board needs six and ignores the seventh."), count, NULL);

    flash_diag_set_device_text (diag, answer);
    flash_diag_set_fix (diag,
                        N_ ("Fill in the missing cells. Several TABs count as one, so a cell "
                            "cannot be left empty."),
                        NULL);
    is_valid = FALSE;
  }
  return make_row (&self, cells, is_valid);
}

GStrv
flash_layout_split_line (const char *text, gboolean *out_is_guess)
{
  g_auto (GStrv) cells = flash_layout_split_tabs (text);
  const char *const *split = (const char *const *) cells;
  GStrv guess = NULL;
  char separator;

  if (is_blank_line (split) || *flash_layout_skip_blanks (text) == '#' || is_bare_header (split))
    return NULL;
  if (needs_guess (split, g_strv_length (cells)))
    guess = guess_cells (text, &separator);
  *out_is_guess = guess != NULL;
  return guess != NULL ? guess : g_steal_pointer (&cells);
}
