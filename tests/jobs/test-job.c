/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main thread's face of a job, with a real thread and a real clock. */
#include "config.h"

#include "flash-board-facts.h"
#include "flash-job.h"
#include "flash-mp-bench.h"
#include "flash-test-images.h"

typedef struct {
  GMainLoop *loop;
  GThread *thread;
  guint n_events;
  guint n_finished_events;
  guint n_progress;
  guint n_finished;
  gboolean cancel;
} Seen;

static void
on_event (FlashJob *job, FlashEvent *event, Seen *seen)
{
  g_assert_true (g_thread_self () == seen->thread);
  seen->n_events++;
  seen->n_finished_events += event->kind == FLASH_EVENT_FINISHED;
  /* The last event can already look at the result. */
  g_assert_true ((event->kind == FLASH_EVENT_FINISHED) == (flash_job_get_result (job) != NULL));
  if (seen->cancel && event->kind == FLASH_EVENT_PARTITION)
    flash_job_cancel (job);
}

static void
on_progress (FlashJob *job, Seen *seen)
{
  g_assert_true (g_thread_self () == seen->thread);
  seen->n_progress++;
}

static void
on_finished (FlashJob *job, Seen *seen)
{
  seen->n_finished++;
  g_assert_false (flash_job_is_running (job));
  g_main_loop_quit (seen->loop);
}

static void
run_job (FlashMpBench *bench, FlashClock *clock, FlashSimProvider *provider, FlashBoard *board,
         Seen *seen, FlashJob **out_job)
{
  const FlashMpJob spec = {
    .plan = bench->plan, .provider = FLASH_PROVIDER (provider), .board = board, .clock = clock
  };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  FlashJob *job = flash_job_new (&spec);

  seen->loop = loop;
  seen->thread = g_thread_self ();
  g_signal_connect (job, "event", G_CALLBACK (on_event), seen);
  g_signal_connect (job, "progress", G_CALLBACK (on_progress), seen);
  g_signal_connect (job, "finished", G_CALLBACK (on_finished), seen);
  g_assert_false (flash_job_is_running (job));
  g_assert_null (flash_job_get_result (job));
  flash_job_start (job);
  g_assert_true (flash_job_is_running (job));
  g_main_loop_run (loop);
  *out_job = job;
}

static void
test_run (gconstpointer data)
{
  gboolean cancel = GPOINTER_TO_INT (data);
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_autoptr (FlashClock) clock = flash_clock_new_real ();
  g_autoptr (FlashSimProvider) provider = flash_sim_provider_new (clock);
  g_autoptr (FlashBoard) board =
      flash_provider_find (FLASH_PROVIDER (provider), "virtual:stm32mp157", NULL);
  Seen seen = { .cancel = cancel };
  FlashJob *job;

  run_job (bench, clock, provider, board, &seen, &job);
  if (cancel) {
    g_assert_error (flash_job_get_error (job), G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_true (flash_job_is_cancelled (job));
  } else {
    g_assert_no_error (flash_job_get_error (job));
    g_assert_true (flash_result_is_all_written (flash_job_get_result (job), bench->plan));
    g_assert_cmpfloat_with_epsilon (flash_job_get_snapshot (job)->fraction, 1.0, 0.05);
  }
  g_assert_true (flash_job_get_plan (job) == bench->plan);
  g_assert_true (flash_job_get_board (job) == board);
  g_assert_false (flash_job_is_verifying (job));
  g_assert_cmpuint (seen.n_finished, ==, 1);
  g_assert_cmpuint (seen.n_finished_events, ==, 1);
  g_assert_cmpuint (seen.n_events, >, 3);
  /* A job that is stopped at once may have made none. */
  g_assert_true (seen.n_progress > 0 || cancel);
  g_assert_finalize_object (job);
  flash_test_remove_dir (dir);
}

static void
test_facts (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashSimProvider) provider = flash_sim_provider_new (clock);
  g_autoptr (FlashBoard) board =
      flash_provider_find (FLASH_PROVIDER (provider), "virtual:stm32mp135", NULL);
  g_auto (FlashBoardFacts) facts = { 0 };

  flash_board_facts_init (&facts, board);
  g_assert_cmpstr (facts.chip, ==, "STM32MP13");
  g_assert_cmpstr (facts.name, ==, "STM32MP13");
  g_assert_cmpstr (facts.stage, ==, "rom");
  g_assert_cmphex (facts.device_id, ==, 0x501);
  g_assert_nonnull (facts.serial);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/job/run", GINT_TO_POINTER (FALSE), test_run);
  g_test_add_data_func ("/job/cancel", GINT_TO_POINTER (TRUE), test_run);
  g_test_add_func ("/job/board-facts", test_facts);
  return g_test_run ();
}
