/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every packet of the requests that end with the device gone (stm32-dfuse.md sections 2.2, 2.7 and
 * 2.9). */
#include "config.h"

#include "flash-dfuse-bench.h"

/* --- Leaving -------------------------------------------------------------------------------- */

#define LEAVE IDLE, POINTED ("00000008"), ROW (DNLOAD, 2, 0)
#define MANIFEST SAYS ("000100000700")

static void
leave (FlashDfuseBench *bench, FlashDfuseEnd expected)
{
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS + 77;

  g_assert_true (flash_dfuse_leave (bench->dfuse, 0x08000000, &end, &bench->error));
  g_assert_cmpint (end, ==, expected);
}

/* All the ways in which it has been seen to go. */
static const FlashExchange leave_manifest[] = { LEAVE, MANIFEST, SILENCE (GONE), END };
static const FlashExchange leave_at_once[] = { LEAVE, SILENCE (GONE), END };
static const FlashExchange leave_io[] = { LEAVE, SILENCE (IO), END };
static const FlashExchange leave_stall[] = { LEAVE, SILENCE (STALL), SILENCE (GONE), END };
static const FlashExchange leave_particle[] = { LEAVE, READY, READY, SILENCE (GONE), END };
static const FlashExchange leave_before[] = { IDLE, POINTED ("00000008"),
                                              FAILS (DNLOAD, 2, 0, GONE), END };
static const FlashExchange leave_reset[] = { LEAVE, SAYS ("000000000800"), ROW (FLASH_SCRIPT_RESET),
                                             END };

static void
run_leave_away (FlashDfuseBench *bench)
{
  leave (bench, FLASH_DFUSE_END_AWAY);
}

/* Three seconds are given to it, a second at a time. */
static const FlashExchange leave_silent[] = { LEAVE, SAYS_WITHIN ("00b80b000700", 1000),
                                              SILENCE (TIMED_OUT), END };
static const FlashExchange leave_unheard[] = { IDLE, POINTED ("00000008"),
                                               FAILS (DNLOAD, 2, 0, TIMED_OUT), END };

static void
run_leave_silent (FlashDfuseBench *bench)
{
  leave (bench, FLASH_DFUSE_END_SILENT);
}

static const FlashExchange leave_stays[] = {
  LEAVE, SAYS ("00dc05000200"), SAYS ("00dc05000200"), IDLE, IDLE, END
};

static void
run_leave_stays (FlashDfuseBench *bench)
{
  leave (bench, FLASH_DFUSE_END_STAYS);
  /* Where that leaves it, it is asked. */
  g_assert_true (flash_dfuse_to_idle (bench->dfuse, &bench->error));
  g_assert_cmpuint (flash_dfuse_bench_get_ms (bench), ==, 3001);
}

/* A GD32VF103 refuses, and goes (section 2.7). */
static const FlashDfuDevice gd32 = { 0x28e9, 0x0189, 0x1000,
                                     2,      0x0b,   8,
                                     0x011a, "3CBJ", { "@Internal Flash  /0x08000000/512*002Kg" } };
static const FlashExchange leave_quirk[] = { IDLE, POINTED ("00000008"),
                                             FAILS (DNLOAD, 2, 0, STALL), SILENCE (STALL), END };

static void
leave_fails (FlashDfuseBench *bench, GQuark domain, gint code, const char *message)
{
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS + 77;

  g_assert_false (flash_dfuse_leave (bench->dfuse, 0x08000000, &end, &bench->error));
  flash_dfuse_bench_take_error (bench, domain, code, message);
  g_assert_cmpint (end, ==, FLASH_DFUSE_END_STAYS + 77);
}

static const FlashExchange leave_refused[] = {
  IDLE,
  POINTED ("00000008"),
  FAILS (DNLOAD, 2, 0, STALL),
  SAYS ("0f0000000a00"),
  BACK_TO_IDLE ("0f0000000a00"),
  END,
};

static void
run_leave_refused (FlashDfuseBench *bench)
{
  leave_fails (bench, DFU (DEVICE),
               "the board reports errSTALLEDPKT in state dfuERROR (10) after "
               "it was told to leave");
}

static const FlashExchange leave_firmware[] = { LEAVE, SAYS ("0a0000000a00"),
                                                BACK_TO_IDLE ("0a0000000a00"), END };

static void
run_leave_firmware (FlashDfuseBench *bench)
{
  leave_fails (bench, DFU (FIRMWARE), "the board reports errFIRMWARE");
}

static const FlashExchange leave_no_reset[] = {
  LEAVE,
  SAYS ("000000000800"),
  FAILS (FLASH_SCRIPT_RESET, 0, 0, NO_PERMISSION),
  SAYS ("000000000800"),
  END,
};

