/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A repair file that somebody was sent: what support says, the present step with its drawing, one
 * button, and the report afterwards; nothing else. Thread: main; files are read in a thread. */
#pragma once

#include "flash-repair.h"
#include "flash-revive-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_REPAIR_WINDOW (flash_repair_window_get_type ())
G_DECLARE_FINAL_TYPE (FlashRepairWindow, flash_repair_window, FLASH, REPAIR_WINDOW, AdwWindow)

/**
 * flash_repair_window_present:
 * @parent: the window that it belongs to
 * @repair: what was read
 * @path: (type filename): where it was read from
 * @entry: (nullable): the board that is chosen; %NULL for whichever shows up
 *
 * Returns: (transfer none): the window, which destroys itself
 */
GtkWindow *
flash_repair_window_present (GtkWindow *parent, FlashApplication *application, FlashRepair *repair,
                             const char *path, FlashBoardEntry *entry);

/* Returns: (transfer none): what goes on. */
FlashReviveRun *flash_repair_window_get_run (FlashRepairWindow *self);

/* Returns: (transfer full): why a repair file cannot be used, cause and remedy. */
char *flash_repair_words_dup_fault (const GError *error);

G_END_DECLS
