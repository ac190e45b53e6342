/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-setup"

#include "config.h"

#include "flash-sim-setup.h"

#include "flash-sim-gpt.h"

#define BLOCK 512u
#define ENODEV_TEXT (-19)
/* stm32mp-usb.md section 3.6: the partition table and its backup on an SD card, in blocks. */
#define SD_FIRST_BLOCKS 34
#define SD_LAST_BLOCKS 35

#define FAIL(self, ...) flash_sim_layout_fail ((self)->error_text, __VA_ARGS__)

const char *
flash_sim_target_get_name (FlashSimTarget target)
{
  static const char *const names[] = { "none", "mmc", "nor", "nand", "spi-nand", "ram" };

  return names[target];
}

gboolean
flash_sim_storage_is_mtd (const FlashSimStorage *storage)
{
  return storage->target == FLASH_SIM_TARGET_NOR || storage->target == FLASH_SIM_TARGET_NAND ||
         storage->target == FLASH_SIM_TARGET_SPI_NAND;
}

FlashSimMediumId
flash_sim_storage_get_medium (const FlashSimStorage *storage, const FlashSimPart *part)
{
  if (part->hw_partition == 1)
    return FLASH_SIM_MEDIUM_MMC1BOOT1;
  if (part->hw_partition == 2)
    return FLASH_SIM_MEDIUM_MMC1BOOT2;
  return storage->medium;
}

/* --- Which devices -------------------------------------------------------------------------- */

static gboolean
find_storage (FlashSimSetup *self, const FlashSimPart *part, guint *out_index)
{
  for (guint i = 0; i < self->n_storages; i++)
    if (self->storages[i].target == part->target && self->storages[i].device == part->device) {
      *out_index = i;
      return TRUE;
    }
  if (self->n_storages == FLASH_SIM_MAX_STORAGES)
    return FAIL (self, "Layout: too many device");
  *out_index = self->n_storages;
  self->storages[self->n_storages++] = (FlashSimStorage){
    .target = part->target,
    .device = part->device,
    .is_full_update = TRUE,
    .parts = g_ptr_array_new (),
  };
  return TRUE;
}

static gboolean
check_id (FlashSimSetup *self, guint index)
{
  const FlashSimPart *part = &g_array_index (self->parts, FlashSimPart, index);

  if (part->id == 0)
    return FAIL (self, "Layout: invalid phase = 0x%x for part %s", part->id, part->name);
  for (guint i = index + 1; i < self->parts->len; i++) {
    const FlashSimPart *other = &g_array_index (self->parts, FlashSimPart, i);

    if (other->id == part->id)
      return FAIL (self, "Layout: duplicated phase 0x%x for part %s and %s", part->id, part->name,
                   other->name);
  }
  return TRUE;
}

static gboolean
sort_lines (FlashSimSetup *self)
{
  for (guint i = 0; i < self->parts->len; i++) {
    FlashSimPart *part = &g_array_index (self->parts, FlashSimPart, i);

    if (part->target == FLASH_SIM_TARGET_NONE) {
      if (part->is_selected)
        return FAIL (self, "Layout: selected none phase = 0x%x for part %s", part->id, part->name);
      continue;
    }
    if (!check_id (self, i) || !find_storage (self, part, &part->storage))
      return FALSE;
    g_ptr_array_add (self->storages[part->storage].parts, part);
    if (!part->is_selected)
      self->storages[part->storage].is_full_update = FALSE;
  }
  return TRUE;
}

static int
get_rank (const FlashSimPart *part)
{
  return part->hw_partition == 2 ? 0 : part->hw_partition == 1 ? 1 : 2;
}

static int
compare_parts (gconstpointer a, gconstpointer b)
{
  const FlashSimPart *left = *(const FlashSimPart *const *) a;
  const FlashSimPart *right = *(const FlashSimPart *const *) b;

  if (get_rank (left) != get_rank (right))
    return get_rank (left) - get_rank (right);
  return left->offset < right->offset ? -1 : left->offset > right->offset;
}

