/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes over the wire in USB/IP, version 1.1.1: the two questions that a host may put to a
 * server, and the requests to a device that it has imported. The protocol is described in the
 * Linux kernel's documentation, usb/usbip_protocol. Every number is in network byte order; the
 * setup packet alone stays little-endian, as it is on USB.
 *
 * Pure functions over bytes; thread: any. */
#pragma once

#include "flash-board.h"
#include "flash-sim-device.h"

G_BEGIN_DECLS

#define FLASH_USBIP_VERSION 0x0111u
#define FLASH_USBIP_PORT 3240

/* --- Questions ------------------------------------------------------------------------------ */

#define FLASH_USBIP_OP_LENGTH 8
#define FLASH_USBIP_OP_REQ_IMPORT 0x8003
#define FLASH_USBIP_OP_REP_IMPORT 0x0003
#define FLASH_USBIP_OP_REQ_DEVLIST 0x8005
#define FLASH_USBIP_OP_REP_DEVLIST 0x0005

#define FLASH_USBIP_PATH_LENGTH 256
#define FLASH_USBIP_BUSID_LENGTH 32
/* Behind the head of OP_REQ_IMPORT: a bus id, filled up with zeros. */
#define FLASH_USBIP_IMPORT_LENGTH FLASH_USBIP_BUSID_LENGTH
/* A device, as OP_REP_IMPORT and OP_REP_DEVLIST show it. */
#define FLASH_USBIP_DEVICE_LENGTH 312
/* An interface, in OP_REP_DEVLIST only. */
#define FLASH_USBIP_INTERFACE_LENGTH 4

/**
 * FlashUsbipStatus:
 * @FLASH_USBIP_STATUS_OK: here it is
 * @FLASH_USBIP_STATUS_REFUSED: not like this
 * @FLASH_USBIP_STATUS_BUSY: another host has the device
 * @FLASH_USBIP_STATUS_NO_DEVICE: there is no such device at the moment
 */
typedef enum {
  FLASH_USBIP_STATUS_OK = 0,
  FLASH_USBIP_STATUS_REFUSED = 1,
  FLASH_USBIP_STATUS_BUSY = 2,
  FLASH_USBIP_STATUS_NO_DEVICE = 4,
} FlashUsbipStatus;

/**
 * FlashUsbipDevice:
 * @path: where it would be in a sysfs
 * @busid: how an import names it
 * @busnum: number of its bus
 * @devnum: number of its enumeration on that bus
 * @speed: of its link
 * @vid: idVendor
 * @pid: idProduct
 * @bcd_device: bcdDevice
 * @configuration: bConfigurationValue of the configuration that it is in
 * @n_configurations: bNumConfigurations
 * @n_interfaces: bNumInterfaces; each of them is of the class for DFU
 */
typedef struct {
  char path[FLASH_USBIP_PATH_LENGTH];
  char busid[FLASH_USBIP_BUSID_LENGTH];
  guint32 busnum;
  guint32 devnum;
  FlashSpeed speed;
  guint16 vid;
  guint16 pid;
  guint16 bcd_device;
  guint8 configuration;
  guint8 n_configurations;
  guint8 n_interfaces;
} FlashUsbipDevice;

/* Returns: the speed as USB/IP and the kernel count it, 2 for full and 3 for high. */
guint32 flash_usbip_get_speed_number (FlashSpeed speed);

/**
 * flash_usbip_parse_op:
 * @bytes: %FLASH_USBIP_OP_LENGTH bytes
 * @out_version: (out): the version that the other side speaks
 * @out_code: (out): one of the numbers above, or any other
 */
void flash_usbip_parse_op (const guint8 *bytes, guint16 *out_version, guint16 *out_code);

/**
 * flash_usbip_put_op:
 * @bytes: room for %FLASH_USBIP_OP_LENGTH bytes
 * @code: an OP_REP_… number
 * @status: the answer in short
 */
void flash_usbip_put_op (guint8 *bytes, guint16 code, FlashUsbipStatus status);

/* Writes %FLASH_USBIP_DEVICE_LENGTH bytes. */
void flash_usbip_put_device (guint8 *bytes, const FlashUsbipDevice *device);
/* Writes %FLASH_USBIP_INTERFACE_LENGTH bytes: an interface of the class for DFU. */
void flash_usbip_put_interface (guint8 *bytes);

/* --- Requests ------------------------------------------------------------------------------- */

#define FLASH_USBIP_URB_LENGTH 48
#define FLASH_USBIP_CMD_SUBMIT 1u
#define FLASH_USBIP_CMD_UNLINK 2u
#define FLASH_USBIP_RET_SUBMIT 3u
#define FLASH_USBIP_RET_UNLINK 4u
#define FLASH_USBIP_DIR_OUT 0u
#define FLASH_USBIP_DIR_IN 1u

/* No host needs more on a control endpoint: wLength has 16 bits. */
#define FLASH_USBIP_MAX_TRANSFER (1024u * 1024)

/* Linux numbers of errors, as they stand in the status of an answer. */
#define FLASH_USBIP_EPIPE 32
#define FLASH_USBIP_ECONNRESET 104

/**
 * FlashUsbipRequest:
 * @command: %FLASH_USBIP_CMD_SUBMIT or %FLASH_USBIP_CMD_UNLINK
 * @seqnum: by which the answer names it
 * @devid: which device it is for
 * @is_in: whether the data go from the device to the host
 * @endpoint: number of the endpoint
 * @length: bytes of data; behind the head of a CMD_SUBMIT unless @is_in
 * @setup: the setup packet
 * @unlinked: the request that CMD_UNLINK takes back
 */
typedef struct {
  guint32 command;
  guint32 seqnum;
  guint32 devid;
  gboolean is_in;
  guint32 endpoint;
  guint32 length;
  FlashSimPacket setup;
  guint32 unlinked;
} FlashUsbipRequest;

/**
 * flash_usbip_parse_request:
 * @bytes: %FLASH_USBIP_URB_LENGTH bytes
 * @out_request: (out caller-allocates): what they ask for
 *
 * Returns: (nullable) (transfer none): %NULL, or what is wrong with it
 */
const char *flash_usbip_parse_request (const guint8 *bytes, FlashUsbipRequest *out_request);

/**
 * flash_usbip_put_submit_answer:
 * @bytes: room for %FLASH_USBIP_URB_LENGTH bytes
 * @seqnum: of the request
 * @status: 0, or the negative number of an error
 * @actual_length: bytes that went over the bus
 */
void
flash_usbip_put_submit_answer (guint8 *bytes, guint32 seqnum, gint32 status, guint32 actual_length);

/**
 * flash_usbip_put_unlink_answer:
 * @bytes: room for %FLASH_USBIP_URB_LENGTH bytes
 * @seqnum: of the CMD_UNLINK
 * @status: -%FLASH_USBIP_ECONNRESET if the request was taken back, 0 if it was answered before
 */
void flash_usbip_put_unlink_answer (guint8 *bytes, guint32 seqnum, gint32 status);

G_END_DECLS
