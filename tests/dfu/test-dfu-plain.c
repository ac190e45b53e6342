/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session with devices that are no STM32MP (stm32-dfuse.md sections 1.7 to 1.9). */
#include "config.h"

#include "flash-dfu-device.h"
#include "flash-dfu-session.h"
#include "flash-script-transport.h"

#define SELECT FLASH_SCRIPT_SELECT
#define RESET FLASH_SCRIPT_RESET
#define DETACH FLASH_DFU_REQUEST_DETACH
#define DNLOAD FLASH_DFU_REQUEST_DNLOAD
#define UPLOAD FLASH_DFU_REQUEST_UPLOAD
#define STATUS FLASH_DFU_REQUEST_GETSTATUS
#define CLEAR FLASH_DFU_REQUEST_CLRSTATUS
#define ABORT FLASH_DFU_REQUEST_ABORT
#define END FLASH_EXCHANGE_END
#define ROW(...)                                                                                   \
  {                                                                                                \
    __VA_ARGS__                                                                                    \
  }
#define SAYS(digits) ROW (STATUS, 0, 6, digits)
#define IDLE SAYS ("000000000200")
#define READY SAYS ("000000000500")
#define FAILS(request, value, length, code)                                                        \
  ROW (request, value, length, NULL, TRUE, FLASH_TRANSPORT_ERROR_##code)
#define SILENCE(code) FAILS (STATUS, 0, 6, code)
#define DFU(code) FLASH_DFU_ERROR, FLASH_DFU_ERROR_##code
#define USB(code) FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_##code

#define MUST_RESET 0x03
#define TOLERANT 0x07
#define STAYS_ON_BUS 0x01
#define WILL_DETACH 0x09

typedef struct {
  FlashTransport *transport;
  FlashClock *clock;
  GCancellable *cancellable;
  FlashDfuSession *session;
  GError *error;
} Bench;

typedef struct {
  const char *name;
  void (*run) (Bench *bench);
  guint8 attributes;
  const FlashExchange *script;
} Case;

static void
run_case (gconstpointer data)
{
  const Case *entry = data;
  const FlashDfuDevice device = {
    0x1209, 0x0001, 0x0100, 2, entry->attributes, 64, 0x0110, NULL, { "FLASH" },
  };
  g_autoptr (FlashDescriptors) descriptors = flash_dfu_device_describe (&device);
  Bench bench = {
    .transport = flash_script_transport_new (entry->script),
    .clock = flash_clock_new_virtual (),
    .cancellable = g_cancellable_new (),
  };

  bench.session = flash_dfu_session_new (bench.transport, bench.clock, 0, bench.cancellable);
  flash_dfu_session_set_device (bench.session, descriptors);
  entry->run (&bench);
  g_assert_no_error (bench.error);
  flash_script_transport_assert_done (bench.transport);
  g_assert_finalize_object (bench.session);
  g_assert_finalize_object (bench.transport);
  g_assert_finalize_object (bench.clock);
  g_assert_finalize_object (bench.cancellable);
}

static void
take_error (Bench *bench, GQuark domain, gint code, const char *begin)
{
  g_assert_error (bench->error, domain, code);
  if (!g_str_has_prefix (bench->error->message, begin))
    g_assert_cmpstr (bench->error->message, ==, begin);
  g_clear_error (&bench->error);
}

/* --- Selecting and blocks ------------------------------------------------------------------- */

static void
run_select (Bench *bench)
{
  g_assert_true (flash_dfu_session_select (bench->session, 0, &bench->error));
}

static const FlashExchange select_error[] = { ROW (SELECT, 0), SAYS ("0a0000000a00"), ROW (CLEAR),
                                              IDLE, END };
/* There is nothing to choose. */
static const FlashExchange select_refused[] = { FAILS (SELECT, 0, 0, STALL), IDLE, END };
static const FlashExchange select_unknown[] = {
  ROW (SELECT, 0), SAYS ("000000000f00"), ROW (CLEAR), SAYS ("0e0000000a00"), ROW (CLEAR), IDLE, END
};
static const FlashExchange select_gone[] = { FAILS (SELECT, 0, 0, GONE), END };

static void
run_select_gone (Bench *bench)
{
  g_assert_false (flash_dfu_session_select (bench->session, 0, &bench->error));
  take_error (bench, USB (GONE), "as in the script");
}

static gboolean
download (Bench *bench)
{
  static const guint8 data[64] = { 0 };

  return flash_dfu_session_download (bench->session, 0, data, sizeof data, &bench->error);
}

static void
run_download (Bench *bench)
{
  g_assert_true (download (bench));
}

static const FlashExchange block[] = { ROW (DNLOAD, 0, 64), SAYS ("000100000400"), READY, END };
static const FlashExchange block_stalls[] = { ROW (DNLOAD, 0, 64), SAYS ("000100000400"),
                                              SILENCE (STALL), READY, END };
static const FlashExchange block_fails[] = { ROW (DNLOAD, 0, 64), SAYS ("030000000a00"), END };
static const FlashExchange block_says_why[] = {
  ROW (DNLOAD, 0, 64),
  SAYS ("030000000a04"),
  ROW (FLASH_SCRIPT_STRING, 4, 255, "06034e006f00"),
  END,
};

static void
run_download_fails (Bench *bench)
{
  g_assert_false (download (bench));
  take_error (bench, DFU (DEVICE), "the board reports errWRITE in state dfuERROR (10) after data");
}

static void
run_download_says_why (Bench *bench)
{
  g_assert_false (download (bench));
  take_error (bench, DFU (DEVICE),
              "the board reports errWRITE in state dfuERROR (10) after data was sent: “No”");
}

static const FlashExchange block_gone[] = { ROW (DNLOAD, 0, 64), SILENCE (GONE), END };

static void
run_download_gone (Bench *bench)
{
  g_assert_false (download (bench));
  take_error (bench, USB (GONE), "as in the script");
}

/* 65 280 ms, says an Openmoko, and means nothing by it (section 3.1). */
static void
test_ignored_poll (void)
{
  static const FlashDfuDevice device = {
    0x1d50, 0x5117, 0x0100, 2, 0x03, 64, 0x0100, NULL, { "RAM 0x32000000" },
  };
  static const FlashExchange script[] = { ROW (DNLOAD, 0, 64), SAYS ("0000ff000400"), READY, END };
  g_autoptr (FlashDescriptors) descriptors = flash_dfu_device_describe (&device);
  g_autoptr (FlashTransport) transport = flash_script_transport_new (script);
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashDfuSession) session = flash_dfu_session_new (transport, clock, 0, NULL);
  static const guint8 data[64] = { 0 };
  g_autoptr (GError) error = NULL;

  flash_dfu_session_set_device (session, descriptors);
  g_assert_true (flash_dfu_session_download (session, 0, data, sizeof data, &error));
  g_assert_no_error (error);
  g_assert_cmpint (flash_clock_get_time_us (clock), ==, 5000);
  flash_script_transport_assert_done (transport);
}

