/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loader of a virtual microcontroller: the requests of DFU 1.1 with ST's extension, by the
 * engine of stm32-dfuse.md section 8.2. Where the reference leaves a choice:
 * - an error shows in the second GETSTATUS after the block, as section 2.3 has it;
 * - ABORT where it has no use is refused by ROMs, and ignored by ST's USB library (section 2.4);
 * - a block's address counts in units of wTransferSize (section 2.4);
 * - fresh from the bus an old ROM is in dfuERROR until a host speaks DFU with it; after a reset of
 *   the bus from then on it is idle. */
#define G_LOG_DOMAIN "flash-sim-dfuse"

#include "config.h"

#include "flash-sim-chip.h"

#include <string.h>

#define MANIFEST_POLL_MS 1
#define N_REFUSALS 3
#define MAX_POWER 0x32
#define DETACH_TIMEOUT_MS 255
/* CanDnload, CanUpload, WillDetach: section 8.3 */
#define ATTRIBUTES 0x0b
/* Section 1.5: what ST's USB library says after an upload that it does not allow. */
#define STATE_CONFUSED ((FlashDfuState) 15)

static const FlashSimMcu *
get_mcu (FlashSimDevice *self)
{
  return self->config->model->mcu;
}

static FlashSimBusyStyle
get_busy_style (FlashSimDevice *self)
{
  return self->config->mcu.is_polite ? FLASH_SIM_BUSY_POLITE : get_mcu (self)->busy;
}

static gboolean
is_middleware (FlashSimDevice *self)
{
  return get_mcu (self)->loader == FLASH_SIM_LOADER_MIDDLEWARE;
}

void
flash_sim_dfuse_enter (FlashSimDevice *self)
{
  const FlashSimMcu *mcu = get_mcu (self);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const FlashSimDescriptorTraits traits = {
    .vid = FLASH_ST_VID,
    .pid = FLASH_ST_DFU_PID,
    .bcd_device = mcu->bcd_device,
    .manufacturer = FLASH_SIM_ST_NAME,
    .product = mcu->product,
    .serial = self->serial,
    .other_strings = { mcu->other_strings[0], mcu->other_strings[1] },
    .first_name = mcu->other_strings[0] != NULL ? 6 : 4,
    .configuration_string = mcu->other_strings[0] != NULL ? 4 : 0,
    .bcd_usb = mcu->bcd_usb,
    .dfu_attributes = ATTRIBUTES,
    .dfu_version = FLASH_DFU_VERSION_DFUSE,
    .has_long_strings = mcu->has_long_strings,
    .max_power = MAX_POWER,
    .detach_timeout_ms = DETACH_TIMEOUT_MS,
    .transfer_size = mcu->transfer_size,
    .names = names,
  };

  for (guint i = 0; mcu->alternates[i] != NULL; i++)
    g_ptr_array_add (names, (char *) mcu->alternates[i]);
  self->descriptors = flash_sim_descriptors_new (&traits);
  if (mcu->loader == FLASH_SIM_LOADER_OLD) {
    self->state = FLASH_DFU_STATE_ERROR;
    self->status = FLASH_DFU_STATUS_ERR_FIRMWARE;
  }
  self->chip.pointer = FLASH_SIM_MCU_FLASH_ADDRESS;
  self->chip.is_pointer_last = FALSE;
  self->chip.is_held_back = FALSE;
  self->chip.is_hung = FALSE;
  self->chip.n_refusals = 0;
  self->chip.poll_until_us = 0;
}

void
flash_sim_dfuse_bus_reset (FlashSimDevice *self)
{
  self->alternate = 0;
  if (!self->is_used || self->chip.work.kind != FLASH_SIM_WORK_NONE)
    return;
  self->state = FLASH_DFU_STATE_IDLE;
  self->status = FLASH_DFU_STATUS_OK;
  self->chip.is_hung = FALSE;
  self->chip.is_held_back = FALSE;
}

void
flash_sim_dfuse_notice (FlashSimDevice *self, const FlashSimPacket *packet)
{
  FlashSimChip *chip = &self->chip;

  if (packet->request_type !=
          (FLASH_USB_DIR_IN | FLASH_USB_TYPE_CLASS | FLASH_USB_RECIPIENT_INTERFACE) ||
      packet->request != FLASH_DFU_REQUEST_GETSTATUS || self->now_us >= chip->poll_until_us)
    return;
  flash_sim_chip_blame (self, "early-status: GETSTATUS %" G_GINT64_FORMAT " us before it was due",
                        chip->poll_until_us - self->now_us);
  chip->poll_until_us = 0;
}

