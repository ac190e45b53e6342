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

G_END_DECLS
