/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memories and protection of a virtual microcontroller (stm32-dfuse.md sections 4.1, 4.3, 4.7). */
#define G_LOG_DOMAIN "flash-sim-chip"

#include "config.h"

#include "flash-sim-chip.h"

#define MAX_VIOLATIONS 100
#define OPTION_HEAD_LENGTH 8
#define ERASED_OPTION 0xff
/* Section 4.7 */
#define RDP_LEVEL_1 0x00
#define RDP_LEVEL_2 0xcc
/* Section 8.3 has their place; one bit of F1 is for two pages, its last for all from 62 on. */
#define F1_WRP_OFFSET 8
#define F1_N_BITS 32
#define F4_WRP_OFFSET 8

static const FlashSimMcu *
get_mcu (FlashSimDevice *self)
{
  return self->config->model->mcu;
}

/* --- Memories ------------------------------------------------------------------------------- */

static FlashSimMediumId
get_medium (FlashSimAreaKind kind)
{
  switch (kind) {
  case FLASH_SIM_AREA_FLASH:
    return FLASH_SIM_MEDIUM_FLASH;
  case FLASH_SIM_AREA_OPTIONS:
    return FLASH_SIM_MEDIUM_OPTIONS;
  case FLASH_SIM_AREA_OTP:
    return FLASH_SIM_MEDIUM_OTP;
  case FLASH_SIM_AREA_EEPROM:
    return FLASH_SIM_MEDIUM_EEPROM;
  case FLASH_SIM_AREA_RAM:
  case FLASH_SIM_AREA_SYSTEM:
  case FLASH_SIM_AREA_NONE:
  case FLASH_SIM_N_AREA_KINDS:
    break;
  }
  return FLASH_SIM_MEDIUM_RAM;
}

static FlashSimCellTraits
get_traits (const FlashSimMcu *mcu, FlashSimAreaKind kind)
{
  FlashSimCellTraits traits = { FLASH_SIM_CELLS_FREE, 0, 1 };

  if (kind == FLASH_SIM_AREA_FLASH || kind == FLASH_SIM_AREA_OTP) {
    traits.rule = mcu->has_ecc ? FLASH_SIM_CELLS_ECC : FLASH_SIM_CELLS_BITS;
    traits.granule = mcu->granule;
    traits.erased = mcu->erased;
  } else if (kind == FLASH_SIM_AREA_OPTIONS) {
    traits.erased = ERASED_OPTION;
  }
  return traits;
}

/* Files are for those who asked for a folder. */
static gboolean
make_cells (FlashSimDevice *self, FlashSimAreaKind kind, GError **error)
{
  guint32 size = flash_sim_mcu_get_size (get_mcu (self), kind);
  FlashSimCellTraits traits = get_traits (get_mcu (self), kind);
  FlashSimMediumId medium = get_medium (kind);
  gboolean has_file = self->config->storage != NULL && medium != FLASH_SIM_MEDIUM_RAM;

  if (size == 0 || kind == FLASH_SIM_AREA_SYSTEM || self->chip.cells[kind] != NULL)
    return TRUE;
  self->chip.cells[kind] =
      flash_sim_cells_new (has_file ? self->media : NULL, medium, size, &traits, error);
  return self->chip.cells[kind] != NULL;
}

FlashSimCells *
flash_sim_chip_get_cells (FlashSimDevice *self, FlashSimAreaKind kind)
{
  make_cells (self, kind, NULL);
  return self->chip.cells[kind];
}

void
flash_sim_chip_drop_ram (FlashSimDevice *self)
{
  g_clear_pointer (&self->chip.cells[FLASH_SIM_AREA_RAM], flash_sim_cells_free);
}

/* As they leave the factory, unless the file has other ones. */
static void
fill_options (FlashSimDevice *self)
{
  const FlashSimMcu *mcu = get_mcu (self);
  FlashSimCells *options = flash_sim_chip_get_cells (self, FLASH_SIM_AREA_OPTIONS);
  guint32 size = flash_sim_mcu_get_size (mcu, FLASH_SIM_AREA_OPTIONS);
  g_autofree guint8 *bytes = g_malloc (size + 1);

  for (guint32 i = 0; i < size; i++) {
    if (flash_sim_cells_get_bytes (options)[i] != ERASED_OPTION)
      return;
    bytes[i] =
        i < OPTION_HEAD_LENGTH ? mcu->option_head[i] : mcu->option_fill[i % OPTION_HEAD_LENGTH];
  }
  if (size > 0)
    flash_sim_cells_overwrite (options, 0, bytes, size);
}

