/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-scrubber"

#include "config.h"

#include "flash-report-scrubber.h"

#include "flash-report-address.h"
#include "flash-report-forms.h"
#include "flash-report-secrets.h"

#include <string.h>

/* A serial number with fewer characters can be part of any other number. */
#define MIN_ANYWHERE 8
/* What is taken out can make a word of what stood beside it. */
#define MAX_ROUNDS 5
/* No number of ours makes a word longer; a serial number of digits in brackets does. */
#define MAX_WORD 12

/* Where the names of users are names of folders. */
static const char *const folders[] = { "/home/", "/media/", "/users/", "/homes/" };

typedef struct {
  FlashReportKind kind;
  gunichar *letters; /* (owned) */
  guint length;
  guint number;
} Pattern;

struct _FlashReportScrubber {
  GPtrArray *patterns; /* (owned) (element-type Pattern): the longest first */
  GPtrArray *hosts; /* (owned) (element-type Pattern): names of this computer, private or not */
  GHashTable *numbers; /* (owned) (element-type utf8): folded serials and addresses */
  guint n_serials;
  guint n_addresses;
  FlashReportPrivacy privacy; /* what has to go */
  gboolean starts[256]; /* whether a pattern begins with a letter that ends in this byte */
  GArray *letters; /* (owned) (element-type FlashReportLetter): the line */
};

/* --- the secrets -------------------------------------------------------------------------- */

static void
free_pattern (gpointer data)
{
  Pattern *pattern = data;

  g_free (pattern->letters);
  g_free (pattern);
}

static int
compare_patterns (gconstpointer a, gconstpointer b)
{
  const Pattern *first = *(const Pattern *const *) a;
  const Pattern *second = *(const Pattern *const *) b;

  if (first->length != second->length)
    return first->length < second->length ? 1 : -1;
  return (int) first->kind - (int) second->kind;
}

static guint
get_number (FlashReportScrubber *self, const char *folded, guint *counter)
{
  gpointer number = g_hash_table_lookup (self->numbers, folded);

  if (number == NULL) {
    number = GUINT_TO_POINTER (++*counter);
    g_hash_table_insert (self->numbers, g_strdup (folded), number);
  }
  return GPOINTER_TO_UINT (number);
}

static Pattern *
new_pattern (FlashReportKind kind, const char *text, guint number)
{
  Pattern *pattern = g_new0 (Pattern, 1);

  pattern->kind = kind;
  pattern->number = number;
  pattern->letters = g_new (gunichar, strlen (text) + 1);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    pattern->letters[pattern->length++] = flash_report_letter_fold (g_utf8_get_char (p));
  return pattern;
}

/* Whether udev writes an underscore instead (udev(7), `ID_SERIAL`). */
static gboolean
is_underscored (gunichar letter)
{
  return letter < 0x80 && !g_ascii_isalnum ((char) letter) &&
         strchr ("#+-.:=@_", (int) letter) == NULL;
}

static void
add_pattern (FlashReportScrubber *self, FlashReportKind kind, const char *text, guint number)
{
  Pattern *pattern;

  if (*text == '\0')
    return;
  pattern = new_pattern (kind, text, number);
  self->starts[pattern->letters[0] & 0xff] = TRUE;
  if (is_underscored (pattern->letters[0]))
    self->starts['_'] = TRUE;
  g_ptr_array_add (self->patterns, pattern);
}

/* Returns: (transfer full): @text with single blanks, as udev writes it. */
static char *
dup_squeezed (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", words[i]);
  return g_strdup (out->str);
}

static void
drop_slash (char *text)
{
  if (g_str_has_suffix (text, "/"))
    text[strlen (text) - 1] = '\0';
}

/* An umlaut is one character or two, whichever program wrote it. */
static void
add_secret (FlashReportScrubber *self, const FlashReportSecret *secret)
{
  g_autofree char *composed = g_utf8_normalize (secret->text, -1, G_NORMALIZE_NFC);
  g_autofree char *taken_apart = g_utf8_normalize (secret->text, -1, G_NORMALIZE_NFD);
  g_autofree char *folded = g_utf8_casefold (composed, -1);
  g_autofree char *squeezed = dup_squeezed (composed);
  FlashReportKind kind = flash_report_secrets_get_kind (secret);
  guint number = 0;

  if (kind == FLASH_REPORT_KIND_HOME) {
    drop_slash (composed);
    drop_slash (taken_apart);
    drop_slash (squeezed);
  }
  if (kind == FLASH_REPORT_KIND_SERIAL)
    number = get_number (self, folded, &self->n_serials);
  add_pattern (self, kind, composed, number);
  if (strcmp (composed, taken_apart) != 0)
    add_pattern (self, kind, taken_apart, number);
  if (strcmp (composed, squeezed) != 0)
    add_pattern (self, kind, squeezed, number);
}

