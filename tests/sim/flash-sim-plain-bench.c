/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-sim-plain-bench.h"

int
plain_send_block (Bench *bench, guint16 block, const guint8 *bytes, gsize length)
{
  return bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, block, bytes, length);
}

guint8
plain_settle (Bench *bench)
{
  guint8 bytes[FLASH_DFU_STATUS_LENGTH];
  gsize length;

  for (;;) {
    g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, bytes, sizeof bytes, &length),
                     ==, BENCH_OK);
    if (bytes[4] != FLASH_DFU_STATE_DNBUSY && bytes[4] != FLASH_DFU_STATE_MANIFEST)
      return bytes[4];
    g_assert_cmpint (bytes[1], >, 0);
    g_assert_cmpint (bytes[2] + bytes[3], ==, 0);
    bench_wait (bench, bytes[1]);
  }
}

void
plain_download (Bench *bench, const guint8 *bytes, gsize length, gsize block_size)
{
  guint16 block = 0;

  for (gsize at = 0; at < length; at += block_size) {
    g_assert_cmpint (plain_send_block (bench, block++, bytes + at, MIN (block_size, length - at)),
                     ==, BENCH_OK);
    g_assert_cmpint (plain_settle (bench), ==, FLASH_DFU_STATE_DNLOAD_IDLE);
  }
  g_assert_cmpint (plain_send_block (bench, block, NULL, 0), ==, BENCH_OK);
  g_assert_cmpint (plain_settle (bench), ==, FLASH_DFU_STATE_IDLE);
}

GByteArray *
plain_upload (Bench *bench, gsize block_size)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (block_size);
  guint16 number = 0;
  gsize length;

  do {
    g_assert_cmpint (
        bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, number++, block, block_size, &length), ==,
        BENCH_OK);
    g_byte_array_append (bytes, block, (guint) length);
  } while (length == block_size);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_IDLE);
  return bytes;
}

void
plain_assert_holds (Bench *bench, const guint8 *bytes, gsize length)
{
  g_autoptr (GByteArray) got = plain_upload (bench, PLAIN_TRANSFER);

  g_assert_cmpmem (got->data, got->len, bytes, length);
}

void
plain_assert_error (Bench *bench, FlashDfuStatusCode status)
{
  bench_assert_status (bench, status, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_IDLE);
}
