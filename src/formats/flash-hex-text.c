/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-hex-text"

#include "config.h"

#include "flash-hex-text.h"

#include <string.h>

/* Marks a digit in the table below; its value is in the lower half. */
#define DIGIT 0x10

static const guint8 digits[256] = {
  ['0'] = DIGIT | 0x0, ['1'] = DIGIT | 0x1, ['2'] = DIGIT | 0x2, ['3'] = DIGIT | 0x3,
  ['4'] = DIGIT | 0x4, ['5'] = DIGIT | 0x5, ['6'] = DIGIT | 0x6, ['7'] = DIGIT | 0x7,
  ['8'] = DIGIT | 0x8, ['9'] = DIGIT | 0x9, ['A'] = DIGIT | 0xa, ['B'] = DIGIT | 0xb,
  ['C'] = DIGIT | 0xc, ['D'] = DIGIT | 0xd, ['E'] = DIGIT | 0xe, ['F'] = DIGIT | 0xf,
  ['a'] = DIGIT | 0xa, ['b'] = DIGIT | 0xb, ['c'] = DIGIT | 0xc, ['d'] = DIGIT | 0xd,
  ['e'] = DIGIT | 0xe, ['f'] = DIGIT | 0xf,
};

static gboolean
is_line_end (guint8 c)
{
  return c == '\n' || c == '\r';
}

static gboolean
is_blank (guint8 c)
{
  return c == ' ' || c == '\t';
}

/* --- faults ------------------------------------------------------------------------------- */

static FlashDiag *
say (FlashHexText *self, const char *code, const char *template_text)
{
  self->has_failed = TRUE;
  return flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, code, self->line, 0, template_text,
                              NULL);
}

static void
say_damaged (FlashHexText *self, const char *code, const char *template_text)
{
  flash_diag_set_fix (say (self, code, template_text),
                      N_ ("The file is damaged: get it again, or build it again."), NULL);
}

/* Returns: whether that is what is wrong with the line */
static gboolean
say_line_too_long (FlashHexText *self)
{
  g_autofree char *bound = NULL;
  gsize length = 0;

  while (length <= FLASH_HEX_TEXT_MAX_LINE && self->start + length < self->end &&
         !is_line_end (self->start[length]))
    length++;
  if (length <= FLASH_HEX_TEXT_MAX_LINE)
    return FALSE;
  bound = g_strdup_printf ("%d", FLASH_HEX_TEXT_MAX_LINE);
  self->has_failed = TRUE;
  flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, self->codes->line_too_long, self->line, 0,
                       N_ ("The line is longer than {0} characters; no record is."), bound, NULL);
  return TRUE;
}

void
flash_hex_text_say_bad_line (FlashHexText *self, const guint8 *place)
{
  g_autofree char *column = NULL, *character = NULL;

  if (place == self->end) {
    say_damaged (self, self->codes->cut_off, N_ ("The file is cut off: it ends in a record."));
    return;
  }
  if (say_line_too_long (self))
    return;
  column = g_strdup_printf ("%" G_GSIZE_FORMAT, (gsize) (place - self->start) + 1);
  character = g_ascii_isgraph ((char) *place) ? g_strdup_printf ("“%c”", *place)
                                              : g_strdup_printf ("0x%02x", *place);
  self->has_failed = TRUE;
  flash_diag_list_add (self->diags, FLASH_SEVERITY_ERROR, self->codes->bad_line, self->line, 0,
                       N_ ("Character {0} of the line is {1}, which cannot be there."), column,
                       character, NULL);
}

void
flash_hex_text_say_bad_length (FlashHexText *self)
{
  say_damaged (self, self->codes->bad_length,
               N_ ("The record has a length that its kind cannot have."));
}

void
flash_hex_text_say_bad_checksum (FlashHexText *self, guint8 expected)
{
  g_autofree char *found = g_strdup_printf ("0x%02x", self->record[self->n_record - 1]);
  g_autofree char *computed = g_strdup_printf ("0x%02x", expected);
  FlashDiag *diag = flash_diag_list_add (
      self->diags, FLASH_SEVERITY_ERROR, self->codes->bad_checksum, self->line, 0,
      N_ ("The checksum of the record is {0}, that of its bytes is {1}."), found, computed, NULL);

  self->has_failed = TRUE;
  flash_diag_set_fix (diag, N_ ("The file is damaged: get it again, or build it again."), NULL);
}

/* --- reading ------------------------------------------------------------------------------ */

