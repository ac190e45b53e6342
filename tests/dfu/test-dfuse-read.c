/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every packet of reading (stm32-dfuse.md section 2.4). Blocks have 8 bytes here. */
#include "config.h"

#include "flash-dfuse-bench.h"

static const FlashExchange nothing[] = { END };

/* ABORT after the pointer, and before the next (section 0.3, fact 9). */
static const FlashExchange read_tail[] = {
  IDLE,    POINTED ("00000008"), ABORTED, GIVES (2, 8, FIRST), GIVES (3, 8, SECOND),
  ABORTED, POINTED ("10000008"), ABORTED, GIVES (2, 4, TAIL),  END,
};

static void
run_read_tail (FlashDfuseBench *bench)
{
  flash_dfuse_bench_read (bench, 0x08000000, 0, 20);
}

/* Less than two bytes are never asked for: the last one comes again with the one before it. */
static const FlashExchange read_odd_tail[] = {
  IDLE,
  POINTED ("00000008"),
  ABORTED,
  GIVES (2, 8, FIRST),
  GIVES (3, 8, SECOND),
  ABORTED,
  POINTED ("0f000008"),
  ABORTED,
  GIVES (2, 2, "ff01"),
  ABORTED,
  POINTED ("11000008"),
  ABORTED,
  GIVES (2, 3, "020304"),
  END,
};

static void
run_read_odd_tail (FlashDfuseBench *bench)
{
  flash_dfuse_bench_read (bench, 0x08000000, 0, 17);
  flash_dfuse_bench_read (bench, 0x08000011, 17, 3);
}

/* And a lone one with the other one of its half word, up to the last address there is. */
static const FlashExchange read_one_byte[] = {
  IDLE,    POINTED ("10000008"), ABORTED, GIVES (2, 2, "01aa"), ABORTED, POINTED ("10000008"),
  ABORTED, GIVES (2, 2, "aa02"), ABORTED, POINTED ("feffffff"), ABORTED, GIVES (2, 2, "aa03"),
  END,
};

static void
run_read_one_byte (FlashDfuseBench *bench)
{
  flash_dfuse_bench_read (bench, 0x08000010, 16, 1);
  flash_dfuse_bench_read (bench, 0x08000011, 17, 1);
  flash_dfuse_bench_read (bench, 0xffffffff, 18, 1);
}

static const FlashExchange read_pieces[] = {
  IDLE,    POINTED ("00000008"), ABORTED, GIVES (2, 8, FIRST), GIVES (3, 8, SECOND),
  ABORTED, POINTED ("20000008"), ABORTED, GIVES (2, 8, FIRST), END,
};

static void
run_read_pieces (FlashDfuseBench *bench)
{
  flash_dfuse_bench_read (bench, 0x08000000, 0, 8);
  flash_dfuse_bench_read (bench, 0x08000008, 8, 8);
  flash_dfuse_bench_read (bench, 0x08000020, 0, 8);
}

static const FlashExchange read_and_write[] = {
  IDLE,
  POINTED ("00000008"),
  SENT (2, FIRST),
  /* Another pointer needs no ABORT, only reading does. */
  POINTED ("00000008"),
  ABORTED,
  GIVES (2, 8, FIRST),
  ABORTED,
  POINTED ("08000008"),
  SENT (2, SECOND),
  END,
};

static void
run_read_and_write (FlashDfuseBench *bench)
{
  flash_dfuse_bench_write (bench, 0x08000000, 0, 8);
  flash_dfuse_bench_read (bench, 0x08000000, 0, 8);
  flash_dfuse_bench_write (bench, 0x08000008, 8, 8);
}

static void
read_fails (FlashDfuseBench *bench, GQuark domain, gint code, const char *message)
{
  guint8 out[16];

  g_assert_false (flash_dfuse_read (bench->dfuse, 0x08000000, out, 8, &bench->error));
  flash_dfuse_bench_take_error (bench, domain, code, message);
}

#define POINTED_TO_READ POINTED ("00000008"), ABORTED

