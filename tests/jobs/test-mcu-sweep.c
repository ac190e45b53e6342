/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fault sweep: a whole DfuSe job, again and again, with each fault at each of its requests.
 * Whatever happens, the job ends in time, says why with a code that fits, claims nothing that is
 * not so, and can be repeated. */
#include "config.h"

#include "flash-mcu-bench.h"
#include "flash-test-images.h"

/* A job may take long if a board is slow, but it must not wait for ever. */
#define PATIENCE_US (G_GINT64_CONSTANT (10) * 60 * G_USEC_PER_SEC)

/* The last requests of a job only look whether there is something to start, and start what was
 * verified; what happens to them takes nothing from that. */
#define LEAVING 24

#define CODE(name) (G_GUINT64_CONSTANT (1) << FLASH_JOB_ERROR_##name)
#define LINK_CODES (CODE (LINK) | CODE (BOARD_GONE) | CODE (NO_ANSWER) | CODE (BOARD_REPORTED))
#define REFUSALS (CODE (WRITE_FAILED) | CODE (ERASE_FAILED) | CODE (CANNOT_READ))
/* What a board can be taken for whose descriptors came wrong. */
#define STRANGERS                                                                                  \
  (CODE (NO_DFU) | CODE (NO_FLASH_MAP) | CODE (FIRMWARE_REFUSED) | CODE (DIFFERENT_BOARD) |        \
   CODE (SECTOR_SHARED) | CODE (UNSUPPORTED))
#define MISMATCHES                                                                                 \
  (CODE (VERIFY_MISMATCH) | CODE (SCATTERED_DIFFERENCES) | CODE (READINGS_DIFFER) |                \
   CODE (TAIL_NOT_WRITTEN) | CODE (ERASED_NOT_WRITTEN) | CODE (WRITE_PROTECTED) |                  \
   CODE (BLOCK_NOT_WRITTEN) | CODE (WRITTEN_ELSEWHERE) | CODE (LOADER_WITHOUT_FLASH))

/**
 * Kind:
 * @name: of the fault
 * @codes: what the job may say; 0: it must succeed
 * @must_fail: whether it cannot succeed but for what only tidies up
 */
typedef struct {
  const char *name;
  guint64 codes;
  gboolean must_fail;
} Kind;

static const Kind kinds[] = {
  { "stall", LINK_CODES | REFUSALS | STRANGERS, FALSE },
  { "timeout", LINK_CODES | REFUSALS | STRANGERS, FALSE },
  { "lost-answer", LINK_CODES | REFUSALS | STRANGERS, FALSE },
  { "short", LINK_CODES | REFUSALS | STRANGERS, FALSE },
  { "corrupt", LINK_CODES | REFUSALS | STRANGERS | MISMATCHES | CODE (OUTSIDE_MEMORY), FALSE },
  { "unplug", LINK_CODES, TRUE },
  { "replug", LINK_CODES, FALSE },
  { "power-cut", LINK_CODES, TRUE },
  { "endless-busy", LINK_CODES | REFUSALS, FALSE },
  { "long-nak", LINK_CODES, FALSE },
  { "strings-unknown", 0, FALSE },
  { "bad-string", 0, FALSE },
  { "erase-ignored", MISMATCHES, FALSE },
  { "write-dropped", MISMATCHES, FALSE },
  { "read-vendor", 0, FALSE },
};

static const struct {
  const char *model;
  gsize size;
  guint32 neighbour;
} boards[] = {
  { "stm32f405", 5000, 9000 },
  { "stm32g474", 2500, 3000 },
};

/* How the board begins: an old firmware and something beside it. */
typedef struct {
  guint index;
  GBytes *old;
  GBytes *new;
  GBytes *neighbour;
} Scene;

static FlashMcuBench *
set_up (const Scene *scene, const char *keys)
{
  FlashMcuBench *bench = flash_mcu_bench_new (boards[scene->index].model, keys);

  flash_mcu_bench_put (bench, 0, scene->old);
  flash_mcu_bench_put (bench, boards[scene->index].neighbour, scene->neighbour);
  bench->job.shared = FLASH_MCU_SHARED_KEEP;
  bench->job.starts = TRUE;
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (scene->new));
  return bench;
}

static void
complain (FlashMcuBench *bench, const Kind *kind, guint64 request, const char *what)
{
  g_test_message ("%s@%" G_GUINT64_FORMAT " %s: %s", kind->name, request, what,
                  bench->error != NULL ? bench->error->message : "");
  g_test_fail ();
}

