/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plain DFU 1.1 device with one memory, for programs that know nothing of STM32: board E1 of
 * stm32-dfuse.md section 8.7, by the state machine of its section 1.6. The address of a block is
 * where the block before it ended, so blocks have to come one by one.
 *
 * Where the table leaves it open: a download begins with an erased memory; DETACH, which the
 * functional descriptor announces (WillDetach), leaves the bus and returns, still in DFU mode
 * where there is no application; so does a bus reset, without leaving. What was manifested last is
 * remembered as long as the board lives, and UPLOAD gives no more than that. */
#define G_LOG_DOMAIN "flash-sim-plain"

#include "config.h"

#include "flash-sim-device-private.h"

/* Section 8.7: numbers that TinyUSB's examples use, and belong to no product. A host that knows
 * DFU devices by 0483:df11 has to find this one by its interface class. */
#define PLAIN_VID 0xcafe
#define PLAIN_PID 0x4000
#define PLAIN_DETACH_MS 1000
#define PLAIN_TRANSFER 4096

/* Nobody says how long a block takes; this is what a fast external flash would need. */
#define BLOCK_MS 1
#define MANIFEST_MS 2
/* Section 8.7, board E2 */
#define RETURN_US 250000

void
flash_sim_plain_enter (FlashSimDevice *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const FlashSimDescriptorTraits traits = {
    .vid = PLAIN_VID,
    .pid = PLAIN_PID,
    .bcd_device = 0x0100,
    .manufacturer = "Flashwright",
    .product = "Virtual DFU device",
    .serial = self->serial,
    .configuration_string = FLASH_SIM_PRODUCT_STRING,
    .max_power = 0x32,
    .detach_timeout_ms = PLAIN_DETACH_MS,
    .transfer_size = PLAIN_TRANSFER,
    .names = names,
  };

  g_ptr_array_add (names, (char *) "FLASH");
  self->descriptors = flash_sim_descriptors_new (&traits);
  self->plain.is_pending = FALSE;
}

static FlashSimOutcome
refuse (FlashSimDevice *self, FlashDfuStatusCode status)
{
  self->state = FLASH_DFU_STATE_ERROR;
  self->status = status;
  return FLASH_SIM_STALL;
}

/* Returns: whether the first block of a transfer, or the one after the last, is the one named. */
static gboolean
is_block_due (FlashSimDevice *self, guint16 block)
{
  return block == (self->state == FLASH_DFU_STATE_IDLE ? 0 : self->plain.next_block);
}

static FlashDfuStatusCode
program (FlashSimDevice *self, const guint8 *data, gsize length)
{
  FlashSimPlain *plain = &self->plain;
  guint64 size = flash_sim_media_get_size (self->media, FLASH_SIM_MEDIUM_FLASH);

  if (length > size - plain->offset)
    return FLASH_DFU_STATUS_ERR_ADDRESS;
  if (plain->offset == 0 && !flash_sim_media_erase (self->media, FLASH_SIM_MEDIUM_FLASH, 0, size))
    return FLASH_DFU_STATUS_ERR_ERASE;
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_WRITE_ERROR) ||
      !flash_sim_media_write (self->media, FLASH_SIM_MEDIUM_FLASH, plain->offset, data, length))
    return FLASH_DFU_STATUS_ERR_WRITE;
  plain->offset += length;
  return FLASH_DFU_STATUS_OK;
}

