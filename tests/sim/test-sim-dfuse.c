/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loaders of microcontrollers: every request in every state (stm32-dfuse.md section 8.2), and
 * what they make of commands and blocks. */
#include "config.h"

#include "flash-sim-mcu-bench.h"

#include "flash-bytes.h"

#include <string.h>

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

static int
send_request (Bench *bench, Request request)
{
  static const guint8 set_address[5] = { 0x21, 0x00, 0x00, 0x00, 0x08 };
  guint8 bytes[16] = { 0 };
  gsize length;

  switch (request) {
  case DETACH:
    return bench_out (bench, FLASH_DFU_REQUEST_DETACH, 1000, NULL, 0);
  case DNLOAD:
    return bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, set_address, sizeof set_address);
  case DNLOAD_ZERO:
    return bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0);
  case UPLOAD:
    return bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 2, bytes, 16, &length);
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
  mcu_make_idle (bench);
  if (state == FLASH_DFU_STATE_UPLOAD_IDLE)
    g_assert_cmpint (send_request (bench, UPLOAD), ==, BENCH_OK);
  if (state == FLASH_DFU_STATE_ERROR)
    g_assert_cmpint (send_request (bench, CLRSTATUS), ==, BENCH_OK);
  if (state >= FLASH_DFU_STATE_DNLOAD_SYNC && state <= FLASH_DFU_STATE_DNLOAD_IDLE)
    g_assert_cmpint (send_request (bench, DNLOAD), ==, BENCH_OK);
  if (state == FLASH_DFU_STATE_DNBUSY || state == FLASH_DFU_STATE_DNLOAD_IDLE)
    bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNBUSY);
  if (state == FLASH_DFU_STATE_DNLOAD_IDLE) {
    bench_wait (bench, 1);
    bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNLOAD_IDLE);
  }
  if (state == FLASH_DFU_STATE_MANIFEST_SYNC)
    g_assert_cmpint (send_request (bench, DNLOAD_ZERO), ==, BENCH_OK);
  g_assert_cmpint (bench_get_state (bench), ==, state);
}

#define E FLASH_DFU_STATE_ERROR
/* Refused, and nothing has changed; or done, and gone from the bus. */
#define STAYS 0x80
#define GONE 0xff

typedef struct {
  FlashDfuState state;
  guint8 next[N_REQUESTS];
} Row;

/* Section 8.2, in the order of Request. E alone is a refusal, but for CLRSTATUS. */
static const Row rom_table[] = {
  { FLASH_DFU_STATE_IDLE, { E, 3, 6, 9, 2, E, 2, 2 } },
  { FLASH_DFU_STATE_DNLOAD_SYNC, { E, E, E, E, 4, E, 3, 2 } },
  { FLASH_DFU_STATE_DNBUSY, { E, E, E, E, 5, E, 4, E } },
  { FLASH_DFU_STATE_DNLOAD_IDLE, { E, 3, 6, E, 5, E, 5, 2 } },
  { FLASH_DFU_STATE_MANIFEST_SYNC, { E, E, E, E, GONE, E, 6, 2 } },
  { FLASH_DFU_STATE_UPLOAD_IDLE, { E, E, E, 9, 9, E, 9, 2 } },
  { FLASH_DFU_STATE_ERROR, { E, E, E, E, STAYS | E, 2, STAYS | E, E } },
};

/* ST's USB library ignores an ABORT that has no use (section 2.4). */
static const Row library_table[] = {
  { FLASH_DFU_STATE_IDLE, { E, 3, 6, 9, 2, E, 2, 2 } },
  { FLASH_DFU_STATE_DNLOAD_SYNC, { E, E, E, E, 4, E, 3, 2 } },
  { FLASH_DFU_STATE_DNBUSY, { E, E, E, E, 5, E, 4, STAYS | 4 } },
  { FLASH_DFU_STATE_DNLOAD_IDLE, { E, 3, 6, E, 5, E, 5, 2 } },
  { FLASH_DFU_STATE_UPLOAD_IDLE, { E, E, E, 9, 9, E, 9, 2 } },
  { FLASH_DFU_STATE_ERROR, { E, E, E, E, STAYS | E, 2, STAYS | E, STAYS | E } },
};