/* --- One device ----------------------------------------------------------------------------- */

static gboolean
init_mmc (FlashSimSetup *self, FlashSimStorage *storage)
{
  guint64 size;

  if (self->config->build == FLASH_SIM_BUILD_NO_MMC)
    return FAIL (self, "unknown device type = %d", (int) storage->target);
  storage->medium = storage->device == 0 ? FLASH_SIM_MEDIUM_MMC0 : FLASH_SIM_MEDIUM_MMC1;
  size = storage->device <= 1 ? flash_sim_media_get_size (self->media, storage->medium) : 0;
  if (size == 0)
    return FAIL (self, "mmc device %d not found", storage->device);
  if (flash_sim_fault_script_take (self->faults, FLASH_SIM_FAULT_INIT_ERROR) ||
      !flash_sim_media_probe (self->media, storage->medium))
    return FAIL (self, "mmc device %d not probed", storage->device);

  storage->unit = flash_sim_media_get_erase_size (storage->medium);
  storage->first = storage->unit > BLOCK ? storage->unit : SD_FIRST_BLOCKS * BLOCK;
  storage->last = size - (storage->unit > BLOCK ? storage->unit : SD_LAST_BLOCKS * BLOCK);
  return TRUE;
}

static gboolean
init_mtd (FlashSimSetup *self, FlashSimStorage *storage)
{
  g_autofree char *name =
      g_strdup_printf ("%s%d", flash_sim_target_get_name (storage->target), storage->device);
  guint64 size;

  if (self->config->build == FLASH_SIM_BUILD_NO_MTD)
    return FAIL (self, "unknown device type = %d", (int) storage->target);
  storage->medium = FLASH_SIM_MEDIUM_SPI_NAND0;
  if (storage->target == FLASH_SIM_TARGET_NOR)
    storage->medium = FLASH_SIM_MEDIUM_NOR0;
  else if (storage->target == FLASH_SIM_TARGET_NAND)
    storage->medium = FLASH_SIM_MEDIUM_NAND0;
  size = storage->device == 0 ? flash_sim_media_get_size (self->media, storage->medium) : 0;
  if (size == 0 || flash_sim_fault_script_take (self->faults, FLASH_SIM_FAULT_INIT_ERROR) ||
      !flash_sim_media_probe (self->media, storage->medium))
    return FAIL (self, "MTD device %s not found", name);

  storage->unit = flash_sim_media_get_erase_size (storage->medium);
  storage->last = size;
  return TRUE;
}

static gboolean
init_ram (FlashSimSetup *self, FlashSimStorage *storage)
{
  if (flash_sim_fault_script_take (self->faults, FLASH_SIM_FAULT_INIT_ERROR) ||
      !flash_sim_media_probe (self->media, FLASH_SIM_MEDIUM_RAM))
    return FAIL (self, "dfu init failed: %d", ENODEV_TEXT);
  storage->medium = FLASH_SIM_MEDIUM_RAM;
  storage->unit = 1;
  storage->first = self->config->model->mp.dram_address;
  storage->last = self->config->model->mp.dram_address + self->config->model->mp.dram_size;
  return TRUE;
}

static gboolean
init_storage (FlashSimSetup *self, FlashSimStorage *storage)
{
  switch (storage->target) {
  case FLASH_SIM_TARGET_MMC:
    return init_mmc (self, storage);
  case FLASH_SIM_TARGET_NOR:
  case FLASH_SIM_TARGET_NAND:
  case FLASH_SIM_TARGET_SPI_NAND:
    return init_mtd (self, storage);
  case FLASH_SIM_TARGET_RAM:
    return init_ram (self, storage);
  case FLASH_SIM_TARGET_NONE:
    break;
  }
  g_return_val_if_reached (FALSE);
}

static guint64
get_raw_size (FlashSimSetup *self, const FlashSimStorage *storage)
{
  return flash_sim_media_get_size (self->media, storage->medium);
}