static const FlashExchange recover[] = { SAYS ("000000000900"), ROW (ABORT), IDLE, END };
static const FlashExchange recover_gone[] = { SILENCE (GONE), END };

static void
run_recover (Bench *bench)
{
  g_assert_true (flash_dfu_session_recover (bench->session));
}

static void
run_recover_gone (Bench *bench)
{
  g_assert_false (flash_dfu_session_recover (bench->session));
}

/* --- The end -------------------------------------------------------------------------------- */

static void
finish (Bench *bench, FlashDfuEnd expected)
{
  FlashDfuEnd end = FLASH_DFU_END_IDLE + 77;

  g_assert_true (flash_dfu_session_finish (bench->session, 1, &end, &bench->error));
  g_assert_cmpint (end, ==, expected);
}

#define LAST ROW (DNLOAD, 1, 0)
#define MANIFEST SAYS ("00f401000700")
static const FlashExchange end_idle[] = { LAST, SAYS ("000000000600"), MANIFEST, IDLE, END };

/* A second more than it says (section 1.7). */
static void
run_end_idle (Bench *bench)
{
  finish (bench, FLASH_DFU_END_IDLE);
  g_assert_cmpint (flash_clock_get_time_us (bench->clock), ==, 2501000);
}

static const FlashExchange end_wait_reset[] = { LAST, MANIFEST, SAYS ("000000000800"), ROW (RESET),
                                                END };
static const FlashExchange end_mute[] = { LAST, MANIFEST, SILENCE (TIMED_OUT), ROW (RESET), END };
static const FlashExchange end_stalls[] = {
  LAST,        MANIFEST, SILENCE (STALL), SILENCE (STALL), SILENCE (STALL), SILENCE (STALL),
  ROW (RESET), END
};
static const FlashExchange end_gone[] = { LAST, MANIFEST, SILENCE (GONE), END };
static const FlashExchange end_gone_at_once[] = { LAST, SILENCE (GONE), END };
static const FlashExchange end_application[] = { LAST, SAYS ("000000000000"), END };

static void
run_end_away (Bench *bench)
{
  finish (bench, FLASH_DFU_END_AWAY);
}

static const FlashExchange end_silent[] = { LAST, MANIFEST, SILENCE (TIMED_OUT), END };

static void
run_end_silent (Bench *bench)
{
  finish (bench, FLASH_DFU_END_SILENT);
}

