/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The board on its bus: when it is there, what runs on it, and what time it is for it. */
#define G_LOG_DOMAIN "flash-sim-bus"

#include "config.h"

#include "flash-sim-chip.h"

#include <sys/mman.h>

/* How much of the host's own work between two requests may run beside the board's. */
#define CREDIT_US 5000
#define CONSOLE_MAX 65536
#define STRINGS_UNKNOWN_US 400000

static const char *const other_serial = "00FF00FF3338511234383330";

/* --- Time and console ----------------------------------------------------------------------- */

void
flash_sim_device_charge (FlashSimDevice *self, gint64 cost_us)
{
  self->due_us = MAX (self->now_us - CREDIT_US, self->due_us) + cost_us;
  self->used_us += cost_us;
}

void
flash_sim_device_print (FlashSimDevice *self, const char *format, ...)
{
  va_list args;

  if (self->console->len > CONSOLE_MAX)
    g_string_erase (self->console, 0, CONSOLE_MAX / 2);
  va_start (args, format);
  g_string_append_vprintf (self->console, format, args);
  va_end (args);
  g_string_append_c (self->console, '\n');
}

gboolean
flash_sim_device_take_fault (FlashSimDevice *self, FlashSimFaultKind kind)
{
  return self->faults.n_faults > 0 && flash_sim_fault_script_take (&self->faults, kind);
}

gboolean
flash_sim_device_has_fault (FlashSimDevice *self, FlashSimFaultKind kind)
{
  return self->faults.n_faults > 0 && flash_sim_fault_script_holds (&self->faults, kind);
}

void
flash_sim_device_wake_faults (FlashSimDevice *self)
{
  if (self->faults.n_faults == 0)
    return;
  flash_sim_fault_script_arm (&self->faults, self->n_requests, self->stage);
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_STRINGS_UNKNOWN))
    self->strings_from_us = self->now_us + STRINGS_UNKNOWN_US;
  flash_sim_media_set_full (self->media,
                            flash_sim_device_has_fault (self, FLASH_SIM_FAULT_FULL_STORAGE));
}

/* --- Buffer --------------------------------------------------------------------------------- */

void
flash_sim_device_drop_buffer (FlashSimDevice *self)
{
  if (self->buffer.bytes != NULL)
    munmap (self->buffer.bytes, self->buffer.length);
  self->buffer = (FlashSimBuffer){ .type = FLASH_SIM_BUFFER_NONE };
}

FlashSimBuffer *
flash_sim_device_get_buffer (FlashSimDevice *self, FlashSimBufferType type, gsize length)
{
  void *bytes;

  if (self->buffer.type == type)
    return &self->buffer;
  flash_sim_device_drop_buffer (self);
  bytes = mmap (NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (bytes == MAP_FAILED)
    return NULL;
  self->buffer = (FlashSimBuffer){ .bytes = bytes, .length = length, .type = type };
  return &self->buffer;
}

/* --- Stages --------------------------------------------------------------------------------- */

static FlashSimDescriptors *
make_descriptors (FlashSimDevice *self, FlashSimDescriptorTraits *traits,
                  const FlashSimAlternate *alternates)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; alternates[i].name != NULL; i++)
    g_ptr_array_add (names, (char *) alternates[i].name);
  traits->names = names;
  return flash_sim_descriptors_new (traits);
}

/* stm32mp-usb.md sections 1.2 and 1.3.1; the product string of the old TF-A is the ROM's. */
static void
describe_loader (FlashSimDevice *self)
{
  const FlashSimMp *model = &self->config->model->mp;
  gboolean is_rom = self->stage == FLASH_SIM_STAGE_ROM;
  g_autofree char *product =
      is_rom || self->config->is_old_flow
          ? g_strdup_printf ("DFU in %s Mode @Device ID /0x%03X, @Revision ID /0x%04X",
                             self->config->is_full_speed ? "FS" : "HS", model->chip_id,
                             model->rom_revision)
          : g_strdup_printf ("DFU @Device ID /0x%03X, @Revision ID /0x%04X, @Name /%s,",
                             model->chip_id, model->revision,
                             self->config->is_closed ? model->closed_name : model->chip_name);
  FlashSimDescriptorTraits traits = {
    .vid = FLASH_ST_VID,
    .pid = FLASH_ST_DFU_PID,
    .bcd_device = 0x0200,
    .manufacturer = FLASH_SIM_ST_NAME,
    .product = product,
    .serial = self->serial,
    .other_strings = { "DFU Config", "DFU Interface" },
    .configuration_string = FLASH_SIM_PRODUCT_STRING,
    .max_power = 0x32,
    .detach_timeout_ms = 255,
    .transfer_size = 1024,
  };

  self->descriptors =
      make_descriptors (self, &traits, is_rom ? model->rom_alternates : model->tfa_alternates);
}

