/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-findings-cases.h"

#include <string.h>

#define FIELD(proof, name)                                                                         \
  {                                                                                                \
    proof, G_STRUCT_OFFSET (FlashSymptoms, name), sizeof ((FlashSymptoms *) NULL)->name            \
  }

/* What a finding may rest on, and where it is. */
static const struct {
  FlashProof proof;
  gsize offset;
  gsize size;
} fields[] = {
  FIELD (FLASH_PROOF_PORT, port),
  FIELD (FLASH_PROOF_ERROR, error_code),
  FIELD (FLASH_PROOF_TEXT, device_text),
  FIELD (FLASH_PROOF_VM, vm),
  FIELD (FLASH_PROOF_EXPECTED, expected),
  FIELD (FLASH_PROOF_ERRNO, descriptor_errno),
  FIELD (FLASH_PROOF_OVER_CURRENTS, n_over_currents),
  FIELD (FLASH_PROOF_MARK, console_mark),
  FIELD (FLASH_PROOF_SEEN, seen),
  FIELD (FLASH_PROOF_FULL_SPEED, is_full_speed),
  FIELD (FLASH_PROOF_WANTS_HIGH_SPEED, wants_high_speed),
  FIELD (FLASH_PROOF_FAMILY, family),
  FIELD (FLASH_PROOF_IMAGE_CHIP, image_chip),
  FIELD (FLASH_PROOF_USB_BOOT, lacks_usb_boot),
  FIELD (FLASH_PROOF_FLOW, has_flow_mismatch),
  FIELD (FLASH_PROOF_STORAGE, exceeds_storage),
  FIELD (FLASH_PROOF_RULE, has_rule),
  FIELD (FLASH_PROOF_FLATPAK, is_flatpak),
  FIELD (FLASH_PROOF_HOLDER, holder),
  FIELD (FLASH_PROOF_ELSEWHERE, elsewhere),
  FIELD (FLASH_PROOF_ERASING, is_erasing),
  FIELD (FLASH_PROOF_HUBS, n_hubs),
  FIELD (FLASH_PROOF_DISCONNECTS, n_disconnects),
  FIELD (FLASH_PROOF_SPEAKS, console_speaks),
  FIELD (FLASH_PROOF_RIVAL, rival),
  FIELD (FLASH_PROOF_BATTERY, battery_percent),
  FIELD (FLASH_PROOF_SUSPEND, can_suspend),
  FIELD (FLASH_PROOF_SERIAL, n_same_serial),
  FIELD (FLASH_PROOF_IMAGE_ID, image_chip_id),
  FIELD (FLASH_PROOF_BYTES, bytes_total),
  FIELD (FLASH_PROOF_STAGE, stage),
};

G_STATIC_ASSERT (G_N_ELEMENTS (fields) == FLASH_N_PROOFS);

/* Makes the field of @proof say that nothing is known. */
static void
clear_facts (FlashSymptoms *symptoms, guint proof)
{
  FlashSymptoms unknown;

  flash_symptoms_init (&unknown, symptoms->moment);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].proof == proof)
      memcpy ((guint8 *) symptoms + fields[i].offset, (const guint8 *) &unknown + fields[i].offset,
              fields[i].size);
}

static char *
dup_candidates (const FlashFindings *findings)
{
  GString *codes = g_string_new (NULL);

  for (guint i = 0; i < findings->n_candidates; i++)
    g_string_append_printf (codes, "%s%s", i == 0 ? "" : " ", findings->candidates[i]->code);
  return g_string_free (codes, FALSE);
}

static const char *
get_cause (const FlashFindings *findings)
{
  return findings->cause == NULL ? NULL : findings->cause->code;
}

/* The situation, and what it means. */
static void
check_case (const FlashFindingsCase *row)
{
  FlashFindings findings;
  g_autofree char *candidates = NULL;

  g_test_message ("%s %s", flash_certainty_get_name (row->certainty),
                  row->code == NULL ? "–" : row->code);
  flash_findings_judge (&row->symptoms, &findings);
  candidates = dup_candidates (&findings);
  g_assert_cmpstr (get_cause (&findings), ==, row->code);
  g_assert_cmpint (findings.certainty, ==, row->certainty);
  g_assert_cmpstr (candidates, ==, row->candidates == NULL ? "" : row->candidates);
  g_assert_cmpstr (flash_observation_get_name (findings.question), ==,
                   flash_observation_get_name (row->question));
  if (row->code != NULL)
    g_assert_true (flash_findings_has (&findings, row->code));
  else if (row->symptoms.moment == FLASH_MOMENT_BEFORE)
    g_assert_cmpuint (findings.n_notes, ==, 0);
}

/* Without any one of the facts that it rests on, nobody may say it. */
static void
check_evidence (const FlashFindingsCase *row)
{
  for (guint i = 0; i < FLASH_N_PROOFS; i++) {
    FlashSymptoms symptoms = row->symptoms;
    FlashFindings findings;
    guint proof = 1U << i;

    if ((row->proof & proof) == 0)
      continue;
    clear_facts (&symptoms, proof);
    flash_findings_judge (&symptoms, &findings);
    if (g_strcmp0 (get_cause (&findings), row->code) == 0)
      g_test_message ("%s is said without proof %u", row->code, i);
    g_assert_cmpstr (get_cause (&findings), !=, row->code);
  }
}

