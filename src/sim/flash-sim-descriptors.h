/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The descriptors of one stage, byte by byte (stm32mp-usb.md sections 1.2, 1.3.1 and 1.4.1;
 * stm32-dfuse.md sections 1.1 and 1.2).
 * Strings by number: 0 languages, 1 manufacturer, 2 product, 3 serial, 4 and 5 as the stage has
 * them, then the alternate settings.
 *
 * Immutable; thread: any. */
#pragma once

#include "flash-descriptors.h"

G_BEGIN_DECLS

typedef struct _FlashSimDescriptors FlashSimDescriptors;

#define FLASH_SIM_ST_NAME "STMicroelectronics"
#define FLASH_SIM_PRODUCT_STRING 2

/**
 * FlashSimDescriptorTraits:
 * What differs between the stages.
 *
 * @vid: idVendor
 * @pid: idProduct
 * @bcd_device: bcdDevice
 * @manufacturer: manufacturer string
 * @product: product string
 * @serial: (nullable): serial string
 * @other_strings: (nullable): strings 4 and 5; the settings follow the last that is there
 * @first_name: number of the first setting's string, 0 for the first free one from 5 on
 * @configuration_string: number of the string of the configuration, 0 for none
 * @bcd_usb: bcdUSB, 0 for 2.00
 * @protocol: bInterfaceProtocol, 0 for %FLASH_DFU_PROTOCOL_DFU
 * @dfu_attributes: bmAttributes of the functional descriptor, 0 for all four of DFU 1.1
 * @dfu_version: bcdDFUVersion, 0 for 1.1
 * @has_long_strings: string descriptors claim two bytes more than they have
 * @max_power: bMaxPower
 * @detach_timeout_ms: wDetachTimeOut
 * @transfer_size: wTransferSize
 * @names: (element-type utf8): strings of the alternate settings
 */
typedef struct {
  guint16 vid;
  guint16 pid;
  guint16 bcd_device;
  const char *manufacturer;
  const char *product;
  const char *serial;
  const char *other_strings[2];
  guint8 first_name;
  guint8 configuration_string;
  guint16 bcd_usb;
  guint8 protocol;
  guint8 dfu_attributes;
  guint16 dfu_version;
  gboolean has_long_strings;
  guint8 max_power;
  guint16 detach_timeout_ms;
  guint16 transfer_size;
  const GPtrArray *names;
} FlashSimDescriptorTraits;

/* Returns: (transfer full): the descriptors of a stage with these traits, which are copied. */
FlashSimDescriptors *flash_sim_descriptors_new (const FlashSimDescriptorTraits *traits);
void flash_sim_descriptors_free (FlashSimDescriptors *self);

guint flash_sim_descriptors_get_n_alternates (FlashSimDescriptors *self);
/* Returns: (transfer none) (array length=out_length): the device descriptor. */
const guint8 *flash_sim_descriptors_get_device (FlashSimDescriptors *self, gsize *out_length);
/* Returns: (transfer none) (array length=out_length): the whole configuration descriptor. */
const guint8 *
flash_sim_descriptors_get_configuration (FlashSimDescriptors *self, gsize *out_length);

#define FLASH_SIM_STRING_MAX 255

/**
 * flash_sim_descriptors_get_string:
 * @index: number of the string
 * @out_bytes: (out caller-allocates): room for %FLASH_SIM_STRING_MAX bytes
 *
 * Returns: how many bytes are sent, which may be fewer than the descriptor says it has; 0 if
 *   there is no such string, or if it is no text that could be sent
 */
gsize flash_sim_descriptors_get_string (FlashSimDescriptors *self, guint8 index, guint8 *out_bytes);

/**
 * flash_sim_descriptors_describe:
 * @has_strings: whether the device gives its strings
 *
 * Returns: (transfer full): the same as a host reads it
 */
FlashDescriptors *flash_sim_descriptors_describe (FlashSimDescriptors *self, gboolean has_strings);

G_END_DECLS
