/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes in pieces, and the lines they make. */
#include "config.h"

#include "flash-console-plain.h"
#include "flash-console-splitter.h"

#include <string.h>

typedef struct {
  FlashConsoleSplitter *splitter;
  GString *lines; /* each with a bar behind it */
  gint64 last_us;
} Fixture;

static void
on_line (const char *text, gint64 time_us, gpointer data)
{
  Fixture *fixture = data;

  g_string_append_printf (fixture->lines, "%s|", text);
  fixture->last_us = time_us;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->splitter = flash_console_splitter_new (on_line, fixture);
  fixture->lines = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  flash_console_splitter_free (fixture->splitter);
  g_string_free (fixture->lines, TRUE);
}

static void
add (Fixture *fixture, const char *text)
{
  flash_console_splitter_add (fixture->splitter, text, strlen (text), 0);
}

static void
test_ends (Fixture *fixture, gconstpointer data)
{
  add (fixture, "one\r\ntwo\nthree\rfour\n\r\r\n\nfive");
  g_assert_cmpstr (fixture->lines->str, ==, "one|two|three|four|");
  g_assert_true (flash_console_splitter_has_rest (fixture->splitter));
  flash_console_splitter_flush (fixture->splitter);
  g_assert_cmpstr (fixture->lines->str, ==, "one|two|three|four|five|");
  g_assert_false (flash_console_splitter_has_rest (fixture->splitter));
  flash_console_splitter_flush (fixture->splitter);
  g_assert_cmpstr (fixture->lines->str, ==, "one|two|three|four|five|");
}

static void
test_times (Fixture *fixture, gconstpointer data)
{
  flash_console_splitter_add (fixture->splitter, "he", 2, 10);
  flash_console_splitter_add (fixture->splitter, "llo\nw", 5, 20);
  g_assert_cmpint (fixture->last_us, ==, 10);
  flash_console_splitter_add (fixture->splitter, "orld\n", 5, 30);
  g_assert_cmpint (fixture->last_us, ==, 20);
}

static void
test_terminal (Fixture *fixture, gconstpointer data)
{
  add (fixture, "\x1b[1;32mSTM32MP>\x1b[0m help  \n");
  add (fixture, "autoboot: 3\b\b 2\b\n");
  add (fixture, "a\tb\x1b]0;title\a!\x1b(Bc\x1b"
                "7d\n");
  add (fixture, "\b\b\x1b[2J\n   \n");
  g_assert_cmpstr (fixture->lines->str, ==, "STM32MP> help|autoboot:|a b!cd|");
}

static void
test_escape_cut (void)
{
  static const struct {
    const char *bytes;
    const char *text;
  } rows[] = {
    { "a\x1b", "a" },
    { "a\x1b[", "a" },
    { "a\x1b[31", "a" },
    { "a\x1b]title", "a" },
    { "a\x1b(", "a" },
    { "a\x1b]x\x1b[31mb", "ab" },
    { "\xc3\xa4 \xff", "ä \xef\xbf\xbd" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = flash_console_plain_dup (rows[i].bytes, strlen (rows[i].bytes));

    g_assert_cmpstr (text, ==, rows[i].text);
  }
}

/* Nothing is lost of a line that is too long, not even half a character. */
static void
test_long (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) sent = g_string_new (NULL);
  g_autofree char *joined = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (sent, i % 7 == 0 ? "x" : "ä€");
  add (fixture, sent->str);
  add (fixture, "\n");
  lines = g_strsplit (fixture->lines->str, "|", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 5);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpint (g_utf8_strlen (lines[i], -1), <=, FLASH_CONSOLE_MAX_CHARS);
  joined = g_strjoinv ("", lines);
  g_assert_cmpstr (joined, ==, sent->str);
}

/* The same every time, and with every byte. */
static void
add_noise (Fixture *fixture, guint n_bytes)
{
  guint32 state = 12345;

  for (guint i = 0; i < n_bytes; i++) {
    char byte;

    state = state * 1664525 + 1013904223;
    byte = (char) (state >> 24);
    flash_console_splitter_add (fixture->splitter, &byte, 1, 0);
  }
  flash_console_splitter_flush (fixture->splitter);
}

static void
test_noise (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) lines = NULL;

  add (fixture, "all is well\n");
  add_noise (fixture, 1000000);
  add (fixture, "NOTICE:  CPU: STM32MP157CAC Rev.B\n");
  lines = g_strsplit (fixture->lines->str, "|", -1);
  g_assert_cmpstr (lines[0], ==, "all is well");
  g_assert_nonnull (strstr (lines[1], "another speed"));
  g_assert_cmpuint (g_strv_length (lines), <, 30);
  g_assert_true (g_str_has_suffix (fixture->lines->str, "|NOTICE:  CPU: STM32MP157CAC Rev.B|"));
}

/* A board that is switched on sends a zero or two; a single wrong byte is no noise. */
static void
test_glitch (Fixture *fixture, gconstpointer data)
{
  flash_console_splitter_add (fixture->splitter, "\0\0\0\n", 4, 0);
  g_assert_cmpstr (fixture->lines->str, ==, "");
  add (fixture, "NOTICE:\xff hello\n");
  g_assert_cmpstr (fixture->lines->str, ==, "NOTICE:\xef\xbf\xbd hello|");
}

static void
on_line_flush (const char *text, gint64 time_us, gpointer data)
{
  Fixture *fixture = data;

  on_line (text, time_us, data);
  flash_console_splitter_flush (fixture->splitter);
}

static void
test_again (Fixture *fixture, gconstpointer data)
{
  flash_console_splitter_free (fixture->splitter);
  fixture->splitter = flash_console_splitter_new (on_line_flush, fixture);
  add (fixture, "one\ntwo\n");
  g_assert_cmpstr (fixture->lines->str, ==, "one|two|");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/console-splitter/ends", test_ends);
  ADD ("/console-splitter/times", test_times);
  ADD ("/console-splitter/terminal", test_terminal);
  g_test_add_func ("/console-splitter/escape-cut", test_escape_cut);
  ADD ("/console-splitter/long", test_long);
  ADD ("/console-splitter/noise", test_noise);
  ADD ("/console-splitter/glitch", test_glitch);
  ADD ("/console-splitter/again", test_again);
  return g_test_run ();
}
