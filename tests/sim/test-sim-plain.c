/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain DFU 1.1 device: every request in every state (stm32-dfuse.md section 1.6), and its
 * life on the port. */
#include "config.h"

#include "flash-sim-plain-bench.h"

#include "flash-sim-device.h"

typedef enum {
  DETACH,
  DNLOAD,
  DNLOAD_ZERO,
  UPLOAD,
  GETSTATUS,
  CLRSTATUS,
  GETSTATE,
  ABORT,
  N_REQUESTS,
} Request;

/* --- The state machine ---------------------------------------------------------------------- */

static int
send_request (Bench *bench, Request request)
{
  guint8 bytes[16] = { 0 };
  gsize length;

  switch (request) {
  case DETACH:
    return bench_out (bench, FLASH_DFU_REQUEST_DETACH, 1000, NULL, 0);
  case DNLOAD:
    /* where a block is allowed it is the first or the second of the transfer */
    return plain_send_block (bench, bench_get_state (bench) == FLASH_DFU_STATE_IDLE ? 0 : 1, bytes,
                             16);
  case DNLOAD_ZERO:
    return plain_send_block (bench, 1, NULL, 0);
  case UPLOAD:
    return bench_in (bench, FLASH_DFU_REQUEST_UPLOAD,
                     bench_get_state (bench) == FLASH_DFU_STATE_IDLE ? 0 : 1, bytes, 16, &length);
  case GETSTATUS:
    return bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, bytes, 6, &length);
  case CLRSTATUS:
    return bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0);
  case GETSTATE:
    return bench_in (bench, FLASH_DFU_REQUEST_GETSTATE, 0, bytes, 1, &length);
  case ABORT:
    return bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0);
  case N_REQUESTS:
    break;
  }
  g_assert_not_reached ();
}

static void
bring_to (Bench *bench, FlashDfuState state)
{
  guint8 bytes[16] = { 0 };
  gsize length;

  if (state == FLASH_DFU_STATE_UPLOAD_IDLE)
    g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, bytes, 16, &length), ==,
                     BENCH_OK);
  if (state == FLASH_DFU_STATE_ERROR)
    g_assert_cmpint (plain_send_block (bench, 0, NULL, 0), ==, BENCH_STALL);
  if (state >= FLASH_DFU_STATE_DNLOAD_SYNC && state <= FLASH_DFU_STATE_MANIFEST)
    g_assert_cmpint (plain_send_block (bench, 0, bytes, 16), ==, BENCH_OK);
  if (state == FLASH_DFU_STATE_DNBUSY)
    bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNBUSY);
  if (state >= FLASH_DFU_STATE_DNLOAD_IDLE && state <= FLASH_DFU_STATE_MANIFEST)
    g_assert_cmpint (plain_settle (bench), ==, FLASH_DFU_STATE_DNLOAD_IDLE);
  if (state == FLASH_DFU_STATE_MANIFEST_SYNC || state == FLASH_DFU_STATE_MANIFEST)
    g_assert_cmpint (plain_send_block (bench, 1, NULL, 0), ==, BENCH_OK);
  if (state == FLASH_DFU_STATE_MANIFEST)
    bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_MANIFEST);
  g_assert_cmpint (bench_get_state (bench), ==, state);
}

#define E FLASH_DFU_STATE_ERROR
#define GONE 0xff

/* Section 1.6, with DETACH as a device that says WillDetach does it. In the order of Request. */
static const struct {
  FlashDfuState state;
  guint8 next[N_REQUESTS];
} table[] = {
  { FLASH_DFU_STATE_IDLE, { GONE, 3, E, 9, 2, E, 2, 2 } },
  { FLASH_DFU_STATE_DNLOAD_SYNC, { E, E, E, E, 4, E, 3, E } },
  { FLASH_DFU_STATE_DNBUSY, { E, E, E, E, 4, E, 4, E } },
  { FLASH_DFU_STATE_DNLOAD_IDLE, { E, 3, 6, E, 5, E, 5, 2 } },
  { FLASH_DFU_STATE_MANIFEST_SYNC, { E, E, E, E, 7, E, 6, E } },
  { FLASH_DFU_STATE_MANIFEST, { E, E, E, E, 7, E, 7, E } },
  { FLASH_DFU_STATE_UPLOAD_IDLE, { E, E, E, 9, 9, E, 9, 2 } },
  { FLASH_DFU_STATE_ERROR, { E, E, E, E, E, 2, E, E } },
};

