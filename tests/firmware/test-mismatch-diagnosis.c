/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-mismatch.h"

typedef struct {
  const char *name;
  FlashEvidence evidence;
  const char *code;
  gboolean is_certain;
  FlashNextStep next;
} Case;

#define ROM .loader = FLASH_LOADER_ROM
#define CUSTOM .loader = FLASH_LOADER_CUSTOM
#define KIND(kind) .mismatch = FLASH_MISMATCH_##kind
#define READING(flash, options)                                                                    \
  .flash_reading = FLASH_READING_##flash, .option_reading = FLASH_READING_##options

static const Case cases[] = {
  /* read protection that the option bytes name */
  { "rdp1-refused",
    { ROM, READING (REFUSED, GOOD), .rdp = FLASH_RDP_READ },
    "read-protected",
    TRUE,
    FLASH_NEXT_UNPROTECT },
  { "rdp2-refused",
    { ROM, READING (REFUSED, GOOD), .rdp = FLASH_RDP_FOREVER },
    "read-protected",
    TRUE,
    FLASH_NEXT_NONE },
  { "u5-drops-writes",
    { ROM, KIND (BLANK), READING (GOOD, GOOD), .rdp = FLASH_RDP_READ, .was_blank = TRUE },
    "read-protected",
    TRUE,
    FLASH_NEXT_UNPROTECT },
  { "rdp1-untouched",
    { ROM, KIND (UNTOUCHED), READING (GOOD, GOOD), .rdp = FLASH_RDP_READ },
    "read-protected",
    TRUE,
    FLASH_NEXT_UNPROTECT },
  { "rdp1-behind-custom-loader",
    { CUSTOM, KIND (UNTOUCHED), READING (GOOD, GOOD), .rdp = FLASH_RDP_READ },
    "read-protected",
    TRUE,
    FLASH_NEXT_REPLACE_LOADER },
  { "rdp1-and-tail",
    { ROM, KIND (TAIL), READING (GOOD, GOOD), .rdp = FLASH_RDP_READ },
    "tail-not-written",
    FALSE,
    FLASH_NEXT_RETRY_SLOWER },
  { "rdp1-and-ram",
    { ROM, KIND (RAM), READING (GOOD, GOOD), .rdp = FLASH_RDP_READ },
    "ram-not-flash",
    TRUE,
    FLASH_NEXT_LEAVE_OUT },
  { "rdp1-all-read",
    { ROM, READING (GOOD, GOOD), .rdp = FLASH_RDP_READ },
    "cannot-read",
    FALSE,
    FLASH_NEXT_RETRY },

  /* reading that is refused, for whichever reason */
  { "f105-both-refused",
    { ROM, READING (REFUSED, REFUSED) },
    "read-refused",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "clone-both-refused",
    { .loader = FLASH_LOADER_CLONE, READING (REFUSED, REFUSED) },
    "read-refused",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "custom-both-refused",
    { CUSTOM, READING (REFUSED, REFUSED) },
    "read-refused",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "f105-other-port-too",
    { ROM, READING (REFUSED, REFUSED), .was_other_port_tried = TRUE },
    "read-refused",
    FALSE,
    FLASH_NEXT_UNPROTECT },
  { "clone-other-port-too",
    { .loader = FLASH_LOADER_CLONE, READING (REFUSED, REFUSED), .was_other_port_tried = TRUE },
    "read-refused",
    FALSE,
    FLASH_NEXT_UNPROTECT },
  { "custom-other-port-too",
    { CUSTOM, READING (REFUSED, REFUSED), .was_other_port_tried = TRUE },
    "read-refused",
    FALSE,
    FLASH_NEXT_REPLACE_LOADER },
  { "other-port-too-but-options-read",
    { ROM, READING (REFUSED, GOOD), .was_other_port_tried = TRUE },
    "read-refused",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "other-port-too-but-not-protected",
    { ROM, READING (REFUSED, REFUSED), .rdp = FLASH_RDP_NONE, .was_other_port_tried = TRUE },
    "read-refused",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "fast-host",
    { ROM, READING (REFUSED, GOOD), .rdp = FLASH_RDP_NONE },
    "read-refused",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "flash-refused-only",
    { ROM, READING (REFUSED, GOOD) },
    "read-refused",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "options-not-tried",
    { ROM, READING (REFUSED, NOT_TRIED) },
    "read-refused",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "options-impossible",
    { ROM, READING (REFUSED, IMPOSSIBLE) },
    "read-refused",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "options-refused-once",
    { ROM, READING (REFUSED, REFUSED_ONCE) },
    "read-refused",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "both-refused-but-known",
    { ROM, READING (REFUSED, REFUSED), .rdp = FLASH_RDP_NONE },
    "read-refused",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "refused-once",
    { ROM, READING (REFUSED_ONCE, GOOD), .rdp = FLASH_RDP_NONE },
    "read-refused",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "only-options-refused",
    { ROM, READING (GOOD, REFUSED) },
    "cannot-read",
    FALSE,
    FLASH_NEXT_RETRY },
  { "skeleton-stalls",
    { CUSTOM, READING (STALLED, IMPOSSIBLE) },
    "loader-without-flash",
    FALSE,
    FLASH_NEXT_REPLACE_LOADER },
  { "own-sectors-stall",
    { ROM, READING (STALLED, IMPOSSIBLE), .has_own_sectors = TRUE },
    "loader-without-flash",
    FALSE,
    FLASH_NEXT_REPLACE_LOADER },
  { "rom-stalls",
    { ROM, READING (STALLED, NOT_TRIED) },
    "cannot-read",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "no-upload",
    { CUSTOM, READING (IMPOSSIBLE, IMPOSSIBLE) },
    "cannot-read",
    FALSE,
    FLASH_NEXT_NONE },
  { "not-tried", { ROM }, "cannot-read", FALSE, FLASH_NEXT_RETRY },

  /* nothing arrived */
  { "wrp",
    { ROM, KIND (UNTOUCHED), READING (GOOD, GOOD), .rdp = FLASH_RDP_NONE, .has_wrp = TRUE,
      .is_write_protected = TRUE },
    "write-protected",
    TRUE,
    FLASH_NEXT_OPTION_BYTES },
  { "wrp-of-one-sector",
    { ROM, KIND (SCATTERED), READING (GOOD, GOOD), .has_wrp = TRUE, .is_write_protected = TRUE },
    "write-protected",
    TRUE,
    FLASH_NEXT_OPTION_BYTES },
  { "wrp-of-last-sector",
    { ROM, KIND (TAIL), READING (GOOD, GOOD), .has_wrp = TRUE, .is_write_protected = TRUE },
    "write-protected",
    TRUE,
    FLASH_NEXT_OPTION_BYTES },
  { "wrp-of-blank-sector",
    { ROM, KIND (BLANK), READING (GOOD, GOOD), .has_wrp = TRUE, .is_write_protected = TRUE },
    "write-protected",
    TRUE,
    FLASH_NEXT_OPTION_BYTES },
  { "wrp-but-erased",
    { ROM, KIND (BLANK), READING (GOOD, GOOD), .rdp = FLASH_RDP_NONE, .has_wrp = TRUE,
      .is_write_protected = TRUE, .was_blank = TRUE },
    "erased-not-written",
    FALSE,
    FLASH_NEXT_RETRY_SLOWER },
  { "wrp-but-shifted",
    { ROM, KIND (SHIFTED), READING (GOOD, GOOD), .has_wrp = TRUE, .is_write_protected = TRUE },
    "written-elsewhere",
    FALSE,
    FLASH_NEXT_RETRY_SLOWER },
  { "wrp-not-known",
    { ROM, KIND (UNTOUCHED), READING (GOOD, NOT_TRIED) },
    "write-protected",
    FALSE,
    FLASH_NEXT_OPTION_BYTES },
  { "wrp-cannot-be-known",
    { ROM, KIND (UNTOUCHED), READING (GOOD, IMPOSSIBLE) },
    "write-protected",
    FALSE,
    FLASH_NEXT_RETRY },
  { "no-wrp",
    { ROM, KIND (UNTOUCHED), READING (GOOD, GOOD), .has_wrp = TRUE },
    "verify-mismatch",
    FALSE,
    FLASH_NEXT_OPTION_BYTES },
  { "untouched-but-erased",
    { ROM, KIND (UNTOUCHED), READING (GOOD, GOOD), .was_blank = TRUE },
    "erased-not-written",
    FALSE,
    FLASH_NEXT_RETRY_SLOWER },
  { "skeleton",
    { CUSTOM, KIND (UNTOUCHED), READING (GOOD, IMPOSSIBLE) },
    "loader-without-flash",
    FALSE,
    FLASH_NEXT_REPLACE_LOADER },
  { "skeleton-on-blank",
    { CUSTOM, KIND (BLANK), READING (GOOD, IMPOSSIBLE) },
    "loader-without-flash",
    FALSE,
    FLASH_NEXT_REPLACE_LOADER },
  { "custom-erases-only",
    { CUSTOM, KIND (BLANK), READING (GOOD, IMPOSSIBLE), .was_blank = TRUE },
    "erased-not-written",
    FALSE,
    FLASH_NEXT_RETRY_SLOWER },
  { "blank-rdp-not-known",
    { ROM, KIND (BLANK), READING (GOOD, NOT_TRIED), .was_blank = TRUE },
    "erased-not-written",
    FALSE,
    FLASH_NEXT_OPTION_BYTES },
  { "blank-rdp-cannot-be-known",
    { ROM, KIND (BLANK), READING (GOOD, STALLED), .was_blank = TRUE },
    "erased-not-written",
    FALSE,
    FLASH_NEXT_RETRY_SLOWER },

  /* something arrived */
  { "tail",
    { ROM, KIND (TAIL), READING (GOOD, GOOD) },
    "tail-not-written",
    FALSE,
    FLASH_NEXT_RETRY_SLOWER },
  { "gap",
    { ROM, KIND (GAP), READING (GOOD, GOOD) },
    "block-not-written",
    FALSE,
    FLASH_NEXT_RETRY },
  { "rdp1-and-gap",
    { ROM, KIND (GAP), READING (GOOD, GOOD), .rdp = FLASH_RDP_READ },
    "block-not-written",
    FALSE,
    FLASH_NEXT_RETRY },
  { "wrp-of-blank-sector-among-others",
    { ROM, KIND (GAP), READING (GOOD, GOOD), .has_wrp = TRUE, .is_write_protected = TRUE },
    "write-protected",
    TRUE,
    FLASH_NEXT_OPTION_BYTES },
  { "shifted",
    { CUSTOM, KIND (SHIFTED), READING (GOOD, IMPOSSIBLE) },
    "written-elsewhere",
    FALSE,
    FLASH_NEXT_RETRY_SLOWER },
  { "scattered",
    { ROM, KIND (SCATTERED), READING (GOOD, GOOD) },
    "scattered-differences",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "unstable",
    { ROM, KIND (UNSTABLE), READING (GOOD, GOOD) },
    "readings-differ",
    FALSE,
    FLASH_NEXT_OTHER_PORT },
  { "ram", { ROM, KIND (RAM), READING (GOOD, GOOD) }, "ram-not-flash", TRUE, FLASH_NEXT_LEAVE_OUT },
};

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  FlashDiagnosis diagnosis = flash_diagnose (&test->evidence);

  g_assert_cmpstr (diagnosis.code, ==, test->code);
  g_assert_cmpstr (flash_next_step_get_name (diagnosis.next), ==,
                   flash_next_step_get_name (test->next));
  g_assert_cmpint (diagnosis.is_certain, ==, test->is_certain);
}

