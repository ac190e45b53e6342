/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an interrupted update has saved: it comes back where it belongs, never on top of something
 * else, and not after it was erased on purpose. */
#include "config.h"

#include "flash-mcu-bench.h"
#include "flash-test-images.h"

#define FLASH_AT FLASH_MCU_BENCH_FLASH
/* Of an STM32F405, in its first sector. */
#define NEIGHBOUR_AT 10000
#define NEIGHBOUR_SIZE 1000

static void
set_firmware (FlashMcuBench *bench, guint32 seed)
{
  flash_mcu_bench_set_verb (bench, FLASH_MCU_PROGRAM);
  flash_mcu_bench_set_image (bench, FLASH_AT, flash_mcu_bench_make_firmware (5000, seed));
  bench->job.shared = FLASH_MCU_SHARED_KEEP;
}

/* Returns: (transfer full): a board whose update was stopped when its first sector was erased. */
static FlashMcuBench *
make_interrupted (GBytes *neighbour)
{
  FlashMcuBench *bench = flash_mcu_bench_new ("stm32f405", NULL);

  flash_mcu_bench_put (bench, NEIGHBOUR_AT, neighbour);
  set_firmware (bench, 1);
  do {
    bench->cancel_at++;
    g_cancellable_reset (bench->cancellable);
    g_assert_false (flash_mcu_bench_run (bench));
    g_assert_error (bench->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  } while (flash_mcu_bench_holds (bench, NEIGHBOUR_AT, neighbour));
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_HALF);
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 1);
  g_cancellable_reset (bench->cancellable);
  bench->cancel_at = 0;
  return bench;
}

static void
assert_warned (FlashMcuBench *bench, const char *code, gboolean is_expected)
{
  guint n = 0;

  for (guint i = 0; i < bench->events->len; i++) {
    const FlashEvent *event = g_ptr_array_index (bench->events, i);

    n += event->kind == FLASH_EVENT_WARNING && g_str_equal (event->code, code);
  }
  g_assert_cmpuint (n, ==, is_expected ? 1 : 0);
}

static void
assert_blank (FlashMcuBench *bench, guint32 offset, gsize length)
{
  guint8 *bytes = g_malloc (length);
  g_autoptr (GBytes) blank = g_bytes_new_take (bytes, length);

  memset (bytes, 0xff, length);
  g_assert_true (flash_mcu_bench_holds (bench, offset, blank));
}

static void
test_continued (void)
{
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (NEIGHBOUR_SIZE, 7);
  g_autoptr (FlashMcuBench) bench = make_interrupted (neighbour);

  flash_mcu_bench_run_well (bench);
  g_assert_true (flash_mcu_bench_holds (bench, NEIGHBOUR_AT, neighbour));
  assert_warned (bench, "update-continued", TRUE);
  assert_warned (bench, "neighbours-still-saved", FALSE);
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 0);
  flash_mcu_bench_run_well (bench);
  assert_warned (bench, "update-continued", FALSE);
}

/* Another image for the same sectors takes it up just so. */
static void
test_other_image (void)
{
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (NEIGHBOUR_SIZE, 7);
  g_autoptr (FlashMcuBench) bench = make_interrupted (neighbour);

  set_firmware (bench, 2);
  flash_mcu_bench_run_well (bench);
  g_assert_true (flash_mcu_bench_holds (bench, NEIGHBOUR_AT, neighbour));
  assert_warned (bench, "update-continued", TRUE);
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 0);
}

/* --- Another board ---------------------------------------------------------------------------- */

/**
 * SwapCase:
 * @saved: what the user decides
 * @shared: what becomes of neighbours
 * @code: with which error it ends, -1 for none
 * @has_own: whether the board has its own neighbour afterwards; else that of the other one
 */
typedef struct {
  const char *what;
  FlashMcuSaved saved;
  FlashMcuShared shared;
  gint code;
  gboolean has_own;
} SwapCase;

static const SwapCase swaps[] = {
  { "ask", FLASH_MCU_SAVED_ASK, FLASH_MCU_SHARED_KEEP, FLASH_JOB_ERROR_JOURNAL_OF_OTHER_CONTENT,
    TRUE },
  { "ask-both", FLASH_MCU_SAVED_ASK, FLASH_MCU_SHARED_ASK, FLASH_JOB_ERROR_JOURNAL_OF_OTHER_CONTENT,
    TRUE },
  { "forget-ask", FLASH_MCU_SAVED_FORGET, FLASH_MCU_SHARED_ASK, FLASH_JOB_ERROR_SECTOR_SHARED,
    TRUE },
  { "forget", FLASH_MCU_SAVED_FORGET, FLASH_MCU_SHARED_KEEP, -1, TRUE },
  { "restore", FLASH_MCU_SAVED_RESTORE, FLASH_MCU_SHARED_KEEP, -1, FALSE },
};

static void
test_swap (gconstpointer data)
{
  const SwapCase *of = data;
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (NEIGHBOUR_SIZE, 7);
  g_autoptr (GBytes) content = flash_mcu_bench_make_firmware (16384, 9);
  g_autoptr (GBytes) own = g_bytes_new_from_bytes (content, NEIGHBOUR_AT, NEIGHBOUR_SIZE);
  g_autoptr (FlashMcuBench) bench =
      flash_mcu_bench_swap (make_interrupted (neighbour), "stm32f405", content);

  set_firmware (bench, 1);
  bench->job.saved = of->saved;
  bench->job.shared = of->shared;
  if (of->code < 0) {
    flash_mcu_bench_run_well (bench);
    g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 0);
  } else {
    flash_mcu_bench_run_into (bench, (FlashJobError) of->code);
    g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
    g_assert_true (flash_mcu_bench_holds (bench, 0, content));
    g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 1);
  }
  g_assert_true (flash_mcu_bench_holds (bench, NEIGHBOUR_AT, of->has_own ? own : neighbour));
}

