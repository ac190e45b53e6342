/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-mcu"

#include "config.h"

#include "flash-sim-mcu.h"

guint32
flash_sim_mcu_get_size (const FlashSimMcu *self, FlashSimAreaKind kind)
{
  guint32 size = 0;

  for (guint i = 0; self->areas[i].kind != FLASH_SIM_AREA_NONE; i++)
    if (self->areas[i].kind == kind)
      size += self->areas[i].size;
  return size;
}

const FlashSimArea *
flash_sim_mcu_find_area (const FlashSimMcu *self, guint32 address, guint32 *out_offset)
{
  guint32 before[FLASH_SIM_N_AREA_KINDS] = { 0 };

  for (guint i = 0; self->areas[i].kind != FLASH_SIM_AREA_NONE; i++) {
    const FlashSimArea *area = &self->areas[i];

    if (address >= area->address && address - area->address < area->size) {
      *out_offset = before[area->kind] + (address - area->address);
      return area;
    }
    before[area->kind] += area->size;
  }
  return NULL;
}

const FlashSimSectors *
flash_sim_mcu_find_sector (const FlashSimMcu *self, guint32 offset, guint32 *out_start,
                           guint *out_number)
{
  guint32 start = 0;
  guint number = 0;

  for (guint i = 0; self->sectors[i].count > 0; i++) {
    const FlashSimSectors *sectors = &self->sectors[i];

    if (offset - start < sectors->count * sectors->size) {
      guint index = (offset - start) / sectors->size;

      *out_start = start + index * sectors->size;
      *out_number = number + index;
      return sectors;
    }
    start += sectors->count * sectors->size;
    number += sectors->count;
  }
  return NULL;
}

guint
flash_sim_mcu_count_sectors (const FlashSimMcu *self)
{
  guint n_sectors = 0;

  for (guint i = 0; self->sectors[i].count > 0; i++)
    n_sectors += self->sectors[i].count;
  return n_sectors;
}
