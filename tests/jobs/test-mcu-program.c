/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programming each virtual microcontroller. */
#include "config.h"

#include "flash-mcu-bench.h"
#include "flash-test-images.h"

static const char *const models[] = {
  "stm32f405", "stm32f427", "stm32f105", "stm32h755", "stm32g474",
  "stm32g0b1", "stm32l072", "stm32l476", "stm32u073", "stm32u575",
};

#define SIZE 50000

/* A clean run, byte for byte, with all three facts. */
static void
test_program (gconstpointer data)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new (data, NULL);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (SIZE, 1);

  bench->job.starts = TRUE;
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  flash_mcu_bench_run_well (bench);
  g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
  g_assert_true (bench->result.is_written);
  g_assert_true (bench->result.is_verified);
  g_assert_false (bench->result.is_up_to_date);
  g_assert_cmpuint (bench->result.bytes_written, >=, SIZE);
  g_assert_cmpuint (bench->result.bytes_verified, ==, SIZE);
  g_assert_cmpuint (bench->result.n_erased, ==, bench->result.n_sectors);
  flash_mcu_bench_assert_polite (bench);
}

/* --- What is told --------------------------------------------------------------------------- */

static void
test_events (void)
{
  static const FlashMcuStep steps[] = {
    FLASH_MCU_STEP_CONNECT, FLASH_MCU_STEP_COMPARE, FLASH_MCU_STEP_ERASE,
    FLASH_MCU_STEP_WRITE,   FLASH_MCU_STEP_VERIFY,  FLASH_MCU_STEP_START,
  };
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  guint n_steps = 0;

  bench->job.starts = TRUE;
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, flash_mcu_bench_make_firmware (3000, 1));
  flash_mcu_bench_run_well (bench);
  for (guint i = 0; i < bench->events->len; i++) {
    const FlashEvent *event = g_ptr_array_index (bench->events, i);

    if (event->kind != FLASH_EVENT_STEP)
      continue;
    g_assert_cmpuint (n_steps, <, G_N_ELEMENTS (steps));
    g_assert_cmpint (event->step, ==, (gint) steps[n_steps]);
    g_assert_true (flash_mcu_job_has_step (&bench->job, steps[n_steps]));
    n_steps++;
  }
  g_assert_cmpuint (n_steps, ==, G_N_ELEMENTS (steps));
  g_assert_cmpstr (flash_mcu_bench_find (bench, FLASH_EVENT_STAGE)->stage, ==, "bootloader");
  g_assert_cmpint (flash_mcu_bench_find (bench, FLASH_EVENT_WRITTEN)->step, ==,
                   FLASH_MCU_STEP_WRITE);
  g_assert_cmpuint (flash_mcu_bench_find (bench, FLASH_EVENT_WRITTEN)->bytes, ==,
                    bench->result.bytes_written);
  g_assert_cmpuint (flash_mcu_bench_find (bench, FLASH_EVENT_VERIFIED)->bytes, ==, 3000);
  g_assert_cmpfloat (bench->last_fraction, >, 0.999);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_STARTED);
  g_assert_cmpint (flash_sim_device_get_chip_state (bench->device), ==, FLASH_SIM_CHIP_APPLICATION);
  g_assert_true (bench->result.has_guess);
  g_assert_nonnull (bench->result.plan);
}

/* --- Changed sectors only ------------------------------------------------------------------- */

static void
test_up_to_date (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (SIZE, 1);

  flash_mcu_bench_put (bench, 0, firmware);
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_up_to_date);
  g_assert_true (bench->result.is_verified);
  g_assert_cmpuint (bench->result.n_erased, ==, 0);
  g_assert_cmpuint (bench->result.bytes_written, ==, 0);
  g_assert_cmpuint (bench->result.n_unchanged, ==, bench->result.n_sectors);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_LOADER);

  /* Unless the user wants all of it anew. */
  bench->job.changed = FLASH_MCU_CHANGED_ALL;
  flash_mcu_bench_run_well (bench);
  g_assert_false (bench->result.is_up_to_date);
  g_assert_cmpuint (bench->result.n_erased, ==, bench->result.n_sectors);
  g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
}

/* Its end lasted as long as it took, and not since the computer was started. */
static void
test_up_to_date_duration (void)
{
  static const gboolean verifies[] = { TRUE, FALSE };
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (SIZE, 1);

  flash_clock_wait_ms (bench->clock, 3600 * 1000, NULL, NULL);
  flash_mcu_bench_put (bench, 0, firmware);
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  for (guint i = 0; i < G_N_ELEMENTS (verifies); i++) {
    const FlashEvent *event;

    bench->job.verifies = verifies[i];
    flash_mcu_bench_run_well (bench);
    g_assert_true (bench->result.is_up_to_date);
    event = flash_mcu_bench_find (bench, FLASH_EVENT_VERIFIED);
    g_assert_cmpint (event->step, ==, verifies[i] ? FLASH_MCU_STEP_VERIFY : FLASH_MCU_STEP_COMPARE);
    g_assert_true (flash_mcu_job_has_step (&bench->job, (FlashMcuStep) event->step));
    g_assert_cmpuint (event->duration_ms, <=, bench->result.duration_ms);
  }
}

