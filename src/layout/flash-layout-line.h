/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One data line of a FlashLayout for people. For use inside this room. Thread: any. */
#pragma once

#include "flash-diag.h"
#include "flash-layout-row.h"

G_BEGIN_DECLS

/**
 * flash_layout_read_line:
 * @text: the line without its end, any bytes; neither empty nor a comment
 * @line: from 1
 * @diags: what is wrong with it
 *
 * Returns: (transfer full) (nullable): the row, as much as could be read; %NULL if the line is
 *   none
 */
FlashLayoutRow *flash_layout_read_line (const char *text, guint line, FlashDiagList *diags);

G_END_DECLS
