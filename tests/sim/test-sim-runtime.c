/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The application with a run-time interface: both ways into DFU mode, and the way back
 * (stm32-dfuse.md sections 1.6, 1.9, 1.10 and 8.7). */
#include "config.h"

#include "flash-sim-plain-bench.h"

static guint16
get_pid (Bench *bench)
{
  return flash_board_get_descriptors (bench->board)->pid;
}

static void
detach (Bench *bench, guint16 timeout_ms)
{
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, timeout_ms, NULL, 0), ==, BENCH_OK);
}

static void
reset_bus (Bench *bench)
{
  g_assert_true (flash_transport_reset (bench->transport, NULL));
}

static void
test_self (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:dfu-runtime");
  guint8 bytes[100];

  g_assert_cmphex (get_pid (bench), ==, 0x4001);
  g_assert_cmpint (flash_board_get_descriptors (bench->board)->protocol, ==,
                   FLASH_DFU_PROTOCOL_RUNTIME);
  detach (bench, 1000);
  g_assert_false (bench_reopen (bench, 200));
  g_assert_true (bench_reopen (bench, 100));
  g_assert_cmphex (get_pid (bench), ==, 0x4000);
  g_assert_cmpint (flash_board_get_descriptors (bench->board)->protocol, ==,
                   FLASH_DFU_PROTOCOL_DFU);

  /* the reset with which a host begins is none of its own */
  reset_bus (bench);
  bench_fill (bytes, sizeof bytes, 1);
  plain_download (bench, bytes, sizeof bytes, 64);
  reset_bus (bench);
  g_assert_true (bench_reopen (bench, 300));
  g_assert_cmphex (get_pid (bench), ==, 0x4001);

  detach (bench, 0);
  g_assert_true (bench_reopen (bench, 300));
  plain_assert_holds (bench, bytes, sizeof bytes);
  detach (bench, 0);
  g_assert_true (bench_reopen (bench, 300));
  g_assert_cmphex (get_pid (bench), ==, 0x4001);
}

/* Without WillDetach the host has to reset the bus in time: the shorter of its own time and
 * wDetachTimeOut. */
static void
test_reset (void)
{
  static const struct {
    guint16 timeout_ms;
    guint wait_ms;
    gboolean leaves;
  } cases[] = {
    { 500, 0, TRUE },    { 500, 499, TRUE },    { 500, 500, FALSE },
    { 5000, 999, TRUE }, { 5000, 1000, FALSE }, { 0, 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = bench_new ("virtual:dfu-runtime,detach=reset");

    g_test_message ("%u of %u ms", cases[i].wait_ms, cases[i].timeout_ms);
    reset_bus (bench);
    bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_APP_IDLE);
    detach (bench, cases[i].timeout_ms);
    if (cases[i].timeout_ms > 0)
      bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_APP_DETACH);
    bench_wait (bench, cases[i].wait_ms);
    reset_bus (bench);
    if (!cases[i].leaves)
      bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_APP_IDLE);
    else
      g_assert_true (bench_reopen (bench, 300));
    g_assert_cmphex (get_pid (bench), ==, cases[i].leaves ? 0x4000 : 0x4001);
  }
}

/* Section 1.6: in its first two rows all but GETSTATUS, GETSTATE and one DETACH is refused. */
static void
test_states (void)
{
  for (guint i = 0; i < 2; i++) {
    g_autoptr (Bench) bench = bench_new ("virtual:dfu-runtime,detach=reset");
    FlashDfuState state = i == 0 ? FLASH_DFU_STATE_APP_IDLE : FLASH_DFU_STATE_APP_DETACH;
    guint8 bytes[8] = { 0 };
    gsize length;

    if (i == 1)
      detach (bench, 1000);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, bytes, 8), ==, BENCH_STALL);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_STALL);
    g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, bytes, 8, &length), ==,
                     BENCH_STALL);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_STALL);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_STALL);
    if (i == 1)
      g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 1000, NULL, 0), ==, BENCH_STALL);
    g_assert_cmpint (bench_get_state (bench), ==, state);
    bench_assert_status (bench, FLASH_DFU_STATUS_OK, state);
  }
}

/* Power brings the application back. */
static void
test_power (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:dfu-runtime");

  detach (bench, 0);
  g_assert_true (bench_reopen (bench, 300));
  g_assert_true (flash_board_power_cycle (bench->board, NULL));
  g_assert_true (bench_reopen (bench, 400));
  g_assert_cmphex (get_pid (bench), ==, 0x4001);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/runtime/self", test_self);
  g_test_add_func ("/sim/runtime/reset", test_reset);
  g_test_add_func ("/sim/runtime/states", test_states);
  g_test_add_func ("/sim/runtime/power", test_power);
  return g_test_run ();
}
