/* SPDX-License-Identifier: GPL-3.0-or-later */
/* U-Boot's state machine, transactions and times (stm32mp-usb.md sections 2 and 9.5). */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-bytes.h"

#include <string.h>

#define TWO_PARTS                                                                                  \
  "P\t0x10\ta\tBinary\tmmc0\t0x100000\n"                                                           \
  "P\t0x11\tb\tBinary\tmmc0\t0x4100000\n"                                                          \
  "PE\t0x12\tc\tBinary\tmmc0\t0x8100000\n"

static Bench *
new_uboot (const char *layout)
{
  Bench *bench = bench_new ("virtual:stm32mp157,stage=uboot,mmc0=144M");

  bench_start_layout (bench, layout);
  return bench;
}

static Bench *
new_big_uboot (void)
{
  Bench *bench = bench_new ("virtual:stm32mp157,stage=uboot");

  bench_start_layout (bench, "P\t0x10\tdisk\tRawImage\tmmc0\t0x0\n");
  return bench;
}

static void
send_block (Bench *bench, guint16 number, guint8 fill, gsize length)
{
  guint8 data[4096];

  memset (data, fill, sizeof data);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, number, data, length), ==, BENCH_OK);
}

/* --- The table of section 9.5, cell by cell ------------------------------------------------- */

typedef enum {
  GETSTATUS,
  GETSTATE,
  DNLOAD,
  DNLOAD_0,
  UPLOAD,
  ABORT,
  CLRSTATUS,
  DETACH,
  N_REQUESTS,
} Request;

#define E 10 /* and a stall */
#define GONE 11

/* The state after the request. */
static const struct {
  guint8 state;
  guint8 after[N_REQUESTS];
} table[] = {
  { 2, { 2, 2, 3, E, 9, 2, E, GONE } }, { 3, { 5, 3, E, E, E, E, E, E } },
  { 5, { 5, 5, 3, 6, E, 2, E, E } },    { 6, { 7, 6, E, E, E, E, E, E } },
  { 7, { 2, 7, E, E, E, E, E, E } },    { 9, { 9, 9, E, E, 9, 2, E, E } },
  { 10, { 10, 10, E, E, E, E, 2, E } },
};

static void
go_to_state (Bench *bench, guint8 state)
{
  guint8 data[4096];
  gsize length;

  bench_select (bench, 0x10);
  switch (state) {
  case 9:
    g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, data, 4096, &length), ==, 0);
    break;
  case 10:
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_STALL);
    break;
  case 3:
  case 5:
  case 6:
  case 7:
    send_block (bench, 0, 1, 4096);
    if (state >= 5)
      bench_assert_status (bench, 0, 5);
    if (state >= 6)
      g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 1, NULL, 0), ==, BENCH_OK);
    if (state == 7)
      bench_assert_status (bench, 0, 7);
    break;
  default:
    break;
  }
  g_assert_cmpint (bench_get_state (bench), ==, state);
}

static int
send_request (Bench *bench, Request request, guint8 state)
{
  guint8 data[4096] = { 0 };
  gsize length;

  switch (request) {
  case GETSTATUS:
    return bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, data, 6, &length);
  case GETSTATE:
    return bench_in (bench, FLASH_DFU_REQUEST_GETSTATE, 0, data, 1, &length);
  case DNLOAD:
    return bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, state == 5 ? 1 : 0, data, 4096);
  case DNLOAD_0:
    return bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 1, NULL, 0);
  case UPLOAD:
    return bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, state == 9 ? 1 : 0, data, 4096, &length);
  case ABORT:
    return bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0);
  case CLRSTATUS:
    return bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0);
  case DETACH:
    return bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0);
  case N_REQUESTS:
    break;
  }
  g_assert_not_reached ();
}

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    for (guint request = 0; request < N_REQUESTS; request++) {
      g_autoptr (Bench) bench = new_uboot (TWO_PARTS);
      guint8 after = table[i].after[request];
      gboolean is_error = after == E && !(table[i].state == 10 && request <= GETSTATE);
      int result;

      g_test_message ("state %u, request %u", table[i].state, request);
      go_to_state (bench, table[i].state);
      result = send_request (bench, request, table[i].state);
      g_assert_cmpint (result, ==, is_error ? BENCH_STALL : BENCH_OK);
      if (after == GONE)
        g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_GONE);
      else
        g_assert_cmpint (bench_get_state (bench), ==, after);
      if (is_error)
        bench_assert_status (bench, FLASH_DFU_STATUS_ERR_UNKNOWN, FLASH_DFU_STATE_ERROR);
    }
  }
}

