/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dfu-device"

#include "config.h"

#include "flash-dfu-device.h"

#include "flash-bytes.h"
#include "flash-dfu-defs.h"

#define MAX_PACKET_SIZE 8
#define FIRST_NAME 4 /* index of the first setting's string */

FlashDescriptors *
flash_dfu_device_describe (const FlashDfuDevice *self)
{
  guint8 device[18] = { 18, FLASH_USB_DESCRIPTOR_DEVICE, 0, 2, 0, 0, 0, MAX_PACKET_SIZE };
  guint8 functional[9] = { 9, FLASH_DFU_DESCRIPTOR_FUNCTIONAL, self->attributes, 0xff, 0 };
  g_autoptr (GByteArray) configuration = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  FlashDescriptors *descriptors;

  flash_put_le16 (device + 8, self->vid);
  flash_put_le16 (device + 10, self->pid);
  flash_put_le16 (device + 12, self->bcd_device);
  flash_put_le16 (functional + 5, self->transfer_size);
  flash_put_le16 (functional + 7, self->bcd_dfu);
  if (self->bcd_dfu == FLASH_DFU_VERSION_1_0)
    functional[0] = FLASH_DFU_FUNCTIONAL_LENGTH_1_0;
  for (guint i = 0; self->names[i] != NULL; i++) {
    const guint8 interface[] = {
      9,
      FLASH_USB_DESCRIPTOR_INTERFACE,
      0,
      (guint8) i,
      0,
      FLASH_DFU_CLASS,
      FLASH_DFU_SUBCLASS,
      self->protocol,
      (guint8) (FIRST_NAME + i),
    };

    g_byte_array_append (configuration, interface, sizeof interface);
  }
  if (self->bcd_dfu != 0)
    g_byte_array_append (configuration, functional, functional[0]);
  descriptors = flash_descriptors_parse (device, sizeof device, configuration->data,
                                         configuration->len, &error);
  g_assert_no_error (error);
  descriptors->serial = g_strdup (self->serial);
  for (guint i = 0; i < descriptors->alternates->len; i++)
    ((FlashAlternate *) g_ptr_array_index (descriptors->alternates, i))->name =
        g_strdup (self->names[i]);
  return descriptors;
}
