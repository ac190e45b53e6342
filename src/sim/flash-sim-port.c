/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The board at its port: power, resets, who has it open, and what can be seen without a request. */
#define G_LOG_DOMAIN "flash-sim-port"

#include "config.h"

#include "flash-sim-chip.h"

/* stm32mp-usb.md section 9.6, reset_on_busreset */
#define RESET_WINDOW_US 50000

/* --- Power and resets ----------------------------------------------------------------------- */

static void
reset_stage (FlashSimDevice *self)
{
  if (self->stage == FLASH_SIM_STAGE_BOOTLOADER)
    flash_sim_dfuse_bus_reset (self);
  else if (self->config->model->first_stage == FLASH_SIM_STAGE_RUNTIME)
    flash_sim_runtime_bus_reset (self);
  else if (self->stage == self->config->model->first_stage)
    flash_sim_device_enter_stage (self, self->stage);
}

void
flash_sim_device_bus_reset (FlashSimDevice *self)
{
  g_mutex_lock (&self->lock);
  flash_sim_device_advance (self);
  if (!self->is_attached && self->is_fresh_from_detach &&
      self->config->model->mp.resets_on_bus_reset &&
      self->now_us - self->detached_us <= RESET_WINDOW_US) {
    flash_sim_device_restart (self);
  } else if (self->is_attached && !self->is_mute) {
    self->configuration = 0;
    reset_stage (self);
  }
  g_mutex_unlock (&self->lock);
}

void
flash_sim_device_power_cycle (FlashSimDevice *self)
{
  g_mutex_lock (&self->lock);
  self->now_us = flash_clock_get_time_us (self->clock);
  flash_sim_device_print (self, "power off");
  flash_sim_device_power_up (self, FLASH_SIM_POWER_CYCLE_US);
  g_mutex_unlock (&self->lock);
}

void
flash_sim_device_unplug (FlashSimDevice *self)
{
  g_return_if_fail (FLASH_IS_SIM_DEVICE (self));

  g_mutex_lock (&self->lock);
  flash_sim_device_advance (self);
  flash_sim_device_switch_off (self);
  g_mutex_unlock (&self->lock);
}

void
flash_sim_device_plug (FlashSimDevice *self)
{
  g_return_if_fail (FLASH_IS_SIM_DEVICE (self));

  g_mutex_lock (&self->lock);
  flash_sim_device_advance (self);
  if (!self->is_attached && self->attach_us == FLASH_SIM_NEVER) {
    flash_sim_device_power_up (self, 0);
    flash_sim_device_advance (self);
  }
  g_mutex_unlock (&self->lock);
}

/* What was not ahead at the last moment that is known, is not ahead now: the two below are asked
 * after each request, and reading a clock is dear on some machines. */
static void
advance_if_due (FlashSimDevice *self)
{
  if (flash_sim_device_find_change_us (self) != FLASH_SIM_NEVER)
    flash_sim_device_advance (self);
}

gint64
flash_sim_device_get_next_change_us (FlashSimDevice *self)
{
  gint64 change_us;

  g_return_val_if_fail (FLASH_IS_SIM_DEVICE (self), FLASH_SIM_NEVER);

  g_mutex_lock (&self->lock);
  advance_if_due (self);
  change_us = flash_sim_device_find_change_us (self);
  g_mutex_unlock (&self->lock);
  return change_us;
}

FlashSimStage
flash_sim_device_get_stage (FlashSimDevice *self, guint64 *out_generation)
{
  FlashSimStage stage;

  g_return_val_if_fail (FLASH_IS_SIM_DEVICE (self), FLASH_SIM_STAGE_OFF);

  g_mutex_lock (&self->lock);
  advance_if_due (self);
  stage = self->is_attached ? self->stage : FLASH_SIM_STAGE_OFF;
  *out_generation = self->generation;
  g_mutex_unlock (&self->lock);
  return stage;
}

guint
flash_sim_device_get_n_moves (FlashSimDevice *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;

  g_return_val_if_fail (FLASH_IS_SIM_DEVICE (self), 0);

  locker = g_mutex_locker_new (&self->lock);
  return self->n_moves;
}

void
flash_sim_device_look (FlashSimDevice *self, FlashSimState *out_state)
{
  gboolean is_silent, has_strings;

  g_mutex_lock (&self->lock);
  flash_sim_device_advance (self);
  is_silent = self->is_mute || self->now_us + FLASH_SIM_DEBT_US < self->silent_until_us;
  has_strings = self->now_us >= self->strings_from_us;
  *out_state = (FlashSimState){
    .is_attached = self->is_attached,
    .generation = self->generation,
    .version = self->version * 4 + (is_silent ? 2 : 0) + (has_strings ? 1 : 0),
    .stage = self->stage,
    .is_silent = self->is_attached && is_silent,
  };
  if (self->is_attached && !is_silent)
    out_state->descriptors = flash_sim_descriptors_describe (self->descriptors, has_strings);
  g_mutex_unlock (&self->lock);
}

FlashSimOutcome
flash_sim_device_claim (FlashSimDevice *self, guint64 generation)
{
  FlashSimOutcome outcome = FLASH_SIM_ACK;

  g_mutex_lock (&self->lock);
  flash_sim_device_advance (self);
  if (!self->is_attached || self->generation != generation)
    outcome = FLASH_SIM_GONE;
  else if (self->claimed_generation == generation)
    outcome = FLASH_SIM_BUSY;
  else
    self->claimed_generation = generation;
  g_mutex_unlock (&self->lock);
  return outcome;
}

void
flash_sim_device_release (FlashSimDevice *self, guint64 generation)
{
  g_mutex_lock (&self->lock);
  if (self->claimed_generation == generation)
    self->claimed_generation = 0;
  g_mutex_unlock (&self->lock);
}

/* --- Microcontrollers ----------------------------------------------------------------------- */

void
flash_sim_device_press_reset (FlashSimDevice *self)
{
  g_return_if_fail (FLASH_IS_SIM_DEVICE (self));

  g_mutex_lock (&self->lock);
  flash_sim_device_advance (self);
  if (self->chip.state != FLASH_SIM_CHIP_OFF) {
    flash_sim_device_print (self, "reset");
    flash_sim_chip_stop (self);
    flash_sim_chip_start (self, FLASH_SIM_START_RESET, FLASH_SIM_POWER_CYCLE_US);
  }
  g_mutex_unlock (&self->lock);
}

void
flash_sim_device_set_boot0 (FlashSimDevice *self, gboolean is_high)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;

  g_return_if_fail (FLASH_IS_SIM_DEVICE (self));

  locker = g_mutex_locker_new (&self->lock);
  self->chip.is_boot0_high = is_high;
}

FlashSimChipState
flash_sim_device_get_chip_state (FlashSimDevice *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;

  g_return_val_if_fail (FLASH_IS_SIM_DEVICE (self), FLASH_SIM_CHIP_OFF);

  locker = g_mutex_locker_new (&self->lock);
  flash_sim_device_advance (self);
  return self->chip.state;
}

char **
flash_sim_device_get_violations (FlashSimDevice *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;
  g_autoptr (GStrvBuilder) builder = NULL;

  g_return_val_if_fail (FLASH_IS_SIM_DEVICE (self), NULL);

  locker = g_mutex_locker_new (&self->lock);
  builder = g_strv_builder_new ();
  for (guint i = 0; self->chip.violations != NULL && i < self->chip.violations->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (self->chip.violations, i));
  return g_strv_builder_end (builder);
}