/* One byte in the fifth sector: that one, and the one with the vectors. */
static void
test_one_sector (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) old = flash_mcu_bench_make_firmware (200000, 1);
  guint8 *bytes = g_memdup2 (g_bytes_get_data (old, NULL), 200000);
  g_autoptr (GBytes) changed = g_bytes_new_take (bytes, 200000);

  bytes[70000] ^= 1;
  flash_mcu_bench_put (bench, 0, old);
  bench->job.changed = FLASH_MCU_CHANGED_ONLY;
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (changed));
  flash_mcu_bench_run_well (bench);
  g_assert_true (flash_mcu_bench_holds (bench, 0, changed));
  g_assert_cmpuint (bench->result.n_sectors, ==, 6);
  g_assert_cmpuint (bench->result.n_erased, ==, 2);
  g_assert_cmpuint (bench->result.n_unchanged, ==, 4);
  g_assert_cmpuint (bench->result.bytes_verified, ==, 200000);
}

/* --- Neighbours ----------------------------------------------------------------------------- */

static void
test_neighbours (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (1000, 7);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (5000, 1);
  guint8 *erased = g_malloc (1000);
  g_autoptr (GBytes) blank = g_bytes_new_take (erased, 1000);

  memset (erased, 0xff, 1000);
  flash_mcu_bench_put (bench, 10000, neighbour);
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_SECTOR_SHARED);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  g_assert_cmpuint (bench->result.n_erased, ==, 0);
  g_assert_true (flash_mcu_bench_holds (bench, 10000, neighbour));

  bench->job.shared = FLASH_MCU_SHARED_KEEP;
  flash_mcu_bench_run_well (bench);
  g_assert_cmpuint (bench->result.bytes_kept, >=, 990);
  g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
  g_assert_true (flash_mcu_bench_holds (bench, 10000, neighbour));

  bench->job.shared = FLASH_MCU_SHARED_ERASE;
  bench->job.changed = FLASH_MCU_CHANGED_ALL;
  flash_mcu_bench_run_well (bench);
  g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
  g_assert_true (flash_mcu_bench_holds (bench, 10000, blank));
}

/* --- Stopping ------------------------------------------------------------------------------- */

/* At each snapshot of an update: what is said of the chip is so, and the next try finishes. */
static void
test_cancel (void)
{
  g_autoptr (GBytes) old = flash_mcu_bench_make_firmware (5000, 1);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (5000, 2);
  guint n_cancelled = 0;

  for (guint at = 1;; at++) {
    g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32g474", NULL);

    flash_mcu_bench_put (bench, 0, old);
    flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
    bench->cancel_at = at;
    if (flash_mcu_bench_run (bench))
      break;
    n_cancelled++;
    g_assert_error (bench->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    if (bench->result.state == FLASH_MCU_STATE_UNTOUCHED)
      g_assert_true (flash_mcu_bench_holds (bench, 0, old));
    else
      g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_HALF);
    g_assert_false (bench->result.is_verified);
    flash_mcu_bench_assert_polite (bench);

    g_cancellable_reset (bench->cancellable);
    bench->cancel_at = 0;
    flash_mcu_bench_run_well (bench);
    g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
  }
  g_assert_cmpuint (n_cancelled, >, 10);
}

/* --- Wishes --------------------------------------------------------------------------------- */

static void
test_block_size (void)
{
  static const gsize sizes[] = { 1, 100, 512, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32h755", NULL);
    g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (1000, 1);

    bench->job.block_size = sizes[i];
    flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
    flash_mcu_bench_run_well (bench);
    g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
    flash_mcu_bench_assert_polite (bench);
  }
}

static void
test_unverified (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (SIZE, 1);

  bench->job.verifies = FALSE;
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_written);
  g_assert_false (bench->result.is_verified);
  g_assert_cmpuint (bench->result.bytes_verified, ==, 0);
  g_assert_cmpuint (flash_mcu_bench_count (bench, FLASH_EVENT_VERIFIED), ==, 0);
  g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
}

static void
test_refused (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);

  flash_mcu_bench_set_image (bench, 0x90000000, flash_test_make_bytes (1000, 1));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_FIRMWARE_REFUSED);
  g_assert_nonnull (bench->result.plan);
  g_assert_false (flash_firmware_plan_is_usable (bench->result.plan));
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  g_assert_false (bench->result.is_written);
}

/* A file that is cut off is no firmware for anybody. */
static void
test_damaged (void)
{
  static const char hex[] = ":020000040800F2\n:0400000001020304F2\n";
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static (hex, strlen (hex));
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "cut.hex");

  bench->job.image = flash_image_load (source, NULL, NULL, NULL);
  g_assert_nonnull (bench->job.image);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_FIRMWARE_REFUSED);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
}

