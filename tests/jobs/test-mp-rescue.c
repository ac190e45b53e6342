/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a job may count on after its board was away without being told to: never on a card or a
 * board that may be another one, and never on half a transfer. */
#include "config.h"

#include "flash-fake-board.h"
#include "flash-mp-bench.h"
#include "flash-test-images.h"

#include <string.h>

#define FIRST 3
#define SECOND 4

/* --- On a virtual board --------------------------------------------------------------------- */

/* @at: the step in the middle of which @fault happens */
static FlashMpBench *
make_bench (const char *dir, const char *fault, guint at)
{
  g_autoptr (FlashMpBench) trial = flash_mp_bench_new (dir, "stm32mp157", "mmc0=1M");
  g_autofree char *keys = NULL;

  g_assert_true (flash_mp_bench_run (trial, FALSE));
  keys = g_strdup_printf ("mmc0=1M,fault=%s@%" G_GUINT64_FORMAT, fault,
                          (trial->begun_at[at] + trial->written_at[at]) / 2);
  return flash_mp_bench_new (dir, "stm32mp157", keys);
}

static guint
count_step (FlashMpBench *bench, FlashEventKind kind, gint step)
{
  guint n = 0;

  for (guint i = 0; i < bench->events->len; i++) {
    const FlashEvent *event = g_ptr_array_index (bench->events, i);

    n += event->kind == kind && event->step == step;
  }
  return n;
}

/* Block numbers have 16 bits: to a session that holds a part of it, it must not be sent from the
 * beginning. */
static void
test_half (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = make_bench (dir, "cable", FIRST);

  flash_mp_bench_open_gate (bench, 1, FALSE);
  g_assert_true (flash_mp_bench_run (bench, FALSE));
  g_assert_cmpuint (count_step (bench, FLASH_EVENT_PARTITION, FIRST), ==, 2);
  flash_mp_bench_assert_all_stored (bench);
  flash_test_remove_dir (dir);
}

/* The first partition was confirmed before; it is read back although nobody wants that of all. */
static void
test_kept (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = make_bench (dir, "unplug", SECOND);

  flash_mp_bench_open_gate (bench, 1, TRUE);
  g_assert_true (flash_mp_bench_run (bench, FALSE));
  g_assert_cmpuint (count_step (bench, FLASH_EVENT_PARTITION, FIRST), ==, 1);
  g_assert_cmpuint (count_step (bench, FLASH_EVENT_DROPPED, FIRST), ==, 0);
  g_assert_cmpuint (count_step (bench, FLASH_EVENT_VERIFIED, FIRST), ==, 1);
  g_assert_cmpuint (count_step (bench, FLASH_EVENT_VERIFIED, SECOND), ==, 0);
  /* What is only in memory begins again, and that is told. */
  for (gint i = 0; i < FIRST; i++)
    g_assert_cmpuint (count_step (bench, FLASH_EVENT_DROPPED, i), ==, 1);
  flash_mp_bench_assert_all_stored (bench);
  flash_test_remove_dir (dir);
}

static void
test_swapped_card (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = make_bench (dir, "unplug", SECOND);

  flash_mp_bench_open_gate (bench, 1, TRUE);
  bench->swaps_card = TRUE;
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_VERIFY_MISMATCH);
  g_assert_false (flash_result_is_written (&bench->result, FIRST));
  g_assert_cmpuint (count_step (bench, FLASH_EVENT_DROPPED, FIRST), ==, 1);
  g_assert_true (flash_result_is_written (&bench->result, SECOND));
  g_assert_true (flash_mp_bench_is_stored (bench, SECOND));
  flash_test_remove_dir (dir);
}

/* What is counted on is not claimed when the job ends before it could be compared. */
static void
test_never_compared (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) trial = flash_mp_bench_new (dir, "stm32mp157", "mmc0=1M");
  g_autoptr (FlashMpBench) bench = NULL;
  g_autofree char *keys = NULL;

  g_assert_true (flash_mp_bench_run (trial, FALSE));
  keys = g_strdup_printf ("mmc0=1M,fault=unplug@%" G_GUINT64_FORMAT ";unplug@%" G_GUINT64_FORMAT,
                          trial->written_at[FIRST] + 4, trial->written_at[FIRST] + 40);
  bench = flash_mp_bench_new (dir, "stm32mp157", keys);
  flash_mp_bench_open_gate (bench, 1, TRUE);
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NEVER_CAME_BACK);
  g_assert_cmpuint (flash_mp_bench_count (bench, FLASH_EVENT_PAUSED), ==, 2);
  g_assert_cmpuint (count_step (bench, FLASH_EVENT_WRITTEN, FIRST), ==, 1);
  g_assert_cmpuint (count_step (bench, FLASH_EVENT_DROPPED, FIRST), ==, 1);
  g_assert_false (flash_result_is_written (&bench->result, FIRST));
  flash_test_remove_dir (dir);
}

