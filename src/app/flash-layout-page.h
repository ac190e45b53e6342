/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open layout: storage maps, table, problems, and the bar with the button that starts the job.
 * What is chosen in one of them is chosen in all. Thread: main. */
#pragma once

#include "flash-editor.h"
#include "flash-note-bar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_LAYOUT_PAGE (flash_layout_page_get_type ())
G_DECLARE_FINAL_TYPE (FlashLayoutPage, flash_layout_page, FLASH, LAYOUT_PAGE, AdwBin)

/**
 * flash_layout_page_set_editor:
 * @editor: the open layout; a reference is kept
 */
void flash_layout_page_set_editor (FlashLayoutPage *self, FlashEditor *editor);

/* What is just being typed in a cell is taken over. */
void flash_layout_page_finish (FlashLayoutPage *self);

/* Of all partitions only the chosen ones are to be flashed; the others are kept as they are. */
void flash_layout_page_keep_only (FlashLayoutPage *self);

/**
 * flash_layout_page_set_target:
 * @name: (nullable): the board that would be flashed
 */
void flash_layout_page_set_target (FlashLayoutPage *self, const char *name);

/**
 * flash_layout_page_set_note:
 * @note: (nullable): what is said beside the button that starts the job
 * @blocks: whether the button cannot be pressed for that reason
 */
void flash_layout_page_set_note (FlashLayoutPage *self, const FlashNote *note, gboolean blocks);

/* Scrolls to the problems and gives them the keyboard. */
void flash_layout_page_show_problems (FlashLayoutPage *self);

/* Gives the keyboard to the first storage map, or to the table. */
void flash_layout_page_focus (FlashLayoutPage *self);

G_END_DECLS
