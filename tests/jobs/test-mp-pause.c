/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patience, questions, beginning again and other ports: what a job tells, in order, and how it
 * ends. */
#include "config.h"

#include "flash-mp-bench.h"
#include "flash-test-images.h"

#define TO_UBOOT "lost:u-boot returned:u-boot "
#define TO_DEVICES TO_UBOOT "lost:u-boot-2 returned:u-boot "
#define FAILED(code) "failed:" code " finished:" code

/**
 * Case:
 * @what: name of the case
 * @keys: of the virtual board
 * @n_go_on: how many questions are answered with “go on”; -1 without a gate
 * @helps: whether the board is plugged in, or switched off and on, meanwhile
 * @is_deaf: whether nobody answers
 * @restarts: whether the job begins again by itself
 * @patience_ms: 0 for the usual
 * @story: all that it tells
 * @error: why it fails, -1 if it does not
 */
typedef struct {
  const char *what;
  const char *keys;
  gint n_go_on;
  gboolean helps;
  gboolean is_deaf;
  gboolean restarts;
  guint patience_ms;
  const char *story;
  gint error;
} Case;

static const Case cases[] = {
  { "no-gate", "fault=never-return@uboot", -1, FALSE, FALSE, FALSE, 0,
    TO_UBOOT "lost:u-boot-2 " FAILED ("never-came-back"), FLASH_JOB_ERROR_NEVER_CAME_BACK },
  { "give-up", "fault=never-return@uboot", 0, FALSE, FALSE, FALSE, 0,
    TO_UBOOT "lost:u-boot-2 paused:patience " FAILED ("never-came-back"),
    FLASH_JOB_ERROR_NEVER_CAME_BACK },
  { "go-on-in-vain", "fault=never-return@uboot", 2, FALSE, FALSE, FALSE, 0,
    TO_UBOOT
    "lost:u-boot-2 paused:patience resumed paused:patience resumed paused:patience " FAILED (
        "never-came-back"),
    FLASH_JOB_ERROR_NEVER_CAME_BACK },
  /* Somebody presses the reset button, and the board is in its ROM. */
  { "reset-and-give-up", "fault=never-return@uboot", 1, TRUE, FALSE, FALSE, 0,
    TO_UBOOT
    "lost:u-boot-2 paused:patience resumed returned:rom paused:rom " FAILED ("came-back-in-rom"),
    FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "reset-and-go-on", "fault=never-return@uboot", 2, TRUE, FALSE, FALSE, 0,
    TO_UBOOT "lost:u-boot-2 paused:patience resumed returned:rom paused:rom resumed " TO_DEVICES
             "finished",
    -1 },
  { "no-u-boot", "fault=no-uboot@tfa", 2, TRUE, FALSE, FALSE, 0,
    "lost:u-boot paused:patience resumed returned:rom paused:rom resumed " TO_DEVICES "finished",
    -1 },
  /* It comes when it comes. */
  { "late", "fault=handover-delay@uboot", 0, FALSE, TRUE, FALSE, 5000,
    TO_UBOOT "lost:u-boot-2 paused:patience resumed returned:u-boot finished", -1 },
  { "patient", "fault=handover-delay@uboot", 0, FALSE, TRUE, FALSE, 20000, TO_DEVICES "finished",
    -1 },
  { "impatient", "fault=handover-delay@uboot", -1, FALSE, FALSE, FALSE, 5000,
    TO_UBOOT "lost:u-boot-2 " FAILED ("never-came-back"), FLASH_JOB_ERROR_NEVER_CAME_BACK },
  /* An STM32MP15 is silent while its first stage starts, and has not left. */
  { "silent-for-long", "fault=handover-delay@rom", 0, FALSE, TRUE, FALSE, 2000,
    "paused:patience resumed " TO_DEVICES "finished", -1 },
  { "silent-for-good", "fault=fsbl-crash@rom", 1, FALSE, FALSE, FALSE, 5000,
    "paused:patience resumed paused:patience " FAILED ("fsbl-did-not-start"),
    FLASH_JOB_ERROR_FSBL_DID_NOT_START },
  { "silent-and-reset", "fault=fsbl-crash@rom", 2, TRUE, FALSE, FALSE, 0,
    "paused:patience resumed lost:tf-a returned:rom paused:rom resumed " TO_DEVICES "finished",
    -1 },
  /* Restarts. */
  { "restarts-alone", "fault=return-as-rom@uboot", -1, FALSE, FALSE, TRUE, 0,
    TO_UBOOT "lost:u-boot-2 returned:rom warning:restarted-from-rom " TO_DEVICES "finished", -1 },
  { "restarts-not", "fault=return-as-rom@uboot", -1, FALSE, FALSE, FALSE, 0,
    TO_UBOOT "lost:u-boot-2 returned:rom " FAILED ("came-back-in-rom"),
    FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "restarts-twice", "fault=return-as-rom@tfa;return-as-rom@uboot", -1, FALSE, FALSE, TRUE, 0,
    "lost:u-boot returned:rom warning:restarted-from-rom " TO_UBOOT
    "lost:u-boot-2 returned:rom " FAILED ("came-back-in-rom"),
    FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  { "restarts-alone-and-asked", "fault=return-as-rom@tfa;return-as-rom@uboot", 1, FALSE, FALSE,
    TRUE, 0,
    "lost:u-boot returned:rom warning:restarted-from-rom " TO_UBOOT "lost:u-boot-2 returned:rom "
    "paused:rom resumed " TO_DEVICES "finished",
    -1 },
  { "asks-once", "fault=return-as-rom@tfa;return-as-rom@uboot", 9, FALSE, FALSE, FALSE, 0,
    "lost:u-boot returned:rom paused:rom resumed " TO_UBOOT
    "lost:u-boot-2 returned:rom " FAILED ("came-back-in-rom"),
    FLASH_JOB_ERROR_CAME_BACK_IN_ROM },
  /* A first stage that was refused is no restart. */
  { "refused", "fault=fsbl-ignored@rom", 9, TRUE, FALSE, TRUE, 0, FAILED ("fsbl-refused"),
    FLASH_JOB_ERROR_FSBL_REFUSED },
  /* The cable. */
  { "unplugged", "fault=unplug@MIDDLE", -1, FALSE, FALSE, TRUE, 0, TO_DEVICES FAILED ("board-gone"),
    FLASH_JOB_ERROR_BOARD_GONE },
  { "unplugged-give-up", "fault=unplug@MIDDLE", 0, FALSE, FALSE, FALSE, 0,
    TO_DEVICES "lost paused:gone " FAILED ("board-gone"), FLASH_JOB_ERROR_BOARD_GONE },
  { "plugged-in-before-the-answer", "fault=unplug@MIDDLE", 1, TRUE, FALSE, FALSE, 0,
    TO_DEVICES "lost paused:gone resumed returned:rom " TO_DEVICES "finished", -1 },
  { "not-plugged-in", "fault=unplug@MIDDLE", 1, FALSE, FALSE, FALSE, 0,
    TO_DEVICES "lost paused:gone resumed paused:patience " FAILED ("never-came-back"),
    FLASH_JOB_ERROR_NEVER_CAME_BACK },
  { "plugged-in-late", "fault=unplug@MIDDLE", 2, TRUE, FALSE, FALSE, 0,
    TO_DEVICES "lost paused:gone resumed returned:rom " TO_DEVICES "finished", -1 },
  /* U-Boot does not take a partition anew of which it has a part, and is reset. */
  { "cable-out-for-a-moment", "fault=cable@MIDDLE", 1, FALSE, FALSE, FALSE, 0,
    TO_DEVICES "lost paused:gone resumed returned:u-boot lost returned:rom " TO_DEVICES "finished",
    -1 },
  { "cable-out-in-the-hand-over", "fault=cable@tfa", 0, FALSE, TRUE, FALSE, 0,
    "lost:tf-a returned:tf-a " TO_DEVICES "finished", -1 },
  { "cable-out-in-tf-a", "fault=cable@SECOND", 1, FALSE, FALSE, FALSE, 0,
    "lost paused:gone resumed returned:tf-a " FAILED ("session-lost"),
    FLASH_JOB_ERROR_SESSION_LOST },
  /* A board that resets itself at the end of a partition has failed, and is not asked about. */
  { "flush-error", "fault=flush-error@uboot2", 9, TRUE, FALSE, TRUE, 0,
    TO_DEVICES FAILED ("lost-at-partition-end"), FLASH_JOB_ERROR_LOST_AT_PARTITION_END },
};

/* Nothing is said to be written that is sent again afterwards. */
static void
assert_told_once (FlashMpBench *bench)
{
  for (guint i = 0; i < flash_plan_get_n_steps (bench->plan); i++) {
    guint n_told = 0;

    for (guint j = 0; j < bench->events->len; j++) {
      const FlashEvent *event = g_ptr_array_index (bench->events, j);

      n_told += event->kind == FLASH_EVENT_WRITTEN && event->step == (gint) i;
    }
    if (flash_plan_get_step (bench->plan, i)->kind == FLASH_PLAN_PARTITION)
      g_assert_cmpuint (n_told, ==, 1);
  }
}

static void
assert_end (FlashMpBench *bench, gint error)
{
  if (error >= 0) {
    g_assert_error (bench->error, FLASH_JOB_ERROR, error);
    g_assert_false (flash_result_is_all_written (&bench->result, bench->plan));
    return;
  }
  g_assert_no_error (bench->error);
  flash_mp_bench_assert_all_stored (bench);
  assert_told_once (bench);
  g_assert_true (flash_result_is_all_written (&bench->result, bench->plan));
  g_assert_cmpint (bench->result.partial_step, ==, -1);
  g_assert_cmpint (bench->result.board_state, ==, FLASH_BOARD_FINISHED);
}

/* In @keys, MIDDLE is a request in the middle of the first partition, SECOND in that of the second
 * boot stage. */
static FlashMpBench *
make_bench (const char *dir, const char *keys)
{
  static const struct {
    const char *word;
    guint step;
  } moments[] = { { "MIDDLE", 3 }, { "SECOND", 1 } };
  g_autoptr (FlashMpBench) trial = flash_mp_bench_new (dir, "stm32mp157", NULL);
  GString *text = g_string_new (keys);
  FlashMpBench *bench;

  g_assert_true (flash_mp_bench_run (trial, FALSE));
  for (guint i = 0; i < G_N_ELEMENTS (moments); i++) {
    guint step = moments[i].step;
    g_autofree char *number = g_strdup_printf (
        "%" G_GUINT64_FORMAT, (trial->begun_at[step] + trial->written_at[step]) / 2);

    g_string_replace (text, moments[i].word, number, 0);
  }
  bench = flash_mp_bench_new (dir, "stm32mp157", text->str);
  g_string_free (text, TRUE);
  return bench;
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = make_bench (dir, c->keys);
  g_autofree char *story = NULL;

  if (c->n_go_on >= 0)
    flash_mp_bench_open_gate (bench, (guint) c->n_go_on, c->helps);
  bench->is_deaf = c->is_deaf;
  bench->restarts = c->restarts;
  bench->patience_ms = c->patience_ms;
  flash_mp_bench_run (bench, FALSE);
  story = flash_mp_bench_dup_story (bench);
  g_assert_cmpstr (story, ==, c->story);
  assert_end (bench, c->error);
  flash_test_remove_dir (dir);
}

/* How long patience is, and that the wait counts on while somebody is asked. */
static void
test_durations (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench =
      flash_mp_bench_new (dir, "stm32mp157", "fault=never-return@uboot");
  guint waited_ms[3];
  guint n = 0;

  flash_mp_bench_open_gate (bench, 1, FALSE);
  flash_mp_bench_run (bench, FALSE);
  for (guint i = 0; i < bench->events->len; i++) {
    const FlashEvent *event = g_ptr_array_index (bench->events, i);

    if (event->kind == FLASH_EVENT_PAUSED || event->kind == FLASH_EVENT_RESUMED)
      waited_ms[n++] = event->duration_ms;
  }
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpuint (waited_ms[0], ==, FLASH_MP_PATIENCE_MS);
  g_assert_cmpuint (waited_ms[1], ==, FLASH_MP_PATIENCE_MS);
  g_assert_cmpuint (waited_ms[2], ==, 2 * FLASH_MP_PATIENCE_MS);
  flash_test_remove_dir (dir);
}

/* Erasing takes its time, off the bus; patience begins where that could be over. */
static void
test_erasing (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = NULL;
  const FlashEvent *event;

  flash_test_write_text (dir, "layout.tsv",
                         "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n"
                         "-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n"
                         "PD\t0x10\tfirst\tBinary\tmmc0\t0x4400\tfirst.bin\n");
  bench = flash_mp_bench_new (dir, "stm32mp157", "fault=never-return@uboot");
  flash_mp_bench_open_gate (bench, 0, FALSE);
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  event = flash_mp_bench_find (bench, FLASH_EVENT_PAUSED);
  g_assert_cmpuint (event->duration_ms, ==, 15 * 60 * 1000 + FLASH_MP_PATIENCE_MS);
  flash_test_remove_dir (dir);
}

/* A stop is heard while the job stands still. */
static void
test_cancel (gconstpointer data)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = make_bench (dir, data);

  flash_mp_bench_open_gate (bench, 0, FALSE);
  bench->is_deaf = TRUE;
  bench->cancel_at = 3000;
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (bench->n_paused, >, 100);
  g_assert_cmpuint (flash_mp_bench_count (bench, FLASH_EVENT_PAUSED), ==, 1);
  g_assert_cmpuint (flash_mp_bench_count (bench, FLASH_EVENT_RESUMED), ==, 0);
  flash_test_remove_dir (dir);
}

