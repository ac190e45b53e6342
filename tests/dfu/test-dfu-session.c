/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-dfu-session.h"
#include "flash-script-transport.h"

#define SELECT FLASH_SCRIPT_SELECT
#define DETACH FLASH_DFU_REQUEST_DETACH
#define DNLOAD FLASH_DFU_REQUEST_DNLOAD
#define UPLOAD FLASH_DFU_REQUEST_UPLOAD
#define STATUS FLASH_DFU_REQUEST_GETSTATUS
#define CLEAR FLASH_DFU_REQUEST_CLRSTATUS
#define ABORT FLASH_DFU_REQUEST_ABORT
#define END FLASH_EXCHANGE_END
#define SAYS(reply)                                                                                \
  {                                                                                                \
    STATUS, 0, 6, reply                                                                            \
  }

typedef struct {
  FlashTransport *transport;
  FlashClock *clock;
  GCancellable *cancellable;
  FlashDfuSession *session;
  GError *error;
} Fixture;

static void
set_up (Fixture *f, gconstpointer script)
{
  f->transport = flash_script_transport_new (script);
  f->clock = flash_clock_new_virtual ();
  f->cancellable = g_cancellable_new ();
  f->session = flash_dfu_session_new (f->transport, f->clock, 0, f->cancellable);
}

static void
tear_down (Fixture *f, gconstpointer script)
{
  flash_script_transport_assert_done (f->transport);
  g_clear_error (&f->error);
  g_assert_finalize_object (f->session);
  g_object_unref (f->cancellable);
  g_object_unref (f->clock);
  g_assert_finalize_object (f->transport);
}

static gboolean
download (Fixture *f, guint64 block)
{
  guint8 data[1024] = { 0 };

  return flash_dfu_session_download (f->session, block, data, sizeof data, &f->error);
}

static const FlashExchange select_idle[] = { { SELECT, 3 }, SAYS ("000000000200"), END };
static const FlashExchange select_hiccup[] = {
  { SELECT, 3 },
  { STATUS, 0, 6, NULL, TRUE, FLASH_TRANSPORT_ERROR_STALL },
  SAYS ("000000000200"),
  END,
};
static const FlashExchange select_error[] = {
  { SELECT, 3 }, SAYS ("0e0000000a00"), { CLEAR }, SAYS ("000000000200"), END,
};
static const FlashExchange select_upload[] = {
  { SELECT, 3 }, SAYS ("000000000900"), { ABORT }, SAYS ("000000000200"), END,
};
static const FlashExchange select_download[] = {
  { SELECT, 3 }, SAYS ("000000000500"), { ABORT }, SAYS ("000000000200"), END,
};

static void
test_select (Fixture *f, gconstpointer script)
{
  g_assert_true (flash_dfu_session_select (f->session, 3, &f->error));
  g_assert_no_error (f->error);
}

static const FlashExchange select_stuck[] = {
  { SELECT, 3 }, SAYS ("0e0000000a00"), { CLEAR }, SAYS ("0e0000000a00"),
  { CLEAR },     SAYS ("0e0000000a00"), { CLEAR }, END,
};
static const FlashExchange select_busy[] = {
  { SELECT, 3 }, SAYS ("000000000700"), SAYS ("000000000700"), SAYS ("000000000700"), END,
};

static void
test_select_stuck (Fixture *f, gconstpointer script)
{
  g_assert_false (flash_dfu_session_select (f->session, 3, &f->error));
  g_assert_error (f->error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_DEVICE);
}

static void
test_select_busy (Fixture *f, gconstpointer script)
{
  g_assert_false (flash_dfu_session_select (f->session, 3, &f->error));
  g_assert_error (f->error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNEXPECTED_STATE);
  g_assert_nonnull (strstr (f->error->message, "dfuMANIFEST"));
}

static const FlashExchange nothing[] = { END };

