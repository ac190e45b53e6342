/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-test-transport"

#include "config.h"

#include "flash-test-transport.h"

#include "flash-clock.h"
#include "flash-dfu-defs.h"

G_DEFINE_FINAL_TYPE (FlashTestTransport, flash_test_transport, FLASH_TYPE_TRANSPORT)

static gboolean
behave (FlashTestBehaviour behaviour, GError **error)
{
  switch (behaviour) {
  case FLASH_TEST_ANSWER:
  case FLASH_TEST_LATE:
    return TRUE;
  case FLASH_TEST_STALL:
    g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL, "stalled");
    return FALSE;
  case FLASH_TEST_GONE:
    g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE, "gone");
    return FALSE;
  case FLASH_TEST_TIME_OUT:
    g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_TIMED_OUT,
                         "timed out");
    return FALSE;
  }
  g_return_val_if_reached (FALSE);
}

static gboolean
answer (const guint8 *data, gsize size, guint8 *out_data, gsize length, gsize *out_length)
{
  gsize n = MIN (size, length);

  if (n > 0)
    memcpy (out_data, data, n);
  *out_length = n;
  return TRUE;
}

static gboolean
answer_string (FlashTestTransport *self, guint index, guint8 *out_data, gsize length,
               gsize *out_length, guint timeout_ms, GError **error)
{
  gsize size;
  const guint8 *data;

  g_assert_cmpuint (index, <, FLASH_TEST_N_STRINGS);
  if (!behave (self->strings[index] != NULL ? self->behaviours[index] : FLASH_TEST_STALL, error))
    return FALSE;
  if (self->behaviours[index] == FLASH_TEST_LATE) {
    g_autoptr (FlashClock) clock = flash_clock_new_real ();

    flash_clock_wait_ms (clock, timeout_ms, NULL, NULL);
  }
  data = g_bytes_get_data (self->strings[index], &size);
  return answer (data, size, out_data, length, out_length);
}

static gboolean
flash_test_transport_control_in (FlashTransport *transport, guint8 request_type, guint8 request,
                                 guint16 value, guint16 index, guint8 *out_data, gsize length,
                                 gsize *out_length, guint timeout_ms, GError **error)
{
  FlashTestTransport *self = FLASH_TEST_TRANSPORT (transport);

  self->n_requests++;
  g_assert_cmphex (request_type, ==, FLASH_USB_DIR_IN);
  g_assert_cmphex (request, ==, FLASH_USB_GET_DESCRIPTOR);
  g_assert_cmpuint (timeout_ms, >, 0);
  switch (value >> 8) {
  case FLASH_USB_DESCRIPTOR_DEVICE:
    return behave (self->device_behaviour, error) &&
           answer (self->device->data, self->device->len, out_data, length, out_length);
  case FLASH_USB_DESCRIPTOR_CONFIGURATION:
    if (self->n_configuration_stalls_above > 0 && length > self->n_configuration_stalls_above)
      return behave (FLASH_TEST_STALL, error);
    return answer (self->configuration->data, self->configuration->len, out_data, length,
                   out_length);
  case FLASH_USB_DESCRIPTOR_STRING:
    g_assert_cmphex (index, ==, FLASH_USB_LANGID_ENGLISH_US);
    return answer_string (self, value & 0xff, out_data, length, out_length, timeout_ms, error);
  default:
    return behave (FLASH_TEST_STALL, error);
  }
}

static gboolean
flash_test_transport_control_out (FlashTransport *transport, guint8 request_type, guint8 request,
                                  guint16 value, guint16 index, const guint8 *data, gsize length,
                                  guint timeout_ms, GError **error)
{
  FlashTestTransport *self = FLASH_TEST_TRANSPORT (transport);

  self->n_requests++;
  g_byte_array_set_size (self->sent, 0);
  g_byte_array_append (self->sent, data, (guint) length);
  return TRUE;
}

static gboolean
flash_test_transport_set_alternate (FlashTransport *transport, guint8 interface_number,
                                    guint8 alternate, guint timeout_ms, GError **error)
{
  FLASH_TEST_TRANSPORT (transport)->alternate = alternate;
  return TRUE;
}

static gboolean
flash_test_transport_reset (FlashTransport *transport, GError **error)
{
  FLASH_TEST_TRANSPORT (transport)->n_resets++;
  return TRUE;
}

static void
flash_test_transport_close (FlashTransport *transport)
{
  FLASH_TEST_TRANSPORT (transport)->n_closed++;
}

static void
flash_test_transport_finalize (GObject *object)
{
  FlashTestTransport *self = FLASH_TEST_TRANSPORT (object);

  g_byte_array_unref (self->device);
  g_byte_array_unref (self->configuration);
  g_byte_array_unref (self->sent);
  for (guint i = 0; i < FLASH_TEST_N_STRINGS; i++)
    g_clear_pointer (&self->strings[i], g_bytes_unref);

  G_OBJECT_CLASS (flash_test_transport_parent_class)->finalize (object);
}

static void
flash_test_transport_class_init (FlashTestTransportClass *klass)
{
  FlashTransportClass *transport_class = FLASH_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flash_test_transport_finalize;
  transport_class->control_in = flash_test_transport_control_in;
  transport_class->control_out = flash_test_transport_control_out;
  transport_class->set_alternate = flash_test_transport_set_alternate;
  transport_class->close = flash_test_transport_close;
  transport_class->reset = flash_test_transport_reset;
}

static void
flash_test_transport_init (FlashTestTransport *self)
{
  self->device = g_byte_array_new ();
  self->configuration = g_byte_array_new ();
  self->sent = g_byte_array_new ();
}

FlashTestTransport *
flash_test_transport_new (void)
{
  return g_object_new (FLASH_TYPE_TEST_TRANSPORT, NULL);
}

void
flash_test_transport_set_string (FlashTestTransport *self, guint index, const char *text)
{
  glong n_units = 0;
  g_autofree gunichar2 *units = g_utf8_to_utf16 (text, -1, NULL, &n_units, NULL);
  g_autoptr (GByteArray) descriptor = g_byte_array_new ();
  guint8 head[] = { (guint8) (2 + 2 * n_units), FLASH_USB_DESCRIPTOR_STRING };

  g_byte_array_append (descriptor, head, sizeof head);
  for (glong i = 0; i < n_units; i++) {
    guint8 unit[] = { (guint8) units[i], (guint8) (units[i] >> 8) };

    g_byte_array_append (descriptor, unit, sizeof unit);
  }
  g_clear_pointer (&self->strings[index], g_bytes_unref);
  self->strings[index] = g_bytes_new (descriptor->data, descriptor->len);
}
