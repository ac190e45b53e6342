/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-chip-part"

#include "config.h"

#include "flash-chip-part.h"

#include "flash-text.h"

#include <glib/gi18n.h>

/* --- cutting -------------------------------------------------------------------------------- */

/* What is built, and the sectors of the plan that are still to come. */
typedef struct {
  GArray *parts; /* (element-type FlashChipPart) */
  const FlashFirmwarePlan *plan; /* (nullable) */
  guint cursor; /* in the plan's sectors */
  gboolean is_merged; /* whether neighbours of one fate become one */
} Cutter;

static gboolean
continues (const FlashChipPart *last, const FlashChipPart *part)
{
  return last->fate == part->fate && part->fate != FLASH_CHIP_SHARED &&
         last->size / last->n_sectors == part->size / part->n_sectors &&
         last->address + last->size == part->address;
}

static void
add_part (Cutter *cutter, const FlashChipPart *part)
{
  FlashChipPart *last = cutter->parts->len > 0
                            ? &g_array_index (cutter->parts, FlashChipPart, cutter->parts->len - 1)
                            : NULL;

  if (cutter->is_merged && last != NULL && continues (last, part)) {
    last->n_sectors += part->n_sectors;
    last->size += part->size;
    last->n_covered += part->n_covered;
    return;
  }
  g_array_append_vals (cutter->parts, part, 1);
}

/* Sectors of which the firmware knows nothing. */
static void
add_others (Cutter *cutter, const FlashMemoryRun *run, guint first, guint from, guint to)
{
  guint step = cutter->is_merged ? to - from : 1;

  for (guint i = from; i < to; i += step) {
    const FlashChipPart part = {
      .fate = (run->flags & FLASH_MEMORY_WRITABLE) != 0 ? FLASH_CHIP_KEPT : FLASH_CHIP_LOADER,
      .first = first + i,
      .n_sectors = step,
      .address = run->address + i * run->sector_size,
      .size = (guint64) step * run->sector_size,
    };

    add_part (cutter, &part);
  }
}

static FlashChipFate
get_fate (const FlashFirmwareSector *touched)
{
  if (touched->is_own)
    return FLASH_CHIP_LOADER;
  return touched->n_covered < touched->sector.size ? FLASH_CHIP_SHARED : FLASH_CHIP_WRITTEN;
}

/* Returns: (transfer none) (nullable): the next sector of the plan that is before @end. */
static const FlashFirmwareSector *
peek_touched (const Cutter *cutter, guint end)
{
  const FlashFirmwareSector *touched;

  if (cutter->plan == NULL || cutter->cursor >= cutter->plan->sectors->len)
    return NULL;
  touched = &g_array_index (cutter->plan->sectors, FlashFirmwareSector, cutter->cursor);
  return touched->sector.index < end ? touched : NULL;
}

static void
add_run (Cutter *cutter, const FlashMemoryRun *run, guint first)
{
  guint end = first + run->n_sectors;
  guint at = first;
  const FlashFirmwareSector *touched;

  while ((touched = peek_touched (cutter, end)) != NULL) {
    const FlashChipPart part = {
      .fate = get_fate (touched),
      .first = touched->sector.index,
      .n_sectors = 1,
      .address = touched->sector.address,
      .size = touched->sector.size,
      .n_covered = touched->n_covered,
    };

    add_others (cutter, run, first, at - first, part.first - first);
    add_part (cutter, &part);
    at = part.first + 1;
    cutter->cursor++;
  }
  add_others (cutter, run, first, at - first, run->n_sectors);
}

GArray *
flash_chip_parts_new (const FlashMemoryMap *map, const FlashFirmwarePlan *plan)
{
  Cutter cutter = { .plan = plan };
  guint first = 0;

  g_return_val_if_fail (map != NULL, NULL);

  cutter.parts = g_array_new (FALSE, FALSE, sizeof (FlashChipPart));
  cutter.is_merged = flash_memory_map_get_n_sectors (map) > FLASH_CHIP_MAX_SINGLE;
  for (guint i = 0; i < map->runs->len; i++) {
    const FlashMemoryRun *run = &g_array_index (map->runs, FlashMemoryRun, i);

    add_run (&cutter, run, first);
    first += run->n_sectors;
  }
  return cutter.parts;
}

