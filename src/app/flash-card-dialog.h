/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes what the card of a board would hold to a card in this computer. Thread: main. */
#pragma once

#include "flash-card-frame.h"

G_BEGIN_DECLS

#define FLASH_TYPE_CARD_DIALOG (flash_card_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlashCardDialog, flash_card_dialog, FLASH, CARD_DIALOG, FlashCardFrame)

/**
 * flash_card_dialog_present:
 * @parent: the window
 * @editor: the open layout, written as it is shown
 *
 * Returns: (transfer none): the dialog, which destroys itself
 */
GtkWindow *flash_card_dialog_present (GtkWindow *parent, FlashEditor *editor);

G_END_DECLS
