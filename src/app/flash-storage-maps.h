/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The storage maps of a layout that is being edited: one FlashStorageView for each storage, and for
 * each boot partition of an eMMC. Follows the editor by itself; the same widgets stay as long as
 * their storage does, so that focus, zoom and a drag survive an edit.
 *
 * Thread: main. */
#pragma once

#include "flash-editor.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_STORAGE_MAPS (flash_storage_maps_get_type ())
G_DECLARE_FINAL_TYPE (FlashStorageMaps, flash_storage_maps, FLASH, STORAGE_MAPS, AdwBin)

/**
 * flash_storage_maps_set_editor:
 * @editor: (nullable): the layout to show; kept
 *
 * Without storages, or without @editor, it is invisible.
 */
void flash_storage_maps_set_editor (FlashStorageMaps *self, FlashEditor *editor);

/**
 * flash_storage_maps_select_line:
 * @line: a line of the text as it is now; 0 for none
 *
 * Shows that partition as chosen; nothing if it is on no map. Emits no signal.
 */
void flash_storage_maps_select_line (FlashStorageMaps *self, guint line);

/* Signals:
 * `selected` (guint line)  the user has chosen that line of the text; 0 for what is no partition */

G_END_DECLS
