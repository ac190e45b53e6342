/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-storage-offset"

#include "config.h"

#include "flash-storage-offset.h"

#include <string.h>

#define USUAL_DIGITS 8

static gboolean
has_only (const char *text, const char *chars)
{
  return *text != '\0' && strspn (text, chars) == strlen (text);
}

char *
flash_storage_offset_format (const char *old, guint64 offset)
{
  const char *digits = old;
  gboolean is_hex, is_lower;
  int width = USUAL_DIGITS;

  g_return_val_if_fail (old != NULL, NULL);

  is_hex = old[0] == '0' && (old[1] == 'x' || old[1] == 'X');
  if (is_hex)
    digits += 2;
  else if (has_only (old, "0123456789") && old[0] != '0')
    return g_strdup_printf ("%" G_GUINT64_FORMAT, offset);
  is_lower = is_hex && strpbrk (digits, "abcdef") != NULL && strpbrk (digits, "ABCDEF") == NULL;
  /* A file that pads with zeros has all of one width; one that does not has them as they come. */
  if (is_hex && has_only (digits, "0123456789abcdefABCDEF") && strlen (digits) <= 16 &&
      (digits[0] == '0' ? strlen (digits) > 1 : strlen (digits) != USUAL_DIGITS))
    width = digits[0] == '0' ? (int) strlen (digits) : 1;
  if (is_lower)
    return g_strdup_printf ("0x%0*" G_GINT64_MODIFIER "x", width, offset);
  return g_strdup_printf ("0x%0*" G_GINT64_MODIFIER "X", width, offset);
}
