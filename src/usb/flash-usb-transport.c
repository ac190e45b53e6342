/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-transport"

#include "config.h"

#include "flash-usb-transport.h"

#include "flash-clock.h"
#include "flash-dfu-defs.h"
#include "flash-usb-error.h"

#include <errno.h>
#include <fcntl.h>
#include <libusb.h>
#include <unistd.h>

/* Hubs report a departure with their next interrupt, up to 256 ms after it (USB 2.0, table 9-13,
 * bInterval of a status change endpoint at full speed). Until then transfers just fail. */
#define DEPARTURE_MS 300
#define DEPARTURE_STEP_MS 20

struct _FlashUsbTransport {
  FlashTransport parent_instance;

  libusb_context *context; /* (owned) */
  libusb_device_handle *handle; /* (owned) (nullable) */
  char *node; /* (owned): path of the device node */
  int fd; /* (owned): of the node, -1 if closed */
  FlashClock *clock; /* (owned) */
  int claimed_interface; /* -1 if none */
  gpointer kept; /* (owned) (nullable) */
  GDestroyNotify destroy_kept;
};

G_DEFINE_FINAL_TYPE (FlashUsbTransport, flash_usb_transport, FLASH_TYPE_TRANSPORT)

/* Whether the device that just failed is really on its way out: then that is what to say. */
static int
look_for_departure (FlashUsbTransport *self, int code)
{
  if (code != LIBUSB_ERROR_IO)
    return code;
  for (guint waited_ms = 0; g_file_test (self->node, G_FILE_TEST_EXISTS);
       waited_ms += DEPARTURE_STEP_MS) {
    if (waited_ms >= DEPARTURE_MS)
      return code;
    flash_clock_wait_ms (self->clock, DEPARTURE_STEP_MS, NULL, NULL);
  }
  return LIBUSB_ERROR_NO_DEVICE;
}

/* Returns: the number of bytes in the data stage, or -1 with @error set. */
static int
transfer (FlashUsbTransport *self, guint8 request_type, guint8 request, guint16 value,
          guint16 index, guint8 *data, gsize length, guint timeout_ms, GError **error)
{
  int n_bytes = libusb_control_transfer (self->handle, request_type, request, value, index, data,
                                         (guint16) length, timeout_ms);

  if (n_bytes >= 0)
    return n_bytes;
  flash_usb_error_set (error, look_for_departure (self, n_bytes));
  return -1;
}

static gboolean
flash_usb_transport_control_out (FlashTransport *transport, guint8 request_type, guint8 request,
                                 guint16 value, guint16 index, const guint8 *data, gsize length,
                                 guint timeout_ms, GError **error)
{
  /* libusb only reads what goes out, but takes the same pointer for both ways. */
  int n_bytes = transfer (FLASH_USB_TRANSPORT (transport), request_type, request, value, index,
                          (guint8 *) data, length, timeout_ms, error);

  if (n_bytes < 0)
    return FALSE;
  if ((request_type & FLASH_USB_DIR_IN) == 0 && (gsize) n_bytes < length) {
    g_set_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO,
                 "the device took %d of %" G_GSIZE_FORMAT " bytes", n_bytes, length);
    return FALSE;
  }
  return TRUE;
}

static gboolean
flash_usb_transport_control_in (FlashTransport *transport, guint8 request_type, guint8 request,
                                guint16 value, guint16 index, guint8 *out_data, gsize length,
                                gsize *out_length, guint timeout_ms, GError **error)
{
  int n_bytes = transfer (FLASH_USB_TRANSPORT (transport), request_type, request, value, index,
                          out_data, length, timeout_ms, error);

  if (n_bytes < 0)
    return FALSE;
  *out_length = (gsize) n_bytes;
  return TRUE;
}

/* As a plain request and not by libusb_set_interface_alt_setting (): that goes by the settings
 * which the kernel read at enumeration, and an STM32MP15 has others when TF-A took over from the
 * ROM without leaving the bus (stm32mp-usb.md section 1.2); it would also wait five seconds
 * whatever @timeout_ms says. DFU interfaces have no endpoints whose state the kernel keeps. */
static gboolean
flash_usb_transport_set_alternate (FlashTransport *transport, guint8 interface_number,
                                   guint8 alternate, guint timeout_ms, GError **error)
{
  return flash_usb_transport_control_out (
      transport, FLASH_USB_TYPE_STANDARD | FLASH_USB_RECIPIENT_INTERFACE, FLASH_USB_SET_INTERFACE,
      alternate, interface_number, NULL, 0, timeout_ms, error);
}

static gboolean
flash_usb_transport_reset (FlashTransport *transport, GError **error)
{
  FlashUsbTransport *self = FLASH_USB_TRANSPORT (transport);
  int code = libusb_reset_device (self->handle);

  /* It has become another device, or has left: that is what a reset may do. */
  if (code == LIBUSB_SUCCESS || code == LIBUSB_ERROR_NOT_FOUND || code == LIBUSB_ERROR_NO_DEVICE)
    return TRUE;
  code = look_for_departure (self, code);
  if (code == LIBUSB_ERROR_NO_DEVICE)
    return TRUE;
  flash_usb_error_set (error, code);
  return FALSE;
}

