/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ROM stage, stm32mp-usb.md section 9.3. */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-bytes.h"

#include <string.h>

static void
send_fsbl (Bench *bench, const GByteArray *image)
{
  bench_select (bench, 0x01);
  bench_send_blocks (bench, image->data, image->len, 1024);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_OK);
}

/* 4 with 1 ms, then 5; block numbers are not looked at. */
static void
test_blocks (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157");
  guint8 bytes[FLASH_DFU_STATUS_LENGTH], data[1024] = { 0 };
  gsize length;

  bench_select (bench, 0x01);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_IDLE);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 77, data, 1024), ==, BENCH_OK);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_DNLOAD_SYNC);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, bytes, sizeof bytes, &length),
                   ==, 0);
  g_assert_cmpint (bytes[4], ==, FLASH_DFU_STATE_DNBUSY);
  g_assert_cmpint (bytes[1], ==, 1);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_DNLOAD_IDLE);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_DNLOAD_IDLE);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 2, data, 10), ==, BENCH_OK);
  /* a block without GETSTATUS in between */
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 3, data, 10), ==, BENCH_STALL);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_STALLEDPKT, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_IDLE);
}

typedef struct {
  const char *id;
  guint32 version;
  gsize payload_length;
  guint offset; /* of one byte that is changed, 0 for none */
  guint8 value;
  gboolean is_good;
} Image;

static const Image images[] = {
  { "virtual:stm32mp157", 0x00010000, 100, 0, 0, TRUE },
  { "virtual:stm32mp157", 0x00010000, 247 * 1024, 0, 0, TRUE },
  { "virtual:stm32mp157", 0x00010000, 247 * 1024 + 1, 0, 0, FALSE },
  { "virtual:stm32mp157", 0x00020000, 100, 0, 0, FALSE },
  { "virtual:stm32mp157", 0x00010000, 100, 1, 'X', FALSE }, /* magic */
  { "virtual:stm32mp157", 0x00010000, 100, 68, 0x55, FALSE }, /* checksum */
  { "virtual:stm32mp157", 0x00010000, 100, 76, 101, FALSE }, /* length */
  { "virtual:stm32mp157", 0x00010000, 0, 0, 0, FALSE },
  { "virtual:stm32mp157,closed=yes", 0x00010000, 100, 0, 0, FALSE },
  { "virtual:stm32mp157,closed=yes", 0x00010000, 100, 100, 0, TRUE },
  { "virtual:stm32mp135", 0x00020000, 128 * 1024 - 512, 0, 0, TRUE },
  { "virtual:stm32mp135", 0x00010000, 100, 0, 0, FALSE },
  { "virtual:stm32mp135,closed=yes", 0x00020000, 100, 0, 0, FALSE },
  { "virtual:stm32mp135,closed=yes", 0x00020000, 100, 100, 1, TRUE },
  { "virtual:stm32mp257", 0x00020200, 256 * 1024 - 0x2600, 0, 0, TRUE },
  { "virtual:stm32mp257", 0x00020200, 256 * 1024 - 0x2600 + 1, 0, 0, FALSE },
  { "virtual:stm32mp257", 0x00020000, 100, 0, 0, FALSE },
};

static void
test_images (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (images); i++) {
    g_autoptr (Bench) bench = bench_new (images[i].id);
    g_autoptr (GByteArray) image =
        bench_make_stm32 (images[i].version, images[i].payload_length, 3);

    g_test_message ("%u: %s", i, images[i].id);
    if (images[i].offset > 0)
      image->data[images[i].offset] = images[i].value;
    send_fsbl (bench, image);
    if (images[i].is_good)
      bench_assert_status (bench, 0, FLASH_DFU_STATE_MANIFEST);
    else
      bench_assert_status (bench, FLASH_DFU_STATUS_ERR_FIRMWARE, FLASH_DFU_STATE_ERROR);
  }
}

/* More than the setting holds, a setting that is not for the FSBL, an end without a beginning. */
static void
test_refusals (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp135");
  g_autoptr (GByteArray) image = bench_make_stm32 (0x00020000, 128 * 1024 - 512, 3);
  guint8 bytes[64];
  gsize length;

  bench_select (bench, 0x01);
  bench_send_blocks (bench, image->data, image->len, 1024);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, bytes, 1), ==, BENCH_STALL);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_ADDRESS, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_OK);

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_STALL);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  bench_select (bench, 0xf1);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, bytes, 8), ==, BENCH_STALL);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  bench_select (bench, 0x01);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, bytes, 64, &length), ==,
                   BENCH_STALL);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  /* nothing to start yet, and the board is still there for a good image */
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_STALL);
  bench_download (bench, 0x01, image->data, image->len, 1024);
}