/* A reading that the cable has broken off is begun again, in the same session. */
static void
test_verifying (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) trial = flash_mp_bench_new (dir, "stm32mp157", "mmc0=1M");
  guint64 first, n_requests;

  g_assert_true (flash_mp_bench_run (trial, TRUE));
  n_requests = flash_mp_bench_get_n_requests (trial);
  first = trial->written_at[SECOND] + 1;
  g_assert_cmpuint (first + 6, <, n_requests);
  for (guint64 at = first; at + 3 < n_requests; at++) {
    g_autofree char *keys = g_strdup_printf ("mmc0=1M,fault=cable@%" G_GUINT64_FORMAT, at);
    g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", keys);

    flash_mp_bench_open_gate (bench, 1, FALSE);
    flash_mp_bench_run (bench, TRUE);
    g_test_message ("cable@%" G_GUINT64_FORMAT, at);
    g_assert_no_error (bench->error);
    g_assert_cmpuint (flash_mp_bench_count (bench, FLASH_EVENT_RESUMED), ==, 1);
    g_assert_cmpuint (count_step (bench, FLASH_EVENT_PARTITION, SECOND), ==, 1);
    g_assert_true (flash_result_is_all_verified (&bench->result, bench->plan));
    g_assert_cmpint (bench->result.board_state, ==, FLASH_BOARD_FINISHED);
    flash_mp_bench_assert_all_stored (bench);
  }
  flash_test_remove_dir (dir);
}

/* A cable that is pulled where nothing is half sent does no harm, in whatever stage; and one that
 * takes a DETACH along neither. */
static void
test_between (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) trial = flash_mp_bench_new (dir, "stm32mp157", "mmc0=1M");
  guint n_lost = 0;

  g_assert_true (flash_mp_bench_run (trial, FALSE));
  for (guint64 at = trial->written_at[0] + 1; at < trial->written_at[SECOND]; at++) {
    g_autofree char *keys = g_strdup_printf ("mmc0=1M,fault=cable@%" G_GUINT64_FORMAT, at);
    g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", keys);
    gboolean is_boot = at > trial->begun_at[1] && at < trial->written_at[2];

    flash_mp_bench_open_gate (bench, 2, FALSE);
    if (flash_mp_bench_run (bench, FALSE)) {
      flash_mp_bench_assert_all_stored (bench);
      continue;
    }
    g_test_message ("cable@%" G_GUINT64_FORMAT ": %s", at, bench->error->message);
    g_assert_true (is_boot);
    g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_SESSION_LOST);
    g_assert_cmpint (bench->result.board_state, ==, FLASH_BOARD_NEEDS_RESET);
    n_lost++;
  }
  g_assert_cmpuint (n_lost, >, 0);
  flash_test_remove_dir (dir);
}

/* Nobody needs to be asked to connect a board that is back in its ROM. */
static const struct {
  const char *what;
  gboolean has_gate;
  gboolean restarts;
  const char *story;
} replugs[] = {
  { "by-itself", FALSE, TRUE,
    "lost:u-boot returned:u-boot lost:u-boot-2 returned:u-boot lost returned:rom "
    "warning:restarted-from-rom lost:u-boot returned:u-boot lost:u-boot-2 returned:u-boot "
    "finished" },
  { "asked", TRUE, FALSE,
    "lost:u-boot returned:u-boot lost:u-boot-2 returned:u-boot lost returned:rom paused:rom "
    "resumed lost:u-boot returned:u-boot lost:u-boot-2 returned:u-boot finished" },
  { "neither", FALSE, FALSE,
    "lost:u-boot returned:u-boot lost:u-boot-2 returned:u-boot failed:board-gone "
    "finished:board-gone" },
};

static void
test_replug (gconstpointer data)
{
  guint at = GPOINTER_TO_UINT (data);
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = make_bench (dir, "replug", SECOND);
  g_autofree char *story = NULL;

  if (replugs[at].has_gate)
    flash_mp_bench_open_gate (bench, 1, FALSE);
  bench->restarts = replugs[at].restarts;
  if (flash_mp_bench_run (bench, FALSE))
    flash_mp_bench_assert_all_stored (bench);
  story = flash_mp_bench_dup_story (bench);
  g_assert_cmpstr (story, ==, replugs[at].story);
  flash_test_remove_dir (dir);
}

