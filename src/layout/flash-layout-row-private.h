/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How rows are made; for use inside this room. Thread: any. */
#pragma once

#include "flash-layout-cells.h"

G_BEGIN_DECLS

/**
 * flash_layout_row_new:
 * @line: in the file, from 1
 * @cells: (array length=n_cells): what the file says, any bytes
 * @n_cells: at most %FLASH_LAYOUT_COLUMNS
 * @values: what it means
 * @is_valid: whether all of @values comes from cells that the board takes
 */
FlashLayoutRow *flash_layout_row_new (guint line, const char *const *cells, guint n_cells,
                                      const FlashLayoutValues *values, gboolean is_valid);

/**
 * flash_layout_row_resolve:
 * @folder: (type filename): the folder of the layout
 * @base: (type filename): where to look if the file is not there
 *
 * Makes the path an absolute one.
 */
void flash_layout_row_resolve (FlashLayoutRow *self, const char *folder, const char *base);

/* Returns: whether the line has a Binary cell at all. */
gboolean flash_layout_row_has_binary_cell (FlashLayoutRow *self);

/* Returns: (transfer none): the name's bytes as the board gets them. */
const char *flash_layout_row_get_raw_name (FlashLayoutRow *self);

G_END_DECLS
