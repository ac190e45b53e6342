/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memories of one microcontroller: a range is read, looked at, searched, saved and compared
 * with a file. Nothing on the chip is changed. Thread: main. */
#pragma once

#include "flash-board-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_MEMORY_WINDOW (flash_memory_window_get_type ())
G_DECLARE_FINAL_TYPE (FlashMemoryWindow, flash_memory_window, FLASH, MEMORY_WINDOW, AdwWindow)

/**
 * flash_memory_window_present:
 * @parent: the window; it has an application
 * @entry: the board; each has one window at most
 *
 * Returns: (transfer none): the window, which destroys itself
 */
GtkWindow *flash_memory_window_present (GtkWindow *parent, FlashBoardEntry *entry);

/* Returns: (transfer none): the board. */
FlashBoardEntry *flash_memory_window_get_entry (FlashMemoryWindow *self);

/* Saves what was read to @file as if it had been chosen; with %NULL nothing happens. For tests,
 * too. */
void flash_memory_window_save_to (FlashMemoryWindow *self, GFile *file);

/* Compares what was read with @file as if it had been chosen; with %NULL nothing happens. For
 * tests, too. */
void flash_memory_window_compare_with (FlashMemoryWindow *self, GFile *file);

G_END_DECLS
