/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a document makes and changes its entries. For use inside this room. Thread: that of the
 * document. */
#pragma once

#include "flash-layout-entry.h"

G_BEGIN_DECLS

/**
 * FlashLayoutEntryCells:
 * @cells: valid UTF-8
 * @n_cells: how many
 * @is_enabled: whether there is no # in front
 * @is_guess: whether something else than TABs separates them
 *
 * What one line says. Immutable; counts references (g_rc_box).
 */
typedef struct {
  GStrv cells;
  guint n_cells;
  gboolean is_enabled;
  gboolean is_guess;
} FlashLayoutEntryCells;

/**
 * flash_layout_entry_cells_new:
 * @text: a line without its end
 * @is_kept: whether it is a partition to the user whatever it says now, since it was one before
 *
 * Returns: (transfer full) (nullable): %NULL if the line is no partition, not even one that is
 *   switched off
 */
FlashLayoutEntryCells *flash_layout_entry_cells_new (const char *text, gboolean is_kept);
FlashLayoutEntryCells *flash_layout_entry_cells_ref (FlashLayoutEntryCells *self);
void flash_layout_entry_cells_unref (FlashLayoutEntryCells *self);

FlashLayoutEntry *flash_layout_entry_new (void);

/**
 * flash_layout_entry_update:
 * @cells: (nullable): what the line says now; %NULL if it was removed, then what it said is kept
 * @number: the line, 0 if it was removed
 *
 * Emits nothing.
 *
 * Returns: whether that is something else than before
 */
gboolean
flash_layout_entry_update (FlashLayoutEntry *self, FlashLayoutEntryCells *cells, guint number);

void flash_layout_entry_emit_changed (FlashLayoutEntry *self);

G_END_DECLS
