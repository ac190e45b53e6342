/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reviving boards: which step follows what is seen. */
#define G_LOG_DOMAIN "test-recovery"

#include "config.h"

#include "flash-recovery-bench.h"

/* --- walks ---------------------------------------------------------------------------------- */

typedef struct {
  const char *seen;
  const char *step; /* where it stands then */
  const char *obstacle; /* (nullable): what it says then, from its beginning */
} Stop;

typedef struct {
  const char *name;
  const char *id;
  Stop stops[16];
} Walk;

#define MP_START                                                                                   \
  { "", "switches", NULL }, { "yes", "rom", "Nothing has shown up" }, { "mp", "layout", NULL },    \
  {                                                                                                \
    "mp layout", "minimal", NULL                                                                   \
  }

static const Walk walks[] = {
  { "found",
    "stm32mp-not-seen",
    { { "", "power", NULL },
      { "yes", "socket", NULL },
      { "yes", "socket", NULL },
      { "", "socket", NULL },
      { "yes", "switches", NULL },
      { "probe", "switches", "An ST-LINK is there, but the board itself is not" },
      { "probe yes", "rom", "An ST-LINK is there, but the board itself is not" },
      { "mp silent", "rom", "Something is on this port" },
      { "mp denied", "rom", "The board is there, but this program may not" },
      { "mp busy", "rom", "The board is there, but another program" },
      { "u-boot", "rom", "The board is past its ROM" },
      { "h7", "rom", "What is on this port is no STM32MP" },
      { "mp", "found", NULL } } },
  { "seen-at-once", "stm32mp-not-seen", { { "mp", "found", NULL } } },
  { "blank",
    "stm32mp-blank",
    { MP_START,
      { "layout", "minimal", "The board has left USB" },
      { "mp layout job=link-error", "minimal", "The last try failed" },
      { "mp layout job=cancelled", "minimal", "It was stopped" },
      { "mp layout job=done verified", "flash", NULL },
      { "mp layout job=done verified", "flash", NULL },
      { "mp layout", "flash", NULL },
      { "mp layout job=done", "flash", "It was written, but not read back" },
      { "layout job=done verified", "switches-back", NULL },
      { "", "switches-back", NULL },
      { "yes", "revived", NULL } } },
  { "wrong-file",
    "stm32mp-blank",
    { { "mp firmware", "layout", "Firmware of a microcontroller" },
      { "mp layout", "minimal", NULL } } },
  { "first-stage",
    "stm32mp-minimal",
    { MP_START, { "mp job=fsbl-did-not-start", "first-stage-fails", NULL } } },
  { "second-stage",
    "stm32mp-minimal",
    { MP_START, { "job=never-came-back", "second-stage-fails", NULL } } },
  { "minimal",
    "stm32mp-minimal",
    { MP_START,
      { "mp layout job=done", "flash", NULL },
      { "u-boot layout", "flash", NULL },
      { "layout job=done verified", "switches-back", NULL },
      { "yes", "revived", NULL } } },
  { "anywhere",
    "stm32mp-minimal",
    { MP_START,
      { "mp layout job=came-back-in-rom", "minimal", "The last try failed" },
      { "mp layout job=board-silent", "minimal", "The last try failed" },
      { "mp layout job=fsbl-refused", "first-stage-fails", NULL } } },
  { "leftovers",
    "stm32mp-leftovers",
    { { "mp layout", "boot-partitions", NULL },
      { "mp layout yes", "wipe", NULL },
      { "mp layout job=done verified", "switches-back", NULL },
      { "yes", "revived", NULL } } },
  { "h7",
    "h7-power",
    { { "", "boot0", NULL },
      { "yes", "power-off", NULL },
      { "", "power-off", NULL },
      { "yes", "rom", "Nothing has shown up" },
      { "f4", "rom", "This is another chip" },
      { "mp", "rom", "This is an STM32MP board" },
      { "runtime", "rom", "The program of the board runs" },
      { "custom", "rom", "A boot loader in the flash answers" },
      { "h7", "save", NULL },
      { "h7 job=done", "erase", NULL },
      { "h7", "erase", NULL },
      { "h7 job=done", "erase", "It was erased, but not read back" },
      { "h7 job=done blank", "boot0-low", NULL },
      { "yes", "blank", NULL } } },
  { "h7-probe",
    "h7-power",
    { { "yes", "power-off", NULL },
      { "", "power-off", NULL },
      { "yes", "rom", "Nothing has shown up" },
      { "", "rom", "Nothing has shown up" },
      { "yes", "again", "Nothing has shown up" },
      { "yes", "again", "Nothing has shown up" },
      { "", "again", "Nothing has shown up" },
      { "yes", "h7-needs-probe", NULL },
      { "h7", "h7-needs-probe", NULL } } },
  { "h7-second-try",
    "h7-power",
    { { "yes", "power-off", NULL },
      { "", "power-off", NULL },
      { "yes", "rom", NULL },
      { "", "rom", NULL },
      { "yes", "again", NULL },
      { "h7", "save", NULL },
      { "h7 yes", "erase", NULL },
      { "h7 job=done blank", "boot0-low", NULL } } },
  { "h7-protected",
    "h7-power",
    { { "h7", "save", NULL },
      { "h7 protected job=done", "unprotect", NULL },
      { "h7 protected", "unprotect", NULL },
      { "job=still-protected", "stays-closed", NULL } } },
  { "options",
    "boot-options",
    { { "f4", "save", NULL },
      { "f4 job=done", "options", NULL },
      { "f4", "options", NULL },
      { "f4 job=options-not-taken", "options", "The last try failed" },
      { "f4 job=done verified", "options-written", NULL } } },
  { "options-fine",
    "boot-options",
    { { "f4", "save", NULL },
      { "f4 yes", "options", NULL },
      { "f4", "options", NULL },
      { "f4 yes", "options-fine", NULL } } },
  { "options-probe",
    "boot-options",
    { { "yes", "rom", NULL }, { "", "rom", NULL }, { "yes", "options-need-probe", NULL } } },
  { "protected",
    "protected",
    { { "f4", "other-port", NULL },
      { "f4 yes", "unprotect", NULL },
      { "f4 job=done", "unprotect", "It was erased, but not read back" },
      { "f4 job=done blank", "boot0-low", NULL },
      { "f4 yes", "open", NULL } } },
  { "not-protected",
    "protected",
    { { "f4", "other-port", NULL },
      { "f4 yes", "unprotect", NULL },
      { "f4 job=not-protected", "not-protected", NULL } } },
  { "no-rom",
    "protected",
    { { "yes", "rom", NULL }, { "", "rom", NULL }, { "yes", "rom-needs-probe", NULL } } },
  { "loader",
    "loader-without-flash",
    { { "custom", "boot0", "A boot loader in the flash answers" },
      { "custom yes", "rom", "A boot loader in the flash answers" },
      { "f4 layout", "file", "A FlashLayout is chosen" },
      { "f4 firmware", "flash", NULL },
      { "f4 firmware job=read-refused", "other-port", NULL },
      { "f4 firmware yes", "unprotect", NULL } } },
  { "hub",
    "f0-hub",
    { { "f4", "hub", "The board is plugged straight" },
      { "", "hub", "Nothing has shown up" },
      { "f4 hub", "file", NULL },
      { "f4 hub firmware", "flash", NULL },
      { "f4 hub job=done verified", "boot0-low", NULL },
      { "yes", "flashed", NULL } } },
  { "no-hub", "f0-hub", { { "f4", "hub", NULL }, { "yes", "rom", NULL }, { "f4", "file", NULL } } },
  { "empty",
    "empty-check",
    { { "", "rom", NULL }, { "f4", "save", NULL }, { "f4 job=done", "options", NULL } } },
};

