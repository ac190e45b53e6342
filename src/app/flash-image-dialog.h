/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saves what the card of a board would hold as a file. Thread: main. */
#pragma once

#include "flash-card-frame.h"

G_BEGIN_DECLS

#define FLASH_TYPE_IMAGE_DIALOG (flash_image_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlashImageDialog, flash_image_dialog, FLASH, IMAGE_DIALOG, FlashCardFrame)

/**
 * flash_image_dialog_present:
 * @parent: the window
 * @editor: the open layout, saved as it is shown
 *
 * Returns: (transfer none): the dialog, which destroys itself
 */
GtkWindow *flash_image_dialog_present (GtkWindow *parent, FlashEditor *editor);

/* Saves to @file as if it had been chosen; with %NULL nothing happens. For tests, too. */
void flash_image_dialog_save_to (FlashImageDialog *self, GFile *file);

G_END_DECLS
