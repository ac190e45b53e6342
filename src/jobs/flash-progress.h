/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted progress: each part of a job declares before it begins how long it will take
 * compared with the others; the whole then moves evenly and never back. Thread: worker. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _FlashProgress FlashProgress;

FlashProgress *flash_progress_new (void);
void flash_progress_free (FlashProgress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashProgress, flash_progress_free)

/**
 * flash_progress_add:
 * @weight: how long it will take, in any unit that all parts share; more than 0
 *
 * Returns: the number of the part
 */
guint flash_progress_add (FlashProgress *self, double weight);

/* Returns: how many parts were added. */
guint flash_progress_get_n_parts (FlashProgress *self);

/* Sets how much of @part is done, 0 to 1; less than before is ignored. */
void flash_progress_set (FlashProgress *self, guint part, double fraction);

/* Returns: how much of everything is done, 0 to 1. */
double flash_progress_get_fraction (FlashProgress *self);

G_END_DECLS
