/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole jobs against virtual boards. */
#include "config.h"

#include "flash-mp-bench.h"
#include "flash-test-images.h"

#include <unistd.h>

static void
write_text_and_file (const char *dir, const char *text, const char *name, GBytes *bytes)
{
  flash_test_write_text (dir, "layout.tsv", text);
  if (name != NULL)
    flash_test_write_file (dir, name, bytes);
}

/* Every model, every way to hand over: all partitions stored, the three facts right. */
static void
test_models (gconstpointer data)
{
  g_auto (GStrv) words = g_strsplit (data, " ", 2);
  g_autofree char *dir = flash_mp_bench_make_small_layout (words[0]);
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, words[0], words[1]);

  flash_mp_bench_run (bench, FALSE);
  g_assert_no_error (bench->error);
  flash_mp_bench_assert_all_stored (bench);
  g_assert_true (flash_result_is_all_written (&bench->result, bench->plan));
  g_assert_false (flash_result_is_all_verified (&bench->result, bench->plan));
  g_assert_false (bench->result.started);
  g_assert_cmpint (bench->result.board_state, ==, FLASH_BOARD_FINISHED);
  g_assert_cmpfloat_with_epsilon (bench->last_fraction, 1.0, 1e-6);
  flash_test_remove_dir (dir);
}

static void
test_usual (void)
{
  g_autofree char *dir = flash_test_make_layout_dir ();
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  const FlashEvent *event;

  flash_mp_bench_run (bench, TRUE);
  g_assert_no_error (bench->error);
  flash_mp_bench_assert_all_stored (bench);
  g_assert_true (flash_result_is_all_verified (&bench->result, bench->plan));
  /* Each step once begun and once confirmed; each re-enumeration told. */
  g_assert_cmpuint (flash_mp_bench_count (bench, FLASH_EVENT_PARTITION), ==,
                    flash_plan_get_n_steps (bench->plan));
  g_assert_cmpuint (flash_mp_bench_count (bench, FLASH_EVENT_WRITTEN), ==,
                    flash_plan_get_n_steps (bench->plan));
  g_assert_cmpuint (flash_mp_bench_count (bench, FLASH_EVENT_LOST), ==, 2);
  g_assert_cmpuint (flash_mp_bench_count (bench, FLASH_EVENT_RETURNED), ==, 2);
  event = flash_mp_bench_find (bench, FLASH_EVENT_STAGE);
  g_assert_cmpstr (event->stage, ==, "rom");
  flash_test_remove_dir (dir);
}

/* The bar that the board's block numbers wrap at: 256 MiB (stm32mp-usb.md section 2.2). */
static void
test_wrap (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = NULL;

  flash_test_write_sparse (dir, "large.img", G_GUINT64_CONSTANT (257) << 20);
  flash_test_write_text (dir, "layout.tsv",
                         "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n"
                         "-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n"
                         "P\t0x10\tdisk\tRawImage\tmmc0\t0x0\tlarge.img\n");
  bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  flash_mp_bench_run (bench, FALSE);
  g_assert_no_error (bench->error);
  flash_mp_bench_assert_all_stored (bench);
  flash_test_remove_dir (dir);
}

/* A file that shrinks under our hands: told, and not called written. */
static void
test_shrinking (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_autofree char *path = g_build_filename (dir, "first.bin", NULL);
  gint index = 3;

  g_assert_cmpint (truncate (path, 100), ==, 0);
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FILE_CHANGED);
  g_assert_nonnull (strstr (bench->error->message, "first.bin"));
  g_assert_cmpint (bench->result.partial_step, ==, index);
  g_assert_false (flash_result_is_written (&bench->result, (guint) index));
  g_assert_cmpint (bench->result.board_state, ==, FLASH_BOARD_NEEDS_RESET);
  flash_test_remove_dir (dir);
}

