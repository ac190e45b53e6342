/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words about jobs on microcontrollers and what came of them. */
#define G_LOG_DOMAIN "test-firmware-results"

#include "config.h"

#include "flash-mcu-words.h"
#include "flash-words.h"

#define KIB 1024u

static void
test_job_words (void)
{
  for (int step = 0; step < FLASH_MCU_N_STEPS; step++)
    g_assert_cmpstr (flash_mcu_words_step ((FlashMcuStep) step), !=, "");
  for (int activity = FLASH_ACTIVITY_CONNECTING; activity <= FLASH_ACTIVITY_PAUSED; activity++) {
    const FlashSnapshot snapshot = { .activity = (FlashActivity) activity, .address = 0x08004000 };
    g_autofree char *text = flash_mcu_words_dup_status (&snapshot);

    g_assert_true (g_str_has_suffix (text, "… 0x08004000"));
  }
}

static void
test_success (void)
{
  const FlashMcuJob job = { .verb = FLASH_MCU_PROGRAM, .verifies = TRUE, .starts = TRUE };
  const FlashMcuResult good = {
    .is_written = TRUE,
    .is_verified = TRUE,
    .is_started = TRUE,
    .n_sectors = 5,
    .n_erased = 2,
    .n_unchanged = 3,
    .bytes_written = 32 * KIB,
    .bytes_verified = 80 * KIB,
    .bytes_kept = KIB,
    .state = FLASH_MCU_STATE_STARTED,
  };
  FlashMcuFact fact;
  g_autofree char *written = flash_mcu_words_dup_written (&good, FALSE, &fact);
  g_autofree char *verified = NULL;
  g_autofree char *started = NULL;

  g_assert_cmpint (fact, ==, FLASH_MCU_FACT_YES);
  g_assert_cmpstr (written, ==,
                   "32 KiB; 2 of 5 sectors changed, 3 were right already\n1 KiB of other data were "
                   "kept");
  verified = flash_mcu_words_dup_verified (&job, &good, &fact);
  g_assert_cmpint (fact, ==, FLASH_MCU_FACT_YES);
  g_assert_cmpstr (verified, ==, "Yes, 80 KiB read back and compared");
  started = flash_mcu_words_dup_started (&job, &good, &fact);
  g_assert_cmpint (fact, ==, FLASH_MCU_FACT_YES);
  g_assert_cmpstr (started, ==, "Yes, it has left its boot loader");
  g_assert_cmpstr (flash_mcu_words_success (&job, &good), ==, "Written and verified");
  g_assert_null (flash_mcu_words_dup_difference (&good));
}

