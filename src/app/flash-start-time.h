/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long it took until the first window could be used, for tests/bench/compare-start.
 * Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * flash_start_time_watch:
 * @window: a window that is not shown yet
 *
 * If the environment variable FLASHWRIGHT_START_TIME holds the time at which the program was
 * started, in microseconds of g_get_monotonic_time (), says on standard output when @window was
 * drawn for the first time, in milliseconds since then, and how long the processor had worked for
 * it.
 */
void flash_start_time_watch (GtkWindow *window);

G_END_DECLS
