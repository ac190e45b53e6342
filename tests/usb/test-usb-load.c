/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Much and often: transfers of two workers at once, and plugs pulled at any moment. What the
 * program has before and after must be the same.
 *
 *   FLASH_USB_TRANSFERS=1000000 umockdev-wrapper test-usb-load -p /usb-load/transfers */
#define G_LOG_DOMAIN "test-usb-load"

#include "config.h"

#include "flash-usb-bench.h"

#include "flash-dfu-defs.h"

#include <malloc.h>

#define N_WORKERS 2
#define N_TRANSFERS 20000
#define N_CYCLES 200
#define TIMEOUT_MS 30000
#define DEVICE_LENGTH 18
/* What the allocator and the bed may keep for later. A leak of one byte in each transfer is more
 * than that in a long run, one of a small block also in a short one. */
#define SLACK_BYTES (256 * 1024)

/* Sockets are left out: umockdev (0.17) connects to the bed also when a node cannot be opened, and
 * never lets go. Nodes, event counters, timers and pipes are what libusb and we open. */
static guint
count_files (void)
{
  static const char path[] = "/proc/self/fd";
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  guint n_files = 0;

  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *link = g_build_filename (path, name, NULL);
    g_autofree char *target = g_file_read_link (link, NULL);

    if (target != NULL && !g_str_has_prefix (target, "socket:"))
      n_files++;
  }
  return n_files;
}

/* Threads and the bed need a moment to close what is theirs; a leak stays. */
static gboolean
has_no_more_files (gconstpointer data)
{
  const guint *n_files = data;

  return !flash_usb_provider_is_asking (usb_bench_get_provider ()) && count_files () <= *n_files;
}

/* Returns: how many files are open when nothing is going on. */
static guint
count_quiet_files (void)
{
  const guint any = G_MAXUINT;

  usb_bench_rescan ();
  usb_bench_wait (has_no_more_files, &any);
  return count_files ();
}

static gsize
count_bytes (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

/* --- Transfers ------------------------------------------------------------------------------ */

typedef struct {
  FlashBoard *board;
  guint n_transfers;
  gint is_done; /* atomic */
} Worker;

/* One question, one answer, one download block that is taken back: all kinds of transfers. */
static void
transfer (FlashTransport *transport, guint number)
{
  guint8 data[DEVICE_LENGTH];
  gsize length = 0;
  g_autoptr (GError) error = NULL;

  if (number % 4 == 3)
    flash_transport_control_out (transport, FLASH_USB_TYPE_CLASS | FLASH_USB_RECIPIENT_INTERFACE,
                                 FLASH_DFU_REQUEST_ABORT, 0, 0, NULL, 0, TIMEOUT_MS, &error);
  else if (number % 4 == 2)
    flash_transport_control_in (
        transport, FLASH_USB_DIR_IN | FLASH_USB_TYPE_CLASS | FLASH_USB_RECIPIENT_INTERFACE,
        FLASH_DFU_REQUEST_GETSTATUS, 0, 0, data, FLASH_DFU_STATUS_LENGTH, &length, TIMEOUT_MS,
        &error);
  else
    flash_transport_control_in (transport, FLASH_USB_DIR_IN, FLASH_USB_GET_DESCRIPTOR,
                                FLASH_USB_DESCRIPTOR_DEVICE << 8, 0, data, sizeof data, &length,
                                TIMEOUT_MS, &error);
  g_assert_no_error (error);
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (FlashTransport) transport = NULL;

  g_main_context_push_thread_default (context);
  transport = usb_bench_open (worker->board, NULL);
  for (guint i = 0; i < worker->n_transfers; i++)
    transfer (transport, i);
  g_clear_object (&transport);
  g_main_context_pop_thread_default (context);
  g_atomic_int_set (&worker->is_done, TRUE);
  return NULL;
}

static gboolean
is_done (gconstpointer data)
{
  const Worker *workers = data;

  for (guint i = 0; i < N_WORKERS; i++)
    if (!g_atomic_int_get (&workers[i].is_done))
      return FALSE;
  return TRUE;
}

static void
run_workers (FlashBoard **boards, guint n_transfers)
{
  Worker workers[N_WORKERS] = { 0 };
  GThread *threads[N_WORKERS];

  for (guint i = 0; i < N_WORKERS; i++) {
    workers[i].board = boards[i];
    workers[i].n_transfers = n_transfers / N_WORKERS;
    threads[i] = g_thread_new ("load", work, &workers[i]);
  }
  while (!is_done (workers))
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < N_WORKERS; i++)
    g_thread_join (threads[i]);
}

