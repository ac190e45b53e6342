/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-address"

#include "config.h"

#include "flash-report-address.h"

#include <gio/gio.h>
#include <string.h>

/* The longest IPv6 address has 39, with an IPv4 address in it 45 (RFC 4291 section 2.2). */
#define MAX_LENGTH 46
#define MAC_LENGTH 17
#define MAC_DIGITS 12

static gboolean
is_hex (gunichar c)
{
  return c < 0x80 && g_ascii_isxdigit ((char) c);
}

/* Returns: how many letters at @place are of those in @set. */
static guint
span (GArray *letters, guint place, const char *set, char *out_text)
{
  guint n = 0;

  while (n < MAX_LENGTH) {
    gunichar c = flash_report_letters_get (letters, place + n);

    if (c == 0 || c >= 0x80 || strchr (set, (int) c) == NULL)
      break;
    out_text[n++] = (char) c;
  }
  out_text[n] = '\0';
  return n;
}

static guint
match_mac (GArray *letters, guint place)
{
  gunichar divider = flash_report_letters_get (letters, place + 2);

  if (divider != ':' && divider != '-')
    return 0;
  for (guint i = 0; i < MAC_LENGTH; i++)
    if (i % 3 == 2 ? flash_report_letters_get (letters, place + i) != divider
                   : !is_hex (flash_report_letters_get (letters, place + i)))
      return 0;
  return is_hex (flash_report_letters_get (letters, place + MAC_LENGTH)) ||
                 flash_report_letters_get (letters, place + MAC_LENGTH) == divider
             ? 0
             : MAC_LENGTH;
}

/* Names that systemd and udev make (systemd.net-naming-scheme(7)). */
static gboolean
is_interface (GArray *letters, guint place)
{
  return place >= 3 && flash_report_letters_get (letters, place - 1) == 'x' &&
         ((flash_report_letters_get (letters, place - 2) == 'n' &&
           flash_report_letters_get (letters, place - 3) == 'e') ||
          (flash_report_letters_get (letters, place - 2) == 'l' &&
           flash_report_letters_get (letters, place - 3) == 'w'));
}

/* U-Boot keeps an address without dividers too: `ethaddr=0080e1425a11`. */
static gboolean
is_named (GArray *letters, guint place)
{
  static const char *const names[] = { "addr", "address", "mac", "ether" };

  while (place > 0 &&
         strchr (" =:\"'", (int) MIN (flash_report_letters_get (letters, place - 1), 0x7f)) != NULL)
    place--;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (flash_report_letters_has_before (letters, place, names[i]))
      return TRUE;
  return FALSE;
}

/**
 * goes_on:
 * @place: behind a colon
 *
 * Returns: whether what is before the colon can be part of an address with colons; a word like
 *   `addr` cannot
 */
static gboolean
goes_on (GArray *letters, guint place)
{
  guint start = place - 1;

  while (start > 0 && is_hex (flash_report_letters_get (letters, start - 1)))
    start--;
  if (start < place - 1)
    return start == 0 || !g_unichar_isalnum (flash_report_letters_get (letters, start - 1));
  return start > 0 && flash_report_letters_get (letters, start - 1) == ':';
}

static guint
match_digits (GArray *letters, guint place)
{
  guint n = 0;

  while (n <= MAC_DIGITS && is_hex (flash_report_letters_get (letters, place + n)))
    n++;
  return n == MAC_DIGITS ? n : 0;
}

/**
 * match_ip:
 * @set: what the address consists of
 * @mark: what there has to be at least two of
 *
 * A full stop or a colon behind it belongs to the sentence.
 */
static guint
match_ip (GArray *letters, guint place, const char *set, char mark)
{
  char text[MAX_LENGTH + 1];
  guint n = span (letters, place, set, text);
  const char *first = strchr (text, mark);

  while (n > 0 && text[n - 1] == mark && !(n > 1 && mark == ':' && text[n - 2] == mark))
    text[--n] = '\0';
  if (first == NULL || strchr (first + 1, mark) == NULL ||
      g_unichar_isalnum (flash_report_letters_get (letters, place + n)))
    return 0;
  /* “::” alone is how C++ writes names. */
  return n > 2 && g_hostname_is_ip_address (text) ? n : 0;
}

guint
flash_report_address_match (GArray *letters, guint place)
{
  gunichar before = place > 0 ? flash_report_letters_get (letters, place - 1) : ' ';
  gunichar earlier = place > 1 ? flash_report_letters_get (letters, place - 2) : ' ';
  guint n = 0;

  if (!is_hex (flash_report_letters_get (letters, place)) &&
      flash_report_letters_get (letters, place) != ':')
    return 0;
  if (is_interface (letters, place))
    return match_digits (letters, place);
  if (!g_unichar_isalnum (before) && is_named (letters, place))
    n = match_digits (letters, place);
  if (n > 0)
    return n;
  /* A port on the way through hubs, “1-2.3.1.4”, looks like one behind its hyphen. */
  if (g_unichar_isalnum (before) || before == '.' || (before == '-' && g_unichar_isdigit (earlier)))
    return 0;
  n = match_ip (letters, place, "0123456789.", '.');
  if (n > 0 || (before == ':' && goes_on (letters, place)))
    return n;
  n = match_mac (letters, place);
  return n > 0 ? n : match_ip (letters, place, "0123456789abcdef:.", ':');
}
