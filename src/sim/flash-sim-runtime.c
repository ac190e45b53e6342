/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An application with a DFU run-time interface: board E2 of stm32-dfuse.md section 8.7, by the
 * first two rows of the table in section 1.6. It comes back as the plain DFU device of
 * flash-sim-plain.c, under another product id. */
#define G_LOG_DOMAIN "flash-sim-runtime"

#include "config.h"

#include "flash-sim-device-private.h"

/* Section 8.7: numbers that belong to no product */
#define RUNTIME_VID 0xcafe
#define RUNTIME_PID 0x4001
#define DETACH_TIMEOUT_MS 1000
#define TRANSFER_SIZE 4096
#define RETURN_US 250000
/* Section 8.7: CanDnload and ManifestationTolerant, with or without WillDetach */
#define ATTRIBUTES (FLASH_DFU_CAN_DOWNLOAD | FLASH_DFU_MANIFESTATION_TOLERANT)

void
flash_sim_runtime_enter (FlashSimDevice *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const FlashSimDescriptorTraits traits = {
    .vid = RUNTIME_VID,
    .pid = RUNTIME_PID,
    .bcd_device = 0x0100,
    .manufacturer = "Flashwright",
    .product = "Virtual application",
    .serial = self->serial,
    .configuration_string = FLASH_SIM_PRODUCT_STRING,
    .protocol = FLASH_DFU_PROTOCOL_RUNTIME,
    .dfu_attributes =
        self->config->does_wait_for_reset ? ATTRIBUTES : ATTRIBUTES | FLASH_DFU_WILL_DETACH,
    .max_power = 0x32,
    .detach_timeout_ms = DETACH_TIMEOUT_MS,
    .transfer_size = TRANSFER_SIZE,
    .names = names,
  };

  g_ptr_array_add (names, (char *) "DFU run time");
  self->descriptors = flash_sim_descriptors_new (&traits);
  self->state = FLASH_DFU_STATE_APP_IDLE;
}

/* Nobody came with the reset in time. */
static void
settle (FlashSimDevice *self)
{
  if (self->state == FLASH_DFU_STATE_APP_DETACH && self->now_us >= self->detach_until_us)
    self->state = FLASH_DFU_STATE_APP_IDLE;
}

static FlashSimOutcome
detach (FlashSimDevice *self, const FlashSimPacket *packet)
{
  if (self->state != FLASH_DFU_STATE_APP_IDLE)
    return FLASH_SIM_STALL;
  if (!self->config->does_wait_for_reset) {
    flash_sim_device_hand_over (self, FLASH_SIM_STAGE_DFU, RETURN_US, FALSE);
    return FLASH_SIM_ACK;
  }
  self->state = FLASH_DFU_STATE_APP_DETACH;
  self->detach_until_us = self->now_us + (gint64) MIN (packet->value, DETACH_TIMEOUT_MS) * 1000;
  return FLASH_SIM_ACK;
}

/* Hosts begin with a reset when a device comes: only those count that come later. In DFU mode it is
 * the way back into the application. */
void
flash_sim_runtime_bus_reset (FlashSimDevice *self)
{
  settle (self);
  if (self->state == FLASH_DFU_STATE_APP_DETACH)
    flash_sim_device_hand_over (self, FLASH_SIM_STAGE_DFU, RETURN_US, FALSE);
  else if (self->stage == FLASH_SIM_STAGE_DFU && self->is_used)
    flash_sim_device_hand_over (self, FLASH_SIM_STAGE_RUNTIME, RETURN_US, FALSE);
}

FlashSimOutcome
flash_sim_runtime_control (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data,
                           guint8 *answer, gsize *out_length)
{
  settle (self);
  switch ((FlashDfuRequest) packet->request) {
  case FLASH_DFU_REQUEST_DETACH:
    return detach (self, packet);
  case FLASH_DFU_REQUEST_GETSTATUS:
    flash_sim_device_put_status (self, answer, self->state, 0);
    *out_length = FLASH_DFU_STATUS_LENGTH;
    return FLASH_SIM_ACK;
  case FLASH_DFU_REQUEST_GETSTATE:
    *out_length = MIN (1, packet->length);
    if (*out_length > 0)
      answer[0] = (guint8) self->state;
    return FLASH_SIM_ACK;
  case FLASH_DFU_REQUEST_DNLOAD:
  case FLASH_DFU_REQUEST_UPLOAD:
  case FLASH_DFU_REQUEST_CLRSTATUS:
  case FLASH_DFU_REQUEST_ABORT:
    break;
  }
  return FLASH_SIM_STALL;
}
