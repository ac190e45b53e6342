/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain DFU devices: one file as it is, without addresses. */
#include "config.h"

#include "flash-mcu-bench.h"
#include "flash-test-images.h"

static void
test_plain (gconstpointer model)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new (model, NULL);
  g_autoptr (GBytes) bytes = flash_test_make_bytes (10000, 3);

  flash_mcu_bench_set_image (bench, 0, g_bytes_ref (bytes));
  flash_mcu_bench_run_well (bench);
  g_assert_true (flash_mcu_bench_holds (bench, 0, bytes));
  g_assert_true (bench->result.is_written);
  g_assert_true (bench->result.is_verified);
  g_assert_cmpuint (bench->result.bytes_written, ==, 10000);

  flash_mcu_bench_set_verb (bench, FLASH_MCU_COMPARE);
  flash_mcu_bench_set_image (bench, 0, g_bytes_ref (bytes));
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_up_to_date);
  flash_mcu_bench_set_image (bench, 0, flash_test_make_bytes (10000, 4));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_VERIFY_MISMATCH);
  flash_mcu_bench_set_image (bench, 0, flash_test_make_bytes (20000, 3));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_VERIFY_MISMATCH);

  flash_mcu_bench_set_verb (bench, FLASH_MCU_READ);
  flash_mcu_bench_run_well (bench);
  g_assert_true (g_bytes_equal (bench->result.content, bytes));
  bench->job.length = 5000;
  flash_mcu_bench_run_well (bench);
  g_assert_cmpuint (g_bytes_get_size (bench->result.content), ==, 5000);
  bench->job.length = 10001;
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_OUTSIDE_MEMORY);
}

/* A reset of the bus ends the DFU mode; this device has nothing else, and comes back in it. */
static void
test_plain_leave (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("dfu", NULL);

  bench->job.starts = TRUE;
  bench->job.block_size = 100;
  flash_mcu_bench_set_image (bench, 0, flash_test_make_bytes (1000, 3));
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_verified);
  g_assert_false (bench->result.is_started);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_NEEDS_RESET);
  g_assert_cmpstr (flash_mcu_bench_find (bench, FLASH_EVENT_WARNING)->code, ==, "needs-reset");
  flash_mcu_bench_set_verb (bench, FLASH_MCU_LEAVE);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_DID_NOT_START);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_NEEDS_RESET);
  g_assert_cmpuint (flash_mcu_bench_count (bench, FLASH_EVENT_STEP), ==, 2);
}

/* Another setting than the one that was asked for is never taken instead. */
static void
test_plain_alternate (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("dfu", NULL);

  flash_mcu_bench_set_image (bench, 0, flash_test_make_bytes (1000, 3));
  bench->job.alternate = 7;
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_OUTSIDE_MEMORY);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  g_assert_cmpuint (bench->result.bytes_written, ==, 0);
  bench->job.alternate = 256;
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_OUTSIDE_MEMORY);
  bench->job.alternate = 0;
  flash_mcu_bench_run_well (bench);
  g_assert_null (flash_mcu_bench_find (bench, FLASH_EVENT_WARNING));
}

/* Returns: (transfer full): an image as a reader would make it of a file of that format, with a
 * suffix for that device. */
static FlashImage *
make_image_for (FlashFormat format, guint8 alternate, guint16 vendor, guint16 product)
{
  g_autoptr (GBytes) bytes = flash_test_make_bytes (1000, 3);
  FlashImage *image = flash_image_new_for_bytes (0, bytes);

  image->format = format;
  ((FlashImageTarget *) g_ptr_array_index (image->targets, 0))->alternate = alternate;
  image->has_suffix = TRUE;
  image->suffix = (FlashDfuSuffix){ .vendor = vendor, .product = product, .is_crc_ok = TRUE };
  return image;
}

