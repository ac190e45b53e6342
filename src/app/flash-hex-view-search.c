/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-hex-view-search"

#include "config.h"

#include "flash-hex-view-search.h"

#include <string.h>

static GBytes *
parse_digits (const char *text)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  while (*text != '\0') {
    guint8 byte;

    if (g_ascii_isspace (*text) || *text == ',') {
      text++;
      continue;
    }
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X') && g_ascii_isxdigit (text[2]))
      text += 2;
    if (!g_ascii_isxdigit (text[0]) || !g_ascii_isxdigit (text[1]))
      return NULL;
    byte = (guint8) (g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]));
    g_byte_array_append (bytes, &byte, 1);
    text += 2;
  }
  return bytes->len > 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&bytes)) : NULL;
}

GBytes *
flash_hex_view_search_parse (const char *text)
{
  gsize length;
  GBytes *bytes;

  g_return_val_if_fail (text != NULL, NULL);

  length = strlen (text);
  if (length > 2 && text[0] == '"' && text[length - 1] == '"')
    return g_bytes_new (text + 1, length - 2);
  bytes = parse_digits (text);
  if (bytes != NULL || length == 0)
    return bytes;
  return g_bytes_new (text, length);
}

/* Returns: whether it begins within the range; @end is the last place at which it fits, plus 1. */
static gboolean
find_forward (const guint8 *bytes, gsize start, gsize end, GBytes *wanted, gsize *out_offset)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (wanted, &length);
  const guint8 *found;

  if (start >= end)
    return FALSE;
  found = memmem (bytes + start, end - start + length - 1, data, length);
  if (found == NULL)
    return FALSE;
  *out_offset = (gsize) (found - bytes);
  return TRUE;
}

static gboolean
find_backward (const guint8 *bytes, gsize start, gsize end, GBytes *wanted, gsize *out_offset)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (wanted, &length);

  for (gsize at = end; at > start; at--)
    if (bytes[at - 1] == data[0] && memcmp (bytes + at - 1, data, length) == 0) {
      *out_offset = at - 1;
      return TRUE;
    }
  return FALSE;
}

gboolean
flash_hex_view_search_find (GBytes *bytes, GBytes *wanted, gsize from, gboolean is_forward,
                            gsize *out_offset)
{
  gsize size, length, end, split;
  const guint8 *data;

  g_return_val_if_fail (bytes != NULL && wanted != NULL && out_offset != NULL, FALSE);

  data = g_bytes_get_data (bytes, &size);
  length = g_bytes_get_size (wanted);
  if (length == 0 || length > size)
    return FALSE;
  end = size - length + 1;
  split = MIN (is_forward ? from : from + 1, end);
  if (is_forward)
    return find_forward (data, split, end, wanted, out_offset) ||
           find_forward (data, 0, split, wanted, out_offset);
  return find_backward (data, 0, split, wanted, out_offset) ||
         find_backward (data, split, end, wanted, out_offset);
}