gboolean
flash_sim_chip_init (FlashSimDevice *self, GError **error)
{
  const FlashSimMcuConfig *config = &self->config->mcu;

  if (self->config->storage != NULL)
    for (guint kind = 0; kind < FLASH_SIM_N_AREA_KINDS; kind++)
      if (!make_cells (self, kind, error))
        return FALSE;
  fill_options (self);
  if (config->rdp >= 0 && get_mcu (self)->rdp_max > 0)
    flash_sim_chip_set_rdp (self, (guint) config->rdp);
  if (config->has_wrp)
    flash_sim_chip_set_wrp (self, config->wrp_first, config->wrp_end);
  self->chip.is_boot0_high = config->boot0 != FLASH_SIM_BOOT0_LOW;
  return TRUE;
}

void
flash_sim_chip_clear (FlashSimDevice *self)
{
  for (guint kind = 0; kind < FLASH_SIM_N_AREA_KINDS; kind++)
    g_clear_pointer (&self->chip.cells[kind], flash_sim_cells_free);
  g_clear_pointer (&self->chip.violations, g_ptr_array_unref);
}

/* --- Protection ----------------------------------------------------------------------------- */

static void
put_option (FlashSimDevice *self, guint32 offset, guint8 value)
{
  FlashSimCells *options = flash_sim_chip_get_cells (self, FLASH_SIM_AREA_OPTIONS);
  guint8 complement = (guint8) ~value;

  flash_sim_cells_overwrite (options, offset, &value, 1);
  if (get_mcu (self)->option_complement != 0)
    flash_sim_cells_overwrite (options, offset + get_mcu (self)->option_complement, &complement, 1);
}

static guint8
get_option (FlashSimDevice *self, guint32 offset)
{
  return flash_sim_cells_get_bytes (
      flash_sim_chip_get_cells (self, FLASH_SIM_AREA_OPTIONS))[offset];
}

guint
flash_sim_chip_get_rdp (FlashSimDevice *self)
{
  const FlashSimMcu *mcu = get_mcu (self);
  guint8 value;

  if (mcu->rdp_max == 0)
    return 0;
  value = get_option (self, mcu->rdp_offset);
  if (value == mcu->rdp_open)
    return 0;
  return value == RDP_LEVEL_2 && mcu->rdp_max == 2 ? 2 : 1;
}

void
flash_sim_chip_set_rdp (FlashSimDevice *self, guint level)
{
  const FlashSimMcu *mcu = get_mcu (self);
  const guint8 values[] = { mcu->rdp_open, RDP_LEVEL_1, RDP_LEVEL_2 };

  put_option (self, mcu->rdp_offset, values[level]);
}

/* Returns: the bit of the option bytes for that sector, from 0. */
static guint
find_wrp_bit (FlashSimDevice *self, guint sector)
{
  return get_mcu (self)->wrp_layout == FLASH_SIM_WRP_F1 ? MIN (sector / 2, F1_N_BITS - 1) : sector;
}

/* Returns: where the eight bits are that hold this one. */
static guint32
find_wrp_offset (FlashSimDevice *self, guint bit)
{
  return get_mcu (self)->wrp_layout == FLASH_SIM_WRP_F1 ? F1_WRP_OFFSET + 2 * (bit / 8)
                                                        : F4_WRP_OFFSET + bit / 8;
}

gboolean
flash_sim_chip_is_write_protected (FlashSimDevice *self, guint sector)
{
  guint bit;

  if (get_mcu (self)->wrp_layout == FLASH_SIM_WRP_KEY)
    return sector >= self->chip.wrp_first && sector < self->chip.wrp_end;
  bit = find_wrp_bit (self, sector);
  return (get_option (self, find_wrp_offset (self, bit)) >> bit % 8 & 1) == 0;
}

void
flash_sim_chip_set_wrp (FlashSimDevice *self, guint first, guint end)
{
  guint n_sectors = flash_sim_mcu_count_sectors (get_mcu (self));

  self->chip.wrp_first = first;
  self->chip.wrp_end = end;
  if (get_mcu (self)->wrp_layout == FLASH_SIM_WRP_KEY)
    return;
  for (guint pass = 0; pass < 2; pass++)
    for (guint sector = pass == 0 ? 0 : first; sector < (pass == 0 ? n_sectors : end); sector++) {
      guint bit = find_wrp_bit (self, sector);
      guint32 offset = find_wrp_offset (self, bit);
      guint8 mask = (guint8) (1 << bit % 8), old = get_option (self, offset);

      put_option (self, offset, pass == 0 ? old | mask : old & (guint8) ~mask);
    }
}

/* --- The host's manners --------------------------------------------------------------------- */

void
flash_sim_chip_blame (FlashSimDevice *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (self->chip.violations == NULL)
    self->chip.violations = g_ptr_array_new_with_free_func (g_free);
  if (self->chip.violations->len == MAX_VIOLATIONS)
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self->chip.violations,
                   g_strdup_printf ("%s, at request %" G_GUINT64_FORMAT, text, self->n_requests));
}
