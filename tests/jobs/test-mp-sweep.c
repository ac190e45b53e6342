/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fault sweep: a small job, again and again, with each fault at each of its requests. Whatever
 * happens, the job ends, says why with a code that fits, and claims nothing that is not so.
 *
 * Each run takes every third request, from one that the seed decides (`--seed`); with
 * FLASH_TEST_SWEEP=all in the environment all of them. */
#include "config.h"

#include "flash-mp-bench.h"
#include "flash-sim-model.h"
#include "flash-test-images.h"

#define SAMPLE 3

/* The last requests of a job only tidy up behind the last block that is read back; nothing that
 * happens to them can do harm any more. */
#define TIDYING_UP 3

/* A job may take long if a board is slow, but it must not wait for ever. */
#define PATIENCE_US (G_GINT64_CONSTANT (30) * 60 * G_USEC_PER_SEC)

#define CODE(name) (G_GUINT64_CONSTANT (1) << FLASH_JOB_ERROR_##name)
#define LINK_CODES (CODE (LINK) | CODE (BOARD_GONE) | CODE (NO_ANSWER) | CODE (BOARD_SILENT))
#define REFUSALS                                                                                   \
  (CODE (FSBL_REFUSED) | CODE (FIP_REFUSED) | CODE (LAYOUT_REFUSED) | CODE (WRITE_FAILED) |        \
   CODE (BOARD_REPORTED) | CODE (PHASE_STUCK) | CODE (UNEXPECTED_PHASE))
#define AWAY_CODES                                                                                 \
  (CODE (NEVER_CAME_BACK) | CODE (CAME_BACK_IN_ROM) | CODE (DIFFERENT_BOARD) |                     \
   CODE (FSBL_DID_NOT_START) | CODE (LOST_AT_PARTITION_END))

/**
 * Kind:
 * @name: of the fault
 * @codes: what the job may say; 0: it must succeed
 * @must_fail: whether succeeding would be wrong, but for the last requests
 * @is_cured: whether somebody who helps, and says “go on”, brings every job to a good end that has
 *   begun to send
 */
typedef struct {
  const char *name;
  guint64 codes;
  gboolean must_fail;
  gboolean is_cured;
} Kind;

static const Kind kinds[] = {
  { "stall", LINK_CODES | REFUSALS | CODE (FSBL_DID_NOT_START), FALSE },
  { "timeout", LINK_CODES | REFUSALS | AWAY_CODES, FALSE },
  { "lost-answer", LINK_CODES | REFUSALS | AWAY_CODES, FALSE },
  { "short",
    LINK_CODES | REFUSALS | CODE (NOT_STM32MP) | CODE (ALTERNATE_MISSING) | CODE (VERIFY_MISMATCH) |
        AWAY_CODES | CODE (NO_IMAGE_FOR_PHASE),
    FALSE },
  { "corrupt",
    LINK_CODES | REFUSALS | CODE (NOT_STM32MP) | CODE (ALTERNATE_MISSING) | CODE (VERIFY_MISMATCH) |
        AWAY_CODES | CODE (NO_IMAGE_FOR_PHASE) | CODE (FOREIGN_SESSION) | CODE (SESSION_FINISHED),
    FALSE },
  { "unplug", LINK_CODES | AWAY_CODES, TRUE, TRUE },
  { "cable", LINK_CODES | AWAY_CODES | CODE (SESSION_LOST), FALSE },
  { "replug", LINK_CODES | AWAY_CODES | CODE (FSBL_REFUSED), FALSE },
  { "endless-busy", LINK_CODES | AWAY_CODES | REFUSALS, TRUE },
  { "never-return", LINK_CODES | AWAY_CODES, FALSE, TRUE },
  { "return-as-rom", LINK_CODES | AWAY_CODES | REFUSALS, FALSE, TRUE },
  { "return-elsewhere", LINK_CODES | AWAY_CODES, FALSE, TRUE },
  { "wrong-serial", LINK_CODES | AWAY_CODES, FALSE },
  { "long-nak", 0, FALSE },
  { "handover-delay", 0, FALSE },
  { "stall-detach", 0, FALSE },
  { "strings-unknown", 0, FALSE },
};

static gboolean
is_allowed (const Kind *kind, const GError *error)
{
  return error->domain == FLASH_JOB_ERROR &&
         (kind->codes & G_GUINT64_CONSTANT (1) << error->code) != 0;
}

static void
check_run (FlashMpBench *bench, const Kind *kind, guint64 request, gboolean is_tidying, gboolean ok)
{
  gint64 duration_us = flash_clock_get_time_us (bench->clock);

  if (!ok && !is_allowed (kind, bench->error)) {
    g_test_message ("%s@%" G_GUINT64_FORMAT ": %s", kind->name, request, bench->error->message);
    g_test_fail ();
  }
  if (ok && kind->must_fail && !is_tidying && bench->gate == NULL) {
    g_test_message ("%s@%" G_GUINT64_FORMAT " did no harm", kind->name, request);
    g_test_fail ();
  }
  if (duration_us > PATIENCE_US) {
    g_test_message ("%s@%" G_GUINT64_FORMAT " took %" G_GINT64_FORMAT " s", kind->name, request,
                    duration_us / G_USEC_PER_SEC);
    g_test_fail ();
  }
  for (guint i = 0; i < flash_plan_get_n_steps (bench->plan); i++) {
    gboolean is_partition = flash_plan_get_step (bench->plan, i)->kind == FLASH_PLAN_PARTITION;
    /* A wrong byte is the board's secret until it is read back. */
    gboolean is_claimed = g_str_equal (kind->name, "corrupt")
                              ? flash_result_is_verified (&bench->result, i)
                              : flash_result_is_written (&bench->result, i);

    if (is_partition && is_claimed && !flash_mp_bench_is_stored (bench, i)) {
      g_test_message ("%s@%" G_GUINT64_FORMAT ": step %u is claimed and is not so", kind->name,
                      request, i);
      g_test_fail ();
    }
  }
  if (!ok && bench->gate != NULL && kind->is_cured &&
      flash_mp_bench_count (bench, FLASH_EVENT_PARTITION) > 0) {
    g_test_message ("%s@%" G_GUINT64_FORMAT " is not cured: %s", kind->name, request,
                    bench->error->message);
    g_test_fail ();
  }
  if (ok)
    flash_mp_bench_assert_all_stored (bench);
}

