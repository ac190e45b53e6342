/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a report gives away of secrets that nobody has named: the domain behind the name of the
 * computer, and serial numbers in the kernel's messages. */
#define G_LOG_DOMAIN "flash-report-learn"

#include "config.h"

#include "flash-report-secrets.h"

#include "flash-report-forms.h"

#include <string.h>

/* Bounds for a report that was made to hurt. */
#define MAX_LEARNT 200
#define MAX_SECRET 128
/* A shorter number is a part of too much; it goes only where it stands. */
#define MIN_SERIAL 4
/* The first word of a longer serial number is one of its own only if it is long enough. */
#define MIN_FIRST 6

typedef struct {
  GPtrArray *secrets; /* (transfer none) (element-type FlashReportSecret) */
  GHashTable *known; /* (owned) (element-type utf8): so that none is in it twice */
  GPtrArray *hosts; /* (owned) (element-type utf8): in lower case, ASCII, without a domain */
  GArray *letters; /* (owned) (element-type FlashReportLetter): the line */
  guint n_learnt;
} Learner;

static void
add (Learner *self, const char *kind, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  if (g_hash_table_add (self->known, g_strconcat (kind, " ", folded, NULL)))
    flash_report_secrets_add (self->secrets, kind, text);
}

/* --- the name of the computer ------------------------------------------------------------- */

/* Domains that stand for any network at home. */
static gboolean
is_local (const char *domain)
{
  static const char *const local[] = { "lan",      "local",   "localdomain", "home", "internal",
                                       "intranet", "private", "corp",        "box" };

  for (guint i = 0; i < G_N_ELEMENTS (local); i++)
    if (strcmp (domain, local[i]) == 0)
      return TRUE;
  return FALSE;
}

