/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FlashDfuSession on virtual boards that are no STM32MP: plain DFU, and the way there from a
 * firmware that runs (stm32-dfuse.md sections 1.7 to 1.9). */
#include "config.h"

#include "flash-dfu-session.h"
#include "flash-dfu-sim-bench.h"

/* Two blocks and a tail. */
#define SIZE (2 * 4096 + 100)

static FlashDfuSession *
session_new (SimBench *bench)
{
  FlashDfuSession *session = flash_dfu_session_new (
      bench->transport, bench->clock, bench->descriptors->interface_number, bench->cancellable);

  flash_dfu_session_set_device (session, bench->descriptors);
  return session;
}

static void
download_all (SimBench *bench, const guint8 *bytes, gsize length)
{
  g_autoptr (FlashDfuSession) session = session_new (bench);
  gsize unit = bench->descriptors->transfer_size;
  FlashDfuEnd end = FLASH_DFU_END_SILENT;
  guint64 block = 0;

  g_assert_true (flash_dfu_session_select (session, 0, &bench->error));
  for (gsize at = 0; at < length; at += unit)
    g_assert_true (flash_dfu_session_download (session, block++, bytes + at,
                                               MIN (unit, length - at), &bench->error));
  g_assert_true (flash_dfu_session_finish (session, block, &end, &bench->error));
  g_assert_cmpint (end, ==, FLASH_DFU_END_IDLE);
}

static GByteArray *
upload_all (SimBench *bench)
{
  g_autoptr (FlashDfuSession) session = session_new (bench);
  gsize unit = bench->descriptors->transfer_size;
  GByteArray *bytes = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (unit);
  guint64 number = 0;
  gsize length;

  g_assert_true (flash_dfu_session_select (session, 0, &bench->error));
  do {
    g_assert_true (
        flash_dfu_session_upload (session, number++, block, unit, &length, &bench->error));
    g_byte_array_append (bytes, block, (guint) length);
  } while (length == unit);
  return bytes;
}

static void
test_there_and_back (void)
{
  guint8 bytes[SIZE];
  g_autoptr (GByteArray) read = NULL;
  SimBench bench;

  sim_bench_fill (bytes, sizeof bytes, 11);
  sim_bench_init (&bench, "virtual:dfu");
  g_assert_cmpint (flash_dfu_quirks_get_dialect (bench.descriptors), ==, FLASH_DFU_DIALECT_PLAIN);
  download_all (&bench, bytes, sizeof bytes);
  read = upload_all (&bench);
  g_assert_cmpmem (read->data, read->len, bytes, sizeof bytes);
  sim_bench_clear (&bench);
}

/* It leaves by itself, or by a reset of its bus, and comes back as somebody else. */
static void
test_runtime (gconstpointer id)
{
  guint8 bytes[SIZE];
  FlashDfuSession *session;
  gboolean is_in_dfu = TRUE;
  guint16 pid;
  SimBench bench;

  sim_bench_fill (bytes, sizeof bytes, 12);
  sim_bench_init (&bench, id);
  g_assert_cmpint (flash_dfu_quirks_get_dialect (bench.descriptors), ==, FLASH_DFU_DIALECT_RUNTIME);
  pid = bench.descriptors->pid;
  session = session_new (&bench);
  g_assert_true (flash_dfu_session_leave_runtime (session, &is_in_dfu, &bench.error));
  g_assert_false (is_in_dfu);
  g_object_unref (session);
  sim_bench_reconnect (&bench);
  g_assert_cmphex (bench.descriptors->pid, !=, pid);
  g_assert_cmpint (flash_dfu_quirks_get_dialect (bench.descriptors), ==, FLASH_DFU_DIALECT_PLAIN);
  download_all (&bench, bytes, sizeof bytes);
  sim_bench_clear (&bench);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dfu-plain-sim/there-and-back", test_there_and_back);
  g_test_add_data_func ("/dfu-plain-sim/runtime/by-itself", "virtual:dfu-runtime", test_runtime);
  g_test_add_data_func ("/dfu-plain-sim/runtime/by-reset", "virtual:dfu-runtime,detach=reset",
                        test_runtime);
  return g_test_run ();
}