FlashReportScrubber *
flash_report_scrubber_new (GPtrArray *secrets, const FlashReportPrivacy *privacy)
{
  FlashReportScrubber *self = g_new0 (FlashReportScrubber, 1);

  self->patterns = g_ptr_array_new_with_free_func (free_pattern);
  self->hosts = g_ptr_array_new_with_free_func (free_pattern);
  self->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->letters = g_array_new (FALSE, FALSE, sizeof (FlashReportLetter));
  self->privacy = *privacy;
  for (guint i = 0; i < secrets->len; i++) {
    const FlashReportSecret *secret = g_ptr_array_index (secrets, i);

    if (flash_report_secrets_is_wanted (secret, privacy))
      add_secret (self, secret);
    if (strcmp (secret->kind, "host") == 0)
      g_ptr_array_add (self->hosts, new_pattern (FLASH_REPORT_KIND_HOST, secret->text, 0));
  }
  g_ptr_array_sort (self->patterns, compare_patterns);
  return self;
}

void
flash_report_scrubber_free (FlashReportScrubber *self)
{
  g_ptr_array_unref (self->patterns);
  g_ptr_array_unref (self->hosts);
  g_hash_table_unref (self->numbers);
  g_array_unref (self->letters);
  g_free (self);
}

/* --- finding them ------------------------------------------------------------------------- */

static gunichar
get (FlashReportScrubber *self, guint place)
{
  return flash_report_letters_get (self->letters, place);
}

