/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The board as its users see it: requests, and the faults that spoil them. */
#define G_LOG_DOMAIN "flash-sim-device"

#include "config.h"

#include "flash-sim-chip.h"

#include <string.h>

#define BUSY_POLL_MS 5

G_DEFINE_FINAL_TYPE (FlashSimDevice, flash_sim_device, G_TYPE_OBJECT)

void
flash_sim_state_clear (FlashSimState *self)
{
  g_clear_pointer (&self->descriptors, flash_descriptors_unref);
}

/* --- Requests ------------------------------------------------------------------------------- */

void
flash_sim_device_put_status (FlashSimDevice *self, guint8 *answer, FlashDfuState state,
                             guint32 poll_ms)
{
  answer[0] = (guint8) self->status;
  answer[1] = (guint8) poll_ms;
  answer[2] = (guint8) (poll_ms >> 8);
  answer[3] = (guint8) (poll_ms >> 16);
  answer[4] = (guint8) state;
  answer[5] = 0;
}

static gboolean
is_class_request (const FlashSimPacket *packet)
{
  return (packet->request_type & (FLASH_USB_TYPE_MASK | FLASH_USB_RECIPIENT_MASK)) ==
         (FLASH_USB_TYPE_CLASS | FLASH_USB_RECIPIENT_INTERFACE);
}

static gboolean
is_dfu_request (const FlashSimPacket *packet, FlashDfuRequest request)
{
  return is_class_request (packet) && packet->request == request;
}

/* The direction of DETACH does not matter (stm32mp-usb.md section 2.1); of the others it does. */
static gboolean
is_direction_right (const FlashSimPacket *packet)
{
  gboolean is_in = (packet->request_type & FLASH_USB_DIR_IN) != 0;

  switch ((FlashDfuRequest) packet->request) {
  case FLASH_DFU_REQUEST_DETACH:
    return TRUE;
  case FLASH_DFU_REQUEST_UPLOAD:
  case FLASH_DFU_REQUEST_GETSTATUS:
  case FLASH_DFU_REQUEST_GETSTATE:
    return is_in;
  case FLASH_DFU_REQUEST_DNLOAD:
  case FLASH_DFU_REQUEST_CLRSTATUS:
  case FLASH_DFU_REQUEST_ABORT:
    return !is_in;
  }
  return FALSE;
}

static FlashSimHandler
get_handler (FlashSimStage stage)
{
  switch (stage) {
  case FLASH_SIM_STAGE_ROM:
    return flash_sim_rom_control;
  case FLASH_SIM_STAGE_TFA:
    return flash_sim_tfa_control;
  case FLASH_SIM_STAGE_UBOOT:
  case FLASH_SIM_STAGE_UBOOT2:
    return flash_sim_uboot_control;
  case FLASH_SIM_STAGE_SPL:
    return flash_sim_spl_control;
  case FLASH_SIM_STAGE_DFU:
    return flash_sim_plain_control;
  case FLASH_SIM_STAGE_BOOTLOADER:
    return flash_sim_dfuse_control;
  case FLASH_SIM_STAGE_RUNTIME:
    return flash_sim_runtime_control;
  case FLASH_SIM_STAGE_OFF:
  case FLASH_SIM_N_STAGES:
    break;
  }
  g_return_val_if_reached (flash_sim_spl_control);
}

static FlashSimOutcome
answer_busy (FlashSimDevice *self, guint8 *answer, gsize *out_length)
{
  gboolean is_manifest =
      self->state == FLASH_DFU_STATE_MANIFEST_SYNC || self->state == FLASH_DFU_STATE_MANIFEST;

  flash_sim_device_put_status (
      self, answer, is_manifest ? FLASH_DFU_STATE_MANIFEST : FLASH_DFU_STATE_DNBUSY, BUSY_POLL_MS);
  *out_length = FLASH_DFU_STATUS_LENGTH;
  return FLASH_SIM_ACK;
}

/* The answer is made in a place of its own when the host asked for less than it may hold. */
static FlashSimOutcome
answer_status (FlashSimDevice *self, const FlashSimPacket *packet, guint8 *answer,
               gsize *out_length)
{
  guint8 whole[FLASH_DFU_STATUS_LENGTH];
  gsize length = 0;
  FlashSimOutcome outcome;

  if (self->is_pipe_due) {
    self->is_pipe_due = FALSE;
    return FLASH_SIM_STALL;
  }
  if (flash_sim_device_has_fault (self, FLASH_SIM_FAULT_ENDLESS_BUSY))
    outcome = answer_busy (self, whole, &length);
  else
    outcome = get_handler (self->stage) (self, packet, NULL, whole, &length);
  if (outcome != FLASH_SIM_ACK)
    return outcome;
  *out_length = MIN (length, packet->length);
  memcpy (answer, whole, *out_length);
  return FLASH_SIM_ACK;
}

