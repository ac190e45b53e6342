/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every packet of the way to dfuIDLE (stm32-dfuse.md section 2.10). */
#include "config.h"

#include "flash-dfuse-bench.h"

static void
run_select (FlashDfuseBench *bench)
{
  g_assert_true (flash_dfuse_select (bench->dfuse, 1, &bench->error));
}

static const FlashExchange select_idle[] = { ROW (SELECT, 1), IDLE, END };
/* A ROM that has just been entered (section 0.3, fact 3). */
static const FlashExchange select_fresh[] = { ROW (SELECT, 1), SAYS ("0a0000000a00"), ROW (CLEAR),
                                              IDLE, END };
/* An error that is over and still told: CLRSTATUS here would make one (fact 4). */
static const FlashExchange select_old_error[] = { ROW (SELECT, 1), SAYS ("0a0000000200"), END };
static const FlashExchange select_upload[] = { ROW (SELECT, 1), READING, ROW (ABORT), IDLE, END };
static const FlashExchange select_sync[] = { ROW (SELECT, 1), SAYS ("000000000300"), ROW (ABORT),
                                             IDLE, END };
static const FlashExchange select_manifest_sync[] = { ROW (SELECT, 1), SAYS ("000000000600"),
                                                      ROW (ABORT), IDLE, END };
/* ST's middleware after a forbidden upload (section 1.5). */
static const FlashExchange select_unknown[] = {
  ROW (SELECT, 1), SAYS ("000000000f00"), ROW (CLEAR), SAYS ("0e0000000a00"), ROW (CLEAR), IDLE, END
};
static const FlashExchange select_refused_abort[] = {
  ROW (SELECT, 1), READY, FAILS (ABORT, 0, 0, STALL), SAYS ("0f0000000a00"), ROW (CLEAR), IDLE, END
};
static const FlashExchange select_stalls[] = { ROW (SELECT, 1), SILENCE (STALL), SILENCE (STALL),
                                               IDLE, END };
static const FlashExchange select_short[] = { ROW (SELECT, 1), SAYS (""), SAYS ("0000"), IDLE,
                                              END };
static const FlashExchange select_no_answer_until_cleared[] = {
  ROW (SELECT, 1),
  SILENCE (STALL),
  SILENCE (STALL),
  SILENCE (STALL),
  SILENCE (STALL),
  SILENCE (STALL),
  SILENCE (STALL),
  ROW (CLEAR),
  IDLE,
  END,
};
/* One that has nothing to choose. */
static const FlashExchange select_single[] = { FAILS (SELECT, 1, 0, STALL), IDLE, END };

/* A minute of something else is waited for. */
static const FlashExchange select_busy[] = { ROW (SELECT, 1), SAYS ("00e803000400"),
                                             SAYS ("00e803000400"), IDLE, END };

static void
run_select_busy (FlashDfuseBench *bench)
{
  run_select (bench);
  g_assert_cmpuint (flash_dfuse_bench_get_ms (bench), ==, 2000);
}

/* Wedged: after 40 s by force. */
static const FlashExchange select_wedged[] = {
  ROW (SELECT, 1),
  SAYS ("00a861000400"),
  SAYS ("00a861000400"),
  SAYS ("00a861000400"),
  ROW (CLEAR),
  SAYS ("0e0000000a00"),
  ROW (CLEAR),
  IDLE,
  END,
};

static void
run_select_fails (FlashDfuseBench *bench, GQuark domain, gint code, const char *message)
{
  g_assert_false (flash_dfuse_select (bench->dfuse, 1, &bench->error));
  flash_dfuse_bench_take_error (bench, domain, code, message);
}

static const FlashExchange select_wedged_for_good[] = {
  ROW (SELECT, 1),
  SAYS ("00a861000400"),
  SAYS ("00a861000400"),
  SAYS ("00a861000400"),
  ROW (CLEAR),
  SAYS ("00a861000400"),
  END,
};

static void
run_select_stuck (FlashDfuseBench *bench)
{
  run_select_fails (bench, DFU (STUCK_BUSY), "the board has been in state dfuDNBUSY for 40 s");
}

static const FlashExchange select_application[] = { ROW (SELECT, 1), SAYS ("000000000000"), END };
static const FlashExchange select_wants_reset[] = { ROW (SELECT, 1), SAYS ("000000000800"), END };

static void
run_select_unexpected (FlashDfuseBench *bench)
{
  run_select_fails (bench, DFU (UNEXPECTED_STATE), "the board is in state ");
}

#define STUCK SAYS ("0e0000000a00"), ROW (CLEAR)
static const FlashExchange select_error_for_ever[] = {
  ROW (SELECT, 1), STUCK, STUCK, STUCK, STUCK, STUCK, SAYS ("0e0000000a00"), END
};

static void
run_select_error (FlashDfuseBench *bench)
{
  run_select_fails (bench, DFU (DEVICE),
                    "the board reports errUNKNOWN in state dfuERROR (10) "
                    "while it should be idle");
}

