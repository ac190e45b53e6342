/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program is, and what is known of where it runs. Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * flash_about_present:
 * @parent: (nullable): the window that it belongs to
 * @root: (nullable) (type filename): where this computer's file system begins
 *
 * Shows it.
 *
 * Returns: (transfer none): the window, which destroys itself
 */
GtkWindow *flash_about_present (GtkWindow *parent, const char *root);

/**
 * flash_about_dup_debug_info:
 * @root: (nullable) (type filename): where this computer's file system begins
 *
 * Versions and surroundings for a bug report, in English; nothing that names the user, the computer
 * or a board.
 *
 * Returns: (transfer full): some lines
 */
char *flash_about_dup_debug_info (const char *root);

/**
 * flash_about_dup_release_notes:
 * @metainfo: the text of an AppStream file
 * @version: of a release
 *
 * Returns: (transfer full) (nullable): what is new in it, translated, as #AdwAboutWindow takes it;
 *   %NULL if the file says nothing of it
 */
char *flash_about_dup_release_notes (const char *metainfo, const char *version);

G_END_DECLS
