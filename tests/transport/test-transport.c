/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-dfu-defs.h"
#include "flash-test-transport.h"

static void
test_passes_on (void)
{
  g_autoptr (FlashTestTransport) device = flash_test_transport_new ();
  FlashTransport *transport = FLASH_TRANSPORT (device);
  guint8 out[4] = { 0 };
  gsize length = 0;

  g_byte_array_append (device->device, (const guint8 *) "abc", 3);
  g_assert_true (flash_transport_control_in (transport, FLASH_USB_DIR_IN, FLASH_USB_GET_DESCRIPTOR,
                                             FLASH_USB_DESCRIPTOR_DEVICE << 8, 0, out, sizeof out,
                                             &length, 100, NULL));
  g_assert_cmpmem (out, length, "abc", 3);
  g_assert_true (flash_transport_control_out (transport, 0x21, FLASH_DFU_REQUEST_DNLOAD, 0, 0,
                                              (const guint8 *) "hi", 2, 100, NULL));
  g_assert_cmpmem (device->sent->data, device->sent->len, "hi", 2);
  g_assert_true (flash_transport_control_out (transport, 0x21, FLASH_DFU_REQUEST_DNLOAD, 0, 0, NULL,
                                              0, 100, NULL));
  g_assert_cmpuint (device->sent->len, ==, 0);
  g_assert_true (flash_transport_set_alternate (transport, 0, 5, 100, NULL));
  g_assert_cmpuint (device->alternate, ==, 5);
  g_assert_cmpuint (device->n_requests, ==, 3);
}

/* A closed transport says so, and does not ask the device. */
static void
test_closed (void)
{
  g_autoptr (FlashTestTransport) device = flash_test_transport_new ();
  FlashTransport *transport = FLASH_TRANSPORT (device);
  guint8 out[4];
  gsize length = 4711;

  flash_transport_close (transport);
  flash_transport_close (transport);
  g_assert_cmpuint (device->n_closed, ==, 1);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;
    gboolean is_done =
        i == 0 ? flash_transport_control_out (transport, 0x21, FLASH_DFU_REQUEST_ABORT, 0, 0, NULL,
                                              0, 100, &error)
        : i == 1
            ? flash_transport_control_in (transport, FLASH_USB_DIR_IN, FLASH_USB_GET_DESCRIPTOR, 0,
                                          0, out, sizeof out, &length, 100, &error)
            : flash_transport_set_alternate (transport, 0, 1, 100, &error);

    g_assert_false (is_done);
    g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NOT_OPEN);
    g_assert_cmpstr (error->message, ==, "the device is closed");
  }
  g_assert_cmpuint (length, ==, 4711);
  g_assert_cmpuint (device->n_requests, ==, 0);
  g_assert_cmpuint (device->alternate, ==, 0);
}

/* A reset goes to the device as long as it is open; not every transport can do it. */
static void
test_reset (void)
{
  g_autoptr (FlashTestTransport) device = flash_test_transport_new ();
  FlashTransport *transport = FLASH_TRANSPORT (device);
  FlashTransportClass *klass = FLASH_TRANSPORT_GET_CLASS (transport);
  gboolean (*reset) (FlashTransport *, GError **) = klass->reset;
  g_autoptr (GError) cannot = NULL;
  g_autoptr (GError) closed = NULL;

  g_assert_true (flash_transport_reset (transport, NULL));
  g_assert_cmpuint (device->n_resets, ==, 1);
  klass->reset = NULL;
  g_assert_false (flash_transport_reset (transport, &cannot));
  g_assert_error (cannot, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO);
  klass->reset = reset;
  flash_transport_close (transport);
  g_assert_false (flash_transport_reset (transport, &closed));
  g_assert_error (closed, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NOT_OPEN);
  g_assert_cmpuint (device->n_resets, ==, 1);
}

static void
count_closed (gpointer data, GObject *where_the_object_was)
{
  (*(guint *) data)++;
}

/* What is left open is closed by its end. */
static void
test_closed_by_end (void)
{
  FlashTestTransport *device = flash_test_transport_new ();
  guint n_ended = 0;

  g_object_weak_ref (G_OBJECT (device), count_closed, &n_ended);
  g_object_ref (device);
  g_object_run_dispose (G_OBJECT (device));
  g_assert_cmpuint (device->n_closed, ==, 1);
  g_object_unref (device);
  g_assert_finalize_object (device);
  g_assert_cmpuint (n_ended, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transport/passes-on", test_passes_on);
  g_test_add_func ("/transport/closed", test_closed);
  g_test_add_func ("/transport/reset", test_reset);
  g_test_add_func ("/transport/closed-by-end", test_closed_by_end);
  return g_test_run ();
}
