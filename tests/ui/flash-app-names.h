/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether everything that takes the keyboard can be told by somebody who does not see it.
 * Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * flash_app_names_find:
 * @root: a window or popover that is shown
 *
 * Returns: (transfer full) (element-type utf8): a line for each thing that takes the keyboard and
 *   has no name, and each progress bar that does not tell how far it is
 */
GPtrArray *flash_app_names_find (GtkWidget *root);

/**
 * flash_app_names:
 * @root: the same
 * @name: what to call it
 *
 * Fails the running test for each finding, and says what it is.
 */
void flash_app_names (GtkWidget *root, const char *name);

G_END_DECLS
