/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A device on USB that is no board to flash: what it is, and what to do. Thread: main. */
#pragma once

#include "flash-usb-neighbour.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_NEIGHBOUR_ROW (flash_neighbour_row_get_type ())
G_DECLARE_FINAL_TYPE (FlashNeighbourRow, flash_neighbour_row, FLASH, NEIGHBOUR_ROW, GtkListBoxRow)

/**
 * flash_neighbour_row_new:
 * @neighbour: the device; what is shown of it never changes
 *
 * Returns: (transfer floating): a row that can neither be chosen nor activated
 */
GtkWidget *flash_neighbour_row_new (FlashUsbNeighbour *neighbour);

G_END_DECLS
