/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NOR and NAND (stm32mp-usb.md sections 1.4.5, 2.3, 2.4 and 3.9). */
#include "config.h"

#include "flash-sim-store.h"

#include <string.h>

#define MIB (1024u * 1024u)

static void
test_nor (void)
{
  g_auto (Board) board = { NULL };
  g_autoptr (GByteArray) whole = NULL;

  board_start (&board, "stm32mp157", "nor0=1M",
               "P\t0x10\ta\tBinary\tnor0\t0x0\nP\t0x11\tb\tBinary\tnor0\t0x40000\n");
  board_download (&board, 0x10, 0x20001);
  board_download (&board, 0x11, 10);
  bench_assert_phase (board.bench, 0xfe);
  board_assert_file (&board, 0x10, "nor0.img", 0, 0x20001);
  board_assert_file (&board, 0x11, "nor0.img", 0x40000, 10);
  whole = bench_upload (board.bench, 0x10);
  g_assert_cmpint (whole->len, ==, 0x40000);
  /* erased flash is 0xff to the board, behind the data and where nothing was ever written */
  board_assert_reads (&board, 0x10, 0x20001, 0x1ffff, 0xff);
  board_assert_reads (&board, 0x11, 10, 0xbfff6, 0xff);
}

/* Zeros on flash are data, not holes. */
static void
test_zeros_on_flash (void)
{
  g_auto (Board) board = { NULL };
  g_autofree guint8 *zeros = g_malloc0 (0x20000);

  board_start (&board, "stm32mp157", "nor0=1M", "P\t0x10\ta\tBinary\tnor0\t0x0\n");
  bench_download (board.bench, 0x10, zeros, 0x20000, 4096);
  board_assert_reads (&board, 0x10, 0, 0x20000, 0);
  board_assert_reads (&board, 0x10, 0x20000, 0x1000, 0xff);
}

static void
test_flash_too_large (void)
{
  g_auto (Board) board = { NULL };
  g_autofree guint8 *bytes = g_malloc0 (0x40001);

  board_start (&board, "stm32mp157", "nor0=1M",
               "P\t0x10\ta\tBinary\tnor0\t0x0\nP\t0x11\tb\tBinary\tnor0\t0x40000\n");
  bench_select (board.bench, 0x10);
  bench_send_blocks (board.bench, bytes, 0x40001, 4096);
  g_assert_cmpint (bench_out (board.bench, FLASH_DFU_REQUEST_DNLOAD, 65, NULL, 0), ==, BENCH_OK);
  bench_assert_status (board.bench, 0, 7);
  g_assert_cmpint (bench_out (board.bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_GONE);
}

/* A start that is no erase block is left out without a word. */
static void
test_flash_offset (void)
{
  g_auto (Board) board = { NULL };

  board_start (&board, "stm32mp157", "nor0=1M", "P\t0x10\ta\tBinary\tnor0\t0x0\n");
  bench_set_phase (board.bench, 0x10, 0x8000);
  board_download (&board, 0x10, 100);
  bench_set_phase (board.bench, 0x10, 0x10000);
  board_download (&board, 0x10, 100);
  bench_set_phase (board.bench, 0xfe, 0);
  board_assert_reads (&board, 0x10, 0, 0x10000, 0xff);
  board_assert_file (&board, 0x10, "nor0.img", 0x10000, 100);
}

/* The buffer keeps its length from one MTD device to the next, unless the phase is asked for in
 * between (section 2.4, trap 3). */
static void
test_flash_buffer_trap (void)
{
  static const char layout[] = "P\t0x10\ta\tBinary\tnor0\t0x0\nP\t0x11\tb\tBinary\tnand0\t0x0\n";

  for (guint asks = 0; asks < 2; asks++) {
    g_auto (Board) board = { NULL };

    board_start (&board, "stm32mp157", "nor0=1M,nand0=2M", layout);
    board_download (&board, 0x10, 100);
    if (asks == 1)
      bench_assert_phase (board.bench, 0x11);
    board_download (&board, 0x11, 0x50000);
    if (asks == 1)
      board_assert_file (&board, 0x11, "nand0.img", 0, 0x50000);
    else
      board_assert_reads (&board, 0x11, 0x10000, 0x30000, 0xff);
  }
}

/* UBI: behind the image the partition is erased. */
static void
test_ubi (void)
{
  g_auto (Board) board = { NULL };

  board_start (&board, "stm32mp157", "nand0=2M",
               "P\t0x10\tubi\tSystem\tnand0\t0x40000\nP\t0x11\tb\tRawImage\tnand0\t0x0\n");
  board_download (&board, 0x10, 300000);
  board_download (&board, 0x11, 2 * MIB);
  bench_set_phase (board.bench, 0x10, 0);
  board_download (&board, 0x10, 300000);
  board_assert_file (&board, 0x10, "nand0.img", 0x40000, 300000);
  board_assert_file (&board, 0x11, "nand0.img", 0, 0x40000);
  board_assert_reads (&board, 0x10, 0x80000, 0x140000, 0xff);
}

static void
test_copies (void)
{
  static const struct {
    const char *model;
    guint32 version;
    gsize payload_length;
    gsize copy_length;
    const char *type;
    gboolean is_good;
  } cases[] = {
    { "stm32mp157", 0x00010000, 100000, 100256, "Binary(2)", TRUE },
    { "stm32mp157", 0x00010000, 300000, 300256, "Binary(3)", TRUE },
    { "stm32mp135", 0x00020000, 100000, 100512, "Binary(2)", TRUE },
    { "stm32mp157", 0x00010000, 300000, 300256, "Binary(4)", FALSE },
    { "stm32mp257", 0x00020200, 100000, 100512, "Binary(2)", FALSE },
    { "stm32mp157", 0, 100000, 100000, "Binary(2)", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Board) board = { NULL };
    g_autoptr (GByteArray) image = bench_make_stm32 (cases[i].version, cases[i].payload_length, 4);
    g_autofree char *layout = g_strdup_printf (
        "P\t0x04\tfsbl1\t%s\tnand0\t0x80000\nPE\t0x05\tb\tFIP\tnand0\t0x200000\n", cases[i].type);
    guint n_copies = (guint) g_ascii_digit_value (cases[i].type[7]);
    gsize step = (cases[i].copy_length + 0x3ffff) / 0x40000 * 0x40000;

    g_test_message ("%u", i);
    if (cases[i].version == 0)
      memset (image->data, 0, 4);
    board_start (&board, cases[i].model, "nand0=4M", layout);
    bench_download (board.bench, 0x04, image->data, image->len, 4096);
    if (!cases[i].is_good) {
      bench_assert_error (board.bench, "fsbl1 (0x4): copy of fsbl failed");
      continue;
    }
    bench_assert_phase (board.bench, 0xfe);
    for (guint copy = 0; copy < n_copies; copy++) {
      g_autoptr (GByteArray) got =
          bench_read_file (board.folder, "nand0.img", 0x80000 + copy * step, image->len);

      assert_bytes (got, 0, image->data, image->len);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/mtd/nor", test_nor);
  g_test_add_func ("/sim/mtd/zeros-on-flash", test_zeros_on_flash);
  g_test_add_func ("/sim/mtd/flash-too-large", test_flash_too_large);
  g_test_add_func ("/sim/mtd/flash-offset", test_flash_offset);
  g_test_add_func ("/sim/mtd/flash-buffer-trap", test_flash_buffer_trap);
  g_test_add_func ("/sim/mtd/ubi", test_ubi);
  g_test_add_func ("/sim/mtd/copies", test_copies);
  return g_test_run ();
}