/* Files for other devices: a warning; those with addresses only if the user insists. */
static void
test_plain_files (void)
{
  static const struct {
    FlashFormat format;
    guint8 alternate;
    gboolean leaves_out;
    guint16 vendor, product;
    gint code;
    gboolean has_warning;
  } files[] = {
    { FLASH_FORMAT_DFU, 0, FALSE, 0xffff, 0xffff, -1, FALSE },
    { FLASH_FORMAT_DFU, 0, FALSE, 0x0000, 0xffff, -1, FALSE },
    { FLASH_FORMAT_DFU, 0, FALSE, 0x0bad, 0xffff, -1, TRUE },
    { FLASH_FORMAT_DFU, 0, FALSE, 0xffff, 0x0bad, -1, TRUE },
    { FLASH_FORMAT_DFUSE, 0, FALSE, 0xffff, 0xffff, FLASH_JOB_ERROR_FIRMWARE_REFUSED, FALSE },
    { FLASH_FORMAT_DFUSE, 0, TRUE, 0xffff, 0xffff, -1, FALSE },
    { FLASH_FORMAT_DFUSE, 9, TRUE, 0xffff, 0xffff, FLASH_JOB_ERROR_OUTSIDE_MEMORY, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("dfu", NULL);
    const FlashEvent *warning;

    g_test_message ("file %u", i);
    bench->job.image =
        make_image_for (files[i].format, files[i].alternate, files[i].vendor, files[i].product);
    bench->job.firmware_options.leaves_out = files[i].leaves_out;
    if (files[i].code >= 0)
      flash_mcu_bench_run_into (bench, (FlashJobError) files[i].code);
    else
      flash_mcu_bench_run_well (bench);
    g_assert_cmpuint (bench->result.bytes_written, ==, files[i].code >= 0 ? 0 : 1000);
    warning = flash_mcu_bench_find (bench, FLASH_EVENT_WARNING);
    g_assert_true ((warning != NULL) == files[i].has_warning);
    if (warning != NULL)
      g_assert_cmpstr (warning->code, ==, "suffix-other-device");
  }
}

/* It knows no addresses: parts at several of them cannot be sent. */
static void
test_plain_refused (void)
{
  static const char hex[] = ":0400000001020304F2\n:0400100001020304E2\n:00000001FF\n";
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("dfu", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static (hex, strlen (hex));
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "two.hex");

  bench->job.image = flash_image_load (source, NULL, NULL, NULL);
  g_assert_nonnull (bench->job.image);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_FIRMWARE_REFUSED);
  bench->job.verb = FLASH_MCU_COMPARE;
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_FIRMWARE_REFUSED);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
}

static void
test_plain_unsupported (void)
{
  static const FlashMcuVerb verbs[] = { FLASH_MCU_ERASE, FLASH_MCU_WRITE_OPTIONS,
                                        FLASH_MCU_UNPROTECT };
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("dfu", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++) {
    flash_mcu_bench_set_verb (bench, verbs[i]);
    flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_UNSUPPORTED);
    g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  }
  flash_mcu_bench_set_verb (bench, FLASH_MCU_DETACH);
  flash_mcu_bench_run_well (bench);
}

static void
test_plain_cancel (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("dfu", NULL);

  flash_mcu_bench_set_image (bench, 0, flash_test_make_bytes (10000, 3));
  bench->cancel_at = 1;
  g_assert_false (flash_mcu_bench_run (bench));
  g_assert_error (bench->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_HALF);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/mcu-plain/program", "dfu", test_plain);
  g_test_add_data_func ("/mcu-plain/after-detach", "dfu-runtime", test_plain);
  g_test_add_func ("/mcu-plain/leave", test_plain_leave);
  g_test_add_func ("/mcu-plain/alternate", test_plain_alternate);
  g_test_add_func ("/mcu-plain/files", test_plain_files);
  g_test_add_func ("/mcu-plain/refused", test_plain_refused);
  g_test_add_func ("/mcu-plain/unsupported", test_plain_unsupported);
  g_test_add_func ("/mcu-plain/cancel", test_plain_cancel);
  return g_test_run ();
}
