/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the parts of a storage bar are drawn, and how much room their words want. What a pattern says
 * is said in words by flash-storage-part.h. Thread: main. */
#pragma once

#include "flash-storage-part.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

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

/* Returns: how wide the part would like to be, to be read, in pixels of the font of @widget. */
double flash_storage_draw_measure_width (GtkWidget *widget, const FlashStoragePart *part,
                                         const FlashLayoutMap *map);

/* Returns: how high a part with @n_lines of text is, in pixels of the font of @widget. */
int flash_storage_draw_measure_height (GtkWidget *widget, guint n_lines);

/* Returns: the width of an ordinary letter, in pixels of the font of @widget. */
int flash_storage_draw_get_char_width (GtkWidget *widget);

/* Draws the surface of a part into @rect: what it is, how far its file fills it. */
void
flash_storage_draw_part (GtkWidget *widget, GtkSnapshot *snapshot, const FlashStoragePart *part,
                         const graphene_rect_t *rect, FlashPartLook look);

/**
 * flash_storage_draw_words:
 * @widget: on which it is drawn: gives fonts, colours and direction
 * @rect: where the part is
 * @view: what of it can be seen; its name and size stay in sight
 */
void flash_storage_draw_words (GtkWidget *widget, GtkSnapshot *snapshot,
                               const FlashStoragePart *part, const FlashLayoutMap *map,
                               const graphene_rect_t *rect, const graphene_rect_t *view);

/* Draws what stands for several parts that are too narrow to be told apart. */
void
flash_storage_draw_crowd (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect);

/* Hatches bytes that two want. */
void
flash_storage_draw_overlap (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect);

/* Draws the border that is being moved. */
void
flash_storage_draw_grip (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect);

G_END_DECLS
