/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-descriptors"

#include "config.h"

#include "flash-sim-descriptors.h"

#include "flash-bytes.h"
#include "flash-dfu-defs.h"

#include <string.h>

#define DEVICE_LENGTH 18
#define CONFIGURATION_LENGTH 9
#define INTERFACE_LENGTH 9
#define N_FIXED_STRINGS 6
#define ATTRIBUTES_SELF_POWERED 0xc0
#define DFU_ATTRIBUTES 0x0f
#define LONG_STRING_EXCESS 2

struct _FlashSimDescriptors {
  guint8 device[DEVICE_LENGTH];
  GByteArray *configuration; /* (owned) */
  char *strings[N_FIXED_STRINGS]; /* (owned) (nullable), 0 is not used */
  guint8 first_name; /* number of the string of the first setting */
  gboolean has_long_strings;
  GPtrArray *names; /* (owned) (element-type utf8) */
};

static void
put_device (FlashSimDescriptors *self, const FlashSimDescriptorTraits *traits)
{
  guint8 *at = self->device;

  at[0] = DEVICE_LENGTH;
  at[1] = FLASH_USB_DESCRIPTOR_DEVICE;
  flash_put_le16 (at + 2, traits->bcd_usb != 0 ? traits->bcd_usb : 0x0200);
  at[7] = 64;
  flash_put_le16 (at + 8, traits->vid);
  flash_put_le16 (at + 10, traits->pid);
  flash_put_le16 (at + 12, traits->bcd_device);
  at[14] = 1;
  at[15] = FLASH_SIM_PRODUCT_STRING;
  at[16] = traits->serial != NULL ? 3 : 0;
  at[17] = 1;
}

static void
put_configuration (FlashSimDescriptors *self, const FlashSimDescriptorTraits *traits)
{
  guint8 head[CONFIGURATION_LENGTH] = { CONFIGURATION_LENGTH,
                                        FLASH_USB_DESCRIPTOR_CONFIGURATION,
                                        0,
                                        0,
                                        1,
                                        1,
                                        traits->configuration_string,
                                        ATTRIBUTES_SELF_POWERED,
                                        traits->max_power };
  guint8 functional[FLASH_DFU_FUNCTIONAL_LENGTH] = {
    FLASH_DFU_FUNCTIONAL_LENGTH, FLASH_DFU_DESCRIPTOR_FUNCTIONAL,
    traits->dfu_attributes != 0 ? traits->dfu_attributes : DFU_ATTRIBUTES
  };

  flash_put_le16 (head + 2, (guint16) (CONFIGURATION_LENGTH + FLASH_DFU_FUNCTIONAL_LENGTH +
                                       INTERFACE_LENGTH * traits->names->len));
  flash_put_le16 (functional + 3, traits->detach_timeout_ms);
  flash_put_le16 (functional + 5, traits->transfer_size);
  flash_put_le16 (functional + 7,
                  traits->dfu_version != 0 ? traits->dfu_version : FLASH_DFU_VERSION_1_1);

  g_byte_array_append (self->configuration, head, sizeof head);
  for (guint i = 0; i < traits->names->len; i++) {
    const guint8 interface[INTERFACE_LENGTH] = { INTERFACE_LENGTH,
                                                 FLASH_USB_DESCRIPTOR_INTERFACE,
                                                 0,
                                                 (guint8) i,
                                                 0,
                                                 FLASH_DFU_CLASS,
                                                 FLASH_DFU_SUBCLASS,
                                                 traits->protocol != 0 ? traits->protocol
                                                                       : FLASH_DFU_PROTOCOL_DFU,
                                                 (guint8) (self->first_name + i) };

    g_byte_array_append (self->configuration, interface, sizeof interface);
  }
  g_byte_array_append (self->configuration, functional, sizeof functional);
}