static FlashSimOutcome
refuse (FlashSimDevice *self, FlashDfuStatusCode status)
{
  self->state = FLASH_DFU_STATE_ERROR;
  self->status = status;
  return FLASH_SIM_STALL;
}

/* The time that data take on the wire. */
static void
spend_on_wire (FlashSimDevice *self, gsize length)
{
  gint64 cost_us = (gint64) length * get_mcu (self)->wire_us_per_kib / 1024;

  if (self->config->mcu.is_fast)
    return;
  self->due_us = MAX (self->now_us, self->due_us) + cost_us;
  self->used_us += cost_us;
}

/* --- Requests ------------------------------------------------------------------------------- */

/* Section 2.4 and the table of section 4.3: at least two bytes, and whole half words on F1. */
static gboolean
is_length_good (const FlashSimMcu *mcu, const FlashSimPacket *packet)
{
  if (packet->value < 2 || mcu->loader != FLASH_SIM_LOADER_OLD)
    return packet->length <= mcu->transfer_size;
  return packet->length <= mcu->transfer_size && packet->length >= 2 &&
         (mcu->granule != 2 || packet->length % 2 == 0);
}

static FlashSimOutcome
receive (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data)
{
  const FlashSimMcu *mcu = get_mcu (self);
  FlashSimChip *chip = &self->chip;

  spend_on_wire (self, packet->length);
  if (self->state != FLASH_DFU_STATE_IDLE && self->state != FLASH_DFU_STATE_DNLOAD_IDLE) {
    flash_sim_chip_blame (self, "dnload-state: DNLOAD in state %u", self->state);
    return refuse (self, FLASH_DFU_STATUS_ERR_STALLEDPKT);
  }
  if (packet->length == 0) {
    self->state = FLASH_DFU_STATE_MANIFEST_SYNC;
    return FLASH_SIM_ACK;
  }
  if (packet->length > mcu->transfer_size)
    flash_sim_chip_blame (self, "block-too-long: DNLOAD of %u bytes", packet->length);
  if (!is_length_good (mcu, packet) || (mcu->has_one_alternate && self->alternate != 0) ||
      (packet->value == 0 && !flash_sim_dfuse_is_command (self, data, packet->length)) ||
      (packet->value == 1 && !is_middleware (self)))
    return refuse (self, FLASH_DFU_STATUS_ERR_STALLEDPKT);
  memcpy (chip->data, data, packet->length);
  chip->block = packet->value;
  chip->length = packet->length;
  self->state = FLASH_DFU_STATE_DNLOAD_SYNC;
  return FLASH_SIM_ACK;
}

/* Section 2.2; the answer of a ROM that has all of its commands. */
static gsize
list_commands (FlashSimDevice *self, guint8 *answer, gsize length)
{
  static const guint8 commands[] = { 0x00, 0x21, 0x41, 0x92 };
  gsize n_commands = is_middleware (self) ? 3 : 4;

  length = MIN (length, n_commands);
  if (length > 0)
    memcpy (answer, commands, length);
  return length;
}

static FlashSimOutcome
refuse_upload (FlashSimDevice *self)
{
  if (!is_middleware (self))
    return refuse (self, FLASH_DFU_STATUS_ERR_STALLEDPKT);
  self->state = STATE_CONFUSED;
  return FLASH_SIM_STALL;
}

/* Section 2.4: an old ROM reads two bytes or more. */
static gboolean
is_upload_allowed (FlashSimDevice *self, const FlashSimPacket *packet)
{
  const FlashSimMcu *mcu = get_mcu (self);

  if (packet->value >= 2 && packet->length < 2 && mcu->loader == FLASH_SIM_LOADER_OLD)
    return FALSE;
  if (packet->length > mcu->transfer_size)
    flash_sim_chip_blame (self, "block-too-long: UPLOAD of %u bytes", packet->length);
  return (packet->length <= mcu->transfer_size || is_middleware (self)) &&
         !(mcu->has_one_alternate && self->alternate != 0);
}

