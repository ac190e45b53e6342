/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of the kernel's messages, one a line, as they are read from /dev/kmsg. */
#include "config.h"

#include "flash-fuzz.h"
#include "flash-host-log.h"

#include <string.h>

#define MAX_CHARS 301

static void
try_record (const char *record)
{
  g_autoptr (FlashHostLogLine) line = flash_host_log_parse (record);

  if (line == NULL)
    return;
  g_assert_cmpint (line->time_us, >=, 0);
  g_assert_cmpint (line->kind, <=, FLASH_HOST_LOG_RESET);
  g_assert_cmpint (line->errno_value, <=, 0);
  g_assert_cmpint (line->errno_value, >=, -4095);
  g_assert_true (g_ascii_isdigit (line->port[0]) && strchr (line->port, '-') != NULL);
  g_assert_cmpuint (strspn (line->port, "0123456789-."), ==, strlen (line->port));
  g_assert_true (g_utf8_validate (line->text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (line->text, -1), <=, MAX_CHARS);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) records = g_strsplit (text, "\n", -1);

  for (guint i = 0; records[i] != NULL; i++)
    try_record (records[i]);
  return 0;
}
