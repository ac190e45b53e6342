/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks say about the open layout, by line: with buttons that mend what a program can
 * mend, and a filter. It follows its editor by itself, and changes only what differs, so that
 * neither scrolling nor the keyboard's place is lost while somebody types. Thread: main. */
#pragma once

#include "flash-editor.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_PROBLEM_PANEL (flash_problem_panel_get_type ())
G_DECLARE_FINAL_TYPE (FlashProblemPanel, flash_problem_panel, FLASH, PROBLEM_PANEL, AdwBin)

GtkWidget *flash_problem_panel_new (void);

/* @editor: (nullable): whose problems are shown; a reference is kept. */
void flash_problem_panel_set_editor (FlashProblemPanel *self, FlashEditor *editor);

/* Brings the keyboard to the first problem, or to the filter if none is shown. */
void flash_problem_panel_focus (FlashProblemPanel *self);

/**
 * flash_problem_panel_show_line:
 * @line: of the text, counted from 1; 0 for what is about the whole file
 *
 * Scrolls to the problems of a line. Nothing happens if it has none, or the filter hides them.
 */
void flash_problem_panel_show_line (FlashProblemPanel *self, guint line);

/* Signal `activated` (guint line, guint column): a problem was activated; column 0 if it is about
 * the whole line. Problems about the whole file do not emit it. */

G_END_DECLS
