/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel does for a program that has a node open. */
#define G_LOG_DOMAIN "flash-usb-fs-file"

#include "config.h"

#include "flash-usb-fs-private.h"

#include "flash-bytes.h"
#include "flash-dfu-defs.h"
#include "flash-usb-sysfs.h"

#include <errno.h>
#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>

#define SETUP_LENGTH 8

/* --- Transfers ------------------------------------------------------------------------------ */

static void
urb_free (gpointer data)
{
  FlashUsbUrb *urb = data;

  g_clear_object (&urb->buffer);
  g_clear_object (&urb->data);
  g_free (urb);
}

static void
finish (FlashUsbFile *file, FlashUsbUrb *urb, int status, gsize length)
{
  struct usbdevfs_urb *fields = (struct usbdevfs_urb *) (void *) urb->data->data;

  fields->status = status;
  fields->actual_length = (int) length;
  g_queue_push_tail (&file->done, urb);
}

/* Returns: whether the transfer is over. */
static gboolean
carry (FlashUsbFile *file, FlashUsbUrb *urb)
{
  guint8 *setup = urb->buffer->data;
  const FlashSimPacket packet = { setup[0], setup[1], flash_get_le16 (setup + 2),
                                  flash_get_le16 (setup + 4), flash_get_le16 (setup + 6) };
  gboolean is_in = (packet.request_type & FLASH_USB_DIR_IN) != 0;
  guint8 *data = setup + SETUP_LENGTH;
  gsize length = 0;
  gint64 ready_us;

  if (urb->is_lost)
    return FALSE;
  switch (flash_usb_gadget_control (file->node->gadget, file->node->generation, &packet,
                                    is_in ? NULL : data, is_in ? data : NULL, &length, &ready_us)) {
  case FLASH_SIM_ACK:
    finish (file, urb, 0, is_in ? length : packet.length);
    return TRUE;
  case FLASH_SIM_STALL:
    finish (file, urb, -EPIPE, 0);
    return TRUE;
  case FLASH_SIM_GONE:
    finish (file, urb, file->node->is_broken ? -EPROTO : -ESHUTDOWN, 0);
    return TRUE;
  case FLASH_SIM_LOST:
    urb->is_lost = TRUE;
    return FALSE;
  case FLASH_SIM_BUSY:
    return FALSE;
  }
  g_return_val_if_reached (TRUE);
}

/* Returns: whether something has to be asked again. */
gboolean
flash_usb_fs_carry_pending (FlashUsbFile *file)
{
  gboolean is_busy = FALSE;

  for (GList *at = file->pending.head, *next; at != NULL; at = next) {
    FlashUsbUrb *urb = at->data;

    next = at->next;
    if (carry (file, urb))
      g_queue_delete_link (&file->pending, at);
    else
      is_busy = is_busy || !urb->is_lost;
  }
  return is_busy;
}

static int
claim (FlashUsbFs *self, FlashUsbFile *file, guint number)
{
  FlashUsbInterface *interface = &file->node->interfaces[number % N_INTERFACES];

  if (number >= file->node->n_interfaces)
    return ENOENT;
  if (interface->file == file)
    return 0;
  if (interface->driver != NULL)
    return EBUSY;
  interface->file = file;
  interface->driver = g_strdup ("usbfs");
  if (!file->node->is_gone)
    flash_usb_sysfs_set_driver (self->root, file->node->port, (guint8) number, "usbfs");
  return 0;
}

static int
release (FlashUsbFs *self, FlashUsbFile *file, guint number)
{
  FlashUsbInterface *interface = &file->node->interfaces[number % N_INTERFACES];

  if (number >= file->node->n_interfaces || interface->file != file)
    return EINVAL;
  interface->file = NULL;
  g_clear_pointer (&interface->driver, g_free);
  if (!file->node->is_gone)
    flash_usb_sysfs_set_driver (self->root, file->node->port, (guint8) number, NULL);
  return 0;
}

/* A request to an interface needs a claim to it, or gets one. */
static int
check_recipient (FlashUsbFs *self, FlashUsbFile *file, const guint8 *setup)
{
  if ((setup[0] & FLASH_USB_RECIPIENT_MASK) != FLASH_USB_RECIPIENT_INTERFACE)
    return 0;
  return claim (self, file, setup[4]);
}

