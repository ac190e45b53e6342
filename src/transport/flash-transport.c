/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-transport"

#include "config.h"

#include "flash-transport.h"

typedef struct {
  gboolean is_closed;
} FlashTransportPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (FlashTransport, flash_transport, G_TYPE_OBJECT)

GQuark
flash_transport_error_quark (void)
{
  return g_quark_from_static_string ("flash-transport-error-quark");
}

static void
flash_transport_dispose (GObject *object)
{
  flash_transport_close (FLASH_TRANSPORT (object));

  G_OBJECT_CLASS (flash_transport_parent_class)->dispose (object);
}

static void
flash_transport_class_init (FlashTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flash_transport_dispose;
}

static void
flash_transport_init (FlashTransport *self)
{
}

static gboolean
check_open (FlashTransport *self, GError **error)
{
  FlashTransportPrivate *priv = flash_transport_get_instance_private (self);

  if (!priv->is_closed)
    return TRUE;
  g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NOT_OPEN,
                       "the device is closed");
  return FALSE;
}

gboolean
flash_transport_control_out (FlashTransport *self, guint8 request_type, guint8 request,
                             guint16 value, guint16 index, const guint8 *data, gsize length,
                             guint timeout_ms, GError **error)
{
  g_return_val_if_fail (FLASH_IS_TRANSPORT (self), FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);
  g_return_val_if_fail (length <= FLASH_TRANSPORT_MAX_DATA && timeout_ms > 0, FALSE);

  return check_open (self, error) &&
         FLASH_TRANSPORT_GET_CLASS (self)->control_out (self, request_type, request, value, index,
                                                        data, length, timeout_ms, error);
}

gboolean
flash_transport_control_in (FlashTransport *self, guint8 request_type, guint8 request,
                            guint16 value, guint16 index, guint8 *out_data, gsize length,
                            gsize *out_length, guint timeout_ms, GError **error)
{
  g_return_val_if_fail (FLASH_IS_TRANSPORT (self), FALSE);
  g_return_val_if_fail (out_data != NULL && out_length != NULL, FALSE);
  g_return_val_if_fail (length <= FLASH_TRANSPORT_MAX_DATA && timeout_ms > 0, FALSE);

  return check_open (self, error) && FLASH_TRANSPORT_GET_CLASS (self)->control_in (
                                         self, request_type, request, value, index, out_data,
                                         length, out_length, timeout_ms, error);
}

gboolean
flash_transport_set_alternate (FlashTransport *self, guint8 interface_number, guint8 alternate,
                               guint timeout_ms, GError **error)
{
  g_return_val_if_fail (FLASH_IS_TRANSPORT (self), FALSE);
  g_return_val_if_fail (timeout_ms > 0, FALSE);

  return check_open (self, error) && FLASH_TRANSPORT_GET_CLASS (self)->set_alternate (
                                         self, interface_number, alternate, timeout_ms, error);
}

gboolean
flash_transport_reset (FlashTransport *self, GError **error)
{
  FlashTransportClass *klass;

  g_return_val_if_fail (FLASH_IS_TRANSPORT (self), FALSE);

  if (!check_open (self, error))
    return FALSE;
  klass = FLASH_TRANSPORT_GET_CLASS (self);
  if (klass->reset != NULL)
    return klass->reset (self, error);
  g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO,
                       "the bus of this device cannot be reset");
  return FALSE;
}

void
flash_transport_close (FlashTransport *self)
{
  FlashTransportPrivate *priv = flash_transport_get_instance_private (self);

  g_return_if_fail (FLASH_IS_TRANSPORT (self));

  if (priv->is_closed)
    return;
  priv->is_closed = TRUE;
  FLASH_TRANSPORT_GET_CLASS (self)->close (self);
}
