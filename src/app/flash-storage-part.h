/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What there is to say about a part of a storage map, and about the map, in words: for tooltips,
 * captions and screen readers, which all say the same. Thread: main. */
#pragma once

#include "flash-diag.h"
#include "flash-layout-map.h"

G_BEGIN_DECLS

/**
 * FlashStoragePart:
 * @area: what it is
 * @has_severity: whether there is something to say about its line
 * @severity: the worst of that
 * @is_enlarged: whether it is drawn larger than to scale
 */
typedef struct {
  FlashLayoutArea area;
  gboolean has_severity;
  FlashSeverity severity;
  gboolean is_enlarged;
} FlashStoragePart;

/* Returns: whether it goes on to an end that nobody knows. */
gboolean flash_storage_part_is_open_ended (const FlashStoragePart *self);

/* Returns: whether a board keeps what is there: its option is `-`. */
gboolean flash_storage_part_is_kept (const FlashStoragePart *self);

/* Returns: the line in the checked text, 0 if it has none. */
guint flash_storage_part_get_line (const FlashStoragePart *self);

/* Returns: (transfer full): the name that is drawn on it. */
char *flash_storage_part_dup_name (const FlashStoragePart *self);

/* Returns: (transfer full): the size that is drawn on it. */
char *flash_storage_part_dup_size_text (const FlashStoragePart *self, const FlashLayoutMap *map);

/* Returns: (transfer full): name, start and size, as short as can be. */
char *flash_storage_part_dup_short_text (const FlashStoragePart *self, const FlashLayoutMap *map);

/**
 * flash_storage_part_dup_text:
 * @map: where it is
 * @separator: between two sentences
 *
 * Returns: (transfer full): name, start, size, file, overlaps, errors, and whether it is enlarged
 */
char *flash_storage_part_dup_text (const FlashStoragePart *self, const FlashLayoutMap *map,
                                   const char *separator);

/**
 * flash_storage_map_dup_text:
 * @parts: (element-type FlashStoragePart): of @map
 *
 * Returns: (transfer full): everything that is drawn
 */
char *flash_storage_map_dup_text (const FlashLayoutMap *map, GArray *parts);

/**
 * flash_storage_map_dup_overlaps:
 * @max: how many are said; the others are counted
 *
 * Returns: (transfer full) (nullable): a line for each overlap: which two lines, which bytes; %NULL
 *   without any
 */
char *flash_storage_map_dup_overlaps (const FlashLayoutMap *map, guint max);

/**
 * flash_storage_map_dup_move_text:
 * @row: a partition whose start is moved
 *
 * Returns: (transfer full): where it starts, and what sizes it and the one before it have
 */
char *flash_storage_map_dup_move_text (const FlashLayoutMap *map, FlashLayoutRow *row);

/* Returns: (transfer none): what kind of storage it is, in a word or two. */
const char *flash_storage_map_get_kind (const FlashLayoutMap *map);

/* Returns: whether it is a boot partition of an eMMC. */
gboolean flash_storage_map_is_boot (const FlashLayoutMap *map);

G_END_DECLS
