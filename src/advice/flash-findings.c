/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-findings"

#include "config.h"

#include "flash-findings.h"

#include "flash-findings-private.h"

#include <string.h>

/* Of this computer, of the cable to it, of switches and power; a virtual board has none of them. */
static const char *const host_codes[] = {
  "boot-switches-wrong", "boot0-not-sampled",  "bad-cable",      "bus-reset",
  "descriptor-failed",   "modem-manager",      "f0-needs-hub",   "flatpak-no-rule",
  "full-speed-link",     "held-by-vm-program", "low-battery",    "many-hubs",
  "no-hs-second-stage",  "no-power",           "no-udev-rule",   "over-current",
  "port-disturbed",      "port-may-suspend",   "rival-program",  "rom-not-seen",
  "rom-too-fast-host",   "virtual-machine",    "vm-passthrough", NULL,
};

/* What a cause or a candidate says already, so that no note says it again in other words. */
static const struct {
  const char *cause;
  const char *note;
} covered[] = {
  { "vm-passthrough", "virtual-machine" },
  { "no-hs-second-stage", "full-speed-link" },
  { "busy-in-other-program", "rival-program" },
  { "busy-in-other-program", "modem-manager" },
  { "held-by-vm-program", "rival-program" },
  { "held-by-vm-program", "modem-manager" },
  { "bad-cable", "many-hubs" },
  { "descriptor-failed", "many-hubs" },
  { "port-disturbed", "many-hubs" },
  { "f0-needs-hub", "many-hubs" },
  { "no-permission", "no-udev-rule" },
};

static const char *const certainty_names[] = {
  [FLASH_CERTAINTY_NOTHING] = "nothing",
  [FLASH_CERTAINTY_OPEN] = "open",
  [FLASH_CERTAINTY_LIKELY] = "likely",
  [FLASH_CERTAINTY_PROVED] = "proved",
};

const char *
flash_certainty_get_name (FlashCertainty certainty)
{
  g_return_val_if_fail ((guint) certainty < G_N_ELEMENTS (certainty_names), "nothing");

  return certainty_names[certainty];
}

static gboolean
can_be_said (const FlashSymptoms *symptoms, const char *code)
{
  return !symptoms->is_virtual || !g_strv_contains (host_codes, code);
}

static gboolean
fits (const FlashFindingsRule *rule, const FlashSymptoms *symptoms)
{
  if (!can_be_said (symptoms, rule->code))
    return FALSE;
  if (rule->asked != FLASH_OBSERVATION_NONE && symptoms->seen[rule->asked] != rule->answer)
    return FALSE;
  return rule->fits (symptoms);
}

static gboolean
set_cause (FlashFindings *findings, const char *code, FlashCertainty certainty)
{
  findings->cause = flash_advice_find (code);
  if (findings->cause == NULL)
    return FALSE;
  findings->certainty = certainty;
  return TRUE;
}

/* The first of @rules that fits is the cause. */
static gboolean
try_rules (const FlashFindingsRule *rules, const FlashSymptoms *symptoms, FlashFindings *findings)
{
  for (const FlashFindingsRule *rule = rules; rule->code != NULL; rule++)
    if (fits (rule, symptoms))
      return set_cause (findings, rule->code, rule->certainty);
  return FALSE;
}

/* A boot stage itself says what is wrong. */
static gboolean
try_marks (const FlashSymptoms *symptoms, FlashFindings *findings)
{
  if (symptoms->console_mark == NULL)
    return FALSE;
  for (const FlashFindingsMark *mark = flash_findings_marks; mark->mark != NULL; mark++)
    if (g_str_equal (mark->mark, symptoms->console_mark))
      return set_cause (findings, mark->code, FLASH_CERTAINTY_PROVED);
  return FALSE;
}

static gboolean
is_candidate (const FlashFindings *findings, const FlashAdvice *advice)
{
  for (guint i = 0; i < findings->n_candidates; i++)
    if (findings->candidates[i] == advice)
      return TRUE;
  return FALSE;
}

