/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel says about one USB port, whether or not a device stands on it, and about the way
 * from there to the computer (sysfs, Documentation/ABI/testing/sysfs-bus-usb).
 *
 * Names and serial numbers are what udev has noted down (flash-host-database.h): nothing here waits
 * for a device. Looks below a folder that tests can bring; %NULL is this computer. Thread: any. */
#pragma once

#include "flash-tri.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashHostHop:
 * @port: port path of the hub, `1-2`; `usb1` for the root hub
 * @name: (nullable): what it calls itself or, if it does not, what the table of USB ids calls it,
 *   made safe to show
 * @vid: idVendor
 * @pid: idProduct
 * @mbps: speed of its own link in Mbit/s, 0 if not known
 * @is_root: the controller's own hub
 */
typedef struct {
  char *port;
  char *name;
  guint16 vid;
  guint16 pid;
  guint mbps;
  gboolean is_root;
} FlashHostHop;

/**
 * FlashHostPort:
 * @port: port path, `1-2.3`
 * @is_known: whether the kernel has such a port
 * @has_device: whether a device stands on it now
 * @vid: of the device
 * @pid: of the device
 * @mbps: its speed in Mbit/s, 0 if not known
 * @product: (nullable): what it calls itself, made safe to show
 * @serial: (nullable): its serial number as udev writes it, made safe to show; %NULL if it has
 *   none, or udev does not know yet
 * @driver: (nullable): the kernel driver that holds one of its interfaces, other than usbfs
 * @over_current_count: how often the port was over-current since the computer started; 0 if not
 * told
 * @connect_type: (nullable): `hotplug`, `hardwired`, `not used`, `unknown`
 * @peer: (nullable): the SuperSpeed half of the same socket, `2-3`
 * @is_usb3: whether the socket hangs on a controller or hub that does USB 3
 * @controller: (nullable): driver of the controller, `xhci_hcd`
 * @can_suspend: whether the kernel may suspend the device on it (power/control is `auto`)
 * @hops: (element-type FlashHostHop): from the computer to the port, the root hub first
 */
typedef struct {
  char *port;
  gboolean is_known;
  gboolean has_device;
  guint16 vid;
  guint16 pid;
  guint mbps;
  char *product;
  char *serial;
  char *driver;
  guint over_current_count;
  char *connect_type;
  char *peer;
  FlashTri is_usb3;
  char *controller;
  FlashTri can_suspend;
  GPtrArray *hops;
} FlashHostPort;

/**
 * flash_host_port_read:
 * @root: (nullable): where the file system begins
 * @port: a port path, `1-2.3`; anything else is a port that is not known
 *
 * Returns: (transfer full): never %NULL
 */
FlashHostPort *flash_host_port_read (const char *root, const char *port);
void flash_host_port_free (FlashHostPort *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashHostPort, flash_host_port_free)

/**
 * flash_host_port_find_serial:
 * @serial: (nullable): a USB serial number
 *
 * Returns: (transfer full) (array zero-terminated=1): the ports on which a device with that serial
 *   number stands, empty if there is none, or udev does not know of any
 */
GStrv flash_host_port_find_serial (const char *root, const char *serial);

/**
 * flash_host_port_list:
 *
 * Returns: (transfer full) (element-type FlashHostPort): every device on USB, hubs included, by
 *   port, for a picture of the whole
 */
GPtrArray *flash_host_port_list (const char *root);

G_END_DECLS
