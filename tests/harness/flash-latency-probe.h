/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures whether the user has to wait for the window.
 *
 * A thread asks the main loop every two milliseconds "are you there?", at the priority of input
 * events and one question at a time. The delay of the answer is what a key press would have
 * waited.
 *
 * Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FlashLatency:
 * @FLASH_LATENCY_LOOP: how long the main loop took to answer
 * @FLASH_LATENCY_PAINT: from the frame clock's before-paint to its after-paint
 * @FLASH_LATENCY_FRAME: how late a frame came, counted from the one before it; only with
 *   @keep_drawing
 */
typedef enum {
  FLASH_LATENCY_LOOP,
  FLASH_LATENCY_PAINT,
  FLASH_LATENCY_FRAME,
} FlashLatency;

typedef struct _FlashLatencyProbe FlashLatencyProbe;

/**
 * flash_latency_probe_start:
 * @widget: (nullable): a realized widget, to measure painting as well
 * @keep_drawing: draw @widget all the time
 *
 * Returns: (transfer full): a running probe; flash_latency_probe_stop () ends and frees it
 */
FlashLatencyProbe *flash_latency_probe_start (GtkWidget *widget, gboolean keep_drawing);

/**
 * flash_latency_probe_trace_stalls:
 * @stall_ms: milliseconds, not 0
 *
 * From now on prints the stack of the main thread to standard error whenever it has not answered
 * for @stall_ms. Takes the signal SIGPROF.
 */
void flash_latency_probe_trace_stalls (FlashLatencyProbe *self, guint stall_ms);

/* Returns: how many samples there are. */
guint flash_latency_probe_get_count (FlashLatencyProbe *self, FlashLatency what);

/**
 * flash_latency_probe_get_percentile:
 * @percent: 50 for the median, 100 for the worst
 *
 * Returns: microseconds; 0 if there is no sample
 */
gint64
flash_latency_probe_get_percentile (FlashLatencyProbe *self, FlashLatency what, double percent);

/**
 * flash_latency_probe_dup_report:
 *
 * Returns: (transfer full): a line for each kind that has samples
 */
char *flash_latency_probe_dup_report (FlashLatencyProbe *self);

/* Stops the thread and frees the probe. */
void flash_latency_probe_stop (FlashLatencyProbe *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashLatencyProbe, flash_latency_probe_stop)

G_END_DECLS
