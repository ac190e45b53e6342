/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults on the wire, and at hand-overs. */
#include "config.h"

#include "flash-sim-faults.h"

#include <string.h>

static const guint8 byte[1] = { 1 };

/* --- On the wire ---------------------------------------------------------------------------- */

/* The third request, and no other. */
static Bench *
new_at_third (const char *kind, guint8 *bytes, gsize *length)
{
  g_autofree char *id = g_strdup_printf (FAULT_ROM "%s@3", kind);
  Bench *bench = bench_new (id);

  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (fault_try_status (bench, bytes, length), ==, BENCH_OK);
  return bench;
}

static void
test_stall (void)
{
  guint8 bytes[6];
  gsize length;
  g_autoptr (Bench) bench = new_at_third ("stall", bytes, &length);

  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_STALL);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
  g_assert_cmpint (flash_sim_provider_get_n_requests (bench->provider, bench->port), ==, 4);
}

static void
test_timeout (void)
{
  guint8 bytes[6];
  gsize length;
  g_autoptr (Bench) bench = new_at_third ("timeout", bytes, &length);
  gint64 start_us = flash_clock_get_time_us (bench->clock);

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, byte, 1), ==, BENCH_TIMED_OUT);
  g_assert_cmpint (flash_clock_get_time_us (bench->clock) - start_us, ==, BENCH_TIMEOUT_MS * 1000);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_IDLE);
}

static void
test_lost_answer (void)
{
  guint8 bytes[6];
  gsize length;
  g_autoptr (Bench) bench = new_at_third ("lost-answer", bytes, &length);

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_TIMED_OUT);
  bench_select (bench, 0x01);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, byte, 1), ==, BENCH_OK);
}

static void
test_lost_answer_is_done (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_UBOOT "lost-answer@1");

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, byte, 1), ==, BENCH_TIMED_OUT);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_DNLOAD_SYNC);
}

/* It waits for the first answer that can be shortened. */
static void
test_short (void)
{
  guint8 bytes[6];
  gsize length;
  g_autoptr (Bench) bench = new_at_third ("short", bytes, &length);

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_OK);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
  g_assert_cmpint (length, ==, 3);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
  g_assert_cmpint (length, ==, 6);
}

static void
test_corrupt (void)
{
  guint8 bytes[6];
  gsize length;
  g_autoptr (Bench) bench = new_at_third ("corrupt", bytes, &length);

  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
  g_assert_cmpmem (bytes, length, "\0\0\0\1\2\0", 6);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
  g_assert_cmpmem (bytes, length, "\0\0\0\0\2\0", 6);
}

/* What is written can be wrong as well, and nobody says so. */
static void
test_corrupt_data (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_UBOOT "corrupt@100");
  guint8 block[4096] = { 0 };
  g_autoptr (GByteArray) back = NULL;
  guint n_wrong = 0;

  bench_start_layout (bench, "P\t0x10\ta\tBinary\tmmc0\t0x100000\nPE\t0x11\tb\tBinary\tmmc0\t"
                             "0x200000\n");
  bench_select (bench, 0x10);
  while (flash_sim_provider_get_n_requests (bench->provider, bench->port) < 99)
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_OK);
  bench_send_blocks (bench, block, sizeof block, 4096);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 1, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, 0, 7);
  bench_assert_status (bench, 0, 2);
  bench_assert_phase (bench, 0xfe);
  back = bench_upload (bench, 0x10);
  for (guint i = 0; i < sizeof block; i++)
    n_wrong += back->data[i] != 0;
  g_assert_cmpint (n_wrong, ==, 1);
  g_assert_cmpint (back->data[2048], ==, 1);
}

static void
test_unplug (void)
{
  guint8 bytes[6];
  gsize length;
  g_autoptr (Bench) bench = new_at_third ("unplug", bytes, &length);
  g_autoptr (FlashBoard) board = g_object_ref (bench->board);

  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_GONE);
  g_assert_false (bench_reopen (bench, 600000));
  g_assert_true (flash_board_power_cycle (board, NULL));
  g_assert_false (bench_reopen (bench, 0));
  g_assert_true (bench_reopen (bench, 1000));
  bench_assert_phase (bench, 0x01);
}