/* --- all there is ------------------------------------------------------------------------- */

static const char *const codes[] = {
  "read-protected",     "read-refused",
  "write-protected",    "loader-without-flash",
  "block-not-written",  "cannot-read",
  "erased-not-written", "tail-not-written",
  "written-elsewhere",  "scattered-differences",
  "readings-differ",    "ram-not-flash",
  "verify-mismatch",    NULL,
};

/* Section 2.8: only on what was read, or when all that could be another cause was ruled out. */
static gboolean
may_offer_unprotect (const FlashEvidence *evidence)
{
  return evidence->rdp == FLASH_RDP_READ ||
         (evidence->was_other_port_tried && evidence->flash_reading == FLASH_READING_REFUSED &&
          evidence->option_reading == FLASH_READING_REFUSED);
}

/* Whether it can be said that something differs. */
static gboolean
was_compared (const FlashEvidence *evidence)
{
  return evidence->mismatch != FLASH_MISMATCH_NONE;
}

static void
check (const FlashEvidence *evidence, guint *n_unprotect)
{
  FlashDiagnosis diagnosis = flash_diagnose (evidence);

  g_assert_true (g_strv_contains (codes, diagnosis.code));
  if (diagnosis.next == FLASH_NEXT_UNPROTECT) {
    g_assert_true (may_offer_unprotect (evidence));
    g_assert_cmpint (evidence->rdp, !=, FLASH_RDP_FOREVER);
    g_assert_cmpint (evidence->rdp, !=, FLASH_RDP_NONE);
    *n_unprotect += 1;
  }
  if (!was_compared (evidence)) {
    const char *const kinds[] = { "read-protected", "read-refused", "loader-without-flash",
                                  "cannot-read", NULL };

    g_assert_true (g_strv_contains (kinds, diagnosis.code));
  } else {
    g_assert_cmpstr (diagnosis.code, !=, "cannot-read");
  }
  g_assert_cmpint (g_str_equal (diagnosis.code, "block-not-written"), ==,
                   evidence->mismatch == FLASH_MISMATCH_GAP &&
                       !(evidence->has_wrp && evidence->is_write_protected));
  /* What is certain, the option bytes or the addresses have said. */
  if (g_str_equal (diagnosis.code, "read-protected"))
    g_assert_true (diagnosis.is_certain && evidence->rdp >= FLASH_RDP_READ);
  else if (g_str_equal (diagnosis.code, "write-protected"))
    g_assert_cmpint (diagnosis.is_certain, ==, evidence->has_wrp && evidence->is_write_protected);
  else
    g_assert_cmpint (diagnosis.is_certain, ==, g_str_equal (diagnosis.code, "ram-not-flash"));
  if (diagnosis.next == FLASH_NEXT_LEAVE_OUT)
    g_assert_cmpint (evidence->mismatch, ==, FLASH_MISMATCH_RAM);
}

