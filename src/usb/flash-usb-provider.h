/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The boards on USB, as a provider like any other: a GListModel of FlashBoard in the order of
 * their ports.
 *
 * GUsb tells that something has changed; what has changed is looked up in the kernel
 * (flash-usb-bus.h), so that late and swapped announcements do no harm. Should none come, as in
 * some sandboxes, the ports are looked at once a second anyway.
 *
 * Thread: main, except flash_provider_peek_port () and what boards and transports do. */
#pragma once

#include "flash-provider.h"
#include "flash-usb-neighbour.h"

G_BEGIN_DECLS

#define FLASH_TYPE_USB_PROVIDER (flash_usb_provider_get_type ())
G_DECLARE_FINAL_TYPE (FlashUsbProvider, flash_usb_provider, FLASH, USB_PROVIDER, GObject)

/**
 * flash_usb_provider_new:
 *
 * Begins to look at all ports. Boards are listed a moment later with what the kernel knows of them.
 * flash_provider_find () does not wait for that; it looks at the ports itself, which may block.
 * flash_provider_rescan () asks all boards that nobody uses what they say of themselves.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_TRANSPORT_ERROR) if this
 *   computer lets no program at USB
 */
FlashUsbProvider *flash_usb_provider_new (GError **error);

/**
 * flash_usb_provider_set_curious:
 * @is_curious: whether boards that arrive, or that have been let go, are asked too
 *
 * Off at first: a program that works with one board has no business with the others, which another
 * program may be about to open.
 */
void flash_usb_provider_set_curious (FlashUsbProvider *self, gboolean is_curious);

/* Returns: (transfer none) (element-type FlashUsbNeighbour): devices that are no boards to flash,
 * but may be taken for one. */
GListModel *flash_usb_provider_get_neighbours (FlashUsbProvider *self);

/* Returns: whether ports are being looked at, or boards asked for what they say of themselves.
 * After flash_provider_rescan () the list is complete once this is %FALSE. */
gboolean flash_usb_provider_is_asking (FlashUsbProvider *self);

G_END_DECLS