static FlashSimOutcome
receive (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data)
{
  FlashSimPlain *plain = &self->plain;

  if (packet->length > PLAIN_TRANSFER ||
      (self->state != FLASH_DFU_STATE_IDLE && self->state != FLASH_DFU_STATE_DNLOAD_IDLE))
    return refuse (self, FLASH_DFU_STATUS_ERR_STALLEDPKT);
  if (!is_block_due (self, packet->value))
    return refuse (self, FLASH_DFU_STATUS_ERR_ADDRESS);

  if (self->state == FLASH_DFU_STATE_IDLE) {
    plain->offset = 0;
    plain->has_image = FALSE;
  }
  plain->next_block = (guint16) (packet->value + 1);
  plain->result = program (self, data, packet->length);
  plain->is_pending = TRUE;
  self->state = FLASH_DFU_STATE_DNLOAD_SYNC;
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
finish (FlashSimDevice *self)
{
  if (self->state != FLASH_DFU_STATE_DNLOAD_IDLE)
    return refuse (self, FLASH_DFU_STATUS_ERR_STALLEDPKT);
  self->plain.is_pending = TRUE;
  self->state = FLASH_DFU_STATE_MANIFEST_SYNC;
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
upload (FlashSimDevice *self, const FlashSimPacket *packet, guint8 *answer, gsize *out_length)
{
  FlashSimPlain *plain = &self->plain;
  guint64 end = plain->has_image ? plain->image_length
                                 : flash_sim_media_get_size (self->media, FLASH_SIM_MEDIUM_FLASH);
  guint64 offset = self->state == FLASH_DFU_STATE_IDLE ? 0 : plain->offset;
  gsize length = (gsize) MIN (packet->length, end - MIN (offset, end));

  if (packet->length > PLAIN_TRANSFER ||
      (self->state != FLASH_DFU_STATE_IDLE && self->state != FLASH_DFU_STATE_UPLOAD_IDLE))
    return refuse (self, FLASH_DFU_STATUS_ERR_STALLEDPKT);
  if (!is_block_due (self, packet->value))
    return refuse (self, FLASH_DFU_STATUS_ERR_ADDRESS);
  if (length > 0 &&
      !flash_sim_media_read (self->media, FLASH_SIM_MEDIUM_FLASH, offset, answer, length))
    return refuse (self, FLASH_DFU_STATUS_ERR_UNKNOWN);

  plain->offset = offset + length;
  plain->next_block = (guint16) (packet->value + 1);
  self->state = length < packet->length ? FLASH_DFU_STATE_IDLE : FLASH_DFU_STATE_UPLOAD_IDLE;
  *out_length = length;
  return FLASH_SIM_ACK;
}

/* What time alone brings about: it is done, and waits to be asked how it went. */
static void
settle (FlashSimDevice *self)
{
  if (self->now_us < self->plain.busy_until_us)
    return;
  if (self->state == FLASH_DFU_STATE_DNBUSY)
    self->state = FLASH_DFU_STATE_DNLOAD_SYNC;
  else if (self->state == FLASH_DFU_STATE_MANIFEST)
    self->state = FLASH_DFU_STATE_MANIFEST_SYNC;
}

static void
start (FlashSimDevice *self, FlashDfuState state, guint duration_ms)
{
  self->plain.is_pending = FALSE;
  self->plain.busy_until_us = self->now_us + (gint64) duration_ms * 1000;
  self->used_us += (gint64) duration_ms * 1000;
  self->state = state;
}

static void
end_block (FlashSimDevice *self)
{
  self->status = self->plain.result;
  self->state =
      self->status == FLASH_DFU_STATUS_OK ? FLASH_DFU_STATE_DNLOAD_IDLE : FLASH_DFU_STATE_ERROR;
}

static void
end_manifest (FlashSimDevice *self)
{
  self->plain.has_image = TRUE;
  self->plain.image_length = self->plain.offset;
  self->state = FLASH_DFU_STATE_IDLE;
}

static FlashSimOutcome
get_status (FlashSimDevice *self, guint8 *answer, gsize *out_length)
{
  gint64 rest_us = 0;

  if (self->state == FLASH_DFU_STATE_DNLOAD_SYNC && self->plain.is_pending)
    start (self, FLASH_DFU_STATE_DNBUSY, BLOCK_MS);
  else if (self->state == FLASH_DFU_STATE_DNLOAD_SYNC)
    end_block (self);
  else if (self->state == FLASH_DFU_STATE_MANIFEST_SYNC && self->plain.is_pending)
    start (self, FLASH_DFU_STATE_MANIFEST, MANIFEST_MS);
  else if (self->state == FLASH_DFU_STATE_MANIFEST_SYNC)
    end_manifest (self);

  if (self->state == FLASH_DFU_STATE_DNBUSY || self->state == FLASH_DFU_STATE_MANIFEST)
    rest_us = self->plain.busy_until_us - self->now_us;
  flash_sim_device_put_status (self, answer, self->state, (guint32) ((rest_us + 999) / 1000));
  *out_length = FLASH_DFU_STATUS_LENGTH;
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
detach (FlashSimDevice *self)
{
  if (self->state != FLASH_DFU_STATE_IDLE)
    return refuse (self, FLASH_DFU_STATUS_ERR_STALLEDPKT);
  flash_sim_device_hand_over (self, self->config->model->first_stage, RETURN_US, FALSE);
  return FLASH_SIM_ACK;
}

/* ABORT and CLRSTATUS: one leads out of idle states, the other out of the error. */
static FlashSimOutcome
make_idle (FlashSimDevice *self, gboolean can)
{
  if (!can)
    return refuse (self, FLASH_DFU_STATUS_ERR_STALLEDPKT);
  self->state = FLASH_DFU_STATE_IDLE;
  self->status = FLASH_DFU_STATUS_OK;
  return FLASH_SIM_ACK;
}

FlashSimOutcome
flash_sim_plain_control (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data,
                         guint8 *answer, gsize *out_length)
{
  settle (self);
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
    return make_idle (self, self->state == FLASH_DFU_STATE_ERROR);
  case FLASH_DFU_REQUEST_ABORT:
    return make_idle (self, self->state == FLASH_DFU_STATE_IDLE ||
                                self->state == FLASH_DFU_STATE_DNLOAD_IDLE ||
                                self->state == FLASH_DFU_STATE_UPLOAD_IDLE);
  case FLASH_DFU_REQUEST_GETSTATE:
    *out_length = MIN (1, packet->length);
    if (*out_length > 0)
      answer[0] = (guint8) self->state;
    return FLASH_SIM_ACK;
  }
  return FLASH_SIM_STALL;
}
