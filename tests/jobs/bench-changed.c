/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it costs to flash 512 KiB again of which one sector has changed, on a virtual STM32F405 at
 * real timings: apart from reading, compared with programming all of it. The sector with the
 * vectors is always erased too, so that no half program ever starts. */
#include "config.h"

#include "flash-mcu-bench.h"

#define SIZE (512 * 1024)

/* Returns: seconds that the job took on the board's clock. */
static double
program (FlashMcuBench *bench, GBytes *firmware)
{
  flash_mcu_bench_set_verb (bench, FLASH_MCU_PROGRAM);
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_verified);
  g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
  return (double) bench->result.duration_ms / 1000.0;
}

/* Returns: seconds that reading all of it takes. */
static double
compare (FlashMcuBench *bench, GBytes *firmware)
{
  flash_mcu_bench_set_verb (bench, FLASH_MCU_COMPARE);
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  flash_mcu_bench_run_well (bench);
  return flash_mcu_bench_find (bench, FLASH_EVENT_VERIFIED)->duration_ms / 1000.0;
}

static void
measure (guint32 offset, guint32 n_erased_bytes, const char *what)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) old = flash_mcu_bench_make_firmware (SIZE, 1);
  guint8 *bytes = g_memdup2 (g_bytes_get_data (old, NULL), SIZE);
  g_autoptr (GBytes) changed = g_bytes_new_take (bytes, SIZE);
  double full_s, again_s, reading_s;
  guint n_erased;

  bytes[offset] ^= 1;
  bench->job.shared = FLASH_MCU_SHARED_KEEP;
  full_s = program (bench, old);
  again_s = program (bench, changed);
  n_erased = bench->result.n_erased;
  /* Everything is read to be compared, and once more what was written. */
  reading_s = compare (bench, changed) * (SIZE + n_erased_bytes) / SIZE;
  g_print ("one changed sector of %s: %.2f s instead of %.2f s, %u sectors erased; reading "
           "takes %.2f s of that; the rest is %.1f %% of the full time\n",
           what, again_s, full_s, n_erased, reading_s, (again_s - reading_s) / full_s * 100.0);
}

int
main (int argc, char **argv)
{
  measure (1000, 16 * 1024, "16 KiB, with the vectors");
  measure (20000, 32 * 1024, "16 KiB");
  measure (70000, 80 * 1024, "64 KiB");
  measure (200000, 144 * 1024, "128 KiB");
  return 0;
}