/* What restarts a third time will do so again. */
static void
test_third_time (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench =
      flash_mp_bench_new (dir, "stm32mp157", "mmc0=1M,fault=unplug@40;unplug@80;unplug@120");

  flash_mp_bench_open_gate (bench, 9, TRUE);
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_CAME_BACK_IN_ROM);
  g_assert_cmpuint (flash_mp_bench_count (bench, FLASH_EVENT_PAUSED), >=, 3);
  flash_test_remove_dir (dir);
}

/* --- On a board that does what no virtual one does ------------------------------------------ */

#define OK .open_error = FLASH_FAKE_OK, .request_error = FLASH_FAKE_OK
#define SERIAL "003A00283338511234383330"
#define OTHER_SERIAL "00FF00FF3338511234383330"
#define CHIP "Device ID /0x501, @Revision ID /0x1003"
#define UBOOT "USB download gadget@" CHIP ", @Name /STM32MP135FAF Rev.Y,"
#define TFA "DFU @" CHIP ", @Name /STM32MP135FAF Rev.Y,"
#define ROM "DFU in HS Mode @" CHIP
#define LAYOUT_NAMES .names = { "@FlashLayout/0x00/1*256Ke", "@virtual/0xf1/1*512Be" }
#define LAYOUT_PHASES .phases = { "00000000c20000000000", "00000000c20000000001" }
#define PART_NAMES .names = { "@first/0x10/1*16Me", "@second/0x11/1*16Me", "@virtual/0xf1/1*512Be" }
#define KERNEL_NAMES .names = { "@k/0x10/1*16Me", "@virtual/0xf1/1*512Be" }
#define KERNEL_PHASES .phases = { "10ffffffff00000000", "feffffffff00000000" }
#define BOOT_ROWS                                                                                  \
  "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n"
#define KERNEL_ROWS BOOT_ROWS "P\t0x10\tk\tSystem\tram0\t0xC2000000\tfirst.bin\n"
#define PART_ROWS                                                                                  \
  BOOT_ROWS "P\t0x10\tfirst\tBinary\tmmc0\t0x4400\tfirst.bin\n"                                    \
            "P\t0x11\tsecond\tBinary\tmmc0\t0x8400\tsecond.bin\n"

typedef enum { MOVE_NEVER, MOVE_BACK, MOVE_AWAY } Move;

/**
 * Scene:
 * @move: when somebody says that the board is on another port, wrongly: when it is back, or while
 * it is away
 * @pulls_at: the step at whose beginning the scene ends, -1 for none
 * @n_begun: how often the first partition is begun to be sent
 * @error: -1 for none
 */
typedef struct {
  const char *what;
  const char *rows;
  Move move;
  gint pulls_at;
  guint n_begun;
  gint error;
  FlashFakeScene scenes[7];
} Scene;

static const Scene scenes[] = {
  /* It does not leave; that another port is empty is no proof that it has started. */
  { "stale-move",
    KERNEL_ROWS,
    MOVE_BACK,
    -1,
    1,
    FLASH_JOB_ERROR_DID_NOT_START,
    { { .product = UBOOT, LAYOUT_NAMES, LAYOUT_PHASES, OK },
      { .product = UBOOT, KERNEL_NAMES, KERNEL_PHASES, .ignores_detach = TRUE, OK } } },
  { "back-where-it-was",
    KERNEL_ROWS,
    MOVE_AWAY,
    -1,
    1,
    -1,
    { { .product = UBOOT, .serial = SERIAL, LAYOUT_NAMES, LAYOUT_PHASES, OK },
      { .product = UBOOT, .serial = SERIAL, KERNEL_NAMES, KERNEL_PHASES, .gap_ms = 500, OK } } },
  /* Without a serial number the board that comes back in its ROM may be any. */
  { "no-serial",
    PART_ROWS,
    MOVE_NEVER,
    SECOND,
    2,
    -1,
    { { .product = UBOOT, LAYOUT_NAMES, LAYOUT_PHASES, OK },
      { .product = UBOOT,
        PART_NAMES,
        .phases = { "10ffffffff00000000", "11ffffffff00000000" },
        .lasts_ms = 3000,
        OK },
      { .product = ROM,
        .serial = OTHER_SERIAL,
        .names = { "@FSBL /0x01/1*128Ke", "@virtual /0xF1/1*512Ba" },
        .phases = { "01ffffffff00000000", "00ffffffff0000000001" },
        .gap_ms = 9000,
        OK },
      { .product = TFA,
        .serial = OTHER_SERIAL,
        .names = { "@SSBL /0x03/1*16Me", "@virtual /0xF1/1*512Ba" },
        .phases = { "03000000c700000000", "00ffffffff0000000001" },
        OK },
      { .product = UBOOT, .serial = OTHER_SERIAL, LAYOUT_NAMES, LAYOUT_PHASES, OK },
      { .product = UBOOT,
        .serial = OTHER_SERIAL,
        PART_NAMES,
        .phases = { "10ffffffff00000000", "11ffffffff00000000", "feffffffff00000000" },
        OK } } },
};

