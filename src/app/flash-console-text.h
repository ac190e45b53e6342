/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a serial console as text: with their time, and with what the failures among them mean.
 * Thread: main. */
#pragma once

#include "flash-console.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Returns: (transfer none): what a recognised failure means, in a few words. */
const char *flash_console_text_mark (const FlashConsoleMark *mark);

/**
 * flash_console_text_dup_line:
 * @line: of a console
 * @zero_us: monotonic: when the time begins
 *
 * Returns: (transfer full): the line with its time, without an end
 */
char *flash_console_text_dup_line (const FlashConsoleLine *line, gint64 zero_us);

/**
 * flash_console_text_append:
 * @buffer: gets the line at its end; at most %FLASH_CONSOLE_MAX_LINES stay
 * @line: of a console
 * @zero_us: monotonic: when the time begins
 */
void
flash_console_text_append (GtkTextBuffer *buffer, const FlashConsoleLine *line, gint64 zero_us);

/**
 * flash_console_text_dup_error:
 * @error: why a serial port could not be opened
 * @path: (type filename): the port
 *
 * Returns: (transfer full): cause and remedy
 */
char *flash_console_text_dup_error (const GError *error, const char *path);

G_END_DECLS
