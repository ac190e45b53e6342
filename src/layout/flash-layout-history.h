/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done to a text, in steps that can be taken back. A change is lines in place of others,
 * or another text in place of the whole; either is kept as it was, so that taking it back gives the
 * same bytes. For use inside this room. Thread: that of the document. */
#pragma once

#include "flash-layout-text.h"

G_BEGIN_DECLS

typedef struct _FlashLayoutHistory FlashLayoutHistory;

/* @text: (transfer full): what is changed */
FlashLayoutHistory *flash_layout_history_new (FlashLayoutText *text);
void flash_layout_history_free (FlashLayoutHistory *self);

/* Returns: (transfer none): the text as it is now; valid until the next change. */
FlashLayoutText *flash_layout_history_get_text (FlashLayoutHistory *self);

/* --- changing; only inside of a step --- */

/**
 * flash_layout_history_splice:
 *
 * See flash_layout_text_splice ().
 */
void
flash_layout_history_splice (FlashLayoutHistory *self, guint at, guint n_removed, GPtrArray *lines);
/* @text: (transfer full): what comes in place of the whole text */
void flash_layout_history_replace (FlashLayoutHistory *self, FlashLayoutText *text);

/* --- steps --- */

/* Steps nest; name and subject of the outermost count. @subject: (nullable). */
void
flash_layout_history_begin (FlashLayoutHistory *self, FlashLayoutEdit edit, const char *subject);
/* Returns: whether the lines have changed by it: a step that leaves the same bytes is taken back.
 */
gboolean flash_layout_history_end (FlashLayoutHistory *self);
/* Takes back what the innermost step did, and ends it. Returns: whether there was something. */
gboolean flash_layout_history_abandon (FlashLayoutHistory *self);
gboolean flash_layout_history_is_open (FlashLayoutHistory *self);

/* Returns: whether there was something; never while a step is open. */
gboolean flash_layout_history_undo (FlashLayoutHistory *self);
gboolean flash_layout_history_redo (FlashLayoutHistory *self);

/* @out_subject: (out) (optional) (nullable) (transfer none). */
FlashLayoutEdit flash_layout_history_peek_undo (FlashLayoutHistory *self, const char **out_subject);
FlashLayoutEdit flash_layout_history_peek_redo (FlashLayoutHistory *self, const char **out_subject);

G_END_DECLS