static void
finish_fails (Bench *bench, GQuark domain, gint code, const char *message)
{
  FlashDfuEnd end = FLASH_DFU_END_IDLE + 77;

  g_assert_false (flash_dfu_session_finish (bench->session, 1, &end, &bench->error));
  take_error (bench, domain, code, message);
  g_assert_cmpint (end, ==, FLASH_DFU_END_IDLE + 77);
}

static const FlashExchange end_refused[] = { FAILS (DNLOAD, 1, 0, STALL), SAYS ("0f0000000a00"),
                                             END };
static const FlashExchange end_error[] = { LAST, SAYS ("070000000a00"), END };

static void
run_end_error (Bench *bench)
{
  finish_fails (bench, DFU (DEVICE), "the board reports err");
}

static const FlashExchange end_unexpected[] = { LAST, READY, END };

static void
run_end_unexpected (Bench *bench)
{
  finish_fails (bench, DFU (UNEXPECTED_STATE),
                "the board is in state dfuDNLOAD-IDLE (5) after all data was sent");
}

static const FlashExchange end_no_reset[] = { LAST, SAYS ("000000000800"),
                                              FAILS (RESET, 0, 0, NO_PERMISSION), END };

static void
run_end_no_reset (Bench *bench)
{
  finish_fails (bench, USB (NO_PERMISSION), "as in the script");
}

static const FlashExchange end_closed[] = { LAST, SILENCE (NOT_OPEN), END };

static void
run_end_closed (Bench *bench)
{
  finish_fails (bench, USB (NOT_OPEN), "as in the script");
}

#define STORING SAYS ("00409c000700")
static const FlashExchange end_never[] = { LAST, STORING, STORING, STORING, STORING, END };

static void
run_end_never (Bench *bench)
{
  finish_fails (bench, DFU (STUCK_BUSY), "the board has been storing for 120 s");
}

static const FlashExchange end_cancelled[] = { LAST, MANIFEST, END };

