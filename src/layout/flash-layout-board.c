/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-board"

#include "config.h"

#include "flash-layout-board.h"
#include "flash-layout-cells.h"

/* Where the board stands in the text. Its parser goes byte by byte and keeps some state longer
 * than one would think: a line that ends in a TAB is not over at its line feed, but behind the
 * first cell that comes after it. */
typedef struct {
  const char *text; /* ends in a NUL at @size */
  gsize size;
  gsize at;
  gsize cell_start;
  guint column; /* cells of this line so far */
  guint line; /* as the board counts */
  gboolean is_line_end;
  gboolean is_end;
  guint n_parts;
  guint max_parts;
  GString *out;
  FlashLayoutVerdict *verdict;
} Reader;

void
flash_layout_verdict_clear (FlashLayoutVerdict *self)
{
  g_clear_pointer (&self->answer, g_free);
}

/* The board reserves room by counting line feeds first, less the lines that begin with `#`. */
static guint
count_lines (const char *text, gsize size)
{
  guint n_lines = 1;

  for (gsize at = 0; at < size && text[at] != '\0';) {
    if (text[at++] == '\n' && !(at < size && text[at] == '#'))
      n_lines++;
  }
  return n_lines;
}

static void
skip_comment (Reader *self)
{
  gboolean is_indented = self->at > 0 && self->text[self->at - 1] == '\t';

  g_string_append (self->out, is_indented ? "\t#" : "#");
  while (self->at < self->size && self->text[self->at] != '\0') {
    if (self->text[self->at++] == '\n') {
      g_string_append_c (self->out, '\n');
      break;
    }
  }
  self->cell_start = self->at;
  self->line++;
  if (self->at >= self->size || self->text[self->at] == '\0') {
    self->is_end = TRUE;
    self->is_line_end = TRUE;
  }
}

/* The line is over: is it a partition? */
static gboolean
finish_line (Reader *self)
{
  self->is_line_end = FALSE;
  if (self->column < FLASH_LAYOUT_BOARD_COLUMNS) {
    self->verdict->line = self->line;
    self->verdict->answer =
        flash_layout_format_answer ("Layout line %u: no enought column", self->line);
    return FALSE;
  }
  self->column = 0;
  self->n_parts++;
  self->line++;
  if (self->n_parts >= self->max_parts && !self->is_end) {
    self->verdict->answer =
        flash_layout_format_answer ("Layout: no enought memory for %u part", self->n_parts);
    return FALSE;
  }
  return TRUE;
}

/* The byte at @at ended a cell, which may be empty. */
static gboolean
finish_cell (Reader *self, char end)
{
  g_autofree char *cell = g_strndup (self->text + self->cell_start, self->at - self->cell_start);
  FlashLayoutValues values;

  /* For the board a carriage return ends the text of the cell, wherever it stands. */
  cell[strcspn (cell, "\r")] = '\0';
  self->at++;
  self->cell_start = self->at;
  if (self->at >= self->size) {
    self->is_end = TRUE;
    self->is_line_end = TRUE;
  }

  if (*cell == '\0') {
    if (self->column == 0 && self->is_line_end) {
      self->is_line_end = FALSE;
      self->line++;
      if (end == '\n')
        g_string_append_c (self->out, '\n');
    }
    return TRUE;
  }

  if (self->column < FLASH_LAYOUT_BOARD_COLUMNS) {
    if (self->column > 0)
      g_string_append_c (self->out, '\t');
    g_string_append (self->out, cell);
    if (!flash_layout_values_parse (&values, self->column + 1, cell, self->line,
                                    &self->verdict->answer)) {
      self->verdict->line = self->line;
      if (self->at <= self->size)
        g_string_append_c (self->out, end);
      return FALSE;
    }
  }
  self->column++;
  if (!self->is_line_end)
    return TRUE;
  /* Only a line feed may become one, or the text would have a line more than the file. */
  if (end == '\n' || !self->is_end)
    g_string_append_c (self->out, '\n');
  return finish_line (self);
}

static void
read_text (Reader *self)
{
  while (!self->is_end) {
    char c = self->text[self->at];

    if (c == '#' && self->column == 0 && self->at == self->cell_start) {
      skip_comment (self);
      continue;
    }
    if (c != '\0' && c != '\n' && c != '\t') {
      self->at++;
      continue;
    }
    if (c == '\0')
      self->is_end = TRUE;
    if (c != '\t')
      self->is_line_end = TRUE;
    if (!finish_cell (self, c))
      return;
  }
  if (self->column > 0)
    self->verdict->lost_line = self->line;
  self->verdict->n_parts = self->n_parts;
  if (self->n_parts == 0)
    self->verdict->answer = flash_layout_format_answer ("Layout: no partition found");
}

/* Returns: (transfer full): the text as the board should get it. */
static GBytes *
judge (GBytes *text, FlashLayoutVerdict *out_verdict)
{
  gsize size;
  const char *bytes = g_bytes_get_data (text, &size);
  g_autofree char *copy = g_malloc (size + 1);
  Reader reader = { .text = copy, .size = size, .line = 1, .verdict = out_verdict };

  *out_verdict = (FlashLayoutVerdict){ 0 };
  if (size > 0)
    memcpy (copy, bytes, size);
  copy[size] = '\0';
  reader.max_parts = count_lines (copy, size);
  if (size == 0) {
    out_verdict->answer = flash_layout_format_answer ("Layout: invalid FlashLayout");
    return g_bytes_ref (text);
  }
  if (reader.max_parts > FLASH_LAYOUT_MAX_LINES) {
    out_verdict->answer =
        flash_layout_format_answer ("Layout: too many partition (%u)", reader.max_parts);
    return g_bytes_ref (text);
  }

  reader.out = g_string_sized_new (size);
  read_text (&reader);
  /* What comes after a refusal stays as it is, for the sake of the count of lines. */
  if (reader.at < size)
    g_string_append_len (reader.out, copy + reader.at, (gssize) (size - reader.at));
  return g_string_free_to_bytes (reader.out);
}

void
flash_layout_judge (GBytes *text, FlashLayoutVerdict *out_verdict, GBytes **out_board_text)
{
  g_autoptr (GBytes) board_text = judge (text, out_verdict);
  g_auto (FlashLayoutVerdict) second = { 0 };
  g_autoptr (GBytes) ignored = NULL;

  if (out_board_text == NULL)
    return;
  /* Texts whose quirks do not survive the rewriting go to the board as they are. */
  ignored = judge (board_text, &second);
  if (g_strcmp0 (second.answer, out_verdict->answer) != 0 || second.line != out_verdict->line ||
      second.n_parts != out_verdict->n_parts)
    *out_board_text = g_bytes_ref (text);
  else
    *out_board_text = g_steal_pointer (&board_text);
}
