/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dfuse-bench"

#include "config.h"

#include "flash-dfuse-bench.h"

#include "flash-dfu-defs.h"

static const FlashDfuDevice rom = {
  FLASH_ST_VID,
  FLASH_ST_DFU_PID,
  0x2200,
  FLASH_DFU_PROTOCOL_DFU,
  0x0b,
  8,
  FLASH_DFU_VERSION_DFUSE,
  "315A28A0B956",
  { "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg" },
};

static void
run_case (gconstpointer data)
{
  const FlashDfuseCase *entry = data;
  g_autoptr (FlashDescriptors) descriptors =
      flash_dfu_device_describe (entry->device != NULL ? entry->device : &rom);
  FlashDfuseBench bench = {
    .transport = flash_script_transport_new (entry->script),
    .clock = flash_clock_new_virtual (),
    .cancellable = g_cancellable_new (),
  };

  bench.dfuse = flash_dfuse_new (bench.transport, bench.clock, descriptors, bench.cancellable);
  entry->run (&bench);
  g_assert_no_error (bench.error);
  flash_script_transport_assert_done (bench.transport);
  flash_dfuse_free (bench.dfuse);
  g_assert_finalize_object (bench.transport);
  g_assert_finalize_object (bench.clock);
  g_assert_finalize_object (bench.cancellable);
}

void
flash_dfuse_bench_add_cases (const FlashDfuseCase *cases, guint n_cases)
{
  for (guint i = 0; i < n_cases; i++) {
    g_autofree char *path = g_strconcat ("/dfuse/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], run_case);
  }
}

guint
flash_dfuse_bench_get_ms (FlashDfuseBench *bench)
{
  return (guint) (flash_clock_get_time_us (bench->clock) / 1000);
}

void
flash_dfuse_bench_take_error (FlashDfuseBench *bench, GQuark domain, gint code, const char *begin)
{
  g_assert_error (bench->error, domain, code);
  if (!g_str_has_prefix (bench->error->message, begin))
    g_assert_cmpstr (bench->error->message, ==, begin);
  g_clear_error (&bench->error);
}

static const guint8 bytes[FLASH_DFUSE_BENCH_N_BYTES] = {
  0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99,
  0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x01, 0x02, 0x03, 0x04,
};

void
flash_dfuse_bench_write (FlashDfuseBench *bench, guint32 address, gsize from, gsize length)
{
  g_assert_true (flash_dfuse_write (bench->dfuse, address, bytes + from, length, &bench->error));
}

void
flash_dfuse_bench_read (FlashDfuseBench *bench, guint32 address, gsize from, gsize length)
{
  guint8 out[sizeof bytes] = { 0 };

  g_assert_true (flash_dfuse_read (bench->dfuse, address, out, length, &bench->error));
  g_assert_cmpmem (out, length, bytes + from, length);
}

void
flash_dfuse_bench_write_fails (FlashDfuseBench *bench, GQuark domain, gint code, const char *begin)
{
  g_assert_false (flash_dfuse_write (bench->dfuse, 0x08000000, bytes, 16, &bench->error));
  flash_dfuse_bench_take_error (bench, domain, code, begin);
}
