/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every packet of an erasure, and of the ways back from a bad one (stm32-dfuse.md sections 2.2 and
 * 2.3). */
#include "config.h"

#include "flash-dfuse-bench.h"

#define N(array) G_N_ELEMENTS (array)

/* --- A sector --------------------------------------------------------- */

#define IDLE_FIRST IDLE

static void
run_erase (FlashDfuseBench *bench)
{
  g_assert_true (flash_dfuse_erase (bench->dfuse, 0x08004000, 16 * 1024, &bench->error));
}

/* GETSTATUS may take as long as the erasure. */
static const FlashExchange erase_rom[] = {
  IDLE_FIRST,
  ERASE ("00400008"),
  SAYS_WITHIN ("00f401000400", 35000),
  SAYS_WITHIN ("000000000500", 35000),
  END,
};

static void
run_erase_waits (FlashDfuseBench *bench)
{
  run_erase (bench);
  g_assert_cmpuint (flash_dfuse_bench_get_ms (bench), ==, 500);
}

/* dfuDNBUSY first is not insisted on (section 2.3). */
static const FlashExchange erase_at_once[] = { IDLE_FIRST, ERASE ("00400008"), READY, END };
static const FlashExchange erase_sync[] = {
  IDLE_FIRST, ERASE ("00400008"), SAYS ("000000000300"), BUSY, READY, END
};
/* An L4 (section 2.3). */
static const FlashExchange erase_stalls[] = {
  IDLE_FIRST,      ERASE ("00400008"), BUSY,  SILENCE (STALL),
  SILENCE (STALL), SILENCE (STALL),    READY, END
};
/* An answer that is lost is asked for again. */
static const FlashExchange erase_lost[] = { IDLE_FIRST, ERASE ("00400008"), SILENCE (TIMED_OUT),
                                            READY, END };
static const FlashExchange erase_garbled[] = {
  IDLE_FIRST, ERASE ("00400008"), SAYS ("ff0000000400"), SAYS ("00"), READY, END
};
/* A state error is left, and it is tried once more. */
static const FlashExchange erase_again[] = {
  IDLE_FIRST,
  FAILS (DNLOAD, 0, 5, STALL),
  SAYS ("0f0000000a00"),
  SAYS ("0f0000000a00"),
  ROW (CLEAR),
  IDLE,
  ERASE ("00400008"),
  BUSY,
  READY,
  END,
};

/* No time asked for, and never ready: 35 s, and not a question for each microsecond. */
static void
run_erase_zero_polls (FlashDfuseBench *bench)
{
  run_erase (bench);
  g_assert_cmpuint (flash_dfuse_bench_get_ms (bench), ==, 3);
}

static const FlashExchange erase_zero_polls[] = {
  IDLE_FIRST, ERASE ("00400008"), BUSY, BUSY, BUSY, READY, END
};

/* 16 777 215 ms: asked when the time is up, and once more. */
static const FlashExchange erase_endless_poll[] = { IDLE_FIRST, ERASE ("00400008"),
                                                    SAYS ("00ffffff0400"), READY, END };

static void
run_erase_endless_poll (FlashDfuseBench *bench)
{
  run_erase (bench);
  g_assert_cmpuint (flash_dfuse_bench_get_ms (bench), ==, 10000);
}

static void
run_erase_fails (FlashDfuseBench *bench, GQuark domain, gint code, const char *message)
{
  g_assert_false (flash_dfuse_erase (bench->dfuse, 0x08004000, 16 * 1024, &bench->error));
  flash_dfuse_bench_take_error (bench, domain, code, message);
}

/* After a failure the device is brought back; what it said before that is the evidence. */
static const FlashExchange erase_protected[] = {
  IDLE_FIRST, ERASE ("00400008"), SAYS ("0b0000000a00"), SAYS ("0b0000000a00"), ROW (CLEAR), IDLE,
  END,
};