static void
check_claims (FlashMcuBench *bench, const Scene *scene, const Kind *kind, guint64 request)
{
  gboolean is_there = flash_mcu_bench_holds (bench, 0, scene->new);
  /* What the cable or the chip keeps to itself comes out only when it is read back. */
  gboolean is_secret =
      g_str_equal (kind->name, "corrupt") || g_str_equal (kind->name, "write-dropped");

  if ((bench->result.is_verified || bench->result.is_up_to_date ||
       (bench->result.is_written && !is_secret)) &&
      !is_there)
    complain (bench, kind, request, "claims what is not so");
  /* A wrong bit can send it to another address, where nothing is; all that can be seen is that it
   * has left. */
  if (bench->result.is_started &&
      flash_sim_device_get_chip_state (bench->device) == FLASH_SIM_CHIP_ROM)
    complain (bench, kind, request, "says that it has left");
  if (bench->result.state == FLASH_MCU_STATE_UNTOUCHED &&
      !flash_mcu_bench_holds (bench, 0, scene->old))
    complain (bench, kind, request, "says that nothing was changed");
}

static void
check_run (FlashMcuBench *bench, const Scene *scene, const Kind *kind, guint64 request, gboolean ok)
{
  if (!ok && (bench->error->domain != FLASH_JOB_ERROR ||
              (kind->codes & G_GUINT64_CONSTANT (1) << bench->error->code) == 0))
    complain (bench, kind, request, flash_job_error_get_stable_code (bench->error));
  if (ok && !bench->result.is_verified)
    complain (bench, kind, request, "succeeded without having verified");
  if (flash_clock_get_time_us (bench->clock) > PATIENCE_US)
    complain (bench, kind, request, "took too long");
  check_claims (bench, scene, kind, request);
}

/* Off and on with BOOT0 held, and the same again. */
static void
repeat (FlashMcuBench *bench, const Scene *scene, const Kind *kind, guint64 request)
{
  gboolean ok;

  flash_mcu_bench_power_cycle (bench);
  ok = flash_mcu_bench_run (bench);
  /* A wrong byte beside the firmware may be somebody else's: that is asked. */
  if (!ok && g_str_equal (kind->name, "corrupt") &&
      g_error_matches (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_JOURNAL_OF_OTHER_CONTENT)) {
    bench->job.saved = FLASH_MCU_SAVED_RESTORE;
    ok = flash_mcu_bench_run (bench);
  }
  if (!ok || !bench->result.is_verified)
    complain (bench, kind, request, "cannot be repeated");
  if (!flash_mcu_bench_holds (bench, 0, scene->new) ||
      !flash_mcu_bench_holds (bench, boards[scene->index].neighbour, scene->neighbour))
    complain (bench, kind, request, "is not whole after it was repeated");
}

static void
sweep (const Scene *scene, const Kind *kind)
{
  guint64 first, last;
  guint n_failed = 0;

  {
    g_autoptr (FlashMcuBench) bench = set_up (scene, NULL);

    first = flash_mcu_bench_get_n_requests (bench) + 1;
    flash_mcu_bench_run_well (bench);
    flash_mcu_bench_assert_polite (bench);
    last = flash_mcu_bench_get_n_requests (bench);
  }
  for (guint64 request = first; request <= last; request++) {
    g_autofree char *keys = g_strdup_printf ("fault=%s@%" G_GUINT64_FORMAT, kind->name, request);
    g_autoptr (FlashMcuBench) bench = set_up (scene, keys);
    gboolean ok = flash_mcu_bench_run (bench);

    check_run (bench, scene, kind, request, ok);
    n_failed += !ok;
    if (!ok)
      repeat (bench, scene, kind, request);
  }
  g_test_message ("%s: %u of %" G_GUINT64_FORMAT " failed", kind->name, n_failed, last - first + 1);
  if (kind->must_fail)
    g_assert_cmpuint (n_failed, >=, last - first + 1 - LEAVING);
}

static void
test_sweep (gconstpointer data)
{
  guint number = GPOINTER_TO_UINT (data);
  Scene scene = { .index = number / G_N_ELEMENTS (kinds) };
  gsize size = boards[scene.index].size;

  scene.old = flash_mcu_bench_make_firmware (size, 1);
  scene.new = flash_mcu_bench_make_firmware (size, 2);
  scene.neighbour = flash_test_make_bytes (700, 7);
  sweep (&scene, &kinds[number % G_N_ELEMENTS (kinds)]);
  g_bytes_unref (scene.old);
  g_bytes_unref (scene.new);
  g_bytes_unref (scene.neighbour);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (boards) * G_N_ELEMENTS (kinds); i++) {
    g_autofree char *path =
        g_strdup_printf ("/mcu-sweep/%s/%s", boards[i / G_N_ELEMENTS (kinds)].model,
                         kinds[i % G_N_ELEMENTS (kinds)].name);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_sweep);
  }
  return g_test_run ();
}
