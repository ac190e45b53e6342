/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ports of this computer and what stands on them, for the main thread, which shows it, and for
 * workers, which follow one port each. Whoever looks sees the present: nothing depends on the
 * order in which arrivals and departures become known.
 *
 * Thread: any; it has a lock of its own. */
#pragma once

#include "flash-usb-neighbour.h"

G_BEGIN_DECLS

typedef struct _FlashUsbBus FlashUsbBus;

/**
 * flash_usb_bus_new:
 * @root: (nullable): the folder in which `sys` and `dev` are; %NULL is this computer
 */
FlashUsbBus *flash_usb_bus_new (const char *root);
FlashUsbBus *flash_usb_bus_ref (FlashUsbBus *self);
void flash_usb_bus_unref (FlashUsbBus *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashUsbBus, flash_usb_bus_unref)

/* Forgets all boards; they keep the bus alive otherwise. */
void flash_usb_bus_forget (FlashUsbBus *self);

/**
 * flash_usb_bus_look:
 * @port: a port path
 *
 * Returns: (transfer full) (nullable): the board on @port; the same object as long as nothing that
 *   it says has changed
 */
FlashBoard *flash_usb_bus_look (FlashUsbBus *self, const char *port);

/**
 * flash_usb_bus_look_all:
 * @out_boards: (out) (transfer full) (element-type FlashBoard): in the order of their ports
 * @out_neighbours: (out) (transfer full) (element-type FlashUsbNeighbour): the same
 */
void flash_usb_bus_look_all (FlashUsbBus *self, GPtrArray **out_boards, GPtrArray **out_neighbours);

/* Wants all boards to be asked anew, at once, for what they say of themselves. */
void flash_usb_bus_want_all (FlashUsbBus *self);

/**
 * flash_usb_bus_take_wanted:
 *
 * Returns: (transfer full) (nullable): a board that is to be asked for its descriptors now, and
 *   that nobody uses; each wish is granted once
 */
FlashBoard *flash_usb_bus_take_wanted (FlashUsbBus *self);

/**
 * flash_usb_bus_learn:
 * @board: a board from flash_usb_bus_take_wanted ()
 * @descriptors: (nullable): what it said; strings that are missing may be filled in, so nobody
 *   else may have it yet
 * @is_mute: it was open and let the time pass without an answer
 *
 * Ends a question; with neither, nothing has been learned. A board whose answer was poor is wanted
 * again a while later.
 */
void flash_usb_bus_learn (FlashUsbBus *self, FlashBoard *board, FlashDescriptors *descriptors,
                          gboolean is_mute);

/**
 * flash_usb_bus_open:
 * @generation: the enumeration that is to be opened
 * @address: its address
 * @interface_number: (nullable): the interface to claim; %NULL if reading descriptors is enough
 *
 * Opens the device on @port. An error names the right that is missing, or who holds the device.
 * Blocks; thread: worker.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_TRANSPORT_ERROR)
 */
FlashTransport *
flash_usb_bus_open (FlashUsbBus *self, const char *port, guint64 generation,
                    const FlashUsbAddress *address, const guint8 *interface_number, GError **error);

G_END_DECLS
