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

/**
 * FactsCase:
 * @chip: (nullable): the family
 * @has_flash: whether its memory map is known
 * @is_slow: whether a full-speed link is worth a warning
 */
typedef struct {
  const char *id;
  FlashBoardKind kind;
  const char *chip;
  const char *stage;
  guint device_id;
  gboolean has_flash;
  gboolean is_slow;
} FactsCase;

static const FactsCase facts_cases[] = {
  { "stm32mp135", FLASH_BOARD_KIND_STM32MP, "STM32MP13", "rom", 0x501, FALSE, FALSE },
  { "stm32mp157,speed=full", FLASH_BOARD_KIND_STM32MP, "STM32MP15", "rom", 0x500, FALSE, TRUE },
  { "stm32f405", FLASH_BOARD_KIND_DFUSE, "STM32F4", "bootloader", 0, TRUE, FALSE },
  { "stm32f105", FLASH_BOARD_KIND_DFUSE, "STM32F1", "bootloader", 0x418, TRUE, FALSE },
  { "stm32h755", FLASH_BOARD_KIND_DFUSE, "STM32H7", "bootloader", 0, TRUE, FALSE },
  { "stm32g474", FLASH_BOARD_KIND_DFUSE, "STM32G4", "bootloader", 0, TRUE, FALSE },
  { "cubemx-dfu", FLASH_BOARD_KIND_DFUSE, NULL, "bootloader", 0, TRUE, FALSE },
  { "dfu", FLASH_BOARD_KIND_DFU, NULL, "bootloader", 0, FALSE, FALSE },
  { "dfu-runtime", FLASH_BOARD_KIND_RUNTIME, NULL, "runtime", 0, FALSE, FALSE },
};

static void
test_facts (gconstpointer data)
{
  const FactsCase *of = data;
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashSimProvider) provider = flash_sim_provider_new (clock);
  g_autofree char *id = g_strdup_printf ("virtual:%s", of->id);
  g_autoptr (FlashBoard) board = flash_provider_find (FLASH_PROVIDER (provider), id, NULL);
  g_auto (FlashBoardFacts) facts = { 0 };

  flash_board_facts_init (&facts, board);
  g_assert_cmpstr (flash_board_kind_get_name (facts.kind), ==,
                   flash_board_kind_get_name (of->kind));
  g_assert_cmpstr (facts.chip, ==, of->chip);
  g_assert_cmpstr (facts.stage, ==, of->stage);
  g_assert_nonnull (facts.serial);
  g_assert_nonnull (facts.name);
  if (of->chip != NULL)
    g_assert_true (g_str_has_prefix (facts.name, "STM32"));
  if (of->device_id != 0)
    g_assert_cmphex (facts.device_id, ==, of->device_id);
  g_assert_true (facts.has_guess == of->has_flash);
  if (of->has_flash)
    g_assert_nonnull (facts.guess.flash);
  g_assert_cmpstr (flash_board_facts_get_link_code (&facts, board), ==,
                   of->is_slow ? "full-speed-link" : NULL);
}

static void
test_access (void)
{
  g_assert_null (flash_board_facts_get_access_code (FLASH_ACCESS_OK));
  g_assert_cmpstr (flash_board_facts_get_access_code (FLASH_ACCESS_NO_PERMISSION), ==,
                   "no-permission");
  g_assert_cmpstr (flash_board_facts_get_access_code (FLASH_ACCESS_BUSY), ==,
                   "busy-in-other-program");
  g_assert_cmpstr (flash_board_facts_get_access_code (FLASH_ACCESS_SILENT), ==, "board-silent");
}

/* --- On a microcontroller ------------------------------------------------------------------- */

static void
on_mcu_finished (FlashJob *job, GMainLoop *loop)
{
  g_assert_nonnull (flash_job_get_mcu_result (job));
  g_main_loop_quit (loop);
}

/* The same face, the other kind of work. */
static void
test_mcu (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_real ();
  g_autoptr (FlashSimProvider) provider = flash_sim_provider_new (clock);
  g_autoptr (FlashBoard) board =
      flash_provider_find (FLASH_PROVIDER (provider), "virtual:stm32f405,timing=fast", NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GBytes) bytes = flash_test_make_bytes (100, 1);
  g_autoptr (FlashImage) image = flash_image_new_for_bytes (0x08000000, bytes);
  const FlashMcuJob spec = {
    .verb = FLASH_MCU_PROGRAM,
    .provider = FLASH_PROVIDER (provider),
    .board = board,
    .clock = clock,
    .image = image,
    .verifies = TRUE,
    .option_bytes = bytes,
    .option_before = bytes,
  };
  FlashJob *job = flash_job_new_for_mcu (&spec);

  g_assert_null (flash_job_get_plan (job));
  g_assert_null (flash_job_get_mcu_result (job));
  g_assert_true (flash_job_is_verifying (job));
  g_assert_true (flash_job_get_board (job) == board);
  g_assert_cmpint (flash_job_get_mcu_job (job)->verb, ==, FLASH_MCU_PROGRAM);
  g_assert_true (flash_job_get_mcu_job (job) != &spec);
  g_assert_cmpuint (flash_job_get_snapshot (job)->bytes_total, ==, 100);
  g_signal_connect (job, "finished", G_CALLBACK (on_mcu_finished), loop);
  flash_job_start (job);
  g_main_loop_run (loop);
  g_assert_no_error (flash_job_get_error (job));
  g_assert_null (flash_job_get_result (job));
  g_assert_true (flash_job_get_mcu_result (job)->is_verified);
  g_assert_finalize_object (job);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/job/run", GINT_TO_POINTER (FALSE), test_run);
  g_test_add_data_func ("/job/cancel", GINT_TO_POINTER (TRUE), test_run);
  g_test_add_func ("/job/mcu", test_mcu);
  g_test_add_func ("/job/access", test_access);
  for (guint i = 0; i < G_N_ELEMENTS (facts_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/job/board-facts/%s", facts_cases[i].id);

    g_test_add_data_func (path, &facts_cases[i], test_facts);
  }
  return g_test_run ();
}
