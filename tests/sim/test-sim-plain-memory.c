/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory of the plain DFU 1.1 device with its edges, and what goes wrong on the wire. */
#include "config.h"

#include "flash-sim-plain-bench.h"

#include <string.h>

#define KIB 1024

/* --- Memory --------------------------------------------------------------------------------- */

static void
test_image (void)
{
  static const gsize sizes[] = { 1, PLAIN_TRANSFER - 1, PLAIN_TRANSFER, PLAIN_TRANSFER + 1,
                                 300 * KIB };
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *id = bench_make_id ("dfu", folder, NULL);
  g_autoptr (Bench) bench = bench_new (id);
  g_autoptr (GByteArray) whole = NULL;
  g_autofree guint8 *bytes = g_malloc (300 * KIB);

  /* nothing was downloaded: all of the memory, and it is erased */
  whole = plain_upload (bench, PLAIN_TRANSFER);
  g_assert_cmpint (whole->len, ==, KIB * KIB);
  g_assert_true (whole->data[0] == 0xff &&
                 memcmp (whole->data, whole->data + 1, whole->len - 1) == 0);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GByteArray) file = NULL;

    bench_fill (bytes, sizes[i], i);
    plain_download (bench, bytes, sizes[i], PLAIN_TRANSFER);
    plain_assert_holds (bench, bytes, sizes[i]);
    plain_assert_holds (bench, bytes, sizes[i]);
    file = bench_read_file (folder, "flash.bin", 0, sizes[i]);
    g_assert_cmpmem (file->data, file->len, bytes, sizes[i]);
  }

  /* a shorter image erases what was behind it; one that is broken off is none */
  plain_download (bench, bytes, 100, 10);
  plain_assert_holds (bench, bytes, 100);
  g_assert_cmpint (plain_send_block (bench, 0, bytes, 16), ==, BENCH_OK);
  g_assert_cmpint (plain_settle (bench), ==, FLASH_DFU_STATE_DNLOAD_IDLE);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_OK);
  g_clear_pointer (&whole, g_byte_array_unref);
  whole = plain_upload (bench, PLAIN_TRANSFER);
  g_assert_cmpint (whole->len, ==, KIB * KIB);
  g_assert_cmpmem (whole->data, 16, bytes, 16);
  g_assert_cmpint (whole->data[16], ==, 0xff);
  g_assert_cmpint (whole->data[5000], ==, 0xff);

  g_clear_pointer (&bench, bench_free);
  bench_remove_folder (folder);
}

/* As much as fits, and one byte more, at the end of a block and behind the last one. */
static void
test_full (void)
{
  static const gsize blocks[] = { PLAIN_TRANSFER, 1000 };
  g_autofree guint8 *bytes = g_malloc (2 * PLAIN_TRANSFER + 1);
  guint n_blocks;

  bench_fill (bytes, 2 * PLAIN_TRANSFER + 1, 1);
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++) {
    g_autoptr (Bench) bench = bench_new ("virtual:dfu,flash=8K");
    guint8 status, state = FLASH_DFU_STATE_DNLOAD_IDLE;

    plain_download (bench, bytes, 2 * PLAIN_TRANSFER, blocks[i]);
    plain_assert_holds (bench, bytes, 2 * PLAIN_TRANSFER);

    n_blocks = (guint) ((2 * PLAIN_TRANSFER + blocks[i]) / blocks[i]);
    for (guint16 block = 0; block < n_blocks; block++) {
      gsize at = block * blocks[i];

      g_assert_cmpint (state, ==, FLASH_DFU_STATE_DNLOAD_IDLE);
      g_assert_cmpint (
          plain_send_block (bench, block, bytes + at, MIN (blocks[i], 2 * PLAIN_TRANSFER + 1 - at)),
          ==, BENCH_OK);
      state = plain_settle (bench);
    }
    g_assert_cmpint (state, ==, FLASH_DFU_STATE_ERROR);
    bench_get_status (bench, &status, &state);
    g_assert_cmpint (status, ==, FLASH_DFU_STATUS_ERR_ADDRESS);
    plain_assert_error (bench, FLASH_DFU_STATUS_ERR_ADDRESS);
  }
}

static void
test_no_memory (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:dfu,flash=none");
  guint8 byte = 0;

  plain_assert_holds (bench, NULL, 0);
  g_assert_cmpint (plain_send_block (bench, 0, &byte, 1), ==, BENCH_OK);
  g_assert_cmpint (plain_settle (bench), ==, FLASH_DFU_STATE_ERROR);
  plain_assert_error (bench, FLASH_DFU_STATUS_ERR_ADDRESS);
}

/* The number of a block is 16 bits, and goes on at 0. */
static void
test_wrap (void)
{
  gsize length = 65536 * 4 + 10;
  g_autoptr (Bench) bench = bench_new ("virtual:dfu");
  g_autoptr (GByteArray) got = NULL;
  g_autofree guint8 *bytes = g_malloc (length);

  bench_fill (bytes, length, 2);
  plain_download (bench, bytes, length, 4);
  got = plain_upload (bench, 4);
  g_assert_cmpmem (got->data, got->len, bytes, length);
}

