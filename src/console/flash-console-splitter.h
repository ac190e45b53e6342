/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes lines of bytes that come in pieces. For use inside this room and by its tests. Thread: any
 * one at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FlashConsoleSplitterFunc:
 * @text: a line that is safe to show, never empty
 * @time_us: when its first byte came
 */
typedef void (*FlashConsoleSplitterFunc) (const char *text, gint64 time_us, gpointer data);

typedef struct _FlashConsoleSplitter FlashConsoleSplitter;

/**
 * flash_console_splitter_new:
 * @func: called for each line; may call flash_console_splitter_flush ()
 *
 * Empty lines are left out. What is no text at all, because somebody talks at another speed, makes
 * one line that says so, until there is text again.
 */
FlashConsoleSplitter *flash_console_splitter_new (FlashConsoleSplitterFunc func, gpointer data);
void flash_console_splitter_free (FlashConsoleSplitter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashConsoleSplitter, flash_console_splitter_free)

/**
 * flash_console_splitter_add:
 * @bytes: (array length=length): what has come
 * @time_us: when
 */
void flash_console_splitter_add (FlashConsoleSplitter *self, const char *bytes, gsize length,
                                 gint64 time_us);

/* Makes a line of what has no end yet: a prompt, for example. */
void flash_console_splitter_flush (FlashConsoleSplitter *self);

/* Returns: whether there is something without an end. */
gboolean flash_console_splitter_has_rest (FlashConsoleSplitter *self);

G_END_DECLS
