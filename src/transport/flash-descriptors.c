/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-descriptors"

#include "config.h"

#include "flash-descriptors.h"

#include "flash-bytes.h"
#include "flash-dfu-defs.h"
#include "flash-text.h"

/* USB 2.0, tables 9-8, 9-10, 9-12 */
#define DEVICE_LENGTH 18
#define CONFIGURATION_LENGTH 9
#define INTERFACE_LENGTH 9
/* A string descriptor has one byte for its length: 126 UTF-16 units at most. */
#define STRING_LENGTH 255
/* A configuration has up to 256 alternate settings: a device that keeps silent about all of their
 * strings, or takes its time for each, would hold its caller for minutes. */
#define MAX_SILENT_STRINGS 2
#define STRINGS_PATIENCE 8 /* time-outs, for all strings together */
/* The GD32VF103, whose serial number is text of one byte each (stm32-dfuse.md section 3.1). */
#define GIGADEVICE_VID 0x28e9
#define GIGADEVICE_DFU_PID 0x0189

typedef struct {
  FlashDescriptors *descriptors;
  guint8 string_indexes[256]; /* of the alternate settings, by number */
  guint8 manufacturer_index;
  guint8 product_index;
  guint8 serial_index;
  gboolean is_elsewhere; /* what follows belongs to an interface that is not DFU */
} Parsed;

typedef struct {
  FlashTransport *transport;
  guint timeout_ms;
  guint n_silent; /* strings that timed out */
  gint64 end_us; /* of the time for all of them, on the monotonic clock */
} Asking;

FlashDescriptors *
flash_descriptors_ref (FlashDescriptors *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_descriptors_unref (FlashDescriptors *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->manufacturer);
  g_free (self->product);
  g_free (self->serial);
  g_ptr_array_unref (self->alternates);
  g_free (self);
}

static void
alternate_free (gpointer data)
{
  FlashAlternate *self = data;

  g_free (self->name);
  g_free (self);
}

static FlashDescriptors *
descriptors_new (void)
{
  FlashDescriptors *self = g_new0 (FlashDescriptors, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->alternates = g_ptr_array_new_with_free_func (alternate_free);
  return self;
}

static void
add_interface (Parsed *parsed, const guint8 *at)
{
  FlashDescriptors *self = parsed->descriptors;
  guint8 number = at[2], alternate = at[3], protocol = at[7];
  FlashAlternate *entry;

  parsed->is_elsewhere = at[5] != FLASH_DFU_CLASS || at[6] != FLASH_DFU_SUBCLASS;
  if (parsed->is_elsewhere)
    return;
  /* Some boot loaders give no protocol (stm32-dfuse.md section 2.5.3, DSO Nano), so all that is not
   * run-time is DFU mode; and that is what a device is for that has both. */
  if (self->alternates->len > 0 && self->protocol == FLASH_DFU_PROTOCOL_RUNTIME &&
      protocol != FLASH_DFU_PROTOCOL_RUNTIME) {
    g_ptr_array_set_size (self->alternates, 0);
    self->has_functional = FALSE;
    self->attributes = 0;
    self->detach_timeout_ms = self->transfer_size = self->bcd_dfu = 0;
  }
  /* A second DFU interface would share the requests of the first; nobody builds that. */
  parsed->is_elsewhere =
      self->alternates->len > 0 &&
      (number != self->interface_number ||
       (self->protocol != FLASH_DFU_PROTOCOL_RUNTIME && protocol == FLASH_DFU_PROTOCOL_RUNTIME));
  if (parsed->is_elsewhere)
    return;
  for (guint i = 0; i < self->alternates->len; i++)
    if (((FlashAlternate *) g_ptr_array_index (self->alternates, i))->number == alternate)
      return;

  if (self->alternates->len == 0)
    self->protocol = protocol;
  self->interface_number = number;
  entry = g_new0 (FlashAlternate, 1);
  entry->number = alternate;
  entry->is_nameless = at[8] == 0;
  g_ptr_array_add (self->alternates, entry);
  parsed->string_indexes[alternate] = at[8];
}

/* The functional descriptor may lie before the interfaces or hang on any of the alternate settings,
 * usually on the last one only (model-codebases.md section 5.1): take the first that is found.
 * Behind other interfaces the same number means HID (stm32-dfuse.md section 1.2). It is never asked
 * for by itself: the ROM of the STM32C5 hangs then (the same section). */
static void
add_functional (Parsed *parsed, const guint8 *at)
{
  FlashDescriptors *self = parsed->descriptors;

  if (self->has_functional || parsed->is_elsewhere)
    return;
  self->has_functional = TRUE;
  self->attributes = at[2];
  self->detach_timeout_ms = flash_get_le16 (at + 3);
  self->transfer_size = flash_get_le16 (at + 5);
  self->bcd_dfu =
      at[0] >= FLASH_DFU_FUNCTIONAL_LENGTH ? flash_get_le16 (at + 7) : FLASH_DFU_VERSION_1_0;
  if (self->bcd_dfu == GUINT16_SWAP_LE_BE_CONSTANT (FLASH_DFU_VERSION_DFUSE))
    self->bcd_dfu = FLASH_DFU_VERSION_DFUSE;
}

static gboolean
parse_configuration (Parsed *parsed, const guint8 *bytes, gsize length, GError **error)
{
  gsize at = 0;

  while (at < length) {
    guint8 size, type;

    if (length - at < 2 || bytes[at] < 2 || bytes[at] > length - at) {
      g_set_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO,
                   "the configuration descriptor is broken at byte %" G_GSIZE_FORMAT, at);
      return FALSE;
    }
    size = bytes[at];
    type = bytes[at + 1];
    if (type == FLASH_USB_DESCRIPTOR_INTERFACE && size >= INTERFACE_LENGTH)
      add_interface (parsed, bytes + at);
    else if (type == FLASH_DFU_DESCRIPTOR_FUNCTIONAL && size >= FLASH_DFU_FUNCTIONAL_LENGTH_1_0)
      add_functional (parsed, bytes + at);
    at += size;
  }
  return TRUE;
}

