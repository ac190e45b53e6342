/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The half of flash-sim-setup.h that changes the memories: erasing and partition tables. */
#define G_LOG_DOMAIN "flash-sim-setup-apply"

#include "config.h"

#include "flash-sim-setup.h"

#include "flash-sim-gpt.h"

#include <string.h>

#define BLOCK 512u
/* stm32mp-usb.md section 3.8 */
#define GPT_COMMAND_LENGTH 8192u
#define GPT_COMMAND_RESERVE 100u

#define FAIL(self, ...) flash_sim_layout_fail ((self)->error_text, __VA_ARGS__)

/* --- Erase ---------------------------------------------------------------------------------- */

/* Short figures, in proportion, so that practice does not take as long as the real thing. */
static gint64
estimate_erase_us (const FlashSimStorage *storage, guint64 size)
{
  switch (storage->target) {
  case FLASH_SIM_TARGET_MMC:
    return (gint64) (size >> 22) * (storage->unit > BLOCK ? 250 : 1000);
  case FLASH_SIM_TARGET_NOR:
    return (gint64) (size / storage->unit) * 5000;
  case FLASH_SIM_TARGET_NAND:
  case FLASH_SIM_TARGET_SPI_NAND:
    return (gint64) (size / storage->unit) * 1000;
  case FLASH_SIM_TARGET_NONE:
  case FLASH_SIM_TARGET_RAM:
    return 0;
  }
  g_return_val_if_reached (0);
}

static gboolean
erase_range (FlashSimSetup *self, const FlashSimStorage *storage, const FlashSimPart *part)
{
  FlashSimMediumId medium = flash_sim_storage_get_medium (storage, part);
  guint64 start = part->type == FLASH_SIM_PART_RAW_IMAGE ? 0 : part->offset;
  guint64 limit = flash_sim_media_get_size (self->media, medium);

  if (part->hw_partition != 0)
    start = 0;
  else if (storage->target == FLASH_SIM_TARGET_RAM && part->type != FLASH_SIM_PART_RAW_IMAGE)
    start -= storage->first;
  if (flash_sim_fault_script_take (self->faults, FLASH_SIM_FAULT_ERASE_ERROR) || start > limit)
    return FALSE;
  return flash_sim_media_erase (self->media, medium, start, MIN (part->size, limit - start));
}

static gboolean
erase_line (FlashSimSetup *self, const FlashSimPart *part)
{
  const FlashSimStorage *storage = &self->storages[part->storage];

  if (self->config->build == FLASH_SIM_BUILD_NO_ERASE)
    return FAIL (self, "%s (0x%x): erase invalid", part->name, part->id);
  self->cost_us += estimate_erase_us (storage, part->size);
  if (erase_range (self, storage, part)) {
    g_string_append_printf (self->console, "Erasing %s on %s %d: done\n", part->name,
                            flash_sim_target_get_name (storage->target), storage->device);
    return TRUE;
  }
  if (flash_sim_storage_is_mtd (storage))
    return FAIL (self,
                 "%s (0x%x): MTD erase commands failed (mtd erase %s%d 0x%" G_GINT64_MODIFIER
                 "x 0x%" G_GINT64_MODIFIER "x)",
                 part->name, part->id, flash_sim_target_get_name (storage->target), storage->device,
                 part->type == FLASH_SIM_PART_RAW_IMAGE ? 0 : part->offset, part->size);
  return FAIL (self, "%s (0x%x): MMC erase failed", part->name, part->id);
}

gboolean
flash_sim_setup_erase_lines (FlashSimSetup *self, gboolean is_raw)
{
  for (guint i = 0; i < self->n_storages; i++) {
    GPtrArray *parts = self->storages[i].parts;

    for (guint j = 0; j < parts->len; j++) {
      const FlashSimPart *part = g_ptr_array_index (parts, j);

      if (part->is_deleted && (part->type == FLASH_SIM_PART_RAW_IMAGE) == is_raw &&
          !erase_line (self, part))
        return FALSE;
    }
  }
  return TRUE;
}

/* --- Partition tables ----------------------------------------------------------------------- */

/* Section 3.8: the names go into U-Boot's command unquoted. */
static gboolean
is_name_fit (const char *name)
{
  return strpbrk (name, ",;\"$= ") == NULL;
}

/* Section 3.8: the command has 8 KiB, and what does not fit is left out without a word. */
static GPtrArray *
collect_entries (const FlashSimStorage *storage, GString *command, gboolean *out_are_names_fit)
{
  GPtrArray *entries = g_ptr_array_new ();

  *out_are_names_fit = TRUE;
  for (guint i = 0; i < storage->parts->len; i++) {
    FlashSimPart *part = g_ptr_array_index (storage->parts, i);

    if (part->number == 0 || command->len + GPT_COMMAND_RESERVE > GPT_COMMAND_LENGTH)
      continue;
    g_string_append_printf (
        command, "name=%s,start=0x%" G_GINT64_MODIFIER "x,size=0x%" G_GINT64_MODIFIER "x,type=%s;",
        part->name, part->offset, part->size, flash_sim_gpt_get_type_guid (part->type));
    *out_are_names_fit = *out_are_names_fit && is_name_fit (part->name);
    g_ptr_array_add (entries, part);
  }
  g_string_append_c (command, '"');
  return entries;
}

static guint
count_partitions (const FlashSimStorage *storage)
{
  guint n_partitions = 0;

  for (guint i = 0; i < storage->parts->len; i++)
    if (((const FlashSimPart *) g_ptr_array_index (storage->parts, i))->number > 0)
      n_partitions++;
  return n_partitions;
}

static gboolean
write_table (FlashSimSetup *self, const FlashSimStorage *storage, gboolean *out_is_complete)
{
  g_autoptr (GString) command = g_string_new (NULL);
  g_autoptr (GPtrArray) entries = NULL;
  gboolean are_names_fit;
  guint n_partitions = count_partitions (storage);

  *out_is_complete = TRUE;
  if (storage->target != FLASH_SIM_TARGET_MMC || !storage->is_full_update || n_partitions == 0)
    return TRUE;

  g_string_printf (command, "gpt write mmc %d \"", storage->device);
  entries = collect_entries (storage, command, &are_names_fit);
  *out_is_complete = entries->len == n_partitions;
  if (flash_sim_fault_script_take (self->faults, FLASH_SIM_FAULT_GPT_ERROR) || !are_names_fit ||
      !flash_sim_gpt_write (self->media, storage->medium, storage->device, entries))
    return FAIL (self, "GPT partitionning fail: %s", command->str);
  g_string_append_printf (self->console, "partitions on mmc%d: done\n", storage->device);
  return TRUE;
}

gboolean
flash_sim_setup_write_tables (FlashSimSetup *self, gboolean *out_are_complete)
{
  *out_are_complete = TRUE;
  for (guint i = 0; i < self->n_storages; i++) {
    gboolean is_complete;

    if (!write_table (self, &self->storages[i], &is_complete))
      return FALSE;
    *out_are_complete = *out_are_complete && is_complete;
  }
  return TRUE;
}
