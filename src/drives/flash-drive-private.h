/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What only this room knows of a drive. Thread: any. */
#pragma once

#include "flash-drive-facts.h"

G_BEGIN_DECLS

/* @facts: (transfer full) */
FlashDrive *flash_drive_new (GDBusConnection *connection, FlashDriveFacts *facts);

/* Returns: (transfer none) */
const FlashDriveFacts *flash_drive_get_facts (FlashDrive *self);

/* Returns: (transfer none): the bus on which UDisks was found. */
GDBusConnection *flash_drive_get_connection (FlashDrive *self);

/**
 * flash_drive_write_set_takes_files:
 *
 * For tests, whose disks are files: whether a regular file may be written to in place of a disk.
 * A program never calls this: to it, a regular file is another thing than it asked UDisks for.
 */
void flash_drive_write_set_takes_files (gboolean is_true);

G_END_DECLS