static void
add_candidate (FlashFindings *findings, const char *code)
{
  const FlashAdvice *advice = flash_advice_find (code);

  if (advice == NULL || advice == findings->cause || is_candidate (findings, advice) ||
      findings->n_candidates == FLASH_FINDINGS_MAX_CANDIDATES)
    return;
  findings->candidates[findings->n_candidates++] = advice;
}

static gboolean
can_be_asked (const FlashSymptoms *symptoms, FlashObservation question)
{
  return !symptoms->is_virtual && question != FLASH_OBSERVATION_NONE &&
         symptoms->seen[question] == FLASH_TRI_UNKNOWN;
}

/* Whatever is possible becomes a candidate, and the first open question is asked. */
static void
add_options (const FlashFindingsOption *options, const FlashSymptoms *symptoms,
             FlashFindings *findings)
{
  for (const FlashFindingsOption *option = options; option->code != NULL; option++) {
    guint n_before = findings->n_candidates;

    if (!can_be_said (symptoms, option->code) || !option->is_possible (symptoms) ||
        (option->exclusion != FLASH_TRI_UNKNOWN &&
         symptoms->seen[option->question] == option->exclusion))
      continue;
    add_candidate (findings, option->code);
    if (findings->n_candidates > n_before && findings->question == FLASH_OBSERVATION_NONE &&
        can_be_asked (symptoms, option->question))
      findings->question = option->question;
  }
}

/* What is certain of a board that is away, and no more. */
static const char *
get_certain (const FlashSymptoms *symptoms)
{
  if (symptoms->moment == FLASH_MOMENT_AFTER)
    return symptoms->error_code;
  if (flash_findings_is_first_stage (symptoms))
    return "fsbl-did-not-start";
  if (symptoms->port == FLASH_PORT_SILENT)
    return "board-silent";
  if (symptoms->port == FLASH_PORT_STAYED)
    return "stage-not-left";
  return symptoms->waited_ms < symptoms->patience_ms ? "not-back-yet" : "never-came-back";
}

/* One likely cause is told; if several are, none of them is more than a candidate. */
static gboolean
try_likely (const FlashSymptoms *symptoms, FlashFindings *findings)
{
  const FlashFindingsRule *first = NULL;
  guint n = 0;

  for (const FlashFindingsRule *rule = flash_findings_likely; rule->code != NULL; rule++) {
    if (!fits (rule, symptoms))
      continue;
    if (n++ == 0)
      first = rule;
  }
  return n == 1 && set_cause (findings, first->code, first->certainty);
}

static void
add_likely (const FlashSymptoms *symptoms, FlashFindings *findings)
{
  for (const FlashFindingsRule *rule = flash_findings_likely; rule->code != NULL; rule++)
    if (fits (rule, symptoms))
      add_candidate (findings, rule->code);
}

/* That it is in its ROM is certain; why, only where the console or its files tell. */
static void
judge_restart (const FlashSymptoms *symptoms, FlashFindings *findings)
{
  if (try_marks (symptoms, findings) || try_rules (flash_findings_restarts, symptoms, findings) ||
      !set_cause (findings, "came-back-in-rom", FLASH_CERTAINTY_OPEN))
    return;
  add_options (flash_findings_restart_options, symptoms, findings);
}

static void
judge_away (const FlashSymptoms *symptoms, FlashFindings *findings)
{
  if (try_rules (flash_findings_access, symptoms, findings) ||
      try_rules (flash_findings_proofs, symptoms, findings))
    return;
  if (flash_findings_is_in_rom_again (symptoms)) {
    judge_restart (symptoms, findings);
    return;
  }
  if (try_marks (symptoms, findings) || try_rules (flash_findings_places, symptoms, findings) ||
      try_rules (flash_findings_answers, symptoms, findings) || try_likely (symptoms, findings) ||
      !set_cause (findings, get_certain (symptoms), FLASH_CERTAINTY_OPEN))
    return;
  add_likely (symptoms, findings);
  add_options (flash_findings_options, symptoms, findings);
}

/* Returns: (nullable): what the board's own words mean. */
static const char *
read_device_text (const FlashSymptoms *symptoms)
{
  if (!flash_findings_has_words (symptoms))
    return NULL;
  for (const FlashFindingsText *text = flash_findings_texts; text->code != NULL; text++)
    if (strstr (symptoms->device_text, text->text) != NULL &&
        (text->also == NULL || strstr (symptoms->device_text, text->also) != NULL))
      return text->code;
  return NULL;
}

