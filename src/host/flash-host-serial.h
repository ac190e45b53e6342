/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The serial ports of this computer that come over USB: an ST-LINK has the console of its board.
 *
 * Names and serial numbers are what udev has noted down (flash-host-database.h). Looks below a
 * folder that tests can bring; %NULL is this computer. Thread: any. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashHostSerial:
 * @path: (type filename): the device node, `/dev/ttyACM0`
 * @port: port path of the USB device behind it, `1-2.4`
 * @vid: of the USB device
 * @pid: of the USB device
 * @name: (nullable): what it calls itself, made safe to show
 * @serial: (nullable): its serial number as udev writes it, made safe to show
 * @is_stlink: whether it is an ST-LINK (0483:374x, 0483:375x)
 * @can_open: whether this user may open it
 */
typedef struct {
  char *path;
  char *port;
  guint16 vid;
  guint16 pid;
  char *name;
  char *serial;
  gboolean is_stlink;
  gboolean can_open;
} FlashHostSerial;

void flash_host_serial_free (FlashHostSerial *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashHostSerial, flash_host_serial_free)

/**
 * flash_host_serial_is_stlink:
 * @vid: of a USB device
 * @pid: the same
 *
 * Returns: whether it is an ST-LINK
 */
gboolean flash_host_serial_is_stlink (guint16 vid, guint16 pid);

/* Returns: (transfer full) (element-type FlashHostSerial): ST-LINKs first, then by path. */
GPtrArray *flash_host_serial_list (const char *root);

/**
 * flash_host_serial_guess:
 * @serials: (element-type FlashHostSerial): from flash_host_serial_list ()
 * @board_port: (nullable): the port of the board; of a virtual board there is no console
 *
 * The console of a board is the only ST-LINK behind the same hub. A root hub does not count:
 * nothing follows from two sockets of the same computer, and the only ST-LINK there is may belong
 * to another board. Of an ST-LINK with two serial ports, the first is meant.
 *
 * Returns: (transfer none) (nullable): the serial port that belongs to the board, %NULL if that is
 *   not certain: then whoever asks offers the list
 */
const FlashHostSerial *flash_host_serial_guess (GPtrArray *serials, const char *board_port);

G_END_DECLS