/* Said at once, and repeated by nobody here: it may be the host that is too fast (fact 8). */
static const FlashExchange read_protected[] = {
  IDLE,
  POINTED_TO_READ,
  FAILS (UPLOAD, 2, 8, STALL),
  SAYS ("0b0000000a00"),
  BACK_TO_IDLE ("0b0000000a00"),
  END,
};
static const FlashExchange read_protected_empty[] = {
  IDLE, POINTED_TO_READ, GIVES (2, 8, ""), SAYS ("0b0000000a00"), BACK_TO_IDLE ("0b0000000a00"),
  END,
};

static void
run_read_protected (FlashDfuseBench *bench)
{
  read_fails (bench, DFU (PROTECTED),
              "the board reports errVENDOR in state dfuERROR (10) after a "
              "read");
}

static const FlashExchange read_target[] = {
  IDLE,
  POINTED_TO_READ,
  FAILS (UPLOAD, 2, 8, STALL),
  SAYS ("010000000a00"),
  BACK_TO_IDLE ("010000000a00"),
  END,
};

static void
run_read_target (FlashDfuseBench *bench)
{
  read_fails (bench, DFU (TARGET), "the board reports errTARGET");
}

static const FlashExchange read_one_byte_fails[] = {
  IDLE,
  POINTED_TO_READ,
  FAILS (UPLOAD, 2, 2, STALL),
  SAYS ("010000000a00"),
  BACK_TO_IDLE ("010000000a00"),
  END,
};

static void
run_read_one_byte_fails (FlashDfuseBench *bench)
{
  guint8 out = 0x55;

  g_assert_false (flash_dfuse_read (bench->dfuse, 0x08000001, &out, 1, &bench->error));
  flash_dfuse_bench_take_error (bench, DFU (TARGET), "the board reports errTARGET");
  g_assert_cmphex (out, ==, 0x55);
}

/* ST's middleware without a body (section 1.5), asked twice. */
#define REFUSED                                                                                    \
  POINTED_TO_READ, FAILS (UPLOAD, 2, 8, STALL), SAYS ("000000000f00"), SAYS ("000000000f00"),      \
      ROW (CLEAR), SAYS ("0e0000000a00"), ROW (CLEAR), IDLE
static const FlashExchange read_skeleton[] = { IDLE, REFUSED, REFUSED, END };

static void
run_read_skeleton (FlashDfuseBench *bench)
{
  FlashDfuStatus status;

  read_fails (bench, DFU (UNREADABLE),
              "the board refuses to read at 0x08000000: OK in state dfuERROR (15)");
  flash_dfuse_get_last_status (bench->dfuse, &status);
  g_assert_cmpuint (status.raw_state, ==, 15);
}

/* Once is a hiccup. */
static const FlashExchange read_hiccup[] = {
  IDLE, POINTED_TO_READ, FAILS (UPLOAD, 2, 8, STALL), READING, READING, ROW (ABORT),
  IDLE, POINTED_TO_READ, GIVES (2, 8, FIRST),         END,
};
static const FlashExchange read_lost[] = {
  IDLE,
  POINTED_TO_READ,
  FAILS (UPLOAD, 2, 8, TIMED_OUT),
  READING,
  ROW (ABORT),
  IDLE,
  POINTED_TO_READ,
  GIVES (2, 8, FIRST),
  END,
};

static void
run_read_once (FlashDfuseBench *bench)
{
  flash_dfuse_bench_read (bench, 0x08000000, 0, 8);
}

#define CUT_OFF POINTED_TO_READ, GIVES (2, 8, "0011"), IDLE, IDLE
static const FlashExchange read_cut_off[] = { IDLE, CUT_OFF, CUT_OFF, END };

static void
run_read_cut_off (FlashDfuseBench *bench)
{
  read_fails (bench, DFU (SHORT_TRANSFER), "the board sent 2 bytes from 0x08000000, expected 8");
}

static const FlashExchange read_gone[] = { IDLE, POINTED_TO_READ, FAILS (UPLOAD, 2, 8, GONE), END };
static const FlashExchange read_gone_after_stall[] = { IDLE, POINTED_TO_READ,
                                                       FAILS (UPLOAD, 2, 8, STALL), SILENCE (GONE),
                                                       END };
static const FlashExchange read_gone_on_abort[] = { IDLE, POINTED ("00000008"),
                                                    FAILS (ABORT, 0, 0, GONE), END };

