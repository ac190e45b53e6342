/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-gadget"

#include "config.h"

#include "flash-usb-gadget.h"

#include "flash-bytes.h"
#include "flash-dfu-defs.h"

#include <string.h>

#define CONFIGURATION_LENGTH 9
#define PRODUCT_INDEX 2
#define MAX_ANSWER 4096
#define CLASS_HUB 9
/* The kernel asks three times before it gives a device up (Linux, drivers/usb/core/message.c). */
#define N_TRIES 3
/* Linux, USB_CTRL_GET_TIMEOUT */
#define PATIENCE_US (5 * G_USEC_PER_SEC)
#define STEP_US 1000

struct _FlashUsbGadget {
  gatomicrefcount ref_count;
  FlashSimDevice *board; /* (owned) (nullable) */

  GMutex lock;
  GHashTable *answers; /* (owned) (element-type guint GBytes): by descriptor type and index */
  gboolean is_mute;
  /* of a device that is no board */
  gboolean is_plugged;
  guint64 generation;
};

static FlashUsbGadget *
gadget_new (void)
{
  FlashUsbGadget *self = g_new0 (FlashUsbGadget, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->answers = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  return self;
}

FlashUsbGadget *
flash_usb_gadget_ref (FlashUsbGadget *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_usb_gadget_unref (FlashUsbGadget *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->board);
  g_hash_table_unref (self->answers);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
set_answer (FlashUsbGadget *self, guint8 type, guint8 index, const guint8 *bytes, gsize length)
{
  g_mutex_lock (&self->lock);
  g_hash_table_insert (self->answers, GUINT_TO_POINTER ((guint) (type << 8 | index)),
                       g_bytes_new (bytes, length));
  g_mutex_unlock (&self->lock);
}

void
flash_usb_gadget_set_string (FlashUsbGadget *self, guint8 index, const guint8 *bytes, gsize length)
{
  set_answer (self, FLASH_USB_DESCRIPTOR_STRING, index, bytes, length);
}

void
flash_usb_gadget_set_device (FlashUsbGadget *self, const guint8 *bytes, gsize length)
{
  set_answer (self, FLASH_USB_DESCRIPTOR_DEVICE, 0, bytes, length);
}

void
flash_usb_gadget_set_configuration (FlashUsbGadget *self, const guint8 *bytes, gsize length)
{
  set_answer (self, FLASH_USB_DESCRIPTOR_CONFIGURATION, 0, bytes, length);
}

FlashUsbGadget *
flash_usb_gadget_new_board (const char *id, GError **error)
{
  g_autoptr (FlashClock) clock = flash_clock_new_real ();
  FlashSimDevice *board = flash_sim_device_new (clock, id, error);
  FlashUsbGadget *self;

  if (board == NULL)
    return NULL;
  self = gadget_new ();
  self->board = board;
  return self;
}

static void
set_text (FlashUsbGadget *self, guint8 index, const char *text)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const guint8 head[] = { (guint8) (2 + 2 * strlen (text)), FLASH_USB_DESCRIPTOR_STRING };

  g_byte_array_append (bytes, head, sizeof head);
  for (const char *at = text; *at != '\0'; at++) {
    const guint8 unit[] = { (guint8) *at, 0 };

    g_byte_array_append (bytes, unit, sizeof unit);
  }
  flash_usb_gadget_set_string (self, index, bytes->data, bytes->len);
}

FlashUsbGadget *
flash_usb_gadget_new_device (guint16 vid, guint16 pid, const guint8 *interfaces, gsize length,
                             const char *product)
{
  static const guint8 languages[] = { 4, FLASH_USB_DESCRIPTOR_STRING, 0x09, 0x04 };
  guint8 device[] = { 18, FLASH_USB_DESCRIPTOR_DEVICE, 0, 2, 0, 0, 0, 64, 0, 0, 0, 0, 0, 1, 0, 0, 0,
                      1 };
  guint8 head[] = {
    CONFIGURATION_LENGTH, FLASH_USB_DESCRIPTOR_CONFIGURATION, 0, 0, 0, 1, 0, 0xc0, 50
  };
  g_autoptr (GByteArray) configuration = g_byte_array_new ();
  FlashUsbGadget *self = gadget_new ();

  flash_put_le16 (device + 8, vid);
  flash_put_le16 (device + 10, pid);
  /* A hub says so for the whole device. */
  device[4] = length > 5 && interfaces[5] == CLASS_HUB ? CLASS_HUB : 0;
  device[15] = product != NULL ? PRODUCT_INDEX : 0;
  flash_usb_gadget_set_device (self, device, sizeof device);

  for (gsize at = 0; at + 1 < length && interfaces[at] >= 2; at += interfaces[at])
    if (interfaces[at + 1] == FLASH_USB_DESCRIPTOR_INTERFACE)
      head[4] = MAX (head[4], (guint8) (interfaces[at + 2] + 1));
  flash_put_le16 (head + 2, (guint16) (CONFIGURATION_LENGTH + length));
  g_byte_array_append (configuration, head, sizeof head);
  g_byte_array_append (configuration, interfaces, (guint) length);
  flash_usb_gadget_set_configuration (self, configuration->data, configuration->len);

  flash_usb_gadget_set_string (self, 0, languages, sizeof languages);
  if (product != NULL)
    set_text (self, PRODUCT_INDEX, product);
  flash_usb_gadget_set_plugged (self, TRUE);
  return self;
}

FlashSimDevice *
flash_usb_gadget_get_board (FlashUsbGadget *self)
{
  return self->board;
}

FlashSpeed
flash_usb_gadget_get_speed (FlashUsbGadget *self)
{
  return self->board != NULL ? flash_sim_device_get_speed (self->board) : FLASH_SPEED_HIGH;
}

void
flash_usb_gadget_set_mute (FlashUsbGadget *self, gboolean is_mute)
{
  g_mutex_lock (&self->lock);
  self->is_mute = is_mute;
  g_mutex_unlock (&self->lock);
}

void
flash_usb_gadget_set_plugged (FlashUsbGadget *self, gboolean is_plugged)
{
  if (self->board != NULL) {
    if (is_plugged)
      flash_sim_device_plug (self->board);
    else
      flash_sim_device_unplug (self->board);
    return;
  }
  g_mutex_lock (&self->lock);
  if (is_plugged && !self->is_plugged)
    self->generation++;
  self->is_plugged = is_plugged;
  g_mutex_unlock (&self->lock);
}

gboolean
flash_usb_gadget_look (FlashUsbGadget *self, guint64 *out_generation)
{
  FlashSimState state;
  gboolean is_plugged;

  if (self->board != NULL) {
    flash_sim_device_look (self->board, &state);
    *out_generation = state.generation;
    is_plugged = state.is_attached;
    flash_sim_state_clear (&state);
    return is_plugged;
  }
  g_mutex_lock (&self->lock);
  *out_generation = self->generation;
  is_plugged = self->is_plugged;
  g_mutex_unlock (&self->lock);
  return is_plugged;
}

/* Returns: (transfer full) (nullable): what was set for the request, whatever the board would say.
 */
static GBytes *
find_answer (FlashUsbGadget *self, const FlashSimPacket *packet)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;
  GBytes *bytes;

  if (packet->request_type != (FLASH_USB_DIR_IN | FLASH_USB_TYPE_STANDARD) ||
      packet->request != FLASH_USB_GET_DESCRIPTOR)
    return NULL;
  locker = g_mutex_locker_new (&self->lock);
  bytes = g_hash_table_lookup (self->answers, GUINT_TO_POINTER ((guint) packet->value));
  return bytes != NULL ? g_bytes_ref (bytes) : NULL;
}

