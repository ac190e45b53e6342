/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory map that a DfuSe boot loader prints into the name of each alternate setting, e.g.
 * `@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg`, with all the broken variants that are
 * out there (stm32-dfuse.md section 2.5).
 *
 * FlashMemoryMap is immutable and reference counted; thread: any. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashMapError:
 * @FLASH_MAP_ERROR_NO_MAP: the text is no memory map: a plain DFU name, or the phase of an
 *   STM32MP boot stage (addresses below 0x100)
 * @FLASH_MAP_ERROR_BAD_MAP: it begins like one and makes no sense; the message names the place
 */
typedef enum {
  FLASH_MAP_ERROR_NO_MAP,
  FLASH_MAP_ERROR_BAD_MAP,
} FlashMapError;

#define FLASH_MAP_ERROR (flash_map_error_quark ())
GQuark flash_map_error_quark (void);

/* Section 2.5.1: the low three bits of the letter. */
typedef enum {
  FLASH_MEMORY_READABLE = 1,
  FLASH_MEMORY_ERASABLE = 2,
  FLASH_MEMORY_WRITABLE = 4,
} FlashMemoryFlags;

#define FLASH_MEMORY_MAX_RUNS 256
/* 4 GiB in sectors of 4 KiB: more would only keep those busy who walk over them. */
#define FLASH_MEMORY_MAX_SECTORS (1 << 20)

/**
 * FlashMemoryRun:
 * @address: of its first sector
 * @sector_size: in bytes, never 0
 * @n_sectors: never 0; the run ends at or below 2^32
 * @flags: what the letter allows
 */
typedef struct {
  guint32 address;
  guint32 sector_size;
  guint32 n_sectors;
  FlashMemoryFlags flags;
} FlashMemoryRun;

/**
 * FlashMemorySector:
 * @address: of its first byte
 * @size: in bytes
 * @flags: as of its run
 * @index: its number in the map, from 0
 */
typedef struct {
  guint32 address;
  guint32 size;
  FlashMemoryFlags flags;
  guint index;
} FlashMemorySector;

/**
 * FlashMemoryMap:
 * @name: what stands before the first slash, without @ and blanks around it, safe to show
 * @text: the whole text as it came, safe to show
 * @runs: (element-type FlashMemoryRun): rising by address, without overlaps, at least one
 */
typedef struct {
  gatomicrefcount ref_count;
  char *name;
  char *text;
  GArray *runs;
} FlashMemoryMap;

FlashMemoryMap *flash_memory_map_ref (FlashMemoryMap *self);
void flash_memory_map_unref (FlashMemoryMap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashMemoryMap, flash_memory_map_unref)

/**
 * flash_memory_map_parse:
 * @text: (nullable): the name of an alternate setting
 *
 * Takes everything that section 2.5.2 has met. A segment without a type letter allows nothing;
 * behind the first thing that makes no sense, the rest is left out. Sectors above 2^32 are left
 * out too.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_MAP_ERROR)
 */
FlashMemoryMap *flash_memory_map_parse (const char *text, GError **error);

/**
 * flash_memory_map_new_for_runs:
 * @name: what to call it
 * @runs: (array length=n_runs): rising, without overlaps
 *
 * For a map that is known from elsewhere: the chip table, a quirk.
 */
FlashMemoryMap *
flash_memory_map_new_for_runs (const char *name, const FlashMemoryRun *runs, guint n_runs);

/* Returns: how many sectors all runs have together. */
guint flash_memory_map_get_n_sectors (const FlashMemoryMap *self);

/* The sector number @index, which must exist. Rising by address. */
void flash_memory_map_get_sector (const FlashMemoryMap *self, guint index,
                                  FlashMemorySector *out_sector);

/**
 * flash_memory_map_find_sector:
 * @out_sector: (out caller-allocates): untouched on failure
 *
 * Returns: whether a sector holds @address
 */
gboolean flash_memory_map_find_sector (const FlashMemoryMap *self, guint32 address,
                                       FlashMemorySector *out_sector);

/* Returns: the first address of the map. */
guint32 flash_memory_map_get_start (const FlashMemoryMap *self);
/* Returns: bytes in all sectors; holes do not count. */
guint64 flash_memory_map_get_size (const FlashMemoryMap *self);

/* Returns: whether every byte of the range is in a sector that has all of @flags. */
gboolean flash_memory_map_covers (const FlashMemoryMap *self, guint32 address, guint64 size,
                                  FlashMemoryFlags flags);

G_END_DECLS
