/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report"

#include "config.h"

#include "flash-report-private.h"
#include "flash-report-secrets.h"

#include "flash-text.h"

#include <string.h>

#define MAX_NAME_BYTES 100
#define MAX_CODE_BYTES 64
/* Nobody knows what a time line of more than thirty years would be. */
#define MAX_TIME_MS (G_GINT64_CONSTANT (1000) * 1000 * 1000 * 1000)

struct _FlashReport {
  gatomicrefcount references;
  GHashTable *sections; /* (owned) (element-type utf8 JsonNode) */
  GHashTable *texts; /* (owned) (element-type utf8 utf8) */
  gsize text_bytes; /* of all texts */
  GPtrArray *moments; /* (owned) (element-type FlashReportMoment) */
  gsize moment_bytes;
  gboolean is_full; /* no more moments are taken, and that was said */
  GPtrArray *secrets; /* (owned) (element-type FlashReportSecret) */
};

GQuark
flash_report_error_quark (void)
{
  return g_quark_from_static_string ("flash-report-error-quark");
}

void
flash_report_moment_free (FlashReportMoment *self)
{
  g_free (self->source);
  g_free (self->text);
  g_free (self->code);
  g_free (self);
}

static void
put_secret (FlashReport *self, const char *kind, const char *text)
{
  if (*text != '\0' && g_utf8_validate (text, -1, NULL))
    flash_report_secrets_add (self->secrets, kind, text);
}

/* A home folder is often reached by a link, and the kernel names where it leads. */
static void
put_own_secrets (FlashReport *self)
{
  g_autofree char *real_home = realpath (g_get_home_dir (), NULL);

  put_secret (self, "user", g_get_home_dir ());
  if (real_home != NULL)
    put_secret (self, "user", real_home);
  put_secret (self, "user", g_get_user_name ());
  put_secret (self, "user", g_get_real_name ());
  put_secret (self, "host", g_get_host_name ());
}

FlashReport *
flash_report_new (void)
{
  FlashReport *self = g_new0 (FlashReport, 1);

  g_atomic_ref_count_init (&self->references);
  self->sections =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_node_unref);
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->moments = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_report_moment_free);
  self->secrets = flash_report_secrets_new ();
  put_own_secrets (self);
  return self;
}

FlashReport *
flash_report_ref (FlashReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
flash_report_unref (FlashReport *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_hash_table_unref (self->sections);
  g_hash_table_unref (self->texts);
  g_ptr_array_unref (self->moments);
  g_ptr_array_unref (self->secrets);
  g_free (self);
}

/* --- names and words ---------------------------------------------------------------------- */

gboolean
_flash_report_is_code (const char *name)
{
  gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-");

  return length > 0 && length <= MAX_CODE_BYTES && name[length] == '\0';
}

gboolean
_flash_report_is_vocabulary (const char *name)
{
  gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyz-_");

  return length > 0 && length <= MAX_CODE_BYTES && name[length] == '\0';
}

char *
_flash_report_dup_name (const char *name)
{
  g_autofree char *safe = flash_text_sanitize (name, strlen (name), MAX_NAME_BYTES);
  gsize length = strlen (safe);

  /* The ends of a name that some system does not allow, and what hides it on ours. */
  for (gsize i = 0; i < length; i++)
    if (strchr ("/\\:*?\"<>|", safe[i]) != NULL || (safe[i] == '.' && (i == 0 || i == length - 1)))
      safe[i] = '_';
  if (length > MAX_NAME_BYTES)
    *g_utf8_find_prev_char (safe, safe + MAX_NAME_BYTES + 1) = '\0';
  return g_strdup (*safe != '\0' ? safe : "_");
}

static void
append_clean (GString *out, const char *text, gsize length)
{
  g_autofree char *safe = length > 0 ? flash_text_sanitize (text, length, G_MAXSIZE) : NULL;

  if (safe != NULL)
    g_string_append (out, safe);
}

/* Whether the byte at @position stays although it is a control character: a tab, or the end of a
 * line as either system writes it. */
static gboolean
is_kept (const char *text, gsize position, gsize length)
{
  return text[position] == '\t' || text[position] == '\n' ||
         (text[position] == '\r' && position + 1 < length && text[position + 1] == '\n');
}

char *
_flash_report_dup_clean (const char *text, gsize length)
{
  GString *out = g_string_sized_new (length + 1);
  gsize start = 0;

  for (gsize i = 0; i < length; i++)
    if (is_kept (text, i, length)) {
      append_clean (out, text + start, i - start);
      g_string_append_c (out, text[i]);
      start = i + 1;
    }
  append_clean (out, text + start, length - start);
  return g_string_free (out, FALSE);
}

static char *
on_map_clean (const char *text, gpointer data)
{
  return _flash_report_dup_clean (text, strlen (text));
}

static GStrv
list_names (GHashTable *table)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (table), (GCompareFunc) strcmp);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (GList *item = names; item != NULL; item = item->next)
    g_strv_builder_add (builder, item->data);
  return g_strv_builder_end (builder);
}

/* --- what is in it ------------------------------------------------------------------------ */