static gboolean
is_in_folder (FlashReportScrubber *self, guint place)
{
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    if (flash_report_letters_has_before (self->letters, place, folders[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_of_code (FlashReportScrubber *self, guint place)
{
  gunichar letter = get (self, place);

  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
}

/* Whether the letters from @place on are a part of a code in brackets, as in `[vm-passthrough]`. */
static gboolean
is_in_code (FlashReportScrubber *self, guint place, guint length)
{
  guint first = place, end = place + length;

  while (first > 0 && is_of_code (self, first - 1))
    first--;
  while (end < self->letters->len && is_of_code (self, end))
    end++;
  return end - first > length && first > 0 && get (self, first - 1) == '[' &&
         end < self->letters->len && get (self, end) == ']';
}

/* Whether the letters at @place are @pattern, and not a part of a longer word. */
static gboolean
is_there (FlashReportScrubber *self, const Pattern *pattern, guint place)
{
  if (pattern->length > self->letters->len - place)
    return FALSE;
  for (guint i = 0; i < pattern->length; i++)
    if (get (self, place + i) != pattern->letters[i] &&
        (get (self, place + i) != '_' || !is_underscored (pattern->letters[i])))
      return FALSE;
  if (pattern->kind == FLASH_REPORT_KIND_SERIAL && pattern->length >= MIN_ANYWHERE)
    return TRUE;
  return !flash_report_letters_is_word (self->letters, place + pattern->length) &&
         (place == 0 || !flash_report_letters_is_word (self->letters, place - 1));
}

static gboolean
is_match (FlashReportScrubber *self, const Pattern *pattern, guint place)
{
  if (!is_there (self, pattern, place))
    return FALSE;
  if (pattern->kind != FLASH_REPORT_KIND_SERIAL && is_in_code (self, place, pattern->length))
    return FALSE;
  switch (pattern->kind) {
  case FLASH_REPORT_KIND_USER_WORD:
    return is_in_folder (self, place) ||
           flash_report_forms_is_account (self->letters, place, pattern->length);
  case FLASH_REPORT_KIND_HOST_WORD:
    return place > 0 && get (self, place - 1) == '@';
  case FLASH_REPORT_KIND_HOME:
  case FLASH_REPORT_KIND_USER:
  case FLASH_REPORT_KIND_HOST:
  case FLASH_REPORT_KIND_SERIAL:
    break;
  }
  return TRUE;
}

static void
append_word (GString *out, const Pattern *pattern)
{
  switch (pattern->kind) {
  case FLASH_REPORT_KIND_HOME:
    g_string_append (out, "<home>");
    break;
  case FLASH_REPORT_KIND_USER:
  case FLASH_REPORT_KIND_USER_WORD:
    g_string_append (out, "<user>");
    break;
  case FLASH_REPORT_KIND_HOST:
  case FLASH_REPORT_KIND_HOST_WORD:
    g_string_append (out, "<host>");
    break;
  case FLASH_REPORT_KIND_SERIAL:
    g_string_append_printf (out, "<serial-%u>", pattern->number);
    break;
  }
}

static gboolean
has_digit (FlashReportScrubber *self, guint place)
{
  return get (self, place) >= '0' && get (self, place) <= '9';
}

/* Returns: how many letters at @place are a word that we have put there, and do not look at again;
 *   0 if they are none. */
static guint
match_word (FlashReportScrubber *self, guint place)
{
  static const char *const plain[] = { "<user>", "<home>", "<host>" };
  static const char *const numbered[] = { "<serial-", "<address-" };

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    if (flash_report_letters_has (self->letters, place, plain[i]))
      return (guint) strlen (plain[i]);
  for (guint i = 0; i < G_N_ELEMENTS (numbered); i++) {
    guint n = (guint) strlen (numbered[i]);

    if (!flash_report_letters_has (self->letters, place, numbered[i]))
      continue;
    while (n < MAX_WORD && has_digit (self, place + n))
      n++;
    if (flash_report_letters_has (self->letters, place + n, ">"))
      return n + 1;
  }
  return 0;
}

/* Returns: (nullable): the longest secret that stands at @place. */
static const Pattern *
find_pattern (FlashReportScrubber *self, guint place)
{
  for (guint i = 0; self->starts[get (self, place) & 0xff] && i < self->patterns->len; i++)
    if (is_match (self, g_ptr_array_index (self->patterns, i), place))
      return g_ptr_array_index (self->patterns, i);
  return NULL;
}

/* Returns: how many letters at @place are a name at this computer, `NAME@host`; 0 if none. */
static guint
match_at_host (FlashReportScrubber *self, guint place)
{
  guint n = 0;

  if (place == 0 || flash_report_forms_match_name (self->letters, place - 1) == 0)
    n = flash_report_forms_match_name (self->letters, place);
  if (n == 0 || get (self, place + n) != '@')
    return 0;
  if (flash_report_letters_has (self->letters, place + n + 1, "<host>"))
    return n;
  for (guint i = 0; i < self->hosts->len; i++)
    if (is_there (self, g_ptr_array_index (self->hosts, i), place + n + 1))
      return n;
  return 0;
}

static guint
match_user (FlashReportScrubber *self, guint place)
{
  guint n = self->privacy.user ? flash_report_forms_match_user (self->letters, place) : 0;

  return n == 0 && self->privacy.user ? match_at_host (self, place) : n;
}

static void
append_numbered (FlashReportScrubber *self, GString *out, guint place, guint n, const char *kind,
                 guint *counter)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_unichar (text, get (self, place + i));
  g_string_append_printf (out, "<%s-%u>", kind, get_number (self, text->str, counter));
}

/* Returns: how many letters at @place are gone; 0 if there is no secret. */
static guint
take_secret (FlashReportScrubber *self, guint place, GString *out)
{
  const Pattern *pattern = find_pattern (self, place);
  guint n = match_user (self, place);

  if (pattern != NULL && pattern->length >= n) {
    append_word (out, pattern);
    return pattern->length;
  }
  if (n > 0) {
    g_string_append (out, "<user>");
    return n;
  }
  if (!self->privacy.serials)
    return 0;
  n = flash_report_forms_match_serial (self->letters, place);
  if (n > 0) {
    append_numbered (self, out, place, n, "serial", &self->n_serials);
    return n;
  }
  n = flash_report_address_match (self->letters, place);
  if (n > 0)
    append_numbered (self, out, place, n, "address", &self->n_addresses);
  return n;
}

static gboolean
clean_line (FlashReportScrubber *self, const char *line, GString *out)
{
  gboolean is_changed = FALSE;
  guint place = 0;

  while (place < self->letters->len) {
    const FlashReportLetter *letter = &g_array_index (self->letters, FlashReportLetter, place);
    guint n_kept = letter->letter == '<' ? match_word (self, place) : 0;
    guint n = n_kept == 0 ? take_secret (self, place, out) : 0;

    is_changed |= n > 0;
    if (n == 0) {
      guint end;

      n = MAX (n_kept, 1);
      end = g_array_index (self->letters, FlashReportLetter, place + n - 1).end;
      g_string_append_len (out, line + letter->start, (gssize) (end - letter->start));
    }
    place += n;
  }
  return is_changed;
}

/* --- texts -------------------------------------------------------------------------------- */

/**
 * clean_writing:
 * @text: (inout): replaced if anything was found
 *
 * Returns: whether it was
 */
static gboolean
clean_writing (FlashReportScrubber *self, char **text, FlashReportWriting writing)
{
  g_autofree char *old = *text;
  GString *out;
  const char *line = old;
  gboolean is_changed = FALSE;

  if (!flash_report_letters_is_written (old, writing)) {
    g_steal_pointer (&old);
    return FALSE;
  }
  out = g_string_sized_new (strlen (old));
  while (*line != '\0') {
    gsize length = strcspn (line, "\n");

    flash_report_letters_read (line, length, writing, self->letters);
    is_changed |= clean_line (self, line, out);
    line += length;
    if (*line == '\n')
      g_string_append_c (out, *line++);
  }
  *text = g_string_free (out, FALSE);
  return is_changed;
}

char *
flash_report_scrubber_clean (FlashReportScrubber *self, const char *text)
{
  char *out = g_strdup (text);
  gboolean is_changed = TRUE;

  for (guint round = 0; round < MAX_ROUNDS && is_changed; round++) {
    is_changed = FALSE;
    for (guint i = 0; i < FLASH_REPORT_N_WRITINGS; i++)
      is_changed |= clean_writing (self, &out, (FlashReportWriting) i);
  }
  return out;
}
