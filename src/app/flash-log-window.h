/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of a job in a window of its own, to be read beside the job and copied.
 * Thread: main. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_LOG_WINDOW (flash_log_window_get_type ())
G_DECLARE_FINAL_TYPE (FlashLogWindow, flash_log_window, FLASH, LOG_WINDOW, AdwWindow)

/**
 * flash_log_window_new:
 * @parent: the window that it belongs to, and goes with
 * @log: the text, which the window follows
 */
GtkWidget *flash_log_window_new (GtkWindow *parent, GtkTextBuffer *log);

G_END_DECLS
