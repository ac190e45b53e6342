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

/* --- Questions ------------------------------------------------------------------------------ */

typedef struct {
  GMainLoop *loop;
  FlashProvider *provider;
  const char *move_to; /* (nullable): the id of the board to be followed */
  FlashJobAnswer answer;
  guint n_asked;
  guint n_resumed;
} Asked;

static char *
find_port (FlashProvider *provider, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBoard) board = flash_provider_find (provider, id, &error);

  g_assert_no_error (error);
  return g_strdup (flash_board_get_port (board));
}

static void
on_question (FlashJob *job, FlashEvent *event, Asked *asked)
{
  asked->n_resumed += event->kind == FLASH_EVENT_RESUMED;
  if (event->kind != FLASH_EVENT_PAUSED)
    return;
  asked->n_asked++;
  g_assert_cmpstr (event->code, ==, flash_job_question_get_name (flash_job_get_question (job)));
  if (asked->move_to != NULL) {
    g_autofree char *port = find_port (asked->provider, asked->move_to);

    flash_job_move (job, port);
  } else {
    flash_job_answer (job, flash_job_get_question (job), asked->answer);
  }
}

static FlashJob *
run_asked (FlashMpBench *bench, const char *id, gboolean has_gate, Asked *asked)
{
  g_autoptr (FlashClock) clock = flash_clock_new_real ();
  g_autoptr (FlashSimProvider) provider = flash_sim_provider_new (clock);
  g_autoptr (FlashBoard) board = flash_provider_find (FLASH_PROVIDER (provider), id, NULL);
  g_autoptr (FlashJobGate) gate = has_gate ? flash_job_gate_new () : NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  const FlashMpJob spec = { .plan = bench->plan,
                            .provider = FLASH_PROVIDER (provider),
                            .board = board,
                            .clock = clock,
                            .patience_ms = 2000,
                            .gate = gate };
  FlashJob *job = flash_job_new (&spec);

  asked->loop = loop;
  asked->provider = FLASH_PROVIDER (provider);
  g_signal_connect (job, "event", G_CALLBACK (on_question), asked);
  g_signal_connect_swapped (job, "finished", G_CALLBACK (g_main_loop_quit), loop);
  g_assert_cmpint (flash_job_get_question (job), ==, FLASH_JOB_QUESTION_NONE);
  flash_job_start (job);
  g_main_loop_run (loop);
  g_assert_cmpint (flash_job_get_question (job), ==, FLASH_JOB_QUESTION_NONE);
  return job;
}

static void
test_move (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  const char *id = "virtual:stm32mp157,fault=return-elsewhere@tfa";
  Asked asked = { .move_to = id };
  g_autoptr (FlashJob) job = run_asked (bench, id, TRUE, &asked);

  g_assert_no_error (flash_job_get_error (job));
  g_assert_cmpuint (asked.n_asked, ==, 1);
  g_assert_cmpuint (asked.n_resumed, ==, 1);
  flash_test_remove_dir (dir);
}

static void
test_give_up (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  Asked asked = { .answer = FLASH_JOB_ANSWER_GIVE_UP };
  g_autoptr (FlashJob) job =
      run_asked (bench, "virtual:stm32mp157,fault=no-uboot@tfa", TRUE, &asked);

  g_assert_error (flash_job_get_error (job), FLASH_JOB_ERROR, FLASH_JOB_ERROR_NEVER_CAME_BACK);
  g_assert_cmpuint (asked.n_asked, ==, 1);
  g_assert_cmpuint (asked.n_resumed, ==, 0);
  flash_test_remove_dir (dir);
}

/* Nobody can be asked: answers and ports go nowhere. */
static void
test_no_gate (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  Asked asked = { 0 };
  g_autoptr (FlashJob) job =
      run_asked (bench, "virtual:stm32mp157,fault=no-uboot@tfa", FALSE, &asked);

  flash_job_answer (job, FLASH_JOB_QUESTION_PATIENCE, FLASH_JOB_ANSWER_GO_ON);
  flash_job_move (job, "virtual-1");
  g_assert_error (flash_job_get_error (job), FLASH_JOB_ERROR, FLASH_JOB_ERROR_NEVER_CAME_BACK);
  g_assert_cmpuint (asked.n_asked, ==, 0);
  flash_test_remove_dir (dir);
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
  g_test_add_func ("/job/question/move", test_move);
  g_test_add_func ("/job/question/give-up", test_give_up);
  g_test_add_func ("/job/question/no-gate", test_no_gate);
  return g_test_run ();
}
