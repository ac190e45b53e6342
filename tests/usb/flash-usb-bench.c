/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-bench"

#include "config.h"

#include "flash-usb-bench.h"

#include "flash-dfu-defs.h"

#define TIMEOUT_MS 5000
#define TICK_MS 5
/* Nothing takes that long, whatever the machine. */
#define DEADLINE_US (60 * G_USEC_PER_SEC)
#define DEVICE_LENGTH 18

static FlashUsbMock *mock;
static FlashUsbProvider *provider;
static GPtrArray *ports; /* (element-type utf8) */
static gboolean is_forgiving;

FlashUsbMock *
usb_bench_get_mock (void)
{
  return mock;
}

FlashUsbProvider *
usb_bench_get_provider (void)
{
  return provider;
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
usb_bench_wait (UsbBenchCondition is_true, gconstpointer data)
{
  gint64 start_us = g_get_monotonic_time ();
  guint tick_id = g_timeout_add (TICK_MS, on_tick, NULL);

  while (!is_true (data)) {
    g_assert_cmpint (g_get_monotonic_time () - start_us, <, DEADLINE_US);
    g_main_context_iteration (NULL, TRUE);
  }
  g_source_remove (tick_id);
}

/* --- What the list shows -------------------------------------------------------------------- */

typedef struct {
  const char *port;
  guint64 generation;
  FlashAccess access;
} Wanted;

FlashBoard *
usb_bench_find (const char *port)
{
  GListModel *list = G_LIST_MODEL (provider);
  FlashBoard *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++) {
    g_autoptr (FlashBoard) board = g_list_model_get_item (list, i);

    if (!g_str_equal (flash_board_get_port (board), port))
      continue;
    g_assert_null (found);
    found = g_object_ref (board);
  }
  return found;
}

static gboolean
is_listed (gconstpointer data)
{
  const Wanted *wanted = data;
  g_autoptr (FlashBoard) board = usb_bench_find (wanted->port);

  return board != NULL && flash_board_get_generation (board) != wanted->generation;
}

FlashBoard *
usb_bench_wait_board (const char *port, guint64 not_generation)
{
  const Wanted wanted = { port, not_generation, FLASH_ACCESS_OK };

  usb_bench_wait (is_listed, &wanted);
  return usb_bench_find (port);
}

static gboolean
is_gone (gconstpointer data)
{
  g_autoptr (FlashBoard) board = usb_bench_find (data);

  return board == NULL;
}

void
usb_bench_wait_gone (const char *port)
{
  usb_bench_wait (is_gone, port);
}

static gboolean
has_access (gconstpointer data)
{
  const Wanted *wanted = data;
  g_autoptr (FlashBoard) board = usb_bench_find (wanted->port);

  return board != NULL && flash_board_get_access (board) == wanted->access;
}

void
usb_bench_wait_access (const char *port, FlashAccess access)
{
  const Wanted wanted = { port, 0, access };

  usb_bench_wait (has_access, &wanted);
}

static gboolean
has_asked (gconstpointer data)
{
  return !flash_usb_provider_is_asking (provider);
}

void
usb_bench_rescan (void)
{
  flash_provider_rescan (FLASH_PROVIDER (provider));
  usb_bench_wait (has_asked, NULL);
}

/* --- Devices -------------------------------------------------------------------------------- */

void
usb_bench_add (const char *port, FlashUsbGadget *gadget)
{
  g_ptr_array_add (ports, g_strdup (port));
  flash_usb_mock_add (mock, port, gadget);
}

FlashBoard *
usb_bench_add_board (const char *port, const char *id)
{
  g_autoptr (GError) error = NULL;
  FlashUsbGadget *gadget = flash_usb_gadget_new_board (id, &error);

  g_assert_no_error (error);
  usb_bench_add (port, gadget);
  return usb_bench_wait_board (port, 0);
}

void
usb_bench_forgive_open (void)
{
  is_forgiving = TRUE;
}

static gboolean
is_clear (gconstpointer data)
{
  return !flash_usb_provider_is_asking (provider) &&
         (is_forgiving || flash_usb_mock_count_open (mock) == 0) &&
         g_list_model_get_n_items (G_LIST_MODEL (provider)) == 0 &&
         g_list_model_get_n_items (flash_usb_provider_get_neighbours (provider)) == 0;
}

/* The last that came may hang on those before it. */
void
usb_bench_clear (void)
{
  while (ports->len > 0) {
    flash_usb_mock_remove (mock, g_ptr_array_index (ports, ports->len - 1));
    g_ptr_array_remove_index (ports, ports->len - 1);
  }
  usb_bench_wait (is_clear, NULL);
}

/* --- Transfers ------------------------------------------------------------------------------ */

FlashTransport *
usb_bench_open (FlashBoard *board, GError **error)
{
  GError *local_error = NULL;
  FlashTransport *transport = flash_board_open (board, &local_error);

  if (error == NULL)
    g_assert_no_error (local_error);
  else
    g_assert_true ((transport == NULL) == (local_error != NULL));
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  return transport;
}

static gboolean
ask (FlashTransport *transport, GError **error)
{
  guint8 data[DEVICE_LENGTH];
  gsize length;

  return flash_transport_control_in (transport, FLASH_USB_DIR_IN, FLASH_USB_GET_DESCRIPTOR,
                                     FLASH_USB_DESCRIPTOR_DEVICE << 8, 0, data, sizeof data,
                                     &length, TIMEOUT_MS, error);
}

void
usb_bench_assert_works (FlashTransport *transport)
{
  g_autoptr (GError) error = NULL;

  ask (transport, &error);
  g_assert_no_error (error);
}

void
usb_bench_assert_fails (FlashTransport *transport, FlashTransportError code)
{
  g_autoptr (GError) error = NULL;

  ask (transport, &error);
  g_assert_error (error, FLASH_TRANSPORT_ERROR, (int) code);
}

/* --- The program ---------------------------------------------------------------------------- */

int
usb_bench_run (int argc, char **argv, void (*add_tests) (void))
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!flash_usb_mock_is_possible ()) {
    g_print ("1..0 # SKIP this must be started through umockdev-wrapper\n");
    return 0;
  }
  flash_usb_mock_drop_rights ();
  mock = flash_usb_mock_new ();
  ports = g_ptr_array_new_with_free_func (g_free);
  provider = flash_usb_provider_new (&error);
  g_assert_no_error (error);
  flash_usb_provider_set_curious (provider, TRUE);
  add_tests ();
  status = g_test_run ();
  g_assert_finalize_object (provider);
  g_ptr_array_unref (ports);
  flash_usb_mock_free (mock);
  return status;
}
