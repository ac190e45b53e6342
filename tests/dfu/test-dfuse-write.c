/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every packet of writing (stm32-dfuse.md section 2.4). Blocks have 8 bytes here. */
#include "config.h"

#include "flash-dfuse-bench.h"

/* One pointer for the run, one for the tail. */
static const FlashExchange write_tail[] = {
  IDLE,
  POINTED ("00000008"),
  SENT (2, FIRST),
  SENT (3, SECOND),
  POINTED ("10000008"),
  SENT (2, TAIL),
  END,
};

static void
run_write_tail (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write (bench, 0x08000000, 0, 20);
}

static const FlashExchange write_short[] = { IDLE, POINTED ("00000008"), SENT (2, "00112233"),
                                             END };

static void
run_write_short (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write (bench, 0x08000000, 0, 4);
}

/* In pieces: the run goes on where the last one ended. */
static const FlashExchange write_pieces[] = {
  IDLE,
  POINTED ("00000008"),
  SENT (2, FIRST),
  SENT (3, SECOND),
  POINTED ("10000008"),
  SENT (2, TAIL),
  /* Behind a tail nobody knows where the pointer is. */
  POINTED ("14000008"),
  SENT (2, FIRST),
  /* Nor is the next block the one that was left out. */
  POINTED ("24000008"),
  SENT (2, SECOND),
  END,
};

static void
run_write_pieces (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write (bench, 0x08000000, 0, 8);
  flash_dfuse_bench_write (bench, 0x08000008, 8, 8);
  flash_dfuse_bench_write (bench, 0x08000010, 16, 4);
  flash_dfuse_bench_write (bench, 0x08000014, 0, 8);
  flash_dfuse_bench_write (bench, 0x08000024, 8, 8);
}

/* Erasing moves the pointer somewhere. */
static const FlashExchange write_after_erase[] = {
  IDLE,
  POINTED ("00000008"),
  SENT (2, FIRST),
  ERASE ("00400008"),
  BUSY,
  READY,
  POINTED ("08000008"),
  SENT (2, SECOND),
  END,
};

static void
run_write_after_erase (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write (bench, 0x08000000, 0, 8);
  g_assert_true (flash_dfuse_erase (bench->dfuse, 0x08004000, 16 * 1024, &bench->error));
  flash_dfuse_bench_write (bench, 0x08000008, 8, 8);
}

static const FlashExchange nothing[] = { END };

static void
run_nothing (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write (bench, 0x08000000, 0, 0);
  flash_dfuse_bench_read (bench, 0x08000000, 0, 0);
}

/* A block is never sent twice, whatever happened to it. */
static const FlashExchange write_refused[] = {
  IDLE,
  POINTED ("00000008"),
  FAILS (DNLOAD, 2, 8, STALL),
  SAYS ("0f0000000a00"),
  BACK_TO_IDLE ("0f0000000a00"),
  END,
};
static const FlashExchange write_failed[] = {
  IDLE, POINTED ("00000008"),  SEND (2, FIRST),
  BUSY, SAYS ("060000000a00"), BACK_TO_IDLE ("060000000a00"),
  END,
};

static void
run_write_device (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write_fails (bench, DFU (DEVICE), "the board reports err");
}

static const FlashExchange write_quiet_stall[] = {
  IDLE, POINTED ("00000008"), FAILS (DNLOAD, 2, 8, STALL), READY, READY, ROW (ABORT), IDLE, END,
};

static void
run_write_stall (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write_fails (bench, USB (STALL), "as in the script");
}

static const FlashExchange write_lost[] = {
  IDLE, POINTED ("00000008"), FAILS (DNLOAD, 2, 8, TIMED_OUT), READY, ROW (ABORT), IDLE, END,
};

static void
run_write_lost (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write_fails (bench, USB (TIMED_OUT), "as in the script");
}

static const FlashExchange write_protected[] = {
  IDLE, POINTED ("00000008"),  SEND (2, FIRST),
  BUSY, SAYS ("0b0000000a00"), BACK_TO_IDLE ("0b0000000a00"),
  END,
};

static void
run_write_protected (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write_fails (bench, DFU (PROTECTED), "the board reports errVENDOR");
}

