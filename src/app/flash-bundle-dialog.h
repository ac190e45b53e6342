/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lets the user choose one of the layouts in a folder or an archive. Thread: main. */
#pragma once

#include "flash-bundle.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_BUNDLE_DIALOG (flash_bundle_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlashBundleDialog, flash_bundle_dialog, FLASH, BUNDLE_DIALOG, AdwWindow)

/* The value of “no layout”. */
#define FLASH_BUNDLE_NO_LAYOUT G_MAXUINT

/**
 * FlashBundleChosen:
 * @index: the layout that was chosen
 * @object: whose affair it is
 */
typedef void (*FlashBundleChosen) (guint index, gpointer object);

/**
 * FlashBundleOffer:
 * @bundle: the folder or archive
 * @open_index: the layout that is open, or %FLASH_BUNDLE_NO_LAYOUT
 * @proposed_index: the one that is most likely meant
 * @reason: why; %FLASH_BUNDLE_REASON_NAME if nothing speaks for it
 */
typedef struct {
  FlashBundle *bundle;
  guint open_index;
  guint proposed_index;
  FlashBundleReason reason;
} FlashBundleOffer;

/**
 * flash_bundle_dialog_present:
 * @parent: the window
 * @offer: (transfer none): what there is; read now, its bundle is kept
 * @chosen: called when one was chosen; not if the dialog is closed
 * @object: (type GObject): whose affair it is; if it is gone nothing is called
 *
 * Returns: (transfer none): the dialog, which destroys itself
 */
GtkWindow *flash_bundle_dialog_present (GtkWindow *parent, const FlashBundleOffer *offer,
                                        FlashBundleChosen chosen, gpointer object);

G_END_DECLS
