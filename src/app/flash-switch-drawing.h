/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drawing of what is to be done with a board: boot switches, the BOOT0 pin, the USB sockets, its
 * power. It takes the colours of the theme and any size, and says in words what it shows.
 * Thread: main. */
#pragma once

#include "flash-switch-board.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_SWITCH_DRAWING (flash_switch_drawing_get_type ())
G_DECLARE_FINAL_TYPE (FlashSwitchDrawing, flash_switch_drawing, FLASH, SWITCH_DRAWING, GtkWidget)

GtkWidget *flash_switch_drawing_new (void);

/**
 * flash_switch_drawing_show:
 * @drawing: (nullable): `switches-serial`, `switches-storage`, `boot0-high`, `boot0-low`,
 *   `usb-device-port` or `power-cycle`; %NULL or anything else shows nothing, and hides it
 * @board: whose switches; needed for switches only
 * @storage: where the board is to start from, for `switches-storage`
 */
void flash_switch_drawing_show (FlashSwitchDrawing *self, const char *drawing,
                                const FlashSwitchBoard *board, FlashSwitchStorage storage);

/* Returns: (transfer none) (nullable): what it shows, in words, as a screen reader gets it. */
const char *flash_switch_drawing_get_text (FlashSwitchDrawing *self);
/* Returns: (transfer none) (nullable): what is to be said below it: where it is not sure. */
const char *flash_switch_drawing_get_caption (FlashSwitchDrawing *self);

G_END_DECLS
