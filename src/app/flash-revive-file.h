/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a board is to be revived with: a layout or firmware, read and checked in a thread.
 *
 * Signal: `changed`: it is another one, or it is checked now. Thread: main. */
#pragma once

#include "flash-revive-job.h"

G_BEGIN_DECLS

#define FLASH_TYPE_REVIVE_FILE (flash_revive_file_get_type ())
G_DECLARE_FINAL_TYPE (FlashReviveFile, flash_revive_file, FLASH, REVIVE_FILE, GObject)

/* Returns: (transfer full): nothing chosen yet. */
FlashReviveFile *flash_revive_file_new (void);

/**
 * flash_revive_file_set_layout:
 * @text: a layout, which is checked
 * @path: (nullable) (type filename): its file
 */
void flash_revive_file_set_layout (FlashReviveFile *self, GBytes *text, const char *path);
/* @file: firmware, as it was read. */
void flash_revive_file_set_firmware (FlashReviveFile *self, FlashFirmwareFile *file);
/* Reads the layout or firmware at @path. */
void flash_revive_file_open (FlashReviveFile *self, const char *path, gboolean is_layout);

/* Returns: (transfer none): what was chosen; filled with zeroes if nothing was. */
const FlashReviveSource *flash_revive_file_get_source (FlashReviveFile *self);
/* Returns: whether it can be flashed, as far as it was checked without a board. */
gboolean flash_revive_file_is_usable (FlashReviveFile *self);
/* Returns: (transfer full) (nullable): its name. */
char *flash_revive_file_dup_name (FlashReviveFile *self);
/* Returns: (transfer none) (nullable): translated: why it cannot be used. */
const char *flash_revive_file_get_fault (FlashReviveFile *self);

G_END_DECLS
