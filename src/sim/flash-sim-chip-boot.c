/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a virtual microcontroller starts, and how it loses its power (stm32-dfuse.md sections 2.7,
 * 4.4, 4.6 and 5.1). */
#define G_LOG_DOMAIN "flash-sim-chip-boot"

#include "config.h"

#include "flash-sim-chip.h"

#include "flash-bytes.h"

#include <string.h>

#define WORD 4u

/* --- What starts ---------------------------------------------------------------------------- */

static gboolean
read_word (FlashSimDevice *self, guint32 address, guint32 *out_word)
{
  guint32 offset;
  const FlashSimArea *area = flash_sim_mcu_find_area (self->config->model->mcu, address, &offset);
  guint8 bytes[WORD];

  if (area == NULL || area->size - (address - area->address) < WORD ||
      (area->kind != FLASH_SIM_AREA_FLASH && area->kind != FLASH_SIM_AREA_RAM) ||
      !flash_sim_cells_read (flash_sim_chip_get_cells (self, area->kind), offset, bytes, WORD))
    return FALSE;
  *out_word = flash_get_le32 (bytes);
  return TRUE;
}

/* Section 5.1: both look sane, and whatever follows is executed. A stack begins at its end, which
 * may be the end of the RAM. */
static gboolean
has_vectors (FlashSimDevice *self, guint32 address)
{
  const FlashSimMcu *mcu = self->config->model->mcu;
  gboolean is_stack_good = FALSE;
  guint32 stack, entry, offset;
  const FlashSimArea *area;

  if (!read_word (self, address, &stack) || !read_word (self, address + WORD, &entry))
    return FALSE;
  for (guint i = 0; mcu->stacks[i].end != 0; i++)
    if (stack % WORD == 0 && stack > mcu->stacks[i].start && stack <= mcu->stacks[i].end)
      is_stack_good = TRUE;
  if (!is_stack_good || entry % 2 == 0)
    return FALSE;
  area = flash_sim_mcu_find_area (mcu, entry - 1, &offset);
  return area != NULL && (area->kind == FLASH_SIM_AREA_FLASH || area->kind == FLASH_SIM_AREA_RAM);
}

/* Section 4.6, cause 1 */
static gboolean
is_for_wrong_supply (FlashSimDevice *self, guint32 address)
{
  static const char text[] = FLASH_SIM_WRONG_SUPPLY_TEXT;
  guint32 offset;
  const FlashSimArea *area = flash_sim_mcu_find_area (
      self->config->model->mcu, address + FLASH_SIM_WRONG_SUPPLY_OFFSET, &offset);
  FlashSimCells *flash = flash_sim_chip_get_cells (self, FLASH_SIM_AREA_FLASH);

  return self->config->model->mcu->has_supply && area != NULL &&
         area->kind == FLASH_SIM_AREA_FLASH &&
         flash_sim_cells_get_size (flash) - offset >= strlen (text) &&
         memcmp (flash_sim_cells_get_bytes (flash) + offset, text, strlen (text)) == 0;
}

static FlashSimChipState
run_application (FlashSimDevice *self, guint32 address)
{
  if (!has_vectors (self, address))
    return FLASH_SIM_CHIP_LOCKED;
  return is_for_wrong_supply (self, address) ? FLASH_SIM_CHIP_DEAD : FLASH_SIM_CHIP_APPLICATION;
}

static gboolean
is_first_word_erased (FlashSimDevice *self)
{
  const FlashSimMcu *mcu = self->config->model->mcu;
  const guint8 *bytes =
      flash_sim_cells_get_bytes (flash_sim_chip_get_cells (self, FLASH_SIM_AREA_FLASH));

  for (guint i = 0; i < WORD; i++)
    if (bytes[i] != mcu->erased)
      return FALSE;
  return TRUE;
}

