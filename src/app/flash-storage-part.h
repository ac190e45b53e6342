/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One part of a storage bar: what it says and how it is drawn. Thread: main. */
#pragma once

#include "flash-row-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FlashStoragePart:
 * @item: (owned): the row
 * @size_bytes: bytes up to the next one, or %FLASH_SIZE_UNKNOWN
 */
typedef struct {
  FlashRowItem *item;
  guint64 size_bytes;
} FlashStoragePart;

/**
 * FlashPartLook:
 * @FLASH_PART_PLAIN: nothing special
 * @FLASH_PART_HOVERED: the pointer is over it
 * @FLASH_PART_SELECTED: it is chosen
 */
typedef enum {
  FLASH_PART_PLAIN,
  FLASH_PART_HOVERED,
  FLASH_PART_SELECTED,
} FlashPartLook;

/* Lets go of the item. */
void flash_storage_part_clear (FlashStoragePart *self);

/* Returns: whether it goes on to the end of a storage of unknown size. */
gboolean flash_storage_part_is_open_ended (const FlashStoragePart *self);

/* Returns: (transfer full): name, size, and size of the file, for tooltips and screen readers. */
char *flash_storage_part_dup_text (const FlashStoragePart *self);

/**
 * flash_storage_part_measure_width:
 * @widget: whose font counts
 *
 * Returns: how wide the part would like to be, to be read, in pixels
 */
double flash_storage_part_measure_width (const FlashStoragePart *self, GtkWidget *widget);

/**
 * flash_storage_part_measure_height:
 * @widget: whose font counts
 *
 * Returns: how high a part is, in pixels
 */
int flash_storage_part_measure_height (GtkWidget *widget);

/**
 * flash_storage_part_draw:
 * @widget: on which it is drawn: gives fonts, colours and direction
 * @rect: where
 * @look: how
 */
void
flash_storage_part_draw (const FlashStoragePart *self, GtkWidget *widget, GtkSnapshot *snapshot,
                         const graphene_rect_t *rect, FlashPartLook look);

/**
 * flash_storage_part_get_char_width:
 * @widget: whose font counts
 *
 * Returns: the width of an ordinary letter, in pixels
 */
int flash_storage_part_get_char_width (GtkWidget *widget);

G_END_DECLS
