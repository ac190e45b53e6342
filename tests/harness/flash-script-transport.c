/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-script-transport"

#include "config.h"

#include "flash-script-transport.h"

#define END 0x1ff

struct _FlashScriptTransport {
  FlashTransport parent_instance;

  const FlashExchange *script;
  guint at;
};

G_DEFINE_FINAL_TYPE (FlashScriptTransport, flash_script_transport, FLASH_TYPE_TRANSPORT)

/* Whether the digits say these bytes. */
static void
assert_bytes (const char *digits, const guint8 *data, gsize length)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", data[i]);
  g_assert_cmpstr (text->str, ==, digits);
}

static const FlashExchange *
next (FlashScriptTransport *self, guint request, guint value, gsize length, guint timeout_ms)
{
  const FlashExchange *exchange = &self->script[self->at];

  g_test_message ("exchange %u: request 0x%x, value %u, length %" G_GSIZE_FORMAT, self->at, request,
                  value, length);
  g_assert_cmpuint (exchange->request, ==, request);
  g_assert_cmpuint (exchange->value, ==, value);
  if (exchange->length >= 0)
    g_assert_cmpuint ((guint) exchange->length, ==, length);
  if (exchange->timeout_ms != 0)
    g_assert_cmpuint (exchange->timeout_ms, ==, timeout_ms);
  self->at++;
  return exchange;
}

static gboolean
answer (const FlashExchange *exchange, GError **error)
{
  if (!exchange->fails)
    return TRUE;
  g_set_error_literal (error, FLASH_TRANSPORT_ERROR, (gint) exchange->error, "as in the script");
  return FALSE;
}

static gboolean
control_out (FlashTransport *transport, guint8 request_type, guint8 request, guint16 value,
             guint16 index, const guint8 *data, gsize length, guint timeout_ms, GError **error)
{
  const FlashExchange *exchange =
      next (FLASH_SCRIPT_TRANSPORT (transport), request, value, length, timeout_ms);

  g_assert_cmpuint (request_type, ==, 0x21);
  if (exchange->sent != NULL)
    assert_bytes (exchange->sent, data, length);
  return answer (exchange, error);
}

static gboolean
control_in (FlashTransport *transport, guint8 request_type, guint8 request, guint16 value,
            guint16 index, guint8 *out_data, gsize length, gsize *out_length, guint timeout_ms,
            GError **error)
{
  gboolean is_string = request_type == 0x80 && request == 6 && value >> 8 == 3;
  const FlashExchange *exchange =
      next (FLASH_SCRIPT_TRANSPORT (transport), is_string ? FLASH_SCRIPT_STRING : request,
            is_string ? value & 0xff : value, length, timeout_ms);
  gsize n_bytes = exchange->reply != NULL ? strlen (exchange->reply) / 2 : 0;

  if (!is_string)
    g_assert_cmpuint (request_type, ==, 0xa1);
  if (!answer (exchange, error))
    return FALSE;
  g_assert_cmpuint (n_bytes, <=, length);
  for (gsize i = 0; i < n_bytes; i++)
    out_data[i] = (guint8) (g_ascii_xdigit_value (exchange->reply[2 * i]) << 4 |
                            g_ascii_xdigit_value (exchange->reply[2 * i + 1]));
  *out_length = n_bytes;
  return TRUE;
}

static gboolean
set_alternate (FlashTransport *transport, guint8 interface_number, guint8 alternate,
               guint timeout_ms, GError **error)
{
  return answer (
      next (FLASH_SCRIPT_TRANSPORT (transport), FLASH_SCRIPT_SELECT, alternate, 0, timeout_ms),
      error);
}

static gboolean
reset (FlashTransport *transport, GError **error)
{
  return answer (next (FLASH_SCRIPT_TRANSPORT (transport), FLASH_SCRIPT_RESET, 0, 0, 0), error);
}

static void
close_device (FlashTransport *transport)
{
}

static void
flash_script_transport_class_init (FlashScriptTransportClass *klass)
{
  FlashTransportClass *transport_class = FLASH_TRANSPORT_CLASS (klass);

  transport_class->control_out = control_out;
  transport_class->control_in = control_in;
  transport_class->set_alternate = set_alternate;
  transport_class->close = close_device;
  transport_class->reset = reset;
}

static void
flash_script_transport_init (FlashScriptTransport *self)
{
}

FlashTransport *
flash_script_transport_new (const FlashExchange *script)
{
  FlashScriptTransport *self = g_object_new (FLASH_TYPE_SCRIPT_TRANSPORT, NULL);

  self->script = script;
  return FLASH_TRANSPORT (self);
}

void
flash_script_transport_assert_done (FlashTransport *transport)
{
  FlashScriptTransport *self = FLASH_SCRIPT_TRANSPORT (transport);

  g_assert_cmpuint (self->script[self->at].request, ==, END);
}
