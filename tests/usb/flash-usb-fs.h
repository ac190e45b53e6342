/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device nodes of the mocked bus, and what the kernel answers there (Linux,
 * drivers/usb/core/devio.c): control transfers, claims, drivers.
 *
 * A node is a file with the device's descriptors, which libusb reads from a node that it was given
 * open. A file is always ready, so libusb does not sleep while it waits for a transfer.
 *
 * Thread: any; it has a lock of its own. Its answers are given in the test bed's thread. */
#pragma once

#include "flash-usb-gadget.h"

#include <sys/types.h>
#include <umockdev.h>

G_BEGIN_DECLS

#define FLASH_TYPE_USB_FS (flash_usb_fs_get_type ())
G_DECLARE_FINAL_TYPE (FlashUsbFs, flash_usb_fs, FLASH, USB_FS, UMockdevIoctlBase)

/* The nodes of @bed, which must live longer. */
FlashUsbFs *flash_usb_fs_new (UMockdevTestbed *bed);

/* Makes the node of a device that has just been enumerated. */
void flash_usb_fs_add (FlashUsbFs *self, const char *port, guint number, FlashUsbGadget *gadget,
                       guint64 generation, mode_t mode);

/* The device on @port left: its node is gone, and whoever has it open hears so. */
void flash_usb_fs_remove (FlashUsbFs *self, const char *port);

/* Transfers to the device on @port fail from now on as they do before the hub has noticed that
 * the device left. */
void flash_usb_fs_break (FlashUsbFs *self, const char *port);

/* The mode of the node that is there. */
void flash_usb_fs_set_mode (FlashUsbFs *self, const char *port, mode_t mode);

/* Puts a driver at the interface: `usbfs` stands for another program, %NULL for none. */
void flash_usb_fs_set_driver (FlashUsbFs *self, const char *port, guint8 interface_number,
                              const char *driver);

/* Returns: how many programs, or how often one of them, have nodes open. */
guint flash_usb_fs_count_open (FlashUsbFs *self);

G_END_DECLS
