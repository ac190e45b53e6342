/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-privacy"

#include "config.h"

#include "flash-report-private.h"
#include "flash-report-scrubber.h"
#include "flash-report-secrets.h"

#include <string.h>

static char *
on_map_scrub (const char *text, gpointer data)
{
  return flash_report_scrubber_clean (data, text);
}

/* The rest of what a code may have is for a number. */
#define MAX_CODE 56

/* A computer called “vm” must not make another code of `vm-passthrough`. Returns: (transfer full):
 * @code without secrets; a code has no brackets. */
static char *
dup_code (FlashReportScrubber *scrubber, const char *code)
{
  char *clean = _flash_report_is_vocabulary (code) ? g_strdup (code)
                                                   : flash_report_scrubber_clean (scrubber, code);
  char *end = clean;

  for (const char *p = clean; *p != '\0'; p++)
    if (*p != '<' && *p != '>')
      *end++ = *p;
  *end = '\0';
  if (end - clean > MAX_CODE)
    clean[MAX_CODE] = '\0';
  return clean;
}

static void
copy_sections (FlashReport *self, FlashReport *copy, FlashReportScrubber *scrubber)
{
  g_auto (GStrv) names = flash_report_list_sections (self);

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *code = dup_code (scrubber, names[i]);
    g_autofree char *unused = g_strdup (code);

    for (guint n = 2; flash_report_get_section (copy, unused) != NULL; n++) {
      g_free (unused);
      unused = g_strdup_printf ("%s-%u", code, n);
    }
    flash_report_add_section (
        copy, unused,
        _flash_report_map_node (flash_report_get_section (self, names[i]), on_map_scrub, scrubber));
  }
}

/**
 * dup_name:
 * @copy: the new name is none of its texts
 *
 * Not every system takes pointed brackets in the name of a file.
 */
static char *
dup_name (FlashReport *copy, FlashReportScrubber *scrubber, const char *name)
{
  g_autofree char *clean = flash_report_scrubber_clean (scrubber, name);
  char *unused;

  g_strdelimit (clean, "<", '(');
  g_strdelimit (clean, ">", ')');
  unused = _flash_report_dup_name (clean);
  for (guint n = 2; flash_report_get_text (copy, unused) != NULL; n++) {
    g_autofree char *numbered = g_strdup_printf ("%u-%s", n, clean);

    g_free (unused);
    unused = _flash_report_dup_name (numbered);
  }
  return unused;
}

static void
copy_texts (FlashReport *self, FlashReport *copy, FlashReportScrubber *scrubber)
{
  g_auto (GStrv) names = flash_report_list_texts (self);

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *name = dup_name (copy, scrubber, names[i]);
    g_autofree char *text =
        flash_report_scrubber_clean (scrubber, flash_report_get_text (self, names[i]));

    flash_report_add_text (copy, name, text);
  }
}

static void
copy_moments (FlashReport *self, FlashReport *copy, FlashReportScrubber *scrubber)
{
  GPtrArray *moments = flash_report_get_moments (self);

  for (guint i = 0; i < moments->len; i++) {
    const FlashReportMoment *moment = g_ptr_array_index (moments, i);
    g_autofree char *source = dup_code (scrubber, moment->source);
    g_autofree char *text = flash_report_scrubber_clean (scrubber, moment->text);
    g_autofree char *code = moment->code != NULL ? dup_code (scrubber, moment->code) : NULL;

    flash_report_add_moment (copy, moment->time_ms, source, text, code);
  }
}

FlashReport *
flash_report_make_private (FlashReport *self, const FlashReportPrivacy *privacy)
{
  g_autoptr (FlashReportScrubber) scrubber = NULL;
  g_autoptr (GPtrArray) learnt = NULL;
  GPtrArray *secrets;
  FlashReport *copy;

  g_return_val_if_fail (self != NULL && privacy != NULL, NULL);

  secrets = _flash_report_get_secrets (self);
  learnt = flash_report_secrets_learn (self);
  scrubber = flash_report_scrubber_new (learnt, privacy);
  copy = flash_report_new ();
  for (guint i = 0; i < secrets->len; i++) {
    const FlashReportSecret *secret = g_ptr_array_index (secrets, i);

    flash_report_add_secret (copy, secret->kind, secret->text);
  }
  copy_sections (self, copy, scrubber);
  copy_texts (self, copy, scrubber);
  copy_moments (self, copy, scrubber);
  return copy;
}
