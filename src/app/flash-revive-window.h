/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reviving a board that seems dead: the cases, by family and by what people see, then the steps of
 * one. Signal: `choose-file`: a file is to be opened in the main window. Thread: main. */
#pragma once

#include "flash-revive-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_REVIVE_WINDOW (flash_revive_window_get_type ())
G_DECLARE_FINAL_TYPE (FlashReviveWindow, flash_revive_window, FLASH, REVIVE_WINDOW, AdwWindow)

/**
 * flash_revive_window_present:
 * @parent: the window that it belongs to
 * @entry: (nullable): the board that is chosen there
 *
 * Returns: (transfer none): the window, which destroys itself
 */
GtkWindow *flash_revive_window_present (GtkWindow *parent, FlashApplication *application,
                                        FlashBoardEntry *entry);

/* Shows the steps of that case. */
void flash_revive_window_show_case (FlashReviveWindow *self, const char *case_id);
/* Returns: (transfer none) (nullable): what goes on; %NULL while a case is being chosen. */
FlashReviveRun *flash_revive_window_get_run (FlashReviveWindow *self);

/* What is open in the main window: @text, with @path (nullable) (type filename), a layout; or
 * @file. Both %NULL: nothing. */
void flash_revive_window_set_file (FlashReviveWindow *self, GBytes *text, const char *path,
                                   FlashFirmwareFile *file);

G_END_DECLS