static gboolean
check_copies (FlashSimSetup *self, const FlashSimStorage *storage, const FlashSimPart *part)
{
  gboolean is_nand =
      storage->target == FLASH_SIM_TARGET_NAND || storage->target == FLASH_SIM_TARGET_SPI_NAND;

  if (part->copies <= 1 ||
      (is_nand && part->id < FLASH_SIM_PHASE_FIRST_USER && g_str_has_prefix (part->name, "fsbl")))
    return TRUE;
  return FAIL (self, "%s (0x%x): multiple binary %d not supported", part->name, part->id,
               (int) part->copies);
}

static gboolean
init_boot_partition (FlashSimSetup *self, const FlashSimStorage *storage, FlashSimPart *part)
{
  if (storage->target != FLASH_SIM_TARGET_MMC)
    return FAIL (self, "%s (0x%x): hw partition not expected : %d", part->name, part->id,
                 -part->hw_partition);
  part->size =
      storage->medium == FLASH_SIM_MEDIUM_MMC1
          ? flash_sim_media_get_size (self->media, flash_sim_storage_get_medium (storage, part))
          : 0;
  return TRUE;
}

/* The next line in sorted order ends the partition; a RawImage does so with the offset that its
 * line has, though it is never written there. */
static gboolean
init_address (FlashSimSetup *self, const FlashSimStorage *storage, FlashSimPart *part,
              const FlashSimPart *next)
{
  if (next == NULL) {
    if (part->offset > storage->last)
      return FAIL (self,
                   "%s (0x%x): invalid address 0x%" G_GINT64_MODIFIER "x (max=0x%" G_GINT64_MODIFIER
                   "x)",
                   part->name, part->id, part->offset, storage->last);
    part->size = storage->last - part->offset;
  } else {
    if (part->offset == next->offset && next->type != FLASH_SIM_PART_RAW_IMAGE)
      return FAIL (self,
                   "%s (0x%x): same address : 0x%" G_GINT64_MODIFIER
                   "x == %s (0x%x): 0x%" G_GINT64_MODIFIER "x",
                   part->name, part->id, part->offset, next->name, next->id, next->offset);
    part->size = next->offset - part->offset;
  }
  if (part->offset < storage->first)
    return FAIL (self,
                 "%s (0x%x): invalid address 0x%" G_GINT64_MODIFIER "x (min=0x%" G_GINT64_MODIFIER
                 "x)",
                 part->name, part->id, part->offset, storage->first);
  if ((part->offset & (storage->unit - 1)) != 0)
    return FAIL (self,
                 "%s (0x%x): not aligned address : 0x%" G_GINT64_MODIFIER "x on erase size 0x%x",
                 part->name, part->id, part->offset, storage->unit);
  return TRUE;
}

/* --- Tables that are there already ---------------------------------------------------------- */

static gboolean
compare_with_table (FlashSimSetup *self, const FlashSimPart *part, guint64 start, guint64 size)
{
  if (start != part->offset)
    return FAIL (self,
                 "%s (0x%x): Bad address for partition %d (%s) = 0x%" G_GINT64_MODIFIER
                 "x <> 0x%" G_GINT64_MODIFIER "x expected",
                 part->name, part->id, (int) part->number, part->name, part->offset, start);
  if (size != part->size)
    return FAIL (self,
                 "%s (0x%x): Bad size for partition %d (%s) at 0x%" G_GINT64_MODIFIER
                 "x = 0x%" G_GINT64_MODIFIER "x <> 0x%" G_GINT64_MODIFIER "x expected",
                 part->name, part->id, (int) part->number, part->name, part->offset, part->size,
                 size);
  return TRUE;
}

