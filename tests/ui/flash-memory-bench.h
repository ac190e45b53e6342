/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The windows about the memories of a microcontroller, opened and used as people do.
 * Thread: main. */
#pragma once

#include "flash-firmware-bench.h"

G_BEGIN_DECLS

/**
 * flash_memory_bench_open:
 * @action: of the window, such as `win.memory`; it must be possible
 * @type: of the window that it opens
 *
 * Returns: (transfer none): that window, once it is shown
 */
GtkWidget *flash_memory_bench_open (FlashAppFixture *fixture, const char *action, GType type);

/* Returns: (transfer none): the mapped widget with that id in @window, which must exist. */
gpointer flash_memory_bench_get (GtkWidget *window, const char *id);
/* Returns: whether a widget with that id is shown. */
gboolean flash_memory_bench_has (GtkWidget *window, const char *id);
/* Returns: (transfer none): the text of the label with that id. */
const char *flash_memory_bench_get_text (GtkWidget *window, const char *id);
/* Presses the widget with that id: with the pointer where there is one. */
void flash_memory_bench_press (GtkWidget *window, const char *id);
/* Puts @text into the field with that id. */
void flash_memory_bench_type (GtkWidget *window, const char *id, const char *text);
/* Waits until a dialog says how it ended. */
void flash_memory_bench_wait_for_outcome (GtkWidget *dialog);
/* Returns: whether a label in @window has that text. */
gboolean flash_memory_bench_says (GtkWidget *window, const char *text);
/* Reads the chosen range, and waits for the bytes. */
void flash_memory_bench_read (GtkWidget *window);
/* Closes @window and waits until it is gone. */
void flash_memory_bench_close (GtkWidget *window);
/* Returns: (transfer full): what lies in a file of the board's storage. */
GBytes *flash_memory_bench_load (FlashAppFixture *fixture, const char *model, const char *memory);

G_END_DECLS
