/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rate and remaining time from samples of monotonic time. Says nothing until it knows: a time
 * left that jumps about is worse than none. Thread: any one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _FlashEstimator FlashEstimator;

FlashEstimator *flash_estimator_new (void);
void flash_estimator_free (FlashEstimator *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashEstimator, flash_estimator_free)

/* Forgets what was added: what follows has a pace of its own. */
void flash_estimator_reset (FlashEstimator *self);

/**
 * flash_estimator_add:
 * @time_us: monotonic time in microseconds
 * @bytes_done: bytes so far
 * @fraction: of the whole job, 0 to 1
 */
void
flash_estimator_add (FlashEstimator *self, gint64 time_us, guint64 bytes_done, double fraction);

/* Returns: bytes per second over the last few seconds; 0 if not known yet. */
guint64 flash_estimator_get_rate (FlashEstimator *self);

/**
 * flash_estimator_get_seconds_left:
 * @out_seconds: (out): untouched on failure
 *
 * Returns: whether an estimate exists and has settled
 */
gboolean flash_estimator_get_seconds_left (FlashEstimator *self, guint *out_seconds);

G_END_DECLS
