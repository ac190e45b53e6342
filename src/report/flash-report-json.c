/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-json"

#include "config.h"

#include "flash-report-json.h"

#include <string.h>

/* Outside of strings JSON has nothing else (RFC 8259 section 2). The parser knows comments as well,
 * in which quotation marks would mean something else than here. */
#define OUTSIDE " \t\r\n{}[]:,+-.0123456789abcdefghijklmnopqrstuvwxyzE\""

/* Returns: the position of the quotation mark that ends the string which begins at @start, or
 *   @size. */
static gsize
find_end (const char *text, gsize start, gsize size)
{
  gsize i = start + 1;

  while (i < size && text[i] != '"')
    i += text[i] == '\\' ? 2 : 1;
  return MIN (i, size);
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_REFUSED, why);
  return FALSE;
}

static gboolean
set_damaged (GError **error)
{
  g_set_error_literal (error, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_DAMAGED,
                       "the report is damaged: its facts are no JSON");
  return FALSE;
}

gboolean
flash_report_json_check (const char *text, gsize size, GError **error)
{
  guint n_values = 0;
  int depth = 0;

  if (size == 0 || !g_utf8_validate (text, (gssize) size, NULL))
    return set_damaged (error);
  for (gsize i = 0; i < size; i++) {
    char c = text[i];

    if (strchr (OUTSIDE, c) == NULL)
      return set_damaged (error);
    depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    n_values += c == '{' || c == '[' || c == ',';
    if (depth > FLASH_REPORT_JSON_MAX_DEPTH)
      return refuse (error, "the facts of the report are nested too deep");
    if (n_values > FLASH_REPORT_JSON_MAX_VALUES)
      return refuse (error, "the report holds too many facts");
    if (c == '"')
      i = find_end (text, i, size);
  }
  return TRUE;
}
