/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a serial line carries, as text that is safe to show. For use inside this room and by its
 * tests. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLASH_CONSOLE_MAX_CHARS 500

/**
 * flash_console_plain_dup:
 * @bytes: (array length=length): one line, not trusted
 *
 * Takes out what would move the cursor or change colours on a terminal; tabs become blanks, and
 * blanks at the end go.
 *
 * Returns: (transfer full): valid UTF-8 without control characters, at most
 *   %FLASH_CONSOLE_MAX_CHARS
 */
char *flash_console_plain_dup (const char *bytes, gsize length);

/* Returns: whether so much of @bytes is no text that somebody else's speed was used. */
gboolean flash_console_plain_is_noise (const char *bytes, gsize length);

/* Returns: whether @bytes are all text, and enough of it to believe that noise has ended. */
gboolean flash_console_plain_is_text (const char *bytes, gsize length);

G_END_DECLS
