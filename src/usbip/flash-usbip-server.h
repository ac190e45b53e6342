/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The USB/IP server: hosts ask over TCP which boards there are, and import one of them.
 *
 * Thread: main. */
#pragma once

#include "flash-usbip-board.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define FLASH_TYPE_USBIP_SERVER (flash_usbip_server_get_type ())
G_DECLARE_FINAL_TYPE (FlashUsbipServer, flash_usbip_server, FLASH, USBIP_SERVER, GObject)

/* So many hosts at once may be about to say what they want; others are turned away. */
#define FLASH_USBIP_MAX_ASKING 16

/**
 * flash_usbip_server_new:
 * @address: where to listen; port 0 takes any that is free
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (#GIOErrorEnum)
 */
FlashUsbipServer *flash_usbip_server_new (GInetSocketAddress *address, GError **error);

/* Exports @board from now on. */
void flash_usbip_server_add (FlashUsbipServer *self, FlashUsbipBoard *board);

/* How long a host may take to say what it wants, in milliseconds. */
void flash_usbip_server_set_patience_ms (FlashUsbipServer *self, guint patience_ms);

/* Returns: (transfer none): where it listens. */
GInetSocketAddress *flash_usbip_server_get_address (FlashUsbipServer *self);

/* Returns: how many hosts are about to say what they want. */
guint flash_usbip_server_get_n_asking (FlashUsbipServer *self);

G_END_DECLS