static FlashSimOutcome
dispatch (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data, guint8 *answer,
          gsize *out_length)
{
  if ((packet->request_type & FLASH_USB_TYPE_MASK) == FLASH_USB_TYPE_STANDARD)
    return flash_sim_standard_control (self, packet, data, answer, out_length);
  if (!is_class_request (packet) || packet->index != 0 || self->configuration == 0 ||
      !is_direction_right (packet))
    return FLASH_SIM_STALL;
  self->is_used = TRUE;
  if (packet->request == FLASH_DFU_REQUEST_GETSTATUS)
    return packet->length == 0 ? FLASH_SIM_STALL : answer_status (self, packet, answer, out_length);
  return get_handler (self->stage) (self, packet, data, answer, out_length);
}

static void
restart_at_once (FlashSimDevice *self)
{
  if (self->config->model->mcu != NULL)
    flash_sim_device_power_up (self, FLASH_SIM_RESTART_US);
  else
    flash_sim_device_leave (self, self->config->model->first_stage, FLASH_SIM_RESTART_US);
}

static FlashSimOutcome
dispatch_with_faults (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data,
                      guint8 *answer, gsize *out_length)
{
  g_autofree guint8 *wrong_data = NULL;
  FlashSimOutcome outcome;

  flash_sim_device_wake_faults (self);
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_STALL))
    return FLASH_SIM_STALL;
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_TIMEOUT))
    return FLASH_SIM_LOST;
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_UNPLUG)) {
    flash_sim_device_switch_off (self);
    return FLASH_SIM_GONE;
  }
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_REPLUG)) {
    restart_at_once (self);
    return FLASH_SIM_GONE;
  }
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_CABLE)) {
    flash_sim_device_pull_cable (self);
    return FLASH_SIM_GONE;
  }
  if (data != NULL && packet->length > 0 &&
      flash_sim_device_take_fault (self, FLASH_SIM_FAULT_CORRUPT)) {
    wrong_data = g_memdup2 (data, packet->length);
    wrong_data[packet->length / 2] ^= 1;
    data = wrong_data;
  }

  outcome = dispatch (self, packet, data, answer, out_length);
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_POWER_CUT)) {
    flash_sim_chip_lose_power_halfway (self);
    return FLASH_SIM_GONE;
  }
  if (outcome == FLASH_SIM_ACK && *out_length > 0) {
    if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_CORRUPT))
      answer[*out_length / 2] ^= 1;
    if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_SHORT))
      *out_length /= 2;
  }
  if (outcome == FLASH_SIM_ACK && is_dfu_request (packet, FLASH_DFU_REQUEST_DETACH) &&
      flash_sim_device_take_fault (self, FLASH_SIM_FAULT_STALL_DETACH))
    return FLASH_SIM_STALL;
  if (outcome != FLASH_SIM_BUSY && flash_sim_device_take_fault (self, FLASH_SIM_FAULT_LOST_ANSWER))
    return FLASH_SIM_LOST;
  return outcome;
}

/* Returns: whether the board is at work, with the time until then. */
static gboolean
is_busy (FlashSimDevice *self, gint64 *out_ready_us)
{
  if (self->is_mute) {
    *out_ready_us = FLASH_SIM_NEVER;
    return TRUE;
  }
  if (self->faults.n_faults > 0 && self->due_us - self->now_us <= FLASH_SIM_DEBT_US) {
    flash_sim_fault_script_arm (&self->faults, self->n_requests + 1, self->stage);
    if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_LONG_NAK))
      flash_sim_device_charge (self, FLASH_SIM_FAULT_DELAY_US);
  }
  if (self->due_us - self->now_us <= FLASH_SIM_DEBT_US)
    return FALSE;
  *out_ready_us = self->due_us;
  return TRUE;
}

/* A request that the board begins to answer and does not finish has not been taken. */
static FlashSimOutcome
carry_out (FlashSimDevice *self, const FlashSimPacket *packet, const guint8 *data, guint8 *answer,
           gsize *out_length, gint64 *out_ready_us)
{
  FlashSimOutcome outcome;

  self->n_requests++;
  outcome = self->faults.n_faults == 0
                ? dispatch (self, packet, data, answer, out_length)
                : dispatch_with_faults (self, packet, data, answer, out_length);
  if (outcome == FLASH_SIM_BUSY) {
    self->n_requests--;
    *out_ready_us = self->due_us;
  } else if (self->config->latency_us > 0 && self->is_attached) {
    flash_sim_device_charge (self, self->config->latency_us);
  }
  return outcome;
}

