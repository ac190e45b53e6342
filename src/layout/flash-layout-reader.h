/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a FlashLayout for people: every line, also behind the first fault, and what was meant.
 * For use inside this room. Thread: any. */
#pragma once

#include "flash-diag.h"
#include "flash-layout-board.h"
#include "flash-layout-row.h"

G_BEGIN_DECLS

/* More rows than this are not read. The board takes %FLASH_LAYOUT_MAX_LINES. */
#define FLASH_LAYOUT_MAX_ROWS 1000

/**
 * flash_layout_read_rows:
 * @text: the layout without STM32 header, at most %FLASH_LAYOUT_MAX_SIZE bytes
 * @verdict: the board's, which is made known through @diags as well
 *
 * Returns: (transfer full) (element-type FlashLayoutRow): the rows
 */
GPtrArray *
flash_layout_read_rows (GBytes *text, const FlashLayoutVerdict *verdict, FlashDiagList *diags);

/* Returns: whether there are control characters that no text holds. */
gboolean flash_layout_is_binary (const guint8 *bytes, gsize size);

/**
 * flash_layout_dup_wide:
 * @out_length: (out): of the result, in bytes; untouched without one
 *
 * Returns: (transfer full) (nullable): the text as UTF-8, if it is UTF-16; %NULL if not
 */
char *flash_layout_dup_wide (const guint8 *bytes, gsize size, gsize *out_length);

G_END_DECLS