static void
judge_after (const FlashSymptoms *symptoms, FlashFindings *findings)
{
  const char *meaning = read_device_text (symptoms);

  if (symptoms->error_code == NULL || flash_advice_find (symptoms->error_code) == NULL)
    return;
  if (meaning != NULL && set_cause (findings, meaning, FLASH_CERTAINTY_PROVED))
    return;
  if (flash_findings_ended_lost (symptoms)) {
    judge_away (symptoms, findings);
    return;
  }
  if (flash_findings_is_in_rom_again (symptoms)) {
    judge_restart (symptoms, findings);
    return;
  }
  if ((flash_findings_is_explained (symptoms) && try_marks (symptoms, findings)) ||
      try_rules (flash_findings_ends, symptoms, findings))
    return;
  set_cause (findings, symptoms->error_code, FLASH_CERTAINTY_PROVED);
  add_options (flash_findings_end_options, symptoms, findings);
  if (findings->n_candidates > 0)
    findings->certainty = FLASH_CERTAINTY_OPEN;
}

static void
judge_before (const FlashSymptoms *symptoms, FlashFindings *findings)
{
  if (!try_rules (flash_findings_access, symptoms, findings))
    try_rules (flash_findings_hurdles, symptoms, findings);
}

static gboolean
is_covered (const FlashFindings *findings, const FlashAdvice *note)
{
  if (note == findings->cause || is_candidate (findings, note))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (covered); i++) {
    const FlashAdvice *cause = flash_advice_find (covered[i].cause);

    if (g_str_equal (covered[i].note, note->code) && cause != NULL &&
        (cause == findings->cause || is_candidate (findings, cause)))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_note (const FlashFindings *findings, const FlashAdvice *advice)
{
  for (guint i = 0; i < findings->n_notes; i++)
    if (findings->notes[i] == advice)
      return TRUE;
  return FALSE;
}

static void
add_notes (const FlashSymptoms *symptoms, FlashFindings *findings)
{
  for (const FlashFindingsRule *rule = flash_findings_notes; rule->code != NULL; rule++) {
    const FlashAdvice *advice;

    if (findings->n_notes == FLASH_FINDINGS_MAX_NOTES || !fits (rule, symptoms))
      continue;
    advice = flash_advice_find (rule->code);
    if (advice != NULL && !is_covered (findings, advice) && !is_note (findings, advice))
      findings->notes[findings->n_notes++] = advice;
  }
}

void
flash_findings_judge (const FlashSymptoms *symptoms, FlashFindings *out_findings)
{
  FlashFindings findings = { 0 };

  g_return_if_fail (symptoms != NULL);
  g_return_if_fail (out_findings != NULL);

  switch (symptoms->moment) {
  case FLASH_MOMENT_BEFORE:
    judge_before (symptoms, &findings);
    break;
  case FLASH_MOMENT_AWAY:
    if (symptoms->port != FLASH_PORT_AWAITED)
      judge_away (symptoms, &findings);
    break;
  case FLASH_MOMENT_AFTER:
    judge_after (symptoms, &findings);
    break;
  }
  add_notes (symptoms, &findings);
  *out_findings = findings;
}

gboolean
flash_findings_equal (const FlashFindings *a, const FlashFindings *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a->certainty != b->certainty || a->cause != b->cause || a->question != b->question ||
      a->n_candidates != b->n_candidates || a->n_notes != b->n_notes)
    return FALSE;
  return memcmp (a->candidates, b->candidates, a->n_candidates * sizeof a->candidates[0]) == 0 &&
         memcmp (a->notes, b->notes, a->n_notes * sizeof a->notes[0]) == 0;
}

gboolean
flash_findings_has (const FlashFindings *self, const char *code)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (code != NULL, FALSE);

  if (self->cause != NULL && g_str_equal (self->cause->code, code))
    return TRUE;
  for (guint i = 0; i < self->n_notes; i++)
    if (g_str_equal (self->notes[i]->code, code))
      return TRUE;
  return FALSE;
}