static FlashSimOutcome
upload (FlashSimDevice *self, const FlashSimPacket *packet, guint8 *answer, gsize *out_length)
{
  gsize length = MIN (packet->length, get_mcu (self)->transfer_size);
  FlashDfuStatusCode status;

  if (self->state != FLASH_DFU_STATE_IDLE && self->state != FLASH_DFU_STATE_UPLOAD_IDLE) {
    gboolean is_set_only = self->chip.is_pointer_last && self->state == FLASH_DFU_STATE_DNLOAD_IDLE;

    flash_sim_chip_blame (self, "%s: UPLOAD in state %u",
                          is_set_only ? "upload-without-abort" : "upload-state", self->state);
    return refuse (self, FLASH_DFU_STATUS_ERR_STALLEDPKT);
  }
  if (!is_upload_allowed (self, packet))
    return refuse (self, FLASH_DFU_STATUS_ERR_STALLEDPKT);
  if (packet->value == 1 ||
      (packet->value > 1 && is_middleware (self) && !self->config->mcu.is_complete))
    return refuse_upload (self);
  if (packet->value == 0) {
    length = list_commands (self, answer, length);
  } else {
    status = flash_sim_dfuse_read (self, packet->value, answer, &length);
    if (status != FLASH_DFU_STATUS_OK)
      return refuse (self, status);
  }
  spend_on_wire (self, length);
  self->state = length < packet->length ? FLASH_DFU_STATE_IDLE : FLASH_DFU_STATE_UPLOAD_IDLE;
  *out_length = length;
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
wait_for_work (FlashSimDevice *self)
{
  self->due_us = MAX (self->due_us, self->chip.work.end_us);
  return FLASH_SIM_BUSY;
}

/* Section 2.3: the work begins with the answer “busy”, which some loaders give only when they are
 * done with it. What takes longer than dfu-util waits for one answer is said at once, since nobody
 * has reported that it fails; and an L4 refuses to be asked only while it erases (section 8.6). */
static FlashSimOutcome
start_block (FlashSimDevice *self)
{
  FlashSimChip *chip = &self->chip;
  FlashSimWorkKind kind;

  flash_sim_dfuse_begin (self);
  self->state = FLASH_DFU_STATE_DNBUSY;
  kind = chip->work.kind;
  if (chip->work.end_us == chip->work.start_us)
    flash_sim_chip_settle (self);
  if (chip->work.kind == FLASH_SIM_WORK_NONE || get_busy_style (self) == FLASH_SIM_BUSY_POLITE)
    return FLASH_SIM_ACK;
  if (get_busy_style (self) == FLASH_SIM_BUSY_THIS &&
      (kind == FLASH_SIM_WORK_ERASE || kind == FLASH_SIM_WORK_PROGRAM)) {
    chip->is_held_back = TRUE;
    return wait_for_work (self);
  }
  if (get_busy_style (self) == FLASH_SIM_BUSY_STALL &&
      (kind == FLASH_SIM_WORK_ERASE || kind == FLASH_SIM_WORK_MASS_ERASE))
    chip->n_refusals = N_REFUSALS;
  else
    self->due_us = MAX (self->due_us, chip->work.end_us);
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
answer_state (FlashSimDevice *self, guint32 poll_ms, guint8 *answer, gsize *out_length)
{
  gboolean is_busy = self->state == FLASH_DFU_STATE_DNBUSY;

  self->chip.is_held_back = FALSE;
  self->chip.poll_until_us = is_busy ? self->now_us + (gint64) poll_ms * 1000 : 0;
  flash_sim_device_put_status (self, answer, self->state, poll_ms);
  *out_length = FLASH_DFU_STATUS_LENGTH;
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
get_status (FlashSimDevice *self, guint8 *answer, gsize *out_length)
{
  FlashSimChip *chip = &self->chip;

  if (self->state == FLASH_DFU_STATE_DNLOAD_SYNC) {
    FlashSimOutcome outcome = start_block (self);

    return outcome == FLASH_SIM_ACK ? answer_state (self, chip->work.poll_ms, answer, out_length)
                                    : outcome;
  }
  if (self->state == FLASH_DFU_STATE_DNBUSY &&
      (chip->is_held_back || chip->is_hung || chip->work.kind != FLASH_SIM_WORK_NONE))
    return answer_state (self, chip->work.poll_ms, answer, out_length);
  if (self->state == FLASH_DFU_STATE_DNBUSY) {
    chip->n_refusals = 0;
    self->status = chip->result;
    self->state =
        chip->result == FLASH_DFU_STATUS_OK ? FLASH_DFU_STATE_DNLOAD_IDLE : FLASH_DFU_STATE_ERROR;
  }
  if (self->state != FLASH_DFU_STATE_MANIFEST_SYNC)
    return answer_state (self, 0, answer, out_length);
  self->state = FLASH_DFU_STATE_MANIFEST;
  answer_state (self, MANIFEST_POLL_MS, answer, out_length);
  flash_sim_chip_leave (self);
  return FLASH_SIM_ACK;
}

/* Section 0.3, fact 4 */
static FlashSimOutcome
clear_status (FlashSimDevice *self)
{
  gboolean is_error = self->state == FLASH_DFU_STATE_ERROR;

  self->state = is_error ? FLASH_DFU_STATE_IDLE : FLASH_DFU_STATE_ERROR;
  self->status = is_error ? FLASH_DFU_STATUS_OK : FLASH_DFU_STATUS_ERR_UNKNOWN;
  self->chip.is_hung = FALSE;
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
abort_transfer (FlashSimDevice *self)
{
  switch (self->state) {
  case FLASH_DFU_STATE_IDLE:
  case FLASH_DFU_STATE_DNLOAD_SYNC:
  case FLASH_DFU_STATE_DNLOAD_IDLE:
  case FLASH_DFU_STATE_MANIFEST_SYNC:
  case FLASH_DFU_STATE_UPLOAD_IDLE:
    self->state = FLASH_DFU_STATE_IDLE;
    self->status = FLASH_DFU_STATUS_OK;
    return FLASH_SIM_ACK;
  case FLASH_DFU_STATE_APP_IDLE:
  case FLASH_DFU_STATE_APP_DETACH:
  case FLASH_DFU_STATE_DNBUSY:
  case FLASH_DFU_STATE_MANIFEST:
  case FLASH_DFU_STATE_MANIFEST_WAIT_RESET:
  case FLASH_DFU_STATE_ERROR:
    break;
  }
  return is_middleware (self) ? FLASH_SIM_ACK : refuse (self, FLASH_DFU_STATUS_ERR_STALLEDPKT);
}

/* While it erases or programs it does not hear anything (section 2.3); a polite one can be asked.
 */
static gboolean
is_deaf (FlashSimDevice *self, const FlashSimPacket *packet, FlashSimOutcome *out_outcome)
{
  FlashSimChip *chip = &self->chip;

  if (chip->work.kind == FLASH_SIM_WORK_NONE)
    return FALSE;
  if (get_busy_style (self) == FLASH_SIM_BUSY_POLITE &&
      (packet->request == FLASH_DFU_REQUEST_GETSTATUS ||
       packet->request == FLASH_DFU_REQUEST_GETSTATE))
    return FALSE;
  if (packet->request == FLASH_DFU_REQUEST_GETSTATUS && chip->n_refusals > 0) {
    chip->n_refusals--;
    *out_outcome = FLASH_SIM_STALL;
  } else {
    *out_outcome = wait_for_work (self);
  }
  return TRUE;
}

FlashSimOutcome
flash_sim_dfuse_control (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data,
                         guint8 *answer, gsize *out_length)
{
  FlashSimOutcome outcome;

  if (is_deaf (self, packet, &outcome))
    return outcome;
  switch ((FlashDfuRequest) packet->request) {
  case FLASH_DFU_REQUEST_DETACH:
    return refuse (self, FLASH_DFU_STATUS_ERR_STALLEDPKT);
  case FLASH_DFU_REQUEST_DNLOAD:
    return receive (self, packet, data);
  case FLASH_DFU_REQUEST_UPLOAD:
    return upload (self, packet, answer, out_length);
  case FLASH_DFU_REQUEST_GETSTATUS:
    return get_status (self, answer, out_length);
  case FLASH_DFU_REQUEST_CLRSTATUS:
    return clear_status (self);
  case FLASH_DFU_REQUEST_ABORT:
    return abort_transfer (self);
  case FLASH_DFU_REQUEST_GETSTATE:
    *out_length = MIN (1, packet->length);
    if (*out_length > 0)
      answer[0] = (guint8) self->state;
    return FLASH_SIM_ACK;
  }
  return FLASH_SIM_STALL;
}
