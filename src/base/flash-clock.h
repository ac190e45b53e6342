/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time as an argument: everything that waits, and everything that pretends to take time, asks a
 * clock. The real one sleeps; the virtual one only counts, so that a test of a job that lasts
 * minutes takes milliseconds.
 *
 * Thread: a real clock may be used from any thread. A virtual clock may be too, but it is one
 * number for all: share it only between things that take turns. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define FLASH_TYPE_CLOCK (flash_clock_get_type ())
G_DECLARE_FINAL_TYPE (FlashClock, flash_clock, FLASH, CLOCK, GObject)

FlashClock *flash_clock_new_real (void);
FlashClock *flash_clock_new_virtual (void);

/* Returns: microseconds since some moment, never going back. */
gint64 flash_clock_get_time_us (FlashClock *self);

/**
 * flash_clock_wait_us:
 * @duration_us: how long, in microseconds; 0 or less only looks at @cancellable
 * @cancellable: (nullable): ends the wait early
 *
 * The real clock iterates the thread-default main context while it waits; a worker thread has
 * its own.
 *
 * Returns: %TRUE when the time has passed, %FALSE with @error set (%G_IO_ERROR_CANCELLED)
 */
gboolean flash_clock_wait_us (FlashClock *self, gint64 duration_us, GCancellable *cancellable,
                              GError **error);

/* The same in milliseconds. */
gboolean flash_clock_wait_ms (FlashClock *self, guint duration_ms, GCancellable *cancellable,
                              GError **error);

G_END_DECLS
