/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the parts of a chip's flash are drawn. Each fate has a pattern of its own besides its colour;
 * what it means is said in words by flash-chip-part.h. Thread: main. */
#pragma once

#include "flash-chip-part.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FlashChipLook:
 * @FLASH_CHIP_PLAIN: nothing special
 * @FLASH_CHIP_HOVERED: the pointer is over it
 * @FLASH_CHIP_SELECTED: it is chosen
 */
typedef enum {
  FLASH_CHIP_PLAIN,
  FLASH_CHIP_HOVERED,
  FLASH_CHIP_SELECTED,
} FlashChipLook;

/* Returns: how high a part is, in pixels of the font of @widget. */
int flash_chip_draw_measure_height (GtkWidget *widget);
/* Returns: how high the addresses below the parts are. */
int flash_chip_draw_measure_axis (GtkWidget *widget);
/* Returns: how wide a part must be at least, to be seen, hit, and hold its number. */
double flash_chip_draw_measure_width (GtkWidget *widget, const FlashChipPart *part);

/* Draws the surface of a part, without what the firmware fills. */
void flash_chip_draw_surface (GtkWidget *widget, GtkSnapshot *snapshot, FlashChipFate fate,
                              const graphene_rect_t *rect, FlashChipLook look);

/* Draws what the firmware fills of a part: @rect is that much of it. */
void flash_chip_draw_covered (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *rect,
                              FlashChipLook look);

/* Draws the edge of a part, above its surface. */
void flash_chip_draw_edge (GtkWidget *widget, GtkSnapshot *snapshot, FlashChipFate fate,
                           const graphene_rect_t *rect, FlashChipLook look);

/* Writes number and size into a part, as far as there is room. */
void flash_chip_draw_words (GtkWidget *widget, GtkSnapshot *snapshot, const FlashChipPart *part,
                            const graphene_rect_t *rect);

/**
 * flash_chip_draw_axis:
 * @y: of the upper end, in pixels
 *
 * Writes the first and the last address below the ends of the bar; only the first if there is no
 * room for both.
 */
void flash_chip_draw_axis (GtkWidget *widget, GtkSnapshot *snapshot, guint32 first, guint32 last,
                           double y);

G_END_DECLS
