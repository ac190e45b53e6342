/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks what a new layout is for: chip, storage, and what it should have, and shows which partitions
 * it will have. Thread: main. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_NEW_DIALOG (flash_new_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlashNewDialog, flash_new_dialog, FLASH, NEW_DIALOG, AdwWindow)

/**
 * FlashNewDone:
 * @text: (transfer none) (nullable): the new layout, %NULL if the dialog was closed
 */
typedef void (*FlashNewDone) (GBytes *text, gpointer data);

/**
 * flash_new_dialog_present:
 * @parent: the window
 * @done: called once, before the dialog goes
 *
 * Shows the dialog, which destroys itself.
 */
void flash_new_dialog_present (GtkWindow *parent, FlashNewDone done, gpointer data);

G_END_DECLS
