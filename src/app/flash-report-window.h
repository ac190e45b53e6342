/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report that somebody has sent, in a window of its own. Thread: main. */
#pragma once

#include "flash-report.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_REPORT_WINDOW (flash_report_window_get_type ())
G_DECLARE_FINAL_TYPE (FlashReportWindow, flash_report_window, FLASH, REPORT_WINDOW, AdwWindow)

/**
 * flash_report_window_present:
 * @parent: the window that it belongs to, and goes with
 * @report: what to show
 * @name: of its file
 *
 * Returns: (transfer none): the window, which destroys itself
 */
GtkWindow *flash_report_window_present (GtkWindow *parent, FlashReport *report, const char *name);

G_END_DECLS
