/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a block to the loader of a virtual microcontroller means: its number, its command, the
 * address that follows from them, and what stands against it (stm32-dfuse.md sections 2.2, 2.4,
 * 2.8, 2.9 and 4.7). */
#define G_LOG_DOMAIN "flash-sim-dfuse-block"

#include "config.h"

#include "flash-sim-chip.h"

#include "flash-bytes.h"

#include <string.h>

#define COMMAND_GET 0x00
#define COMMAND_SET_ADDRESS 0x21
#define COMMAND_ERASE 0x41
#define COMMAND_UNPROTECT 0x92
#define FIRST_DATA_BLOCK 2

static const FlashSimMcu *
get_mcu (FlashSimDevice *self)
{
  return self->config->model->mcu;
}

static gboolean
is_middleware (FlashSimDevice *self)
{
  return get_mcu (self)->loader == FLASH_SIM_LOADER_MIDDLEWARE;
}

static guint
get_rdp_status (FlashSimDevice *self)
{
  gboolean is_closed =
      flash_sim_chip_get_rdp (self) > 0 && get_mcu (self)->rdp_style == FLASH_SIM_RDP_VENDOR;

  return is_closed ? FLASH_DFU_STATUS_ERR_VENDOR : FLASH_DFU_STATUS_OK;
}

/* Returns: whether it is acknowledged and dropped, for one reason or another. */
static gboolean
is_dropped (FlashSimDevice *self, FlashSimFaultKind fault)
{
  return (is_middleware (self) && !self->config->mcu.is_complete) ||
         flash_sim_chip_get_rdp (self) > 0 || flash_sim_device_take_fault (self, fault);
}

static void
end_with (FlashSimDevice *self, guint poll_ms, FlashDfuStatusCode result)
{
  const FlashSimWork work = { .kind = FLASH_SIM_WORK_NOTHING, .poll_ms = poll_ms };

  flash_sim_chip_begin (self, &work, 0, result);
}

static void
begin_erase (FlashSimDevice *self, guint32 address)
{
  FlashSimWork work = { .kind = FLASH_SIM_WORK_ERASE, .area = FLASH_SIM_AREA_FLASH };
  FlashDfuStatusCode result = get_rdp_status (self);
  guint32 offset;
  const FlashSimArea *area = flash_sim_mcu_find_area (get_mcu (self), address, &offset);
  const FlashSimSectors *sectors;
  guint number;

  if (result == FLASH_DFU_STATUS_OK && (area == NULL || area->kind != FLASH_SIM_AREA_FLASH))
    result = is_middleware (self) ? FLASH_DFU_STATUS_ERR_VENDOR : FLASH_DFU_STATUS_ERR_TARGET;
  if (result != FLASH_DFU_STATUS_OK) {
    end_with (self, get_mcu (self)->sectors[0].poll_ms, result);
    return;
  }
  sectors = flash_sim_mcu_find_sector (get_mcu (self), offset, &work.offset, &number);
  work.length = sectors->size;
  work.poll_ms = sectors->poll_ms;
  if (sectors->is_loader) {
    flash_sim_chip_blame (self, "loader-sector: erase of 0x%08x", address);
    end_with (self, work.poll_ms, FLASH_DFU_STATUS_ERR_VENDOR);
    return;
  }
  if (is_dropped (self, FLASH_SIM_FAULT_ERASE_IGNORED))
    work.kind = FLASH_SIM_WORK_NOTHING;
  flash_sim_chip_begin (self, &work, (gint64) sectors->erase_ms * 1000, FLASH_DFU_STATUS_OK);
}

static void
begin_mass_erase (FlashSimDevice *self)
{
  const FlashSimMcu *mcu = get_mcu (self);
  FlashSimWork work = { .kind = FLASH_SIM_WORK_MASS_ERASE,
                        .area = FLASH_SIM_AREA_FLASH,
                        .length = flash_sim_mcu_get_size (mcu, FLASH_SIM_AREA_FLASH),
                        .poll_ms = mcu->mass_poll_ms };

  if (is_middleware (self)) {
    end_with (self, 0, FLASH_DFU_STATUS_OK);
  } else if (get_rdp_status (self) != FLASH_DFU_STATUS_OK) {
    end_with (self, mcu->mass_poll_ms, FLASH_DFU_STATUS_ERR_VENDOR);
  } else if (mcu->mass_erase_ms == 0) {
    end_with (self, 0, FLASH_DFU_STATUS_ERR_TARGET);
  } else {
    if (is_dropped (self, FLASH_SIM_FAULT_ERASE_IGNORED))
      work.kind = FLASH_SIM_WORK_NOTHING;
    flash_sim_chip_begin (self, &work, (gint64) mcu->mass_erase_ms * 1000, FLASH_DFU_STATUS_OK);
  }
}

