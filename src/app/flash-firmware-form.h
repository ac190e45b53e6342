/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user wants of a firmware file: where bytes without an address begin, and how the job is
 * done. Thread: main. */
#pragma once

#include "flash-firmware-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_FIRMWARE_FORM (flash_firmware_form_get_type ())
G_DECLARE_FINAL_TYPE (FlashFirmwareForm, flash_firmware_form, FLASH, FIRMWARE_FORM, AdwBin)

/* Shows what @model says now, and changes it from now on. */
void flash_firmware_form_update (FlashFirmwareForm *self, FlashFirmwareModel *model);
/* Gives the keyboard to the address. */
void flash_firmware_form_focus_address (FlashFirmwareForm *self);

/**
 * flash_firmware_form_parse_address:
 * @text: hexadecimal digits, with or without `0x`
 * @out_address: (out): untouched on failure
 *
 * Returns: whether @text is an address below 2^32
 */
gboolean flash_firmware_form_parse_address (const char *text, guint32 *out_address);

G_END_DECLS
