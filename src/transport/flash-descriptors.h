/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a device says about itself, read live. A cache is not good enough: an STM32MP15 changes
 * from ROM to TF-A without leaving the bus (stm32mp-usb.md section 1.2), and the kernel would
 * still show the ROM's strings.
 *
 * FlashDescriptors is immutable and reference counted; thread: any. Reading: worker. */
#pragma once

#include "flash-transport.h"

G_BEGIN_DECLS

/**
 * FlashAlternate:
 * @number: bAlternateSetting
 * @name: (nullable): its string, %NULL if the device did not give one
 * @is_nameless: its iInterface is 0: it has no string, and never will
 */
typedef struct {
  guint8 number;
  char *name;
  gboolean is_nameless;
} FlashAlternate;

/**
 * FlashDescriptors:
 * @vid: idVendor
 * @pid: idProduct
 * @bcd_device: bcdDevice
 * @manufacturer: (nullable): string
 * @product: (nullable): string
 * @serial: (nullable): string
 * @max_packet_size: bMaxPacketSize0 in bytes
 * @interface_number: number of the DFU interface
 * @protocol: its bInterfaceProtocol: %FLASH_DFU_PROTOCOL_RUNTIME, _DFU, or what else it says
 *   (stm32-dfuse.md section 1.1); a DFU mode goes before a run-time interface
 * @alternates: (element-type FlashAlternate): its alternate settings, rising; empty if the
 *   device has no DFU interface
 * @has_functional: whether a DFU functional descriptor was found; otherwise the four below are 0
 * @attributes: bmAttributes
 * @detach_timeout_ms: wDetachTimeOut
 * @transfer_size: wTransferSize in bytes
 * @bcd_dfu: bcdDFUVersion; 0x0100 if the descriptor is too short to have one, and bytes that
 *   were swapped are put right (stm32-dfuse.md section 1.2)
 */
typedef struct {
  gatomicrefcount ref_count;
  guint16 vid;
  guint16 pid;
  guint16 bcd_device;
  char *manufacturer;
  char *product;
  char *serial;
  guint8 max_packet_size;
  guint8 interface_number;
  guint8 protocol;
  GPtrArray *alternates;
  gboolean has_functional;
  guint8 attributes;
  guint16 detach_timeout_ms;
  guint16 transfer_size;
  guint16 bcd_dfu;
} FlashDescriptors;

FlashDescriptors *flash_descriptors_ref (FlashDescriptors *self);
void flash_descriptors_unref (FlashDescriptors *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashDescriptors, flash_descriptors_unref)

/**
 * flash_descriptors_read:
 * @timeout_ms: time-out of each request in milliseconds
 *
 * Asks for the device, configuration and string descriptors. A string that cannot be read is
 * %NULL in the result: broken strings are no reason to turn a board away. After two strings that
 * time out, or eight times @timeout_ms for all of them, the rest is not asked for and %NULL too.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_TRANSPORT_ERROR)
 */
FlashDescriptors *
flash_descriptors_read (FlashTransport *transport, guint timeout_ms, GError **error);

/**
 * flash_descriptors_read_string:
 * @index: index of a string descriptor, not 0
 * @timeout_ms: time-out of the request in milliseconds
 *
 * Returns: (transfer full) (nullable): the string in US English, safe to show, broken ones as far
 *   as they go; %NULL if the device does not give it
 */
char *flash_descriptors_read_string (FlashTransport *transport, guint8 index, guint timeout_ms);

/**
 * flash_descriptors_parse:
 * @device: (array length=device_length): the device descriptor
 * @configuration: (array length=configuration_length): a whole configuration descriptor
 *
 * Pure: takes any bytes. The strings stay %NULL, see flash_descriptors_read ().
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_TRANSPORT_ERROR_IO)
 */
FlashDescriptors *
flash_descriptors_parse (const guint8 *device, gsize device_length, const guint8 *configuration,
                         gsize configuration_length, GError **error);

G_END_DECLS
