/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is private by what stands before it, whatever it is: `as user NAME`, `SerialNumber: X`. For
 * use inside this room. Thread: any. */
#pragma once

#include "flash-report-letters.h"

G_BEGIN_DECLS

/**
 * flash_report_forms_match_name:
 * @letters: (element-type FlashReportLetter): a line
 *
 * Returns: how many letters at @place could be the name of an account, 0 if none
 */
guint flash_report_forms_match_name (GArray *letters, guint place);

/* Returns: how many letters at @place are the name of a user, by what stands before; 0 if none. */
guint flash_report_forms_match_user (GArray *letters, guint place);

/* Returns: whether the @length letters at @place are what `id` names: `1000(NAME)`. */
gboolean flash_report_forms_is_account (GArray *letters, guint place, guint length);

/* Returns: how many letters at @place are a serial number, by what stands before; 0 if none. */
guint flash_report_forms_match_serial (GArray *letters, guint place);

/**
 * flash_report_forms_match_line:
 *
 * The kernel prints a serial number to the end of the line, and it may have blanks.
 *
 * Returns: how many letters at @place are such a serial number, 0 if none
 */
guint flash_report_forms_match_line (GArray *letters, guint place);

G_END_DECLS
