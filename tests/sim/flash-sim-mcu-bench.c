/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-sim-mcu-bench.h"

#include "flash-bytes.h"

#include <string.h>

#define MAX_BLOCK 2048
#define STACK 0x20002000u
#define PATIENCE 1000
/* An L4 refuses to be asked while it is busy. */
#define MAX_STALLS 3
#define STALL_WAIT_MS 5

Bench *
mcu_new (const char *id)
{
  Bench *bench = bench_new (id);

  mcu_make_idle (bench);
  return bench;
}

FlashSimDevice *
mcu_dup_device (Bench *bench)
{
  return flash_sim_provider_dup_device (bench->provider, bench->port);
}

void
mcu_make_idle (Bench *bench)
{
  guint8 state;

  for (guint i = 0; (state = bench_get_state (bench)) != FLASH_DFU_STATE_IDLE; i++) {
    guint8 request = state < FLASH_DFU_STATE_ERROR && state != FLASH_DFU_STATE_DNBUSY
                         ? FLASH_DFU_REQUEST_ABORT
                         : FLASH_DFU_REQUEST_CLRSTATUS;

    g_assert_cmpint (i, <, 4);
    g_assert_cmpint (bench_out (bench, request, 0, NULL, 0), ==, BENCH_OK);
  }
}

guint
mcu_get_status (Bench *bench, guint *out_poll_ms)
{
  guint8 bytes[FLASH_DFU_STATUS_LENGTH];
  gsize length;

  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, bytes, sizeof bytes, &length),
                   ==, BENCH_OK);
  g_assert_cmpint (length, ==, sizeof bytes);
  if (out_poll_ms != NULL)
    *out_poll_ms = (guint) bytes[1] | (guint) bytes[2] << 8 | (guint) bytes[3] << 16;
  return MCU_STATUS (bytes[0], bytes[4]);
}

guint
mcu_settle (Bench *bench)
{
  guint8 bytes[FLASH_DFU_STATUS_LENGTH];
  guint n_stalls = 0;

  for (guint i = 0; i < PATIENCE; i++) {
    gsize length;
    int result = bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, bytes, sizeof bytes, &length);

    if (result == BENCH_TIMED_OUT)
      continue;
    if (result == BENCH_STALL && n_stalls++ < MAX_STALLS) {
      bench_wait (bench, STALL_WAIT_MS);
      continue;
    }
    g_assert_cmpint (result, ==, BENCH_OK);
    if (bytes[4] != FLASH_DFU_STATE_DNBUSY)
      return MCU_STATUS (bytes[0], bytes[4]);
    bench_wait (bench, (guint) bytes[1] | (guint) bytes[2] << 8);
  }
  g_assert_not_reached ();
}

guint
mcu_send (Bench *bench, guint16 block, const guint8 *bytes, gsize length)
{
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, block, bytes, length), ==, BENCH_OK);
  return mcu_settle (bench);
}

guint
mcu_command (Bench *bench, guint8 command)
{
  return mcu_send (bench, 0, &command, 1);
}

guint
mcu_command_at (Bench *bench, guint8 command, guint32 address)
{
  guint8 bytes[5] = { command };

  flash_put_le32 (bytes + 1, address);
  return mcu_send (bench, 0, bytes, sizeof bytes);
}

guint
mcu_set_address (Bench *bench, guint32 address)
{
  return mcu_command_at (bench, 0x21, address);
}

guint
mcu_erase (Bench *bench, guint32 address)
{
  return mcu_command_at (bench, 0x41, address);
}

guint
mcu_write_block (Bench *bench, guint32 address, const guint8 *bytes, gsize length)
{
  guint result = mcu_set_address (bench, address);

  if (result != MCU_DONE)
    return result;
  result = mcu_send (bench, 2, bytes, length);
  if (result == MCU_DONE)
    mcu_make_idle (bench);
  return result;
}

void
mcu_write (Bench *bench, guint32 address, const guint8 *bytes, gsize length)
{
  gsize unit = flash_board_get_descriptors (bench->board)->transfer_size;

  for (gsize at = 0; at < length; at += unit)
    g_assert_cmphex (
        mcu_write_block (bench, address + (guint32) at, bytes + at, MIN (unit, length - at)), ==,
        MCU_DONE);
}

int
mcu_read_block (Bench *bench, guint32 address, guint8 *out_bytes, gsize length, gsize *out_length)
{
  g_assert_cmphex (mcu_set_address (bench, address), ==, MCU_DONE);
  mcu_make_idle (bench);
  return bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 2, out_bytes, length, out_length);
}

void
mcu_assert_holds (Bench *bench, guint32 address, const guint8 *bytes, gsize length)
{
  gsize unit = flash_board_get_descriptors (bench->board)->transfer_size;
  guint8 got[MAX_BLOCK];

  for (gsize at = 0; at < length; at += unit) {
    gsize n_wanted = MIN (unit, length - at), n_got;

    g_assert_cmpint (mcu_read_block (bench, address + (guint32) at, got, n_wanted, &n_got), ==,
                     BENCH_OK);
    g_assert_cmpmem (got, n_got, bytes + at, n_wanted);
    mcu_make_idle (bench);
  }
}

void
mcu_assert_filled (Bench *bench, guint32 address, guint8 value, gsize length)
{
  g_autofree guint8 *bytes = g_malloc (length);

  memset (bytes, value, length);
  mcu_assert_holds (bench, address, bytes, length);
}

void
mcu_leave (Bench *bench, guint32 address)
{
  g_assert_cmphex (mcu_set_address (bench, address), ==, MCU_DONE);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_OK);
  g_assert_cmphex (mcu_get_status (bench, NULL), ==,
                   MCU_STATUS (FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_MANIFEST));
}

void
mcu_fill_application (guint8 *bytes, gsize length, guint32 address)
{
  bench_fill (bytes, length, address);
  flash_put_le32 (bytes, STACK);
  flash_put_le32 (bytes + 4, address + 0x101);
}

void
mcu_install_application (Bench *bench, guint32 address)
{
  guint8 bytes[1024];

  mcu_fill_application (bytes, sizeof bytes, address);
  for (guint32 at = 0; at < sizeof bytes; at += 128)
    g_assert_cmphex (mcu_erase (bench, address + at), ==, MCU_DONE);
  mcu_write (bench, address, bytes, sizeof bytes);
}

void
mcu_assert_state (Bench *bench, FlashSimChipState state)
{
  g_autoptr (FlashSimDevice) device = mcu_dup_device (bench);

  g_assert_cmpint (flash_sim_device_get_chip_state (device), ==, state);
}

void
mcu_assert_violations (Bench *bench, const char *codes)
{
  g_autoptr (FlashSimDevice) device = mcu_dup_device (bench);
  g_auto (GStrv) violations = flash_sim_device_get_violations (device);
  g_autoptr (GString) got = g_string_new (NULL);

  for (guint i = 0; violations[i] != NULL; i++) {
    g_test_message ("%s", violations[i]);
    g_string_append_printf (got, "%s%.*s", i > 0 ? " " : "", (int) strcspn (violations[i], ":"),
                            violations[i]);
  }
  g_assert_cmpstr (got->str, ==, codes);
}
