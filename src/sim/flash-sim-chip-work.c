/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the loader of a virtual microcontroller does between two answers. It is done when its time
 * is over, all of it; when the power goes away before, so much of it as had time to happen. */
#define G_LOG_DOMAIN "flash-sim-chip-work"

#include "config.h"

#include "flash-sim-chip.h"

/* Section 0.3, fact 5 */
#define BANK_2_OFFSET 0x100000u
/* With key `timing=fast`, so that a power cut still finds work to cut. */
#define FAST_US 100
#define FAST_POLL_MS 1

void
flash_sim_chip_begin (FlashSimDevice *self, const FlashSimWork *work, gint64 duration_us,
                      FlashDfuStatusCode result)
{
  FlashSimChip *chip = &self->chip;

  if (self->config->mcu.is_fast)
    duration_us = MIN (duration_us, FAST_US);
  chip->work = *work;
  if (self->config->mcu.is_fast)
    chip->work.poll_ms = MIN (work->poll_ms, FAST_POLL_MS);
  chip->work.start_us = self->now_us;
  chip->work.end_us = self->now_us + duration_us;
  chip->result = result;
  self->used_us += duration_us;
}

/* --- What it comes to ----------------------------------------------------------------------- */

typedef gboolean (*SectorFunc) (FlashSimCells *cells, guint32 offset, guint32 length);

/* Protected sectors stay as they are, without a word (section 0.3, fact 6). */
static gboolean
change_sectors (FlashSimDevice *self, guint32 offset, guint32 length, SectorFunc change)
{
  FlashSimCells *flash = flash_sim_chip_get_cells (self, FLASH_SIM_AREA_FLASH);
  guint32 at = offset;

  while (at < offset + length) {
    guint32 start;
    guint number;
    const FlashSimSectors *sector =
        flash_sim_mcu_find_sector (self->config->model->mcu, at, &start, &number);

    if (!flash_sim_chip_is_write_protected (self, number) && !change (flash, start, sector->size))
      return FALSE;
    at = start + sector->size;
  }
  return TRUE;
}

static gboolean
program_flash (FlashSimDevice *self, guint32 offset, const guint8 *bytes, guint32 length)
{
  FlashSimCells *flash = flash_sim_chip_get_cells (self, FLASH_SIM_AREA_FLASH);
  guint32 at = 0;

  while (at < length) {
    guint32 start, piece;
    guint number;
    const FlashSimSectors *sector =
        flash_sim_mcu_find_sector (self->config->model->mcu, offset + at, &start, &number);

    piece = MIN (length - at, start + sector->size - (offset + at));
    if (!flash_sim_chip_is_write_protected (self, number) &&
        !flash_sim_cells_program (flash, offset + at, bytes + at, piece))
      return FALSE;
    at += piece;
  }
  return TRUE;
}

static gboolean
program (FlashSimDevice *self, const FlashSimWork *work, guint32 length)
{
  if (work->area == FLASH_SIM_AREA_FLASH)
    return program_flash (self, work->offset, self->chip.data, length);
  return flash_sim_cells_program (flash_sim_chip_get_cells (self, work->area), work->offset,
                                  self->chip.data, length);
}

/* Section 4.7: all flash is erased, on L0 and L1 the data memory too. */
static gboolean
unprotect (FlashSimDevice *self)
{
  const FlashSimMcu *mcu = self->config->model->mcu;
  FlashSimCells *flash = flash_sim_chip_get_cells (self, FLASH_SIM_AREA_FLASH);
  FlashSimCells *eeprom = flash_sim_chip_get_cells (self, FLASH_SIM_AREA_EEPROM);

  flash_sim_chip_drop_ram (self);
  if (mcu->does_unprotect_clear_wrp)
    flash_sim_chip_set_wrp (self, 0, 0);
  flash_sim_chip_set_rdp (self, 0);
  return flash_sim_cells_erase (flash, 0, flash_sim_cells_get_size (flash)) &&
         (eeprom == NULL || flash_sim_cells_erase (eeprom, 0, flash_sim_cells_get_size (eeprom)));
}