static void
run_erase_protected (FlashDfuseBench *bench)
{
  FlashDfuStatus status;

  run_erase_fails (bench, DFU (PROTECTED),
                   "the board reports errVENDOR in state dfuERROR (10) "
                   "after a sector was erased");
  flash_dfuse_get_last_status (bench->dfuse, &status);
  g_assert_cmpint (status.code, ==, FLASH_DFU_STATUS_ERR_VENDOR);
  g_assert_cmpint (status.state, ==, FLASH_DFU_STATE_ERROR);
}

static const FlashExchange erase_target[] = {
  IDLE_FIRST, ERASE ("00400008"), SAYS ("010000000a00"), SAYS ("010000000a00"), ROW (CLEAR), IDLE,
  END,
};

static void
run_erase_target (FlashDfuseBench *bench)
{
  run_erase_fails (bench, DFU (TARGET), "the board reports errTARGET");
}

/* mboot has a text for it (section 1.4). */
static const FlashExchange erase_text[] = {
  IDLE_FIRST,
  ERASE ("00400008"),
  SAYS ("080000000a11"),
  ROW (FLASH_SCRIPT_STRING, 0x11, 255, "0a034e006f00210020000000"),
  SAYS ("080000000a11"),
  ROW (CLEAR),
  IDLE,
  END,
};

static void
run_erase_text (FlashDfuseBench *bench)
{
  run_erase_fails (bench, DFU (TARGET),
                   "the board reports errADDRESS in state dfuERROR (10) after a sector was "
                   "erased: “No! ”");
}

static const FlashExchange erase_fails_twice[] = {
  IDLE_FIRST,
  ERASE ("00400008"),
  SAYS ("040000000a00"),
  SAYS ("040000000a00"),
  ROW (CLEAR),
  IDLE,
  ERASE ("00400008"),
  SAYS ("040000000a00"),
  SAYS ("040000000a00"),
  ROW (CLEAR),
  IDLE,
  END,
};

static void
run_erase_fails_twice (FlashDfuseBench *bench)
{
  run_erase_fails (bench, DFU (DEVICE), "the board reports errERASE");
}

static const FlashExchange erase_unexpected[] = {
  IDLE_FIRST, ERASE ("00400008"), IDLE, IDLE, ERASE ("00400008"), IDLE, IDLE, END
};

static void
run_erase_unexpected (FlashDfuseBench *bench)
{
  run_erase_fails (bench, DFU (UNEXPECTED_STATE),
                   "the board is in state dfuIDLE (2) after a sector was erased");
}

/* 4 s at a time: 10 s are over with the fourth answer, and the way back is a short one. */
#define BUSY_4_S SAYS ("00a00f000400")
static const FlashExchange erase_never[] = { IDLE_FIRST, ERASE ("00400008"), BUSY_4_S, BUSY_4_S,
                                             BUSY_4_S,   BUSY_4_S,           BUSY_4_S, END };

static void
run_erase_never (FlashDfuseBench *bench)
{
  run_erase_fails (bench, DFU (STUCK_BUSY), "the board has been in state dfuDNBUSY for 10 s");
}

static const FlashExchange erase_gone[] = { IDLE_FIRST, ERASE ("00400008"), BUSY, SILENCE (GONE),
                                            END };

static void
run_erase_gone (FlashDfuseBench *bench)
{
  run_erase_fails (bench, USB (GONE), "as in the script");
}

static const FlashExchange erase_mute[] = {
  IDLE_FIRST,          ERASE ("00400008"),  SILENCE (TIMED_OUT),
  SILENCE (TIMED_OUT), SILENCE (TIMED_OUT), END,
};

static void
run_erase_mute (FlashDfuseBench *bench)
{
  run_erase_fails (bench, USB (TIMED_OUT), "as in the script");
}

