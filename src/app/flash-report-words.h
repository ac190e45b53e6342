/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in a report, as texts to be shown. Nothing of a report is believed: what is too long is
 * cut, which is said. Thread: main. */
#pragma once

#include "flash-report.h"

G_BEGIN_DECLS

/* So much of one text is shown at most, in characters, and so much in one line. */
#define FLASH_REPORT_WORDS_MAX_CHARS 200000
#define FLASH_REPORT_WORDS_LINE_CHARS 1000

/* Returns: (transfer none) (array zero-terminated=1): the sources of moments. */
const char *const *flash_report_words_list_sources (void);
/* Returns: (transfer none): translated, or @source itself if it is unknown. */
const char *flash_report_words_source (const char *source);
/* Returns: (transfer none): the name of an icon. */
const char *flash_report_words_icon (const char *source);
/* Returns: (transfer none): translated: the title of that section, or its name. */
const char *flash_report_words_section (const char *name);
/* Returns: (transfer full): minutes, seconds and milliseconds: “1:02.345”. */
char *flash_report_words_dup_time (gint64 time_ms);
/* Returns: (transfer full): a moment in one line, for copying. */
char *flash_report_words_dup_moment (const FlashReportMoment *moment);
/* Returns: (transfer full): all facts of a section, one a line, indented by their place in it. */
char *flash_report_words_dup_facts (JsonNode *section);
/* Returns: (transfer full): what of a text is shown. */
char *flash_report_words_dup_shown (const char *text);
/* Returns: (transfer full): translated: why a file was not opened. */
char *flash_report_words_dup_refusal (const GError *error);

G_END_DECLS