/* SET_INTERFACE makes idle of every state, without an error. */
static void
test_set_interface (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (Bench) bench = new_uboot (TWO_PARTS);

    go_to_state (bench, table[i].state);
    bench_select (bench, 0xf1);
    bench_assert_status (bench, 0, FLASH_DFU_STATE_IDLE);
  }
}

static void
test_block_size (void)
{
  g_autoptr (Bench) bench = new_uboot (TWO_PARTS);
  g_autoptr (GByteArray) back = NULL;
  guint8 expected[512];

  /* shorter blocks are blocks all the same */
  bench_select (bench, 0x10);
  send_block (bench, 0, 1, 100);
  bench_assert_status (bench, 0, 5);
  send_block (bench, 1, 2, 1);
  bench_assert_status (bench, 0, 5);
  send_block (bench, 2, 3, 411);
  bench_assert_status (bench, 0, 5);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 3, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, 0, 7);
  bench_assert_status (bench, 0, 2);
  bench_assert_phase (bench, 0x11);
  back = bench_upload (bench, 0x10);
  memset (expected, 1, 100);
  expected[100] = 2;
  memset (expected + 101, 3, 411);
  g_assert_cmpint (back->len, ==, 64 * 1024 * 1024);
  assert_bytes (back, 0, expected, 512);
}

/* Behind a file that is no multiple of 512 stands what the buffer held before. */
static void
test_stale_bytes (void)
{
  g_autoptr (Bench) bench = new_uboot (TWO_PARTS);
  g_autofree guint8 *bytes = g_malloc (8 * 1024 * 1024 + 100);
  g_autoptr (GByteArray) back = NULL;

  bench_fill (bytes, 8 * 1024 * 1024 + 100, 5);
  bench_download (bench, 0x10, bytes, 8 * 1024 * 1024 + 100, 4096);
  back = bench_upload (bench, 0x10);
  assert_bytes (back, 0, bytes, 8 * 1024 * 1024 + 100);
  assert_bytes (back, 8 * 1024 * 1024 + 100, bytes + 100, 412);
  g_assert_cmpint (back->data[8 * 1024 * 1024 + 512], ==, 0);
}

/* After block 0xffff comes block 0; what is above 256 MiB is in place. */
static void
test_block_wrap (void)
{
  g_autoptr (Bench) bench = new_big_uboot ();
  guint8 block[4096];
  gsize length;

  bench_select (bench, 0x10);
  for (guint i = 0; i < 65536 + 10; i++) {
    memset (block, 0, sizeof block);
    flash_put_le32 (block, i + 1);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, (guint16) i, block, sizeof block),
                     ==, 0);
    g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, block, 6, &length), ==, 0);
    g_assert_cmpint (block[4], ==, FLASH_DFU_STATE_DNLOAD_IDLE);
  }
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 10, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, 0, 7);
  bench_assert_status (bench, 0, 2);
  bench_assert_phase (bench, 0xfe);

  /* the same way back */
  bench_select (bench, 0x10);
  for (guint i = 0; i < 65536 + 10; i++) {
    g_assert_cmpint (
        bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, (guint16) i, block, sizeof block, &length), ==,
        0);
    g_assert_cmpint (flash_get_le32 (block), ==, i + 1);
  }
}