static FlashSimOutcome
control_device (const FlashSimPacket *packet, gsize *out_length)
{
  gboolean is_accepted = packet->request_type == FLASH_USB_TYPE_STANDARD &&
                         packet->request == FLASH_USB_SET_CONFIGURATION;

  *out_length = 0;
  return is_accepted ? FLASH_SIM_ACK : FLASH_SIM_STALL;
}

FlashSimOutcome
flash_usb_gadget_control (FlashUsbGadget *self, guint64 generation, const FlashSimPacket *packet,
                          const guint8 *data, guint8 *answer, gsize *out_length,
                          gint64 *out_ready_us)
{
  g_autoptr (GBytes) bytes = find_answer (self, packet);
  guint64 present;
  gboolean is_mute;

  g_mutex_lock (&self->lock);
  is_mute = self->is_mute;
  g_mutex_unlock (&self->lock);
  if (is_mute)
    return flash_usb_gadget_look (self, &present) ? FLASH_SIM_LOST : FLASH_SIM_GONE;
  if (bytes == NULL && self->board != NULL)
    return flash_sim_device_control (self->board, generation, packet, data, answer, out_length,
                                     out_ready_us);
  if (!flash_usb_gadget_look (self, &present) || present != generation)
    return FLASH_SIM_GONE;
  if (bytes == NULL)
    return control_device (packet, out_length);
  if (g_bytes_get_size (bytes) == 0)
    return FLASH_SIM_STALL;
  *out_length = MIN (g_bytes_get_size (bytes), packet->length);
  memcpy (answer, g_bytes_get_data (bytes, NULL), *out_length);
  return FLASH_SIM_ACK;
}

/* Nothing wakes it. */
static void
wait_us (gint64 duration_us)
{
  GMutex lock;
  GCond never;
  gint64 end_us = g_get_monotonic_time () + duration_us;

  g_mutex_init (&lock);
  g_cond_init (&never);
  g_mutex_lock (&lock);
  while (g_cond_wait_until (&never, &lock, end_us))
    continue;
  g_mutex_unlock (&lock);
  g_mutex_clear (&lock);
  g_cond_clear (&never);
}

/* The device may be at work. */
static FlashSimOutcome
control_patiently (FlashUsbGadget *self, guint64 generation, const FlashSimPacket *packet,
                   guint8 *answer, gsize *out_length)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;
  FlashSimOutcome outcome;
  gint64 ready_us;

  while ((outcome = flash_usb_gadget_control (self, generation, packet, NULL, answer, out_length,
                                              &ready_us)) == FLASH_SIM_BUSY &&
         g_get_monotonic_time () < end_us)
    wait_us (STEP_US);
  return outcome;
}

GByteArray *
flash_usb_gadget_get_descriptor (FlashUsbGadget *self, guint64 generation, guint8 type,
                                 guint8 index)
{
  const FlashSimPacket packet = {
    FLASH_USB_DIR_IN, FLASH_USB_GET_DESCRIPTOR, (guint16) (type << 8 | index),
    type == FLASH_USB_DESCRIPTOR_STRING && index > 0 ? FLASH_USB_LANGID_ENGLISH_US : 0,
    type == FLASH_USB_DESCRIPTOR_STRING ? 255 : MAX_ANSWER
  };
  guint8 answer[MAX_ANSWER];
  gsize length;

  for (guint i = 0; i < N_TRIES; i++)
    if (control_patiently (self, generation, &packet, answer, &length) == FLASH_SIM_ACK)
      return g_byte_array_append (g_byte_array_sized_new ((guint) length), answer, (guint) length);
  return NULL;
}
