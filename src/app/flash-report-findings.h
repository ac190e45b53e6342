/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a report says about causes, with the steps that this program knows for their codes.
 * Thread: main. */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define FLASH_TYPE_REPORT_FINDINGS (flash_report_findings_get_type ())
G_DECLARE_FINAL_TYPE (FlashReportFindings, flash_report_findings, FLASH, REPORT_FINDINGS, AdwBin)

/* Shows the section `findings` of a report, which need not be what this program writes. */
void flash_report_findings_show (FlashReportFindings *self, JsonNode *section);

G_END_DECLS
