/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-text"

#include "config.h"

#include "flash-text.h"

static const char units[] = "KMGTPE";

char *
flash_text_size (guint64 bytes)
{
  guint unit = 0;
  guint64 scale = 1;

  while (unit < strlen (units) && bytes / scale >= 1024) {
    scale *= 1024;
    unit++;
  }

  if (unit == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " B", bytes);
  if (bytes % scale == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " %ciB", bytes / scale, units[unit - 1]);
  return g_strdup_printf ("%.1f %ciB", (double) bytes / (double) scale, units[unit - 1]);
}

char *
flash_text_address (guint64 address)
{
  return g_strdup_printf ("0x%08" G_GINT64_MODIFIER "x", address);
}

char *
flash_text_duration (guint64 seconds)
{
  if (seconds >= 3600)
    return g_strdup_printf ("%" G_GUINT64_FORMAT ":%02u:%02u", seconds / 3600,
                            (guint) (seconds / 60 % 60), (guint) (seconds % 60));
  return g_strdup_printf ("%u:%02u", (guint) (seconds / 60), (guint) (seconds % 60));
}

/* Returns: the factor that a unit stands for, 0 if it is none. */
static guint64
parse_unit (const char *text)
{
  guint64 factor = 1;

  if (*text == '\0' || g_ascii_strcasecmp (text, "B") == 0)
    return 1;
  for (guint i = 0; i < strlen (units); i++) {
    factor *= 1024;
    if (g_ascii_toupper (*text) == units[i] &&
        (text[1] == '\0' || g_ascii_strcasecmp (text + 1, "B") == 0 ||
         g_ascii_strcasecmp (text + 1, "iB") == 0))
      return factor;
  }
  return 0;
}

gboolean
flash_text_parse_size (const char *text, guint64 *out_bytes)
{
  gboolean is_hex = g_str_has_prefix (text, "0x") || g_str_has_prefix (text, "0X");
  gsize length = is_hex ? strlen (text) : strspn (text, "0123456789");
  g_autofree char *digits = g_strndup (text, length);
  guint64 number, bytes;
  guint64 factor = parse_unit (text + length + strspn (text + length, " "));

  if (factor == 0)
    return FALSE;
  if (!g_ascii_string_to_unsigned (is_hex ? digits + 2 : digits, is_hex ? 16 : 10, 0, G_MAXUINT64,
                                   &number, NULL))
    return FALSE;
  if (!g_uint64_checked_mul (&bytes, number, factor))
    return FALSE;

  *out_bytes = bytes;
  return TRUE;
}

char *
flash_text_sanitize (const char *bytes, gsize length, gsize max_chars)
{
  g_autofree char *valid = g_utf8_make_valid (bytes, (gssize) length);
  GString *out = g_string_new (NULL);
  gsize n_chars = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (n_chars++ == max_chars) {
      g_string_append (out, "…");
      break;
    }
    /* Bidirectional controls would let a device reorder our own words. */
    g_string_append_unichar (
        out, g_unichar_isprint (c) && g_unichar_type (c) != G_UNICODE_FORMAT ? c : 0xfffd);
  }
  return g_string_free (out, FALSE);
}
