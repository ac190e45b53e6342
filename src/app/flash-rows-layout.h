/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lays children out beside each other, in as many rows as they need; a child is never wider than
 * the widget. For buttons, of which some are shown. Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_ROWS_LAYOUT (flash_rows_layout_get_type ())
G_DECLARE_FINAL_TYPE (FlashRowsLayout, flash_rows_layout, FLASH, ROWS_LAYOUT, GtkLayoutManager)

G_END_DECLS