static void
test_replug (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_UBOOT "replug@1");
  guint8 bytes[6];
  gsize length;

  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_GONE);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_GONE);
  g_assert_false (bench_reopen (bench, 900));
  g_assert_true (bench_reopen (bench, 200));
  bench_assert_phase (bench, 0x01);
}

/* 8 s: longer than the time-out of this bench, so the request is not taken at first. */
static void
test_long_nak (void)
{
  guint8 bytes[6];
  gsize length;
  g_autoptr (Bench) bench = new_at_third ("long-nak", bytes, &length);
  gint64 start_us = flash_clock_get_time_us (bench->clock);

  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_TIMED_OUT);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
  g_assert_cmpint (flash_clock_get_time_us (bench->clock) - start_us, >=, 7990000);
  g_assert_cmpint (flash_sim_provider_get_n_requests (bench->provider, bench->port), ==, 3);
}

static void
test_endless_busy (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_UBOOT "endless-busy@2");
  g_autoptr (FlashBoard) board = g_object_ref (bench->board);
  guint8 bytes[6];
  gsize length;

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, byte, 1), ==, BENCH_OK);
  for (guint i = 0; i < 1000; i++) {
    g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
    g_assert_cmpint (bytes[4], ==, FLASH_DFU_STATE_DNBUSY);
    g_assert_cmpint (bytes[1], >, 0);
  }
  g_assert_true (flash_board_power_cycle (board, NULL));
  g_assert_true (bench_reopen (bench, 1000));
  bench_assert_status (bench, 0, FLASH_DFU_STATE_IDLE);
}

static void
test_endless_busy_manifest (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_UBOOT "endless-busy@4");
  guint8 bytes[6];
  gsize length;

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, byte, 1), ==, BENCH_OK);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 1, NULL, 0), ==, BENCH_OK);
  for (guint i = 0; i < 3; i++) {
    g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
    g_assert_cmpint (bytes[4], ==, FLASH_DFU_STATE_MANIFEST);
  }
}

static void
test_strings_unknown (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_ROM "strings-unknown@rom");
  g_autoptr (FlashDescriptors) unknown =
      flash_descriptors_read (bench->transport, BENCH_TIMEOUT_MS, NULL);
  g_autoptr (FlashDescriptors) known = NULL;
  g_autoptr (FlashBoard) board = NULL;

  g_assert_null (unknown->product);
  g_assert_null (((FlashAlternate *) g_ptr_array_index (unknown->alternates, 0))->name);
  g_assert_null (flash_board_get_descriptors (bench->board)->product);
  bench_wait (bench, 400);
  known = flash_descriptors_read (bench->transport, BENCH_TIMEOUT_MS, NULL);
  g_assert_nonnull (known->product);
  board = flash_provider_peek_port (FLASH_PROVIDER (bench->provider), bench->port);
  g_assert_nonnull (flash_board_get_descriptors (board)->product);
}

/* --- At a hand-over ------------------------------------------------------------------------- */

static void
test_never_return (void)
{
  static const char *const ids[] = { FAULT_ROM "never-return@rom",
                                     "virtual:stm32mp135,fault=never-return@rom" };
  g_autoptr (Bench) uboot = bench_new (FAULT_UBOOT "never-return@uboot");

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (Bench) bench = bench_new (ids[i]);

    fault_start_fsbl (bench);
    if (i == 1) {
      bench_assert_status (bench, 0, 2);
      fault_detach (bench);
    }
    g_assert_false (bench_reopen (bench, 600000));
  }
  bench_send_layout (uboot, FAULT_LAYOUT);
  fault_detach (uboot);
  g_assert_false (bench_reopen (uboot, 600000));
}

static void
test_return_as_rom (void)
{
  g_autoptr (Bench) uboot = bench_new (FAULT_UBOOT "return-as-rom@uboot");
  g_autoptr (Bench) rom = bench_new (FAULT_ROM "return-as-rom@rom");

  bench_send_layout (uboot, FAULT_LAYOUT);
  fault_detach (uboot);
  g_assert_true (bench_reopen (uboot, 2000));
  bench_assert_phase (uboot, 0x01);

  fault_start_fsbl (rom);
  g_assert_true (bench_reopen (rom, 2000));
  bench_assert_phase (rom, 0x01);
  /* once only */
  bench_boot (rom);
  bench_assert_phase (rom, 0x00);
}