/* `workbench.tar.gz` is no computer. */
static gboolean
is_ending (const char *label)
{
  static const char *const endings[] = { "bak", "bin", "bmap", "cfg", "conf", "dtb",  "dts",  "elf",
                                         "fip", "gz",  "hex",  "img", "ini",  "itb",  "json", "log",
                                         "old", "raw", "rule", "svg", "tar",  "tsv",  "txt",  "wic",
                                         "xml", "xz",  "zip",  "zst", "dfu",  "rules" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (strcmp (label, endings[i]) == 0)
      return TRUE;
  return FALSE;
}

static void
add_host (Learner *self, const char *name)
{
  const char *dot = strchr (name, '.');
  g_autofree char *first = dot != NULL ? g_strndup (name, (gsize) (dot - name)) : g_strdup (name);
  g_autofree char *lower = g_ascii_strdown (first, -1);
  g_autofree char *domain = dot != NULL ? g_ascii_strdown (dot + 1, -1) : NULL;

  if (*lower != '\0' && g_str_is_ascii (lower))
    g_ptr_array_add (self->hosts, g_steal_pointer (&lower));
  if (dot == NULL)
    return;
  if (*first != '\0')
    add (self, "host", first);
  if (strlen (domain) >= MIN_SERIAL && !is_local (domain))
    add (self, "host", domain);
}

static gboolean
is_label (gunichar c)
{
  return c < 0x80 && (g_ascii_isalnum ((char) c) || c == '-');
}

/* Returns: (transfer full) (nullable): the domain that begins with a full stop at @place. */
static char *
dup_domain (GArray *letters, guint place)
{
  g_autoptr (GString) domain = g_string_new (NULL);
  const char *last;

  while (flash_report_letters_get (letters, place) == '.' &&
         is_label (flash_report_letters_get (letters, place + 1)) && domain->len < MAX_SECRET) {
    g_string_append_c (domain, '.');
    for (place++; is_label (flash_report_letters_get (letters, place)); place++)
      g_string_append_c (domain, (char) flash_report_letters_get (letters, place));
  }
  if (domain->len == 0)
    return NULL;
  g_string_erase (domain, 0, 1);
  last = strrchr (domain->str, '.') != NULL ? strrchr (domain->str, '.') + 1 : NULL;
  if (last == NULL ? !is_local (domain->str)
                   : strlen (last) < 2 || !g_ascii_isalpha (*last) || is_ending (last))
    return NULL;
  return g_strdup (domain->str);
}

static void
learn_domain (Learner *self, const char *host, guint place)
{
  g_autofree char *domain = NULL;
  g_autofree char *name = NULL;

  if (!flash_report_letters_has (self->letters, place, host) ||
      (place > 0 && flash_report_letters_is_word (self->letters, place - 1)))
    return;
  domain = dup_domain (self->letters, place + (guint) strlen (host));
  if (domain == NULL)
    return;
  name = g_strconcat (host, ".", domain, NULL);
  add (self, "host", name);
  if (strchr (domain, '.') != NULL)
    add (self, "host", domain);
  self->n_learnt++;
}

/* --- serial numbers ----------------------------------------------------------------------- */

static void
learn_serial (Learner *self, guint place, guint n, guint min)
{
  g_autoptr (GString) text = NULL;

  if (n < min || n > MAX_SECRET)
    return;
  text = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    g_string_append_unichar (text, flash_report_letters_get (self->letters, place + i));
  if (flash_report_secrets_is_common (text->str))
    return;
  add (self, "serial", text->str);
  self->n_learnt++;
}

static void
learn_serials (Learner *self, guint place)
{
  guint n = flash_report_forms_match_serial (self->letters, place);
  guint n_line = flash_report_forms_match_line (self->letters, place);

  learn_serial (self, place, n_line, MIN_SERIAL);
  learn_serial (self, place, n, n_line > n ? MIN_FIRST : MIN_SERIAL);
}

/* --- the report --------------------------------------------------------------------------- */

static void
learn_line (Learner *self)
{
  for (guint place = 0; place < self->letters->len && self->n_learnt < MAX_LEARNT; place++) {
    learn_serials (self, place);
    for (guint i = 0; i < self->hosts->len; i++)
      learn_domain (self, g_ptr_array_index (self->hosts, i), place);
  }
}

static char *
on_map_learn (const char *text, gpointer data)
{
  Learner *self = data;

  for (guint i = 0; i < FLASH_REPORT_N_WRITINGS; i++) {
    const char *line = text;

    while (flash_report_letters_is_written (text, (FlashReportWriting) i) && *line != '\0') {
      gsize length = strcspn (line, "\n");

      flash_report_letters_read (line, length, (FlashReportWriting) i, self->letters);
      learn_line (self);
      line += length + (line[length] == '\n');
    }
  }
  return g_strdup (text);
}

static void
learn_all (Learner *self, FlashReport *report)
{
  g_auto (GStrv) sections = flash_report_list_sections (report);
  g_auto (GStrv) texts = flash_report_list_texts (report);
  GPtrArray *moments = flash_report_get_moments (report);

  for (guint i = 0; sections[i] != NULL; i++)
    json_node_unref (_flash_report_map_node (flash_report_get_section (report, sections[i]),
                                             on_map_learn, self));
  for (guint i = 0; texts[i] != NULL; i++)
    g_free (on_map_learn (flash_report_get_text (report, texts[i]), self));
  for (guint i = 0; i < moments->len; i++)
    g_free (on_map_learn (((FlashReportMoment *) g_ptr_array_index (moments, i))->text, self));
}

GPtrArray *
flash_report_secrets_learn (FlashReport *self)
{
  g_autoptr (GArray) letters = g_array_new (FALSE, FALSE, sizeof (FlashReportLetter));
  g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *own = _flash_report_get_secrets (self);
  Learner learner = { flash_report_secrets_new (), known, hosts, letters, 0 };

  for (guint i = 0; i < own->len; i++) {
    const FlashReportSecret *secret = g_ptr_array_index (own, i);

    add (&learner, secret->kind, secret->text);
  }
  for (guint i = 0; i < own->len; i++) {
    const FlashReportSecret *secret = g_ptr_array_index (own, i);

    if (strcmp (secret->kind, "host") == 0)
      add_host (&learner, secret->text);
  }
  learn_all (&learner, self);
  return learner.secrets;
}
