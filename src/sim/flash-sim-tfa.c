/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TF-A BL2 as a USB device (stm32mp-usb.md sections 1.3 and 9.4), the FIP flow and the old one
 * that takes the layout itself. */
#define G_LOG_DOMAIN "flash-sim-tfa"

#include "config.h"

#include "flash-sim-device-private.h"

#include "flash-bytes.h"

#include <string.h>

#define FIP_NAME 0xaa640001u
/* stm32mp-usb.md section 1.3.7 */
#define DDR_PAYLOAD_MAX 0x8800u
#define SMALL_BUFFER 65536u
/* stm32mp-usb.md sections 1.3.6 and 9.4 */
#define OLD_LAYOUT_ADDRESS 0x2ffee780u
#define OLD_LAYOUT_LENGTH (256u * 1024)
#define OLD_SSBL_ADDRESS 0xc00fff00u
#define OLD_SSBL_LENGTH (4u * 1024 * 1024)
#define OLD_DETACH_US 10000000
#define OLD_VIRTUAL_ALTERNATE 5

static void
start_phase (FlashSimDevice *self, guint8 phase, guint32 address, guint32 size)
{
  FlashSimTfa *tfa = &self->tfa;

  tfa->phase = phase;
  tfa->address = address;
  tfa->size = size;
  tfa->n_received = 0;
  tfa->sum = 0;
  tfa->is_loaded = FALSE;
  tfa->is_spoiled = FALSE;
  if (flash_sim_device_has_fault (self, FLASH_SIM_FAULT_FIP_OVERFLOW))
    tfa->size = SMALL_BUFFER;
}

void
flash_sim_tfa_enter (FlashSimDevice *self)
{
  const FlashSimTfaPhase *phase = &self->config->model->mp.tfa_phases[self->tfa.phase_index];

  self->tfa.error_text[0] = '\0';
  flash_sim_device_print (self, "INFO:    DFU USB START...");
  if (self->config->is_old_flow)
    start_phase (self, FLASH_SIM_PHASE_LAYOUT, OLD_LAYOUT_ADDRESS, OLD_LAYOUT_LENGTH);
  else
    start_phase (self, phase->phase, phase->address, phase->size);
}

static guint8
get_alternate_id (FlashSimDevice *self)
{
  return self->config->model->mp.tfa_alternates[self->alternate].id;
}

static void
lose_session (FlashSimDevice *self)
{
  self->tfa.phase = FLASH_SIM_PHASE_RESET;
  self->tfa.address = FLASH_SIM_NO_ADDRESS;
  flash_sim_device_print (self, "ERROR:   %s", self->tfa.error_text);
}

/* Keeps the head for the checks; of the rest only what the checks need. */
static gboolean
keep (FlashSimDevice *self, const guint8 *data, guint32 length)
{
  FlashSimTfa *tfa = &self->tfa;
  guint32 at = tfa->n_received - length;

  for (guint32 i = 0; i < length; i++) {
    if (at + i < FLASH_SIM_HEAD_LENGTH)
      tfa->head[at + i] = data[i];
    else if (at + i - FLASH_SIM_HEAD_LENGTH < flash_get_le32 (tfa->head + 76))
      tfa->sum += data[i];
  }
  /* The old TF-A leaves the layout where U-Boot finds it. */
  return tfa->phase != FLASH_SIM_PHASE_LAYOUT ||
         flash_sim_media_write (self->media, FLASH_SIM_MEDIUM_RAM, at, data, length);
}

