/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look at JSON from anybody before the parser gets it, which calls itself for each level and
 * keeps each value in memory. For use inside this room. Thread: any. */
#pragma once

#include "flash-report.h"

G_BEGIN_DECLS

/* The deepest facts have five levels. */
#define FLASH_REPORT_JSON_MAX_DEPTH 32
/* A full time line has four values in each moment. */
#define FLASH_REPORT_JSON_MAX_VALUES 250000

/**
 * flash_report_json_check:
 * @text: (array length=size): what claims to be JSON
 *
 * Only counts; whether it is JSON is for the parser to say.
 *
 * Returns: whether it may be parsed; %FALSE with @error set (%FLASH_REPORT_ERROR)
 */
gboolean flash_report_json_check (const char *text, gsize size, GError **error);

G_END_DECLS
