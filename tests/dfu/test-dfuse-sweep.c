/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every request of a DfuSe job, every kind of fault. Whatever happens: it ends, it is called by its
 * name, what is reported as read was in the memory, and the device can be spoken to afterwards if
 * it is there. */
#include "config.h"

#include "flash-dfu-sim-bench.h"

#include <string.h>

#define START 0x08000000
/* Nothing may take longer, by the clock of the board. */
#define MAX_S 400

typedef struct {
  const char *model;
  guint32 sector;
  gsize tail;
} Job;

static const Job jobs[] = {
  { "stm32f405", 16 * 1024, 100 },
  { "stm32g474", 2 * 1024, 64 },
  { "stm32h755", 128 * 1024, 96 },
};

/* Those that spoil an answer, those that spoil nothing but time, and those that end it. */
static const char *const kinds[] = {
  "stall",    "timeout",      "short",  "corrupt", "lost-answer",
  "long-nak", "endless-busy", "unplug", "replug",
};

/* Erase, write, read. Returns: whether all of it worked. */
static gboolean
run_job (SimBench *bench, const Job *job, const guint8 *bytes, guint8 *out_read, gsize length)
{
  return flash_dfuse_select (bench->dfuse, 0, &bench->error) &&
         flash_dfuse_erase (bench->dfuse, START, job->sector, &bench->error) &&
         flash_dfuse_write (bench->dfuse, START, bytes, length, &bench->error) &&
         flash_dfuse_read (bench->dfuse, START, out_read, length, &bench->error);
}

/* Who has not heard how long to wait cannot keep to it. An address with a wrong bit is beyond all
 * rules; the bus has a checksum against it. */
static void
assert_rules (SimBench *bench, const char *kind)
{
  g_auto (GStrv) violations = flash_sim_device_get_violations (bench->device);
  gboolean is_unheard = g_str_equal (kind, "short") || g_str_equal (kind, "lost-answer");

  if (g_str_equal (kind, "corrupt"))
    return;
  for (guint i = 0; violations[i] != NULL; i++)
    if (!is_unheard || !g_str_has_prefix (violations[i], "early-status:"))
      g_assert_cmpstr (violations[i], ==, "");
}

static gboolean
is_known (const GError *error)
{
  return error->domain == FLASH_DFU_ERROR || error->domain == FLASH_TRANSPORT_ERROR;
}

static gboolean
is_gone (const GError *error)
{
  return g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE);
}

/* Returns: whether the job was spoilt. */
static gboolean
run_fault (const Job *job, const char *kind, guint64 at, const guint8 *bytes, gsize length)
{
  g_autofree char *id =
      g_strdup_printf ("virtual:%s,fault=%s@%" G_GUINT64_FORMAT, job->model, kind, at);
  g_autofree guint8 *read = g_malloc0 (length);
  gboolean is_done, is_lasting = g_str_equal (kind, "endless-busy");
  SimBench bench;

  g_test_message ("%s", id);
  sim_bench_init (&bench, id);
  is_done = run_job (&bench, job, bytes, read, length);
  g_assert_cmpint (flash_clock_get_time_us (bench.clock), <, MAX_S * G_USEC_PER_SEC);
  if (is_done) {
    g_assert_no_error (bench.error);
    if (!g_str_equal (kind, "corrupt"))
      g_assert_cmpmem (read, length, bytes, length);
  } else {
    g_assert_true (is_known (bench.error));
    /* It can be spoken to, and is what it was. */
    if (!is_gone (bench.error) && !is_lasting) {
      g_clear_error (&bench.error);
      g_assert_true (flash_dfuse_to_idle (bench.dfuse, &bench.error));
      g_assert_true (flash_dfuse_erase (bench.dfuse, START, job->sector, &bench.error));
      g_assert_true (flash_dfuse_write (bench.dfuse, START, bytes, length, &bench.error));
      g_assert_true (flash_dfuse_read (bench.dfuse, START, read, length, &bench.error));
      g_assert_cmpmem (read, length, bytes, length);
    }
  }
  assert_rules (&bench, kind);
  sim_bench_free (&bench);
  return !is_done;
}

static void
test_sweep (gconstpointer data)
{
  const Job *job = data;
  g_autofree char *id = g_strconcat ("virtual:", job->model, NULL);
  g_autofree guint8 *bytes = NULL;
  g_autofree guint8 *read = NULL;
  guint64 first, last;
  gsize length;
  guint n_spoilt = 0;
  SimBench bench;

  sim_bench_init (&bench, id);
  length = flash_dfuse_get_transfer_size (bench.dfuse) + job->tail;
  bytes = g_malloc (length);
  read = g_malloc0 (length);
  sim_bench_fill (bytes, length, 755);
  first = flash_sim_device_get_n_requests (bench.device) + 1;
  g_assert_true (run_job (&bench, job, bytes, read, length));
  last = flash_sim_device_get_n_requests (bench.device);
  g_assert_cmpmem (read, length, bytes, length);
  sim_bench_clear (&bench);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint64 at = first; at <= last; at++)
      n_spoilt += run_fault (job, kinds[i], at, bytes, length);
  /* The board that leaves spoils it always. */
  g_assert_cmpuint (n_spoilt, >=, 2 * (last - first + 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++) {
    g_autofree char *path = g_strconcat ("/dfuse-sweep/", jobs[i].model, NULL);

    g_test_add_data_func (path, &jobs[i], test_sweep);
  }
  return g_test_run ();
}
