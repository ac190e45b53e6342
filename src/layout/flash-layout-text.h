/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a layout while it is edited: its lines, byte for byte. Lines are split as
 * flash_layout_read_rows () does it, so that their numbers are those of the diagnostics.
 * For use inside this room. Thread: that of the document. */
#pragma once

#include "flash-layout-document.h"
#include "flash-layout-entry-private.h"

G_BEGIN_DECLS

/**
 * FlashLayoutTextLine:
 * @text: (array length=length): its bytes without end, NUL behind them
 * @end: its end: one line feed or carriage return, with more carriage returns before it; empty at
 *   the end of the text
 * @cells: (nullable): if it is a partition
 * @entry: (nullable): the same; lines that are one to the user, before and after a change, share it
 *
 * Immutable; counts references (g_rc_box), so that the history keeps lines and not copies.
 */
typedef struct {
  char *text;
  gsize length;
  char *end;
  FlashLayoutEntryCells *cells;
  FlashLayoutEntry *entry;
} FlashLayoutTextLine;

/**
 * flash_layout_text_line_new:
 * @text: (array length=length): without NUL
 * @end: see #FlashLayoutTextLine
 * @entry: (nullable): of the line that this one is a new version of
 */
FlashLayoutTextLine *flash_layout_text_line_new (const char *text, gsize length, const char *end,
                                                 FlashLayoutEntry *entry);
/* Returns: (transfer full): the same line with another end. */
FlashLayoutTextLine *flash_layout_text_line_with_end (FlashLayoutTextLine *self, const char *end);
/* Returns: (transfer full): another text in its place; the same line to the user if both are
 * partitions. */
FlashLayoutTextLine *flash_layout_text_line_replace (FlashLayoutTextLine *self, const char *text);
FlashLayoutTextLine *flash_layout_text_line_ref (FlashLayoutTextLine *self);
void flash_layout_text_line_unref (FlashLayoutTextLine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashLayoutTextLine, flash_layout_text_line_unref)

/**
 * FlashLayoutText:
 * @obstacle: why there are no lines
 * @raw: (nullable): with an obstacle, all bytes
 * @has_mark: whether a byte order mark is in front
 * @lines: (element-type FlashLayoutTextLine)
 * @size: in bytes
 */
typedef struct {
  FlashLayoutObstacle obstacle;
  GBytes *raw;
  gboolean has_mark;
  GPtrArray *lines;
  gsize size;
} FlashLayoutText;

/* Returns: (transfer full): the text, split into lines if it can be edited. @bytes: any. */
FlashLayoutText *flash_layout_text_new (GBytes *bytes);
void flash_layout_text_free (FlashLayoutText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashLayoutText, flash_layout_text_free)

/* Returns: (transfer full): all bytes. */
GBytes *flash_layout_text_dup_bytes (const FlashLayoutText *self);

/* Returns: (transfer none): the line at @index, which must exist. */
FlashLayoutTextLine *flash_layout_text_get_line (const FlashLayoutText *self, guint index);

/**
 * flash_layout_text_mend_ends:
 * @at: (inout): index of the first line that goes
 * @n_removed: (inout): how many go
 * @lines: (element-type FlashLayoutTextLine): what comes in their place, with whatever ends
 *
 * Sees to it that the lines are still those lines when the text is read again: each one but the
 * last is ended. The last one goes on without end where it did before, unless it is a comment,
 * which makes the board miscount (stm32mp-usb.md section 3.4), or all lines of the text are
 * replaced by such with ends. Takes in a line beside the others where its end has to change.
 *
 * Returns: (transfer full) (element-type FlashLayoutTextLine): the lines with right ends
 */
GPtrArray *flash_layout_text_mend_ends (const FlashLayoutText *self, guint *at, guint *n_removed,
                                        GPtrArray *lines);

/* Returns: whether the @n_lines lines at @at are @lines, byte for byte. */
gboolean flash_layout_text_has_lines (const FlashLayoutText *self, guint at, guint n_lines,
                                      GPtrArray *lines);

/* Returns: whether that change would change any byte and leave a text that is not too large. */
gboolean flash_layout_text_can_splice (const FlashLayoutText *self, guint at, guint n_removed,
                                       GPtrArray *lines);

/**
 * flash_layout_text_splice:
 * @at: index of the first line that goes
 * @n_removed: how many go
 * @lines: (element-type FlashLayoutTextLine): what comes in their place
 *
 * Returns: (transfer full) (element-type FlashLayoutTextLine): the lines that went
 */
GPtrArray *
flash_layout_text_splice (FlashLayoutText *self, guint at, guint n_removed, GPtrArray *lines);

/**
 * flash_layout_text_dup_plain:
 * @bytes: any
 *
 * Returns: (transfer full) (nullable): the same as UTF-8 without byte order mark, STM32 header and
 *   NUL bytes; %NULL if it is no text
 */
GBytes *flash_layout_text_dup_plain (GBytes *bytes);

/* Returns: an array of lines. */
GPtrArray *flash_layout_text_line_array_new (void);

G_END_DECLS