guint
flash_chip_parts_count (const GArray *parts, FlashChipFate fate)
{
  guint n_sectors = 0;

  g_return_val_if_fail (parts != NULL, 0);

  for (guint i = 0; i < parts->len; i++) {
    const FlashChipPart *part = &g_array_index (parts, FlashChipPart, i);

    if (part->fate == fate)
      n_sectors += part->n_sectors;
  }
  return n_sectors;
}

int
flash_chip_parts_find (const GArray *parts, guint32 address)
{
  g_return_val_if_fail (parts != NULL, -1);

  for (guint i = 0; i < parts->len; i++) {
    const FlashChipPart *part = &g_array_index (parts, FlashChipPart, i);

    if (address >= part->address && address - part->address < part->size)
      return (int) i;
  }
  return -1;
}

/* --- words ---------------------------------------------------------------------------------- */

char *
flash_chip_part_dup_name (const FlashChipPart *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->n_sectors == 1)
    return g_strdup_printf (_ ("Sector %u"), self->first);
  /* TRANSLATORS: the first and the last of several sectors: “Sectors 5–11” */
  return g_strdup_printf (_ ("Sectors %1$u–%2$u"), self->first, self->first + self->n_sectors - 1);
}

char *
flash_chip_part_dup_range (guint32 address, guint64 size)
{
  g_autofree char *first = flash_text_address (address);
  g_autofree char *last = flash_text_address (address + (size > 0 ? size - 1 : 0));

  /* TRANSLATORS: the first and the last address of a range */
  return g_strdup_printf (_ ("%1$s – %2$s"), first, last);
}

char *
flash_chip_part_dup_size (const FlashChipPart *self)
{
  g_autofree char *size = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  size = flash_text_size (self->size / self->n_sectors);
  if (self->n_sectors == 1)
    return g_steal_pointer (&size);
  /* TRANSLATORS: how many sectors of which size: “7 × 128 KiB” */
  return g_strdup_printf (_ ("%1$u × %2$s"), self->n_sectors, size);
}

const char *
flash_chip_fate_get_text (FlashChipFate fate)
{
  switch (fate) {
  case FLASH_CHIP_KEPT:
    return _ ("Kept as it is");
  case FLASH_CHIP_WRITTEN:
    return _ ("Erased and written");
  case FLASH_CHIP_SHARED:
    return _ ("Written in part");
  case FLASH_CHIP_LOADER:
    return _ ("Kept by the boot loader");
  }
  g_return_val_if_reached ("");
}

char *
flash_chip_part_dup_fate (const FlashChipPart *self)
{
  g_autofree char *covered = NULL;
  g_autofree char *size = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->fate != FLASH_CHIP_SHARED)
    return g_strdup (flash_chip_fate_get_text (self->fate));
  covered = flash_text_size (self->n_covered);
  size = flash_text_size (self->size - self->n_covered);
  /* TRANSLATORS: bytes of the file in a sector, and what is left of it for other data */
  return g_strdup_printf (_ ("%1$s of it are written, %2$s may hold other data"), covered, size);
}

char *
flash_chip_part_dup_text (const FlashChipPart *self, const char *separator)
{
  g_autofree char *name = NULL;
  g_autofree char *range = NULL;
  g_autofree char *size = NULL;
  g_autofree char *fate = NULL;

  g_return_val_if_fail (self != NULL && separator != NULL, NULL);

  name = flash_chip_part_dup_name (self);
  range = flash_chip_part_dup_range (self->address, self->size);
  size = flash_chip_part_dup_size (self);
  fate = flash_chip_part_dup_fate (self);
  return g_strjoin (separator, name, size, range, fate, NULL);
}
