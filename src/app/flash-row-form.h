/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One partition as a form, for windows that are too narrow for a table: the same seven cells, the
 * same edits. Thread: main. */
#pragma once

#include "flash-editor.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_ROW_FORM (flash_row_form_get_type ())
G_DECLARE_FINAL_TYPE (FlashRowForm, flash_row_form, FLASH, ROW_FORM, AdwWindow)

/**
 * flash_row_form_new:
 * @parent: (nullable): the window
 *
 * The form closes itself when the line is removed.
 */
GtkWidget *flash_row_form_new (GtkWindow *parent, FlashEditor *editor, FlashLayoutEntry *entry);

/* Signals:
 * `choose-file` (FlashLayoutEntry)  the user wants to choose a file */

G_END_DECLS