static gboolean
parse (Parsed *parsed, const guint8 *device, gsize device_length, const guint8 *configuration,
       gsize configuration_length, GError **error)
{
  FlashDescriptors *self = parsed->descriptors;

  if (device_length < DEVICE_LENGTH || device[1] != FLASH_USB_DESCRIPTOR_DEVICE) {
    g_set_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO,
                 "the device descriptor has %" G_GSIZE_FORMAT " bytes, expected %d", device_length,
                 DEVICE_LENGTH);
    return FALSE;
  }
  self->vid = flash_get_le16 (device + 8);
  self->pid = flash_get_le16 (device + 10);
  self->bcd_device = flash_get_le16 (device + 12);
  self->max_packet_size = device[7];
  parsed->manufacturer_index = device[14];
  parsed->product_index = device[15];
  parsed->serial_index = device[16];
  return parse_configuration (parsed, configuration, configuration_length, error);
}

FlashDescriptors *
flash_descriptors_parse (const guint8 *device, gsize device_length, const guint8 *configuration,
                         gsize configuration_length, GError **error)
{
  g_autoptr (FlashDescriptors) self = descriptors_new ();
  Parsed parsed = { .descriptors = self };

  if (!parse (&parsed, device, device_length, configuration, configuration_length, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
get_descriptor (FlashTransport *transport, guint8 type, guint8 index, guint16 language,
                guint8 *out_data, gsize length, gsize *out_length, guint timeout_ms, GError **error)
{
  return flash_transport_control_in (
      transport, FLASH_USB_DIR_IN | FLASH_USB_TYPE_STANDARD | FLASH_USB_RECIPIENT_DEVICE,
      FLASH_USB_GET_DESCRIPTOR, (guint16) (type << 8 | index), language, out_data, length,
      out_length, timeout_ms, error);
}

/* The part of UTF-16 that makes no sense is replaced, and the rest shown: the ROMs of some chips
 * fill their strings up with whatever lies behind them. */
static char *
decode_utf16 (const guint8 *bytes, gsize length)
{
  gunichar2 units[STRING_LENGTH / 2] = { 0 };
  gsize n_units = MIN (length / 2, G_N_ELEMENTS (units));
  g_autofree char *text = NULL;
  glong n_bytes = 0;

  for (gsize i = 0; i < n_units; i++)
    units[i] = flash_get_le16 (bytes + 2 * i);
  for (gsize i = 0; i < n_units; i++) {
    if ((units[i] & 0xfc00) == 0xd800 && i + 1 < n_units && (units[i + 1] & 0xfc00) == 0xdc00)
      i++;
    else if ((units[i] & 0xf800) == 0xd800)
      units[i] = 0xfffd;
  }
  text = g_utf16_to_utf8 (units, (glong) n_units, NULL, &n_bytes, NULL);
  return text != NULL ? flash_text_sanitize (text, (gsize) n_bytes, STRING_LENGTH) : NULL;
}

/* Returns: FALSE only if the device is gone; then there is no use in asking for more. */
static gboolean
read_string (Asking *asking, guint8 index, gboolean is_8_bit, char **out_text, GError **error)
{
  guint8 data[STRING_LENGTH];
  gsize length;
  g_autoptr (GError) local_error = NULL;

  if (index == 0 || asking->n_silent >= MAX_SILENT_STRINGS ||
      g_get_monotonic_time () >= asking->end_us)
    return TRUE;
  if (!get_descriptor (asking->transport, FLASH_USB_DESCRIPTOR_STRING, index,
                       FLASH_USB_LANGID_ENGLISH_US, data, sizeof data, &length, asking->timeout_ms,
                       &local_error)) {
    if (!g_error_matches (local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE)) {
      g_debug ("string %u: %s", index, local_error->message);
      asking->n_silent +=
          g_error_matches (local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_TIMED_OUT);
      return TRUE;
    }
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }

  if (length < 2 || data[1] != FLASH_USB_DESCRIPTOR_STRING)
    return TRUE;
  /* Some say that they are longer than what they send (stm32-dfuse.md section 2.5.3, F42x). */
  length = MAX (MIN (length, data[0]), 2);
  *out_text = is_8_bit ? flash_text_sanitize ((const char *) data + 2, length - 2, STRING_LENGTH)
                       : decode_utf16 (data + 2, length - 2);
  return TRUE;
}

static Asking
begin_asking (FlashTransport *transport, guint timeout_ms)
{
  gint64 patience_us = (gint64) timeout_ms * STRINGS_PATIENCE * 1000;

  return (Asking){ .transport = transport,
                   .timeout_ms = timeout_ms,
                   .end_us = g_get_monotonic_time () + patience_us };
}

char *
flash_descriptors_read_string (FlashTransport *transport, guint8 index, guint timeout_ms)
{
  Asking asking = begin_asking (transport, timeout_ms);
  char *text = NULL;

  g_return_val_if_fail (FLASH_IS_TRANSPORT (transport), NULL);
  g_return_val_if_fail (index != 0, NULL);

  read_string (&asking, index, FALSE, &text, NULL);
  return text;
}

static gboolean
read_strings (Asking *asking, Parsed *parsed, GError **error)
{
  FlashDescriptors *self = parsed->descriptors;
  gboolean has_8_bit_serial = self->vid == GIGADEVICE_VID && self->pid == GIGADEVICE_DFU_PID;

  if (!read_string (asking, parsed->manufacturer_index, FALSE, &self->manufacturer, error) ||
      !read_string (asking, parsed->product_index, FALSE, &self->product, error) ||
      !read_string (asking, parsed->serial_index, has_8_bit_serial, &self->serial, error))
    return FALSE;
  for (guint i = 0; i < self->alternates->len; i++) {
    FlashAlternate *alternate = g_ptr_array_index (self->alternates, i);

    if (!read_string (asking, parsed->string_indexes[alternate->number], FALSE, &alternate->name,
                      error))
      return FALSE;
  }
  return TRUE;
}

FlashDescriptors *
flash_descriptors_read (FlashTransport *transport, guint timeout_ms, GError **error)
{
  g_autoptr (FlashDescriptors) self = descriptors_new ();
  Parsed parsed = { .descriptors = self };
  Asking asking;
  guint8 device[DEVICE_LENGTH];
  guint8 configuration[FLASH_TRANSPORT_MAX_DATA];
  gsize device_length, configuration_length, total;

  g_return_val_if_fail (FLASH_IS_TRANSPORT (transport), NULL);

  if (!get_descriptor (transport, FLASH_USB_DESCRIPTOR_DEVICE, 0, 0, device, sizeof device,
                       &device_length, timeout_ms, error))
    return NULL;
  /* The head first: some devices stall a request for more than they have. */
  if (!get_descriptor (transport, FLASH_USB_DESCRIPTOR_CONFIGURATION, 0, 0, configuration,
                       CONFIGURATION_LENGTH, &configuration_length, timeout_ms, error))
    return NULL;
  total = configuration_length >= 4 ? flash_get_le16 (configuration + 2) : 0;
  total = CLAMP (total, CONFIGURATION_LENGTH, sizeof configuration);
  if (!get_descriptor (transport, FLASH_USB_DESCRIPTOR_CONFIGURATION, 0, 0, configuration, total,
                       &configuration_length, timeout_ms, error))
    return NULL;

  if (!parse (&parsed, device, device_length, configuration, configuration_length, error))
    return NULL;
  asking = begin_asking (transport, timeout_ms);
  if (!read_strings (&asking, &parsed, error))
    return NULL;
  return g_steal_pointer (&self);
}
