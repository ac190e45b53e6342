/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of a job in a window of its own, to be read beside the job and copied.
 * Thread: main. */
#pragma once

#include "flash-application.h"
#include "flash-job-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_LOG_WINDOW (flash_log_window_get_type ())
G_DECLARE_FINAL_TYPE (FlashLogWindow, flash_log_window, FLASH, LOG_WINDOW, AdwWindow)

/**
 * flash_log_window_new:
 * @parent: the window that it belongs to, and goes with
 * @application: the program
 * @model: the job, whose log and serial console the window follows
 */
GtkWidget *
flash_log_window_new (GtkWindow *parent, FlashApplication *application, FlashJobModel *model);

/* Returns: (transfer none): the job that it follows. */
FlashJobModel *flash_log_window_get_model (FlashLogWindow *self);

G_END_DECLS