/* stm32mp-usb.md section 1.2: no serial, no layout settings, another bcdDevice. */
static void
describe_spl (FlashSimDevice *self)
{
  static const FlashSimAlternate alternates[] = { { 0, "u-boot.itb", 0 }, { 0, NULL, 0 } };
  FlashSimDescriptorTraits traits = {
    .vid = FLASH_ST_VID,
    .pid = FLASH_ST_DFU_PID,
    .bcd_device = 0x7e8a,
    .manufacturer = FLASH_SIM_ST_NAME,
    .product = "USB download gadget",
    .other_strings = { "Device Firmware Upgrade" },
    .configuration_string = FLASH_SIM_PRODUCT_STRING,
    .max_power = 1,
    .transfer_size = 4096,
  };

  self->descriptors = make_descriptors (self, &traits, alternates);
}

static void
forget_session (FlashSimDevice *self)
{
  flash_sim_fault_script_restart (&self->faults);
  flash_sim_uboot_clear (self);
  flash_sim_media_forget_ram (self->media);
  self->tfa.phase_index = 0;
  self->is_pipe_due = FALSE;
}

void
flash_sim_device_enter_stage (FlashSimDevice *self, FlashSimStage stage)
{
  self->stage = stage;
  self->version++;
  self->alternate = 0;
  self->configuration = 1;
  self->state = FLASH_DFU_STATE_IDLE;
  self->status = FLASH_DFU_STATUS_OK;
  self->watchdog_us = FLASH_SIM_NEVER;
  flash_sim_device_drop_buffer (self);
  g_clear_pointer (&self->descriptors, flash_sim_descriptors_free);
  flash_sim_device_wake_faults (self);

  switch (stage) {
  case FLASH_SIM_STAGE_ROM:
    flash_sim_rom_enter (self);
    describe_loader (self);
    break;
  case FLASH_SIM_STAGE_TFA:
    flash_sim_tfa_enter (self);
    describe_loader (self);
    break;
  case FLASH_SIM_STAGE_UBOOT:
  case FLASH_SIM_STAGE_UBOOT2:
    flash_sim_uboot_enter (self);
    break;
  case FLASH_SIM_STAGE_SPL:
    describe_spl (self);
    break;
  case FLASH_SIM_STAGE_DFU:
    flash_sim_plain_enter (self);
    break;
  case FLASH_SIM_STAGE_BOOTLOADER:
    flash_sim_dfuse_enter (self);
    break;
  case FLASH_SIM_STAGE_RUNTIME:
    flash_sim_runtime_enter (self);
    break;
  case FLASH_SIM_STAGE_OFF:
  case FLASH_SIM_N_STAGES:
    break;
  }
}

void
flash_sim_device_attach (FlashSimDevice *self)
{
  self->is_attached = TRUE;
  self->generation++;
  self->claimed_generation = 0;
  self->is_mute = FALSE;
  self->silent_until_us = 0;
  self->is_fresh_from_detach = FALSE;
  self->is_used = FALSE;
  if (self->keeps_session) {
    /* stm32mp-usb.md section 2.4, number 1: a transfer that was broken off stays so. */
    self->keeps_session = FALSE;
    self->version++;
    self->alternate = 0;
    self->configuration = 1;
    self->state = FLASH_DFU_STATE_IDLE;
    self->status = FLASH_DFU_STATUS_OK;
    return;
  }
  if (self->next_stage == self->config->model->first_stage)
    forget_session (self);
  flash_sim_device_enter_stage (self, self->next_stage);
}

static void
detach (FlashSimDevice *self)
{
  self->is_attached = FALSE;
  self->version++;
  self->detached_us = self->now_us;
  self->watchdog_us = FLASH_SIM_NEVER;
  flash_sim_device_drop_buffer (self);
}