/* Nothing is said to be done that was not. */
static void
test_facts (void)
{
  const FlashMcuJob asked = { .verifies = TRUE, .starts = TRUE };
  const FlashMcuJob unasked = { .verifies = FALSE, .starts = FALSE };
  const FlashMcuResult nothing = { .state = FLASH_MCU_STATE_UNTOUCHED };
  const FlashMcuResult erased = { .n_sectors = 2, .n_erased = 1 };
  const FlashMcuResult half = { .n_sectors = 2, .bytes_written = KIB };
  const FlashMcuResult same = { .is_up_to_date = TRUE, .is_verified = TRUE };
  const FlashMcuResult differs = { .is_written = TRUE,
                                   .mismatch.kind = FLASH_MISMATCH_TAIL,
                                   .state = FLASH_MCU_STATE_NEEDS_RESET };
  const struct {
    const FlashMcuResult *result;
    const FlashMcuJob *job;
    const char *written;
    FlashMcuFact written_fact;
    const char *verified;
    FlashMcuFact verified_fact;
    const char *started;
  } cases[] = {
    { &nothing, &asked, "Nothing", FLASH_MCU_FACT_NO, "No, it did not come to that",
      FLASH_MCU_FACT_NO, "No" },
    { &erased, &unasked, "Nothing yet, but sectors were erased", FLASH_MCU_FACT_NO, "Not asked for",
      FLASH_MCU_FACT_OPEN, "Not asked for" },
    { &half, &asked, "Not all: the board took 1 KiB", FLASH_MCU_FACT_NO,
      "No, it did not come to that", FLASH_MCU_FACT_NO, "No" },
    { &same, &asked, "Nothing had to be: everything was there already", FLASH_MCU_FACT_YES,
      "Yes, 0 B read back and compared", FLASH_MCU_FACT_YES, "No" },
    { &differs, &asked, "Nothing", FLASH_MCU_FACT_NO, "No, what was read back differs",
      FLASH_MCU_FACT_NO, "Not yet, it needs a reset" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FlashMcuFact written_fact, verified_fact, started_fact;
    g_autofree char *written = flash_mcu_words_dup_written (cases[i].result, TRUE, &written_fact);
    g_autofree char *verified =
        flash_mcu_words_dup_verified (cases[i].job, cases[i].result, &verified_fact);
    g_autofree char *started =
        flash_mcu_words_dup_started (cases[i].job, cases[i].result, &started_fact);

    g_test_message ("case %u", i);
    g_assert_cmpstr (written, ==, cases[i].written);
    g_assert_cmpint (written_fact, ==, cases[i].written_fact);
    g_assert_cmpstr (verified, ==, cases[i].verified);
    g_assert_cmpint (verified_fact, ==, cases[i].verified_fact);
    g_assert_cmpstr (started, ==, cases[i].started);
    g_assert_cmpint (started_fact, ==, FLASH_MCU_FACT_OPEN);
  }
  g_assert_cmpstr (flash_mcu_words_success (&asked, &same), ==, "Already up to date");
}

static void
test_difference (void)
{
  FlashMcuResult result = { .mismatch = { .kind = FLASH_MISMATCH_TAIL,
                                          .n_wrong = 2 * KIB,
                                          .n_compared = 16 * KIB,
                                          .first = 0x08003800,
                                          .last = 0x08003fff,
                                          .n_ranges = 1,
                                          .ranges = { { 0x08003800, 2 * KIB, 0x12, 0xff } } } };
  g_autofree char *text = flash_mcu_words_dup_difference (&result);

  g_assert_cmpstr (text, ==,
                   "It is right up to an address, and wrong from there on. 2 KiB of 16 KiB differ, "
                   "between 0x08003800 and 0x08003fff. At 0x08003800 there is 0xff instead of "
                   "0x12.");
  for (int kind = FLASH_MISMATCH_UNTOUCHED; kind <= FLASH_MISMATCH_RAM; kind++) {
    g_autofree char *other = NULL;

    result.mismatch.kind = (FlashMismatchKind) kind;
    other = flash_mcu_words_dup_difference (&result);
    g_assert_nonnull (strstr (other, "2 KiB of 16 KiB differ"));
  }
}

/* What erases is only offered on evidence. */
static void
test_offers (void)
{
  static const char *const actions[] = {
    [FLASH_NEXT_NONE] = NULL,
    [FLASH_NEXT_RETRY] = "win.flash-again",
    [FLASH_NEXT_RETRY_SLOWER] = "win.flash-slower",
    [FLASH_NEXT_OTHER_PORT] = "win.flash-again",
    [FLASH_NEXT_LEAVE_OUT] = "win.flash-without",
    [FLASH_NEXT_UNPROTECT] = "win.unprotect",
    [FLASH_NEXT_OPTION_BYTES] = "win.option-bytes",
    [FLASH_NEXT_REPLACE_LOADER] = NULL,
  };

  for (guint next = 0; next < G_N_ELEMENTS (actions); next++) {
    FlashMcuResult result = { .has_diagnosis = TRUE, .diagnosis.next = (FlashNextStep) next };

    g_assert_cmpstr (flash_mcu_words_offer (&result).action, ==, actions[next]);
    result.has_diagnosis = FALSE;
    g_assert_null (flash_mcu_words_offer (&result).action);
  }
}

/* Only who says that it is the same elsewhere gets further. */
static void
test_asks_port (void)
{
  const FlashMcuJob first = { .verb = FLASH_MCU_PROGRAM };
  const FlashMcuJob second = { .verb = FLASH_MCU_PROGRAM, .was_other_port_tried = TRUE };
  const struct {
    const FlashMcuJob *job;
    gboolean has_diagnosis;
    FlashDiagnosis diagnosis;
    gboolean asks;
  } cases[] = {
    { &first, TRUE, { "read-refused", FALSE, FLASH_NEXT_OTHER_PORT }, TRUE },
    { &first, FALSE, { "read-refused", FALSE, FLASH_NEXT_OTHER_PORT }, FALSE },
    { &second, TRUE, { "read-refused", FALSE, FLASH_NEXT_OTHER_PORT }, FALSE },
    { &first, TRUE, { "read-refused", FALSE, FLASH_NEXT_UNPROTECT }, FALSE },
    { &first, TRUE, { "cannot-read", FALSE, FLASH_NEXT_OTHER_PORT }, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const FlashMcuResult result = { .has_diagnosis = cases[i].has_diagnosis,
                                    .diagnosis = cases[i].diagnosis };

    g_test_message ("case %u", i);
    g_assert_cmpint (flash_mcu_words_asks_port (cases[i].job, &result), ==, cases[i].asks);
  }
}

/* Where nothing was sent it is not said that nothing arrived. */
static void
test_unwritten (void)
{
  const FlashMcuJob job = { .verb = FLASH_MCU_PROGRAM, .verifies = TRUE };
  FlashMcuResult result = { .has_diagnosis = TRUE, .diagnosis.code = "loader-without-flash" };
  FlashMcuFact fact;
  g_autofree char *verified = flash_mcu_words_dup_verified (&job, &result, &fact);

  g_assert_cmpstr (verified, ==, "No, what it acknowledges cannot be read back; nothing was sent");
  g_assert_cmpint (fact, ==, FLASH_MCU_FACT_NO);
  g_assert_cmpstr (flash_mcu_words_cause (&result), ==,
                   "The boot loader probably writes nothing of what it acknowledges");
  result.bytes_written = KIB;
  g_assert_null (flash_mcu_words_cause (&result));
  result.bytes_written = 0;
  result.mismatch.kind = FLASH_MISMATCH_UNTOUCHED;
  g_assert_null (flash_mcu_words_cause (&result));
  result.mismatch.kind = FLASH_MISMATCH_NONE;
  result.diagnosis.code = "read-refused";
  g_assert_null (flash_mcu_words_cause (&result));
  result.has_diagnosis = FALSE;
  g_assert_null (flash_mcu_words_cause (&result));
}

static void
test_capitalised (void)
{
  static const char *const cases[][2] = {
    { "the board refuses", "The board refuses" },
    { "0x08000000 differs", "0x08000000 differs" },
    { "Already", "Already" },
    { "", "" },
    { "é", "é" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = flash_words_dup_capitalised (cases[i][0]);

    g_assert_cmpstr (text, ==, cases[i][1]);
  }
}

static void
test_next (void)
{
  FlashMcuResult result = { .state = FLASH_MCU_STATE_UNTOUCHED };
  const char *before = NULL;

  for (int state = FLASH_MCU_STATE_UNTOUCHED; state <= FLASH_MCU_STATE_UNKNOWN; state++) {
    result.state = (FlashMcuState) state;
    g_assert_cmpstr (flash_mcu_words_next (&result, FALSE), !=, before);
    before = flash_mcu_words_next (&result, FALSE);
  }
  result.state = FLASH_MCU_STATE_HALF;
  g_assert_nonnull (strstr (flash_mcu_words_next (&result, FALSE), "hold BOOT0"));
  result.has_guess = TRUE;
  result.guess = (FlashChipGuess){ .loader = FLASH_LOADER_CUSTOM, .chips = g_ptr_array_new () };
  g_assert_nonnull (strstr (flash_mcu_words_next (&result, FALSE), "own boot loader"));
  g_ptr_array_unref (result.guess.chips);
  result.state = FLASH_MCU_STATE_STARTED;
  g_assert_nonnull (strstr (flash_mcu_words_next (&result, TRUE), "virtual board"));
  g_assert_nonnull (strstr (flash_mcu_words_stopping (), "BOOT0"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcu-words/job", test_job_words);
  g_test_add_func ("/mcu-words/success", test_success);
  g_test_add_func ("/mcu-words/facts", test_facts);
  g_test_add_func ("/mcu-words/difference", test_difference);
  g_test_add_func ("/mcu-words/offers", test_offers);
  g_test_add_func ("/mcu-words/asks-port", test_asks_port);
  g_test_add_func ("/mcu-words/unwritten", test_unwritten);
  g_test_add_func ("/mcu-words/capitalised", test_capitalised);
  g_test_add_func ("/mcu-words/next", test_next);
  return g_test_run ();
}