typedef struct {
  const Scene *scene;
  FlashClock *clock;
  FlashJobGate *gate;
  guint n_begun;
  gboolean is_pulled;
} Play;

static void
on_event (FlashEvent *event, gpointer data)
{
  Play *play = data;
  const Scene *scene = play->scene;

  if ((event->kind == FLASH_EVENT_RETURNED && scene->move == MOVE_BACK) ||
      (event->kind == FLASH_EVENT_LOST && scene->move == MOVE_AWAY))
    flash_job_gate_move (play->gate, "fake-9");
  if (event->kind == FLASH_EVENT_PAUSED)
    flash_job_gate_answer (play->gate, flash_job_gate_get_question (play->gate),
                           FLASH_JOB_ANSWER_GO_ON);
  if (event->kind != FLASH_EVENT_PARTITION)
    return;
  play->n_begun += event->step == FIRST;
  if (event->step == scene->pulls_at && !play->is_pulled) {
    play->is_pulled = TRUE;
    flash_clock_wait_ms (play->clock, 6000, NULL, NULL);
  }
}

static void
on_progress (const FlashSnapshot *snapshot, gpointer data)
{
}

static FlashPlan *
make_plan (const char *dir, const char *rows)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (GBytes) text = g_bytes_new_static (rows, strlen (rows));
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (text, dir, diags);
  g_autoptr (GError) error = NULL;
  FlashPlan *plan = flash_plan_new_for_layout (layout, &error);

  g_assert_no_error (error);
  return plan;
}

static void
test_scene (gconstpointer data)
{
  const Scene *scene = data;
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp135");
  g_autoptr (FlashPlan) plan = make_plan (dir, scene->rows);
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashFakeProvider) provider = flash_fake_provider_new (clock, scene->scenes);
  g_autoptr (FlashBoard) board = flash_fake_provider_look (provider);
  g_autoptr (FlashJobGate) gate = flash_job_gate_new ();
  g_auto (FlashResult) result = { 0 };
  Play play = { .scene = scene, .clock = clock, .gate = gate };
  const FlashMpJob job = { .plan = plan,
                           .provider = FLASH_PROVIDER (provider),
                           .board = board,
                           .clock = clock,
                           .gate = gate };
  const FlashSink sink = { on_event, on_progress, &play };
  g_autoptr (GError) error = NULL;

  flash_mp_run (&job, NULL, &sink, &result, &error);
  if (scene->error >= 0)
    g_assert_error (error, FLASH_JOB_ERROR, scene->error);
  else
    g_assert_no_error (error);
  g_assert_cmpuint (play.n_begun, ==, scene->n_begun);
  g_assert_cmpint (result.started, ==, scene->error < 0 && flash_plan_ends_in_ram (plan));
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mp-rescue/half", test_half);
  g_test_add_func ("/mp-rescue/kept", test_kept);
  g_test_add_func ("/mp-rescue/swapped-card", test_swapped_card);
  g_test_add_func ("/mp-rescue/never-compared", test_never_compared);
  g_test_add_func ("/mp-rescue/verifying", test_verifying);
  g_test_add_func ("/mp-rescue/between", test_between);
  g_test_add_func ("/mp-rescue/third-time", test_third_time);
  for (guint i = 0; i < G_N_ELEMENTS (replugs); i++) {
    g_autofree char *path = g_strdup_printf ("/mp-rescue/replug/%s", replugs[i].what);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_replug);
  }
  for (guint i = 0; i < G_N_ELEMENTS (scenes); i++) {
    g_autofree char *path = g_strdup_printf ("/mp-rescue/%s", scenes[i].what);

    g_test_add_data_func (path, &scenes[i], test_scene);
  }
  return g_test_run ();
}