static void
test_select_cancelled (Fixture *f, gconstpointer script)
{
  g_cancellable_cancel (f->cancellable);
  g_assert_false (flash_dfu_session_select (f->session, 3, &f->error));
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* How the three stages answer after a block (stm32mp-usb.md section 2.1). */
static const FlashExchange block_uboot[] = { { DNLOAD, 0, 1024 }, SAYS ("000000000500"), END };
static const FlashExchange block_tfa[] = {
  { DNLOAD, 0, 1024 }, SAYS ("000000000300"), SAYS ("000000000500"), END
};
static const FlashExchange block_rom[] = {
  { DNLOAD, 0, 1024 }, SAYS ("000100000400"), SAYS ("000000000500"), END
};

static void
test_download (Fixture *f, gconstpointer script)
{
  g_assert_true (download (f, 0));
  g_assert_no_error (f->error);
}

static void
test_download_waits (Fixture *f, gconstpointer script)
{
  test_download (f, script);
  g_assert_cmpint (flash_clock_get_time_us (f->clock), ==, 1000);
}

/* 65 536 blocks of 4096 bytes are 256 MiB; then the number wraps to 0 (section 2.2). */
static const FlashExchange wrapped_block[] = { { DNLOAD, 0xffff, 1024 },
                                               SAYS ("000000000500"),
                                               { DNLOAD, 0, 1024 },
                                               SAYS ("000000000500"),
                                               { DNLOAD, 1, 1024 },
                                               SAYS ("000000000500"),
                                               END };

static void
test_wrap (Fixture *f, gconstpointer script)
{
  for (guint64 block = 0xffff; block <= 0x10001; block++)
    g_assert_true (download (f, block));
}

static const FlashExchange failed_block[] = { { DNLOAD, 7, 1024 }, SAYS ("0e0000000a00"), END };
static const FlashExchange stalled_block[] = {
  { DNLOAD, 7, 1024, NULL, TRUE, FLASH_TRANSPORT_ERROR_STALL },
  SAYS ("0e0000000a00"),
  END,
};

static void
test_download_fails (Fixture *f, gconstpointer script)
{
  g_assert_false (download (f, 7));
  g_assert_error (f->error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_DEVICE);
  g_assert_nonnull (strstr (f->error->message, "errUNKNOWN"));
}

/* TF-A stalls and stays in a state that looks healthy (section 1.3.3). */
static const FlashExchange quietly_stalled_block[] = {
  { DNLOAD, 7, 1024, NULL, TRUE, FLASH_TRANSPORT_ERROR_STALL },
  SAYS ("000000000500"),
  END,
};

static void
test_download_stalls (Fixture *f, gconstpointer script)
{
  g_assert_false (download (f, 7));
  g_assert_error (f->error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL);
}

static const FlashExchange idle_after_block[] = { { DNLOAD, 7, 1024 }, SAYS ("000000000200"), END };

static void
test_download_unexpected (Fixture *f, gconstpointer script)
{
  g_assert_false (download (f, 7));
  g_assert_error (f->error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNEXPECTED_STATE);
}

/* Ten seconds a time, as long as a status can make us wait: seven times is over a minute. */
#define BUSY SAYS ("00ffffff0400")
static const FlashExchange busy_block[] = {
  { DNLOAD, 7, 1024 }, BUSY, BUSY, BUSY, BUSY, BUSY, BUSY, BUSY, END
};

static void
test_download_busy (Fixture *f, gconstpointer script)
{
  g_assert_false (download (f, 7));
  g_assert_error (f->error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_STUCK_BUSY);
}

static void
test_download_cancelled (Fixture *f, gconstpointer script)
{
  g_cancellable_cancel (f->cancellable);
  g_assert_false (download (f, 0));
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A device that says for ever that it synchronises has an end too. */
#define SYNCING SAYS ("000000000300")
static const FlashExchange syncing_block[] = {
  { DNLOAD, 7, 1024 }, SYNCING, SYNCING, SYNCING, SYNCING, SYNCING, END
};

static void
test_download_syncing (Fixture *f, gconstpointer script)
{
  const FlashDfuTimeouts timeouts = { 1000, 1000, 1000, 3 };

  flash_dfu_session_set_timeouts (f->session, &timeouts);
  g_assert_false (download (f, 7));
  g_assert_error (f->error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_STUCK_BUSY);
}

static const FlashExchange busy_once[] = { { DNLOAD, 0, 1024 }, SAYS ("000100000400"), END };

static const FlashExchange end_uboot[] = {
  { DNLOAD, 2, 0 }, SAYS ("000000000700"), SAYS ("000000000200"), END
};

static void
test_finish (Fixture *f, gconstpointer script)
{
  FlashDfuEnd end = FLASH_DFU_END_AWAY;

  g_assert_true (flash_dfu_session_finish (f->session, 2, &end, &f->error));
  g_assert_no_error (f->error);
  g_assert_cmpint (end, ==, FLASH_DFU_END_IDLE);
}

static const FlashExchange end_away[] = {
  { DNLOAD, 2, 0 },
  SAYS ("000100000700"),
  { STATUS, 0, 6, NULL, TRUE, FLASH_TRANSPORT_ERROR_GONE },
  END,
};

static void
test_finish_away (Fixture *f, gconstpointer script)
{
  FlashDfuEnd end = FLASH_DFU_END_IDLE;

  g_assert_true (flash_dfu_session_finish (f->session, 2, &end, &f->error));
  g_assert_cmpint (end, ==, FLASH_DFU_END_AWAY);
}

static const FlashExchange end_silent[] = {
  { DNLOAD, 2, 0 },
  SAYS ("000100000700"),
  { STATUS, 0, 6, NULL, TRUE, FLASH_TRANSPORT_ERROR_TIMED_OUT },
  END,
};

/* Still on the bus: to hang is not to restart. */
static void
test_finish_silent (Fixture *f, gconstpointer script)
{
  FlashDfuEnd end = FLASH_DFU_END_IDLE;

  g_assert_true (flash_dfu_session_finish (f->session, 2, &end, &f->error));
  g_assert_cmpint (end, ==, FLASH_DFU_END_SILENT);
}

/* Silence before the device has said that it stores anything is no good end. */
static const FlashExchange end_lost[] = { { DNLOAD, 2, 0 },
                                          { STATUS, 0, 6, NULL, TRUE, FLASH_TRANSPORT_ERROR_GONE },
                                          END };

static void
test_finish_lost (Fixture *f, gconstpointer script)
{
  FlashDfuEnd end = FLASH_DFU_END_IDLE;

  g_assert_false (flash_dfu_session_finish (f->session, 2, &end, &f->error));
  g_assert_error (f->error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE);
}

static const FlashExchange end_refused[] = { { DNLOAD, 2, 0 }, SAYS ("0a0000000a00"), END };
static const FlashExchange end_stalled[] = {
  { DNLOAD, 2, 0, NULL, TRUE, FLASH_TRANSPORT_ERROR_STALL }, SAYS ("0a0000000a00"), END
};

static void
test_finish_refused (Fixture *f, gconstpointer script)
{
  FlashDfuEnd end;

  g_assert_false (flash_dfu_session_finish (f->session, 2, &end, &f->error));
  g_assert_error (f->error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_FIRMWARE);
}

static const FlashExchange end_garbled[] = {
  { DNLOAD, 2, 0 }, SAYS ("000000000700"), SAYS ("0000"), END
};

static void
test_finish_garbled (Fixture *f, gconstpointer script)
{
  FlashDfuEnd end;

  g_assert_false (flash_dfu_session_finish (f->session, 2, &end, &f->error));
  g_assert_error (f->error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_SHORT_TRANSFER);
}

#define STORING SAYS ("001027000700")
static const FlashExchange end_never[] = { { DNLOAD, 2, 0 }, STORING, STORING, STORING, END };

static void
test_finish_never (Fixture *f, gconstpointer script)
{
  const FlashDfuTimeouts timeouts = { 1000, 1000, 20000, 1000 };
  FlashDfuEnd end;

  flash_dfu_session_set_timeouts (f->session, &timeouts);
  g_assert_false (flash_dfu_session_finish (f->session, 2, &end, &f->error));
  g_assert_error (f->error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_STUCK_BUSY);
}

static const FlashExchange upload_ok[] = { { UPLOAD, 0, 8, "0102" }, END };

static void
test_upload (Fixture *f, gconstpointer script)
{
  guint8 data[8];
  gsize length;

  g_assert_true (
      flash_dfu_session_upload (f->session, 0x10000, data, sizeof data, &length, &f->error));
  g_assert_cmpuint (length, ==, 2);
  g_assert_cmpuint (data[1], ==, 2);
}

static const FlashExchange upload_stall[] = {
  { UPLOAD, 0, 8, NULL, TRUE, FLASH_TRANSPORT_ERROR_STALL }, SAYS ("0f0000000a00"), END
};

static void
test_upload_stall (Fixture *f, gconstpointer script)
{
  guint8 data[8];
  gsize length;

  g_assert_false (flash_dfu_session_upload (f->session, 0, data, sizeof data, &length, &f->error));
  g_assert_error (f->error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_DEVICE);
}

static const FlashExchange detach_ok[] = { { DETACH, 1000, 0 }, END };
static const FlashExchange detach_gone[] = {
  { DETACH, 1000, 0, NULL, TRUE, FLASH_TRANSPORT_ERROR_GONE }, END
};
static const FlashExchange detach_stall[] = {
  { DETACH, 1000, 0, NULL, TRUE, FLASH_TRANSPORT_ERROR_STALL },
  { STATUS, 0, 6, NULL, TRUE, FLASH_TRANSPORT_ERROR_GONE },
  END,
};
/* Refused, and it still answers: asked once more. */
static const FlashExchange detach_refused[] = {
  { DETACH, 1000, 0, NULL, TRUE, FLASH_TRANSPORT_ERROR_STALL },
  SAYS ("0e0000000a00"),
  { CLEAR },
  SAYS ("000000000200"),
  { DETACH, 1000, 0 },
  END,
};
static const FlashExchange detach_io[] = {
  { DETACH, 1000, 0, NULL, TRUE, FLASH_TRANSPORT_ERROR_IO }, END
};

static void
test_detach (Fixture *f, gconstpointer script)
{
  g_assert_true (flash_dfu_session_detach (f->session, &f->error));
  g_assert_no_error (f->error);
}

static const FlashExchange detach_silent[] = {
  { DETACH, 1000, 0, NULL, TRUE, FLASH_TRANSPORT_ERROR_TIMED_OUT }, END
};

static void
test_detach_fails (Fixture *f, gconstpointer script)
{
  g_assert_false (flash_dfu_session_detach (f->session, &f->error));
  g_assert_error (f->error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_TIMED_OUT);
}

#define REFUSES                                                                                    \
  { DETACH, 1000, 0, NULL, TRUE, FLASH_TRANSPORT_ERROR_STALL },                                    \
  {                                                                                                \
    STATUS, 0, 6, "000000000200"                                                                   \
  }
static const FlashExchange detach_never[] = { REFUSES, REFUSES, REFUSES, END };

/* Who refuses and stays will not come back either: to wait for it would be in vain. */
static void
test_detach_never (Fixture *f, gconstpointer script)
{
  g_assert_false (flash_dfu_session_detach (f->session, &f->error));
  g_assert_error (f->error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL);
}

static const FlashExchange recover_ok[] = {
  SAYS ("0e0000000a00"), { CLEAR }, SAYS ("000000000200"), END
};

static void
test_recover (Fixture *f, gconstpointer script)
{
  g_assert_true (flash_dfu_session_recover (f->session));
}

static const FlashExchange recover_gone[] = {
  { STATUS, 0, 6, NULL, TRUE, FLASH_TRANSPORT_ERROR_GONE }, END
};

static void
test_recover_fails (Fixture *f, gconstpointer script)
{
  g_assert_false (flash_dfu_session_recover (f->session));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    const FlashExchange *script;
    void (*run) (Fixture *f, gconstpointer script);
  } tests[] = {
    { "select/idle", select_idle, test_select },
    { "select/hiccup", select_hiccup, test_select },
    { "select/error", select_error, test_select },
    { "select/upload", select_upload, test_select },
    { "select/download", select_download, test_select },
    { "select/stuck", select_stuck, test_select_stuck },
    { "select/busy", select_busy, test_select_busy },
    { "select/cancelled", nothing, test_select_cancelled },
    { "download/u-boot", block_uboot, test_download },
    { "download/tf-a", block_tfa, test_download },
    { "download/rom", block_rom, test_download_waits },
    { "download/wrap", wrapped_block, test_wrap },
    { "download/fails", failed_block, test_download_fails },
    { "download/stalls-with-reason", stalled_block, test_download_fails },
    { "download/stalls-quietly", quietly_stalled_block, test_download_stalls },
    { "download/unexpected", idle_after_block, test_download_unexpected },
    { "download/busy", busy_block, test_download_busy },
    { "download/syncing", syncing_block, test_download_syncing },
    { "download/cancelled", busy_once, test_download_cancelled },
    { "finish/idle", end_uboot, test_finish },
    { "finish/away", end_away, test_finish_away },
    { "finish/silent", end_silent, test_finish_silent },
    { "finish/lost", end_lost, test_finish_lost },
    { "finish/refused", end_refused, test_finish_refused },
    { "finish/stalled", end_stalled, test_finish_refused },
    { "finish/garbled", end_garbled, test_finish_garbled },
    { "finish/never", end_never, test_finish_never },
    { "upload/short", upload_ok, test_upload },
    { "upload/stall", upload_stall, test_upload_stall },
    { "detach/ok", detach_ok, test_detach },
    { "detach/gone", detach_gone, test_detach },
    { "detach/stall", detach_stall, test_detach },
    { "detach/refused", detach_refused, test_detach },
    { "detach/io", detach_io, test_detach },
    { "detach/silent", detach_silent, test_detach_fails },
    { "detach/never", detach_never, test_detach_never },
    { "recover/ok", recover_ok, test_recover },
    { "recover/gone", recover_gone, test_recover_fails },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *path = g_strdup_printf ("/dfu-session/%s", tests[i].name);

    g_test_add (path, Fixture, tests[i].script, set_up, tests[i].run, tear_down);
  }
  return g_test_run ();
}
