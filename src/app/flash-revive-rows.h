/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows around the present step of a board that is revived: the steps before and after it, and
 * what was achieved. Thread: main. */
#pragma once

#include "flash-recovery.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* @recovery: (nullable): whose steps; %NULL for none. A list without rows is hidden. */
void flash_revive_rows_show_steps (GtkListBox *passed, GtkListBox *coming, FlashRecovery *recovery);
/* @facts: (element-type FlashReviveFact): what was achieved. */
void flash_revive_rows_show_facts (GtkListBox *list, GPtrArray *facts);

G_END_DECLS