static void
check_cell (const char *id, const Row *row, Request request)
{
  g_autoptr (Bench) bench = bench_new (id);
  guint8 next = row->next[request];
  gboolean is_refused = next == E && request != CLRSTATUS;

  g_test_message ("%s: state %u, request %u", id, row->state, request);
  bring_to (bench, row->state);
  bench_wait (bench, 100);
  g_assert_cmpint (send_request (bench, request), ==, is_refused ? BENCH_STALL : BENCH_OK);
  if (next == GONE) {
    g_assert_cmpint (send_request (bench, GETSTATE), ==, BENCH_GONE);
    return;
  }
  g_assert_cmpint (bench_get_state (bench), ==, next & ~STAYS);
  if (is_refused)
    bench_assert_status (bench, FLASH_DFU_STATUS_ERR_STALLEDPKT, FLASH_DFU_STATE_ERROR);
  else if (next == E)
    bench_assert_status (bench, FLASH_DFU_STATUS_ERR_UNKNOWN, FLASH_DFU_STATE_ERROR);
}

static void
test_states (void)
{
  static const char *const roms[] = {
    "virtual:stm32f405", "virtual:stm32f105", "virtual:stm32h755",
    "virtual:stm32g474", "virtual:stm32l072", "virtual:stm32u575"
  };

  for (guint id = 0; id < G_N_ELEMENTS (roms); id++)
    for (guint i = 0; i < G_N_ELEMENTS (rom_table); i++)
      for (Request request = 0; request < N_REQUESTS; request++)
        check_cell (roms[id], &rom_table[i], request);
  for (guint i = 0; i < G_N_ELEMENTS (library_table); i++)
    for (Request request = 0; request < N_REQUESTS; request++)
      check_cell ("virtual:cubemx-dfu,skeleton=no", &library_table[i], request);
}

/* Sections 0.3 (fact 3), 8.3 and 8.5: how a loader is found, before and after a reset of the bus.
 */
static void
test_start (void)
{
  static const struct {
    const char *id;
    guint status;
  } cases[] = {
    { "virtual:stm32f405", MCU_FAILED (FLASH_DFU_STATUS_ERR_FIRMWARE) },
    { "virtual:stm32f105", MCU_FAILED (FLASH_DFU_STATUS_ERR_FIRMWARE) },
    { "virtual:stm32l072", MCU_FAILED (FLASH_DFU_STATUS_ERR_FIRMWARE) },
    { "virtual:stm32h755", MCU_STATUS (0, FLASH_DFU_STATE_IDLE) },
    { "virtual:stm32g474", MCU_STATUS (0, FLASH_DFU_STATE_IDLE) },
    { "virtual:stm32u575", MCU_STATUS (0, FLASH_DFU_STATE_IDLE) },
    { "virtual:cubemx-dfu", MCU_STATUS (0, FLASH_DFU_STATE_IDLE) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = bench_new (cases[i].id);

    g_test_message ("%s", cases[i].id);
    g_assert_true (flash_transport_reset (bench->transport, NULL));
    g_assert_cmphex (mcu_get_status (bench, NULL), ==, cases[i].status);
    g_assert_true (flash_transport_reset (bench->transport, NULL));
    g_assert_cmphex (mcu_get_status (bench, NULL), ==, MCU_STATUS (0, FLASH_DFU_STATE_IDLE));
    mcu_assert_violations (bench, "");
  }
}

/* Section 2.2: which commands there are; section 2.4: block 1, lengths. */
static void
test_commands (void)
{
  static const struct {
    const char *id;
    const char *commands;
    gsize n_commands;
  } cases[] = {
    { "virtual:stm32f405", "\x00\x21\x41\x92", 4 },
    { "virtual:stm32g474", "\x00\x21\x41\x92", 4 },
    { "virtual:cubemx-dfu", "\x00\x21\x41", 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = mcu_new (cases[i].id);
    guint8 bytes[64];
    gsize length;

    g_assert_cmphex (mcu_command (bench, 0x00), ==, MCU_DONE);
    mcu_make_idle (bench);
    g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, bytes, 64, &length), ==,
                     BENCH_OK);
    g_assert_cmpmem (bytes, length, cases[i].commands, cases[i].n_commands);
    g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_IDLE);
    g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, bytes, 2, &length), ==,
                     BENCH_OK);
    g_assert_cmpmem (bytes, length, cases[i].commands, 2);
    g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_UPLOAD_IDLE);
  }
}

static void
test_refused_blocks (void)
{
  static const struct {
    const char *id;
    guint16 block;
    guint16 length;
    guint8 first;
  } cases[] = {
    { "virtual:stm32f405", 0, 1, 0x21 },    { "virtual:stm32f405", 0, 5, 0x92 },
    { "virtual:stm32f405", 0, 5, 0x11 },    { "virtual:stm32f405", 0, 2, 0x41 },
    { "virtual:stm32f405", 0, 6, 0x21 },    { "virtual:stm32f405", 1, 16, 0x00 },
    { "virtual:stm32f405", 2, 2049, 0x00 }, { "virtual:stm32g474", 2, 1025, 0x00 },
    { "virtual:cubemx-dfu", 0, 4, 0x41 },   { "virtual:cubemx-dfu", 2, 1025, 0x00 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = mcu_new (cases[i].id);
    guint8 bytes[2049] = { cases[i].first };

    g_test_message ("%s, block %u of %u", cases[i].id, cases[i].block, cases[i].length);
    g_assert_cmpint (
        bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, cases[i].block, bytes, cases[i].length), ==,
        BENCH_STALL);
    bench_assert_status (bench, FLASH_DFU_STATUS_ERR_STALLEDPKT, FLASH_DFU_STATE_ERROR);
    mcu_assert_violations (bench, cases[i].length > 1024 ? "block-too-long" : "");
  }
}