static FlashSimOutcome
receive (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data)
{
  FlashSimTfa *tfa = &self->tfa;

  if (self->state != FLASH_DFU_STATE_IDLE && self->state != FLASH_DFU_STATE_DNLOAD_IDLE)
    return FLASH_SIM_STALL;
  if (get_alternate_id (self) != tfa->phase || tfa->address == FLASH_SIM_NO_ADDRESS) {
    flash_sim_layout_fail (tfa->error_text, "phase ID :%u, alternate %u, address %x", tfa->phase,
                           self->alternate, tfa->address);
    lose_session (self);
    return FLASH_SIM_STALL;
  }
  /* Nothing takes the pointer back: what is sent anew lands behind what came before. */
  if (self->state == FLASH_DFU_STATE_IDLE && tfa->n_received > 0)
    tfa->is_spoiled = TRUE;
  /* Section 1.3.3: the pointer has moved when the overflow is noticed, and stays there. */
  tfa->n_received += MIN (packet->length, G_MAXUINT32 - tfa->address - tfa->n_received);
  if (tfa->n_received > tfa->size || !keep (self, data, packet->length))
    return FLASH_SIM_STALL;
  self->state = FLASH_DFU_STATE_DNLOAD_SYNC;
  return FLASH_SIM_ACK;
}

static gboolean
is_stm32_image_good (const FlashSimTfa *tfa)
{
  return flash_sim_layout_has_header (tfa->head, MIN (tfa->n_received, sizeof tfa->head)) &&
         flash_get_le32 (tfa->head + 76) <= tfa->n_received - FLASH_SIM_HEAD_LENGTH &&
         flash_get_le32 (tfa->head + 68) == tfa->sum;
}

static gboolean
is_fip_good (const FlashSimTfa *tfa)
{
  return tfa->n_received >= 8 && flash_get_le32 (tfa->head) == FIP_NAME &&
         flash_get_le32 (tfa->head + 4) != 0;
}

static FlashSimOutcome
finish_old (FlashSimDevice *self)
{
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_BAD_FIP) ||
      !is_stm32_image_good (&self->tfa)) {
    flash_sim_device_print (self, "ERROR:   Header check failed");
    flash_sim_device_fall_silent (self);
    return FLASH_SIM_STALL;
  }
  self->tfa.is_loaded = TRUE;
  self->state = FLASH_DFU_STATE_MANIFEST_SYNC;
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
finish (FlashSimDevice *self)
{
  FlashSimTfa *tfa = &self->tfa;

  if (self->state != FLASH_DFU_STATE_DNLOAD_IDLE)
    return FLASH_SIM_STALL;
  if (self->config->is_old_flow)
    return finish_old (self);
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_BAD_FIP) || !is_fip_good (tfa)) {
    flash_sim_layout_fail (tfa->error_text, "FIP Header check failed for phase %u",
                           self->alternate);
    lose_session (self);
    return FLASH_SIM_STALL;
  }
  flash_sim_device_print (self, "INFO:    phase ID :%u, Manifestation %u at %x", tfa->phase,
                          self->alternate, tfa->address);
  tfa->is_loaded = TRUE;
  tfa->phase = FLASH_SIM_PHASE_LAYOUT;
  tfa->address = FLASH_SIM_NO_ADDRESS;
  self->state = FLASH_DFU_STATE_MANIFEST_SYNC;
  return FLASH_SIM_ACK;
}

/* Section 1.3.6: after the layout the old TF-A asks for U-Boot, then for a DETACH. */
static void
next_old_phase (FlashSimDevice *self)
{
  if (!self->tfa.is_loaded)
    return;
  if (self->tfa.phase == FLASH_SIM_PHASE_LAYOUT) {
    start_phase (self, FLASH_SIM_PHASE_FIP, OLD_SSBL_ADDRESS, OLD_SSBL_LENGTH);
    return;
  }
  self->tfa.phase = FLASH_SIM_PHASE_LAYOUT;
  self->tfa.address = FLASH_SIM_NO_ADDRESS;
  self->watchdog_us = MAX (self->now_us, self->due_us) + OLD_DETACH_US;
}

