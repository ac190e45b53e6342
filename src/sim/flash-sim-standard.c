/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The requests of USB 2.0 chapter 9, as the stages answer them (stm32mp-usb.md section 1.3.1). */
#define G_LOG_DOMAIN "flash-sim-standard"

#include "config.h"

#include "flash-sim-device-private.h"

#include <string.h>

static FlashSimOutcome
answer_bytes (const FlashSimPacket *packet, const guint8 *bytes, gsize length, guint8 *answer,
              gsize *out_length)
{
  *out_length = MIN (length, packet->length);
  if (*out_length > 0)
    memcpy (answer, bytes, *out_length);
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
get_string (FlashSimDevice *self, const FlashSimPacket *packet, guint8 *answer, gsize *out_length)
{
  guint8 bytes[FLASH_SIM_STRING_MAX];
  gsize length;

  if (self->now_us < self->strings_from_us)
    return FLASH_SIM_STALL;
  length = flash_sim_descriptors_get_string (self->descriptors, (guint8) packet->value, bytes);
  if (length > 0 && flash_sim_device_take_fault (self, FLASH_SIM_FAULT_BAD_STRING))
    bytes[0] = FLASH_SIM_STRING_MAX;
  return length > 0 ? answer_bytes (packet, bytes, length, answer, out_length) : FLASH_SIM_STALL;
}

static FlashSimOutcome
get_descriptor (FlashSimDevice *self, const FlashSimPacket *packet, guint8 *answer,
                gsize *out_length)
{
  static const guint8 qualifier[] = {
    10, FLASH_USB_DESCRIPTOR_DEVICE_QUALIFIER, 0, 2, 0, 0, 0, 64, 1, 0
  };
  const guint8 *bytes;
  gsize length;

  switch (packet->value >> 8) {
  case FLASH_USB_DESCRIPTOR_DEVICE:
    bytes = flash_sim_descriptors_get_device (self->descriptors, &length);
    return answer_bytes (packet, bytes, length, answer, out_length);
  case FLASH_USB_DESCRIPTOR_CONFIGURATION:
    if ((packet->value & 0xff) != 0)
      return FLASH_SIM_STALL;
    bytes = flash_sim_descriptors_get_configuration (self->descriptors, &length);
    return answer_bytes (packet, bytes, length, answer, out_length);
  case FLASH_USB_DESCRIPTOR_STRING:
    return get_string (self, packet, answer, out_length);
  case FLASH_USB_DESCRIPTOR_DEVICE_QUALIFIER:
    /* what answers this could be faster, and hosts say so */
    if (self->stage == FLASH_SIM_STAGE_BOOTLOADER)
      return FLASH_SIM_STALL;
    return answer_bytes (packet, qualifier, sizeof qualifier, answer, out_length);
  default:
    return FLASH_SIM_STALL;
  }
}

static FlashSimOutcome
set_configuration (FlashSimDevice *self, const FlashSimPacket *packet)
{
  if (packet->value > 1)
    return FLASH_SIM_STALL;
  self->configuration = (guint8) packet->value;
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
control_device (FlashSimDevice *self, const FlashSimPacket *packet, guint8 *answer,
                gsize *out_length)
{
  static const guint8 self_powered[] = { 1, 0 };
  gboolean is_tfa = self->stage == FLASH_SIM_STAGE_TFA;

  switch (packet->request) {
  case FLASH_USB_GET_DESCRIPTOR:
    return get_descriptor (self, packet, answer, out_length);
  case FLASH_USB_SET_ADDRESS:
    return FLASH_SIM_ACK;
  case FLASH_USB_SET_CONFIGURATION:
    return set_configuration (self, packet);
  case FLASH_USB_GET_STATUS:
    return answer_bytes (packet, self_powered, sizeof self_powered, answer, out_length);
  case FLASH_USB_GET_CONFIGURATION:
    return is_tfa ? FLASH_SIM_STALL
                  : answer_bytes (packet, &self->configuration, 1, answer, out_length);
  case FLASH_USB_SET_FEATURE:
  case FLASH_USB_CLEAR_FEATURE:
  default:
    return FLASH_SIM_STALL;
  }
}

/* U-Boot forces dfuIDLE in any state; ROM and TF-A only note the setting (section 2.1). Plain
 * devices begin anew as well (stm32-dfuse.md section 1.3). */
static FlashSimOutcome
set_interface (FlashSimDevice *self, const FlashSimPacket *packet)
{
  if (packet->value >= flash_sim_descriptors_get_n_alternates (self->descriptors))
    return FLASH_SIM_STALL;
  self->alternate = (guint8) packet->value;
  if (self->stage == FLASH_SIM_STAGE_UBOOT || self->stage == FLASH_SIM_STAGE_UBOOT2 ||
      self->stage == FLASH_SIM_STAGE_DFU) {
    self->state = FLASH_DFU_STATE_IDLE;
    self->status = FLASH_DFU_STATUS_OK;
  }
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
control_interface (FlashSimDevice *self, const FlashSimPacket *packet, guint8 *answer,
                   gsize *out_length)
{
  static const guint8 nothing[] = { 0, 0 };

  if (self->configuration == 0 || packet->index != 0)
    return FLASH_SIM_STALL;
  switch (packet->request) {
  case FLASH_USB_SET_INTERFACE:
    return set_interface (self, packet);
  case FLASH_USB_GET_INTERFACE:
    return answer_bytes (packet, &self->alternate, 1, answer, out_length);
  case FLASH_USB_GET_STATUS:
    return answer_bytes (packet, nothing, sizeof nothing, answer, out_length);
  default:
    return FLASH_SIM_STALL;
  }
}

FlashSimOutcome
flash_sim_standard_control (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data,
                            guint8 *answer, gsize *out_length)
{
  gboolean is_in = (packet->request_type & FLASH_USB_DIR_IN) != 0;
  gboolean wants_in =
      packet->request == FLASH_USB_GET_STATUS || packet->request == FLASH_USB_GET_DESCRIPTOR ||
      packet->request == FLASH_USB_GET_CONFIGURATION || packet->request == FLASH_USB_GET_INTERFACE;

  if (is_in != wants_in)
    return FLASH_SIM_STALL;
  switch (packet->request_type & FLASH_USB_RECIPIENT_MASK) {
  case FLASH_USB_RECIPIENT_DEVICE:
    return control_device (self, packet, answer, out_length);
  case FLASH_USB_RECIPIENT_INTERFACE:
    return control_interface (self, packet, answer, out_length);
  default:
    return FLASH_SIM_STALL;
  }
}
