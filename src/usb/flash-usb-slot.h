/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One port of the bus, as far as a device has been seen on it: which enumeration stands there, what
 * it says of itself, and whether it is to be asked again.
 *
 * Thread: any, one at a time; flash-usb-bus.c holds its lock meanwhile. Nothing in here blocks. */
#pragma once

#include "flash-usb-bus.h"

G_BEGIN_DECLS

/* Until udev has set the rights of a node, and the kernel has taken a device apart. */
#define FLASH_USB_DOUBT_US (500 * 1000)

typedef struct _FlashUsbSlot FlashUsbSlot;

/* Returns: (transfer full): an empty port of @bus, which must live longer. */
FlashUsbSlot *flash_usb_slot_new (FlashUsbBus *bus, const char *port);
void flash_usb_slot_free (FlashUsbSlot *self);

/* The port is empty. */
void flash_usb_slot_clear (FlashUsbSlot *self);

/* Returns: whether the enumeration with that address is known already. */
gboolean flash_usb_slot_is_at (const FlashUsbSlot *self, const FlashUsbAddress *address);

/**
 * flash_usb_slot_meet:
 * @record: (transfer full): what the kernel knows of the device
 * @hubs: (transfer full) (element-type FlashHub): the hubs on the way to it
 * @access_now: whether it can be opened
 * @detail: (transfer full) (nullable): why not
 *
 * Another device, or the same one anew, stands on the port.
 */
void flash_usb_slot_meet (FlashUsbSlot *self, FlashUsbRecord *record, GPtrArray *hubs,
                          FlashAccess access_now, char *detail);

/* Returns: (transfer none) (nullable): what the kernel knows of the device on the port. */
const FlashUsbRecord *flash_usb_slot_get_record (const FlashUsbSlot *self);
/* Returns: (transfer none) (nullable): the board on the port. */
FlashBoard *flash_usb_slot_get_board (const FlashUsbSlot *self);
/* Returns: (transfer none) (nullable): what stands there and is no board. */
FlashUsbNeighbour *flash_usb_slot_get_neighbour (const FlashUsbSlot *self);

/**
 * flash_usb_slot_is_doubtful:
 *
 * Returns: whether the device at @address only seems to be one that may not be opened: a device
 *   that is coming or going looks like that for a moment
 */
gboolean flash_usb_slot_is_doubtful (FlashUsbSlot *self, const FlashUsbAddress *address,
                                     FlashAccess access_now);

/* Returns: whether @access_now, seen from outside, is not what the board says. While this program
 * works with a board, it is neither busy nor anything else. */
gboolean flash_usb_slot_has_other_access (const FlashUsbSlot *self, FlashAccess access_now);
/* Takes over how the board can be opened; @detail: (transfer full) (nullable). */
void flash_usb_slot_set_access (FlashUsbSlot *self, FlashAccess access_now, char *detail);

/* Wants the board to be asked in @delay_us. */
void flash_usb_slot_want (FlashUsbSlot *self, gint64 delay_us);
/* Returns: whether the board is to be asked now; the wish is granted with that. */
gboolean flash_usb_slot_take_wish (FlashUsbSlot *self);

/* What came of asking the board, see flash_usb_bus_learn (). */
void flash_usb_slot_learn (FlashUsbSlot *self, FlashDescriptors *descriptors, gboolean is_mute);

/* This program opens the board for a job, or closes it. */
void flash_usb_slot_hold (FlashUsbSlot *self);
void flash_usb_slot_release (FlashUsbSlot *self);
/* Returns: how often this program has the board open for a job. */
guint flash_usb_slot_get_n_open (const FlashUsbSlot *self);

G_END_DECLS