/* Section 2.1: 3 and then 5; the old TF-A 4 and then 5. Inside it is 5 after the first. */
static FlashSimOutcome
get_status (FlashSimDevice *self, guint8 *answer, gsize *out_length)
{
  FlashDfuState reported = self->state;
  guint32 poll_ms = 0;

  switch (self->state) {
  case FLASH_DFU_STATE_DNLOAD_SYNC:
    self->state = FLASH_DFU_STATE_DNLOAD_IDLE;
    reported = self->config->is_old_flow ? FLASH_DFU_STATE_DNBUSY : FLASH_DFU_STATE_DNLOAD_SYNC;
    break;
  case FLASH_DFU_STATE_MANIFEST_SYNC:
    self->state = FLASH_DFU_STATE_MANIFEST;
    reported = self->state;
    poll_ms = 1;
    break;
  case FLASH_DFU_STATE_MANIFEST:
    self->state = FLASH_DFU_STATE_IDLE;
    reported = self->state;
    if (self->config->is_old_flow)
      next_old_phase (self);
    break;
  case FLASH_DFU_STATE_APP_IDLE:
  case FLASH_DFU_STATE_APP_DETACH:
  case FLASH_DFU_STATE_IDLE:
  case FLASH_DFU_STATE_DNBUSY:
  case FLASH_DFU_STATE_DNLOAD_IDLE:
  case FLASH_DFU_STATE_MANIFEST_WAIT_RESET:
  case FLASH_DFU_STATE_UPLOAD_IDLE:
  case FLASH_DFU_STATE_ERROR:
    break;
  }
  flash_sim_device_put_status (self, answer, reported, poll_ms);
  *out_length = FLASH_DFU_STATUS_LENGTH;
  return FLASH_SIM_ACK;
}

/* Section 1.6 */
static gsize
put_phase (FlashSimDevice *self, guint8 *at)
{
  const FlashSimTfa *tfa = &self->tfa;
  gsize length = FLASH_SIM_PHASE_LENGTH;

  memset (at, 0, length);
  at[0] = tfa->phase;
  flash_put_le32 (at + 1, tfa->address == FLASH_SIM_NO_ADDRESS ? FLASH_SIM_NO_ADDRESS
                                                               : tfa->address + tfa->n_received);
  if (tfa->phase == FLASH_SIM_PHASE_LAYOUT && tfa->address == FLASH_SIM_NO_ADDRESS)
    at[length++] = 1;
  if (tfa->phase == FLASH_SIM_PHASE_RESET) {
    memcpy (at + length, tfa->error_text, strlen (tfa->error_text));
    length += strlen (tfa->error_text);
  }
  return length;
}

static FlashSimOutcome
upload (FlashSimDevice *self, const FlashSimPacket *packet, guint8 *answer, gsize *out_length)
{
  guint8 bytes[FLASH_SIM_PHASE_LENGTH + FLASH_SIM_ERROR_LENGTH];
  gsize length;

  if (self->state != FLASH_DFU_STATE_IDLE && self->state != FLASH_DFU_STATE_UPLOAD_IDLE)
    return FLASH_SIM_STALL;
  if (self->config->is_old_flow && packet->value != 0)
    return FLASH_SIM_STALL;
  if (get_alternate_id (self) != FLASH_SIM_PHASE_VIRTUAL) {
    flash_sim_layout_fail (self->tfa.error_text, "phase ID :%u, alternate %u for phase %u",
                           self->tfa.phase, self->alternate, (guint) FLASH_SIM_PHASE_VIRTUAL);
    lose_session (self);
    self->state = FLASH_DFU_STATE_ERROR;
    self->status = FLASH_DFU_STATUS_ERR_STALLEDPKT;
    return FLASH_SIM_STALL;
  }

  length = put_phase (self, bytes);
  *out_length = MIN (length, packet->length);
  if (*out_length > 0)
    memcpy (answer, bytes, *out_length);
  self->state = *out_length < packet->length ? FLASH_DFU_STATE_IDLE : FLASH_DFU_STATE_UPLOAD_IDLE;
  return FLASH_SIM_ACK;
}

