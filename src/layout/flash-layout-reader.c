/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-reader"

#include "config.h"

#include "flash-layout-reader.h"
#include "flash-layout-guess.h"
#include "flash-layout-line.h"

static const guint8 utf8_mark[] = { 0xef, 0xbb, 0xbf };

typedef struct {
  const FlashLayoutVerdict *verdict; /* (unowned) */
  FlashDiagList *diags; /* (unowned) */
  GPtrArray *rows; /* (element-type FlashLayoutRow) */
  guint line;
  guint n_crlf;
  /* The place in @diags, from 1, of the first thing that people and boards read differently; 0 if
   * there is none. A pointer would be good only until the list changes. */
  guint quirk;
} Reader;

/* The diagnostic that was added last; a full list has one at its end that stands for all others. */
static void
note_quirk (Reader *self)
{
  if (self->quirk == 0)
    self->quirk = flash_diag_list_get_length (self->diags);
}

gboolean
flash_layout_is_binary (const guint8 *bytes, gsize size)
{
  gsize n_odd = 0;
  gsize n_looked_at = MIN (size, 4096);

  for (gsize i = 0; i < n_looked_at; i++)
    n_odd += bytes[i] < ' ' && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != '\n';
  return n_odd > 2 && n_odd * 20 > n_looked_at;
}

/* Returns: (nullable): what the file is encoded in, if it is not bytes that one can read. */
static const char *
find_wide_encoding (const guint8 *bytes, gsize size)
{
  if (size < 4)
    return NULL;
  if (bytes[0] == 0xff && bytes[1] == 0xfe)
    return "UTF-16";
  if (bytes[0] == 0xfe && bytes[1] == 0xff)
    return "UTF-16";
  if (bytes[0] != 0 && bytes[1] == 0 && bytes[2] != 0 && bytes[3] == 0)
    return "UTF-16LE";
  if (bytes[0] == 0 && bytes[1] != 0 && bytes[2] == 0 && bytes[3] != 0)
    return "UTF-16BE";
  return NULL;
}

/* Returns: whether the board finds no cell at the end of the line; one TAB behind the last cell
 * does no harm where the text ends with it. */
static gboolean
ends_in_empty_cell (const char *text, gboolean has_line_feed)
{
  gsize length = strlen (text);
  const char *last_tab;

  if (!has_line_feed && length > 0 && text[length - 1] == '\t')
    length--;
  last_tab = g_strrstr_len (text, (gssize) length, "\t");
  if (last_tab == NULL || (last_tab + 1 < text + length && last_tab[1] != '\r'))
    return FALSE;
  /* the line is not empty altogether */
  return strspn (text, "\t\r") < length && text[strspn (text, "\t")] != '#';
}

/* The board takes such a line's end for nothing: it is over behind the first cell of the next. */
static void
check_trailing_tab (Reader *self, const char *text, gboolean has_line_feed)
{
  FlashDiag *diag;

  if (!ends_in_empty_cell (text, has_line_feed))
    return;
  diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "trailing-tab", self->line, 0,
                              N_ ("The line ends in a TAB. The board goes on reading and takes the "
                                  "first cell of the next line for a part of this one, or loses "
                                  "this line if it is the last."),
                              NULL);
  flash_diag_set_fix (
      diag, N_ ("Remove the TAB at the end of the line, or write “none” behind it."), NULL);
  note_quirk (self);
}

static void
check_carriage_returns (Reader *self, const char *text, gboolean has_line_feed)
{
  const char *first = strchr (text, '\r');
  FlashDiag *diag;

  if (first == NULL)
    return;
  if (first[strspn (first, "\r")] == '\0') {
    self->n_crlf += has_line_feed;
    return;
  }
  diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "stray-carriage-return",
                              self->line, 0,
                              N_ ("There is a carriage return inside the line. The board ignores "
                                  "the rest of the cell behind it."),
                              NULL);
  flash_diag_set_fix (diag, N_ ("End every line with a line feed."), NULL);
  note_quirk (self);
}

static void
read_line (Reader *self, const char *bytes, gsize length, gboolean has_line_feed)
{
  g_autofree char *text = g_strndup (bytes, length);
  const char *start = text + strspn (text, "\t");
  FlashLayoutRow *row;

  self->line++;
  check_carriage_returns (self, text, has_line_feed);
  check_trailing_tab (self, text, has_line_feed);
  if (*start == '\0' || *start == '\r' || *start == '#' || self->rows->len == FLASH_LAYOUT_MAX_ROWS)
    return;
  row = flash_layout_read_line (text, self->line, self->diags);
  if (row != NULL)
    g_ptr_array_add (self->rows, row);
}

static void
read_lines (Reader *self, const char *text, gsize size, char line_end)
{
  while (size > 0) {
    const char *end = memchr (text, line_end, size);
    gsize length = end != NULL ? (gsize) (end - text) : size;

    read_line (self, text, length, end != NULL && line_end == '\n');
    if (end == NULL)
      return;
    text += length + 1;
    size -= length + 1;
  }
}

/* Says that the board stops at the NUL behind @text. */
static void
add_nul (Reader *self, const char *text, gsize size)
{
  guint line = 1;
  FlashDiag *diag;

  for (gsize i = 0; i < size; i++)
    line += text[i] == '\n';
  diag =
      flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "nul-byte", line, 0,
                           N_ ("There is a NUL byte here. The board stops reading at it."), NULL);
  flash_diag_set_fix (diag, N_ ("Save the layout as plain text."), NULL);
  note_quirk (self);
}