/* Where there is no mass erase, every page is erased in turn. */
static void
begin_unprotect (FlashSimDevice *self)
{
  const FlashSimMcu *mcu = get_mcu (self);
  const FlashSimWork work = { .kind = FLASH_SIM_WORK_UNPROTECT, .poll_ms = mcu->mass_poll_ms };
  guint duration_ms = mcu->mass_erase_ms;

  if (is_middleware (self)) {
    end_with (self, 0, FLASH_DFU_STATUS_OK);
    return;
  }
  if (duration_ms == 0)
    duration_ms = mcu->sectors[0].count * mcu->sectors[0].erase_ms;
  flash_sim_chip_begin (self, &work, (gint64) duration_ms * 1000, FLASH_DFU_STATUS_OK);
}

static void
begin_set_address (FlashSimDevice *self, guint32 address)
{
  guint32 offset;
  FlashDfuStatusCode result = FLASH_DFU_STATUS_OK;

  if (!is_middleware (self) && flash_sim_mcu_find_area (get_mcu (self), address, &offset) == NULL)
    result = FLASH_DFU_STATUS_ERR_TARGET;
  else
    self->chip.pointer = address;
  self->chip.is_pointer_last = TRUE;
  end_with (self, get_mcu (self)->address_poll_ms, result);
}

/* What is no command of the loader never ends in ST's USB library (section 2.4); ROMs have refused
 * it when it came. */
static void
begin_command (FlashSimDevice *self)
{
  const FlashSimChip *chip = &self->chip;
  guint32 address = chip->length == 5 ? flash_get_le32 (chip->data + 1) : 0;

  if (chip->data[0] == COMMAND_SET_ADDRESS && chip->length == 5) {
    begin_set_address (self, address);
  } else if (chip->data[0] == COMMAND_ERASE && chip->length == 5) {
    begin_erase (self, address);
  } else if (chip->data[0] == COMMAND_ERASE) {
    begin_mass_erase (self);
  } else if (chip->data[0] == COMMAND_UNPROTECT && chip->length == 1) {
    begin_unprotect (self);
  } else {
    end_with (self, 0, FLASH_DFU_STATUS_OK);
    self->chip.is_hung = chip->length == 5;
  }
}

gboolean
flash_sim_dfuse_is_command (FlashSimDevice *self, const guint8 *data, guint16 length)
{
  if (is_middleware (self))
    return length == 1 || length == 5;
  if (length == 1)
    return data[0] == COMMAND_GET || data[0] == COMMAND_ERASE || data[0] == COMMAND_UNPROTECT;
  return length == 5 && (data[0] == COMMAND_SET_ADDRESS || data[0] == COMMAND_ERASE);
}

/* Returns: whether option bytes may be read or written like that (section 2.9). */
static gboolean
is_option_range_good (const FlashSimMcu *mcu, const FlashSimArea *area, guint32 address,
                      guint32 length)
{
  if (area->kind != FLASH_SIM_AREA_OPTIONS || !mcu->are_options_whole)
    return TRUE;
  return address == area->address && length == area->size;
}

static FlashDfuStatusCode
check_write (FlashSimDevice *self, const FlashSimArea *area, guint64 address)
{
  guint32 length = self->chip.length;

  if (is_middleware (self) && !self->config->mcu.is_complete)
    return FLASH_DFU_STATUS_OK;
  if (get_rdp_status (self) != FLASH_DFU_STATUS_OK)
    return FLASH_DFU_STATUS_ERR_VENDOR;
  if (area == NULL || area->kind == FLASH_SIM_AREA_SYSTEM ||
      length > area->size - (address - area->address) ||
      (area->kind == FLASH_SIM_AREA_OPTIONS && address != area->address) ||
      !is_option_range_good (get_mcu (self), area, (guint32) address, length))
    return is_middleware (self) ? FLASH_DFU_STATUS_ERR_VENDOR : FLASH_DFU_STATUS_ERR_TARGET;
  return FLASH_DFU_STATUS_OK;
}

/* Returns: whether the block would change the loader itself, or a granule that is programmed. */
static gboolean
is_write_forbidden (FlashSimDevice *self, const FlashSimWork *work)
{
  FlashSimCells *cells = flash_sim_chip_get_cells (self, work->area);
  guint32 at = flash_sim_cells_find_programmed (cells, work->offset, self->chip.data, work->length);
  guint32 start;
  guint number;

  if (work->area == FLASH_SIM_AREA_FLASH &&
      flash_sim_mcu_find_sector (get_mcu (self), work->offset, &start, &number)->is_loader) {
    flash_sim_chip_blame (self, "loader-sector: write to 0x%08x",
                          FLASH_SIM_MCU_FLASH_ADDRESS + work->offset);
    return TRUE;
  }
  if (at < work->offset + work->length)
    flash_sim_chip_blame (self, "reprogrammed: offset 0x%x of %s was not erased", at,
                          work->area == FLASH_SIM_AREA_FLASH ? "the flash" : "the OTP memory");
  return FALSE;
}