static void
test_refused_uploads (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:stm32g474");
  guint8 bytes[2048];
  gsize length;

  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 1, bytes, 64, &length), ==,
                   BENCH_STALL);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_STALLEDPKT, FLASH_DFU_STATE_ERROR);
  mcu_make_idle (bench);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 2, bytes, 1025, &length), ==,
                   BENCH_STALL);
  mcu_assert_violations (bench, "block-too-long");
}

/* Section 8.8: what a host should not do is counted. */
static void
test_manners (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:stm32f405");
  static const guint8 erase[5] = { 0x41, 0x00, 0x00, 0x00, 0x08 };
  guint8 bytes[16];
  gsize length;
  guint poll_ms;

  g_assert_cmphex (mcu_set_address (bench, MCU_FLASH), ==, MCU_DONE);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 2, bytes, 16, &length), ==,
                   BENCH_STALL);
  mcu_make_idle (bench);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 2, bytes, 16, &length), ==, BENCH_OK);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, erase, 5), ==, BENCH_STALL);
  mcu_make_idle (bench);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, erase, 5), ==, BENCH_OK);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 2, bytes, 16, &length), ==,
                   BENCH_STALL);
  mcu_make_idle (bench);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, erase, 5), ==, BENCH_OK);
  g_assert_cmphex (mcu_get_status (bench, &poll_ms), ==, MCU_STATUS (0, FLASH_DFU_STATE_DNBUSY));
  g_assert_cmpint (poll_ms, ==, 500);
  g_assert_cmphex (mcu_get_status (bench, &poll_ms), ==, MCU_DONE);
  mcu_assert_violations (bench, "upload-without-abort dnload-state upload-state early-status");
}

/* Section 2.3: when the answers come, and what they say about the wait. */
static const struct {
  const char *id;
  guint first_ms; /* until “busy” is there */
  guint poll_ms;
  guint whole_ms; /* until it is done, for a host that does not wait */
} waits[] = {
  { "virtual:stm32f405", 0, 500, 300 },
  { "virtual:stm32h755", 900, 500, 900 },
  { "virtual:stm32g474", 0, 30, 22 },
  { "virtual:stm32f405,timing=fast", 0, 1, 0 },
};

static void
test_waits (void)
{
  static const guint8 erase[5] = { 0x41, 0x00, 0x00, 0x00, 0x08 };

  for (guint i = 0; i < G_N_ELEMENTS (waits); i++) {
    g_autoptr (Bench) bench = mcu_new (waits[i].id);
    gint64 start_us;
    guint poll_ms;

    g_test_message ("%s", waits[i].id);
    bench_wait (bench, 1000);
    start_us = flash_clock_get_time_us (bench->clock);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, erase, 5), ==, BENCH_OK);
    g_assert_cmphex (mcu_get_status (bench, &poll_ms), ==, MCU_STATUS (0, FLASH_DFU_STATE_DNBUSY));
    g_assert_cmpint (poll_ms, ==, waits[i].poll_ms);
    g_assert_cmpint ((flash_clock_get_time_us (bench->clock) - start_us) / 1000, ==,
                     waits[i].first_ms);
    g_assert_cmphex (mcu_get_status (bench, &poll_ms), ==, MCU_DONE);
    g_assert_cmpint (poll_ms, ==, 0);
    g_assert_cmpint ((flash_clock_get_time_us (bench->clock) - start_us) / 1000, ==,
                     waits[i].whole_ms);
  }
}

/* Sections 2.3 and 8.6: an L4 refuses to be asked, three times, and answers in the end. */
static void
test_refuses_while_busy (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:stm32l476");
  static const guint8 erase[5] = { 0x41, 0x00, 0x00, 0x00, 0x08 };

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, erase, 5), ==, BENCH_OK);
  bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNBUSY);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (send_request (bench, GETSTATUS), ==, BENCH_STALL);
  g_assert_cmphex (mcu_get_status (bench, NULL), ==, MCU_DONE);
  mcu_assert_filled (bench, MCU_FLASH, 0xff, 64);
}

