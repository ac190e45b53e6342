/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-console-splitter"

#include "config.h"

#include "flash-console-splitter.h"

#include "flash-console-plain.h"

#include <string.h>

/* A line that is longer goes on in the next one. Less than the characters that are shown, so that
 * nothing is cut off. */
#define MAX_BYTES (FLASH_CONSOLE_MAX_CHARS - 4)

#define NOISE "[unreadable bytes: the port may run at another speed than 115200]"

struct _FlashConsoleSplitter {
  FlashConsoleSplitterFunc func;
  gpointer data;
  GString *line; /* (owned): what has no end yet */
  gint64 time_us; /* of its first byte */
  gboolean is_noisy; /* that was said, and there was no text since */
};

FlashConsoleSplitter *
flash_console_splitter_new (FlashConsoleSplitterFunc func, gpointer data)
{
  FlashConsoleSplitter *self = g_new0 (FlashConsoleSplitter, 1);

  self->func = func;
  self->data = data;
  self->line = g_string_new (NULL);
  return self;
}

void
flash_console_splitter_free (FlashConsoleSplitter *self)
{
  g_string_free (self->line, TRUE);
  g_free (self);
}

/* A character that came in two pieces stays whole if its line is only cut because it is long. */
static gsize
find_end (const GString *line)
{
  const char *last = g_utf8_find_prev_char (line->str, line->str + line->len);

  if (last != NULL &&
      g_utf8_get_char_validated (last, (gssize) (line->str + line->len - last)) == (gunichar) -2)
    return (gsize) (last - line->str);
  return line->len;
}

static void
tell (FlashConsoleSplitter *self, const char *bytes, gsize length, gint64 time_us)
{
  g_autofree char *text = NULL;
  gboolean was_noisy = self->is_noisy;

  if (flash_console_plain_is_noise (bytes, length))
    self->is_noisy = TRUE;
  else if (flash_console_plain_is_text (bytes, length))
    self->is_noisy = FALSE;
  if (self->is_noisy && was_noisy)
    return;
  text = self->is_noisy ? g_strdup (NOISE) : flash_console_plain_dup (bytes, length);
  if (*text != '\0')
    self->func (text, time_us, self->data);
}

static void
end_line (FlashConsoleSplitter *self, gsize length)
{
  g_autofree char *bytes = g_strndup (self->line->str, length);
  gint64 time_us = self->time_us;

  /* Whoever is told may ask for the rest. */
  g_string_erase (self->line, 0, (gssize) length);
  if (length > 0)
    tell (self, bytes, length, time_us);
}

static void
add_byte (FlashConsoleSplitter *self, char byte, gint64 time_us)
{
  if (byte == '\r' || byte == '\n') {
    end_line (self, self->line->len);
    return;
  }
  /* A line that is switched off and on reads as zeros; nobody has said anything. */
  if (byte == '\0')
    return;
  if (byte == '\b') {
    if (self->line->len > 0)
      g_string_truncate (self->line, self->line->len - 1);
    return;
  }
  if (self->line->len == 0)
    self->time_us = time_us;
  g_string_append_c (self->line, byte);
  if (self->line->len >= MAX_BYTES) {
    end_line (self, find_end (self->line));
    self->time_us = time_us;
  }
}

void
flash_console_splitter_add (FlashConsoleSplitter *self, const char *bytes, gsize length,
                            gint64 time_us)
{
  for (gsize i = 0; i < length; i++)
    add_byte (self, bytes[i], time_us);
}

void
flash_console_splitter_flush (FlashConsoleSplitter *self)
{
  end_line (self, self->line->len);
}

gboolean
flash_console_splitter_has_rest (FlashConsoleSplitter *self)
{
  return self->line->len > 0;
}