static void
test_walk (gconstpointer data)
{
  const Walk *walk = data;
  g_autoptr (FlashRecovery) recovery = flash_recovery_new (walk->id);

  g_assert_nonnull (recovery);
  g_assert_true (flash_recovery_get_case (recovery) == flash_recovery_case_find (walk->id));
  for (guint i = 0; walk->stops[i].seen != NULL; i++) {
    const Stop *stop = &walk->stops[i];
    const char *obstacle;

    g_test_message ("%s", stop->seen);
    flash_recovery_bench_see (recovery, stop->seen);
    g_assert_cmpstr (flash_recovery_bench_get_step (recovery)->id, ==, stop->step);
    obstacle = flash_recovery_get_obstacle (recovery);
    if (stop->obstacle != NULL &&
        (obstacle == NULL || !g_str_has_prefix (obstacle, stop->obstacle)))
      g_error ("%s: %s", stop->seen, obstacle);
    g_assert_false (flash_recovery_bench_see (recovery, stop->seen));
  }
}

/* A step that is passed stays as it is, also where what follows is another. */
static void
test_passed (void)
{
  g_autoptr (FlashRecovery) recovery = flash_recovery_new ("h7-power");
  const FlashRecoveryStep *rom;
  guint n_steps;

  g_assert_true (flash_recovery_bench_see (recovery, "h7"));
  rom = flash_recovery_get_step (recovery, 2);
  n_steps = flash_recovery_get_n_steps (recovery);
  g_assert_true (flash_recovery_bench_see (recovery, "h7 yes"));
  g_assert_true (flash_recovery_bench_see (recovery, "h7 protected job=read-protected"));
  g_assert_cmpuint (flash_recovery_get_n_steps (recovery), !=, n_steps);
  g_assert_true (flash_recovery_get_step (recovery, 2) == rom);
  g_assert_false (flash_recovery_is_over (recovery));
}

static void
test_unknown (void)
{
  g_assert_null (flash_recovery_case_find ("nothing"));
  g_assert_null (flash_recovery_new ("nothing"));
  flash_recovery_free (NULL);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  flash_recovery_bench_init ();
  for (guint i = 0; i < G_N_ELEMENTS (walks); i++) {
    g_autofree char *path = g_strconcat ("/recovery/walk/", walks[i].name, NULL);

    g_test_add_data_func (path, &walks[i], test_walk);
  }
  g_test_add_func ("/recovery/passed", test_passed);
  g_test_add_func ("/recovery/unknown", test_unknown);
  status = g_test_run ();
  flash_recovery_bench_shut_down ();
  return status;
}