static void
run_leave_no_reset (FlashDfuseBench *bench)
{
  leave_fails (bench, USB (NO_PERMISSION), "as in the script");
}

static const FlashExchange leave_target[] = { IDLE, POINT ("00000008"), SAYS ("010000000a00"),
                                              BACK_TO_IDLE ("010000000a00"), END };

static void
run_leave_target (FlashDfuseBench *bench)
{
  leave_fails (bench, DFU (TARGET), "the board reports errTARGET");
}

/* --- Option bytes --------------------------------------------------------------------------- */

static const guint8 options[] = { 0xaa, 0x55, 0xff, 0x00 };

#define OPTIONS IDLE, POINTED ("00c0ff1f"), SEND (2, "aa55ff00")

static void
write_options (FlashDfuseBench *bench, FlashDfuseEnd expected)
{
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS + 77;

  g_assert_true (flash_dfuse_write_options (bench->dfuse, 0x1fffc000, options, sizeof options, &end,
                                            &bench->error));
  g_assert_cmpint (end, ==, expected);
}

static const FlashExchange options_away[] = { OPTIONS, SAYS ("006400000400"), SILENCE (GONE), END };
static const FlashExchange options_stall[] = { OPTIONS, BUSY, SILENCE (STALL), SILENCE (GONE),
                                               END };

static void
run_options_away (FlashDfuseBench *bench)
{
  write_options (bench, FLASH_DFUSE_END_AWAY);
}

static const FlashExchange options_stays[] = { OPTIONS, BUSY, READY, END };

static void
run_options_stays (FlashDfuseBench *bench)
{
  write_options (bench, FLASH_DFUSE_END_STAYS);
}

static const FlashExchange options_silent[] = { OPTIONS, SAYS ("00983a000400"), SILENCE (TIMED_OUT),
                                                END };

static void
run_options_silent (FlashDfuseBench *bench)
{
  write_options (bench, FLASH_DFUSE_END_SILENT);
}

static void
options_fail (FlashDfuseBench *bench, gsize length, GQuark domain, gint code, const char *message)
{
  guint8 large[16] = { 0 };
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS + 77;

  g_assert_false (flash_dfuse_write_options (bench->dfuse, 0x1fffc000,
                                             length == sizeof options ? options : large, length,
                                             &end, &bench->error));
  flash_dfuse_bench_take_error (bench, domain, code, message);
  g_assert_cmpint (end, ==, FLASH_DFUSE_END_STAYS + 77);
}

static const FlashExchange options_never[] = { OPTIONS, SAYS ("00983a000400"),
                                               SAYS ("00983a000400"), IDLE, END };

static void
run_options_never (FlashDfuseBench *bench)
{
  options_fail (bench, sizeof options, DFU (STUCK_BUSY),
                "the board has been in state dfuDNBUSY for 15 s");
}

static const FlashExchange options_refused[] = { OPTIONS, BUSY, SAYS ("0b0000000a00"),
                                                 BACK_TO_IDLE ("0b0000000a00"), END };

static void
run_options_refused (FlashDfuseBench *bench)
{
  options_fail (bench, sizeof options, DFU (PROTECTED), "the board reports errVENDOR");
}

static const FlashExchange nothing[] = { END };

static void
run_options_large (FlashDfuseBench *bench)
{
  options_fail (bench, 9, DFU (UNSUPPORTED), "9 option bytes do not fit into one block of 8");
}

/* Gone before anything was started: nothing has changed, and that is said. */
static const FlashExchange options_lost[] = { IDLE, POINTED ("00c0ff1f"),
                                              FAILS (DNLOAD, 2, 4, GONE), END };

static void
run_options_lost (FlashDfuseBench *bench)
{
  options_fail (bench, sizeof options, USB (GONE), "as in the script");
}

/* --- Read unprotect ------------------------------------------------------------------------- */

#define UNPROTECT IDLE, ROW (DNLOAD, 0, 1, .sent = "92")

static void
unprotect (FlashDfuseBench *bench, FlashDfuseEnd expected)
{
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS + 77;

  g_assert_true (flash_dfuse_unprotect (bench->dfuse, &end, &bench->error));
  g_assert_cmpint (end, ==, expected);
}

/* It erases itself for 20 s and resets. */
static const FlashExchange unprotect_away[] = { UNPROTECT, SAYS_WITHIN ("00204e000400", 60000),
                                                SILENCE (GONE), END };
static const FlashExchange unprotect_stall[] = { UNPROTECT, BUSY, SILENCE (STALL), SILENCE (GONE),
                                                 END };

static void
run_unprotect_away (FlashDfuseBench *bench)
{
  unprotect (bench, FLASH_DFUSE_END_AWAY);
}

