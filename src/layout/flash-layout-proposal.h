/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a new line can have that no other has: Id, name, place. Lines that are switched off count
 * too, so that they can be switched on again. For use inside this room.
 * Thread: that of the document. */
#pragma once

#include "flash-layout-cells.h"
#include "flash-layout-text.h"

G_BEGIN_DECLS

/* stm32mp-usb.md section 1.5: Ids that ST keeps for the boot chain on storages. */
#define FLASH_LAYOUT_FIRST_BOOT_ID 0x04
#define FLASH_LAYOUT_LAST_BOOT_ID 0x0f

/**
 * FlashLayoutPlace:
 * @values: what the line's cells mean
 * @name: its name
 * @ip_name: its storage, `mmc0`
 */
typedef struct {
  FlashLayoutValues values;
  char *name;
  char *ip_name;
} FlashLayoutPlace;

/* Returns: (transfer full) (nullable): what the line says; %NULL if the board would not take it. */
FlashLayoutPlace *flash_layout_place_new (const FlashLayoutEntryCells *cells);
void flash_layout_place_free (FlashLayoutPlace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashLayoutPlace, flash_layout_place_free)

/* Returns: (transfer full) (element-type FlashLayoutPlace): those of all partitions that the board
 * would take, in the order of the file. */
GPtrArray *flash_layout_places_new (const FlashLayoutText *text);

/**
 * flash_layout_places_find_id:
 * @first: the Id to begin with
 *
 * Returns: the first free Id from @first, in the boot chain's range if it begins there and has
 *   one; 0 if none is free
 */
guint8 flash_layout_places_find_id (GPtrArray *places, guint8 first);

/* Returns: whether a partition on a storage has that name. */
gboolean flash_layout_places_has_name (GPtrArray *places, const char *name);
/* Returns: (transfer full): @name, or the same with the first number that makes it one of its own,
 * within what the board allows. */
char *flash_layout_places_dup_name (GPtrArray *places, const char *name);

/* Returns: whether that storage is an eMMC, as far as one can see. */
gboolean flash_layout_places_is_emmc (GPtrArray *places, const char *ip_name);
/* Returns: what starts on that storage must be multiples of, in bytes; 1 for RAM. */
guint64 flash_layout_places_get_unit (GPtrArray *places, const char *ip_name);

/* Returns: whether a partition of an eMMC has @kind as offset. */
gboolean
flash_layout_places_has_boot_part (GPtrArray *places, const char *ip_name, FlashLayoutOffset kind);

/**
 * flash_layout_places_find_end:
 * @size: bytes that the last partition on the storage should get, 0 for as many as its kind
 *   usually has
 *
 * Returns: the first legal offset behind it; the first of the storage if it is empty
 */
guint64 flash_layout_places_find_end (GPtrArray *places, const char *ip_name, guint64 size);

/**
 * flash_layout_places_find_half:
 * @place: a partition with a number for offset
 *
 * Returns: a legal offset in the middle of its slot; that of flash_layout_places_find_end () if it
 *   is the last one, or has no room for two
 */
guint64 flash_layout_places_find_half (GPtrArray *places, const FlashLayoutPlace *place);

/**
 * flash_layout_usual_size:
 * @type: of a partition
 * @ip: its storage
 * @unit: of the storage
 *
 * Returns: bytes (stm32mp-usb.md section 3.6), a multiple of @unit
 */
guint64 flash_layout_usual_size (FlashLayoutType type, FlashLayoutIp ip, guint64 unit);

G_END_DECLS
