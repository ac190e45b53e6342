/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report as a job would leave it, with something private in it. Thread: main. */
#pragma once

#include "flash-memory-bench.h"
#include "flash-report.h"

G_BEGIN_DECLS

#define FLASH_REPORT_BENCH_SERIAL "0042003A3338510239303339"

/* Returns: (transfer full): a report with a time line, findings, facts, a layout and a console. */
FlashReport *flash_report_bench_new (void);

/* Returns: (transfer full): what a toast says, as markup, if `none/R&D.zip` in that folder is to be
 * saved and there is no `none`. */
char *flash_report_bench_dup_refusal (const char *folder);

G_END_DECLS
