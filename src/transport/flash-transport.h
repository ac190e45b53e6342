/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The socket in the wall: an open pipe to one device. It carries control transfers and knows
 * nothing of what they mean.
 *
 * Thread: worker, one thread for the whole life of the object. Every call blocks until the
 * device answered or the time-out passed; none can be cancelled, because nobody knows after a
 * cancelled transfer whether the device took it. Look at the cancellable between transfers. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashTransportError:
 * @FLASH_TRANSPORT_ERROR_NO_PERMISSION: this user may not open the device
 * @FLASH_TRANSPORT_ERROR_BUSY: another program or driver holds it
 * @FLASH_TRANSPORT_ERROR_GONE: it left the bus
 * @FLASH_TRANSPORT_ERROR_STALL: it refused the request; in DFU: ask GETSTATUS why
 * @FLASH_TRANSPORT_ERROR_TIMED_OUT: no answer in time; it may have taken the request all the same
 * @FLASH_TRANSPORT_ERROR_IO: the bus failed
 * @FLASH_TRANSPORT_ERROR_NOT_OPEN: the transport is closed
 */
typedef enum {
  FLASH_TRANSPORT_ERROR_NO_PERMISSION,
  FLASH_TRANSPORT_ERROR_BUSY,
  FLASH_TRANSPORT_ERROR_GONE,
  FLASH_TRANSPORT_ERROR_STALL,
  FLASH_TRANSPORT_ERROR_TIMED_OUT,
  FLASH_TRANSPORT_ERROR_IO,
  FLASH_TRANSPORT_ERROR_NOT_OPEN,
} FlashTransportError;

#define FLASH_TRANSPORT_ERROR (flash_transport_error_quark ())
GQuark flash_transport_error_quark (void);

/* The largest data stage of a control transfer on Linux (libusb/os/linux_usbfs.h). */
#define FLASH_TRANSPORT_MAX_DATA 4096

#define FLASH_TYPE_TRANSPORT (flash_transport_get_type ())
G_DECLARE_DERIVABLE_TYPE (FlashTransport, flash_transport, FLASH, TRANSPORT, GObject)

struct _FlashTransportClass {
  GObjectClass parent_class;

  gboolean (*control_out) (FlashTransport *self, guint8 request_type, guint8 request, guint16 value,
                           guint16 index, const guint8 *data, gsize length, guint timeout_ms,
                           GError **error);
  gboolean (*control_in) (FlashTransport *self, guint8 request_type, guint8 request, guint16 value,
                          guint16 index, guint8 *out_data, gsize length, gsize *out_length,
                          guint timeout_ms, GError **error);
  gboolean (*set_alternate) (FlashTransport *self, guint8 interface_number, guint8 alternate,
                             guint timeout_ms, GError **error);
  void (*close) (FlashTransport *self);
  gboolean (*reset) (FlashTransport *self, GError **error);

  gpointer padding[3];
};

/**
 * flash_transport_control_out:
 * @request_type: bmRequestType; the direction bit is left as it is
 * @request: bRequest
 * @value: wValue
 * @index: wIndex
 * @data: (array length=length) (nullable): the data stage; %NULL if @length is 0
 * @length: at most %FLASH_TRANSPORT_MAX_DATA
 * @timeout_ms: time-out in milliseconds, must not be 0
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR)
 */
gboolean flash_transport_control_out (FlashTransport *self, guint8 request_type, guint8 request,
                                      guint16 value, guint16 index, const guint8 *data,
                                      gsize length, guint timeout_ms, GError **error);

/**
 * flash_transport_control_in:
 * @out_data: (out caller-allocates) (array length=length): room for @length bytes
 * @length: wLength, at most %FLASH_TRANSPORT_MAX_DATA
 * @out_length: (out): how many bytes the device sent; untouched on failure
 * @timeout_ms: time-out in milliseconds, must not be 0
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR)
 */
gboolean flash_transport_control_in (FlashTransport *self, guint8 request_type, guint8 request,
                                     guint16 value, guint16 index, guint8 *out_data, gsize length,
                                     gsize *out_length, guint timeout_ms, GError **error);

/**
 * flash_transport_set_alternate:
 * @interface_number: bInterfaceNumber
 * @alternate: bAlternateSetting
 *
 * SET_INTERFACE, by a way of its own because the kernel keeps books about it.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR)
 */
gboolean flash_transport_set_alternate (FlashTransport *self, guint8 interface_number,
                                        guint8 alternate, guint timeout_ms, GError **error);

/**
 * flash_transport_reset:
 *
 * A reset of the bus at the device's port. A device that comes back as another one does not belong
 * to this transport any more: that is no error of the reset, but of every request after it
 * (%FLASH_TRANSPORT_ERROR_GONE). One that comes back as it was may have lost its alternate setting.
 * Blocks until the computer is done with it.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR)
 */
gboolean flash_transport_reset (FlashTransport *self, GError **error);

/* Gives the device back. May be called twice; never fails, a device that is gone is closed too. */
void flash_transport_close (FlashTransport *self);

G_END_DECLS
