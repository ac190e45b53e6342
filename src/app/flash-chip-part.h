/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flash of a chip, cut into parts that share one fate: what a map of it draws and a list of it
 * says. Pure functions; thread: any. */
#pragma once

#include "flash-firmware-plan.h"

G_BEGIN_DECLS

/**
 * FlashChipFate:
 * What happens to a part of the flash.
 *
 * @FLASH_CHIP_KEPT: nothing: the firmware has no bytes for it
 * @FLASH_CHIP_WRITTEN: it is erased, and the firmware fills it
 * @FLASH_CHIP_SHARED: it is erased, and the firmware fills only some of it
 * @FLASH_CHIP_LOADER: nothing: the boot loader keeps it for itself
 */
typedef enum {
  FLASH_CHIP_KEPT,
  FLASH_CHIP_WRITTEN,
  FLASH_CHIP_SHARED,
  FLASH_CHIP_LOADER,
} FlashChipFate;

#define FLASH_CHIP_N_FATES (FLASH_CHIP_LOADER + 1)

/**
 * FlashChipPart:
 * One sector, or several of one size that follow each other.
 *
 * @fate: what happens to it
 * @first: number of its first sector in the map
 * @n_sectors: how many sectors, at least 1
 * @address: of its first byte
 * @size: in bytes
 * @n_covered: how many of its bytes the firmware holds
 */
typedef struct {
  FlashChipFate fate;
  guint first;
  guint n_sectors;
  guint32 address;
  guint64 size;
  guint64 n_covered;
} FlashChipPart;

/* In a map with more sectors than these, neighbours of one fate are one part. */
#define FLASH_CHIP_MAX_SINGLE 32

/**
 * flash_chip_parts_new:
 * @map: the map of a flash
 * @plan: (nullable): what is written to it; %NULL if nothing is
 *
 * Sectors that are shared stand alone, however many there are: each may hold something else.
 *
 * Returns: (transfer full) (element-type FlashChipPart): rising by address
 */
GArray *flash_chip_parts_new (const FlashMemoryMap *map, const FlashFirmwarePlan *plan);

/* Returns: how many sectors have that fate. */
guint flash_chip_parts_count (const GArray *parts, FlashChipFate fate);

/**
 * flash_chip_parts_find:
 * @address: any address
 *
 * Returns: the index of the part that holds it, -1 if none does
 */
int flash_chip_parts_find (const GArray *parts, guint32 address);

/* Returns: (transfer full): “Sector 5” or “Sectors 5–11”. */
char *flash_chip_part_dup_name (const FlashChipPart *self);

/* Returns: (transfer full): “0x08020000 – 0x0803ffff”. */
char *flash_chip_part_dup_range (guint32 address, guint64 size);

/* Returns: (transfer full): “128 KiB” or “7 × 128 KiB”. */
char *flash_chip_part_dup_size (const FlashChipPart *self);

/* Returns: (transfer none): what happens to parts of that fate, in two or three words. */
const char *flash_chip_fate_get_text (FlashChipFate fate);

/* Returns: (transfer full): what happens to it, one sentence. */
char *flash_chip_part_dup_fate (const FlashChipPart *self);

/**
 * flash_chip_part_dup_text:
 * @separator: between the parts of the text, such as a line break
 *
 * Returns: (transfer full): name, place, size and fate
 */
char *flash_chip_part_dup_text (const FlashChipPart *self, const char *separator);

G_END_DECLS