/* The port that it leaves stays empty; its id and its device are found all the same. */
static void
test_return_elsewhere (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_UBOOT "return-elsewhere@uboot");
  g_autofree char *port = g_strdup (flash_board_get_port (bench->board));
  g_autofree char *id = g_strdup (flash_board_get_id (bench->board));
  g_autoptr (FlashSimDevice) device = flash_sim_provider_dup_device (bench->provider, port);
  g_autoptr (FlashSimDevice) same = NULL;
  g_autoptr (FlashBoard) board = NULL;
  g_autoptr (FlashBoard) peeked = NULL;

  bench_send_layout (bench, FAULT_LAYOUT);
  fault_detach (bench);
  g_assert_false (bench_reopen (bench, 60000));
  board = flash_provider_find (FLASH_PROVIDER (bench->provider), id, NULL);
  g_assert_nonnull (board);
  g_assert_cmpstr (flash_board_get_port (board), !=, port);
  peeked =
      flash_provider_peek_port (FLASH_PROVIDER (bench->provider), flash_board_get_port (board));
  g_assert_true (peeked == board);
  same = flash_sim_provider_dup_device (bench->provider, port);
  g_assert_true (same == device);
  g_assert_cmpuint (flash_sim_device_get_n_moves (device), ==, 1);
}

/* A board with power of its own goes on where it was, but for what was being transferred. */
static void
test_cable (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_UBOOT "cable@uboot2");
  g_autoptr (Bench) rom = bench_new (FAULT_ROM "cable@rom");
  guint8 bytes[6];
  gsize length;

  bench_send_layout (bench, FAULT_LAYOUT);
  fault_detach (bench);
  g_assert_true (bench_reopen (bench, 2000));
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_GONE);
  g_assert_true (bench_reopen (bench, 20000));
  bench_assert_status (bench, 0, 2);
  bench_assert_phase (bench, 0x10);

  g_assert_cmpint (fault_try_status (rom, bytes, &length), ==, BENCH_GONE);
  g_assert_true (bench_reopen (rom, 20000));
  bench_assert_phase (rom, 0x01);
}

static void
test_wrong_serial (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_UBOOT "wrong-serial@uboot");
  g_autofree char *before = g_strdup (flash_board_get_descriptors (bench->board)->serial);
  g_autoptr (FlashBoard) board = NULL;

  bench_send_layout (bench, FAULT_LAYOUT);
  fault_detach (bench);
  g_assert_true (bench_reopen (bench, 2000));
  g_assert_cmpstr (flash_board_get_descriptors (bench->board)->serial, !=, before);
  board = g_object_ref (bench->board);
  g_assert_true (flash_board_power_cycle (board, NULL));
  g_assert_true (bench_reopen (bench, 2000));
  g_assert_cmpstr (flash_board_get_descriptors (bench->board)->serial, ==, before);
}

static void
test_handover_delay (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_ROM "handover-delay@rom");
  guint8 bytes[6];
  gsize length;

  fault_start_fsbl (bench);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_TIMED_OUT);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
  bench_assert_phase (bench, 0x03);
}

static void
test_stall_detach (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_UBOOT "stall-detach@uboot");

  bench_send_layout (bench, FAULT_LAYOUT);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_STALL);
  g_assert_true (bench_reopen (bench, 5000));
  bench_assert_phase (bench, 0x10);
}

const FaultCase fault_wire_cases[] = {
  { "stall", test_stall },
  { "timeout", test_timeout },
  { "lost-answer", test_lost_answer },
  { "lost-answer", test_lost_answer_is_done },
  { "short", test_short },
  { "corrupt", test_corrupt },
  { "corrupt", test_corrupt_data },
  { "unplug", test_unplug },
  { "replug", test_replug },
  { "long-nak", test_long_nak },
  { "endless-busy", test_endless_busy },
  { "endless-busy", test_endless_busy_manifest },
  { "strings-unknown", test_strings_unknown },
  { "never-return", test_never_return },
  { "return-as-rom", test_return_as_rom },
  { "return-elsewhere", test_return_elsewhere },
  { "cable", test_cable },
  { "wrong-serial", test_wrong_serial },
  { "handover-delay", test_handover_delay },
  { "stall-detach", test_stall_detach },
  { NULL, NULL },
};