FlashSimOutcome
flash_sim_device_control (FlashSimDevice *self, guint64 generation, const FlashSimPacket *packet,
                          const guint8 *data, guint8 *answer, gsize *out_length,
                          gint64 *out_ready_us)
{
  FlashSimPacket taken = *packet;
  FlashSimOutcome outcome;
  gsize length = 0;

  g_return_val_if_fail (FLASH_IS_SIM_DEVICE (self), FLASH_SIM_GONE);

  /* A host that brings no room, or no data, for the direction it names gets an empty stage. */
  if ((packet->request_type & FLASH_USB_DIR_IN) != 0 ? answer == NULL : data == NULL)
    taken.length = 0;

  g_mutex_lock (&self->lock);
  flash_sim_device_advance (self);
  if (!self->is_attached || self->generation != generation) {
    outcome = FLASH_SIM_GONE;
  } else {
    if (self->stage == FLASH_SIM_STAGE_BOOTLOADER)
      flash_sim_dfuse_notice (self, &taken);
    outcome = is_busy (self, out_ready_us)
                  ? FLASH_SIM_BUSY
                  : carry_out (self, &taken, data, answer, &length, out_ready_us);
  }
  g_mutex_unlock (&self->lock);

  if (outcome == FLASH_SIM_ACK)
    *out_length = length;
  return outcome;
}

/* --- What it is and was --------------------------------------------------------------------- */

FlashSpeed
flash_sim_device_get_speed (FlashSimDevice *self)
{
  return self->config->is_full_speed ? FLASH_SPEED_FULL : FLASH_SPEED_HIGH;
}

gint64
flash_sim_device_get_used_us (FlashSimDevice *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return self->used_us;
}

guint64
flash_sim_device_get_n_requests (FlashSimDevice *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return self->n_requests;
}

char *
flash_sim_device_dup_console (FlashSimDevice *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return g_strdup (self->console->str);
}

/* --- Life ----------------------------------------------------------------------------------- */

static void
flash_sim_device_finalize (GObject *object)
{
  FlashSimDevice *self = FLASH_SIM_DEVICE (object);

  if (self->is_ready && self->config->model->mcu != NULL)
    flash_sim_chip_lose_power (self);
  flash_sim_chip_clear (self);
  flash_sim_uboot_clear (self);
  flash_sim_device_drop_buffer (self);
  g_clear_pointer (&self->descriptors, flash_sim_descriptors_free);
  g_clear_pointer (&self->media, flash_sim_media_free);
  g_clear_pointer (&self->config, flash_sim_config_free);
  g_string_free (self->console, TRUE);
  g_clear_object (&self->clock);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (flash_sim_device_parent_class)->finalize (object);
}

static void
flash_sim_device_class_init (FlashSimDeviceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_sim_device_finalize;
}

static void
flash_sim_device_init (FlashSimDevice *self)
{
  g_mutex_init (&self->lock);
  self->console = g_string_new (NULL);
  self->watchdog_us = FLASH_SIM_NEVER;
}

FlashSimDevice *
flash_sim_device_new (FlashClock *clock, const char *id, GError **error)
{
  g_autoptr (FlashSimDevice) self = NULL;

  g_return_val_if_fail (FLASH_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  self = g_object_new (FLASH_TYPE_SIM_DEVICE, NULL);
  self->clock = g_object_ref (clock);
  self->config = flash_sim_config_new (id, error);
  if (self->config == NULL)
    return NULL;
  self->media = flash_sim_media_new (self->config, error);
  if (self->media == NULL)
    return NULL;
  self->faults = self->config->faults;
  self->serial = self->config->serial;
  self->now_us = flash_clock_get_time_us (clock);
  self->due_us = self->now_us;
  self->attach_us = FLASH_SIM_NEVER;
  self->next_stage = self->config->start_stage;
  if (self->config->model->mcu == NULL) {
    flash_sim_device_attach (self);
    return g_steal_pointer (&self);
  }
  if (!flash_sim_chip_init (self, error))
    return NULL;
  self->is_ready = TRUE;
  flash_sim_chip_start (self, FLASH_SIM_START_POWER, 0);
  flash_sim_device_advance (self);
  return g_steal_pointer (&self);
}
