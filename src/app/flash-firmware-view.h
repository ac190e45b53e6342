/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chip with the firmware on it: map, legend, what is chosen, and what all of it means.
 *
 * Signal `selected` (guint address): a part was chosen here, by its first address. Thread: main. */
#pragma once

#include "flash-firmware-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_FIRMWARE_VIEW (flash_firmware_view_get_type ())
G_DECLARE_FINAL_TYPE (FlashFirmwareView, flash_firmware_view, FLASH, FIRMWARE_VIEW, AdwBin)

/* Shows what @model says now; hidden as long as no chip is known. */
void flash_firmware_view_update (FlashFirmwareView *self, FlashFirmwareModel *model);
/* Chooses the part that holds @address, if there is one; no signal follows. */
void flash_firmware_view_select (FlashFirmwareView *self, guint32 address);
/* Gives the keyboard to the map. */
void flash_firmware_view_focus (FlashFirmwareView *self);

G_END_DECLS