static guint64
count_requests (const char *dir, const char *model)
{
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, model, NULL);

  g_assert_true (flash_mp_bench_run (bench, TRUE));
  return flash_mp_bench_get_n_requests (bench);
}

/* With @has_gate somebody sits beside the board and says “go on”, three times at most. */
static void
sweep (const char *model, const Kind *kind, gboolean has_gate)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout (model);
  guint64 n_requests = count_requests (dir, model);
  guint n_failed = 0;
  gboolean is_whole = g_strcmp0 (g_getenv ("FLASH_TEST_SWEEP"), "all") == 0;
  guint64 first = is_whole ? 1 : (guint64) g_test_rand_int_range (1, SAMPLE + 1);

  for (guint64 request = first; request <= n_requests; request += is_whole ? 1 : SAMPLE) {
    g_autofree char *keys = g_strdup_printf ("fault=%s@%" G_GUINT64_FORMAT, kind->name, request);
    g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, model, keys);
    gboolean ok;

    if (has_gate)
      flash_mp_bench_open_gate (bench, 3, !g_str_equal (kind->name, "return-elsewhere"));
    bench->move_to = g_str_equal (kind->name, "return-elsewhere") ? "found" : NULL;
    ok = flash_mp_bench_run (bench, TRUE);
    check_run (bench, kind, request, request + TIDYING_UP > n_requests, ok);
    n_failed += !ok;
  }
  g_test_message ("%s on %s: %" G_GUINT64_FORMAT " requests, %u runs failed as they should",
                  kind->name, model, n_requests, n_failed);
  g_assert_cmpuint (n_requests, >, 50);
  flash_test_remove_dir (dir);
}

typedef struct {
  const char *model;
  const Kind *kind;
  gboolean has_gate;
} Sweep;

static void
test_sweep (gconstpointer data)
{
  const Sweep *self = data;

  sweep (self->model, self->kind, self->has_gate);
}

static void
add_sweeps (const char *model, gboolean has_gate)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *path =
        g_strdup_printf ("/mp-sweep/%s%s/%s", has_gate ? "gate/" : "", model, kinds[i].name);
    Sweep *self = g_new (Sweep, 1);

    *self = (Sweep){ model, &kinds[i], has_gate };
    g_test_add_data_func_full (path, self, test_sweep, g_free);
  }
}

/* Faults that belong to a stage, and what each of them is. */
static const struct {
  const char *fault;
  FlashJobError error;
} staged[] = {
  { "fsbl-refused@rom", FLASH_JOB_ERROR_FSBL_REFUSED },
  { "fsbl-ignored@rom", FLASH_JOB_ERROR_FSBL_REFUSED },
  { "fsbl-crash@rom", FLASH_JOB_ERROR_FSBL_DID_NOT_START },
  { "spl-instead@rom", FLASH_JOB_ERROR_OTHER_BOOT_LOADER },
  { "bad-fip@tfa", FLASH_JOB_ERROR_FIP_REFUSED },
  { "no-uboot@tfa", FLASH_JOB_ERROR_NEVER_CAME_BACK },
  { "return-as-rom@tfa", FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "return-as-rom@uboot", FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "never-return@uboot", FLASH_JOB_ERROR_NEVER_CAME_BACK },
  { "wrong-serial@tfa", FLASH_JOB_ERROR_DIFFERENT_BOARD },
  { "layout-error@uboot", FLASH_JOB_ERROR_LAYOUT_REFUSED },
  { "init-error@uboot", FLASH_JOB_ERROR_LAYOUT_REFUSED },
  { "gpt-error@uboot", FLASH_JOB_ERROR_LAYOUT_REFUSED },
  { "write-error@uboot2", FLASH_JOB_ERROR_WRITE_FAILED },
  { "buffer-overflow@uboot2", FLASH_JOB_ERROR_WRITE_FAILED },
  { "flush-error@uboot2", FLASH_JOB_ERROR_LOST_AT_PARTITION_END },
  { "full-storage@uboot2", FLASH_JOB_ERROR_LOST_AT_PARTITION_END },
  { "phase-stuck@uboot2", FLASH_JOB_ERROR_PHASE_STUCK },
};

static void
test_staged (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autofree char *keys = g_strdup_printf ("fault=%s", staged[index].fault);
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", keys);

  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_test_message ("%s", bench->error->message);
  g_assert_error (bench->error, FLASH_JOB_ERROR, (gint) staged[index].error);
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  const char *const *models = flash_sim_provider_list_models ();

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; models[i] != NULL; i++)
    if (flash_sim_model_find (models[i])->first_stage == FLASH_SIM_STAGE_ROM) {
      add_sweeps (models[i], FALSE);
      add_sweeps (models[i], TRUE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (staged); i++) {
    g_autofree char *path = g_strdup_printf ("/mp-sweep/staged/%s", staged[i].fault);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_staged);
  }
  return g_test_run ();
}