static void
flash_usb_transport_close (FlashTransport *transport)
{
  FlashUsbTransport *self = FLASH_USB_TRANSPORT (transport);

  if (self->handle != NULL) {
    if (self->claimed_interface >= 0)
      libusb_release_interface (self->handle, self->claimed_interface);
    libusb_close (self->handle);
    self->handle = NULL;
  }
  if (self->context != NULL)
    libusb_exit (self->context);
  self->context = NULL;
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  if (self->destroy_kept != NULL)
    self->destroy_kept (g_steal_pointer (&self->kept));
  self->destroy_kept = NULL;
}

static void
flash_usb_transport_finalize (GObject *object)
{
  FlashUsbTransport *self = FLASH_USB_TRANSPORT (object);

  g_free (self->node);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (flash_usb_transport_parent_class)->finalize (object);
}

static void
flash_usb_transport_class_init (FlashUsbTransportClass *klass)
{
  FlashTransportClass *transport_class = FLASH_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flash_usb_transport_finalize;
  transport_class->control_out = flash_usb_transport_control_out;
  transport_class->control_in = flash_usb_transport_control_in;
  transport_class->set_alternate = flash_usb_transport_set_alternate;
  transport_class->close = flash_usb_transport_close;
  transport_class->reset = flash_usb_transport_reset;
}

static void
flash_usb_transport_init (FlashUsbTransport *self)
{
  self->fd = -1;
  self->claimed_interface = -1;
  self->clock = flash_clock_new_real ();
}

void
flash_usb_transport_set_up (void)
{
  libusb_set_option (NULL, LIBUSB_OPTION_NO_DEVICE_DISCOVERY);
}

/* By ourselves: libusb tells of all ways in which it can fail only that the user lacks the right
 * and that there is no such device. Containers refuse with EPERM. */
static gboolean
open_node (FlashUsbTransport *self, GError **error)
{
  int problem;

  /* Whatever the node turns out to be, nothing here is to wait for it. */
  self->fd = open (self->node, O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (self->fd >= 0)
    return TRUE;
  problem = errno;
  if (problem == EACCES || problem == EPERM)
    flash_usb_error_set (error, LIBUSB_ERROR_ACCESS);
  else if (problem == ENOENT || problem == ENODEV || problem == ENXIO)
    flash_usb_error_set (error, LIBUSB_ERROR_NO_DEVICE);
  else
    g_set_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO, "%s cannot be opened: %s",
                 self->node, g_strerror (problem));
  return FALSE;
}

FlashUsbTransport *
flash_usb_transport_new (const FlashUsbAddress *address, GError **error)
{
  g_autoptr (FlashUsbTransport) self = NULL;
  int code;

  g_return_val_if_fail (address != NULL, NULL);

  self = g_object_new (FLASH_TYPE_USB_TRANSPORT, NULL);
  self->node = g_strdup_printf ("/dev/bus/usb/%03u/%03u", address->bus, address->device);
  if (!open_node (self, error))
    return NULL;
  code = libusb_init (&self->context);
  if (code == LIBUSB_SUCCESS)
    code = libusb_wrap_sys_device (self->context, self->fd, &self->handle);
  if (code != LIBUSB_SUCCESS) {
    flash_usb_error_set (error, look_for_departure (self, code));
    return NULL;
  }
  return g_steal_pointer (&self);
}

gboolean
flash_usb_transport_claim (FlashUsbTransport *self, guint8 interface_number, GError **error)
{
  int code;

  g_return_val_if_fail (FLASH_IS_USB_TRANSPORT (self), FALSE);
  g_return_val_if_fail (self->handle != NULL && self->claimed_interface < 0, FALSE);

  libusb_set_auto_detach_kernel_driver (self->handle, TRUE);
  code = libusb_claim_interface (self->handle, interface_number);
  /* There is no such interface while the computer has not set the device up. */
  if (code == LIBUSB_ERROR_INVALID_PARAM || code == LIBUSB_ERROR_NOT_FOUND)
    code = LIBUSB_ERROR_ACCESS;
  if (code != LIBUSB_SUCCESS) {
    flash_usb_error_set (error, code);
    return FALSE;
  }
  self->claimed_interface = interface_number;
  return TRUE;
}

void
flash_usb_transport_keep (FlashUsbTransport *self, gpointer data, GDestroyNotify destroy)
{
  g_return_if_fail (FLASH_IS_USB_TRANSPORT (self));
  g_return_if_fail (destroy != NULL && self->destroy_kept == NULL);

  self->kept = data;
  self->destroy_kept = destroy;
}