/* Without a place for what has to be saved, nothing is erased. */
static void
test_no_journal (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  flash_test_write_file (bench->journals, "file", nothing);
  g_free ((char *) bench->job.journal_folder);
  bench->job.journal_folder = g_build_filename (bench->journals, "file", "folder", NULL);
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, flash_mcu_bench_make_firmware (3000, 1));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_JOURNAL_UNWRITABLE);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  g_assert_cmpuint (bench->result.n_erased, ==, 0);
}

/* A job that is done, or that has touched nothing, leaves no journal. */
static void
test_journal_is_gone (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (1000, 7);

  flash_mcu_bench_put (bench, 10000, neighbour);
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, flash_mcu_bench_make_firmware (3000, 1));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_SECTOR_SHARED);
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 0);
  bench->job.shared = FLASH_MCU_SHARED_KEEP;
  bench->cancel_at = 12;
  g_assert_false (flash_mcu_bench_run (bench));
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_HALF);
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), >, 0);
  g_cancellable_reset (bench->cancellable);
  bench->cancel_at = 0;
  flash_mcu_bench_run_well (bench);
  g_assert_cmpuint (flash_mcu_bench_count_journals (bench), ==, 0);
  g_assert_true (flash_mcu_bench_holds (bench, 10000, neighbour));
}

/* --- Starting ------------------------------------------------------------------------------- */

/* V9.0 leaves the bus and stays in its ROM (stm32-dfuse.md section 2.7): that proves nothing. */
static void
test_needs_reset (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32h755", "rom=v90");
  const FlashEvent *event;

  bench->job.starts = TRUE;
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, flash_mcu_bench_make_firmware (3000, 1));
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_verified);
  g_assert_false (bench->result.is_started);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_NEEDS_RESET);
  event = flash_mcu_bench_find (bench, FLASH_EVENT_WARNING);
  g_assert_nonnull (event);
  g_assert_cmpstr (event->code, ==, "needs-reset");
}

/* What is no program is not started, whatever a boot loader would make of it; what the chip starts
 * from otherwise is. */
static void
test_nothing_to_start (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (3000, 1);

  bench->job.starts = TRUE;
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH + 0x8000,
                             flash_test_make_bytes (3000, 1));
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_verified);
  g_assert_false (bench->result.is_started);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_LOADER);
  g_assert_cmpstr (flash_mcu_bench_find (bench, FLASH_EVENT_WARNING)->code, ==, "nothing-to-start");
  g_assert_cmpint (flash_sim_device_get_chip_state (bench->device), ==, FLASH_SIM_CHIP_ROM);

  flash_mcu_bench_put (bench, 0, firmware);
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_up_to_date);
  g_assert_true (bench->result.is_started);
  g_assert_null (flash_mcu_bench_find (bench, FLASH_EVENT_WARNING));
}

/* A boot loader that cannot be read: the image itself has to say it. */
static void
test_start_unseen (void)
{
  static const guint32 offsets[] = { 0xc000, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++) {
    g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("cubemx-dfu", NULL);

    bench->job.starts = TRUE;
    bench->job.verifies = FALSE;
    /* The second one is linked for another place. */
    flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH + 0xc000,
                               flash_mcu_bench_make_firmware_at (offsets[i], 16384, 1));
    flash_mcu_bench_run_well (bench);
    g_assert_true ((flash_mcu_bench_find (bench, FLASH_EVENT_WARNING) != NULL &&
                    g_str_equal (flash_mcu_bench_find (bench, FLASH_EVENT_WARNING)->code,
                                 "nothing-to-start")) == (i == 1));
  }
}

/* Bank 2 of that revision never says that it is erased, and is. */
static void
test_hanging_erase (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32h755", "revision=v");
  g_autoptr (GBytes) data = flash_test_make_bytes (3000, 1);

  flash_mcu_bench_put (bench, 0x100000, data);
  g_assert_true (bench->result.is_verified);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    g_autofree char *path = g_strdup_printf ("/mcu-program/clean/%s", models[i]);

    g_test_add_data_func (path, models[i], test_program);
  }
  g_test_add_func ("/mcu-program/events", test_events);
  g_test_add_func ("/mcu-program/up-to-date", test_up_to_date);
  g_test_add_func ("/mcu-program/up-to-date-duration", test_up_to_date_duration);
  g_test_add_func ("/mcu-program/one-sector", test_one_sector);
  g_test_add_func ("/mcu-program/neighbours", test_neighbours);
  g_test_add_func ("/mcu-program/cancel", test_cancel);
  g_test_add_func ("/mcu-program/block-size", test_block_size);
  g_test_add_func ("/mcu-program/unverified", test_unverified);
  g_test_add_func ("/mcu-program/refused", test_refused);
  g_test_add_func ("/mcu-program/damaged", test_damaged);
  g_test_add_func ("/mcu-program/no-journal", test_no_journal);
  g_test_add_func ("/mcu-program/journal-is-gone", test_journal_is_gone);
  g_test_add_func ("/mcu-program/needs-reset", test_needs_reset);
  g_test_add_func ("/mcu-program/nothing-to-start", test_nothing_to_start);
  g_test_add_func ("/mcu-program/start-unseen", test_start_unseen);
  g_test_add_func ("/mcu-program/hanging-erase", test_hanging_erase);
  return g_test_run ();
}