static void
check_table (const FlashFindingsCase *table, guint at_least)
{
  guint n = 0;

  for (const FlashFindingsCase *row = table; row->certainty != FLASH_CASE_END; row++, n++) {
    check_case (row);
    check_evidence (row);
  }
  g_assert_cmpuint (n, >=, at_least);
}

static void
test_away (void)
{
  check_table (flash_findings_cases_away, 55);
}

static void
test_after (void)
{
  check_table (flash_findings_cases_after, 65);
}

static void
test_before (void)
{
  check_table (flash_findings_cases_before, 10);
}

static gboolean
has_note (const FlashSymptoms *symptoms, const char *code)
{
  FlashFindings findings;

  flash_findings_judge (symptoms, &findings);
  for (guint i = 0; i < findings.n_notes; i++)
    if (g_str_equal (findings.notes[i]->code, code))
      return flash_findings_has (&findings, code);
  return FALSE;
}

static void
test_notes (void)
{
  for (const FlashFindingsCase *row = flash_findings_cases_notes; row->certainty != FLASH_CASE_END;
       row++) {
    g_test_message ("%s", row->code);
    g_assert_true (has_note (&row->symptoms, row->code));
    for (guint i = 0; i < FLASH_N_PROOFS; i++) {
      FlashSymptoms symptoms = row->symptoms;

      if ((row->proof & (1U << i)) == 0)
        continue;
      clear_facts (&symptoms, 1U << i);
      g_assert_false (has_note (&symptoms, row->code));
    }
  }
}

/* Yes, no and silence are three different answers. */
static void
test_answers_differ (void)
{
  for (const FlashFindingsCase *row = flash_findings_cases_away; row->certainty != FLASH_CASE_END;
       row++) {
    FlashFindings findings[3];

    if (row->certainty != FLASH_CERTAINTY_OPEN || row->question == FLASH_OBSERVATION_NONE)
      continue;
    for (FlashTri answer = FLASH_TRI_UNKNOWN; answer <= FLASH_TRI_YES; answer++) {
      FlashSymptoms symptoms = row->symptoms;

      symptoms.seen[row->question] = answer;
      flash_findings_judge (&symptoms, &findings[answer]);
    }
    g_test_message ("%s: %s", row->code, flash_observation_get_name (row->question));
    g_assert_false (flash_findings_equal (&findings[FLASH_TRI_UNKNOWN], &findings[FLASH_TRI_NO]));
    g_assert_false (flash_findings_equal (&findings[FLASH_TRI_UNKNOWN], &findings[FLASH_TRI_YES]));
    g_assert_false (flash_findings_equal (&findings[FLASH_TRI_NO], &findings[FLASH_TRI_YES]));
    g_assert_cmpint (findings[FLASH_TRI_NO].question, !=, row->question);
    g_assert_cmpint (findings[FLASH_TRI_YES].question, !=, row->question);
  }
}

static void
test_equal (void)
{
  FlashSymptoms symptoms = { FLASH_CASE_AWAY, .is_layout = TRUE, .port = FLASH_PORT_NOTHING };
  FlashFindings first;
  FlashFindings second;

  flash_findings_judge (&symptoms, &first);
  flash_findings_judge (&symptoms, &second);
  g_assert_true (flash_findings_equal (&first, &second));
  symptoms.battery_percent = 3;
  flash_findings_judge (&symptoms, &second);
  g_assert_false (flash_findings_equal (&first, &second));
  second = first;
  second.candidates[0] = second.candidates[1];
  g_assert_false (flash_findings_equal (&first, &second));
  g_assert_false (flash_findings_has (&first, "no-such-code"));
}

/* What cannot be known yet is not said, and nobody is told to reset a board that may be coming. */
static void
test_patience (void)
{
  FlashSymptoms symptoms = { .moment = FLASH_MOMENT_AWAY,
                             .port = FLASH_PORT_NOTHING,
                             .is_layout = TRUE,
                             .expected = "u-boot",
                             .waited_ms = 59999,
                             .patience_ms = 60000 };
  FlashFindings findings;

  flash_findings_judge (&symptoms, &findings);
  g_assert_cmpstr (findings.cause->code, ==, "not-back-yet");
  g_assert_cmpint (findings.certainty, ==, FLASH_CERTAINTY_OPEN);
  g_assert_null (strstr (findings.cause->remedy, "eset"));
  g_assert_cmpuint (findings.n_candidates, >, 0);
  symptoms.waited_ms = 60000;
  flash_findings_judge (&symptoms, &findings);
  g_assert_cmpstr (findings.cause->code, ==, "never-came-back");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/advice/findings/away", test_away);
  g_test_add_func ("/advice/findings/after", test_after);
  g_test_add_func ("/advice/findings/before", test_before);
  g_test_add_func ("/advice/findings/notes", test_notes);
  g_test_add_func ("/advice/findings/answers-differ", test_answers_differ);
  g_test_add_func ("/advice/findings/equal", test_equal);
  g_test_add_func ("/advice/findings/patience", test_patience);
  return g_test_run ();
}