FlashSimDescriptors *
flash_sim_descriptors_new (const FlashSimDescriptorTraits *traits)
{
  FlashSimDescriptors *self = g_new0 (FlashSimDescriptors, 1);

  self->configuration = g_byte_array_new ();
  self->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < traits->names->len; i++)
    g_ptr_array_add (self->names, g_strdup (g_ptr_array_index (traits->names, i)));
  self->strings[1] = g_strdup (traits->manufacturer);
  self->strings[2] = g_strdup (traits->product);
  self->strings[3] = g_strdup (traits->serial);
  self->strings[4] = g_strdup (traits->other_strings[0]);
  self->strings[5] = g_strdup (traits->other_strings[1]);
  self->first_name = traits->other_strings[1] != NULL ? 6 : 5;
  if (traits->first_name != 0)
    self->first_name = traits->first_name;
  self->has_long_strings = traits->has_long_strings;
  put_device (self, traits);
  put_configuration (self, traits);
  return self;
}

void
flash_sim_descriptors_free (FlashSimDescriptors *self)
{
  for (guint i = 0; i < N_FIXED_STRINGS; i++)
    g_free (self->strings[i]);
  g_ptr_array_unref (self->names);
  g_byte_array_unref (self->configuration);
  g_free (self);
}

guint
flash_sim_descriptors_get_n_alternates (FlashSimDescriptors *self)
{
  return self->names->len;
}

const guint8 *
flash_sim_descriptors_get_device (FlashSimDescriptors *self, gsize *out_length)
{
  *out_length = DEVICE_LENGTH;
  return self->device;
}

const guint8 *
flash_sim_descriptors_get_configuration (FlashSimDescriptors *self, gsize *out_length)
{
  *out_length = self->configuration->len;
  return self->configuration->data;
}

static const char *
find_string (FlashSimDescriptors *self, guint8 index)
{
  if (index >= self->first_name)
    return index - self->first_name < (int) self->names->len
               ? g_ptr_array_index (self->names, index - self->first_name)
               : NULL;
  return index < N_FIXED_STRINGS ? self->strings[index] : NULL;
}

/* A name comes from a layout, so it may be any bytes: U-Boot refuses what is no UTF-8. */
gsize
flash_sim_descriptors_get_string (FlashSimDescriptors *self, guint8 index, guint8 *out_bytes)
{
  const char *text = find_string (self, index);
  gsize length = 2;

  out_bytes[1] = FLASH_USB_DESCRIPTOR_STRING;
  if (index == 0) {
    out_bytes[0] = 4;
    flash_put_le16 (out_bytes + 2, FLASH_USB_LANGID_ENGLISH_US);
    return 4;
  }
  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return 0;
  for (; *text != '\0' && length + 2 < FLASH_SIM_STRING_MAX; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);

    flash_put_le16 (out_bytes + length, (guint16) (c <= 0xffff ? c : 0xfffd));
    length += 2;
  }
  out_bytes[0] = (guint8) (length + (self->has_long_strings ? LONG_STRING_EXCESS : 0));
  return length;
}

static char *
dup_text (FlashSimDescriptors *self, guint8 index)
{
  const char *text = find_string (self, index);

  return text != NULL && g_utf8_validate (text, -1, NULL) ? g_strdup (text) : NULL;
}

FlashDescriptors *
flash_sim_descriptors_describe (FlashSimDescriptors *self, gboolean has_strings)
{
  FlashDescriptors *descriptors = flash_descriptors_parse (
      self->device, DEVICE_LENGTH, self->configuration->data, self->configuration->len, NULL);

  if (!has_strings)
    return descriptors;
  descriptors->manufacturer = dup_text (self, self->device[14]);
  descriptors->product = dup_text (self, self->device[15]);
  descriptors->serial = dup_text (self, self->device[16]);
  for (guint i = 0; i < descriptors->alternates->len; i++) {
    FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, i);

    alternate->name = dup_text (self, (guint8) (self->first_name + alternate->number));
  }
  return descriptors;
}