/* ST's middleware says yes and does nothing (section 2.2). */
static const FlashExchange unprotect_stays[] = { UNPROTECT, BUSY, READY, END };

static void
run_unprotect_stays (FlashDfuseBench *bench)
{
  unprotect (bench, FLASH_DFUSE_END_STAYS);
}

static void
unprotect_fails (FlashDfuseBench *bench, GQuark domain, gint code, const char *message)
{
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS + 77;

  g_assert_false (flash_dfuse_unprotect (bench->dfuse, &end, &bench->error));
  flash_dfuse_bench_take_error (bench, domain, code, message);
  g_assert_cmpint (end, ==, FLASH_DFUSE_END_STAYS + 77);
}

static const FlashExchange unprotect_failed[] = { UNPROTECT, BUSY, SAYS ("0e0000000a00"),
                                                  BACK_TO_IDLE ("0e0000000a00"), END };

static void
run_unprotect_failed (FlashDfuseBench *bench)
{
  unprotect_fails (bench, DFU (DEVICE), "the board reports errUNKNOWN");
}

static const FlashExchange unprotect_unknown[] = { IDLE, FAILS (DNLOAD, 0, 1, STALL),
                                                   SAYS ("0f0000000a00"),
                                                   BACK_TO_IDLE ("0f0000000a00"), END };
static const FlashExchange unprotect_target[] = { UNPROTECT, SAYS ("010000000a00"),
                                                  BACK_TO_IDLE ("010000000a00"), END };

static void
run_unprotect_unknown (FlashDfuseBench *bench)
{
  unprotect_fails (bench, DFU (UNSUPPORTED), "read unprotect is refused: the board reports err");
}

static const FlashExchange unprotect_never[] = {
  UNPROTECT, SAYS ("00409c000400"), SAYS ("00409c000400"), SAYS ("00409c000400"), IDLE, END
};

static void
run_unprotect_never (FlashDfuseBench *bench)
{
  unprotect_fails (bench, DFU (STUCK_BUSY), "the board has been in state dfuDNBUSY for 60 s");
}

static const FlashExchange cancelled[] = { IDLE, IDLE, IDLE, END };

static void
run_cancelled (FlashDfuseBench *bench)
{
  g_cancellable_cancel (bench->cancellable);
  unprotect_fails (bench, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  leave_fails (bench, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  options_fail (bench, sizeof options, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
}

static const FlashDfuseCase cases[] = {
  { "leave/manifest", run_leave_away, NULL, leave_manifest },
  { "leave/at-once", run_leave_away, NULL, leave_at_once },
  { "leave/io", run_leave_away, NULL, leave_io },
  { "leave/stall", run_leave_away, NULL, leave_stall },
  { "leave/particle", run_leave_away, NULL, leave_particle },
  { "leave/before", run_leave_away, NULL, leave_before },
  { "leave/reset", run_leave_away, NULL, leave_reset },
  { "leave/silent", run_leave_silent, NULL, leave_silent },
  { "leave/unheard", run_leave_silent, NULL, leave_unheard },
  { "leave/quirk", run_leave_silent, &gd32, leave_quirk },
  { "leave/stays", run_leave_stays, NULL, leave_stays },
  { "leave/refused", run_leave_refused, NULL, leave_refused },
  { "leave/firmware", run_leave_firmware, NULL, leave_firmware },
  { "leave/no-reset", run_leave_no_reset, NULL, leave_no_reset },
  { "leave/target", run_leave_target, NULL, leave_target },
  { "options/away", run_options_away, NULL, options_away },
  { "options/stall", run_options_away, NULL, options_stall },
  { "options/stays", run_options_stays, NULL, options_stays },
  { "options/silent", run_options_silent, NULL, options_silent },
  { "options/never", run_options_never, NULL, options_never },
  { "options/refused", run_options_refused, NULL, options_refused },
  { "options/large", run_options_large, NULL, nothing },
  { "options/lost", run_options_lost, NULL, options_lost },
  { "unprotect/away", run_unprotect_away, NULL, unprotect_away },
  { "unprotect/stall", run_unprotect_away, NULL, unprotect_stall },
  { "unprotect/stays", run_unprotect_stays, NULL, unprotect_stays },
  { "unprotect/failed", run_unprotect_failed, NULL, unprotect_failed },
  { "unprotect/unknown", run_unprotect_unknown, NULL, unprotect_unknown },
  { "unprotect/target", run_unprotect_unknown, NULL, unprotect_target },
  { "unprotect/never", run_unprotect_never, NULL, unprotect_never },
  { "end/cancelled", run_cancelled, NULL, cancelled },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  flash_dfuse_bench_add_cases (cases, G_N_ELEMENTS (cases));
  return g_test_run ();
}
