/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the document share. For use inside this room. Thread: that of the document. */
#pragma once

#include "flash-layout-document.h"
#include "flash-layout-text.h"

G_BEGIN_DECLS

/* Returns: (transfer none): the text as it is now; valid until the next change. */
FlashLayoutText *flash_layout_document_get_text (FlashLayoutDocument *self);

/* Returns: whether @entry is one of @self now; its line is in @out_at, counted from 0. */
gboolean
flash_layout_document_locate (FlashLayoutDocument *self, FlashLayoutEntry *entry, guint *out_at);

/**
 * flash_layout_document_splice:
 * @lines: (element-type FlashLayoutTextLine): in place of @n_removed lines at @at; their ends are
 *   put right where they stand
 *
 * The one way to change lines.
 *
 * Returns: whether it was done; not if nothing would change, nor if the text would become larger
 *   than a layout may be
 */
gboolean flash_layout_document_splice (FlashLayoutDocument *self, guint at, guint n_removed,
                                       GPtrArray *lines, FlashLayoutEdit edit, const char *subject);

/* The same for one line. @line: (transfer full) */
gboolean
flash_layout_document_put_line (FlashLayoutDocument *self, guint at, FlashLayoutTextLine *line,
                                FlashLayoutEdit edit, const char *subject);

/**
 * flash_layout_document_hold:
 *
 * For many changes of lines at once: up to flash_layout_document_release () items-changed and
 * `edited` are not emitted. As soon as a change has done more than to replace a line by another
 * version of it, the entries are no longer those of the lines, and only what goes by numbers of
 * lines may be used.
 */
void flash_layout_document_hold (FlashLayoutDocument *self);
/* Brings everything up to date, and tells it once. */
void flash_layout_document_release (FlashLayoutDocument *self);

/* In place of everything. */
void
flash_layout_document_replace_text (FlashLayoutDocument *self, GBytes *bytes, FlashLayoutEdit edit);

G_END_DECLS
