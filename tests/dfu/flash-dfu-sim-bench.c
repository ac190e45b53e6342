/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dfu-sim-bench"

#include "config.h"

#include "flash-dfu-sim-bench.h"

#include "flash-sim-transport.h"

static void
connect_board (SimBench *bench)
{
  guint64 generation = 0;

  flash_sim_device_get_stage (bench->device, &generation);
  bench->transport =
      flash_sim_transport_new (bench->device, bench->clock, generation, &bench->error);
  g_assert_no_error (bench->error);
  bench->descriptors = flash_descriptors_read (bench->transport, 1000, &bench->error);
  g_assert_no_error (bench->error);
  bench->cancellable = g_cancellable_new ();
  bench->dfuse =
      flash_dfuse_new (bench->transport, bench->clock, bench->descriptors, bench->cancellable);
}

static void
disconnect_board (SimBench *bench)
{
  flash_dfuse_free (bench->dfuse);
  flash_transport_close (bench->transport);
  g_clear_object (&bench->transport);
  g_clear_object (&bench->cancellable);
  g_clear_pointer (&bench->descriptors, flash_descriptors_unref);
}

void
sim_bench_init (SimBench *bench, const char *id)
{
  *bench = (SimBench){ .clock = flash_clock_new_virtual () };
  bench->device = flash_sim_device_new (bench->clock, id, &bench->error);
  g_assert_no_error (bench->error);
  connect_board (bench);
}

void
sim_bench_reconnect (SimBench *bench)
{
  guint64 generation;

  disconnect_board (bench);
  while (flash_sim_device_get_stage (bench->device, &generation) == FLASH_SIM_STAGE_OFF) {
    g_assert_cmpint (flash_sim_device_get_next_change_us (bench->device), !=, FLASH_SIM_NEVER);
    flash_clock_wait_ms (bench->clock, 10, NULL, NULL);
  }
  connect_board (bench);
}

void
sim_bench_assert_no_violations (SimBench *bench)
{
  g_auto (GStrv) violations = flash_sim_device_get_violations (bench->device);
  g_autofree char *text = g_strjoinv ("\n", violations);

  g_assert_cmpstr (text, ==, "");
}

void
sim_bench_free (SimBench *bench)
{
  disconnect_board (bench);
  g_clear_error (&bench->error);
  g_object_unref (bench->device);
  g_object_unref (bench->clock);
}

void
sim_bench_clear (SimBench *bench)
{
  g_assert_no_error (bench->error);
  sim_bench_assert_no_violations (bench);
  sim_bench_free (bench);
}

void
sim_bench_fill (guint8 *bytes, gsize length, guint32 seed)
{
  GRand *noise = g_rand_new_with_seed (seed);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) g_rand_int (noise);
  g_rand_free (noise);
}