static void
run_end_cancelled (Bench *bench)
{
  g_cancellable_cancel (bench->cancellable);
  finish_fails (bench, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
}

/* --- Run time ------------------------------------------------------------------------------- */

static void
leave_runtime (Bench *bench, gboolean is_in_dfu)
{
  gboolean found = !is_in_dfu;

  g_assert_true (flash_dfu_session_leave_runtime (bench->session, &found, &bench->error));
  g_assert_cmpint (found, ==, is_in_dfu);
}

static void
run_runtime (Bench *bench)
{
  leave_runtime (bench, FALSE);
}

static void
run_runtime_in_dfu (Bench *bench)
{
  leave_runtime (bench, TRUE);
}

#define APPLICATION SAYS ("000000000000")
#define GO ROW (DETACH, 1000, 0)
static const FlashExchange runtime_by_itself[] = { APPLICATION, GO, END };
/* GETSTATUS need not be known there. */
static const FlashExchange runtime_no_status[] = { SILENCE (STALL), GO, END };
static const FlashExchange runtime_reset[] = { APPLICATION, GO, ROW (RESET), END };
static const FlashExchange runtime_detached[] = { SAYS ("000000000100"), GO, ROW (RESET), END };
static const FlashExchange runtime_refuses[] = { APPLICATION, FAILS (DETACH, 1000, 0, STALL),
                                                 ROW (RESET), END };
static const FlashExchange runtime_silent[] = { APPLICATION, FAILS (DETACH, 1000, 0, TIMED_OUT),
                                                END };
static const FlashExchange runtime_leaves[] = { APPLICATION, FAILS (DETACH, 1000, 0, GONE), END };
static const FlashExchange runtime_in_dfu[] = { IDLE, END };
static const FlashExchange runtime_in_error[] = { SAYS ("0a0000000a00"), END };

static void
runtime_fails (Bench *bench, GQuark domain, gint code, const char *message)
{
  gboolean found = 77;

  g_assert_false (flash_dfu_session_leave_runtime (bench->session, &found, &bench->error));
  take_error (bench, domain, code, message);
}

static const FlashExchange runtime_gone[] = { SILENCE (GONE), END };

static void
run_runtime_gone (Bench *bench)
{
  runtime_fails (bench, USB (GONE), "as in the script");
}

static const FlashExchange runtime_no_reset[] = { APPLICATION, GO,
                                                  FAILS (RESET, 0, 0, NO_PERMISSION), END };
static const FlashExchange runtime_no_detach[] = { APPLICATION,
                                                   FAILS (DETACH, 1000, 0, NO_PERMISSION), END };

static void
run_runtime_no_permission (Bench *bench)
{
  runtime_fails (bench, USB (NO_PERMISSION), "as in the script");
}

static const FlashExchange nothing[] = { END };

static void
run_runtime_cancelled (Bench *bench)
{
  g_cancellable_cancel (bench->cancellable);
  runtime_fails (bench, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
}

/* Another interface than the first: its setting is chosen, or not (section 1.9). */
static void
test_runtime_interface (void)
{
  static const FlashDfuDevice device = { 0x1d50, 0x6018, 1, 1, 0x09, 64, 0x0110, NULL, { "DFU" } };
  static const FlashExchange chosen[] = { ROW (SELECT, 0), APPLICATION, GO, END };
  static const FlashExchange refused[] = { FAILS (SELECT, 0, 0, STALL), APPLICATION, GO, END };
  const FlashExchange *const scripts[] = { chosen, refused };
  g_autoptr (FlashDescriptors) descriptors = flash_dfu_device_describe (&device);

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
    g_autoptr (FlashTransport) transport = flash_script_transport_new (scripts[i]);
    g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
    g_autoptr (FlashDfuSession) session = flash_dfu_session_new (transport, clock, 4, NULL);
    g_autoptr (GError) error = NULL;
    gboolean is_in_dfu = TRUE;

    flash_dfu_session_set_device (session, descriptors);
    g_assert_true (flash_dfu_session_leave_runtime (session, &is_in_dfu, &error));
    g_assert_no_error (error);
    g_assert_false (is_in_dfu);
    flash_script_transport_assert_done (transport);
  }
}

static const Case cases[] = {
  { "select/error", run_select, TOLERANT, select_error },
  { "select/refused", run_select, TOLERANT, select_refused },
  { "select/unknown-state", run_select, TOLERANT, select_unknown },
  { "select/gone", run_select_gone, TOLERANT, select_gone },
  { "download/block", run_download, TOLERANT, block },
  { "download/stalls", run_download, TOLERANT, block_stalls },
  { "download/fails", run_download_fails, TOLERANT, block_fails },
  { "download/says-why", run_download_says_why, TOLERANT, block_says_why },
  { "download/gone", run_download_gone, TOLERANT, block_gone },
  { "recover/ok", run_recover, TOLERANT, recover },
  { "recover/gone", run_recover_gone, TOLERANT, recover_gone },
  { "end/idle", run_end_idle, TOLERANT, end_idle },
  { "end/wait-reset", run_end_away, MUST_RESET, end_wait_reset },
  { "end/mute", run_end_away, MUST_RESET, end_mute },
  { "end/stalls", run_end_away, MUST_RESET, end_stalls },
  { "end/gone", run_end_away, MUST_RESET, end_gone },
  { "end/gone-at-once", run_end_away, MUST_RESET, end_gone_at_once },
  { "end/application", run_end_away, MUST_RESET, end_application },
  { "end/silent", run_end_silent, TOLERANT, end_silent },
  { "end/refused", run_end_error, TOLERANT, end_refused },
  { "end/error", run_end_error, TOLERANT, end_error },
  { "end/unexpected", run_end_unexpected, TOLERANT, end_unexpected },
  { "end/no-reset", run_end_no_reset, MUST_RESET, end_no_reset },
  { "end/closed", run_end_closed, TOLERANT, end_closed },
  { "end/never", run_end_never, TOLERANT, end_never },
  { "end/cancelled", run_end_cancelled, TOLERANT, end_cancelled },
  { "runtime/by-itself", run_runtime, WILL_DETACH, runtime_by_itself },
  { "runtime/no-status", run_runtime, WILL_DETACH, runtime_no_status },
  { "runtime/reset", run_runtime, STAYS_ON_BUS, runtime_reset },
  { "runtime/detached", run_runtime, STAYS_ON_BUS, runtime_detached },
  { "runtime/refuses", run_runtime, STAYS_ON_BUS, runtime_refuses },
  { "runtime/silent", run_runtime, WILL_DETACH, runtime_silent },
  { "runtime/leaves", run_runtime, STAYS_ON_BUS, runtime_leaves },
  { "runtime/in-dfu", run_runtime_in_dfu, WILL_DETACH, runtime_in_dfu },
  { "runtime/in-error", run_runtime_in_dfu, WILL_DETACH, runtime_in_error },
  { "runtime/gone", run_runtime_gone, WILL_DETACH, runtime_gone },
  { "runtime/no-reset", run_runtime_no_permission, STAYS_ON_BUS, runtime_no_reset },
  { "runtime/no-detach", run_runtime_no_permission, WILL_DETACH, runtime_no_detach },
  { "runtime/cancelled", run_runtime_cancelled, WILL_DETACH, nothing },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/dfu-plain/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], run_case);
  }
  g_test_add_func ("/dfu-plain/ignored-poll", test_ignored_poll);
  g_test_add_func ("/dfu-plain/runtime-interface", test_runtime_interface);
  return g_test_run ();
}
