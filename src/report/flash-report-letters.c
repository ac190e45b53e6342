/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-letters"

#include "config.h"

#include "flash-report-letters.h"

#include <string.h>

/* A character of UTF-8 has up to four bytes. */
#define MAX_BYTES 4

gunichar
flash_report_letter_fold (gunichar c)
{
  return g_unichar_tolower (g_unichar_toupper (c));
}

gboolean
flash_report_letters_is_written (const char *text, FlashReportWriting writing)
{
  switch (writing) {
  case FLASH_REPORT_WRITING_PLAIN:
    return TRUE;
  case FLASH_REPORT_WRITING_URL:
    return strchr (text, '%') != NULL;
  case FLASH_REPORT_WRITING_ESCAPED:
    return strchr (text, '\\') != NULL;
  }
  return FALSE;
}

gunichar
flash_report_letters_get (GArray *letters, guint place)
{
  return place < letters->len ? g_array_index (letters, FlashReportLetter, place).letter : 0;
}

gboolean
flash_report_letters_has (GArray *letters, guint place, const char *text)
{
  for (guint i = 0; text[i] != '\0'; i++)
    if (flash_report_letters_get (letters, place + i) != (gunichar) text[i])
      return FALSE;
  return TRUE;
}

gboolean
flash_report_letters_has_before (GArray *letters, guint place, const char *text)
{
  gsize length = strlen (text);

  return length <= place && flash_report_letters_has (letters, place - (guint) length, text);
}

gboolean
flash_report_letters_is_word (GArray *letters, guint place)
{
  gunichar c = flash_report_letters_get (letters, place);

  return g_unichar_isalnum (c) || g_unichar_ismark (c);
}

/* Returns: the number that @n digits of @base stand for, -1 if they are none. */
static int
read_digits (const char *text, gsize length, gsize n, int base)
{
  int value = 0;

  if (length < n)
    return -1;
  for (gsize i = 0; i < n; i++) {
    int digit = g_ascii_xdigit_value (text[i]);

    if (digit < 0 || digit >= base)
      return -1;
    value = value * base + digit;
  }
  return value;
}

/**
 * read_bytes:
 * @prefix: what stands before the digits of each byte
 * @n_digits: how many there are
 *
 * Returns: how much of @text is one character whose bytes are written as numbers; 0 if none is
 */
static gsize
read_bytes (const char *text, gsize length, const char *prefix, gsize n_digits, int base,
            gunichar *out_letter)
{
  gsize step = strlen (prefix) + n_digits;
  char bytes[MAX_BYTES];

  for (gsize n = 0; n < MAX_BYTES && length >= (n + 1) * step; n++) {
    const char *place = text + n * step;
    int value;
    gunichar letter;

    if (strncmp (place, prefix, strlen (prefix)) != 0)
      return 0;
    value = read_digits (place + strlen (prefix), n_digits, n_digits, base);
    if (value <= 0 || value > 0xff)
      return 0;
    bytes[n] = (char) value;
    letter = g_utf8_get_char_validated (bytes, (gssize) n + 1);
    if (letter == (gunichar) -1)
      return 0;
    if (letter != (gunichar) -2) {
      *out_letter = letter;
      return (n + 1) * step;
    }
  }
  return 0;
}

/* `\u00e4`; above U+FFFF there are two of them, high and low surrogate (RFC 8259 section 7). */
static gsize
read_unicode (const char *text, gsize length, gunichar *out_letter)
{
  int high = length >= 6 && text[1] == 'u' ? read_digits (text + 2, 4, 4, 16) : -1;
  int low;

  if (high <= 0)
    return 0;
  if (high < 0xd800 || high > 0xdfff) {
    *out_letter = (gunichar) high;
    return 6;
  }
  low = length >= 12 && text[6] == '\\' && text[7] == 'u' ? read_digits (text + 8, 4, 4, 16) : -1;
  if (high > 0xdbff || low < 0xdc00 || low > 0xdfff)
    return 0;
  *out_letter = 0x10000 + ((gunichar) (high - 0xd800) << 10) + (gunichar) (low - 0xdc00);
  return 12;
}

static gsize
read_escaped (const char *text, gsize length, gunichar *out_letter)
{
  if (length < 2 || *text != '\\')
    return 0;
  if (strchr ("nrtbf", text[1]) != NULL && text[1] != '\0') {
    *out_letter = ' ';
    return 2;
  }
  if (strchr ("\"\\/", text[1]) != NULL && text[1] != '\0') {
    *out_letter = (gunichar) text[1];
    return 2;
  }
  if (text[1] == 'x')
    return read_bytes (text, length, "\\x", 2, 16, out_letter);
  if (g_ascii_isdigit (text[1]))
    return read_bytes (text, length, "\\", 3, 8, out_letter);
  return read_unicode (text, length, out_letter);
}

/* Returns: how many bytes the next letter takes. */
static gsize
read_letter (const char *text, gsize length, FlashReportWriting writing, gunichar *out_letter)
{
  gsize n = 0;

  switch (writing) {
  case FLASH_REPORT_WRITING_PLAIN:
    break;
  case FLASH_REPORT_WRITING_URL:
    n = read_bytes (text, length, "%", 2, 16, out_letter);
    break;
  case FLASH_REPORT_WRITING_ESCAPED:
    n = read_escaped (text, length, out_letter);
    break;
  }
  if (n > 0)
    return n;
  *out_letter = g_utf8_get_char (text);
  return (gsize) (g_utf8_next_char (text) - text);
}

void
flash_report_letters_read (const char *line, gsize length, FlashReportWriting writing,
                           GArray *letters)
{
  gsize i = 0;

  g_array_set_size (letters, 0);
  while (i < length) {
    FlashReportLetter letter = { .start = (guint) i };
    gunichar c = 0;

    i += read_letter (line + i, length - i, writing, &c);
    letter.letter = flash_report_letter_fold (c);
    letter.end = (guint) i;
    g_array_append_val (letters, letter);
  }
}
