/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of jobs on microcontrollers, which the JSON contract has too, and their steps. */
#include "config.h"

#include "flash-mcu-job.h"

static void
test_names (void)
{
  static const char *const verbs[] = { "program",       "compare",   "read",  "erase",
                                       "write-options", "unprotect", "leave", "detach" };
  static const char *const steps[] = { "connect", "compare", "erase",     "write", "verify",
                                       "read",    "options", "unprotect", "start" };
  static const char *const states[] = { "untouched", "loader", "started", "needs-reset",
                                        "half",      "blank",  "unknown" };

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    g_assert_cmpstr (flash_mcu_verb_get_name ((FlashMcuVerb) i), ==, verbs[i]);
  g_assert_cmpuint (G_N_ELEMENTS (steps), ==, FLASH_MCU_N_STEPS);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    g_assert_cmpstr (flash_mcu_step_get_name ((FlashMcuStep) i), ==, steps[i]);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    g_assert_cmpstr (flash_mcu_state_get_name ((FlashMcuState) i), ==, states[i]);
}

#define STEP(name) (1u << FLASH_MCU_STEP_##name)

static void
test_steps (void)
{
  static const struct {
    FlashMcuVerb verb;
    gboolean verifies;
    gboolean starts;
    guint steps;
  } cases[] = {
    { FLASH_MCU_PROGRAM, TRUE, TRUE,
      STEP (COMPARE) | STEP (ERASE) | STEP (WRITE) | STEP (VERIFY) | STEP (START) },
    { FLASH_MCU_PROGRAM, FALSE, FALSE, STEP (COMPARE) | STEP (ERASE) | STEP (WRITE) },
    { FLASH_MCU_COMPARE, TRUE, TRUE, STEP (COMPARE) },
    { FLASH_MCU_READ, TRUE, TRUE, STEP (READ) },
    { FLASH_MCU_ERASE, FALSE, FALSE, STEP (ERASE) | STEP (VERIFY) },
    { FLASH_MCU_WRITE_OPTIONS, FALSE, FALSE, STEP (OPTIONS) },
    { FLASH_MCU_UNPROTECT, FALSE, FALSE, STEP (UNPROTECT) },
    { FLASH_MCU_LEAVE, FALSE, FALSE, STEP (START) },
    { FLASH_MCU_DETACH, FALSE, FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const FlashMcuJob job = { .verb = cases[i].verb,
                              .verifies = cases[i].verifies,
                              .starts = cases[i].starts };

    for (guint step = 0; step < FLASH_MCU_N_STEPS; step++) {
      gboolean is_there = ((cases[i].steps | STEP (CONNECT)) & 1u << step) != 0;

      g_test_message ("%s: %s", flash_mcu_verb_get_name (job.verb),
                      flash_mcu_step_get_name ((FlashMcuStep) step));
      g_assert_true (flash_mcu_job_has_step (&job, (FlashMcuStep) step) == is_there);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcu-job/names", test_names);
  g_test_add_func ("/mcu-job/steps", test_steps);
  return g_test_run ();
}
