/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-secrets"

#include "config.h"

#include "flash-report-secrets.h"

#include <string.h>

/* A name with fewer characters is a part of too much. */
#define MIN_NAME 3

/* Names of users and computers that name nobody, and words of the report itself: without them it
 * could not be read. */
static const char *const common[] = {
  "admin",  "address", "advice", "board",   "computer",    "console", "debian", "desktop",
  "dfu",    "error",   "fedora", "flash",   "guest",       "home",    "host",   "job",
  "kernel", "laptop",  "layout", "linux",   "localhost",   "plan",    "port",   "report",
  "root",   "serial",  "stm",    "stm32",   "test",        "time",    "ubuntu", "unknown",
  "usb",    "user",    "users",  "version", "flashwright",
};

/* Nobody is known by these. */
static const char *const nameless[] = { "root", "localhost", "unknown" };

static gboolean
is_among (const char *text, const char *const *words, gsize n_words)
{
  for (gsize i = 0; i < n_words; i++)
    if (g_ascii_strcasecmp (text, words[i]) == 0)
      return TRUE;
  return FALSE;
}

gboolean
flash_report_secrets_is_common (const char *text)
{
  return is_among (text, common, G_N_ELEMENTS (common));
}

FlashReportKind
flash_report_secrets_get_kind (const FlashReportSecret *secret)
{
  gboolean is_common = flash_report_secrets_is_common (secret->text);

  if (strcmp (secret->kind, "serial") == 0)
    return FLASH_REPORT_KIND_SERIAL;
  if (strcmp (secret->kind, "host") == 0)
    return is_common ? FLASH_REPORT_KIND_HOST_WORD : FLASH_REPORT_KIND_HOST;
  if (*secret->text == '/')
    return FLASH_REPORT_KIND_HOME;
  return is_common || g_utf8_strlen (secret->text, -1) < MIN_NAME ? FLASH_REPORT_KIND_USER_WORD
                                                                  : FLASH_REPORT_KIND_USER;
}

gboolean
flash_report_secrets_is_wanted (const FlashReportSecret *secret, const FlashReportPrivacy *privacy)
{
  if (strcmp (secret->kind, "user") == 0)
    return privacy->user;
  return strcmp (secret->kind, "host") == 0 ? privacy->host : privacy->serials;
}

static void
free_secret (gpointer data)
{
  FlashReportSecret *secret = data;

  g_free (secret->kind);
  g_free (secret->text);
  g_free (secret);
}

GPtrArray *
flash_report_secrets_new (void)
{
  return g_ptr_array_new_with_free_func (free_secret);
}

void
flash_report_secrets_add (GPtrArray *secrets, const char *kind, const char *text)
{
  FlashReportSecret *secret = g_new0 (FlashReportSecret, 1);

  secret->kind = g_strdup (kind);
  secret->text = g_strdup (text);
  g_ptr_array_add (secrets, secret);
}

static gboolean
has_word (GStrv words, const char *text)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (g_ascii_strcasecmp (words[i], text) == 0)
      return TRUE;
  return FALSE;
}

GStrv
flash_report_list_kept (FlashReport *self, const FlashReportPrivacy *privacy)
{
  GPtrArray *secrets;
  GStrv kept;
  guint n = 0;

  g_return_val_if_fail (self != NULL && privacy != NULL, NULL);

  secrets = _flash_report_get_secrets (self);
  kept = g_new0 (char *, secrets->len + 1);
  for (guint i = 0; i < secrets->len; i++) {
    const FlashReportSecret *secret = g_ptr_array_index (secrets, i);
    FlashReportKind kind = flash_report_secrets_get_kind (secret);

    if ((kind == FLASH_REPORT_KIND_USER_WORD || kind == FLASH_REPORT_KIND_HOST_WORD) &&
        flash_report_secrets_is_wanted (secret, privacy) && !has_word (kept, secret->text) &&
        !is_among (secret->text, nameless, G_N_ELEMENTS (nameless)))
      kept[n++] = g_strdup (secret->text);
  }
  return kept;
}