static void
run_read_gone (FlashDfuseBench *bench)
{
  read_fails (bench, USB (GONE), "as in the script");
}

/* A refused ABORT is asked about. */
static const FlashExchange read_refused_abort[] = {
  IDLE,
  POINTED ("00000008"),
  FAILS (ABORT, 0, 0, STALL),
  READY,
  ROW (ABORT),
  IDLE,
  GIVES (2, 8, FIRST),
  END,
};

static void
run_cancelled (FlashDfuseBench *bench)
{
  g_cancellable_cancel (bench->cancellable);
  read_fails (bench, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  flash_dfuse_bench_write_fails (bench, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
}

static const FlashExchange cancelled[] = { READING, ROW (ABORT), IDLE, IDLE, END };

static const FlashDfuDevice write_only = { 0x0483, 0xdf11, 0x0200,
                                           2,      0x09,   8,
                                           0x011a, NULL,   { "@Flash/0x08000000/1*16Kg" } };

static void
run_write_only (FlashDfuseBench *bench)
{
  read_fails (bench, DFU (UNREADABLE), "the boot loader says that it cannot read");
  g_assert_null (flash_dfuse_dup_commands (bench->dfuse));
}

/* --- The list of commands ------------------------------------------------------------------- */

static const FlashExchange commands[] = {
  IDLE,    ROW (UPLOAD, 0, 64, "00214192"),
  READING, ROW (ABORT),
  IDLE,    ERASE ("00400008"),
  BUSY,    READY,
  END,
};

static void
run_commands (FlashDfuseBench *bench)
{
  g_autoptr (GBytes) list = flash_dfuse_dup_commands (bench->dfuse);

  g_assert_cmpmem (g_bytes_get_data (list, NULL), g_bytes_get_size (list), "\x00\x21\x41\x92", 4);
  g_assert_true (flash_dfuse_erase (bench->dfuse, 0x08004000, 16 * 1024, &bench->error));
}

static const FlashExchange no_commands[] = { IDLE, FAILS (UPLOAD, 0, 64, STALL),
                                             BACK_TO_IDLE ("0f0000000a00"), END };
static const FlashExchange empty_commands[] = { IDLE, ROW (UPLOAD, 0, 64, ""), END };

static void
run_no_commands (FlashDfuseBench *bench)
{
  g_assert_null (flash_dfuse_dup_commands (bench->dfuse));
}

static const FlashDfuseCase cases[] = {
  { "cancelled", run_cancelled, NULL, cancelled },
  { "read/tail", run_read_tail, NULL, read_tail },
  { "read/odd-tail", run_read_odd_tail, NULL, read_odd_tail },
  { "read/one-byte", run_read_one_byte, NULL, read_one_byte },
  { "read/one-byte-fails", run_read_one_byte_fails, NULL, read_one_byte_fails },
  { "read/pieces", run_read_pieces, NULL, read_pieces },
  { "read/and-write", run_read_and_write, NULL, read_and_write },
  { "read/protected", run_read_protected, NULL, read_protected },
  { "read/protected-empty", run_read_protected, NULL, read_protected_empty },
  { "read/target", run_read_target, NULL, read_target },
  { "read/skeleton", run_read_skeleton, NULL, read_skeleton },
  { "read/hiccup", run_read_once, NULL, read_hiccup },
  { "read/lost", run_read_once, NULL, read_lost },
  { "read/cut-off", run_read_cut_off, NULL, read_cut_off },
  { "read/gone", run_read_gone, NULL, read_gone },
  { "read/gone-after-stall", run_read_gone, NULL, read_gone_after_stall },
  { "read/gone-on-abort", run_read_gone, NULL, read_gone_on_abort },
  { "read/refused-abort", run_read_once, NULL, read_refused_abort },
  { "read/write-only", run_write_only, &write_only, nothing },
  { "commands/list", run_commands, NULL, commands },
  { "commands/refused", run_no_commands, NULL, no_commands },
  { "commands/empty", run_no_commands, NULL, empty_commands },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  flash_dfuse_bench_add_cases (cases, G_N_ELEMENTS (cases));
  return g_test_run ();
}
