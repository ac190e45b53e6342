/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks found out about each line of a layout: the worst there is to say, and sizes.
 * They belong to the entries, not to line numbers, so that they stay right while lines move until
 * the next check is done. Thread: main. */
#pragma once

#include "flash-editor.h"

G_BEGIN_DECLS

/**
 * FlashRowFacts:
 * @has_severity: whether there is something to say
 * @severity: the worst of it
 * @slot_size: bytes up to the next partition, %FLASH_SIZE_UNKNOWN if there is no slot or no end
 * @image_size: bytes of the file, %FLASH_SIZE_UNKNOWN if there is none or it cannot be read
 */
typedef struct {
  gboolean has_severity;
  FlashSeverity severity;
  guint64 slot_size;
  guint64 image_size;
} FlashRowFacts;

typedef struct _FlashCellFacts FlashCellFacts;

/* Returns: (transfer full): no facts at all. */
FlashCellFacts *flash_cell_facts_new (void);
void flash_cell_facts_free (FlashCellFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashCellFacts, flash_cell_facts_free)

/* Takes over the result of the last check, if it is of the text as it is now.
 * Returns: whether it was. */
gboolean flash_cell_facts_update (FlashCellFacts *self, FlashEditor *editor);

/* Returns: (transfer none) (nullable): the facts about @entry, until the next update. */
const FlashRowFacts *flash_cell_facts_find (FlashCellFacts *self, FlashLayoutEntry *entry);

/**
 * flash_cell_facts_dup_messages:
 * @column: a column of the file, 0 for the whole line
 * @max: how many at most
 *
 * Returns: (transfer full) (nullable): what there is to say, the worst first, one on each line
 */
char *flash_cell_facts_dup_messages (FlashCellFacts *self, FlashLayoutEntry *entry, guint column,
                                     guint max);

G_END_DECLS