void
flash_report_add_section (FlashReport *self, const char *name, JsonNode *node)
{
  g_return_if_fail (self != NULL && name != NULL && node != NULL);
  g_return_if_fail (_flash_report_is_code (name));
  g_return_if_fail (JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_ARRAY (node));

  g_hash_table_replace (self->sections, g_strdup (name),
                        _flash_report_map_node (node, on_map_clean, NULL));
  json_node_unref (node);
}

/* Returns: (transfer full): as much of @text as there is room for, with a note if that is not
 * all. */
static char *
cut (char *text, gsize room)
{
  gsize length = strlen (text);
  g_autofree char *note = NULL;
  char *end;

  if (length <= room)
    return text;
  note = g_strdup_printf ("\n[cut: there were %" G_GSIZE_FORMAT " bytes]\n", length);
  /* Half of a secret would not be known for one; so a line stays whole, or goes. */
  end = room > strlen (note) ? text + room - strlen (note) : text;
  while (end > text && *end != '\n')
    end--;
  *end = '\0';
  end = g_strconcat (text, note, NULL);
  g_free (text);
  return end;
}

void
flash_report_add_text (FlashReport *self, const char *name, const char *text)
{
  g_autofree char *safe = NULL;
  char *clean;
  const char *old;

  g_return_if_fail (self != NULL && name != NULL && text != NULL);

  safe = _flash_report_dup_name (name);
  g_return_if_fail (strcmp (safe, FLASH_REPORT_MAIN) != 0);

  old = g_hash_table_lookup (self->texts, safe);
  g_return_if_fail (old != NULL || g_hash_table_size (self->texts) + 1 < FLASH_REPORT_MAX_ENTRIES);

  if (old != NULL)
    self->text_bytes -= strlen (old);
  clean =
      cut (_flash_report_dup_clean (text, strlen (text)),
           MIN (FLASH_REPORT_MAX_ENTRY_BYTES,
                FLASH_REPORT_MAX_TEXT_BYTES - MIN (self->text_bytes, FLASH_REPORT_MAX_TEXT_BYTES)));
  self->text_bytes += strlen (clean);
  g_hash_table_replace (self->texts, g_steal_pointer (&safe), clean);
}

/* Returns: (transfer full): one line; what is too long ends with a whole word. */
static char *
dup_line (const char *text)
{
  g_autofree char *line = flash_text_sanitize (text, strlen (text), FLASH_REPORT_MAX_MOMENT_CHARS);

  if (g_utf8_strlen (line, -1) <= FLASH_REPORT_MAX_MOMENT_CHARS)
    return g_steal_pointer (&line);
  *(strrchr (line, ' ') != NULL ? strrchr (line, ' ') : line) = '\0';
  return g_strconcat (line, " …", NULL);
}

static void
put_moment (FlashReport *self, gint64 time_ms, const char *source, const char *text,
            const char *code)
{
  FlashReportMoment *moment = g_new0 (FlashReportMoment, 1);
  guint place = self->moments->len;

  moment->time_ms = CLAMP (time_ms, -MAX_TIME_MS, MAX_TIME_MS);
  moment->source = g_strdup (source);
  moment->text = dup_line (text);
  moment->code = g_strdup (code);
  self->moment_bytes += strlen (moment->text);
  while (place > 0 &&
         ((FlashReportMoment *) g_ptr_array_index (self->moments, place - 1))->time_ms >
             moment->time_ms)
    place--;
  g_ptr_array_insert (self->moments, (gint) place, moment);
}

void
flash_report_add_moment (FlashReport *self, gint64 time_ms, const char *source, const char *text,
                         const char *code)
{
  g_return_if_fail (self != NULL && source != NULL && text != NULL);
  g_return_if_fail (_flash_report_is_code (source));
  g_return_if_fail (code == NULL || _flash_report_is_code (code));

  if (self->is_full)
    return;
  /* One less, so that the note has room. */
  self->is_full = self->moments->len + 1 >= FLASH_REPORT_MAX_MOMENTS ||
                  self->moment_bytes >= FLASH_REPORT_MAX_MOMENT_BYTES;
  if (self->is_full)
    put_moment (self, time_ms, source, "there was more, which has no room here", NULL);
  else
    put_moment (self, time_ms, source, text, code);
}

void
flash_report_add_secret (FlashReport *self, const char *kind, const char *secret)
{
  g_return_if_fail (self != NULL && kind != NULL && secret != NULL);
  g_return_if_fail (strcmp (kind, "user") == 0 || strcmp (kind, "host") == 0 ||
                    strcmp (kind, "serial") == 0);

  /* Nobody could read what is left if every “st” was taken out. */
  if (g_utf8_validate (secret, -1, NULL) && g_utf8_strlen (secret, -1) >= 3)
    put_secret (self, kind, secret);
}

GPtrArray *
flash_report_get_moments (FlashReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->moments;
}

JsonNode *
flash_report_get_section (FlashReport *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return g_hash_table_lookup (self->sections, name);
}

GStrv
flash_report_list_sections (FlashReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return list_names (self->sections);
}

GStrv
flash_report_list_texts (FlashReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return list_names (self->texts);
}

const char *
flash_report_get_text (FlashReport *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return g_hash_table_lookup (self->texts, name);
}

GPtrArray *
_flash_report_get_secrets (FlashReport *self)
{
  return self->secrets;
}
