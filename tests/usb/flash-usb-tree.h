/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A made-up computer: files in the shape of sysfs, devfs and procfs, for the parts of the usb room
 * that only read. Thread: main. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A DFU device of STM32MP15 in its ROM, an ST-LINK, a disk, a device whose firmware offers DFU, a
 * hub, something of another maker. */
typedef enum {
  FLASH_USB_TREE_ROM,
  FLASH_USB_TREE_ST_LINK,
  FLASH_USB_TREE_DISK,
  FLASH_USB_TREE_RUNTIME,
  FLASH_USB_TREE_FASTBOOT,
  FLASH_USB_TREE_SERIAL_PORT,
  FLASH_USB_TREE_HUB,
  FLASH_USB_TREE_MOUSE,
  FLASH_USB_TREE_BROKEN_ROM,
} FlashUsbTreeKind;

/* Plugs a device in, as the number @device of bus 1. */
void flash_usb_tree_plug (const char *root, const char *port, guint device, FlashUsbTreeKind kind);
/* Writes one attribute of what stands on @port. */
void
flash_usb_tree_set (const char *root, const char *port, const char *attribute, const char *text);
/* Whether the device has a configuration, and so an interface; it has after it was plugged in. */
void flash_usb_tree_set_up (const char *root, const char *port, gboolean is_set_up);
/* The driver of interface 0 in configuration 1; %NULL for none. */
void flash_usb_tree_bind (const char *root, const char *port, const char *driver);
void flash_usb_tree_unplug (const char *root, const char *port, guint device);

G_END_DECLS
