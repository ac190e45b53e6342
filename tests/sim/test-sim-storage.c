/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ends up in the memories: eMMC, RAM, raw images, partial updates, full disks
 * (stm32mp-usb.md sections 1.4.5, 2.3, 3.3, 3.7, 3.10, 3.11). */
#include "config.h"

#include "flash-sim-store.h"

#include <glib/gstdio.h>

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define MIB (1024u * 1024u)

/* The last flashed boot partition is the active one. */
static void
test_emmc (void)
{
  g_auto (Board) board = { NULL };
  g_autofree char *partconf = NULL;
  g_autofree char *text = NULL;

  board_start (&board, "stm32mp157", NULL,
               "P\t0x04\tfsbl1\tBinary\tmmc1\tboot1\n"
               "P\t0x05\tfsbl2\tBinary\tmmc1\tboot2\n"
               "P\t0x06\tmeta\tFWU_MDATA\tmmc1\t0x80000\n"
               "P\t0x10\trootfs\tFileSystem\tmmc1\t0x100000\n");
  board_download (&board, 0x04, 300000);
  board_download (&board, 0x05, 4 * MIB);
  board_download (&board, 0x06, 512);
  board_download (&board, 0x10, 9 * MIB);
  bench_assert_phase (board.bench, 0xfe);
  bench_assert_console (board.bench, "mmc bootbus 1 0 0 0; mmc partconf 1 1 1 0;");
  bench_assert_console (board.bench, "mmc bootbus 1 0 0 0; mmc partconf 1 1 2 0;");
  board_assert_file (&board, 0x04, "mmc1boot1.img", 0, 300000);
  board_assert_file (&board, 0x05, "mmc1boot2.img", 0, 4 * MIB);
  board_assert_file (&board, 0x06, "mmc1.img", 0x80000, 512);
  board_assert_file (&board, 0x10, "mmc1.img", 0x100000, 9 * MIB);
  partconf = g_build_filename (board.folder, "mmc1.partconf", NULL);
  g_assert_true (g_file_get_contents (partconf, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "boot_ack=1 boot_partition=2\n");
}

/* More than a slot holds: refused while it arrives, or a silent restart at the end. */
static void
test_too_large (void)
{
  static const char layout[] = "P\t0x10\ta\tBinary\tmmc0\t0x4400\n"
                               "P\t0x11\tb\tBinary\tmmc0\t0x904400\n";
  g_auto (Board) small = { NULL };
  g_auto (Board) large = { NULL };
  guint8 block[4096] = { 1 };
  guint8 status = 0, state = 5;

  board_start (&small, "stm32mp157", NULL, layout);
  board_download (&small, 0x10, 9 * MIB);
  bench_assert_phase (small.bench, 0x11);
  board_start (&small, "stm32mp157", NULL, layout);
  bench_select (small.bench, 0x10);
  for (guint i = 0; i < 9 * MIB / 4096 + 1; i++) {
    bench_out (small.bench, FLASH_DFU_REQUEST_DNLOAD, (guint16) i, block, 4096);
    bench_assert_status (small.bench, 0, 5);
  }
  g_assert_cmpint (bench_out (small.bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_status (small.bench, 0, 7);
  g_assert_cmpint (bench_out (small.bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_GONE);
  bench_assert_console (small.bench, "Request would exceed designated area!");
  bench_assert_console (small.bench, "Deferred dfu_flush() failed!");
  g_assert_true (bench_reopen (small.bench, 2000));
  bench_assert_phase (small.bench, 0x01);

  board_start (&large, "stm32mp157", NULL, layout);
  bench_select (large.bench, 0x10);
  for (guint i = 0; state == 5; i++) {
    bench_out (large.bench, FLASH_DFU_REQUEST_DNLOAD, (guint16) i, block, 4096);
    bench_get_status (large.bench, &status, &state);
    g_assert_cmpint (i, <, 16 * MIB / 4096);
  }
  g_assert_cmpint (state, ==, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (status, ==, FLASH_DFU_STATUS_ERR_UNKNOWN);
  bench_out (large.bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0);
  bench_assert_error (large.bench, "DFU write error");
}

/* A boot partition of a card that has none holds nothing. */
static void
test_no_boot_partition (void)
{
  g_auto (Board) board = { NULL };

  board_start (&board, "stm32mp157", NULL, "P\t0x04\tf\tBinary\tmmc0\tboot1\n");
  bench_select (board.bench, 0x04);
  bench_send_blocks (board.bench, (const guint8 *) "x", 1, 4096);
  g_assert_cmpint (bench_out (board.bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_status (board.bench, 0, 7);
  g_assert_true (bench_reopen (board.bench, 2000));
}

/* Section 3.7: the whole device from 0, with or without a table; what lies behind stays. */
static void
test_raw_image (void)
{
  g_auto (Board) board = { NULL };
  g_autoptr (GByteArray) gpt = NULL;
  g_autoptr (GByteArray) still = NULL;

  board_start (&board, "stm32mp157", "mmc0=64M",
               "P\t0x10\ta\tFileSystem\tmmc0\t0x100000\n"
               "P\t0x11\tdisk\tRawImage\tmmc0\t0x2000000\n");
  gpt = bench_read_file (board.folder, "mmc0.img", 512, 8);
  assert_bytes (gpt, 0, "EFI PART", 8);
  board_download (&board, 0x10, 2 * MIB);
  board_download (&board, 0x11, MIB + MIB / 2);
  bench_assert_phase (board.bench, 0xfe);
  board_assert_file (&board, 0x11, "mmc0.img", 0, MIB + MIB / 2);
  still = bench_read_file (board.folder, "mmc0.img", 64 * MIB - 512, 8);
  assert_bytes (still, 0, "EFI PART", 8);

  /* only RawImage: no table */
  board_start (&board, "stm32mp157", NULL, "PD\t0x11\tdisk\tRawImage\tmmc0\t0x0\n");
  g_byte_array_unref (gpt);
  gpt = bench_read_file (board.folder, "mmc0.img", 512, 8);
  assert_bytes (gpt, 0, "\0\0\0\0\0\0\0\0", 8);
}

/* Section 3.3: one line with `-` makes it a partial update, and all must fit the old table. */
static void
test_partial_update (void)
{
  static const struct {
    const char *layout;
    const char *error;
  } cases[] = {
    { "-\t4\ta\tBinary\tmmc0\t0x4400\nP\t5\tb\tBinary\tmmc0\t0x44400\n"
      "-\t6\tc\tFileSystem\tmmc0\t0x144400\n",
      NULL },
    { "-\t4\ta\tBinary\tmmc0\t0x4400\nP\t5\tb\tBinary\tmmc0\t0x44400\n"
      "-\t6\tc\tFileSystem\tmmc0\t0x144600\n",
      "b (0x5): Bad size for partition 2 (b) at 0x44400 = 0x100200 <> 0x100000 expected" },
    { "P\t5\tb\tBinary\tmmc0\t0x44400\n-\t6\tc\tFileSystem\tmmc0\t0x144400\n",
      "b (0x5): Bad address for partition 1 (b) = 0x44400 <> 0x4400 expected" },
    { "-\t4\ta\tBinary\tmmc0\t0x4400\nP\t5\tb\tBinary\tmmc0\t0x44400\n",
      "b (0x5): Bad size for partition 2 (b) at 0x44400 = 0x3fb7600 <> 0x100000 expected" },
    { "-\t4\ta\tBinary\tmmc0\t0x4400\nP\t5\tb\tBinary\tmmc0\t0x44400\n"
      "-\t6\tc\tFileSystem\tmmc0\t0x144400\n-\t7\td\tFileSystem\tmmc0\t0x3ffb800\n",
      "c (0x6): Bad size for partition 3 (c) at 0x144400 = 0x3eb7400 <> 0x3eb7600 expected" },
  };
  g_auto (Board) board = { NULL };

  board_start (&board, "stm32mp157", "mmc0=64M",
               "P\t4\ta\tBinary\tmmc0\t0x4400\nP\t5\tb\tBinary\tmmc0\t0x44400\n"
               "P\t6\tc\tFileSystem\tmmc0\t0x144400\n");
  for (guint i = 4; i <= 6; i++)
    board_download (&board, i, 5000);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    board_start (&board, "stm32mp157", NULL, cases[i].layout);
    if (cases[i].error != NULL) {
      bench_assert_error (board.bench, cases[i].error);
      continue;
    }
    bench_assert_phase (board.bench, 0x05);
    board_download (&board, 5, 6000);
    bench_assert_phase (board.bench, 0xfe);
    board_assert_file (&board, 4, "mmc0.img", 0x4400, 5000);
    board_assert_file (&board, 5, "mmc0.img", 0x44400, 6000);
    board_assert_file (&board, 6, "mmc0.img", 0x144400, 5000);
  }
}

/* --- RAM ------------------------------------------------------------------------------------ */

static void
test_ram (void)
{
  g_auto (Board) board = { NULL };
  g_autoptr (GByteArray) back = NULL;
  guint8 expected[5000];

  board_start (&board, "stm32mp157", NULL,
               "P\t0x10\tkernel\tSystem\tram0\t0xC2000000\n"
               "PD\t0x11\tdtb\tFileSystem\tram0\t0xC4000000\n"
               "PE\t0x12\tend\tBinary\tram0\t0xC4100000\n");
  board_download (&board, 0x10, 5000);
  board_download (&board, 0x11, 600);
  bench_assert_phase (board.bench, 0xfe);
  bench_fill (expected, sizeof expected, 0x11);
  back = bench_upload (board.bench, 0x11);
  g_assert_cmpint (back->len, ==, MIB);
  assert_bytes (back, 0, expected, 600);
  g_assert_cmpint (bench_out (board.bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_console (board.bench, "Booting kernel from memory");
  g_assert_false (bench_reopen (board.bench, 60000));
}

/* Only the start of each piece is looked at: up to 8 MiB run over the end. */
static void
test_ram_overrun (void)
{
  static const char layout[] = "P\t0x10\ta\tSystem\tram0\t0xC2000000\n"
                               "P\t0x11\tb\tBinary\tram0\t0xC2000400\n";
  g_auto (Board) board = { NULL };
  g_autofree guint8 *bytes = g_malloc0 (8 * MIB + 1);

  board_start (&board, "stm32mp157", NULL, layout);
  bench_download (board.bench, 0x10, bytes, 4 * MIB, 4096);
  bench_assert_phase (board.bench, 0x11);
  bench_set_phase (board.bench, 0x10, 0);
  bench_select (board.bench, 0x10);
  bench_send_blocks (board.bench, bytes, 8 * MIB + 1, 4096);
  g_assert_cmpint (bench_out (board.bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_status (board.bench, 0, 7);
  g_assert_cmpint (bench_out (board.bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_GONE);
}

/* --- Holes, keeping, full disks ------------------------------------------------------------- */

static guint64
get_file_blocks (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  struct stat info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return (guint64) info.st_blocks * 512;
}

static void
test_sparse (void)
{
  g_auto (Board) board = { NULL };
  g_autofree guint8 *bytes = g_malloc0 (16 * MIB);
  g_autoptr (GByteArray) got = NULL;

  bench_fill (bytes + 5 * MIB + 100, 5000, 1);
  board_start (&board, "stm32mp157", NULL, "P\t0x10\tdisk\tRawImage\tmmc0\t0x0\n");
  bench_download (board.bench, 0x10, bytes, 16 * MIB, 4096);
  bench_assert_phase (board.bench, 0xfe);
  g_assert_cmpuint (get_file_blocks (board.folder, "mmc0.img"), <=, 64 * 1024);
  got = bench_read_file (board.folder, "mmc0.img", 0, 16 * MIB);
  assert_bytes (got, 0, bytes, 16 * MIB);

  /* zeros over old data are zeros, and the space is free again */
  memset (bytes, 0, 16 * MIB);
  bench_set_phase (board.bench, 0x10, 0);
  board_download (&board, 0x10, 16 * MIB);
  bench_set_phase (board.bench, 0x10, 0);
  bytes[300000] = 1;
  bench_download (board.bench, 0x10, bytes, 16 * MIB, 4096);
  g_byte_array_unref (got);
  got = bench_read_file (board.folder, "mmc0.img", 0, 16 * MIB);
  assert_bytes (got, 0, bytes, 16 * MIB);
  g_assert_cmpuint (get_file_blocks (board.folder, "mmc0.img"), <=, 64 * 1024);
}

/* RLIMIT_FSIZE stands in for a full disk: a write past it fails. */
static void
limit_files (rlim_t length)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = length;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_full_disk (void)
{
  static const char layout[] = "P\t0x10\ta\tBinary\tmmc0\t0x4000000\n";
  g_auto (Board) board = { NULL };
  guint8 block[4096] = { 1 };
  guint8 status = 0, state = 5;

  /* in the flush: no word, but a restart */
  board_start (&board, "stm32mp157", "mmc0=128M", layout);
  bench_select (board.bench, 0x10);
  bench_send_blocks (board.bench, block, sizeof block, 4096);
  limit_files (32 * MIB);
  g_assert_cmpint (bench_out (board.bench, FLASH_DFU_REQUEST_DNLOAD, 1, NULL, 0), ==, BENCH_OK);
  bench_assert_status (board.bench, 0, 7);
  g_assert_cmpint (bench_out (board.bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_GONE);
  limit_files (RLIM_INFINITY);

  /* while data arrive */
  board_start (&board, "stm32mp157", NULL, layout);
  limit_files (32 * MIB);
  bench_select (board.bench, 0x10);
  for (guint i = 0; state == 5; i++) {
    bench_out (board.bench, FLASH_DFU_REQUEST_DNLOAD, (guint16) i, block, 4096);
    bench_get_status (board.bench, &status, &state);
    g_assert_cmpint (i, <, 8 * MIB / 4096);
  }
  g_assert_cmpint (state, ==, FLASH_DFU_STATE_ERROR);
  bench_out (board.bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0);
  limit_files (RLIM_INFINITY);
  bench_assert_error (board.bench, "DFU write error");

  /* while the table is written: its backup lies at the end */
  limit_files (32 * MIB);
  board_start (&board, "stm32mp157", NULL, layout);
  limit_files (RLIM_INFINITY);
  bench_assert_error (board.bench,
                      "GPT partitionning fail: gpt write mmc 0 \"name=a,start=0x4000000,"
                      "size=0x3ffba00,type=8da63339-0007-60c0-c436-083ac8230908;\"");
}

/* A memory that cannot even be made. */
static void
test_no_room_for_a_file (void)
{
  g_auto (Board) board = { NULL };

  limit_files (MIB);
  board_start (&board, "stm32mp157", NULL, "P\t0x10\ta\tBinary\tmmc0\t0x4400\n");
  limit_files (RLIM_INFINITY);
  bench_assert_error (board.bench, "mmc device 0 not probed");
}

int
main (int argc, char **argv)
{
  signal (SIGXFSZ, SIG_IGN);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/storage/emmc", test_emmc);
  g_test_add_func ("/sim/storage/too-large", test_too_large);
  g_test_add_func ("/sim/storage/no-boot-partition", test_no_boot_partition);
  g_test_add_func ("/sim/storage/raw-image", test_raw_image);
  g_test_add_func ("/sim/storage/partial-update", test_partial_update);
  g_test_add_func ("/sim/storage/ram", test_ram);
  g_test_add_func ("/sim/storage/ram-overrun", test_ram_overrun);
  g_test_add_func ("/sim/storage/sparse", test_sparse);
  g_test_add_func ("/sim/storage/full-disk", test_full_disk);
  g_test_add_func ("/sim/storage/no-room-for-a-file", test_no_room_for_a_file);
  return g_test_run ();
}
