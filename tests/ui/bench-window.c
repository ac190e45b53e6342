/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long somebody at the window would have waited at worst while a board was flashed, by the
 * delay that a key press would have had. The target is 50 ms. */
#define G_LOG_DOMAIN "bench-window"

#include "config.h"

#include "flash-app-test.h"
#include "flash-latency-probe.h"

#define N_RUNS 5
#define TARGET_MS 50.0

static double
run_once (const char *keys)
{
  FlashAppFixture fixture = { 0 };
  FlashLatencyProbe *probe;
  double longest_ms;

  flash_app_fixture_set_up (&fixture, NULL);
  flash_app_open (&fixture, fixture.layout_path);
  flash_app_choose_board (&fixture, keys);
  flash_app_start (&fixture);
  probe = flash_latency_probe_start (GTK_WIDGET (fixture.window), FALSE);
  flash_ui_wait_until (flash_app_is_page (&fixture, "result"));
  longest_ms = (double) flash_latency_probe_get_percentile (probe, FLASH_LATENCY_LOOP, 100) / 1000;
  g_clear_pointer (&probe, flash_latency_probe_stop);
  flash_app_fixture_tear_down (&fixture, NULL);
  return longest_ms;
}

int
main (int argc, char **argv)
{
  static const char *const kinds[] = { "speed=high", "latency=1000" };
  gboolean is_met = TRUE;

  flash_app_test_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autoptr (GString) line = g_string_new (NULL);

    for (guint run = 0; run < N_RUNS; run++) {
      double longest_ms = run_once (kinds[i]);

      is_met &= longest_ms < TARGET_MS;
      g_string_append_printf (line, " %.1f", longest_ms);
    }
    g_print ("longest stall while flashing, %s:%s ms\n", kinds[i], line->str);
  }
  g_print ("target of %.0f ms: %s\n", TARGET_MS, is_met ? "met" : "missed");
  flash_app_test_shut_down ();
  return is_met ? 0 : 1;
}
