/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies where on a storage, area by area: partitions, gaps, what the partition table and the
 * erase groups take, and where two things want the same bytes. Pure facts for a drawing, its words
 * and its accessible description (stm32mp-usb.md sections 3.6 to 3.10).
 *
 * Immutable; thread: any. */
#pragma once

#include "flash-layout-lint.h"

G_BEGIN_DECLS

/**
 * FlashLayoutAreaKind:
 * @FLASH_LAYOUT_AREA_PARTITION: a partition's slot
 * @FLASH_LAYOUT_AREA_FREE: bytes that belong to nobody
 * @FLASH_LAYOUT_AREA_TABLE: the partition table and what it keeps, in front or at the end
 * @FLASH_LAYOUT_AREA_RAW: a RawImage, which covers the storage from its start
 */
typedef enum {
  FLASH_LAYOUT_AREA_PARTITION,
  FLASH_LAYOUT_AREA_FREE,
  FLASH_LAYOUT_AREA_TABLE,
  FLASH_LAYOUT_AREA_RAW,
} FlashLayoutAreaKind;

/**
 * FlashLayoutArea:
 * @kind: what it is
 * @row: (transfer none) (nullable): of partitions and raw images
 * @start: first byte
 * @size: in bytes, %G_MAXUINT64 if it goes on to an end that nobody knows
 * @image_size: bytes of the file that will be written, 0 if none, %G_MAXUINT64 if not known
 */
typedef struct {
  FlashLayoutAreaKind kind;
  FlashLayoutRow *row;
  guint64 start;
  guint64 size;
  guint64 image_size;
} FlashLayoutArea;

/**
 * FlashLayoutOverlap:
 * @first: (transfer none): the one that lies in front, or reaches over
 * @second: (transfer none) (nullable): the other; %NULL for the end of the storage or its table
 * @start: first byte that both want
 * @size: how many bytes, %G_MAXUINT64 up to an end that nobody knows; 0 if @first has no bytes at
 *   all, because it begins behind the end
 */
typedef struct {
  FlashLayoutRow *first;
  FlashLayoutRow *second;
  guint64 start;
  guint64 size;
} FlashLayoutOverlap;

/* Of a hostile layout everything may overlap everything: no more than these are told. */
#define FLASH_LAYOUT_MAP_MAX_OVERLAPS 256

/**
 * FlashLayoutMap:
 * @layout: (owned): keeps the rows
 * @name: the storage as the layout names it: `mmc0`; for an eMMC's boot partitions `mmc1 boot1`
 * @ip: the storage, `mmc1`
 * @size_name: its name in #FlashLayoutLintOptions.sizes: `mmc0`, `mmc1boot1`
 * @size: in bytes, 0 if nobody said
 * @base: where it begins: 0, but for memory
 * @first: the first byte that a partition may have
 * @end: behind the last byte that a partition may have, if @size is known
 * @unit: what starts must be multiples of, in bytes
 * @is_unit_sure: whether every board says so; otherwise it is the usual one of such chips
 * @has_table: whether a partition table is on it
 * @can_drag: whether starts of partitions here may be moved by their offset
 * @areas: (element-type FlashLayoutArea): raw images first, then ascending by start; without holes
 *   from @base to the end, and none but raw images over another
 * @overlaps: (element-type FlashLayoutOverlap)
 */
typedef struct {
  gatomicrefcount ref_count;
  FlashLayout *layout;
  char *name;
  char *ip;
  char *size_name;
  guint64 size;
  guint64 base;
  guint64 first;
  guint64 end;
  guint64 unit;
  gboolean is_unit_sure;
  gboolean has_table;
  gboolean can_drag;
  GArray *areas;
  GArray *overlaps;
} FlashLayoutMap;

FlashLayoutMap *flash_layout_map_ref (FlashLayoutMap *self);
void flash_layout_map_unref (FlashLayoutMap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashLayoutMap, flash_layout_map_unref)

/**
 * flash_layout_dup_maps:
 * @layout: kept by the maps
 * @sizes: (nullable): as in #FlashLayoutLintOptions
 * @device_id: 0 if the chip is not known
 * @image_sizes: (nullable) (array length=rows of @layout): bytes of each row's file, %G_MAXUINT64
 *   where there is none
 *
 * Returns: (transfer full) (element-type FlashLayoutMap): one for each storage, in the order in
 *   which the file names them, each followed by its boot1 and boot2 where the layout uses them
 */
GPtrArray *flash_layout_dup_maps (FlashLayout *layout, GHashTable *sizes, guint device_id,
                                  const guint64 *image_sizes);

/**
 * flash_layout_map_snap:
 * @row: a partition of @self whose start is moved
 * @offset: where to, in bytes
 *
 * Returns: the nearest legal offset: a multiple of the unit, not below the first byte, behind the
 *   start of the partition before by at least one unit (and by the size of its file), and before
 *   the next start or the end (by the size of its own file, where that is possible). Where there is
 *   none, the offset that it has.
 */
guint64 flash_layout_map_snap (const FlashLayoutMap *self, FlashLayoutRow *row, guint64 offset);

/**
 * flash_layout_map_dup_moved:
 * @row: a partition of @self
 * @offset: from flash_layout_map_snap ()
 *
 * Returns: (transfer full): what @self would be with the start of @row there; its rows are those of
 *   @self and still say their old offsets
 */
FlashLayoutMap *
flash_layout_map_dup_moved (const FlashLayoutMap *self, FlashLayoutRow *row, guint64 offset);

/* Returns: (nullable): the area of @row. */
const FlashLayoutArea *flash_layout_map_find_row (const FlashLayoutMap *self, FlashLayoutRow *row);

G_END_DECLS
