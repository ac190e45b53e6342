/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports from anybody. So that the fuzzer need not learn zip, what begins with a line `json` is
 * taken for a report.json, and what begins with `text` for a text that is made private. Nothing is
 * written to a disk. */
#include "config.h"

#include "flash-fuzz.h"
#include "flash-report-private.h"

#include <string.h>

static const FlashReportPrivacy all = { .user = TRUE, .host = TRUE, .serials = TRUE };

static void
check_line (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strpbrk (text, "\x1b\n\r\a"));
}

static void
check_names (GStrv names)
{
  g_assert_cmpuint (g_strv_length (names), <, FLASH_REPORT_MAX_ENTRIES);
  for (guint i = 0; names[i] != NULL; i++) {
    check_line (names[i]);
    g_assert_null (strpbrk (names[i], "/\\"));
    g_assert_true (*names[i] != '.');
  }
}

/* What was opened can be shown, saved, and opened again. */
static void
check (FlashReport *report)
{
  g_auto (GStrv) texts = flash_report_list_texts (report);
  GPtrArray *moments = flash_report_get_moments (report);
  g_autoptr (GBytes) json = _flash_report_to_json (report);
  g_autoptr (FlashReport) again = flash_report_new ();
  g_autoptr (GBytes) json_again = NULL;
  g_autoptr (GError) error = NULL;

  check_names (texts);
  g_assert_cmpuint (moments->len, <=, FLASH_REPORT_MAX_MOMENTS);
  for (guint i = 0; i < moments->len; i++) {
    const FlashReportMoment *moment = g_ptr_array_index (moments, i);

    check_line (moment->text);
    check_line (moment->source);
  }
  _flash_report_add_json (again, json, &error);
  g_assert_no_error (error);
  json_again = _flash_report_to_json (again);
  g_assert_true (g_bytes_equal (json, json_again));
}

static void
check_private (FlashReport *report)
{
  g_autoptr (FlashReport) private = NULL;
  g_autoptr (FlashReport) again = NULL;
  g_auto (GStrv) texts = NULL;

  flash_report_add_secret (report, "user", "jürgen");
  flash_report_add_secret (report, "host", "bench-42");
  flash_report_add_secret (report, "serial", "003A0028");
  private = flash_report_make_private (report, &all);
  check (private);
  again = flash_report_make_private (private, &all);
  texts = flash_report_list_texts (private);
  for (guint i = 0; texts[i] != NULL; i++) {
    const char *text = flash_report_get_text (private, texts[i]);
    g_autofree char *upper = g_ascii_strup (text, -1);

    g_assert_null (strstr (upper, "003A0028"));
    g_assert_cmpstr (flash_report_get_text (again, texts[i]), ==, text);
  }
}

static void
check_fault (const GError *error)
{
  g_assert_true (error->domain == FLASH_REPORT_ERROR);
  check_line (error->message);
}

static void
try_json (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) json = g_bytes_new (data, size);
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autoptr (GError) error = NULL;

  if (!_flash_report_add_json (report, json, &error)) {
    check_fault (error);
    return;
  }
  check (report);
  check_private (report);
}

static void
try_text (const guint8 *data, gsize size)
{
  g_autofree char *text = g_utf8_make_valid ((const char *) data, (gssize) size);
  g_autoptr (FlashReport) report = flash_report_new ();

  flash_report_add_text (report, "text", text);
  check_private (report);
}

static void
try_zip (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) zip = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashReport) report = _flash_report_open (zip, &error);

  if (report == NULL)
    check_fault (error);
  else
    check (report);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size >= 5 && memcmp (data, "json\n", 5) == 0)
    try_json (data + 5, size - 5);
  else if (size >= 5 && memcmp (data, "text\n", 5) == 0)
    try_text (data + 5, size - 5);
  else
    try_zip (data, size);
  return 0;
}
