/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaving the program, or one of its windows, while boards are being flashed. Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the question about it is answered with, besides `cancel`. */
#define FLASH_QUIT_STOP "stop"
#define FLASH_QUIT_BACKGROUND "background"

/**
 * flash_quit_ask:
 * @parent: the window
 * @heading: the question
 * @stop_text: what stopping means, in whole sentences
 * @callback: called with @object, then the answer (const char *)
 * @object: whose affair it is; if it is gone nothing is called
 *
 * Asks whether to stop, or to go on without a window, where that can be shown again.
 *
 * Returns: (transfer none): the question, which destroys itself
 */
GtkWindow *flash_quit_ask (GtkWindow *parent, const char *heading, const char *stop_text,
                           GCallback callback, gpointer object);

/**
 * flash_quit_begin:
 * @application: the program
 *
 * Closes all windows; each that has something to lose asks. If boards are being flashed, it is
 * asked once for all of them whether to stop or to go on without windows. A window with a result
 * that nobody has seen is shown instead, and nothing else is done then.
 */
void flash_quit_begin (GtkApplication *application);

/* The job of a window is over: where the question whether to quit was about it alone, there is
 * nothing left to ask. */
void flash_quit_job_ended (GtkApplication *application);

G_END_DECLS
