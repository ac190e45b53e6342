/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in a firmware file and where it goes, as lists: its parts, those that are left out with
 * the reason, and the sectors that change.
 *
 * Signal `selected` (guint address): a row was chosen here, by its first address. Thread: main. */
#pragma once

#include "flash-firmware-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_FIRMWARE_LISTS (flash_firmware_lists_get_type ())
G_DECLARE_FINAL_TYPE (FlashFirmwareLists, flash_firmware_lists, FLASH, FIRMWARE_LISTS, AdwBin)

/* As many rows are shown in a list; the rest is counted. */
#define FLASH_FIRMWARE_MAX_ROWS 100

/* Shows what @model says now. */
void flash_firmware_lists_update (FlashFirmwareLists *self, FlashFirmwareModel *model);
/* Chooses the sectors that hold @address, if they are listed; no signal follows. */
void flash_firmware_lists_select (FlashFirmwareLists *self, guint32 address);

G_END_DECLS