/* A file that is written anew with the same size, between the check and the sending. */
static void
test_rewritten (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_autofree char *path = g_build_filename (dir, "second.bin", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream = NULL;
  g_autoptr (GFileIOStream) io = g_file_open_readwrite (file, NULL, NULL);

  g_assert_nonnull (io);
  stream = G_FILE_OUTPUT_STREAM (g_object_ref (g_io_stream_get_output_stream (G_IO_STREAM (io))));
  g_assert_true (g_output_stream_write_all (G_OUTPUT_STREAM (stream), "new", 3, NULL, NULL, NULL));
  g_assert_true (g_io_stream_close (G_IO_STREAM (io), NULL, NULL));
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FILE_CHANGED);
  flash_test_remove_dir (dir);
}

/* Stopped at every snapshot of a small job: always "cancelled", never a claim too many. */
static void
test_cancel_anywhere (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp257");
  guint n_cancelled = 0;

  for (guint at = 1;; at++) {
    g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp257", NULL);

    bench->cancel_at = at;
    if (flash_mp_bench_run (bench, TRUE))
      break;
    g_assert_error (bench->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    for (guint i = 0; i < flash_plan_get_n_steps (bench->plan); i++)
      if (flash_plan_get_step (bench->plan, i)->kind == FLASH_PLAN_PARTITION &&
          flash_result_is_written (&bench->result, i))
        g_assert_true (flash_mp_bench_is_stored (bench, i));
    n_cancelled++;
    g_assert_cmpuint (at, <, 10000);
  }
  g_assert_cmpuint (n_cancelled, >, 20);
  flash_test_remove_dir (dir);
}

/* Flashed, flashed again without a reset: refused with the reason; after a reset it works. */
static void
test_again (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_mp_bench_run (bench, FALSE));
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_SESSION_FINISHED);
  g_assert_cmpint (bench->result.board_state, ==, FLASH_BOARD_UNTOUCHED);
  g_assert_true (flash_board_power_cycle (bench->board, &error));
  g_assert_no_error (error);
  flash_mp_bench_run (bench, FALSE);
  g_assert_no_error (bench->error);
}

/* What the board says of a layout comes through word for word. */
static void
test_layout_refused (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = NULL;
  const FlashEvent *event;

  write_text_and_file (dir,
                       "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n"
                       "-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n"
                       "P\t0x10\tfirst\tBinary\tmmc0\t0x4401\tfirst.bin\n",
                       NULL, NULL);
  bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_LAYOUT_REFUSED);
  event = flash_mp_bench_find (bench, FLASH_EVENT_FAILED);
  g_assert_cmpstr (event->code, ==, "layout-refused");
  g_assert_nonnull (strstr (event->device_text, "not aligned address"));
  flash_test_remove_dir (dir);
}

/* A file larger than its slot: the board restarts without a word (section 1.4.4). */
static void
test_too_large (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (GBytes) large = flash_test_make_bytes (0x5000, 9);
  g_autoptr (FlashMpBench) bench = NULL;

  flash_test_write_file (dir, "first.bin", large);
  bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_LOST_AT_PARTITION_END);
  flash_test_remove_dir (dir);
}

/* Programs in RAM are started, and that is seen. */
static void
test_ram (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = NULL;

  flash_test_write_text (dir, "layout.tsv",
                         "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n"
                         "-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n"
                         "P\t0x10\tkernel\tSystem\tram0\t0xC2000000\tfirst.bin\n"
                         "P\t0x11\tdtb\tFileSystem\tram0\t0xC4000000\tsecond.bin\n");
  bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  flash_mp_bench_run (bench, FALSE);
  g_assert_no_error (bench->error);
  g_assert_true (bench->result.started);
  g_assert_cmpint (bench->result.board_state, ==, FLASH_BOARD_STARTED);
  g_assert_cmpuint (flash_mp_bench_count (bench, FLASH_EVENT_STARTED), ==, 1);
  flash_test_remove_dir (dir);
}

/* A first stage alone: bare metal. Nobody need answer afterwards (section 1.8 F). */
static void
test_first_stage_only (gconstpointer model)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout (model);
  g_autoptr (FlashMpBench) bench = NULL;

  flash_test_write_text (dir, "layout.tsv", "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n");
  bench = flash_mp_bench_new (dir, model, NULL);
  flash_mp_bench_run (bench, FALSE);
  g_assert_no_error (bench->error);
  g_assert_true (flash_result_is_written (&bench->result, 0));
  flash_test_remove_dir (dir);
}