/* Section 4.7: level 2 closes the ROM. A loader in flash that has no application stays. */
static FlashSimChipState
decide (FlashSimDevice *self)
{
  const FlashSimMcu *mcu = self->config->model->mcu;
  FlashSimChipState state;

  if (flash_sim_chip_get_rdp (self) < 2 && (self->chip.is_boot0_high || self->chip.is_empty))
    return FLASH_SIM_CHIP_ROM;
  state = run_application (self, mcu->application);
  return mcu->loader == FLASH_SIM_LOADER_MIDDLEWARE && state == FLASH_SIM_CHIP_LOCKED
             ? FLASH_SIM_CHIP_ROM
             : state;
}

static void
enter_state (FlashSimDevice *self, FlashSimChipState state, gboolean is_hand_over, gint64 delay_us)
{
  static const char *const names[] = { "off", "its loader", "its application", "nothing",
                                       "nothing, for want of its supply" };

  flash_sim_device_print (self, "started %s", names[state]);
  self->chip.state = state;
  if (state != FLASH_SIM_CHIP_ROM)
    flash_sim_device_leave_for_good (self);
  else if (is_hand_over)
    flash_sim_device_hand_over (self, FLASH_SIM_STAGE_BOOTLOADER, delay_us, FALSE);
  else
    flash_sim_device_leave (self, FLASH_SIM_STAGE_BOOTLOADER, delay_us);
}

void
flash_sim_chip_start (FlashSimDevice *self, FlashSimStart how, gint64 delay_us)
{
  FlashSimChipState state = FLASH_SIM_CHIP_DEAD;

  if (how != FLASH_SIM_START_RESET)
    self->chip.is_empty = self->config->model->mcu->has_empty_check && is_first_word_erased (self);
  if (self->chip.state != FLASH_SIM_CHIP_DEAD || how == FLASH_SIM_START_POWER)
    state = decide (self);
  if (state == FLASH_SIM_CHIP_ROM && self->config->mcu.boot0 == FLASH_SIM_BOOT0_BUTTON)
    self->chip.is_boot0_high = FALSE;
  enter_state (self, state, how == FLASH_SIM_START_OPTIONS, delay_us);
}

/* Section 2.7. The loader of ST's USB library resets the chip whatever its pointer says, and does
 * not look at the pin that brought it up. */
void
flash_sim_chip_leave (FlashSimDevice *self)
{
  const FlashSimMcu *mcu = self->config->model->mcu;
  FlashSimChipState state;

  if (mcu->loader == FLASH_SIM_LOADER_MIDDLEWARE) {
    state = run_application (self, mcu->application);
    if (state == FLASH_SIM_CHIP_LOCKED)
      state = FLASH_SIM_CHIP_ROM;
    enter_state (self, state, TRUE, FLASH_SIM_POWER_CYCLE_US);
    return;
  }
  state = self->config->mcu.is_rom_v90 ? FLASH_SIM_CHIP_LOCKED
                                       : run_application (self, self->chip.pointer);
  enter_state (self, state, FALSE, 0);
}

/* --- Power ---------------------------------------------------------------------------------- */

static void
switch_off (FlashSimDevice *self)
{
  flash_sim_chip_drop_ram (self);
  self->chip.state = FLASH_SIM_CHIP_OFF;
  flash_sim_device_leave_for_good (self);
}

void
flash_sim_chip_stop (FlashSimDevice *self)
{
  const FlashSimWork *work = &self->chip.work;

  if (work->kind != FLASH_SIM_WORK_NONE && self->now_us < work->end_us)
    flash_sim_chip_cut (self, self->now_us - work->start_us, work->end_us - work->start_us);
  else
    flash_sim_chip_settle (self);
  self->due_us = self->now_us;
}

void
flash_sim_chip_lose_power (FlashSimDevice *self)
{
  flash_sim_chip_stop (self);
  switch_off (self);
}

void
flash_sim_chip_lose_power_halfway (FlashSimDevice *self)
{
  if (self->chip.work.kind != FLASH_SIM_WORK_NONE)
    flash_sim_chip_cut (self, 1, 2);
  switch_off (self);
}