/* Section 8.2: a polite loader says that it is busy until it is not; all but the questions wait. */
static void
test_polite (void)
{
  static const char *const ids[] = { "virtual:stm32f405,busy=polite",
                                     "virtual:stm32h755,busy=polite",
                                     "virtual:stm32l476,busy=polite" };
  static const guint8 erase[5] = { 0x41, 0x00, 0x00, 0x00, 0x08 };
  static const gint64 durations_us[] = { 300000, 900000, 25000 };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (Bench) bench = mcu_new (ids[i]);
    gint64 start_us = flash_clock_get_time_us (bench->clock);

    for (guint round = 0; round < 2; round++) {
      g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, erase, 5), ==, BENCH_OK);
      start_us = flash_clock_get_time_us (bench->clock);
      for (guint n = 0; n < 5; n++) {
        bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNBUSY);
        g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_DNBUSY);
        bench_wait (bench, 1);
      }
      if (round == 0)
        g_assert_cmpint (send_request (bench, CLRSTATUS), ==, BENCH_OK);
      else
        g_assert_cmphex (mcu_settle (bench), ==, MCU_DONE);
      g_assert_cmpint (flash_clock_get_time_us (bench->clock) - start_us, >=, durations_us[i]);
      mcu_make_idle (bench);
    }
  }
}

/* Section 1.5: the library forgets itself after an upload that it does not allow; section 2.4: and
 * waits for ever after a command that it does not know. */
static void
test_library (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:cubemx-dfu,skeleton=no");
  static const guint8 unknown[5] = { 0x77 };
  guint8 bytes[2048];
  gsize length;

  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 1, bytes, 64, &length), ==,
                   BENCH_STALL);
  g_assert_cmpint (bench_get_state (bench), ==, 15);
  mcu_make_idle (bench);
  g_assert_cmphex (mcu_send (bench, 1, unknown, 5), ==, MCU_DONE);

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, unknown, 5), ==, BENCH_OK);
  for (guint i = 0; i < 3; i++) {
    bench_wait (bench, 1000);
    bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNBUSY);
  }
  g_assert_cmpint (send_request (bench, ABORT), ==, BENCH_OK);
  bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNBUSY);
  g_assert_cmpint (send_request (bench, CLRSTATUS), ==, BENCH_OK);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_UNKNOWN, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (send_request (bench, CLRSTATUS), ==, BENCH_OK);
  bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_IDLE);

  /* it gives what it has, whatever it is asked for */
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 2, bytes, 2048, &length), ==,
                   BENCH_OK);
  g_assert_cmpint (length, ==, 1024);
  g_assert_cmpint (mcu_read_block (bench, 0x12345678, bytes, 1024, &length), ==, BENCH_OK);
  g_assert_cmpint (length, ==, 1024);
  mcu_make_idle (bench);
  g_assert_cmpint (mcu_read_block (bench, MCU_FLASH + 0xfffff, bytes, 1024, &length), ==, BENCH_OK);
  g_assert_cmpint (length, ==, 1024);
}

/* Section 0.3, fact 20: it says yes to everything, and nothing has happened. */
static void
test_skeleton (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:cubemx-dfu");
  guint8 bytes[64];
  gsize length;

  memset (bytes, 0x5a, sizeof bytes);
  g_assert_cmphex (mcu_erase (bench, MCU_FLASH + 0xc000), ==, MCU_DONE);
  g_assert_cmphex (mcu_write_block (bench, MCU_FLASH + 0xc000, bytes, sizeof bytes), ==, MCU_DONE);
  g_assert_cmphex (mcu_command (bench, 0x41), ==, MCU_DONE);
  g_assert_cmphex (mcu_command (bench, 0x92), ==, MCU_DONE);
  g_assert_cmpint (mcu_read_block (bench, MCU_FLASH + 0xc000, bytes, 64, &length), ==, BENCH_STALL);
  g_assert_cmpint (bench_get_state (bench), ==, 15);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/dfuse/states", test_states);
  g_test_add_func ("/sim/dfuse/start", test_start);
  g_test_add_func ("/sim/dfuse/commands", test_commands);
  g_test_add_func ("/sim/dfuse/refused-blocks", test_refused_blocks);
  g_test_add_func ("/sim/dfuse/refused-uploads", test_refused_uploads);
  g_test_add_func ("/sim/dfuse/manners", test_manners);
  g_test_add_func ("/sim/dfuse/waits", test_waits);
  g_test_add_func ("/sim/dfuse/refuses-while-busy", test_refuses_while_busy);
  g_test_add_func ("/sim/dfuse/polite", test_polite);
  g_test_add_func ("/sim/dfuse/library", test_library);
  g_test_add_func ("/sim/dfuse/skeleton", test_skeleton);
  return g_test_run ();
}
