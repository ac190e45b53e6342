/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user can choose once for all windows. Thread: main. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_PREFERENCES_WINDOW (flash_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (FlashPreferencesWindow, flash_preferences_window, FLASH, PREFERENCES_WINDOW,
                      AdwPreferencesWindow)

/**
 * flash_preferences_window_present:
 * @parent: (nullable): the window that it belongs to
 * @settings: what is changed, at once
 *
 * Shows the preferences; there is one window of them above each parent.
 *
 * Returns: (transfer none): the window, which destroys itself
 */
GtkWindow *flash_preferences_window_present (GtkWindow *parent, GSettings *settings);

G_END_DECLS
