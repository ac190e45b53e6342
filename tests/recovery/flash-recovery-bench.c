/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-recovery-bench"

#include "config.h"

#include "flash-recovery-bench.h"

#include "flash-sim-provider.h"

#include <string.h>

/* What boards say of themselves, from virtual ones. */
static const struct {
  const char *word;
  const char *id;
} boards[] = {
  { "mp", "virtual:stm32mp157" },       { "h7", "virtual:stm32h755" },
  { "f4", "virtual:stm32f405" },        { "custom", "virtual:cubemx-dfu" },
  { "runtime", "virtual:dfu-runtime" },
};

static FlashSimProvider *provider;
static FlashBoardFacts facts[G_N_ELEMENTS (boards)];
static FlashBoardFacts uboot;

static const FlashBoardFacts *
find_facts (const char *word)
{
  if (g_str_equal (word, "u-boot"))
    return &uboot;
  for (guint i = 0; i < G_N_ELEMENTS (boards); i++)
    if (g_str_equal (boards[i].word, word))
      return &facts[i];
  return NULL;
}

/* Adds what a word means. */
static void
add_word (FlashRecoverySeen *seen, const char *word)
{
  static const struct {
    const char *word;
    FlashAccess access;
  } accesses[] = { { "denied", FLASH_ACCESS_NO_PERMISSION },
                   { "busy", FLASH_ACCESS_BUSY },
                   { "silent", FLASH_ACCESS_SILENT } };

  if (find_facts (word) != NULL)
    seen->facts = find_facts (word);
  for (guint i = 0; i < G_N_ELEMENTS (accesses); i++)
    if (g_str_equal (accesses[i].word, word))
      seen->access = accesses[i].access;
  seen->has_probe |= g_str_equal (word, "probe");
  seen->is_behind_hub |= g_str_equal (word, "hub");
  seen->has_file |= g_str_equal (word, "layout") || g_str_equal (word, "firmware");
  seen->file_is_layout |= g_str_equal (word, "layout");
  seen->is_blank |= g_str_equal (word, "blank");
  seen->is_verified |= g_str_equal (word, "verified");
  seen->is_confirmed |= g_str_equal (word, "yes");
  if (g_str_equal (word, "protected"))
    seen->is_protected = FLASH_TRI_YES;
  if (g_str_has_prefix (word, "job="))
    seen->job_code = word + strlen ("job=");
}

/* Lets @recovery see what @words say. */
gboolean
flash_recovery_bench_see (FlashRecovery *recovery, const char *words)
{
  g_auto (GStrv) all = g_strsplit (words, " ", -1);
  FlashRecoverySeen seen = { .access = FLASH_ACCESS_OK };

  for (guint i = 0; all[i] != NULL; i++)
    add_word (&seen, all[i]);
  return flash_recovery_see (recovery, &seen);
}

const FlashRecoveryStep *
flash_recovery_bench_get_step (FlashRecovery *recovery)
{
  return flash_recovery_get_step (recovery, flash_recovery_get_position (recovery));
}

void
flash_recovery_bench_init (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();

  provider = flash_sim_provider_new (clock);
  for (guint i = 0; i < G_N_ELEMENTS (boards); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FlashBoard) board =
        flash_provider_find (FLASH_PROVIDER (provider), boards[i].id, &error);

    g_assert_no_error (error);
    flash_board_facts_init (&facts[i], board);
  }
  uboot = facts[0];
  uboot.stage = "u-boot";
}

void
flash_recovery_bench_shut_down (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (boards); i++)
    flash_board_facts_clear (&facts[i]);
  g_clear_object (&provider);
}
