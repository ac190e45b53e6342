/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Some faults with the job's own thread, looks in theirs, and real time: what is said, and when.
 * The table of faults has virtual time, in which no timer runs. */
#include "config.h"

#include "flash-doctor-bench.h"
#include "flash-test-images.h"

/* A timer of a second, and a busy computer. */
#define LATE_MS (FLASH_DOCTOR_TELL_MS + 2000)

/**
 * Row:
 * @fault: what the board does
 * @codes: with what the job ends, by `|`
 * @away: (nullable): what is said while it hangs
 * @port: what the port shows in the end, %FLASH_PORT_UNKNOWN if that is a matter of time
 */
typedef struct {
  const char *fault;
  const char *codes;
  const char *away;
  FlashPortShows port;
} Row;

static const Row rows[] = {
  { "unplug@60", "board-gone", NULL, FLASH_PORT_NOTHING },
  { "unplug@8", "board-gone", NULL, FLASH_PORT_NOTHING },
  { "replug@60", "board-gone|came-back-in-rom", NULL, FLASH_PORT_UNKNOWN },
  { "timeout@60", "no-answer", "board-silent", FLASH_PORT_SILENT },
};

typedef struct {
  const Row *row;
  FlashDoctor *doctor;
  FlashJob *job;
  gint64 moved_us;
  gint64 told_us; /* 0: nothing was told of a board that hangs */
  gboolean is_over;
} Run;

static void
on_progress (FlashJob *job, Run *run)
{
  run->moved_us = g_get_monotonic_time ();
}

static void
on_changed (FlashDoctor *doctor, Run *run)
{
  const FlashFindings *findings = flash_doctor_get_findings (doctor);

  if (run->row->away == NULL || run->told_us != 0 || findings->cause == NULL ||
      flash_doctor_get_symptoms (doctor)->moment != FLASH_MOMENT_AWAY)
    return;
  run->told_us = g_get_monotonic_time ();
  g_assert_cmpstr (findings->cause->code, ==, run->row->away);
  g_assert_cmpint (flash_doctor_get_symptoms (doctor)->port, ==, FLASH_PORT_SILENT);
  g_assert_cmpint ((run->told_us - run->moved_us) / 1000, <=, LATE_MS);
  g_assert_cmpint ((run->told_us - run->moved_us) / 1000, >=, FLASH_DOCTOR_TELL_MS - 1500);
}

static void
on_finished (FlashJob *job, Run *run)
{
  run->is_over = TRUE;
}

static void
play (Run *run, FlashMpBench *bench)
{
  g_autoptr (FlashClock) clock = flash_clock_new_real ();
  g_autoptr (FlashSimProvider) provider = flash_sim_provider_new (clock);
  g_autofree char *id = g_strdup_printf ("virtual:stm32mp135,fault=%s", run->row->fault);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBoard) board = flash_provider_find (FLASH_PROVIDER (provider), id, &error);
  FlashMpJob spec;

  g_assert_no_error (error);
  spec = (FlashMpJob){ .plan = bench->plan,
                       .provider = FLASH_PROVIDER (provider),
                       .board = board,
                       .clock = clock,
                       .patience_ms = 2000 };
  run->job = flash_job_new (&spec);
  run->doctor = flash_doctor_new (NULL, spec.provider, board);
  flash_doctor_follow (run->doctor, run->job);
  g_signal_connect (run->doctor, "changed", G_CALLBACK (on_changed), run);
  g_signal_connect (run->job, "progress", G_CALLBACK (on_progress), run);
  g_signal_connect (run->job, "finished", G_CALLBACK (on_finished), run);
  run->moved_us = g_get_monotonic_time ();
  flash_job_start (run->job);
  while (!run->is_over || flash_doctor_is_looking (run->doctor))
    g_main_context_iteration (NULL, TRUE);
}

static FlashPortShows
shows (FlashDoctor *doctor)
{
  return flash_doctor_get_symptoms (doctor)->port;
}

static void
test_row (gconstpointer data)
{
  Run run = { .row = data };
  g_autofree char *dir = flash_doctor_bench_make_layout ("stm32mp135");
  FlashMpBench *bench = flash_mp_bench_new (dir, "stm32mp135", NULL);
  g_auto (GStrv) codes = NULL;

  play (&run, bench);
  codes = g_strsplit (run.row->codes, "|", -1);
  g_assert_true (g_strv_contains ((const char *const *) codes,
                                  flash_job_error_get_stable_code (flash_job_get_error (run.job))));
  g_assert_false (flash_doctor_awaits_look (run.doctor));
  g_assert_cmpint (shows (run.doctor), !=, FLASH_PORT_UNKNOWN);
  if (run.row->port != FLASH_PORT_UNKNOWN)
    g_assert_cmpint (shows (run.doctor), ==, run.row->port);
  g_assert_nonnull (flash_doctor_get_findings (run.doctor)->cause);
  g_assert_true ((run.told_us != 0) == (run.row->away != NULL));
  g_assert_finalize_object (run.doctor);
  g_object_unref (run.job);
  flash_mp_bench_free (bench);
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/doctor-thread/", rows[i].fault, NULL);

    g_test_add_data_func (path, &rows[i], test_row);
  }
  return g_test_run ();
}
