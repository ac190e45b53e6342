/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usbip-wire"

#include "config.h"

#include "flash-usbip-wire.h"

#include "flash-bytes.h"
#include "flash-dfu-defs.h"

#include <string.h>

/* A number of packets belongs to isochronous endpoints. Others say 0, or nothing (all ones). */
#define NO_PACKETS 0xffffffffu

static void
put_be16 (guint8 *at, guint16 value)
{
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) value;
}

static guint16
get_be16 (const guint8 *at)
{
  return (guint16) (at[0] << 8 | at[1]);
}

guint32
flash_usbip_get_speed_number (FlashSpeed speed)
{
  switch (speed) {
  case FLASH_SPEED_UNKNOWN:
    return 0;
  case FLASH_SPEED_LOW:
    return 1;
  case FLASH_SPEED_FULL:
    return 2;
  case FLASH_SPEED_HIGH:
    return 3;
  case FLASH_SPEED_SUPER:
    return 5;
  }
  g_return_val_if_reached (0);
}

void
flash_usbip_parse_op (const guint8 *bytes, guint16 *out_version, guint16 *out_code)
{
  *out_version = get_be16 (bytes);
  *out_code = get_be16 (bytes + 2);
}

void
flash_usbip_put_op (guint8 *bytes, guint16 code, FlashUsbipStatus status)
{
  put_be16 (bytes, FLASH_USBIP_VERSION);
  put_be16 (bytes + 2, code);
  flash_put_be32 (bytes + 4, (guint32) status);
}

void
flash_usbip_put_device (guint8 *bytes, const FlashUsbipDevice *device)
{
  guint8 *at = bytes + FLASH_USBIP_PATH_LENGTH + FLASH_USBIP_BUSID_LENGTH;

  memset (bytes, 0, FLASH_USBIP_DEVICE_LENGTH);
  g_strlcpy ((char *) bytes, device->path, FLASH_USBIP_PATH_LENGTH);
  g_strlcpy ((char *) bytes + FLASH_USBIP_PATH_LENGTH, device->busid, FLASH_USBIP_BUSID_LENGTH);
  flash_put_be32 (at, device->busnum);
  flash_put_be32 (at + 4, device->devnum);
  flash_put_be32 (at + 8, flash_usbip_get_speed_number (device->speed));
  put_be16 (at + 12, device->vid);
  put_be16 (at + 14, device->pid);
  put_be16 (at + 16, device->bcd_device);
  /* at + 18 to 20: class, subclass and protocol, which the interface tells */
  at[21] = device->configuration;
  at[22] = device->n_configurations;
  at[23] = device->n_interfaces;
}

void
flash_usbip_put_interface (guint8 *bytes)
{
  bytes[0] = FLASH_DFU_CLASS;
  bytes[1] = FLASH_DFU_SUBCLASS;
  bytes[2] = FLASH_DFU_PROTOCOL_DFU;
  bytes[3] = 0;
}

/* --- Requests ------------------------------------------------------------------------------- */

static const char *
parse_submit (const guint8 *bytes, FlashUsbipRequest *out_request)
{
  guint32 n_packets = flash_get_be32 (bytes + 32);

  out_request->length = flash_get_be32 (bytes + 24);
  out_request->setup = (FlashSimPacket){
    .request_type = bytes[40],
    .request = bytes[41],
    .value = flash_get_le16 (bytes + 42),
    .index = flash_get_le16 (bytes + 44),
    .length = flash_get_le16 (bytes + 46),
  };
  if (out_request->length > FLASH_USBIP_MAX_TRANSFER)
    return "a transfer that is longer than 1 MiB";
  if (n_packets != 0 && n_packets != NO_PACKETS)
    return "a transfer in isochronous packets";
  return NULL;
}

const char *
flash_usbip_parse_request (const guint8 *bytes, FlashUsbipRequest *out_request)
{
  guint32 direction = flash_get_be32 (bytes + 12);

  *out_request = (FlashUsbipRequest){
    .command = flash_get_be32 (bytes),
    .seqnum = flash_get_be32 (bytes + 4),
    .devid = flash_get_be32 (bytes + 8),
    .is_in = direction == FLASH_USBIP_DIR_IN,
    .endpoint = flash_get_be32 (bytes + 16),
  };
  if (out_request->command == FLASH_USBIP_CMD_UNLINK) {
    out_request->unlinked = flash_get_be32 (bytes + 20);
    return NULL;
  }
  if (out_request->command != FLASH_USBIP_CMD_SUBMIT)
    return "a command that is neither CMD_SUBMIT nor CMD_UNLINK";
  if (direction > FLASH_USBIP_DIR_IN)
    return "a direction that is neither in nor out";
  return parse_submit (bytes, out_request);
}

/* What an answer does not use stays zero, device and endpoint among it. */
static void
put_answer (guint8 *bytes, guint32 command, guint32 seqnum, gint32 status)
{
  memset (bytes, 0, FLASH_USBIP_URB_LENGTH);
  flash_put_be32 (bytes, command);
  flash_put_be32 (bytes + 4, seqnum);
  flash_put_be32 (bytes + 20, (guint32) status);
}

void
flash_usbip_put_submit_answer (guint8 *bytes, guint32 seqnum, gint32 status, guint32 actual_length)
{
  put_answer (bytes, FLASH_USBIP_RET_SUBMIT, seqnum, status);
  flash_put_be32 (bytes + 24, actual_length);
}

void
flash_usbip_put_unlink_answer (guint8 *bytes, guint32 seqnum, gint32 status)
{
  put_answer (bytes, FLASH_USBIP_RET_UNLINK, seqnum, status);
}