#define IGNORED READY, ROW (ABORT)
static const FlashExchange select_ignored_abort[] = { ROW (SELECT, 1), IGNORED, IGNORED, IGNORED,
                                                      IGNORED,         IGNORED, READY,   END };

static void
run_select_ignored (FlashDfuseBench *bench)
{
  run_select_fails (bench, DFU (UNEXPECTED_STATE), "the board is in state dfuDNLOAD-IDLE (5)");
}

/* Busy, and no time asked for: patience is counted in seconds, not in questions. */
static void
test_busy_without_time (void)
{
  const guint n_busy = 2000;
  g_autofree FlashExchange *script = g_new0 (FlashExchange, n_busy + 3);
  g_autoptr (FlashTransport) transport = NULL;
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  const FlashDfuDevice device = { 0x0483, 0xdf11, 0x2200, 2, 0x0b, 8, 0x011a, NULL, { "@A" } };
  g_autoptr (FlashDescriptors) descriptors = flash_dfu_device_describe (&device);
  g_autoptr (FlashDfuse) dfuse = NULL;
  g_autoptr (GError) error = NULL;

  script[0] = (FlashExchange) ROW (SELECT, 0);
  for (guint i = 1; i <= n_busy; i++)
    script[i] = (FlashExchange) BUSY;
  script[n_busy + 1] = (FlashExchange) IDLE;
  script[n_busy + 2] = (FlashExchange) END;
  transport = flash_script_transport_new (script);
  dfuse = flash_dfuse_new (transport, clock, descriptors, NULL);
  g_assert_true (flash_dfuse_select (dfuse, 0, &error));
  g_assert_no_error (error);
  g_assert_cmpint (flash_clock_get_time_us (clock), >, 15 * G_USEC_PER_SEC);
  flash_script_transport_assert_done (transport);
}

static const FlashExchange select_gone[] = { ROW (SELECT, 1), SILENCE (GONE), END };
static const FlashExchange select_gone_at_once[] = { FAILS (SELECT, 1, 0, GONE), END };
static const FlashExchange select_gone_on_clear[] = { ROW (SELECT, 1), SAYS ("0a0000000a00"),
                                                      FAILS (CLEAR, 0, 0, GONE), END };

static void
run_select_gone (FlashDfuseBench *bench)
{
  run_select_fails (bench, USB (GONE), "as in the script");
}

static const FlashDfuDevice two_settings = {
  0x0483, 0xdf11, 0x2200, 2, 0x0b, 8, 0x011a, NULL, { "@Flash/0x08000000/1*1Kg", "@Option" }
};
static const FlashExchange select_refused[] = { FAILS (SELECT, 1, 0, STALL), END };

static void
run_select_refused (FlashDfuseBench *bench)
{
  run_select_fails (bench, USB (STALL), "as in the script");
}

static const FlashExchange nothing[] = { END };

static void
run_select_cancelled (FlashDfuseBench *bench)
{
  g_cancellable_cancel (bench->cancellable);
  run_select_fails (bench, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
}

static const FlashDfuseCase cases[] = {
  { "select/idle", run_select, NULL, select_idle },
  { "select/fresh", run_select, NULL, select_fresh },
  { "select/old-error", run_select, NULL, select_old_error },
  { "select/upload", run_select, NULL, select_upload },
  { "select/sync", run_select, NULL, select_sync },
  { "select/manifest-sync", run_select, NULL, select_manifest_sync },
  { "select/unknown-state", run_select, NULL, select_unknown },
  { "select/refused-abort", run_select, NULL, select_refused_abort },
  { "select/stalls", run_select, NULL, select_stalls },
  { "select/short", run_select, NULL, select_short },
  { "select/no-answer", run_select, NULL, select_no_answer_until_cleared },
  { "select/single", run_select, NULL, select_single },
  { "select/busy", run_select_busy, NULL, select_busy },
  { "select/wedged", run_select, NULL, select_wedged },
  { "select/wedged-for-good", run_select_stuck, NULL, select_wedged_for_good },
  { "select/application", run_select_unexpected, NULL, select_application },
  { "select/wants-reset", run_select_unexpected, NULL, select_wants_reset },
  { "select/error-for-ever", run_select_error, NULL, select_error_for_ever },
  { "select/ignored-abort", run_select_ignored, NULL, select_ignored_abort },
  { "select/gone", run_select_gone, NULL, select_gone },
  { "select/gone-at-once", run_select_gone, NULL, select_gone_at_once },
  { "select/gone-on-clear", run_select_gone, NULL, select_gone_on_clear },
  { "select/refused", run_select_refused, &two_settings, select_refused },
  { "select/cancelled", run_select_cancelled, NULL, nothing },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  flash_dfuse_bench_add_cases (cases, G_N_ELEMENTS (cases));
  g_test_add_func ("/dfuse/select/busy-without-time", test_busy_without_time);
  return g_test_run ();
}
