/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-forms"

#include "config.h"

#include "flash-report-forms.h"

#include <string.h>

static gunichar
get (GArray *letters, guint place)
{
  return flash_report_letters_get (letters, place);
}

static gboolean
is_one_of (gunichar c, const char *set)
{
  return c > 0 && c < 0x80 && strchr (set, (int) c) != NULL;
}

/* --- users -------------------------------------------------------------------------------- */

static gboolean
is_name (GArray *letters, guint place)
{
  return flash_report_letters_is_word (letters, place) || is_one_of (get (letters, place), "._-+$");
}

guint
flash_report_forms_match_name (GArray *letters, guint place)
{
  guint n = 0;

  while (is_name (letters, place + n))
    n++;
  /* It ends the sentence. */
  while (n > 0 && get (letters, place + n - 1) == '.')
    n--;
  return n;
}

/* Returns: where the digits begin that end before @place. */
static guint
skip_digits (GArray *letters, guint place)
{
  while (place > 0 && get (letters, place - 1) >= '0' && get (letters, place - 1) <= '9')
    place--;
  return place;
}

static gboolean
has_word_before (GArray *letters, guint place, const char *word)
{
  guint length = (guint) strlen (word);

  return flash_report_letters_has_before (letters, place, word) &&
         (place == length || !flash_report_letters_is_word (letters, place - length - 1));
}

static gboolean
is_user (GArray *letters, guint place)
{
  static const char *const words[] = { "as user ", "user=", "user=\"", "user='" };
  static const char *const folders[] = { "/home/", "/run/media/" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (has_word_before (letters, place, words[i]))
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    if (flash_report_letters_has_before (letters, place, folders[i]))
      return TRUE;
  if (get (letters, place - 1) != '(')
    return FALSE;
  place = skip_digits (letters, place - 1);
  return has_word_before (letters, place, "uid=") || has_word_before (letters, place, "gid=");
}

guint
flash_report_forms_match_user (GArray *letters, guint place)
{
  if (place == 0 || !is_one_of (get (letters, place - 1), " =\"'/(") || !is_user (letters, place))
    return 0;
  return flash_report_forms_match_name (letters, place);
}

gboolean
flash_report_forms_is_account (GArray *letters, guint place, guint length)
{
  return place > 0 && get (letters, place - 1) == '(' && get (letters, place + length) == ')' &&
         skip_digits (letters, place - 1) < place - 1;
}

/* --- serial numbers ----------------------------------------------------------------------- */

/* Returns: where the blanks and quotation marks begin that end before @place. */
static guint
skip_blanks (GArray *letters, guint place)
{
  while (place > 0 && is_one_of (get (letters, place - 1), " \t\"'"))
    place--;
  return place;
}

/* lsusb: `iSerial`, the index of the string, and the string. */
static gboolean
is_indexed (GArray *letters, guint place)
{
  guint digits = skip_digits (letters, place);

  return digits < place && has_word_before (letters, skip_blanks (letters, digits), "iserial");
}

static gboolean
is_serial (GArray *letters, guint place)
{
  /* The kernel, udevadm, lsusb, dfu-util. `SerialNumber=3` is the index of a string. */
  static const char *const words[] = {
    "serialnumber:",  "id_serial_short=", "attrs{serial}==",
    "attr{serial}==", "iserial:",         "iserial=",
  };
  guint end = skip_blanks (letters, place);

  if (end == 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (has_word_before (letters, end, words[i]))
      return TRUE;
  return has_word_before (letters, place, "serial=\"") ||
         (end < place && is_indexed (letters, end));
}

static gboolean
is_part (GArray *letters, guint place)
{
  return get (letters, place) > ' ' && !is_one_of (get (letters, place), "\"'\\<>,;()[]{}");
}

static gboolean
is_behind (GArray *letters, guint place)
{
  return place > 0 && is_one_of (get (letters, place - 1), " \t\"'=:");
}

guint
flash_report_forms_match_serial (GArray *letters, guint place)
{
  guint n = 0;

  if (!is_behind (letters, place) || !is_part (letters, place) || !is_serial (letters, place))
    return 0;
  while (is_part (letters, place + n))
    n++;
  while (n > 0 && get (letters, place + n - 1) == '.')
    n--;
  return n;
}

guint
flash_report_forms_match_line (GArray *letters, guint place)
{
  guint n = 0;

  if (!is_behind (letters, place) || !is_part (letters, place) ||
      !has_word_before (letters, skip_blanks (letters, place), "serialnumber:"))
    return 0;
  while (is_part (letters, place + n) || get (letters, place + n) == ' ')
    n++;
  while (n > 0 && is_one_of (get (letters, place + n - 1), " ."))
    n--;
  return n;
}
