/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands on a port of the mocked bus: a virtual board, or any other device that answers with
 * its descriptors and refuses everything else. Both can be given descriptors that no tidy device
 * has.
 *
 * Thread: any; it has a lock of its own. What is set, holds at once. */
#pragma once

#include "flash-sim-device.h"

G_BEGIN_DECLS

typedef struct _FlashUsbGadget FlashUsbGadget;

/**
 * flash_usb_gadget_new_board:
 * @id: `virtual:MODEL[,key=value…]`
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_PROVIDER_ERROR)
 */
FlashUsbGadget *flash_usb_gadget_new_board (const char *id, GError **error);

/**
 * flash_usb_gadget_new_device:
 * @interfaces: (array length=length): what follows the head of the configuration descriptor
 * @product: (nullable): its product string
 *
 * Any other device, at high speed.
 */
FlashUsbGadget *flash_usb_gadget_new_device (guint16 vid, guint16 pid, const guint8 *interfaces,
                                             gsize length, const char *product);
FlashUsbGadget *flash_usb_gadget_ref (FlashUsbGadget *self);
void flash_usb_gadget_unref (FlashUsbGadget *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashUsbGadget, flash_usb_gadget_unref)

/* Returns: (transfer none) (nullable): the virtual board. */
FlashSimDevice *flash_usb_gadget_get_board (FlashUsbGadget *self);
FlashSpeed flash_usb_gadget_get_speed (FlashUsbGadget *self);

/**
 * flash_usb_gadget_set_string:
 * @index: number of the string
 * @bytes: (array length=length): all that the device sends when it is asked for it; none is a
 *   refusal
 */
void
flash_usb_gadget_set_string (FlashUsbGadget *self, guint8 index, const guint8 *bytes, gsize length);

/* A device descriptor, or a whole configuration descriptor, in place of its own. */
void flash_usb_gadget_set_device (FlashUsbGadget *self, const guint8 *bytes, gsize length);
void flash_usb_gadget_set_configuration (FlashUsbGadget *self, const guint8 *bytes, gsize length);

/* Whether it lets every request wait for ever. */
void flash_usb_gadget_set_mute (FlashUsbGadget *self, gboolean is_mute);

/* Off the bus, and on it again. */
void flash_usb_gadget_set_plugged (FlashUsbGadget *self, gboolean is_plugged);

/**
 * flash_usb_gadget_look:
 * @out_generation: (out): number of its enumeration
 *
 * Returns: whether it is on the bus
 */
gboolean flash_usb_gadget_look (FlashUsbGadget *self, guint64 *out_generation);

/* One control transfer, as flash_sim_device_control (). */
FlashSimOutcome flash_usb_gadget_control (FlashUsbGadget *self, guint64 generation,
                                          const FlashSimPacket *packet, const guint8 *data,
                                          guint8 *answer, gsize *out_length, gint64 *out_ready_us);

/**
 * flash_usb_gadget_get_descriptor:
 * @type: bDescriptorType
 * @index: number of the string
 *
 * What the kernel asks when it enumerates a device.
 *
 * Returns: (transfer full) (nullable): %NULL if the device does not give it
 */
GByteArray *flash_usb_gadget_get_descriptor (FlashUsbGadget *self, guint64 generation, guint8 type,
                                             guint8 index);

G_END_DECLS