static int
submit (FlashUsbFs *self, FlashUsbFile *file, UMockdevIoctlData *data)
{
  const struct usbdevfs_urb *fields = (const void *) data->data;
  FlashUsbUrb *urb;
  int problem;

  if (fields->type != USBDEVFS_URB_TYPE_CONTROL || fields->buffer_length < SETUP_LENGTH ||
      fields->buffer_length > SETUP_LENGTH + FLASH_TRANSPORT_MAX_DATA)
    return EINVAL;
  urb = g_new0 (FlashUsbUrb, 1);
  urb->data = g_object_ref (data);
  urb->buffer = umockdev_ioctl_data_resolve (data, G_STRUCT_OFFSET (struct usbdevfs_urb, buffer),
                                             (gsize) fields->buffer_length, NULL);
  if (urb->buffer == NULL ||
      flash_get_le16 (urb->buffer->data + 6) > fields->buffer_length - SETUP_LENGTH)
    problem = EINVAL;
  else
    problem = check_recipient (self, file, urb->buffer->data);
  if (problem != 0) {
    urb_free (urb);
    return problem;
  }
  if (!carry (file, urb)) {
    g_queue_push_tail (&file->pending, urb);
    if (!urb->is_lost)
      flash_usb_fs_start_retry (self);
  }
  return 0;
}

/* SET_INTERFACE by the kernel: it knows the settings, and asks the device. */
static int
set_interface (FlashUsbFs *self, FlashUsbFile *file, const struct usbdevfs_setinterface *command)
{
  const FlashSimPacket packet = { FLASH_USB_TYPE_STANDARD | FLASH_USB_RECIPIENT_INTERFACE,
                                  FLASH_USB_SET_INTERFACE, (guint16) command->altsetting,
                                  (guint16) command->interface, 0 };
  int problem = claim (self, file, command->interface);
  gint64 ready_us;
  gsize length;

  if (problem != 0)
    return problem;
  return flash_usb_gadget_control (file->node->gadget, file->node->generation, &packet, NULL, NULL,
                                   &length, &ready_us) == FLASH_SIM_ACK
             ? 0
             : EINVAL;
}

static int
discard (FlashUsbFile *file, gulong address)
{
  for (GList *at = file->pending.head; at != NULL; at = at->next) {
    FlashUsbUrb *urb = at->data;

    if (urb->data->client_addr != address)
      continue;
    g_queue_delete_link (&file->pending, at);
    finish (file, urb, -ENOENT, 0);
    return 0;
  }
  return EINVAL;
}

/* When the device left, this goes on to say that there is nothing yet: libusb hears of the
 * departure from udev, or when it submits. */
static int
reap (FlashUsbFile *file, UMockdevIoctlData *data)
{
  FlashUsbUrb *urb = g_queue_pop_head (&file->done);

  if (urb == NULL)
    return EAGAIN;
  umockdev_ioctl_data_set_ptr (data, 0, urb->data);
  urb_free (urb);
  return 0;
}

/* --- Drivers -------------------------------------------------------------------------------- */

static int
get_driver (FlashUsbFile *file, struct usbdevfs_getdriver *query)
{
  const FlashUsbInterface *interface = &file->node->interfaces[query->interface % N_INTERFACES];

  if (query->interface >= file->node->n_interfaces)
    return ENOENT;
  if (interface->driver == NULL)
    return ENODATA;
  g_strlcpy (query->driver, interface->driver, sizeof query->driver);
  return 0;
}

static int
disconnect (FlashUsbFs *self, FlashUsbFile *file, guint number)
{
  FlashUsbInterface *interface = &file->node->interfaces[number % N_INTERFACES];

  if (number >= file->node->n_interfaces)
    return ENOENT;
  if (interface->driver == NULL)
    return ENODATA;
  interface->file = NULL;
  g_clear_pointer (&interface->driver, g_free);
  flash_usb_sysfs_set_driver (self->root, file->node->port, (guint8) number, NULL);
  return 0;
}

static int
connect_driver (FlashUsbFs *self, FlashUsbFile *file, guint number)
{
  FlashUsbInterface *interface = &file->node->interfaces[number % N_INTERFACES];

  if (number >= file->node->n_interfaces)
    return ENOENT;
  if (interface->driver != NULL)
    return EBUSY;
  interface->driver = g_strdup (interface->native);
  flash_usb_sysfs_set_driver (self->root, file->node->port, (guint8) number, interface->driver);
  return 0;
}

