/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The boot ROM (stm32mp-usb.md sections 1.2, 2.1 and 9.3). There is no public source for it:
 * where the reference knows nothing, it refuses what a ROM has no use for. */
#define G_LOG_DOMAIN "flash-sim-rom"

#include "config.h"

#include "flash-sim-device-private.h"

#include "flash-bytes.h"

#include <string.h>

/* stm32mp-usb.md sections 4.1 and 4.2 */
#define V1_LENGTH 256u
#define V2_LENGTH 512u
#define V1_UNSIGNED 0x1u
#define V2_AUTHENTICATED 0x1u

void
flash_sim_rom_enter (FlashSimDevice *self)
{
  self->rom = (FlashSimRom){ 0 };
}

static FlashSimOutcome
fail (FlashSimDevice *self, FlashDfuStatusCode status, FlashSimOutcome outcome)
{
  self->state = FLASH_DFU_STATE_ERROR;
  self->status = status;
  return outcome;
}

static guint8
get_alternate_id (FlashSimDevice *self)
{
  return self->config->model->mp.rom_alternates[self->alternate].id;
}

static FlashSimOutcome
receive (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data)
{
  const FlashSimAlternate *alternate = &self->config->model->mp.rom_alternates[self->alternate];
  FlashSimBuffer *buffer;

  if ((self->state != FLASH_DFU_STATE_IDLE && self->state != FLASH_DFU_STATE_DNLOAD_IDLE) ||
      alternate->id != FLASH_SIM_PHASE_FSBL || self->rom.is_good)
    return fail (self, FLASH_DFU_STATUS_ERR_STALLEDPKT, FLASH_SIM_STALL);
  if (self->state == FLASH_DFU_STATE_IDLE)
    self->rom.n_received = 0;
  buffer = flash_sim_device_get_buffer (self, FLASH_SIM_BUFFER_LOADER, FLASH_SIM_BUFFER_LENGTH);
  if (buffer == NULL || packet->length > alternate->size - self->rom.n_received)
    return fail (self, FLASH_DFU_STATUS_ERR_ADDRESS, FLASH_SIM_STALL);

  memcpy (buffer->bytes + self->rom.n_received, data, packet->length);
  self->rom.n_received += packet->length;
  self->state = FLASH_DFU_STATE_DNLOAD_SYNC;
  return FLASH_SIM_ACK;
}

/* Magic, version for the chip, length, checksum, and a signature on closed parts. */
static gboolean
is_fsbl_good (FlashSimDevice *self)
{
  const FlashSimMp *model = &self->config->model->mp;
  const guint8 *bytes = self->buffer.bytes;
  guint32 version = model->header_version;
  guint32 header_length = version == 0x00010000 ? V1_LENGTH : V2_LENGTH;
  guint32 payload_length, flags, sum = 0;

  if (self->rom.n_received < header_length || memcmp (bytes, "STM2", 4) != 0 ||
      flash_get_le32 (bytes + 72) != version)
    return FALSE;
  payload_length = flash_get_le32 (bytes + 76);
  if (payload_length == 0 || payload_length > model->fsbl_payload_max ||
      payload_length > self->rom.n_received - header_length)
    return FALSE;
  flags = flash_get_le32 (bytes + 100);
  if (self->config->is_closed &&
      (header_length == V1_LENGTH ? (flags & V1_UNSIGNED) != 0 : (flags & V2_AUTHENTICATED) == 0))
    return FALSE;
  for (guint32 i = 0; i < payload_length; i++)
    sum += bytes[header_length + i];
  return sum == flash_get_le32 (bytes + 68);
}

static FlashSimOutcome
finish (FlashSimDevice *self)
{
  if (self->state != FLASH_DFU_STATE_DNLOAD_IDLE)
    return fail (self, FLASH_DFU_STATUS_ERR_STALLEDPKT, FLASH_SIM_STALL);
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_FSBL_IGNORED)) {
    self->state = FLASH_DFU_STATE_IDLE;
    return FLASH_SIM_ACK;
  }
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_FSBL_REFUSED) || !is_fsbl_good (self))
    return fail (self, FLASH_DFU_STATUS_ERR_FIRMWARE, FLASH_SIM_ACK);
  self->rom.is_good = TRUE;
  self->state = FLASH_DFU_STATE_MANIFEST_SYNC;
  return FLASH_SIM_ACK;
}