void
flash_hex_text_init (FlashHexText *self, const guint8 *bytes, gsize length,
                     const FlashHexCodes *codes, FlashDiagList *diags)
{
  memset (self, 0, sizeof *self);
  self->at = bytes;
  self->end = bytes + length;
  self->line = 1;
  self->codes = codes;
  self->diags = diags;
  if (length >= 3 && memcmp (bytes, "\xef\xbb\xbf", 3) == 0)
    self->at += 3;
  self->start = self->at;
  if (length >= 2 && (memcmp (bytes, "\xff\xfe", 2) == 0 || memcmp (bytes, "\xfe\xff", 2) == 0 ||
                      (bytes[0] == 0) != (bytes[1] == 0)))
    flash_diag_set_fix (
        say (self, codes->utf16,
             N_ ("The file is text in UTF-16, as some editors on Windows write it.")),
        N_ ("Save it as UTF-8, or build it again."), NULL);
}

/* Behind what ends a text there may be more of it, and nothing else. */
static void
end_text (FlashHexText *self)
{
  const guint8 *place = self->at;

  while (place < self->end &&
         (*place == 0x1a || *place == 0 || is_blank (*place) || is_line_end (*place)))
    place++;
  if (place < self->end)
    flash_hex_text_say_bad_line (self, self->at);
  else
    self->at = self->end;
}

static void
skip_comment (FlashHexText *self)
{
  if (!self->has_comment)
    flash_diag_list_add (self->diags, FLASH_SEVERITY_INFO, self->codes->comment, self->line, 0,
                         N_ ("The file has comments, which not every program can read."), NULL);
  self->has_comment = TRUE;
  if (say_line_too_long (self))
    return;
  while (self->at < self->end && !is_line_end (*self->at))
    self->at++;
}

gboolean
flash_hex_text_find_record (FlashHexText *self, guint8 mark)
{
  while (self->at < self->end && !self->has_failed) {
    guint8 c = *self->at;

    if (c == mark)
      return TRUE;
    if (is_line_end (c)) {
      self->at += c == '\r' && self->at + 1 < self->end && self->at[1] == '\n' ? 2 : 1;
      self->start = self->at;
      self->line++;
    } else if (is_blank (c)) {
      self->at++;
    } else if (c == ';' || c == '#') {
      skip_comment (self);
    } else if (c == 0x1a || c == 0) {
      end_text (self);
    } else {
      flash_hex_text_say_bad_line (self, self->at);
    }
  }
  return FALSE;
}

/* What follows a record, or stands in it instead of a digit. */
static void
say_wrong_end (FlashHexText *self, const guint8 *place, gboolean is_inside)
{
  gboolean is_digit = place < self->end && digits[*place] != 0;

  if (place < self->end && !say_line_too_long (self) &&
      (is_inside ? is_line_end (*place) || is_blank (*place) : is_digit))
    say_damaged (self, self->codes->bad_length,
                 is_inside ? N_ ("The record is shorter than it says itself.")
                           : N_ ("The record is longer than it says itself."));
  else if (!self->has_failed)
    flash_hex_text_say_bad_line (self, place);
}

static const guint8 *
find_other_than_digit (const FlashHexText *self)
{
  const guint8 *place = self->at;

  while (place < self->end && digits[*place] != 0)
    place++;
  return place;
}

gboolean
flash_hex_text_decode (FlashHexText *self, gsize n_extra)
{
  const guint8 *at = self->at;
  gsize left = (gsize) (self->end - at);
  gsize n = left >= 2 ? ((gsize) (digits[at[0]] & 0xf) << 4 | (digits[at[1]] & 0xf)) + n_extra : 1;
  guint8 all = DIGIT, sum = 0;

  /* All digits are looked at together: whether one of them is none is asked once. */
  for (gsize i = 0; i < n && left >= 2 * n; i++, at += 2) {
    guint8 high = digits[at[0]], low = digits[at[1]];

    all &= high & low;
    self->record[i] = (guint8) (high << 4 | (low & 0xf));
    sum = (guint8) (sum + self->record[i]);
  }
  if (left < 2 * n || (all & DIGIT) == 0) {
    say_wrong_end (self, find_other_than_digit (self), TRUE);
    return FALSE;
  }
  while (at < self->end && is_blank (*at))
    at++;
  if (at < self->end && !is_line_end (*at) && *at != 0x1a && *at != 0) {
    say_wrong_end (self, at, FALSE);
    return FALSE;
  }
  self->at = at;
  self->n_record = n;
  self->sum = sum;
  return TRUE;
}