/* Boot stages alone prove that they run; a board that is back in its ROM says that they do not. */
static void
test_boot_stages_only (void)
{
  static const struct {
    const char *model;
    const char *keys; /* (nullable) */
    gboolean is_started;
  } rows[] = {
    { "stm32mp157", NULL, TRUE },
    { "stm32mp135", NULL, TRUE },
    { "stm32mp157", "fault=return-as-rom@tfa", FALSE },
    { "stm32mp135", "fault=return-as-rom@tfa", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *dir = flash_mp_bench_make_small_layout (rows[i].model);
    g_autoptr (FlashMpBench) bench = NULL;

    g_test_message ("%s %s", rows[i].model, rows[i].keys != NULL ? rows[i].keys : "");
    flash_test_write_text (dir, "layout.tsv",
                           "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n"
                           "-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n");
    bench = flash_mp_bench_new (dir, rows[i].model, rows[i].keys);
    g_assert_cmpint (flash_mp_bench_run (bench, FALSE), ==, rows[i].is_started);
    g_assert_cmpint (bench->result.started, ==, rows[i].is_started);
    g_assert_cmpuint (flash_mp_bench_count (bench, FLASH_EVENT_STARTED), ==,
                      rows[i].is_started ? 1 : 0);
    if (!rows[i].is_started)
      g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_CAME_BACK_IN_ROM);
    flash_test_remove_dir (dir);
  }
}

/* A TF-A from before FIPs takes the layout itself, and U-Boot with an STM32 header. */
static void
test_old_flow (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (GBytes) second = flash_test_make_stm32 (FLASH_TEST_STM32_V1_0, 3000);
  g_autoptr (FlashMpBench) bench = NULL;

  flash_test_write_file (dir, "fip.bin", second);
  bench = flash_mp_bench_new (dir, "stm32mp157", "flow=old");
  flash_mp_bench_run (bench, TRUE);
  g_assert_no_error (bench->error);
  flash_mp_bench_assert_all_stored (bench);
  g_assert_true (flash_result_is_all_verified (&bench->result, bench->plan));
  flash_test_remove_dir (dir);
}

/* What U-Boot's initialisation says of the layout is about the layout, whoever took it. */
static void
test_old_flow_refused (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (GBytes) second = flash_test_make_stm32 (FLASH_TEST_STM32_V1_0, 3000);
  g_autoptr (FlashMpBench) bench = NULL;

  flash_test_write_file (dir, "fip.bin", second);
  bench = flash_mp_bench_new (dir, "stm32mp157", "flow=old,mmc0=none");
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_LAYOUT_REFUSED);
  flash_test_remove_dir (dir);
}

/* Names are the layout's affair, and may look like what the board's setting strings are made of. */
static void
test_odd_names (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = NULL;

  flash_test_write_text (dir, "layout.tsv",
                         "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n"
                         "-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n"
                         "P\t0x10\tro/ot\tBinary\tmmc0\t0x4400\tfirst.bin\n"
                         "P\t0x11\ta/0x10/\tBinary\tmmc0\t0x8400\tsecond.bin\n");
  bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  flash_mp_bench_run (bench, FALSE);
  g_assert_no_error (bench->error);
  flash_mp_bench_assert_all_stored (bench);
  flash_test_remove_dir (dir);
}

/* A file that has gone bad before its first byte was sent: the board need not be reset. */
static void
test_first_file_changed (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_autofree char *path = g_build_filename (dir, "fsbl.stm32", NULL);

  g_assert_cmpint (truncate (path, 100), ==, 0);
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FILE_CHANGED);
  g_assert_cmpint (bench->result.board_state, ==, FLASH_BOARD_UNTOUCHED);
  flash_test_remove_dir (dir);
}

/* Stopped while the board is away: it is said that it is away. */
static void
test_cancel_away (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", "fault=never-return@tfa");

  bench->cancel_at = 40;
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (bench->result.board_state, ==, FLASH_BOARD_AWAY);
  flash_test_remove_dir (dir);
}

