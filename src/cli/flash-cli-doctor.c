/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-doctor"

#include "config.h"

#include "flash-cli-doctor.h"

#include "flash-cli-json.h"
#include "flash-doctor-json.h"

#include <glib/gi18n.h>

FlashDoctor *
flash_cli_doctor_new (FlashCliWorld *world, FlashProvider *provider, FlashBoard *board)
{
  return flash_doctor_new (world->root, provider, board);
}

void
flash_cli_doctor_look (FlashDoctor *doctor)
{
  flash_doctor_look (doctor);
  while (flash_doctor_is_looking (doctor))
    g_main_context_iteration (NULL, TRUE);
}

char *
flash_cli_doctor_dup_steps (const FlashAdvice *advice)
{
  g_auto (GStrv) steps = flash_advice_dup_steps (_ (advice->remedy));
  GString *text = g_string_new (NULL);

  for (guint i = 0; steps[i] != NULL; i++) {
    if (steps[1] != NULL)
      g_string_append_printf (text, "  %u. ", i + 1);
    g_string_append_printf (text, "%s\n", steps[i]);
  }
  return g_string_free (text, FALSE);
}

void
flash_cli_doctor_add_steps (JsonBuilder *builder, const FlashAdvice *advice)
{
  g_auto (GStrv) steps = flash_advice_dup_steps (advice->remedy);

  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; steps[i] != NULL; i++)
    json_builder_add_string_value (builder, steps[i]);
  json_builder_end_array (builder);
}

/* The cause, and how certain it is, unless it is proved. */
static char *
dup_cause (const FlashFindings *findings)
{
  const FlashAdvice *advice = findings->cause;
  g_autofree char *steps = flash_cli_doctor_dup_steps (advice);
  g_autofree char *cause = g_strdup_printf ("%s [%s]", _ (advice->cause), advice->code);

  if (findings->certainty == FLASH_CERTAINTY_LIKELY) {
    char *whole = cause;

    /* TRANSLATORS: %s is a whole sentence that says what is wrong. */
    cause = g_strdup_printf (_ ("Probably: %s"), whole);
    g_free (whole);
  }
  return g_strdup_printf ("%s\n%s", cause, steps);
}

/* What it may be, and what would decide. */
static char *
dup_candidates (const FlashFindings *findings)
{
  GString *text = g_string_new (NULL);

  if (findings->n_candidates > 0)
    g_string_append_printf (text, "%s\n", _ ("It may be:"));
  for (guint i = 0; i < findings->n_candidates; i++)
    g_string_append_printf (text, "  – %s [%s]\n", _ (findings->candidates[i]->cause),
                            findings->candidates[i]->code);
  if (findings->question != FLASH_OBSERVATION_NONE)
    g_string_append_printf (text, "%s %s\n", _ ("What would decide:"),
                            _ (flash_observation_get_question (findings->question)));
  return g_string_free (text, FALSE);
}

void
flash_cli_doctor_print_findings (const FlashFindings *findings)
{
  g_autofree char *candidates = dup_candidates (findings);

  if (findings->cause != NULL) {
    g_autofree char *cause = dup_cause (findings);

    g_print ("%s", cause);
  }
  g_print ("%s", candidates);
  for (guint i = 0; i < findings->n_notes; i++)
    g_print (_ ("Also: %s [%s]\n"), _ (findings->notes[i]->cause), findings->notes[i]->code);
}

void
flash_cli_doctor_print (FlashDoctor *doctor)
{
  flash_cli_doctor_print_findings (flash_doctor_get_findings (doctor));
}

gboolean
flash_cli_doctor_knows_better (FlashDoctor *doctor, const char *code)
{
  const FlashFindings *findings = flash_doctor_get_findings (doctor);

  return findings->cause != NULL &&
         (!g_str_equal (findings->cause->code, code) || findings->n_candidates > 0);
}

void
flash_cli_doctor_print_failure (FlashDoctor *doctor, const char *code)
{
  const FlashFindings *findings = flash_doctor_get_findings (doctor);
  g_autofree char *cause = dup_cause (findings);
  g_autofree char *candidates = dup_candidates (findings);

  g_printerr ("\n%s%s", cause, candidates);
  if (!g_str_equal (findings->cause->code, code))
    g_printerr (_ ("The job ended with: %s [%s]\n"), _ (flash_advice_find (code)->cause), code);
}

void
flash_cli_doctor_json (FlashDoctor *doctor)
{
  const FlashFindings *findings = flash_doctor_get_findings (doctor);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "event", "diagnosis");
  flash_doctor_add_findings (doctor, builder);
  if (findings->cause != NULL)
    flash_cli_doctor_add_steps (builder, findings->cause);
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}