static gboolean
check_gpt (FlashSimSetup *self, const FlashSimStorage *storage, const FlashSimPart *part)
{
  FlashSimGptEntry entries[FLASH_SIM_GPT_ENTRIES];

  if (part->number > FLASH_SIM_GPT_ENTRIES ||
      !flash_sim_gpt_read (self->media, storage->medium, entries) ||
      entries[part->number - 1].size == 0)
    return FAIL (self, "%s (0x%x):Couldn't find part %d on device mmc %d", part->name, part->id,
                 (int) part->number, storage->device);
  return compare_with_table (self, part, entries[part->number - 1].start,
                             entries[part->number - 1].size);
}

static gboolean
check_mtd (FlashSimSetup *self, const FlashSimStorage *storage, const FlashSimPart *part)
{
  guint64 start = 0;

  if (self->config->n_mtd_partitions == 0)
    return TRUE;
  if (part->number > self->config->n_mtd_partitions)
    return FAIL (self, "%s (0x%x):Couldn't find part %d on device mtd %s%d", part->name, part->id,
                 (int) part->number, flash_sim_target_get_name (storage->target), storage->device);
  for (guint i = 0; i + 1 < part->number; i++)
    start += self->config->mtd_sizes[i];
  return compare_with_table (self, part, start, self->config->mtd_sizes[part->number - 1]);
}

static gboolean
check_table (FlashSimSetup *self, const FlashSimStorage *storage, const FlashSimPart *part)
{
  if (flash_sim_storage_is_mtd (storage))
    return check_mtd (self, storage, part);
  if (storage->target == FLASH_SIM_TARGET_MMC && !storage->is_full_update)
    return check_gpt (self, storage, part);
  return TRUE;
}

static gboolean
init_lines (FlashSimSetup *self, FlashSimStorage *storage)
{
  guint number = 0;

  g_ptr_array_sort (storage->parts, compare_parts);
  for (guint i = 0; i < storage->parts->len; i++) {
    FlashSimPart *part = g_ptr_array_index (storage->parts, i);
    const FlashSimPart *next =
        i + 1 < storage->parts->len ? g_ptr_array_index (storage->parts, i + 1) : NULL;

    if (!check_copies (self, storage, part))
      return FALSE;
    if (part->type == FLASH_SIM_PART_RAW_IMAGE) {
      part->hw_partition = 0;
      part->size = get_raw_size (self, storage);
      continue;
    }
    if (part->hw_partition != 0) {
      if (!init_boot_partition (self, storage, part))
        return FALSE;
      continue;
    }
    part->number = ++number;
    if (!init_address (self, storage, part, next) || !check_table (self, storage, part))
      return FALSE;
  }
  return TRUE;
}

/* --- All of it ------------------------------------------------------------------------------ */

static gboolean
check_settings (FlashSimSetup *self, gboolean are_tables_complete)
{
  for (guint i = 0; i < self->n_storages; i++)
    if (self->storages[i].target == FLASH_SIM_TARGET_RAM &&
        self->config->build == FLASH_SIM_BUILD_NO_RAM)
      return FAIL (self, "invalid target: %d", FLASH_SIM_TARGET_RAM);
  if (!are_tables_complete)
    return FAIL (self, "dfu init failed: %d", ENODEV_TEXT);
  g_string_append (self->console, "DFU alt info setting: done\n");
  return TRUE;
}

gboolean
flash_sim_setup_run (FlashSimSetup *self)
{
  gboolean are_complete;

  if (!sort_lines (self))
    return FALSE;
  for (guint i = 0; i < self->n_storages; i++)
    if (!init_storage (self, &self->storages[i]) || !init_lines (self, &self->storages[i]))
      return FALSE;
  return flash_sim_setup_erase_lines (self, TRUE) &&
         flash_sim_setup_write_tables (self, &are_complete) &&
         flash_sim_setup_erase_lines (self, FALSE) && check_settings (self, are_complete);
}

void
flash_sim_setup_clear (FlashSimSetup *self)
{
  for (guint i = 0; i < self->n_storages; i++)
    g_ptr_array_unref (self->storages[i].parts);
  self->n_storages = 0;
}
