/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a board prints, whole and in pieces: the same lines, safe to show. */
#include "config.h"

#include "flash-console-marks.h"
#include "flash-console-plain.h"
#include "flash-console-splitter.h"
#include "flash-fuzz.h"

#include <string.h>

static void
on_line (const char *text, gint64 time_us, gpointer data)
{
  g_assert_true (*text != '\0');
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, FLASH_CONSOLE_MAX_CHARS);
  for (const char *p = text; *p != '\0'; p++)
    g_assert_true ((guchar) *p >= 0x20 && *p != 0x7f);
  flash_console_mark_find (text);
  g_string_append (data, text);
  g_string_append_c (data, '\n');
}

/* Returns: (transfer full): the lines of what comes in pieces of @step bytes. */
static char *
split (const guint8 *data, gsize size, gsize step)
{
  GString *lines = g_string_new (NULL);
  g_autoptr (FlashConsoleSplitter) splitter = flash_console_splitter_new (on_line, lines);

  for (gsize i = 0; i < size; i += step)
    flash_console_splitter_add (splitter, (const char *) data + i, MIN (step, size - i), 0);
  flash_console_splitter_flush (splitter);
  g_assert_false (flash_console_splitter_has_rest (splitter));
  return g_string_free (lines, FALSE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *whole = split (data, size, MAX (size, 1));
  g_autofree char *bytes = split (data, size, 1);

  g_assert_cmpstr (whole, ==, bytes);
  return 0;
}