/* The end of 256 MiB is not followed by 1. */
static void
test_wrong_wrap (void)
{
  g_autoptr (Bench) bench = new_big_uboot ();
  guint8 status[6], block[4096] = { 0 };
  gsize length;

  bench_select (bench, 0x10);
  for (guint i = 0; i < 65536; i++) {
    bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, (guint16) i, block, sizeof block);
    bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, status, 6, &length);
  }
  g_assert_cmpint (status[4], ==, FLASH_DFU_STATE_DNLOAD_IDLE);
  send_block (bench, 1, 0, 4096);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_UNKNOWN, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_error (bench, "Wrong sequence number");
}

/* --- Poison (section 2.4) ------------------------------------------------------------------- */

static void
break_download (Bench *bench, guint id, gboolean with_abort)
{
  bench_select (bench, id);
  send_block (bench, 0, 1, 4096);
  bench_assert_status (bench, 0, 5);
  if (with_abort)
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_OK);
  bench_select (bench, id);
  bench_assert_status (bench, 0, 2);
  send_block (bench, 0, 1, 4096);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_UNKNOWN, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
}

static void
test_poisoned_download (void)
{
  for (guint with_abort = 0; with_abort < 2; with_abort++) {
    g_autoptr (Bench) current = new_uboot (TWO_PARTS);
    g_autoptr (Bench) other = new_uboot (TWO_PARTS);

    break_download (current, 0x10, with_abort);
    bench_assert_error (current, "Wrong sequence number");
    bench_assert_console (current, "Wrong sequence number! [1] [0]");

    /* not the current partition: the phase stays, and the drop has cured the setting */
    break_download (other, 0x11, with_abort);
    bench_assert_phase (other, 0x10);
    bench_download (other, 0x11, (const guint8 *) "x", 1, 4096);
    bench_assert_phase (other, 0x10);
  }
}

static void
test_poisoned_upload (void)
{
  g_autoptr (Bench) bench = new_uboot (TWO_PARTS);
  guint8 data[4096];
  gsize length;

  bench_select (bench, 0x11);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, (guint16) i, data, 4096, &length),
                     ==, BENCH_OK);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_OK);
  for (guint i = 0; i < 2; i++) {
    g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, data, 4096, &length), ==,
                     BENCH_STALL);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  }
  /* the cure: one block with a wrong number */
  send_block (bench, 0xffff, 1, 1);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_UNKNOWN, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, data, 4096, &length), ==,
                   BENCH_OK);
  bench_assert_phase (bench, 0x10);
}

/* A GetPhase in the middle of a transfer takes the buffer away. */
static void
test_shared_buffer (void)
{
  g_autoptr (Bench) bench = new_uboot (TWO_PARTS);
  g_autoptr (GByteArray) back = NULL;

  bench_select (bench, 0x10);
  send_block (bench, 0, 0x77, 4096);
  bench_assert_status (bench, 0, 5);
  bench_assert_phase (bench, 0x10);
  bench_select (bench, 0x10);
  send_block (bench, 1, 0x78, 4096);
  bench_assert_status (bench, 0, 5);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 2, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, 0, 7);
  bench_assert_status (bench, 0, 2);
  back = bench_upload (bench, 0x10);
  g_assert_cmpint (back->data[0], ==, 0);
  g_assert_cmpint (back->data[4096], ==, 0x78);
}

static void
test_upload_sizes (void)
{
  g_autoptr (Bench) bench = new_uboot (TWO_PARTS);
  g_autofree guint8 *bytes = g_malloc (16384);
  guint8 data[4096];
  gsize length;

  bench_fill (bytes, 16384, 9);
  bench_download (bench, 0x10, bytes, 16384, 4096);
  /* half of what the device prepares is lost */
  bench_select (bench, 0x10);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, data, 2048, &length), ==, 0);
  g_assert_cmpmem (data, length, bytes, 2048);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 1, data, 4096, &length), ==, 0);
  g_assert_cmpmem (data, length, bytes + 4096, 4096);
  /* a wrong number is refused */
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 3, data, 4096, &length), ==,
                   BENCH_STALL);
}