static int
control_driver (FlashUsbFs *self, FlashUsbFile *file, const struct usbdevfs_ioctl *command)
{
  if (command->ioctl_code == (int) USBDEVFS_DISCONNECT)
    return disconnect (self, file, (guint) command->ifno);
  if (command->ioctl_code == (int) USBDEVFS_CONNECT)
    return connect_driver (self, file, (guint) command->ifno);
  return ENOTTY;
}

static int
disconnect_and_claim (FlashUsbFs *self, FlashUsbFile *file,
                      const struct usbdevfs_disconnect_claim *command)
{
  const FlashUsbInterface *interface = &file->node->interfaces[command->interface % N_INTERFACES];
  gboolean is_named = g_strcmp0 (interface->driver, command->driver) == 0;

  if (command->interface >= file->node->n_interfaces)
    return ENOENT;
  if (interface->driver != NULL) {
    if (((command->flags & USBDEVFS_DISCONNECT_CLAIM_IF_DRIVER) != 0 && !is_named) ||
        ((command->flags & USBDEVFS_DISCONNECT_CLAIM_EXCEPT_DRIVER) != 0 && is_named))
      return EBUSY;
    disconnect (self, file, command->interface);
  }
  return claim (self, file, command->interface);
}

/* --- All of it ------------------------------------------------------------------------------ */

/* As the kernel does it: the device is set up again as it was. */
static int
reset (FlashUsbFile *file)
{
  static const FlashSimPacket packet = { FLASH_USB_TYPE_STANDARD, FLASH_USB_SET_CONFIGURATION, 1, 0,
                                         0 };
  FlashSimDevice *board = flash_usb_gadget_get_board (file->node->gadget);
  gint64 ready_us;
  gsize length;

  if (board != NULL)
    flash_sim_device_bus_reset (board);
  flash_usb_gadget_control (file->node->gadget, file->node->generation, &packet, NULL, NULL,
                            &length, &ready_us);
  return 0;
}

int
flash_usb_fs_answer (FlashUsbFs *self, FlashUsbFile *file, gulong request, UMockdevIoctlData *arg,
                     UMockdevIoctlData *data)
{
  gboolean is_reap = request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY;
  void *bytes = data != NULL ? data->data : NULL;

  if (file->node == NULL || (file->node->is_gone && !is_reap && request != USBDEVFS_DISCARDURB))
    return ENODEV;
  switch (request) {
  case USBDEVFS_SUBMITURB:
    return submit (self, file, data);
  case USBDEVFS_REAPURB:
  case USBDEVFS_REAPURBNDELAY:
    return reap (file, data);
  case USBDEVFS_DISCARDURB:
    return discard (file, *(gulong *) (void *) arg->data);
  case USBDEVFS_CONNECTINFO:
    *(struct usbdevfs_connectinfo *) bytes = (struct usbdevfs_connectinfo){ .devnum = 1 };
    return 0;
  case USBDEVFS_GET_CAPABILITIES:
    *(guint32 *) bytes = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
                         USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
    return 0;
  case USBDEVFS_CLAIMINTERFACE:
    return claim (self, file, *(guint *) bytes);
  case USBDEVFS_RELEASEINTERFACE:
    return release (self, file, *(guint *) bytes);
  case USBDEVFS_GETDRIVER:
    return get_driver (file, bytes);
  case USBDEVFS_IOCTL:
    return control_driver (self, file, bytes);
  case USBDEVFS_DISCONNECT_CLAIM:
    return disconnect_and_claim (self, file, bytes);
  case USBDEVFS_SETINTERFACE:
    return set_interface (self, file, bytes);
  case USBDEVFS_RESET:
    return reset (file);
  case USBDEVFS_SETCONFIGURATION:
  case USBDEVFS_CLEAR_HALT:
    return 0;
  default:
    return ENOTTY;
  }
}

void
flash_usb_fs_end_pending (FlashUsbFile *file)
{
  FlashUsbUrb *urb;

  while ((urb = g_queue_pop_head (&file->pending)) != NULL)
    finish (file, urb, -ESHUTDOWN, 0);
}

void
flash_usb_fs_close (FlashUsbFs *self, FlashUsbFile *file)
{
  for (guint i = 0; file->node != NULL && i < file->node->n_interfaces; i++)
    release (self, file, i);
  g_queue_clear_full (&file->pending, urb_free);
  g_queue_clear_full (&file->done, urb_free);
}
