/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help, in a window of its own beside the work. Thread: main. */
#pragma once

#include "flash-help-text.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_HELP_WINDOW (flash_help_window_get_type ())
G_DECLARE_FINAL_TYPE (FlashHelpWindow, flash_help_window, FLASH, HELP_WINDOW, AdwWindow)

/**
 * flash_help_window_show:
 * @parent: who asks for it: a window, or a dialog of one; the help goes with the window
 * @address: name of a page, or `advice:CODE` (flash-help-advice.h); what does not exist shows the
 * index
 *
 * Shows the page in the window that is open already, if there is one.
 *
 * Returns: (transfer none): the window, which destroys itself
 */
GtkWindow *flash_help_window_show (GtkWindow *parent, const char *address);

G_END_DECLS
