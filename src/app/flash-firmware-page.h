/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open firmware file: what it is, the chip with it, problems, options, lists, and the bar with
 * the button that starts the job. What is chosen in the map is chosen in the lists, and the other
 * way round. Thread: main. */
#pragma once

#include "flash-board-entry.h"
#include "flash-firmware-model.h"
#include "flash-note-bar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_FIRMWARE_PAGE (flash_firmware_page_get_type ())
G_DECLARE_FINAL_TYPE (FlashFirmwarePage, flash_firmware_page, FLASH, FIRMWARE_PAGE, AdwBin)

/**
 * flash_firmware_page_set_model:
 * @model: (nullable): the open file; a reference is kept
 */
void flash_firmware_page_set_model (FlashFirmwarePage *self, FlashFirmwareModel *model);

/**
 * flash_firmware_page_set_target:
 * @entry: (nullable): the board that would be flashed
 */
void flash_firmware_page_set_target (FlashFirmwarePage *self, FlashBoardEntry *entry);

/**
 * flash_firmware_page_set_note:
 * @note: (nullable): what is said beside the button that starts the job
 * @blocks: whether the button cannot be pressed for that reason
 */
void flash_firmware_page_set_note (FlashFirmwarePage *self, const FlashNote *note, gboolean blocks);

/* Scrolls to the problems and gives them the keyboard. */
void flash_firmware_page_show_problems (FlashFirmwarePage *self);

/* Gives the keyboard to the map, or to the address if there is one to be given. */
void flash_firmware_page_focus (FlashFirmwarePage *self);

G_END_DECLS
