/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A progress bar in the last line of a terminal. Where the standard output is not a terminal
 * there is none. Thread: main. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _FlashCliBar FlashCliBar;

FlashCliBar *flash_cli_bar_new (void);
/* Removes the bar from the screen. */
void flash_cli_bar_free (FlashCliBar *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashCliBar, flash_cli_bar_free)

/**
 * flash_cli_bar_show:
 * @fraction: 0 to 1
 * @text: what stands behind it; cut to the width of the terminal
 */
void flash_cli_bar_show (FlashCliBar *self, double fraction, const char *text);

/* Takes the bar away, so that a line can be printed; the next flash_cli_bar_show () brings it
 * back. */
void flash_cli_bar_hide (FlashCliBar *self);

G_END_DECLS
