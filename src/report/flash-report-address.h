/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of networks in a line. For use inside this room. Thread: any. */
#pragma once

#include "flash-report-letters.h"

G_BEGIN_DECLS

/**
 * flash_report_address_match:
 * @letters: (element-type FlashReportLetter): a line
 * @place: where to look
 *
 * Knows IPv4 and IPv6 addresses, MAC addresses with colons or hyphens, and those in the name of an
 * interface (`enx001122334455`).
 *
 * Returns: how many letters at @place are an address, 0 if none starts there
 */
guint flash_report_address_match (GArray *letters, guint place);

G_END_DECLS
