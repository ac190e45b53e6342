/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before the first sector is erased: what the chip holds, what an earlier try has saved, and what
 * there is to do. Thread: worker. */
#pragma once

#include "flash-firmware-journal.h"
#include "flash-mcu-private.h"

G_BEGIN_DECLS

/**
 * FlashMcuPrepared:
 * @now: (element-type GBytes): for each sector of the plan what the chip holds, %NULL where that is
 *   not known
 * @saved: (element-type GBytes): for each sector what an earlier try has saved of it, or %NULL
 * @before: (element-type GBytes): as @now; of an unfinished sector what was saved
 * @unfinished: (array): for each sector whether an earlier try has erased it and not finished it
 * @restores_saved: whether there is one
 * @forgets_saved: whether what was saved is of other content than the chip's, and given up
 * @work: what there is to do
 * @journal: (nullable): what was saved, and is to be
 */
typedef struct {
  GPtrArray *now;
  GPtrArray *saved;
  GPtrArray *before;
  gboolean *unfinished;
  gboolean restores_saved;
  gboolean forgets_saved;
  FlashFirmwareWork *work;
  FlashFirmwareJournal *journal;
} FlashMcuPrepared;

/**
 * flash_mcu_prepare:
 * @self: (out caller-allocates): filled, also on failure
 * @run: with a plan, and probed
 *
 * Returns: %TRUE, or %FALSE with @error set (as in flash-mcu-private.h)
 */
gboolean flash_mcu_prepare (FlashMcuPrepared *self, FlashMcuRun *run, GError **error);
void flash_mcu_prepared_clear (FlashMcuPrepared *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashMcuPrepared, flash_mcu_prepared_clear)

G_END_DECLS