static void
restart (FlashSimDevice *self)
{
  flash_sim_chip_start (self, FLASH_SIM_START_OPTIONS, FLASH_SIM_POWER_CYCLE_US);
}

static gboolean
carry_out (FlashSimDevice *self, const FlashSimWork *work)
{
  switch (work->kind) {
  case FLASH_SIM_WORK_ERASE:
    self->chip.is_hung = self->config->mcu.is_revision_v && work->offset >= BANK_2_OFFSET;
    return change_sectors (self, work->offset, work->length, flash_sim_cells_erase);
  case FLASH_SIM_WORK_MASS_ERASE:
    return change_sectors (self, work->offset, work->length, flash_sim_cells_erase);
  case FLASH_SIM_WORK_PROGRAM:
    return program (self, work, work->length);
  case FLASH_SIM_WORK_OPTIONS:
    return flash_sim_cells_overwrite (flash_sim_chip_get_cells (self, FLASH_SIM_AREA_OPTIONS),
                                      work->offset, self->chip.data, work->length);
  case FLASH_SIM_WORK_UNPROTECT:
    return unprotect (self);
  case FLASH_SIM_WORK_NONE:
  case FLASH_SIM_WORK_NOTHING:
    break;
  }
  return TRUE;
}

void
flash_sim_chip_settle (FlashSimDevice *self)
{
  FlashSimWork work = self->chip.work;

  if (work.kind == FLASH_SIM_WORK_NONE || self->now_us < work.end_us)
    return;
  self->chip.work.kind = FLASH_SIM_WORK_NONE;
  if (!carry_out (self, &work))
    self->chip.result = FLASH_DFU_STATUS_ERR_WRITE;
  if (work.kind == FLASH_SIM_WORK_OPTIONS || work.kind == FLASH_SIM_WORK_UNPROTECT)
    restart (self);
}

/* --- What is left when the power goes away -------------------------------------------------- */

/* The block is programmed in rising order, a granule at a time, and the last of them by half. */
static void
cut_program (FlashSimDevice *self, const FlashSimWork *work, gint64 n_done, gint64 n_whole)
{
  guint granule = self->config->model->mcu->granule;
  guint32 length = (guint32) (work->length * n_done / n_whole) / granule * granule;
  FlashSimCells *cells = flash_sim_chip_get_cells (self, work->area);
  guint32 start;
  guint number;

  program (self, work, length);
  if (work->area == FLASH_SIM_AREA_FLASH &&
      flash_sim_mcu_find_sector (self->config->model->mcu, work->offset + length, &start,
                                 &number) != NULL &&
      flash_sim_chip_is_write_protected (self, number))
    return;
  flash_sim_cells_break_granule (cells, work->offset + length);
}

/* Option bytes are not half written: the chip keeps them until the new ones are complete. Section
 * 4.7 (b): the protection stays, the flash is half erased, and the same command completes it. */
void
flash_sim_chip_cut (FlashSimDevice *self, gint64 n_done, gint64 n_whole)
{
  FlashSimWork work = self->chip.work;

  self->chip.work.kind = FLASH_SIM_WORK_NONE;
  switch (work.kind) {
  case FLASH_SIM_WORK_ERASE:
  case FLASH_SIM_WORK_MASS_ERASE:
    change_sectors (self, work.offset, work.length, flash_sim_cells_erase_half);
    break;
  case FLASH_SIM_WORK_UNPROTECT:
    flash_sim_cells_erase_half (
        flash_sim_chip_get_cells (self, FLASH_SIM_AREA_FLASH), 0,
        flash_sim_mcu_get_size (self->config->model->mcu, FLASH_SIM_AREA_FLASH));
    break;
  case FLASH_SIM_WORK_PROGRAM:
    cut_program (self, &work, n_done, n_whole);
    break;
  case FLASH_SIM_WORK_OPTIONS:
  case FLASH_SIM_WORK_NOTHING:
  case FLASH_SIM_WORK_NONE:
    break;
  }
}