static void
read_text (Reader *self, const char *text, gsize size)
{
  const char *nul = memchr (text, '\0', size);
  gsize length = nul != NULL ? (gsize) (nul - text) : size;
  const char *first_return = memchr (text, '\r', length);

  if (first_return != NULL && first_return != text + length - 1 &&
      memchr (text, '\n', length) == NULL) {
    FlashDiag *diag = flash_diag_list_add (
        self->diags, FLASH_SEVERITY_ERROR, "carriage-return-lines", 1, 0,
        N_ ("The lines end in a carriage return alone. For the board all this is one line."), NULL);

    flash_diag_set_fix (diag, N_ ("End every line with a line feed."), NULL);
    note_quirk (self);
    read_lines (self, text, length, '\r');
  } else {
    read_lines (self, text, length, '\n');
  }
  if (nul != NULL)
    add_nul (self, text, length);
  if (self->n_crlf > 0)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, "crlf", 0, 0,
                         N_ ("The lines end as on Windows. The board does not mind, some other "
                             "programs do."),
                         NULL);
}

char *
flash_layout_dup_wide (const guint8 *bytes, gsize size, gsize *out_length)
{
  const char *encoding = find_wide_encoding (bytes, size);
  char *text = NULL;
  gsize length;

  if (encoding != NULL)
    text = g_convert ((const char *) bytes, (gssize) (size & ~(gsize) 1), "UTF-8", encoding, NULL,
                      &length, NULL);
  /* A conversion that fails says how far it came. */
  if (text != NULL)
    *out_length = length;
  return text;
}

/* UTF-16 is read for people, though the board makes nothing of it. */
static gboolean
read_wide (Reader *self, const guint8 *bytes, gsize size)
{
  gsize length = 0;
  g_autofree char *text = flash_layout_dup_wide (bytes, size, &length);
  FlashDiag *diag;

  if (text == NULL)
    return FALSE;
  diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "utf-16", 0, 0,
                              N_ ("The file is encoded in UTF-16. The board reads single bytes."),
                              NULL);
  flash_diag_set_fix (diag, N_ ("Save the layout as UTF-8 without byte order mark, or as ASCII."),
                      NULL);
  note_quirk (self);
  read_text (self, text, length);
  return TRUE;
}

static void
read_bytes (Reader *self, const guint8 *bytes, gsize size)
{
  FlashDiag *diag;

  if (read_wide (self, bytes, size))
    return;
  if (flash_layout_is_binary (bytes, size)) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "not-text", 0, 0,
                                N_ ("This is not a text, so it is not a FlashLayout."), NULL);
    flash_diag_set_fix (diag, N_ ("Choose the .tsv file that names the images."), NULL);
    note_quirk (self);
    return;
  }
  if (size >= sizeof utf8_mark && memcmp (bytes, utf8_mark, sizeof utf8_mark) == 0) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "byte-order-mark", 1, 1,
                                N_ ("The file begins with a byte order mark. The board takes it "
                                    "for a part of the first cell."),
                                NULL);
    flash_diag_set_fix (diag, N_ ("Save the layout as UTF-8 without byte order mark."), NULL);
    note_quirk (self);
    bytes += sizeof utf8_mark;
    size -= sizeof utf8_mark;
  }
  if (size > 0)
    read_text (self, (const char *) bytes, size);
}

static gboolean
has_answer (FlashDiagList *diags, const char *answer)
{
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    if (g_strcmp0 (flash_diag_get_device_text (flash_diag_list_get (diags, i)), answer) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The board's words are said once, at the fault that leads to them. What else it may say than the
 * answers below is about a cell or a line, and is said there, or comes of a quirk. */
static void
add_verdict (Reader *self)
{
  const char *answer = self->verdict->answer;
  FlashDiag *diag;

  if (answer == NULL || has_answer (self->diags, answer))
    return;
  if (g_str_has_prefix (answer, "Layout: too many partition")) {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "too-many-lines", 0, 0,
                                N_ ("The layout has more than 240 lines. The board counts empty "
                                    "lines too, but not comments."),
                                NULL);
    flash_diag_set_fix (diag, N_ ("Remove empty lines and partitions."), NULL);
  } else if (self->quirk > 0) {
    flash_diag_list_set_device_text (self->diags, self->quirk - 1, answer);
    return;
  } else if (g_str_has_prefix (answer, "Layout: no enought memory")) {
    /* It counts line feeds less comments, and there is nothing else to make up for this one. */
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "comment-at-end", self->line, 0,
                                N_ ("The last line is a comment without line end. The board "
                                    "miscounts the partitions then and refuses the layout."),
                                NULL);
    flash_diag_set_fix (diag, N_ ("End the last line with a line feed."), NULL);
  } else {
    diag = flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, "no-partition", 0, 0,
                                N_ ("There is not a single partition in the layout."), NULL);
  }
  flash_diag_set_device_text (diag, answer);
}

GPtrArray *
flash_layout_read_rows (GBytes *text, const FlashLayoutVerdict *verdict, FlashDiagList *diags)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (text, &size);
  Reader reader = { .verdict = verdict,
                    .diags = diags,
                    .rows = g_ptr_array_new_with_free_func (g_object_unref) };

  if (size > 0)
    read_bytes (&reader, bytes, size);
  add_verdict (&reader);
  return reader.rows;
}
