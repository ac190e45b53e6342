/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-console-plain"

#include "config.h"

#include "flash-console-plain.h"

#include "flash-text.h"

#include <string.h>

#define ESCAPE '\x1b'
/* One byte in so many may be wrong in a line that is text. */
#define NOISE_PART 4
/* By chance a few bytes of noise look like text. */
#define MIN_TEXT 6

/**
 * skip_string:
 *
 * A title or the like (ECMA-48 section 5.6) ends with BEL or with another escape.
 */
static gsize
skip_string (const char *bytes, gsize length)
{
  gsize i = 0;

  while (i < length && bytes[i] != '\a' && bytes[i] != ESCAPE)
    i++;
  return i < length && bytes[i] == '\a' ? i + 1 : i;
}

/* Returns: how many bytes the escape sequence at @bytes takes (ECMA-48 sections 5.3 and 5.4). */
static gsize
skip_escape (const char *bytes, gsize length)
{
  gsize i = 2;

  if (length < 2)
    return length;
  if (bytes[1] == ']')
    return i + skip_string (bytes + i, length - i);
  if (bytes[1] != '[')
    /* `ESC ( B` chooses a character set. */
    return strchr ("()#", bytes[1]) != NULL && length > 2 ? 3 : 2;
  while (i < length && bytes[i] >= 0x20 && bytes[i] <= 0x3f)
    i++;
  return MIN (i + 1, length);
}

char *
flash_console_plain_dup (const char *bytes, gsize length)
{
  g_autoptr (GString) out = g_string_sized_new (length);
  gsize i = 0;

  while (i < length) {
    if (bytes[i] == ESCAPE) {
      i += skip_escape (bytes + i, length - i);
      continue;
    }
    g_string_append_c (out, bytes[i] == '\t' ? ' ' : bytes[i]);
    i++;
  }
  return g_strchomp (flash_text_sanitize (out->str, out->len, FLASH_CONSOLE_MAX_CHARS - 1));
}

/* What belongs to a terminal's own language is no noise. */
static gboolean
is_wrong (gunichar c)
{
  return g_unichar_iscntrl (c) && (c >= 0x80 || strchr ("\t\b\a\x1b", (int) c) == NULL || c == 0);
}

static gsize
count_wrong (const char *bytes, gsize length)
{
  const char *end = bytes + length;
  gsize n_wrong = 0;

  while (bytes < end) {
    gunichar c = g_utf8_get_char_validated (bytes, (gssize) (end - bytes));
    gboolean is_invalid = c == (gunichar) -1 || c == (gunichar) -2;

    n_wrong += is_invalid || is_wrong (c);
    bytes = is_invalid ? bytes + 1 : g_utf8_next_char (bytes);
  }
  return n_wrong;
}

gboolean
flash_console_plain_is_noise (const char *bytes, gsize length)
{
  return count_wrong (bytes, length) * NOISE_PART > length;
}

gboolean
flash_console_plain_is_text (const char *bytes, gsize length)
{
  return length >= MIN_TEXT && count_wrong (bytes, length) == 0;
}
