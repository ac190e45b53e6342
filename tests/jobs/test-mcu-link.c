/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may stand on a port instead of a microcontroller that answers. */
#include "config.h"

#include "flash-fake-board.h"
#include "flash-mcu-run.h"

#define OK .open_error = FLASH_FAKE_OK, .request_error = FLASH_FAKE_OK
#define ROM .product = "STM32  BOOTLOADER"
#define MAP .names = { "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg" }

/**
 * Case:
 * @what: name of the case
 * @scenes: what stands on the port
 * @verb: a job that needs no more than a connection
 * @code: what it says, -1 for nothing
 * @within_s: how long it may take at most, on the virtual clock
 */
typedef struct {
  const char *what;
  FlashFakeScene scenes[4];
  FlashMcuVerb verb;
  gint code;
  guint within_s;
} Case;

static const Case cases[] = {
  { "loader", { { ROM, MAP, OK } }, FLASH_MCU_DETACH, -1, 1 },
  /* A string that there is not is not waited for. */
  { "nameless",
    { { ROM, .names = { "@Internal Flash  /0x08000000/04*016Kg", "" }, .dfu_version = 0x011a,
        .is_last_nameless = TRUE, OK } },
    FLASH_MCU_DETACH,
    -1,
    1 },
  { "no-rights",
    { { ROM, MAP, .open_error = FLASH_TRANSPORT_ERROR_NO_PERMISSION,
        .request_error = FLASH_FAKE_OK } },
    FLASH_MCU_DETACH,
    FLASH_JOB_ERROR_NO_PERMISSION,
    5 },
  { "busy",
    { { ROM, MAP, .open_error = FLASH_TRANSPORT_ERROR_BUSY, .request_error = FLASH_FAKE_OK } },
    FLASH_MCU_DETACH,
    FLASH_JOB_ERROR_BUSY,
    5 },
  /* udev needs a moment. */
  { "rights-come-late",
    { { ROM, MAP, .lasts_ms = 700, .open_error = FLASH_TRANSPORT_ERROR_NO_PERMISSION,
        .request_error = FLASH_FAKE_OK },
      { ROM, MAP, .keeps_bus = TRUE, OK } },
    FLASH_MCU_DETACH,
    -1,
    3 },
  { "silent",
    { { ROM, MAP, .open_error = FLASH_FAKE_OK, .request_error = FLASH_TRANSPORT_ERROR_TIMED_OUT } },
    FLASH_MCU_DETACH,
    FLASH_JOB_ERROR_NO_ANSWER,
    20 },
  { "no-dfu", { { ROM, OK } }, FLASH_MCU_DETACH, FLASH_JOB_ERROR_NO_DFU, 3 },
  { "other-board",
    { { ROM, MAP, .serial = "315A28A0B956", .lasts_ms = 200,
        .open_error = FLASH_TRANSPORT_ERROR_BUSY, .request_error = FLASH_FAKE_OK },
      { ROM, MAP, .serial = "315A28A0B957", OK } },
    FLASH_MCU_DETACH,
    FLASH_JOB_ERROR_DIFFERENT_BOARD,
    10 },
  { "no-dfuse",
    { { ROM, .names = { "@Option Bytes  /0x1FFFC000/01*016 e" }, OK } },
    FLASH_MCU_UNPROTECT,
    FLASH_JOB_ERROR_UNSUPPORTED,
    5 },
};

static void
count_event (FlashEvent *event, gpointer data)
{
  guint *n_finished = data;

  *n_finished += event->kind == FLASH_EVENT_FINISHED;
}

static void
check_progress (const FlashSnapshot *snapshot, gpointer data)
{
  g_assert_cmpint (snapshot->activity, !=, FLASH_ACTIVITY_SENDING);
  g_assert_cmpint (snapshot->activity, !=, FLASH_ACTIVITY_ERASING);
}

static void
test_link (gconstpointer data)
{
  const Case *of = data;
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashFakeProvider) provider = flash_fake_provider_new (clock, of->scenes);
  g_autoptr (FlashBoard) board = flash_fake_provider_look (provider);
  guint n_finished = 0;
  const FlashMcuJob job = {
    .verb = of->verb, .provider = FLASH_PROVIDER (provider), .board = board, .clock = clock
  };
  const FlashSink sink = { count_event, check_progress, &n_finished };
  g_auto (FlashMcuResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 start_us = flash_clock_get_time_us (clock);
  gboolean ok = flash_mcu_run (&job, NULL, &sink, &result, &error);

  if (error != NULL)
    g_test_message ("%s", error->message);
  if (of->code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, FLASH_JOB_ERROR, of->code);
  g_assert_true (ok == (of->code < 0));
  g_assert_cmpint (result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  g_assert_cmpuint (n_finished, ==, 1);
  g_assert_cmpint (flash_clock_get_time_us (clock) - start_us, <=,
                   (gint64) of->within_s * G_USEC_PER_SEC);
}

/* Stopped while it waits for the board. */
static void
test_cancel (void)
{
  static const FlashFakeScene scenes[] = {
    { ROM, MAP, .open_error = FLASH_TRANSPORT_ERROR_BUSY, .request_error = FLASH_FAKE_OK },
    { .product = NULL },
  };
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashFakeProvider) provider = flash_fake_provider_new (clock, scenes);
  g_autoptr (FlashBoard) board = flash_fake_provider_look (provider);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint n_finished = 0;
  const FlashMcuJob job = {
    .verb = FLASH_MCU_DETACH, .provider = FLASH_PROVIDER (provider), .board = board, .clock = clock
  };
  const FlashSink sink = { count_event, check_progress, &n_finished };
  g_auto (FlashMcuResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (flash_mcu_run (&job, cancellable, &sink, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (n_finished, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/mcu-link/%s", cases[i].what);

    g_test_add_data_func (path, &cases[i], test_link);
  }
  g_test_add_func ("/mcu-link/cancel", test_cancel);
  return g_test_run ();
}