/* --- Faults --------------------------------------------------------------------------------- */

static void
test_faults_of_requests (void)
{
  static const struct {
    const char *fault;
    int result; /* of the first block */
  } cases[] = {
    { "stall@1", BENCH_STALL },           { "timeout@dfu", BENCH_TIMED_OUT },
    { "lost-answer@1", BENCH_TIMED_OUT }, { "long-nak@1", BENCH_TIMED_OUT },
    { "unplug@1", BENCH_GONE },           { "replug@dfu", BENCH_GONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *id = g_strconcat ("virtual:dfu,fault=", cases[i].fault, NULL);
    g_autoptr (Bench) bench = bench_new (id);
    guint8 bytes[16] = { 0 };

    g_test_message ("%s", cases[i].fault);
    g_assert_cmpint (plain_send_block (bench, 0, bytes, sizeof bytes), ==, cases[i].result);
    if (cases[i].result != BENCH_GONE) {
      bench_wait (bench, 4000);
      g_assert_cmpint (bench_get_state (bench), ==,
                       g_str_equal (cases[i].fault, "lost-answer@1") ? FLASH_DFU_STATE_DNLOAD_SYNC
                                                                     : FLASH_DFU_STATE_IDLE);
    } else if (g_str_equal (cases[i].fault, "replug@dfu")) {
      g_assert_true (bench_reopen (bench, 2000));
      g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_IDLE);
    } else {
      g_assert_false (bench_reopen (bench, 10000));
    }
  }
}

static void
test_faults_of_data (void)
{
  g_autoptr (Bench) wrong = bench_new ("virtual:dfu,fault=corrupt@1");
  g_autoptr (Bench) half = bench_new ("virtual:dfu,fault=short@1");
  g_autoptr (Bench) busy = bench_new ("virtual:dfu,fault=endless-busy@1");
  guint8 bytes[100], got[100];
  gsize length;

  bench_fill (bytes, sizeof bytes, 1);
  plain_download (wrong, bytes, sizeof bytes, 100);
  bytes[50] ^= 1;
  plain_assert_holds (wrong, bytes, sizeof bytes);
  g_assert_cmpint (bench_in (half, FLASH_DFU_REQUEST_UPLOAD, 0, got, sizeof got, &length), ==,
                   BENCH_OK);
  g_assert_cmpint (length, ==, 50);
  g_assert_cmpint (plain_send_block (busy, 0, bytes, sizeof bytes), ==, BENCH_OK);
  for (guint i = 0; i < 10; i++) {
    bench_wait (busy, 1000);
    bench_assert_status (busy, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNBUSY);
  }
}

static void
test_faults_of_memory (void)
{
  static const char *const faults[] = { "write-error@dfu", "full-storage@dfu", "full-storage@1" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *id = g_strconcat ("virtual:dfu,fault=", faults[i], NULL);
    g_autoptr (Bench) bench = bench_new (id);
    guint8 bytes[16] = { 0 };

    g_assert_cmpint (plain_send_block (bench, 0, bytes, sizeof bytes), ==, BENCH_OK);
    g_assert_cmpint (plain_settle (bench), ==, FLASH_DFU_STATE_ERROR);
    plain_assert_error (bench, FLASH_DFU_STATUS_ERR_WRITE);
  }
}

static void
test_faults_of_return (void)
{
  static const char *const faults[] = { "stall-detach@1", "handover-delay@1", "wrong-serial@dfu",
                                        "never-return@dfu" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *id = g_strconcat ("virtual:dfu,fault=", faults[i], NULL);
    g_autoptr (Bench) bench = bench_new (id);
    g_autofree char *serial = g_strdup (flash_board_get_descriptors (bench->board)->serial);

    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==,
                     i == 0 ? BENCH_STALL : BENCH_OK);
    g_assert_cmpint (bench_reopen (bench, 300), ==, i == 0 || i == 2);
    if (i == 1)
      g_assert_true (bench_reopen (bench, 9000));
    if (i < 3)
      g_assert_cmpint (g_strcmp0 (flash_board_get_descriptors (bench->board)->serial, serial) != 0,
                       ==, i == 2);
    else
      g_assert_false (bench_reopen (bench, 20000));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/plain/image", test_image);
  g_test_add_func ("/sim/plain/full", test_full);
  g_test_add_func ("/sim/plain/no-memory", test_no_memory);
  g_test_add_func ("/sim/plain/wrap", test_wrap);
  g_test_add_func ("/sim/plain/faults-of-requests", test_faults_of_requests);
  g_test_add_func ("/sim/plain/faults-of-data", test_faults_of_data);
  g_test_add_func ("/sim/plain/faults-of-memory", test_faults_of_memory);
  g_test_add_func ("/sim/plain/faults-of-return", test_faults_of_return);
  return g_test_run ();
}