static void
test_states (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    for (Request request = 0; request < N_REQUESTS; request++) {
      g_autoptr (Bench) bench = bench_new ("virtual:dfu");
      guint8 next = table[i].next[request];
      gboolean is_told = request == GETSTATUS || request == GETSTATE;
      gboolean is_refused = next == E && !(table[i].state == FLASH_DFU_STATE_ERROR && is_told);

      g_test_message ("state %u, request %u", table[i].state, request);
      bring_to (bench, table[i].state);
      g_assert_cmpint (send_request (bench, request), ==, is_refused ? BENCH_STALL : BENCH_OK);
      if (next == GONE) {
        g_assert_cmpint (send_request (bench, GETSTATE), ==, BENCH_GONE);
        continue;
      }
      g_assert_cmpint (bench_get_state (bench), ==, next);
      if (is_refused)
        plain_assert_error (bench, FLASH_DFU_STATUS_ERR_STALLEDPKT);
    }
}

/* Time ends dfuDNBUSY and dfuMANIFEST, and not before the poll time is over. */
static void
test_time (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:dfu");

  bring_to (bench, FLASH_DFU_STATE_DNBUSY);
  bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNBUSY);
  bench_wait (bench, 1);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_DNLOAD_SYNC);
  bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNLOAD_IDLE);
  g_assert_cmpint (plain_send_block (bench, 1, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_MANIFEST);
  bench_wait (bench, 1);
  bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_MANIFEST);
  bench_wait (bench, 1);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_MANIFEST_SYNC);
  bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_IDLE);
  g_assert_cmpint (flash_sim_provider_get_device_time_us (bench->provider, bench->port), ==, 3000);
}

/* What no state allows: another block than the next, and more than wTransferSize. */
static void
test_blocks (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:dfu");
  g_autofree guint8 *bytes = g_malloc0 (PLAIN_TRANSFER + 1);
  gsize length;

  g_assert_cmpint (plain_send_block (bench, 1, bytes, 16), ==, BENCH_STALL);
  plain_assert_error (bench, FLASH_DFU_STATUS_ERR_ADDRESS);
  for (guint16 wrong = 0; wrong <= 2; wrong += 2) {
    bring_to (bench, FLASH_DFU_STATE_DNLOAD_IDLE);
    g_assert_cmpint (plain_send_block (bench, wrong, bytes, 16), ==, BENCH_STALL);
    plain_assert_error (bench, FLASH_DFU_STATUS_ERR_ADDRESS);
    bring_to (bench, FLASH_DFU_STATE_UPLOAD_IDLE);
    g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, wrong, bytes, 16, &length), ==,
                     BENCH_STALL);
    plain_assert_error (bench, FLASH_DFU_STATUS_ERR_ADDRESS);
  }
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 1, bytes, 16, &length), ==,
                   BENCH_STALL);
  plain_assert_error (bench, FLASH_DFU_STATUS_ERR_ADDRESS);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, bytes, 0, &length), ==, BENCH_OK);
  g_assert_cmpint (length, ==, 0);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_UPLOAD_IDLE);
}

static void
test_too_long (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashSimDevice) device = flash_sim_device_new (clock, "virtual:dfu", NULL);
  const FlashSimPacket dnload = { 0x21, FLASH_DFU_REQUEST_DNLOAD, 0, 0, PLAIN_TRANSFER + 1 };
  const FlashSimPacket request = { 0xa1, FLASH_DFU_REQUEST_UPLOAD, 0, 0, PLAIN_TRANSFER + 1 };
  const FlashSimPacket clear = { 0x21, FLASH_DFU_REQUEST_CLRSTATUS, 0, 0, 0 };
  const FlashSimPacket unknown = { 0x21, 7, 0, 0, 0 };
  g_autofree guint8 *bytes = g_malloc0 (PLAIN_TRANSFER + 1);
  gint64 ready_us;
  gsize length;

  g_assert_cmpint (flash_sim_device_control (device, 1, &dnload, bytes, NULL, &length, &ready_us),
                   ==, FLASH_SIM_STALL);
  g_assert_cmpint (flash_sim_device_control (device, 1, &clear, NULL, NULL, &length, &ready_us), ==,
                   FLASH_SIM_ACK);
  g_assert_cmpint (flash_sim_device_control (device, 1, &request, NULL, bytes, &length, &ready_us),
                   ==, FLASH_SIM_STALL);
  g_assert_cmpint (flash_sim_device_control (device, 1, &unknown, NULL, NULL, &length, &ready_us),
                   ==, FLASH_SIM_STALL);
}

