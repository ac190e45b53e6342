/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel knows of the device on a port, read from sysfs. That needs no right to open the
 * device, it is true at this moment (libusb's list follows udev, up to half a second later, and
 * names a device that has just been replaced by its successor's address: virtual-usb-bench.md
 * section 3), and any thread may do it.
 *
 * Every function takes the folder under which `sys` and `dev` are looked for; %NULL is this
 * computer. Thread: any. */
#pragma once

#include "flash-board.h"

G_BEGIN_DECLS

/**
 * FlashUsbAddress:
 * @bus: number of the bus
 * @device: number on that bus; another one for each enumeration
 */
typedef struct {
  guint bus;
  guint device;
} FlashUsbAddress;

/**
 * FlashUsbRecord:
 * @port: the port path, e.g. `1-2.3`
 * @address: which enumeration this is
 * @speed: speed of the link
 * @vid: idVendor
 * @pid: idProduct
 * @product: (nullable): what the kernel read when it enumerated the device; not looked for in one
 *   that nobody would take for a board
 * @descriptors: (nullable): the device's descriptors with the strings that the kernel kept; %NULL
 *   if they are broken, or if nobody would take it for a board
 * @has_runtime_dfu: whether an interface offers to detach into a DFU mode (DFU 1.1, section 4.1.3)
 * @has_mass_storage: whether an interface is a disk
 */
typedef struct {
  char *port;
  FlashUsbAddress address;
  FlashSpeed speed;
  guint16 vid;
  guint16 pid;
  char *product;
  FlashDescriptors *descriptors;
  gboolean has_runtime_dfu;
  gboolean has_mass_storage;
} FlashUsbRecord;

void flash_usb_record_free (FlashUsbRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashUsbRecord, flash_usb_record_free)

/**
 * flash_usb_record_list_ports:
 *
 * Returns: (transfer full) (array zero-terminated=1): the port paths on which something stands,
 *   root hubs left out, in the order of their numbers
 */
char **flash_usb_record_list_ports (const char *root);

/**
 * flash_usb_record_read_address:
 * @port: a port path
 * @out_address: (out caller-allocates): untouched if nothing is there
 *
 * Returns: whether a device stands on @port
 */
gboolean
flash_usb_record_read_address (const char *root, const char *port, FlashUsbAddress *out_address);

/**
 * flash_usb_record_read:
 * @port: a port path
 *
 * Returns: (transfer full) (nullable): %NULL if nothing is there, if it left meanwhile, or if the
 *   kernel is still setting it up
 */
FlashUsbRecord *flash_usb_record_read (const char *root, const char *port);

/* Returns: whether the kernel lists a device on @port, even if nothing can be read of it. */
gboolean flash_usb_record_is_there (const char *root, const char *port);

/* Returns: the number of the DFU interface, 0 if it is not known. */
guint8 flash_usb_record_get_interface (const FlashUsbRecord *self);

/**
 * flash_usb_record_find_driver:
 * @interface_number: of its DFU interface
 * @out_driver: (out) (transfer full) (nullable): the driver that holds the interface: `usbfs`
 *   stands for a program; %NULL if it is free
 *
 * Returns: whether the interface is there: it is not while the device has no configuration
 */
gboolean flash_usb_record_find_driver (const char *root, const char *port, guint8 interface_number,
                                       char **out_driver);

/**
 * flash_usb_record_read_hubs:
 * @port: a port path
 *
 * Returns: (transfer full) (element-type FlashHub): the hubs between the computer and @port
 */
GPtrArray *flash_usb_record_read_hubs (const char *root, const char *port);

G_END_DECLS
