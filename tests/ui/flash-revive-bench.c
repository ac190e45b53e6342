/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-revive-bench"

#include "config.h"

#include "flash-revive-bench.h"

#include "flash-sim-provider.h"

GtkWidget *
flash_revive_bench_open (FlashAppFixture *fixture)
{
  return flash_memory_bench_open (fixture, "win.revive", FLASH_TYPE_REVIVE_WINDOW);
}

const char *
flash_revive_bench_get_step (FlashReviveRun *run)
{
  FlashRecovery *recovery = flash_revive_run_get_recovery (run);

  return flash_recovery_get_step (recovery, flash_recovery_get_position (recovery))->id;
}

void
flash_revive_bench_rescan (void)
{
  flash_board_list_rescan (flash_application_get_boards (flash_app_test.application));
}

void
flash_revive_bench_wait_for (FlashReviveRun *run, const char *step)
{
  flash_ui_wait_until (g_str_equal (flash_revive_bench_get_step (run), step) ||
                       flash_revive_run_has_failed (run));
  g_assert_cmpstr (flash_revive_bench_get_step (run), ==, step);
  flash_ui_wait_until (!flash_revive_run_is_working (run));
}

/* It may be below what is in sight. */
void
flash_revive_bench_press (GtkWidget *window, const char *id)
{
  flash_ui_wait_until (flash_memory_bench_has (window, id) &&
                       gtk_widget_is_sensitive (flash_memory_bench_get (window, id)));
  g_signal_emit_by_name (flash_memory_bench_get (window, id), "clicked");
}

gboolean
flash_revive_bench_says (GtkWidget *window, const char *text)
{
  return flash_memory_bench_says (window, text);
}

FlashSimDevice *
flash_revive_bench_get_device (FlashBoardEntry *entry)
{
  return flash_sim_provider_dup_device (FLASH_SIM_PROVIDER (flash_board_entry_get_provider (entry)),
                                        flash_board_get_port (flash_board_entry_get_board (entry)));
}