static void
start_fsbl (FlashSimDevice *self)
{
  gboolean keeps_bus = self->config->model->mp.hands_over_silently;

  flash_sim_device_drop_buffer (self);
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_FSBL_CRASH)) {
    flash_sim_device_fall_silent (self);
    return;
  }
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_SPL_INSTEAD)) {
    flash_sim_device_hand_over (self, FLASH_SIM_STAGE_SPL, FLASH_SIM_FSBL_US, FALSE);
    return;
  }
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_FSBL_REENUM))
    keeps_bus = FALSE;
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_FSBL_KEEP))
    keeps_bus = TRUE;
  flash_sim_device_print (self, "NOTICE:  Model: virtual %s", self->config->model->name);
  flash_sim_device_hand_over (self, FLASH_SIM_STAGE_TFA, FLASH_SIM_FSBL_US, keeps_bus);
}

/* Section 9.3: 3 is reported as 4 once, 6 as 7; then the MP15 jumps, and the others are idle. */
static FlashSimOutcome
get_status (FlashSimDevice *self, guint8 *answer, gsize *out_length)
{
  guint32 poll_ms = 0;

  if (self->state == FLASH_DFU_STATE_DNLOAD_SYNC) {
    self->state = FLASH_DFU_STATE_DNBUSY;
    poll_ms = 1;
  } else if (self->state == FLASH_DFU_STATE_DNBUSY) {
    self->state = FLASH_DFU_STATE_DNLOAD_IDLE;
  } else if (self->state == FLASH_DFU_STATE_MANIFEST_SYNC) {
    self->state = FLASH_DFU_STATE_MANIFEST;
    poll_ms = 1;
  } else if (self->state == FLASH_DFU_STATE_MANIFEST) {
    self->state = FLASH_DFU_STATE_IDLE;
  }
  flash_sim_device_put_status (self, answer, self->state, poll_ms);
  *out_length = FLASH_DFU_STATUS_LENGTH;

  if (self->state == FLASH_DFU_STATE_MANIFEST) {
    self->is_pipe_due = flash_sim_device_take_fault (self, FLASH_SIM_FAULT_PIPE_ONCE);
    if (self->config->model->mp.hands_over_silently)
      start_fsbl (self);
  }
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
upload (FlashSimDevice *self, const FlashSimPacket *packet, guint8 *answer, gsize *out_length)
{
  guint8 phase[FLASH_SIM_PHASE_LENGTH + 1] = { FLASH_SIM_PHASE_FSBL };
  gsize length = FLASH_SIM_PHASE_LENGTH;

  if (self->state != FLASH_DFU_STATE_IDLE || get_alternate_id (self) != FLASH_SIM_PHASE_VIRTUAL)
    return fail (self, FLASH_DFU_STATUS_ERR_STALLEDPKT, FLASH_SIM_STALL);
  flash_put_le32 (phase + 1, self->config->model->mp.sram_address);
  if (self->rom.is_good) {
    phase[0] = FLASH_SIM_PHASE_LAYOUT;
    flash_put_le32 (phase + 1, FLASH_SIM_NO_ADDRESS);
    phase[length++] = 1;
  }
  *out_length = MIN (length, packet->length);
  if (*out_length > 0)
    memcpy (answer, phase, *out_length);
  return FLASH_SIM_ACK;
}

/* Without a first stage there is nothing to start. An MP15 has started it already. */
static FlashSimOutcome
detach (FlashSimDevice *self)
{
  if (!self->rom.is_good || self->state != FLASH_DFU_STATE_IDLE)
    return FLASH_SIM_STALL;
  start_fsbl (self);
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
make_idle (FlashSimDevice *self)
{
  self->state = FLASH_DFU_STATE_IDLE;
  self->status = FLASH_DFU_STATUS_OK;
  return FLASH_SIM_ACK;
}

FlashSimOutcome
flash_sim_rom_control (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data,
                       guint8 *answer, gsize *out_length)
{
  switch ((FlashDfuRequest) packet->request) {
  case FLASH_DFU_REQUEST_DETACH:
    return detach (self);
  case FLASH_DFU_REQUEST_DNLOAD:
    return packet->length > 0 ? receive (self, packet, data) : finish (self);
  case FLASH_DFU_REQUEST_UPLOAD:
    return upload (self, packet, answer, out_length);
  case FLASH_DFU_REQUEST_GETSTATUS:
    return get_status (self, answer, out_length);
  case FLASH_DFU_REQUEST_CLRSTATUS:
  case FLASH_DFU_REQUEST_ABORT:
    return make_idle (self);
  case FLASH_DFU_REQUEST_GETSTATE:
    *out_length = MIN (1, packet->length);
    if (*out_length > 0)
      answer[0] = (guint8) self->state;
    return FLASH_SIM_ACK;
  }
  return FLASH_SIM_STALL;
}
