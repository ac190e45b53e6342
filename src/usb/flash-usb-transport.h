/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FlashTransport over libusb: a handle in a libusb context of its own, used by one thread only.
 *
 * Why not the transfers of GUsb, whose context finds the boards for us: its sync calls hang in a
 * worker (model-codebases.md section 5.2), and its async calls go by way of its event thread. That
 * takes two changes of threads for each transfer: measured in the VM bench 0.43 ms for a GETSTATUS
 * against 0.22 ms here, and 0.27 ms of processor time against 0.09 ms; a large image is half a
 * million transfers. With a context of its own, the thread that waits for the answer is the one
 * that fetches it, and two workers share nothing. The context is told not to look for devices: that
 * reads files of all devices on the computer, and one that is busy holds it up for seconds.
 *
 * Thread: worker, one for the whole life of the object. */
#pragma once

#include "flash-usb-record.h"

G_BEGIN_DECLS

#define FLASH_TYPE_USB_TRANSPORT (flash_usb_transport_get_type ())
G_DECLARE_FINAL_TYPE (FlashUsbTransport, flash_usb_transport, FLASH, USB_TRANSPORT, FlashTransport)

/* Keeps the contexts made from now on from looking for devices. After the one that is to look. */
void flash_usb_transport_set_up (void);

/**
 * flash_usb_transport_new:
 * @address: the device, as it is enumerated now
 *
 * Opens the device, without a claim to any of its interfaces: enough to read descriptors. Blocks.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_TRANSPORT_ERROR)
 */
FlashUsbTransport *flash_usb_transport_new (const FlashUsbAddress *address, GError **error);

/**
 * flash_usb_transport_claim:
 * @interface_number: the DFU interface
 *
 * Takes the interface for this program alone; a kernel driver that holds it is detached, and
 * attached again when the transport is closed.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR)
 */
gboolean
flash_usb_transport_claim (FlashUsbTransport *self, guint8 interface_number, GError **error);

/**
 * flash_usb_transport_keep:
 * @data: (transfer full): whatever is to live as long as the device is open
 * @destroy: called with @data right after the device was closed
 */
void flash_usb_transport_keep (FlashUsbTransport *self, gpointer data, GDestroyNotify destroy);

G_END_DECLS