/* Stopped while it reads back: everything is written, and the board is idle and says so. */
static void
test_cancel_verify (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) probe = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);

  g_assert_true (flash_mp_bench_run (probe, FALSE));
  /* The last report of a job without reading back is that all is done. */
  bench->cancel_at = probe->n_progress;
  g_assert_false (flash_mp_bench_run (bench, TRUE));
  g_assert_error (bench->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (flash_result_is_all_written (&bench->result, bench->plan));
  g_assert_false (flash_result_is_all_verified (&bench->result, bench->plan));
  g_assert_cmpint (bench->result.board_state, ==, FLASH_BOARD_FINISHED);
  /* A second job is told of the first one, not of a reading that was broken off. */
  g_cancellable_reset (bench->cancellable);
  bench->cancel_at = 0;
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_SESSION_FINISHED);
  flash_test_remove_dir (dir);
}

/* The board asks for what the layout does not have. */
static void
test_no_fip (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = NULL;

  flash_test_write_text (dir, "layout.tsv",
                         "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n"
                         "P\t0x10\tfirst\tBinary\tmmc0\t0x4400\tfirst.bin\n");
  bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_assert_false (flash_mp_bench_run (bench, FALSE));
  g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NO_IMAGE_FOR_PHASE);
  flash_test_remove_dir (dir);
}

static void
test_full_speed (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", "speed=full");
  const FlashEvent *event;

  flash_mp_bench_run (bench, FALSE);
  event = flash_mp_bench_find (bench, FLASH_EVENT_WARNING);
  g_assert_nonnull (event);
  g_assert_cmpstr (event->code, ==, "full-speed-link");
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  static const char *const models[] = {
    "stm32mp157",
    "stm32mp135",
    "stm32mp257",
    "stm32mp157 fault=fsbl-reenum@rom",
    "stm32mp157 fault=pipe-once@rom",
    "stm32mp157 fault=handover-delay@rom",
    "stm32mp257 fault=fsbl-keep@rom",
    "stm32mp157 fault=strings-unknown@uboot",
    "stm32mp157 fault=stall-detach@tfa",
    "stm32mp157 fault=long-nak@uboot2",
    "stm32mp157 stage=uboot",
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    g_autofree char *path = g_strdup_printf ("/mp-run/%s", models[i]);

    g_test_add_data_func (path, models[i], test_models);
  }
  g_test_add_func ("/mp-run/usual", test_usual);
  g_test_add_func ("/mp-run/wrap", test_wrap);
  g_test_add_func ("/mp-run/shrinking", test_shrinking);
  g_test_add_func ("/mp-run/rewritten", test_rewritten);
  g_test_add_func ("/mp-run/cancel-anywhere", test_cancel_anywhere);
  g_test_add_func ("/mp-run/again", test_again);
  g_test_add_func ("/mp-run/layout-refused", test_layout_refused);
  g_test_add_func ("/mp-run/too-large", test_too_large);
  g_test_add_func ("/mp-run/ram", test_ram);
  g_test_add_func ("/mp-run/boot-stages-only", test_boot_stages_only);
  g_test_add_func ("/mp-run/old-flow", test_old_flow);
  g_test_add_func ("/mp-run/old-flow-refused", test_old_flow_refused);
  g_test_add_func ("/mp-run/odd-names", test_odd_names);
  g_test_add_func ("/mp-run/first-file-changed", test_first_file_changed);
  g_test_add_func ("/mp-run/cancel-away", test_cancel_away);
  g_test_add_func ("/mp-run/cancel-verify", test_cancel_verify);
  g_test_add_func ("/mp-run/no-fip", test_no_fip);
  g_test_add_func ("/mp-run/full-speed", test_full_speed);
  g_test_add_data_func ("/mp-run/first-stage-only/mp15", "stm32mp157", test_first_stage_only);
  g_test_add_data_func ("/mp-run/first-stage-only/mp13", "stm32mp135", test_first_stage_only);
  return g_test_run ();
}
