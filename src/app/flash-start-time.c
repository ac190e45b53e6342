/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-start-time"

#include "config.h"

#include "flash-start-time.h"

#include <time.h>

static void
on_after_paint (GdkFrameClock *frame_clock, gpointer unused)
{
  gint64 start_us = g_ascii_strtoll (g_getenv ("FLASHWRIGHT_START_TIME"), NULL, 10);
  double worked_ms = (double) clock () * 1000 / CLOCKS_PER_SEC;

  g_signal_handlers_disconnect_by_func (frame_clock, on_after_paint, NULL);
  g_print ("usable after %.1f ms, %.1f ms of work\n",
           (double) (g_get_monotonic_time () - start_us) / 1000, worked_ms);
}

static void
on_map (GtkWidget *window, gpointer unused)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_after_paint),
                    NULL);
}

void
flash_start_time_watch (GtkWindow *window)
{
  g_return_if_fail (GTK_IS_WINDOW (window));

  if (g_getenv ("FLASHWRIGHT_START_TIME") != NULL)
    g_signal_connect (window, "map", G_CALLBACK (on_map), NULL);
}