/* Blank neighbours of a board that would start are its own, too. */
static void
test_swap_blank (void)
{
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (NEIGHBOUR_SIZE, 7);
  g_autoptr (GBytes) content = flash_mcu_bench_make_firmware (6000, 9);
  g_autoptr (FlashMcuBench) bench =
      flash_mcu_bench_swap (make_interrupted (neighbour), "stm32f405", content);

  set_firmware (bench, 1);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_JOURNAL_OF_OTHER_CONTENT);
  bench->job.saved = FLASH_MCU_SAVED_FORGET;
  flash_mcu_bench_run_well (bench);
  assert_blank (bench, NEIGHBOUR_AT, NEIGHBOUR_SIZE);
}

/* --- Elsewhere -------------------------------------------------------------------------------- */

/* An image that does not cover the unfinished sector does not lose what was saved of it. */
static void
test_elsewhere (void)
{
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (NEIGHBOUR_SIZE, 7);
  g_autoptr (FlashMcuBench) bench = make_interrupted (neighbour);

  flash_mcu_bench_set_image (bench, FLASH_AT + 0x10000, flash_test_make_bytes (3000, 3));
  flash_mcu_bench_run_well (bench);
  assert_warned (bench, "neighbours-still-saved", TRUE);
  assert_warned (bench, "update-continued", FALSE);
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 1);

  /* Nor does one that ends before it has touched anything. */
  flash_mcu_bench_set_image (bench, FLASH_AT + 0x10000, flash_test_make_bytes (2000, 4));
  bench->job.shared = FLASH_MCU_SHARED_ASK;
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_SECTOR_SHARED);
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 1);

  set_firmware (bench, 1);
  flash_mcu_bench_run_well (bench);
  g_assert_true (flash_mcu_bench_holds (bench, NEIGHBOUR_AT, neighbour));
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 0);
}

/* --- Erased on purpose ------------------------------------------------------------------------ */

static void
erase (FlashMcuBench *bench, gboolean is_everything, guint32 offset, guint64 length)
{
  flash_mcu_bench_set_verb (bench, FLASH_MCU_ERASE);
  bench->job.is_everything = is_everything;
  bench->job.address = FLASH_AT + offset;
  bench->job.length = length;
  flash_mcu_bench_run_well (bench);
}

static void
test_erase_all (void)
{
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (NEIGHBOUR_SIZE, 7);
  g_autoptr (FlashMcuBench) bench = make_interrupted (neighbour);

  erase (bench, TRUE, 0, 0);
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 0);
  set_firmware (bench, 1);
  flash_mcu_bench_run_well (bench);
  assert_warned (bench, "update-continued", FALSE);
  assert_blank (bench, NEIGHBOUR_AT, NEIGHBOUR_SIZE);
}

static void
test_erase_one (void)
{
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (NEIGHBOUR_SIZE, 7);
  g_autoptr (FlashMcuBench) bench = make_interrupted (neighbour);

  /* Another sector takes nothing from this one. */
  erase (bench, FALSE, 0x4000, 0x4000);
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 1);
  erase (bench, FALSE, 0, 0x4000);
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 0);
  set_firmware (bench, 1);
  flash_mcu_bench_run_well (bench);
  assert_blank (bench, NEIGHBOUR_AT, NEIGHBOUR_SIZE);
}

/* A folder that cannot be written does not make a failure of an erasure. */
static void
test_erase_without_folder (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  flash_test_write_file (bench->journals, "file", nothing);
  g_free ((char *) bench->job.journal_folder);
  bench->job.journal_folder = g_build_filename (bench->journals, "file", "folder", NULL);
  erase (bench, TRUE, 0, 0);
  g_clear_pointer ((char **) &bench->job.journal_folder, g_free);
  erase (bench, TRUE, 0, 0);
}

/* --- Nothing to keep -------------------------------------------------------------------------- */

/* Protected sectors were not erased: what was saved of them is needless. */
static void
test_protected (void)
{
  g_autoptr (GBytes) old = flash_mcu_bench_make_firmware (6000, 1);
  g_autoptr (FlashMcuBench) bench =
      flash_mcu_bench_new_holding ("stm32f105", "wrp=all", g_bytes_ref (old));

  set_firmware (bench, 2);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_WRITE_PROTECTED);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcu-journal/continued", test_continued);
  g_test_add_func ("/mcu-journal/other-image", test_other_image);
  for (guint i = 0; i < G_N_ELEMENTS (swaps); i++) {
    g_autofree char *path = g_strdup_printf ("/mcu-journal/swap/%s", swaps[i].what);

    g_test_add_data_func (path, &swaps[i], test_swap);
  }
  g_test_add_func ("/mcu-journal/swap/blank", test_swap_blank);
  g_test_add_func ("/mcu-journal/elsewhere", test_elsewhere);
  g_test_add_func ("/mcu-journal/erase-all", test_erase_all);
  g_test_add_func ("/mcu-journal/erase-one", test_erase_one);
  g_test_add_func ("/mcu-journal/erase-without-folder", test_erase_without_folder);
  g_test_add_func ("/mcu-journal/protected", test_protected);
  return g_test_run ();
}
