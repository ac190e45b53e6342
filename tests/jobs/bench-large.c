/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a large image takes compared with the virtual board's own time, and how much memory.
 *
 * usage: bench-large [MIB]     (2048 by default) */
#include "config.h"

#include "flash-job.h"
#include "flash-mp-bench.h"
#include "flash-test-images.h"

#include <sys/resource.h>

static void
on_finished (FlashJob *job, GMainLoop *loop)
{
  g_main_loop_quit (loop);
}

int
main (int argc, char **argv)
{
  guint64 size_mib = argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : 2048;
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autofree char *storage = flash_test_make_dir ();
  g_autofree char *id = g_strdup_printf ("virtual:stm32mp157,storage=%s", storage);
  g_autoptr (FlashClock) clock = flash_clock_new_real ();
  g_autoptr (FlashSimProvider) provider = flash_sim_provider_new (clock);
  g_autoptr (FlashBoard) board = flash_provider_find (FLASH_PROVIDER (provider), id, NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (FlashMpBench) bench = NULL;
  g_autoptr (FlashJob) job = NULL;
  FlashMpJob spec = { .provider = FLASH_PROVIDER (provider), .board = board, .clock = clock };
  double device_s, wall_s;
  struct rusage usage;

  flash_test_write_sparse (dir, "large.img", size_mib << 20);
  flash_test_write_text (dir, "layout.tsv",
                         "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n"
                         "-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n"
                         "P\t0x10\tdisk\tRawImage\tmmc0\t0x0\tlarge.img\n");
  bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  spec.plan = bench->plan;
  job = flash_job_new (&spec);
  g_signal_connect (job, "finished", G_CALLBACK (on_finished), loop);
  flash_job_start (job);
  g_main_loop_run (loop);

  if (flash_job_get_error (job) != NULL) {
    g_printerr ("%s\n", flash_job_get_error (job)->message);
    return 1;
  }
  wall_s = (double) flash_job_get_result (job)->duration_ms / 1000.0;
  device_s =
      (double) flash_sim_provider_get_device_time_us (provider, flash_board_get_port (board)) /
      G_USEC_PER_SEC;
  getrusage (RUSAGE_SELF, &usage);
  g_print ("%" G_GUINT64_FORMAT " MiB: %.2f s, the board's own time %.2f s, ratio %.3f; "
           "peak memory %.1f MiB\n",
           size_mib, wall_s, device_s, wall_s / device_s, (double) usage.ru_maxrss / 1024.0);
  flash_test_remove_dir (dir);
  flash_test_remove_dir (storage);
  return 0;
}