/* The address itself, twice: nothing was written, so there is no harm in it. */
static const FlashExchange write_pointer_again[] = {
  IDLE,
  POINT ("00000008"),
  BUSY,
  SAYS ("0e0000000a00"),
  BACK_TO_IDLE ("0e0000000a00"),
  POINTED ("00000008"),
  SENT (2, "00112233"),
  END,
};
static const FlashExchange write_target[] = {
  IDLE, POINT ("00000008"), SAYS ("010000000a00"), BACK_TO_IDLE ("010000000a00"), END,
};

static void
run_write_target (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write_fails (bench, DFU (TARGET),
                                 "the board reports errTARGET in state dfuERROR (10) after an "
                                 "address was set");
}

static const FlashExchange write_unexpected[] = {
  IDLE, POINTED ("00000008"), SEND (2, FIRST), IDLE, IDLE, END
};

static void
run_write_unexpected (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write_fails (bench, DFU (UNEXPECTED_STATE),
                                 "the board is in state dfuIDLE (2) after data");
}

static void
run_beyond_end (FlashDfuseBench *bench)
{
  guint8 out[16] = { 0 };

  g_assert_false (flash_dfuse_write (bench->dfuse, 0xfffffff8, out, 9, &bench->error));
  flash_dfuse_bench_take_error (bench, DFU (TARGET), "0xfffffff8 and 9 bytes end beyond 32 bits");
  g_assert_false (flash_dfuse_read (bench->dfuse, 0xfffffff8, out, 9, &bench->error));
  flash_dfuse_bench_take_error (bench, DFU (TARGET), "0xfffffff8 and 9 bytes end beyond 32 bits");
}

/* The last byte of all is within. */
static const FlashExchange write_at_end[] = { IDLE, POINTED ("f8ffffff"), SENT (2, FIRST), END };

static void
run_write_at_end (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write (bench, 0xfffffff8, 0, 8);
}

/* One that says 16 KiB, more than a transfer holds: nobody knows in what it counts. */
static const FlashDfuDevice large_blocks = { 0x0483, 0xdf11, 0x0300,
                                             2,      0x0b,   0x4000,
                                             0x011a, NULL,   { "@Flash/0x08000000/1*16Kg" } };
static const FlashExchange unknown_unit[] = {
  IDLE,
  POINTED ("00000008"),
  ROW (DNLOAD, 2, 4096),
  BUSY,
  READY,
  POINTED ("00100008"),
  ROW (DNLOAD, 2, 4096),
  BUSY,
  READY,
  END,
};

static void
run_unknown_unit (FlashDfuseBench *bench)
{
  g_autofree guint8 *data = g_malloc0 (8192);

  g_assert_cmpuint (flash_dfuse_get_transfer_size (bench->dfuse), ==, 4096);
  g_assert_true (flash_dfuse_write (bench->dfuse, 0x08000000, data, 8192, &bench->error));
}

static const FlashDfuseCase cases[] = {
  { "write/tail", run_write_tail, NULL, write_tail },
  { "write/short", run_write_short, NULL, write_short },
  { "write/pieces", run_write_pieces, NULL, write_pieces },
  { "write/after-erase", run_write_after_erase, NULL, write_after_erase },
  { "write/refused", run_write_device, NULL, write_refused },
  { "write/failed", run_write_device, NULL, write_failed },
  { "write/quiet-stall", run_write_stall, NULL, write_quiet_stall },
  { "write/lost", run_write_lost, NULL, write_lost },
  { "write/protected", run_write_protected, NULL, write_protected },
  { "write/pointer-again", run_write_short, NULL, write_pointer_again },
  { "write/target", run_write_target, NULL, write_target },
  { "write/unexpected", run_write_unexpected, NULL, write_unexpected },
  { "write/at-end", run_write_at_end, NULL, write_at_end },
  { "write/unknown-unit", run_unknown_unit, &large_blocks, unknown_unit },
  { "nothing", run_nothing, NULL, nothing },
  { "beyond-end", run_beyond_end, NULL, nothing },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  flash_dfuse_bench_add_cases (cases, G_N_ELEMENTS (cases));
  return g_test_run ();
}