/* --- The port ------------------------------------------------------------------------------- */

/* DETACH, a bus reset, power off and on: what it holds stays. */
static void
test_returns (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:dfu");
  guint8 bytes[100];
  guint64 generation = flash_board_get_generation (bench->board);
  FlashDescriptors *descriptors = flash_board_get_descriptors (bench->board);
  const FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, 0);

  g_assert_cmpint (descriptors->alternates->len, ==, 1);
  g_assert_cmpstr (alternate->name, ==, "FLASH");
  g_assert_cmpstr (descriptors->serial, ==, "0123456789AB");
  g_assert_cmphex (descriptors->vid, ==, 0xcafe);

  bench_fill (bytes, sizeof bytes, 1);
  plain_download (bench, bytes, sizeof bytes, 64);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 1000, NULL, 0), ==, BENCH_OK);
  g_assert_false (bench_reopen (bench, 200));
  g_assert_true (bench_reopen (bench, 100));
  g_assert_cmpint (flash_board_get_generation (bench->board), ==, generation + 1);
  plain_assert_holds (bench, bytes, sizeof bytes);

  g_assert_true (flash_board_power_cycle (bench->board, NULL));
  g_assert_true (bench_reopen (bench, 400));
  plain_assert_holds (bench, bytes, sizeof bytes);
}

static void
test_bus_reset (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashSimDevice) device =
      flash_sim_device_new (clock, "virtual:dfu,fault=stall@dfu", NULL);
  const FlashSimPacket dnload = { 0x21, FLASH_DFU_REQUEST_DNLOAD, 0, 0, 4 };
  const FlashSimPacket get_state = { 0xa1, FLASH_DFU_REQUEST_GETSTATE, 0, 0, 1 };
  guint8 bytes[4] = { 0 };
  gint64 ready_us;
  gsize length;

  /* hosts begin with a reset: what was ordered for the stage is still to come */
  flash_sim_device_bus_reset (device);
  g_assert_cmpint (flash_sim_device_control (device, 1, &dnload, bytes, NULL, &length, &ready_us),
                   ==, FLASH_SIM_STALL);
  g_assert_cmpint (flash_sim_device_control (device, 1, &dnload, bytes, NULL, &length, &ready_us),
                   ==, FLASH_SIM_ACK);
  flash_sim_device_bus_reset (device);
  g_assert_cmpint (
      flash_sim_device_control (device, 1, &get_state, NULL, bytes, &length, &ready_us), ==,
      FLASH_SIM_ACK);
  g_assert_cmpint (bytes[0], ==, FLASH_DFU_STATE_IDLE);
}

/* SET_INTERFACE begins anew (section 1.3). */
static void
test_select (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:dfu");

  bring_to (bench, FLASH_DFU_STATE_ERROR);
  g_assert_true (flash_transport_set_alternate (bench->transport, 0, 0, BENCH_TIMEOUT_MS, NULL));
  bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_IDLE);
  g_assert_false (flash_transport_set_alternate (bench->transport, 0, 1, BENCH_TIMEOUT_MS, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/plain/states", test_states);
  g_test_add_func ("/sim/plain/time", test_time);
  g_test_add_func ("/sim/plain/blocks", test_blocks);
  g_test_add_func ("/sim/plain/too-long", test_too_long);
  g_test_add_func ("/sim/plain/returns", test_returns);
  g_test_add_func ("/sim/plain/bus-reset", test_bus_reset);
  g_test_add_func ("/sim/plain/select", test_select);
  return g_test_run ();
}