/* A board that comes back on another port is followed there, if somebody says so, and if it is the
 * same. */
static const struct {
  const char *what;
  const char *keys;
  const char *move_to;
  const char *story;
  gint error;
} moves[] = {
  { "found", "fault=return-elsewhere@tfa", "found",
    "lost:u-boot paused:patience resumed returned:u-boot lost:u-boot-2 returned:u-boot finished",
    -1 },
  { "found-later", "fault=return-elsewhere@uboot", "found",
    TO_UBOOT "lost:u-boot-2 paused:patience resumed returned:u-boot finished", -1 },
  { "found-in-silence", "fault=return-elsewhere@rom", "found",
    "lost:tf-a paused:patience resumed returned:tf-a " TO_DEVICES "finished", -1 },
  { "empty-port", "fault=return-elsewhere@tfa", "nowhere",
    "lost:u-boot paused:patience resumed paused:patience " FAILED ("never-came-back"),
    FLASH_JOB_ERROR_NEVER_CAME_BACK },
  /* What stands there is another chip. */
  { "another-board", "fault=return-elsewhere@tfa", "virtual-2",
    "lost:u-boot paused:patience resumed paused:patience " FAILED ("different-board"),
    FLASH_JOB_ERROR_DIFFERENT_BOARD },
};

static void
test_move (gconstpointer data)
{
  guint at = GPOINTER_TO_UINT (data);
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", moves[at].keys);
  g_autofree char *story = NULL;

  flash_mp_bench_open_gate (bench, 1, FALSE);
  bench->move_to = moves[at].move_to;
  flash_mp_bench_run (bench, FALSE);
  story = flash_mp_bench_dup_story (bench);
  g_assert_cmpstr (story, ==, moves[at].story);
  assert_end (bench, moves[at].error);
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/mp-pause/%s", cases[i].what);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++) {
    g_autofree char *path = g_strdup_printf ("/mp-pause/move/%s", moves[i].what);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_move);
  }
  g_test_add_func ("/mp-pause/durations", test_durations);
  g_test_add_func ("/mp-pause/erasing", test_erasing);
  g_test_add_data_func ("/mp-pause/cancel/patience", "fault=never-return@uboot", test_cancel);
  g_test_add_data_func ("/mp-pause/cancel/silent", "fault=fsbl-crash@rom", test_cancel);
  g_test_add_data_func ("/mp-pause/cancel/rom", "fault=return-as-rom@uboot", test_cancel);
  g_test_add_data_func ("/mp-pause/cancel/gone", "fault=unplug@MIDDLE", test_cancel);
  return g_test_run ();
}