static void
test_transfers (void)
{
  const char *wanted = g_getenv ("FLASH_USB_TRANSFERS");
  guint n_transfers =
      wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : (guint) N_TRANSFERS;
  FlashBoard *boards[N_WORKERS];
  gsize n_bytes, n_bytes_after;
  gint64 start_us;
  guint n_files;

  boards[0] = usb_bench_add_board ("1-1", "virtual:stm32mp157");
  boards[1] = usb_bench_add_board ("1-2", "virtual:dfu");
  usb_bench_rescan ();
  run_workers (boards, n_transfers / 10);
  n_files = count_quiet_files ();
  n_bytes = count_bytes ();

  start_us = g_get_monotonic_time ();
  run_workers (boards, n_transfers);
  g_test_message ("%u transfers of %d workers in %.1f s", n_transfers, N_WORKERS,
                  (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC);
  usb_bench_rescan ();
  usb_bench_wait (has_no_more_files, &n_files);
  n_bytes_after = count_bytes ();
  g_test_message ("files before %u, after %u; memory before %" G_GSIZE_FORMAT
                  ", after %" G_GSIZE_FORMAT,
                  n_files, count_files (), n_bytes, n_bytes_after);
  g_assert_cmpuint (n_bytes_after, <, n_bytes + SLACK_BYTES);

  for (guint i = 0; i < N_WORKERS; i++)
    g_object_unref (boards[i]);
  usb_bench_clear ();
}

/* --- Plugs ---------------------------------------------------------------------------------- */

/* umockdev has room for 50 of the connections that it forgets, and ends the program then. */
#define MAX_FAILED_OPENS 20

/* Opens the board that is there, or asks the one that is open. */
static void
use (FlashTransport **transport, guint *n_failed, GError **error)
{
  g_autoptr (FlashBoard) board =
      flash_provider_peek_port (FLASH_PROVIDER (usb_bench_get_provider ()), "1-1");
  guint8 data[DEVICE_LENGTH];
  gsize length;

  if (*transport != NULL) {
    if (!flash_transport_control_in (*transport, FLASH_USB_DIR_IN, FLASH_USB_GET_DESCRIPTOR,
                                     FLASH_USB_DESCRIPTOR_DEVICE << 8, 0, data, sizeof data,
                                     &length, TIMEOUT_MS, error))
      g_clear_object (transport);
  } else if (board != NULL && *n_failed < MAX_FAILED_OPENS) {
    *transport = flash_board_open (board, error);
    *n_failed += *transport == NULL;
  }
}

/* Whatever the board does meanwhile, an error is one of those that belong to a departure. */
static gpointer
use_boards (gpointer data)
{
  gint *is_stopping = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (FlashTransport) transport = NULL;
  guint n_failed = 0;

  g_main_context_push_thread_default (context);
  while (!g_atomic_int_get (is_stopping)) {
    g_autoptr (GError) error = NULL;

    use (&transport, &n_failed, &error);
    if (error != NULL)
      g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE);
  }
  g_clear_object (&transport);
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* A moment of up to 8 ms: the main thread goes on with its loop, the worker with its board. */
static void
pass_time (void)
{
  gint64 end_us = g_get_monotonic_time () + g_test_rand_int_range (0, 8000);

  while (g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, FALSE);
}

static void
cycle (FlashUsbMock *mock, guint n_cycles)
{
  gint is_stopping = FALSE;
  GThread *thread = g_thread_new ("user", use_boards, &is_stopping);

  for (guint i = 0; i < n_cycles; i++) {
    flash_usb_mock_set_late (mock, "1-1", g_test_rand_bit ());
    flash_usb_mock_unplug (mock, "1-1");
    pass_time ();
    if (g_test_rand_bit ())
      flash_provider_rescan (FLASH_PROVIDER (usb_bench_get_provider ()));
    flash_usb_mock_plug (mock, "1-1");
    pass_time ();
  }
  g_atomic_int_set (&is_stopping, TRUE);
  g_thread_join (thread);
}

/* The seed of the moments is the one that GLib prints. */
static void
test_plugs (void)
{
  FlashUsbMock *mock = usb_bench_get_mock ();
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", "virtual:dfu");
  guint n_files;

  usb_bench_forgive_open ();
  cycle (mock, N_CYCLES / 10);
  n_files = count_quiet_files ();

  cycle (mock, N_CYCLES);
  usb_bench_rescan ();
  g_clear_object (&board);
  board = usb_bench_wait_board ("1-1", 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (usb_bench_get_provider ())), ==, 1);
  {
    g_autoptr (FlashTransport) transport = usb_bench_open (board, NULL);

    usb_bench_assert_works (transport);
  }
  g_clear_object (&board);
  flash_usb_mock_unplug (mock, "1-1");
  usb_bench_wait_gone ("1-1");
  flash_usb_mock_plug (mock, "1-1");
  board = usb_bench_wait_board ("1-1", 0);
  usb_bench_rescan ();
  usb_bench_wait (has_no_more_files, &n_files);
  g_test_message ("files before %u, after %u; %u nodes were gone before they could be opened",
                  n_files, count_files (), flash_usb_mock_count_open (mock));
  g_clear_object (&board);
  usb_bench_clear ();
}

static void
add_tests (void)
{
  g_test_add_func ("/usb-load/transfers", test_transfers);
  g_test_add_func ("/usb-load/plugs", test_plugs);
}

int
main (int argc, char **argv)
{
  return usb_bench_run (argc, argv, add_tests);
}
