/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes secrets out of texts. For use inside this room. Thread: any one at a time. */
#pragma once

#include "flash-report.h"

G_BEGIN_DECLS

typedef struct _FlashReportScrubber FlashReportScrubber;

/**
 * flash_report_scrubber_new:
 * @secrets: (element-type FlashReportSecret): what may have to go
 * @privacy: what has to
 *
 * Returns: (transfer full): knows one report's secrets; the same secret gets the same number
 *   wherever it is met
 */
FlashReportScrubber *
flash_report_scrubber_new (GPtrArray *secrets, const FlashReportPrivacy *privacy);
void flash_report_scrubber_free (FlashReportScrubber *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashReportScrubber, flash_report_scrubber_free)

/**
 * flash_report_scrubber_clean:
 * @text: any lines, valid UTF-8
 *
 * Finds a secret in upper and lower case, and as it stands in URLs (`%C3%A4`), in JSON (`\u00e4`)
 * and in names that udev and the kernel make (`\x20`, `\040`, an underscore). Names of users and
 * computers only as whole words, serial numbers of eight and more characters anywhere; and what is
 * a name or a number by what stands before it.
 *
 * Returns: (transfer full): the same with `<user>`, `<home>`, `<host>`, `<serial-1>`, `<address-1>`
 */
char *flash_report_scrubber_clean (FlashReportScrubber *self, const char *text);

G_END_DECLS
