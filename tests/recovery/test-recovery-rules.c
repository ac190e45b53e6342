/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reviving boards: what is never claimed, whatever is seen, and how it reads. */
#define G_LOG_DOMAIN "test-recovery-rules"

#include "config.h"

#include "flash-recovery-bench.h"

#include <string.h>

/* --- whatever is seen ----------------------------------------------------------------------- */

static const char *const words[] = {
  "mp",
  "h7",
  "f4",
  "custom",
  "runtime",
  "u-boot",
  "denied",
  "silent",
  "busy",
  "probe",
  "hub",
  "layout",
  "firmware",
  "blank",
  "verified",
  "yes",
  "protected",
  "job=done",
  "job=link",
  "job=cancelled",
  "job=read-refused",
  "job=fsbl-did-not-start",
  "job=never-came-back",
  "job=not-protected",
  "job=still-protected",
};

static char *
dup_random (void)
{
  GString *text = g_string_new ("");
  gint n_words = g_test_rand_int_range (0, 8);

  for (gint i = 0; i < n_words; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            words[g_test_rand_int_range (0, G_N_ELEMENTS (words))]);
  return g_string_free (text, FALSE);
}

/* The evidence that has come so far. */
typedef struct {
  gboolean was_proven;
  gboolean was_there;
} Evidence;

static void
add_evidence (Evidence *evidence, const char *seen)
{
  evidence->was_there |= strstr (seen, "mp") != NULL;
  evidence->was_proven |= strstr (seen, "job=done") != NULL &&
                          (strstr (seen, "blank") != NULL || strstr (seen, "verified") != NULL);
}

static void
check_state (FlashRecovery *recovery, const Evidence *evidence)
{
  const FlashRecoveryStep *step = flash_recovery_bench_get_step (recovery);

  if (step->act == FLASH_RECOVERY_ACT_END_GOOD)
    g_assert_true (evidence->was_proven ||
                   (evidence->was_there && g_str_equal (step->id, "found")));
  g_assert_cmpint (flash_recovery_is_over (recovery), ==, flash_recovery_act_is_end (step->act));
  if (flash_recovery_is_over (recovery))
    g_assert_cmpuint (flash_recovery_get_position (recovery), ==,
                      flash_recovery_get_n_steps (recovery) - 1);
  else
    g_assert_true (step->is_skippable || flash_recovery_act_is_job (step->act) ||
                   step->act == FLASH_RECOVERY_ACT_CHOOSE_FILE ||
                   flash_recovery_get_obstacle (recovery) != NULL);
}

static void
test_random (void)
{
  guint n_cases;
  const FlashRecoveryCase *cases = flash_recovery_case_list (&n_cases);
  guint n_good = 0;

  for (guint round = 0; round < 4000; round++) {
    g_autoptr (FlashRecovery) recovery = flash_recovery_new (cases[round % n_cases].id);
    Evidence evidence = { FALSE, FALSE };

    for (guint i = 0; i < 60; i++) {
      g_autofree char *seen = dup_random ();
      guint before = flash_recovery_get_position (recovery);

      add_evidence (&evidence, seen);
      flash_recovery_bench_see (recovery, seen);
      g_assert_cmpuint (flash_recovery_get_position (recovery), >=, before);
      check_state (recovery, &evidence);
    }
    n_good += flash_recovery_bench_get_step (recovery)->act == FLASH_RECOVERY_ACT_END_GOOD;
  }
  g_assert_cmpuint (n_good, >, 0);
}

/* Whoever only says yes gets nowhere good. */
static void
test_only_words (void)
{
  guint n_cases;
  const FlashRecoveryCase *cases = flash_recovery_case_list (&n_cases);

  for (guint i = 0; i < n_cases; i++) {
    g_autoptr (FlashRecovery) recovery = flash_recovery_new (cases[i].id);

    for (guint round = 0; round < 40; round++)
      flash_recovery_bench_see (recovery, round % 2 == 0 ? "yes blank verified" : "");
    g_assert_cmpint (flash_recovery_bench_get_step (recovery)->act, !=,
                     FLASH_RECOVERY_ACT_END_GOOD);
  }
}

/* --- how it reads --------------------------------------------------------------------------- */

/* A sentence or several; a title is none. */
static void
check_text (const char *text, gboolean is_title)
{
  static const char *const wrong[] = { "n't", "'s ",    "'",      "\"",     "  ",
                                       "...", "please", "Please", "LIBUSB", "click" };

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_ascii_isupper (*text));
  g_assert_cmpint (g_str_has_suffix (text, "."), ==, !is_title);
  g_assert_cmpuint (strlen (text), <, is_title ? 70 : 460);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    if (strstr (text, wrong[i]) != NULL)
      g_error ("%s in: %s", wrong[i], text);
}

static void
check_step (const FlashRecoveryStep *step)
{
  static const char *const drawings[] = {
    "switches-serial", "switches-storage", "boot0-high", "boot0-low",
    "usb-device-port", "power-cycle",      NULL
  };

  check_text (step->title, TRUE);
  check_text (step->text, FALSE);
  g_assert_true (step->drawing == NULL || g_strv_contains (drawings, step->drawing));
  g_assert_true (step->confirm == NULL || step->is_skippable);
  if (step->confirm != NULL)
    check_text (step->confirm, TRUE);
  /* What only a person can see must not be waited for in vain. */
  if (flash_recovery_act_is_end (step->act))
    g_assert_false (step->is_skippable);
}

static void
test_texts (void)
{
  static const char *const needed[] = {
    "stm32mp-not-seen", "stm32mp-blank", "stm32mp-leftovers",    "stm32mp-minimal", "h7-power",
    "boot-options",     "protected",     "loader-without-flash", "f0-hub",
  };
  guint n_cases;
  const FlashRecoveryCase *cases = flash_recovery_case_list (&n_cases);

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    g_assert_nonnull (flash_recovery_case_find (needed[i]));
  for (guint i = 0; i < n_cases; i++) {
    g_autoptr (FlashRecovery) recovery = flash_recovery_new (cases[i].id);
    guint n_steps = flash_recovery_get_n_steps (recovery);

    g_assert_true (g_str_equal (cases[i].family, "stm32mp") ||
                   g_str_equal (cases[i].family, "stm32"));
    g_assert_cmpuint (strlen (cases[i].title), <, 80);
    check_text (cases[i].cause, FALSE);
    if (cases[i].warning != NULL)
      check_text (cases[i].warning, FALSE);
    for (guint k = 0; k < n_steps; k++)
      check_step (flash_recovery_get_step (recovery, k));
  }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  flash_recovery_bench_init ();
  g_test_add_func ("/recovery-rules/random", test_random);
  g_test_add_func ("/recovery-rules/only-words", test_only_words);
  g_test_add_func ("/recovery-rules/texts", test_texts);
  status = g_test_run ();
  flash_recovery_bench_shut_down ();
  return status;
}