static void
test_phase (void)
{
  static const guint8 before[] = { 1, 0, 0, 0xfe, 0x2f, 0, 0, 0, 0 };
  static const guint8 after[] = { 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1 };
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp135");
  g_autoptr (GByteArray) image = bench_make_stm32 (0x00020000, 100, 3);
  guint8 bytes[FLASH_TRANSPORT_MAX_DATA];
  gsize length = bench_get_phase (bench, bytes);

  g_assert_cmpmem (bytes, length, before, sizeof before);
  bench_download (bench, 0x01, image->data, image->len, 1024);
  length = bench_get_phase (bench, bytes);
  g_assert_cmpmem (bytes, length, after, sizeof after);
  /* a second first stage is not taken */
  bench_select (bench, 0x01);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, bytes, 8), ==, BENCH_STALL);
}

/* An MP15 stays on the bus: the same pipe is answered by TF-A, after a silence, on setting 0. */
static void
test_silent_hand_over (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157");
  g_autoptr (GByteArray) image = bench_make_stm32 (0x00010000, 100, 3);
  guint64 generation = flash_board_get_generation (bench->board);
  g_autoptr (FlashBoard) silent = NULL;
  g_autoptr (FlashBoard) awake = NULL;
  guint8 status[FLASH_DFU_STATUS_LENGTH];
  g_autoptr (GError) error = NULL;
  gsize length;
  gint64 start_us;

  send_fsbl (bench, image);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_MANIFEST);
  silent = flash_provider_peek_port (FLASH_PROVIDER (bench->provider), bench->port);
  g_assert_cmpint (flash_board_get_access (silent), ==, FLASH_ACCESS_SILENT);
  g_assert_null (flash_board_get_descriptors (silent));

  /* too impatient: the time-out passes on the clock, and nothing more */
  start_us = flash_clock_get_time_us (bench->clock);
  g_assert_false (flash_transport_control_in (bench->transport, 0xa1, FLASH_DFU_REQUEST_GETSTATUS,
                                              0, 0, status, sizeof status, &length, 100, &error));
  g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_TIMED_OUT);
  g_assert_cmpint (flash_clock_get_time_us (bench->clock) - start_us, ==, 100000);
  /* patient enough: answered when TF-A is awake */
  bench_assert_status (bench, 0, FLASH_DFU_STATE_IDLE);
  g_assert_cmpint (flash_clock_get_time_us (bench->clock) - start_us, >=, 299000);
  g_assert_cmpint (flash_clock_get_time_us (bench->clock) - start_us, <=, 300000);

  awake = flash_provider_peek_port (FLASH_PROVIDER (bench->provider), bench->port);
  g_assert_cmpint (flash_board_get_generation (awake), ==, generation);
  g_assert_true (g_str_has_prefix (flash_board_get_descriptors (awake)->product, "DFU @Device"));
  g_assert_true (flash_transport_control_in (bench->transport, 0x81, FLASH_USB_GET_INTERFACE, 0, 0,
                                             status, 1, &length, 100, NULL));
  g_assert_cmpint (status[0], ==, 0);
}

/* The others leave, and what had them open is no good any more. */
static void
test_detach (void)
{
  static const char *const ids[] = { "virtual:stm32mp135", "virtual:stm32mp257" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (Bench) bench = bench_new (ids[i]);
    g_autoptr (GByteArray) image = bench_make_stm32 (i == 0 ? 0x00020000 : 0x00020200, 100, 3);
    guint64 generation = flash_board_get_generation (bench->board);
    g_autoptr (GError) error = NULL;

    bench_download (bench, 0x01, image->data, image->len, 1024);
    /* snagboot's way of saying it */
    g_assert_true (flash_transport_control_out (bench->transport, 0xa1, FLASH_DFU_REQUEST_DETACH,
                                                0x7530, 0, NULL, 0, 1000, &error));
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_GONE);
    g_assert_null (flash_provider_peek_port (FLASH_PROVIDER (bench->provider), bench->port));
    bench_wait (bench, 310);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_GONE);
    g_assert_true (bench_reopen (bench, 0));
    g_assert_cmpint (flash_board_get_generation (bench->board), ==, generation + 1);
    bench_assert_phase (bench, i == 0 ? 0x03 : 0x02);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/rom/blocks", test_blocks);
  g_test_add_func ("/sim/rom/images", test_images);
  g_test_add_func ("/sim/rom/refusals", test_refusals);
  g_test_add_func ("/sim/rom/phase", test_phase);
  g_test_add_func ("/sim/rom/silent-hand-over", test_silent_hand_over);
  g_test_add_func ("/sim/rom/detach", test_detach);
  return g_test_run ();
}
