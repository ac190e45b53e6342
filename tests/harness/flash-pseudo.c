/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-pseudo"

#include "config.h"

#include "flash-pseudo.h"

#define LANGUAGE "en_XA"
/* Has no width. */
#define WORD_BREAK 0x200b

/* As in make_pseudo.py, letter by letter. */
static const char *const letters = "aceinosuyzACEINOSUYZ";
static const char *const accented = "áçéîñöšüýžÁÇÉÎÑÖŠÜÝŽ";

gboolean
flash_pseudo_is_on (void)
{
  return g_strcmp0 (g_getenv ("LANGUAGE"), LANGUAGE) == 0;
}

static gunichar
get_plain (gunichar letter)
{
  const char *plain = letters;

  for (const char *next = accented; *next != '\0'; next = g_utf8_next_char (next), plain++)
    if (g_utf8_get_char (next) == letter)
      return (gunichar) *plain;
  return letter;
}

char *
flash_pseudo_dup_plain (const char *text)
{
  g_autoptr (GString) plain = g_string_new (NULL);

  for (const char *next = text; *next != '\0'; next = g_utf8_next_char (next)) {
    gunichar letter = g_utf8_get_char (next);

    if (letter != '[' && letter != ']' && letter != '~' && letter != WORD_BREAK)
      g_string_append_unichar (plain, get_plain (letter));
  }
  return g_string_free (g_steal_pointer (&plain), FALSE);
}

char *
flash_pseudo_dup_outside (const char *text)
{
  g_autoptr (GString) outside = g_string_new (NULL);
  guint depth = 0;

  for (const char *next = text; *next != '\0'; next = g_utf8_next_char (next)) {
    gunichar letter = g_utf8_get_char (next);

    if (letter == '[')
      depth++;
    else if (letter == ']' && depth > 0)
      depth--;
    else if (depth == 0)
      g_string_append_unichar (outside, letter);
  }
  return g_string_free (g_steal_pointer (&outside), FALSE);
}