void
flash_sim_device_leave (FlashSimDevice *self, FlashSimStage stage, gint64 delay_us)
{
  if (self->is_attached)
    detach (self);
  self->next_stage = stage;
  self->keeps_session = FALSE;
  self->attach_us = MAX (self->now_us, self->due_us) + delay_us;
  self->due_us = self->attach_us;
  self->used_us += delay_us;
}

void
flash_sim_device_leave_for_good (FlashSimDevice *self)
{
  if (self->is_attached)
    detach (self);
  self->stage = FLASH_SIM_STAGE_OFF;
  self->attach_us = FLASH_SIM_NEVER;
}

void
flash_sim_device_pull_cable (FlashSimDevice *self)
{
  flash_sim_device_leave (self, self->stage, FLASH_SIM_FAULT_DELAY_US);
  /* A ROM waits for its first stage anew (stm32mp-usb.md section 9.3). */
  self->keeps_session = self->stage != self->config->model->first_stage;
}

void
flash_sim_device_switch_off (FlashSimDevice *self)
{
  if (self->config->model->mcu != NULL)
    flash_sim_chip_lose_power (self);
  else
    flash_sim_device_leave_for_good (self);
}

void
flash_sim_device_power_up (FlashSimDevice *self, gint64 delay_us)
{
  self->due_us = self->now_us;
  self->serial = self->config->serial;
  if (self->config->model->mcu == NULL) {
    flash_sim_device_leave (self, self->config->model->first_stage, delay_us);
    return;
  }
  flash_sim_chip_lose_power (self);
  flash_sim_chip_start (self, FLASH_SIM_START_POWER, delay_us);
}

void
flash_sim_device_fall_silent (FlashSimDevice *self)
{
  self->is_mute = TRUE;
  self->version++;
}

void
flash_sim_device_hand_over (FlashSimDevice *self, FlashSimStage stage, gint64 delay_us,
                            gboolean keeps_bus)
{
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_HANDOVER_DELAY))
    delay_us += FLASH_SIM_FAULT_DELAY_US;
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_NEVER_RETURN)) {
    flash_sim_device_leave_for_good (self);
    return;
  }
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_RETURN_AS_ROM)) {
    stage = FLASH_SIM_STAGE_ROM;
    keeps_bus = FALSE;
  }
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_RETURN_ELSEWHERE)) {
    self->n_moves++;
    keeps_bus = FALSE;
  }
  if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_WRONG_SERIAL)) {
    self->serial = other_serial;
    keeps_bus = FALSE;
  }
  if (!keeps_bus) {
    flash_sim_device_leave (self, stage, delay_us);
    return;
  }

  self->due_us = MAX (self->now_us, self->due_us);
  flash_sim_device_charge (self, delay_us);
  self->silent_until_us = self->due_us;
  flash_sim_device_enter_stage (self, stage);
}

void
flash_sim_device_restart (FlashSimDevice *self)
{
  flash_sim_device_print (self, "resetting ...");
  flash_sim_device_leave (self, self->config->model->first_stage, FLASH_SIM_RESTART_US);
}

/* What time alone brings about. */
void
flash_sim_device_advance (FlashSimDevice *self)
{
  self->now_us = flash_clock_get_time_us (self->clock);
  flash_sim_chip_settle (self);
  if (!self->is_attached && self->now_us >= self->attach_us)
    flash_sim_device_attach (self);
  if (self->is_attached && self->now_us >= self->watchdog_us)
    flash_sim_device_leave_for_good (self);
}

gint64
flash_sim_device_find_change_us (FlashSimDevice *self)
{
  gint64 change_us = self->watchdog_us;

  if (!self->is_attached)
    return self->attach_us;
  if (self->chip.work.kind != FLASH_SIM_WORK_NONE)
    change_us = MIN (change_us, self->chip.work.end_us);
  if (!self->is_mute && self->now_us + FLASH_SIM_DEBT_US < self->silent_until_us)
    change_us = MIN (change_us, self->silent_until_us - FLASH_SIM_DEBT_US);
  if (self->now_us < self->strings_from_us)
    change_us = MIN (change_us, self->strings_from_us);
  return change_us;
}
