/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a device says about itself, as little as a test needs. */
#pragma once

#include "flash-descriptors.h"

G_BEGIN_DECLS

/**
 * FlashDfuDevice:
 * @vid: idVendor
 * @pid: idProduct
 * @bcd_device: bcdDevice
 * @protocol: bInterfaceProtocol
 * @attributes: bmAttributes
 * @transfer_size: wTransferSize
 * @bcd_dfu: bcdDFUVersion; 0 for a device without functional descriptor, 0x0100 for one of 7 bytes
 * @serial: (nullable): serial number
 * @names: (array zero-terminated=1): of its alternate settings
 */
typedef struct {
  guint16 vid;
  guint16 pid;
  guint16 bcd_device;
  guint8 protocol;
  guint8 attributes;
  guint16 transfer_size;
  guint16 bcd_dfu;
  const char *serial;
  const char *names[5];
} FlashDfuDevice;

/* Returns: (transfer full): what that device says. Its smallest packet is 8 bytes. */
FlashDescriptors *flash_dfu_device_describe (const FlashDfuDevice *self);

G_END_DECLS