static void
test_all (void)
{
  guint n_cases = 0, n_unprotect = 0;

  for (guint i = 0; i < 4u * 9 * 6 * 6 * 4 * 32; i++) {
    guint rest = i;
    FlashEvidence evidence = { 0 };

    evidence.loader = (FlashLoaderKind) (rest % 4);
    evidence.mismatch = (FlashMismatchKind) ((rest /= 4) % 9);
    evidence.flash_reading = (FlashReading) ((rest /= 9) % 6);
    evidence.option_reading = (FlashReading) ((rest /= 6) % 6);
    evidence.rdp = (FlashRdpLevel) ((rest /= 6) % 4);
    rest /= 4;
    evidence.has_wrp = (rest & 1) != 0;
    evidence.is_write_protected = (rest & 2) != 0;
    evidence.was_blank = (rest & 4) != 0;
    evidence.has_own_sectors = (rest & 8) != 0;
    evidence.was_other_port_tried = (rest & 16) != 0;
    check (&evidence, &n_unprotect);
    n_cases++;
  }
  g_assert_cmpuint (n_cases, ==, 165888);
  g_assert_cmpuint (n_unprotect, >, 0);
}

static void
test_names (void)
{
  const char *names[] = { "none",      "retry",     "retry-slower", "other-port",
                          "leave-out", "unprotect", "option-bytes", "replace-loader" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (flash_next_step_get_name ((FlashNextStep) i), ==, names[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/firmware/diagnosis/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/firmware/diagnosis/all", test_all);
  g_test_add_func ("/firmware/diagnosis/names", test_names);
  return g_test_run ();
}
