/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A moment of a report's time line, for lists. Does not change. Thread: main. */
#pragma once

#include "flash-report.h"

G_BEGIN_DECLS

#define FLASH_TYPE_REPORT_ITEM (flash_report_item_get_type ())
G_DECLARE_FINAL_TYPE (FlashReportItem, flash_report_item, FLASH, REPORT_ITEM, GObject)

/* @report keeps the moment. */
FlashReportItem *flash_report_item_new (FlashReport *report, const FlashReportMoment *moment);

/* Returns: (transfer none): the moment. */
const FlashReportMoment *flash_report_item_get_moment (FlashReportItem *self);

G_END_DECLS
