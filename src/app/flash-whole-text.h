/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is cut off can be read nevertheless: under the pointer, or in several lines. Thread: main.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * flash_whole_text_watch:
 *
 * From now on, each window of the program shows the whole of a label that is cut off while the
 * pointer rests on it, unless something inside of the window has another tooltip there. Call once,
 * after GTK was started. Thread: main.
 */
void flash_whole_text_watch (void);

/**
 * flash_whole_text_wrap:
 * @root: a widget of the toolkit that would cut its labels off, such as a #AdwPreferencesGroup
 *
 * Lets the headings in @root be as many lines as they need. Thread: main.
 */
void flash_whole_text_wrap (GtkWidget *root);

G_END_DECLS