/* A DDR firmware that does not fit stops BL2 after the DETACH. */
static gboolean
is_ddr_firmware_good (const FlashSimTfa *tfa)
{
  return flash_get_le64 (tfa->head + 16 + 24) <= DDR_PAYLOAD_MAX;
}

static void
start_uboot (FlashSimDevice *self)
{
  gint64 delay_us = FLASH_SIM_TFA_TO_UBOOT_US;

  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_NO_UBOOT)) {
    flash_sim_device_leave_for_good (self);
    return;
  }
  if (self->config->is_old_flow && flash_sim_uboot_start_with_layout (self, &delay_us)) {
    flash_sim_device_hand_over (self, FLASH_SIM_STAGE_UBOOT2, delay_us, FALSE);
    return;
  }
  flash_sim_device_hand_over (self, FLASH_SIM_STAGE_UBOOT, delay_us, FALSE);
}

/* Taken in any state; without a good image BL2 boots into nothing (section 9.4). */
static FlashSimOutcome
detach (FlashSimDevice *self)
{
  FlashSimTfa *tfa = &self->tfa;
  const FlashSimTfaPhase *next = &self->config->model->mp.tfa_phases[tfa->phase_index + 1];
  gboolean is_ddr = !self->config->is_old_flow && next->size > 0;

  flash_sim_device_print (self, "INFO:    Receive DFU Detach");
  flash_sim_device_print (self, "INFO:    DFU USB STOP...");
  if (!tfa->is_loaded || tfa->is_spoiled || tfa->phase != FLASH_SIM_PHASE_LAYOUT ||
      tfa->address != FLASH_SIM_NO_ADDRESS || (is_ddr && !is_ddr_firmware_good (tfa))) {
    flash_sim_device_print (self, "PANIC at PC : 0x2ffed000");
    flash_sim_device_leave_for_good (self);
  } else if (is_ddr) {
    tfa->phase_index++;
    flash_sim_device_hand_over (self, FLASH_SIM_STAGE_TFA, FLASH_SIM_FSBL_US, FALSE);
  } else {
    start_uboot (self);
  }
  return FLASH_SIM_ACK;
}

/* Sending it outside dfuERROR is what brings dfuERROR (section 1.3.5). */
static FlashSimOutcome
clear_status (FlashSimDevice *self)
{
  gboolean is_error = self->state == FLASH_DFU_STATE_ERROR;

  self->state = is_error ? FLASH_DFU_STATE_IDLE : FLASH_DFU_STATE_ERROR;
  self->status = is_error ? FLASH_DFU_STATUS_OK : FLASH_DFU_STATUS_ERR_UNKNOWN;
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
abort_transfer (FlashSimDevice *self)
{
  if (self->state == FLASH_DFU_STATE_DNLOAD_SYNC || self->state == FLASH_DFU_STATE_DNLOAD_IDLE ||
      self->state == FLASH_DFU_STATE_MANIFEST_SYNC || self->state == FLASH_DFU_STATE_UPLOAD_IDLE)
    self->state = FLASH_DFU_STATE_IDLE;
  return FLASH_SIM_ACK;
}

FlashSimOutcome
flash_sim_tfa_control (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data,
                       guint8 *answer, gsize *out_length)
{
  if (self->config->is_old_flow && self->alternate != self->tfa.phase &&
      self->alternate != OLD_VIRTUAL_ALTERNATE)
    return FLASH_SIM_STALL;

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
    return clear_status (self);
  case FLASH_DFU_REQUEST_GETSTATE:
    *out_length = MIN (1, packet->length);
    if (*out_length > 0)
      answer[0] = (guint8) self->state;
    return FLASH_SIM_ACK;
  case FLASH_DFU_REQUEST_ABORT:
    return abort_transfer (self);
  }
  return FLASH_SIM_STALL;
}
