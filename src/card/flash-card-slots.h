/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of a layout lie on one card, where, how much of their files, and how large a card has
 * to be for them. For use inside this room. Thread: any; opens files. */
#pragma once

#include "flash-card-holes.h"
#include "flash-card-image.h"

G_BEGIN_DECLS

/**
 * FlashCardSlot:
 * @row: (transfer none): the row
 * @is_raw: whether it is a RawImage: the whole card, in no table
 * @start: in bytes
 * @size: in bytes; %G_MAXUINT64 as long as the size of the card is not known
 * @source: (transfer none) (nullable): what is written there
 * @stamp: of the name of @source, from before it was opened
 */
typedef struct {
  FlashLayoutRow *row;
  gboolean is_raw;
  guint64 start;
  guint64 size;
  FlashSource *source;
  FlashCardStamp stamp;
} FlashCardSlot;

/**
 * FlashCardSlots:
 * @layout: the layout
 * @ip: the storage
 * @device: its number
 * @plan: holds the open files
 * @reserve: how much the board keeps free at the end of the card, in bytes
 * @slots: (element-type FlashCardSlot): in the board's order: by offset
 * @has_table: whether the board makes a partition table
 */
typedef struct {
  FlashLayout *layout;
  char *ip;
  guint device;
  FlashPlan *plan;
  guint64 reserve;
  GArray *slots;
  gboolean has_table;
} FlashCardSlots;

void flash_card_slots_free (FlashCardSlots *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashCardSlots, flash_card_slots_free)

/**
 * flash_card_slots_new:
 * @ip: the storage
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_CARD_ERROR)
 */
FlashCardSlots *flash_card_slots_new (FlashLayout *layout, const char *ip, GError **error);

/**
 * flash_card_slots_get_min_size:
 * @out_size: (out): the smallest card, rounded up; untouched on failure
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_CARD_ERROR)
 */
gboolean flash_card_slots_get_min_size (FlashCardSlots *self, guint64 *out_size, GError **error);

/**
 * flash_card_slots_fit:
 * @size: of the card in bytes
 *
 * Gives the last slot its size and checks that everything fits.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_CARD_ERROR)
 */
gboolean flash_card_slots_fit (FlashCardSlots *self, guint64 size, GError **error);

/* Returns: (transfer none) (nullable): the slot of the row with that Id, if the board asks for its
 * data. */
const FlashCardSlot *flash_card_slots_find (FlashCardSlots *self, guint id);

G_END_DECLS
