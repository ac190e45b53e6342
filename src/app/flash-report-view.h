/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in a report: the time line, what was found, facts and texts, listed at the side. The
 * signal `moved` is that of the list at the side. Thread: main. */
#pragma once

#include "flash-report.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_REPORT_VIEW (flash_report_view_get_type ())
G_DECLARE_FINAL_TYPE (FlashReportView, flash_report_view, FLASH, REPORT_VIEW, AdwBin)

/* Shows @report, on the page that was chosen before, if there still is one of that name. */
void flash_report_view_set_report (FlashReportView *self, FlashReport *report);
/* Returns: (transfer full): the text of the chosen page; of the time line what is listed. */
char *flash_report_view_dup_text (FlashReportView *self);
/* Returns: whether the page covers the list of pages. */
gboolean flash_report_view_is_covered (FlashReportView *self);
/* Shows the list of pages, which the page covers. */
void flash_report_view_uncover (FlashReportView *self);

G_END_DECLS