/* Before a request: the device is left as well as it can be. */
static void
run_erase_cancelled (FlashDfuseBench *bench)
{
  g_assert_true (flash_dfuse_to_idle (bench->dfuse, &bench->error));
  g_cancellable_cancel (bench->cancellable);
  g_assert_false (flash_dfuse_erase (bench->dfuse, 0x08004000, 16 * 1024, &bench->error));
  flash_dfuse_bench_take_error (bench, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
}

static const FlashExchange erase_cancelled_before[] = { IDLE_FIRST, IDLE, END };

/* How long each size may take (section 2.3). */
static void
run_erase_patience (FlashDfuseBench *bench)
{
  static const struct {
    guint32 size;
    guint ms;
  } cases[] = {
    { 128, 5000 },         { 8 * 1024, 5000 },    { 8 * 1024 + 1, 10000 }, { 64 * 1024, 10000 },
    { 128 * 1024, 15000 }, { 256 * 1024, 15000 }, { 1024 * 1024, 40000 },  { 4096 * 1024, 80000 },
  };

  for (guint i = 0; i < N (cases); i++) {
    guint start_ms = flash_dfuse_bench_get_ms (bench);

    g_assert_false (flash_dfuse_erase (bench->dfuse, 0, cases[i].size, &bench->error));
    flash_dfuse_bench_take_error (bench, DFU (STUCK_BUSY), "");
    /* And 3 s for the way back, since it wanted more. */
    g_assert_cmpuint (flash_dfuse_bench_get_ms (bench) - start_ms, ==, cases[i].ms + 3000);
  }
}

#define FOREVER SAYS ("00ffffff0400")
#define TOO_LONG IDLE, ERASE ("00000000"), FOREVER, FOREVER, IDLE
#define TOO_LONG_FIRST ERASE ("00000000"), FOREVER, FOREVER, IDLE
static const FlashExchange erase_patience[] = {
  IDLE,
  TOO_LONG_FIRST,
  TOO_LONG_FIRST,
  TOO_LONG_FIRST,
  TOO_LONG_FIRST,
  TOO_LONG_FIRST,
  TOO_LONG_FIRST,
  ERASE ("00000000"),
  FOREVER,
  FOREVER,
  IDLE,
  ERASE ("00000000"),
  FOREVER,
  FOREVER,
  FOREVER,
  IDLE,
  END,
};

/* The H743 (section 0.3, fact 5). */
static const FlashDfuDevice h743 = {
  0x0483, 0xdf11,         0x0200,
  2,      0x0b,           8,
  0x011a, "200364500000", { "@Internal Flash   /0x08000000/16*128Kg" },
};
static const FlashExchange erase_forever[] = {
  IDLE_FIRST, ERASE ("00400008"), FOREVER, FOREVER, ROW (CLEAR), SAYS ("0e0000000a00"), ROW (CLEAR),
  IDLE,       ERASE ("00400008"), BUSY,    READY,   END,
};

static void
run_erase_forever (FlashDfuseBench *bench)
{
  g_assert_true ((flash_dfuse_get_quirks (bench->dfuse)->flags & FLASH_DFU_QUIRK_BUSY_FOREVER) !=
                 0);
  run_erase (bench);
  g_assert_cmpuint (flash_dfuse_bench_get_ms (bench), ==, 5000);
  run_erase (bench);
}

/* --- Mass erase ----------------------------------------------------------------------------- */

#define MASS ROW (DNLOAD, 0, 1, .sent = "41")

/* An F405 says 100 ms and takes up to 32 s (section 0.3, fact 2). */
static const FlashExchange mass_erase[] = { IDLE_FIRST, MASS, SAYS_WITHIN ("006400000400", 40000),
                                            SAYS_WITHIN ("000000000500", 40000), END };
static const FlashExchange mass_erase_large[] = { IDLE_FIRST, MASS,
                                                  SAYS_WITHIN ("006400000400", 80000),
                                                  SAYS_WITHIN ("000000000500", 80000), END };

static void
run_mass_erase (FlashDfuseBench *bench)
{
  g_assert_true (flash_dfuse_mass_erase (bench->dfuse, 1024 * 1024, &bench->error));
}

static void
run_mass_erase_large (FlashDfuseBench *bench)
{
  g_assert_true (flash_dfuse_mass_erase (bench->dfuse, 4 * 1024 * 1024, &bench->error));
}

/* An L0 does not know it (section 8.6). */
static const FlashExchange mass_erase_target[] = {
  IDLE_FIRST, MASS, SAYS ("010000000a00"), SAYS ("010000000a00"), ROW (CLEAR), IDLE, END
};
static const FlashExchange mass_erase_stall[] = {
  IDLE_FIRST,
  FAILS (DNLOAD, 0, 1, STALL),
  SAYS ("0f0000000a00"),
  SAYS ("0f0000000a00"),
  ROW (CLEAR),
  IDLE,
  FAILS (DNLOAD, 0, 1, STALL),
  SAYS ("0f0000000a00"),
  SAYS ("0f0000000a00"),
  ROW (CLEAR),
  IDLE,
  END,
};
static const FlashExchange mass_erase_quiet_stall[] = {
  IDLE_FIRST, FAILS (DNLOAD, 0, 1, STALL), IDLE, IDLE, FAILS (DNLOAD, 0, 1, STALL), IDLE, IDLE, END
};

static void
run_mass_erase_unsupported (FlashDfuseBench *bench)
{
  g_assert_false (flash_dfuse_mass_erase (bench->dfuse, 192 * 1024, &bench->error));
  flash_dfuse_bench_take_error (bench, DFU (UNSUPPORTED), "mass erase is refused: ");
}

static const FlashExchange mass_erase_protected[] = {
  IDLE_FIRST, MASS, SAYS ("0b0000000a00"), SAYS ("0b0000000a00"), ROW (CLEAR), IDLE, END
};

static void
run_mass_erase_protected (FlashDfuseBench *bench)
{
  g_assert_false (flash_dfuse_mass_erase (bench->dfuse, 192 * 1024, &bench->error));
  flash_dfuse_bench_take_error (bench, DFU (PROTECTED), "the board reports errVENDOR");
}

static const FlashDfuseCase cases[] = {
  { "erase/rom", run_erase_waits, NULL, erase_rom },
  { "erase/at-once", run_erase, NULL, erase_at_once },
  { "erase/sync", run_erase, NULL, erase_sync },
  { "erase/stalls", run_erase, NULL, erase_stalls },
  { "erase/lost", run_erase, NULL, erase_lost },
  { "erase/garbled", run_erase, NULL, erase_garbled },
  { "erase/again", run_erase, NULL, erase_again },
  { "erase/zero-polls", run_erase_zero_polls, NULL, erase_zero_polls },
  { "erase/endless-poll", run_erase_endless_poll, NULL, erase_endless_poll },
  { "erase/protected", run_erase_protected, NULL, erase_protected },
  { "erase/target", run_erase_target, NULL, erase_target },
  { "erase/text", run_erase_text, NULL, erase_text },
  { "erase/fails-twice", run_erase_fails_twice, NULL, erase_fails_twice },
  { "erase/unexpected", run_erase_unexpected, NULL, erase_unexpected },
  { "erase/never", run_erase_never, NULL, erase_never },
  { "erase/gone", run_erase_gone, NULL, erase_gone },
  { "erase/mute", run_erase_mute, NULL, erase_mute },
  { "erase/cancelled-before", run_erase_cancelled, NULL, erase_cancelled_before },
  { "erase/patience", run_erase_patience, NULL, erase_patience },
  { "erase/forever", run_erase_forever, &h743, erase_forever },
  { "mass-erase/rom", run_mass_erase, NULL, mass_erase },
  { "mass-erase/large", run_mass_erase_large, NULL, mass_erase_large },
  { "mass-erase/target", run_mass_erase_unsupported, NULL, mass_erase_target },
  { "mass-erase/stall", run_mass_erase_unsupported, NULL, mass_erase_stall },
  { "mass-erase/quiet-stall", run_mass_erase_unsupported, NULL, mass_erase_quiet_stall },
  { "mass-erase/protected", run_mass_erase_protected, NULL, mass_erase_protected },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  flash_dfuse_bench_add_cases (cases, N (cases));
  return g_test_run ();
}
