/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saves a report: shows exactly what would be saved, lets the user leave out what is private. The
 * signal `saved` says with the name of the file that it is done. Thread: main. */
#pragma once

#include "flash-report.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_REPORT_DIALOG (flash_report_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlashReportDialog, flash_report_dialog, FLASH, REPORT_DIALOG, AdwWindow)

/**
 * flash_report_dialog_present:
 * @parent: the window that it belongs to
 * @report: (transfer full): everything that is known; not touched by anybody else any more
 *
 * Returns: (transfer none): the dialog, which destroys itself
 */
GtkWindow *flash_report_dialog_present (GtkWindow *parent, FlashReport *report);

/**
 * flash_report_dialog_save_to:
 * @file: (nullable): the place that was chosen, %NULL if none was
 *
 * Saves what is shown; the dialog closes when that is done. Does nothing while what is shown is not
 * yet what was chosen.
 */
void flash_report_dialog_save_to (FlashReportDialog *self, GFile *file);

G_END_DECLS
