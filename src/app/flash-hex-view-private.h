/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the hex view share. Thread: main. */
#pragma once

#include "flash-hex-view.h"

G_BEGIN_DECLS

struct _FlashHexView {
  GtkWidget parent_instance;

  GBytes *bytes; /* (owned) (nullable) */
  gsize size; /* of @bytes */
  guint32 address; /* of the first byte */
  GBytes *marks; /* (owned) (nullable): a bit for each byte */
  gsize cursor; /* below @size, or 0 */
  gsize anchor; /* where the selection began; the cursor is its other end */
  gsize drag_offset; /* where a drag began */

  guint columns; /* bytes in a row */
  int row_height; /* in pixels */
  double letter_width; /* in pixels */
  GPtrArray *rows; /* (owned) (element-type FlashHexViewRow): the visible ones, from the top */

  GtkAdjustment *adjustments[2]; /* (owned) (nullable): by orientation */
  GtkScrollablePolicy policies[2]; /* by orientation */
};

/* Puts the cursor onto a byte and shows it; @extends: what lies between is selected. */
void _flash_hex_view_move (FlashHexView *self, gsize offset, gboolean extends);
/* Returns: how many whole rows are in sight, at least 1. */
gsize _flash_hex_view_count_visible (FlashHexView *self);
/* Returns: whether there is a byte; @out_offset: (out): the one that is nearest to that place. */
gboolean _flash_hex_view_pick (FlashHexView *self, double x, double y, gsize *out_offset);
/* Installs keys, and the pointer on an instance. */
void _flash_hex_view_add_keys (GtkWidgetClass *widget_class);
void _flash_hex_view_add_pointer (FlashHexView *self);

G_END_DECLS