static void
begin_write (FlashSimDevice *self)
{
  const FlashSimMcu *mcu = get_mcu (self);
  FlashSimWork work = { .kind = FLASH_SIM_WORK_PROGRAM,
                        .length = self->chip.length,
                        .poll_ms = mcu->block_poll_ms };
  guint64 address = (guint64) self->chip.pointer +
                    (guint64) (self->chip.block - FIRST_DATA_BLOCK) * mcu->transfer_size;
  const FlashSimArea *area = NULL;
  FlashDfuStatusCode result;
  gint64 n_granules = (work.length + mcu->granule - 1) / mcu->granule;

  if (address <= G_MAXUINT32)
    area = flash_sim_mcu_find_area (mcu, (guint32) address, &work.offset);
  result = check_write (self, area, address);
  if (result != FLASH_DFU_STATUS_OK) {
    end_with (self, mcu->block_poll_ms, result);
    return;
  }
  work.area = area != NULL ? area->kind : FLASH_SIM_AREA_NONE;
  if (is_dropped (self, FLASH_SIM_FAULT_WRITE_DROPPED))
    work.kind = FLASH_SIM_WORK_NOTHING;
  else if (work.area == FLASH_SIM_AREA_OPTIONS)
    work.kind = FLASH_SIM_WORK_OPTIONS;
  else if (is_write_forbidden (self, &work))
    result = FLASH_DFU_STATUS_ERR_VENDOR;
  if (result != FLASH_DFU_STATUS_OK)
    work.kind = FLASH_SIM_WORK_NOTHING;
  flash_sim_chip_begin (self, &work, n_granules * mcu->granule_us, result);
}

/* Section 2.4: block 1 is for nothing; a ROM has refused it when it came. */
void
flash_sim_dfuse_begin (FlashSimDevice *self)
{
  self->chip.is_pointer_last = FALSE;
  if (self->chip.block == 0)
    begin_command (self);
  else if (self->chip.block == 1)
    end_with (self, 0, FLASH_DFU_STATUS_OK);
  else
    begin_write (self);
}

/* --- Reading -------------------------------------------------------------------------------- */

static FlashDfuStatusCode
check_read (FlashSimDevice *self, const FlashSimArea *area, guint32 address, guint length)
{
  gboolean is_closed =
      flash_sim_chip_get_rdp (self) > 0 && (get_mcu (self)->rdp_style == FLASH_SIM_RDP_VENDOR ||
                                            area == NULL || area->kind != FLASH_SIM_AREA_OPTIONS);

  if (is_closed || flash_sim_device_take_fault (self, FLASH_SIM_FAULT_READ_VENDOR))
    return FLASH_DFU_STATUS_ERR_VENDOR;
  if (area == NULL || !is_option_range_good (get_mcu (self), area, address, length))
    return FLASH_DFU_STATUS_ERR_TARGET;
  return FLASH_DFU_STATUS_OK;
}

/* What no memory stands behind: the code of the loader is ST's. */
static FlashDfuStatusCode
read_area (FlashSimDevice *self, const FlashSimArea *area, guint32 offset, guint8 *answer,
           gsize length)
{
  FlashSimCells *cells = area != NULL ? flash_sim_chip_get_cells (self, area->kind) : NULL;

  if (cells == NULL)
    memset (answer, 0xff, length);
  else if (!flash_sim_cells_read (cells, offset, answer, (guint32) length))
    return FLASH_DFU_STATUS_ERR_STALLEDPKT;
  return FLASH_DFU_STATUS_OK;
}

/* Section 2.4: ST's USB library never looks where its memory ends. */
FlashDfuStatusCode
flash_sim_dfuse_read (FlashSimDevice *self, guint16 block, guint8 *answer, gsize *length)
{
  const FlashSimMcu *mcu = get_mcu (self);
  guint64 address =
      (guint64) self->chip.pointer + (guint64) (block - FIRST_DATA_BLOCK) * mcu->transfer_size;
  const FlashSimArea *area = NULL;
  FlashDfuStatusCode status;
  guint32 offset = 0;

  if (address <= G_MAXUINT32)
    area = flash_sim_mcu_find_area (mcu, (guint32) address, &offset);
  if (is_middleware (self)) {
    if (area != NULL && area->size - offset < *length)
      memset (answer, 0xff, *length);
    return read_area (self, area, offset, answer,
                      area != NULL ? MIN (*length, area->size - offset) : *length);
  }
  status = check_read (self, area, (guint32) address, (guint) *length);
  if (status != FLASH_DFU_STATUS_OK)
    return status;
  *length = MIN (*length, area->size - (guint32) (address - area->address));
  return read_area (self, area, offset, answer, *length);
}
