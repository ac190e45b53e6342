/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in a report, as texts to be shown: whatever stands in it. */
#define G_LOG_DOMAIN "test-report-words"

#include "config.h"

#include "flash-report-words.h"

#include <gio/gio.h>

static void
test_time (void)
{
  static const struct {
    gint64 time_ms;
    const char *expected;
  } cases[] = {
    { 0, "0:00.000" },        { 999, "0:00.999" }, { 62345, "1:02.345" },
    { 3600000, "60:00.000" }, { -5, "0:00.000" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = flash_report_words_dup_time (cases[i].time_ms);

    g_assert_cmpstr (text, ==, cases[i].expected);
  }
}

static void
test_names (void)
{
  const char *const *sources = flash_report_words_list_sources ();

  g_assert_cmpuint (g_strv_length ((char **) sources), ==, 6);
  for (guint i = 0; sources[i] != NULL; i++) {
    g_assert_cmpstr (flash_report_words_source (sources[i]), !=, sources[i]);
    g_assert_true (g_str_has_suffix (flash_report_words_icon (sources[i]), "-symbolic"));
  }
  g_assert_cmpstr (flash_report_words_source ("other"), ==, "other");
  g_assert_cmpstr (flash_report_words_icon ("other"), ==, "dialog-question-symbolic");
  g_assert_cmpstr (flash_report_words_section ("host"), ==, "This computer");
  g_assert_cmpstr (flash_report_words_section ("other"), ==, "other");
}

static void
test_facts (void)
{
  static const struct {
    const char *json;
    const char *expected;
  } cases[] = {
    { "{}", "" },
    { "{\"a\": 1, \"b\": \"x \\\"y\\\"\", \"c\": null, \"d\": true}",
      "a: 1\nb: x \"y\"\nc: not known\nd: true\n" },
    { "{\"a\": {\"b\": [1, {\"c\": 2}]}}", "a:\n    b:\n        1: 1\n        2:\n"
                                           "            c: 2\n" },
    { "[\"x\"]", "1: x\n" },
    { "{\"a\": \"\\u001b[31m\"}", "a: \357\277\275[31m\n" },
    { "7", "7" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) node = json_from_string (cases[i].json, NULL);
    g_autofree char *text = flash_report_words_dup_facts (node);

    g_assert_cmpstr (text, ==, cases[i].expected);
  }
}

/* As deep as somebody likes. */
static void
test_deep (void)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append (json, "{\"a\":");
  g_string_append_c (json, '1');
  for (guint i = 0; i < 100; i++)
    g_string_append_c (json, '}');
  node = json_from_string (json->str, NULL);
  g_assert_nonnull (node);
  text = flash_report_words_dup_facts (node);
  g_assert_true (g_str_has_suffix (text, "a: …\n"));
  g_assert_cmpuint (strlen (text), <, 2000);
}

static void
test_shown (void)
{
  g_autofree char *line = g_strnfill (2 * FLASH_REPORT_WORDS_LINE_CHARS + 1, 'x');
  g_autofree char *huge = g_strnfill (2 * FLASH_REPORT_WORDS_MAX_CHARS, '\n');
  g_autofree char *short_shown = flash_report_words_dup_shown ("a\nb\n");
  g_autofree char *line_shown = flash_report_words_dup_shown (line);
  g_autofree char *huge_shown = flash_report_words_dup_shown (huge);
  g_auto (GStrv) lines = g_strsplit (line_shown, "\n", -1);

  g_assert_cmpstr (short_shown, ==, "a\nb\n");
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_cmpuint (strlen (lines[0]), ==, FLASH_REPORT_WORDS_LINE_CHARS);
  g_assert_cmpuint (strlen (lines[2]), ==, 1);
  g_assert_cmpuint (strlen (huge_shown), <, FLASH_REPORT_WORDS_MAX_CHARS + 100);
  g_assert_nonnull (strstr (huge_shown, "There is more of it, which is not shown here."));
}

static void
test_refusals (void)
{
  g_autoptr (GError) none =
      g_error_new_literal (FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_NOT_A_REPORT, "x");
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "no way");
  g_autofree char *none_text = flash_report_words_dup_refusal (none);
  g_autofree char *other_text = flash_report_words_dup_refusal (other);

  g_assert_cmpstr (none_text, ==, "It is no report of Flashwright.");
  g_assert_cmpstr (other_text, ==, "It cannot be read. In detail: no way");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-words/time", test_time);
  g_test_add_func ("/report-words/names", test_names);
  g_test_add_func ("/report-words/facts", test_facts);
  g_test_add_func ("/report-words/deep", test_deep);
  g_test_add_func ("/report-words/shown", test_shown);
  g_test_add_func ("/report-words/refusals", test_refusals);
  return g_test_run ();
}