/* --- Time ----------------------------------------------------------------------------------- */

/* The flush is waited for by the GETSTATUS behind the one that says 7. */
static void
test_flush_time (void)
{
  g_autoptr (Bench) bench = new_uboot (TWO_PARTS);
  gint64 start_us, used_us;

  bench_select (bench, 0x10);
  send_block (bench, 0, 1, 4096);
  bench_assert_status (bench, 0, 5);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 1, NULL, 0), ==, BENCH_OK);
  start_us = flash_clock_get_time_us (bench->clock);
  used_us = flash_sim_provider_get_device_time_us (bench->provider, bench->port);
  bench_assert_status (bench, 0, 7);
  g_assert_cmpint (flash_clock_get_time_us (bench->clock), ==, start_us);
  bench_assert_status (bench, 0, 2);
  g_assert_cmpint (flash_clock_get_time_us (bench->clock) - start_us, >=, 44000);
  g_assert_cmpint (flash_sim_provider_get_device_time_us (bench->provider, bench->port) - used_us,
                   ==, 50000);
}

/* 20 ms for each 8 MiB; the sum is the board's own time. */
static void
test_drain_time (void)
{
  g_autoptr (Bench) bench = new_uboot (TWO_PARTS);
  g_autofree guint8 *bytes = g_malloc0 (32 * 1024 * 1024);
  gint64 start_us = flash_clock_get_time_us (bench->clock);
  gint64 used_us = flash_sim_provider_get_device_time_us (bench->provider, bench->port);

  bench_download (bench, 0x10, bytes, 32 * 1024 * 1024, 4096);
  g_assert_cmpint (flash_sim_provider_get_device_time_us (bench->provider, bench->port) - used_us,
                   ==, 4 * 20000 + 50000);
  g_assert_cmpint (flash_clock_get_time_us (bench->clock) - start_us, >=, 120000);
}

static void
test_latency (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157,latency=300");
  gint64 start_us = flash_clock_get_time_us (bench->clock);
  gint64 used_us = flash_sim_provider_get_device_time_us (bench->provider, bench->port);
  guint64 n_requests = flash_sim_provider_get_n_requests (bench->provider, bench->port);

  for (guint i = 0; i < 1000; i++)
    bench_assert_status (bench, 0, 2);
  g_assert_cmpint (flash_sim_provider_get_n_requests (bench->provider, bench->port) - n_requests,
                   ==, 1000);
  g_assert_cmpint (flash_sim_provider_get_device_time_us (bench->provider, bench->port) - used_us,
                   ==, 300000);
  g_assert_cmpint (flash_clock_get_time_us (bench->clock) - start_us, >=, 290000);
  g_assert_cmpint (flash_clock_get_time_us (bench->clock) - start_us, <=, 300000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/uboot/table", test_table);
  g_test_add_func ("/sim/uboot/set-interface", test_set_interface);
  g_test_add_func ("/sim/uboot/block-size", test_block_size);
  g_test_add_func ("/sim/uboot/stale-bytes", test_stale_bytes);
  g_test_add_func ("/sim/uboot/block-wrap", test_block_wrap);
  g_test_add_func ("/sim/uboot/wrong-wrap", test_wrong_wrap);
  g_test_add_func ("/sim/uboot/poisoned-download", test_poisoned_download);
  g_test_add_func ("/sim/uboot/poisoned-upload", test_poisoned_upload);
  g_test_add_func ("/sim/uboot/shared-buffer", test_shared_buffer);
  g_test_add_func ("/sim/uboot/upload-sizes", test_upload_sizes);
  g_test_add_func ("/sim/uboot/flush-time", test_flush_time);
  g_test_add_func ("/sim/uboot/drain-time", test_drain_time);
  g_test_add_func ("/sim/uboot/latency", test_latency);
  return g_test_run ();
}
