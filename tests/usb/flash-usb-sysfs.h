/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files by which the kernel shows a USB device, written below the root of a test bed: sysfs
 * folder, links to it, and the names by which udev announces it. A port is `1-2.3`, or `usb1` for
 * the root hub of a bus.
 *
 * Thread: one at a time. */
#pragma once

#include "flash-usb-gadget.h"

G_BEGIN_DECLS

/* Returns: number of the bus to which @port belongs. */
guint flash_usb_sysfs_get_bus (const char *port);
/* Returns: (transfer full): the folder of the device in sysfs, beginning with `/sys`. */
char *flash_usb_sysfs_dup_folder (const char *port);
/* Returns: (transfer full): the device node, beginning with `/dev`. */
char *flash_usb_sysfs_dup_node (const char *port, guint number);

/**
 * flash_usb_sysfs_write:
 * @root: root of the test bed
 * @number: the number that the device got
 *
 * Asks the device for its descriptors, as the kernel does, and shows them.
 *
 * Returns: whether the device gave its descriptors; otherwise nothing is shown
 */
gboolean flash_usb_sysfs_write (const char *root, const char *port, guint number,
                                FlashUsbGadget *gadget, guint64 generation);

/* The first that can be seen of a device that is being set up: its number. */
void flash_usb_sysfs_begin (const char *root, const char *port, guint number);

/* What udev is told of the device: that it has that number. */
void flash_usb_sysfs_write_event (const char *root, const char *port, guint number);

/* Takes the device out of the list of devices, or all of it away. */
void flash_usb_sysfs_hide (const char *root, const char *port);
void flash_usb_sysfs_remove (const char *root, const char *port);

/* The driver at an interface; %NULL for none. */
void flash_usb_sysfs_set_driver (const char *root, const char *port, guint8 interface_number,
                                 const char *driver);
/* Returns: (transfer full) (nullable): the driver at an interface. */
char *flash_usb_sysfs_dup_driver (const char *root, const char *port, guint8 interface_number);

G_END_DECLS
