/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drives that may be overwritten, as a GListModel of FlashDrive in the order of
 * their names at UDisks; it follows what is plugged in and taken out. Everything else that UDisks
 * knows is not in it (flash-drive-judge.h).
 *
 * A drive whose facts change (it gets mounted, its card is changed) is replaced by another object
 * at the same place.
 *
 * Thread: main. */
#pragma once

#include "flash-drive.h"

G_BEGIN_DECLS

/**
 * FlashDriveListState:
 * @FLASH_DRIVE_LIST_STARTING: UDisks has been asked
 * @FLASH_DRIVE_LIST_READY: the list is complete and follows
 * @FLASH_DRIVE_LIST_NO_SERVICE: there is no UDisks; the list is empty until one comes
 */
typedef enum {
  FLASH_DRIVE_LIST_STARTING,
  FLASH_DRIVE_LIST_READY,
  FLASH_DRIVE_LIST_NO_SERVICE,
} FlashDriveListState;

#define FLASH_TYPE_DRIVE_LIST (flash_drive_list_get_type ())
G_DECLARE_FINAL_TYPE (FlashDriveList, flash_drive_list, FLASH, DRIVE_LIST, GObject)

/**
 * FlashDriveList::changed:
 *
 * The state, or the number of refused drives, has changed. Drives are told of by
 * #GListModel::items-changed.
 */

/**
 * flash_drive_list_new:
 * @connection: (nullable): the bus with UDisks on it; %NULL is the system bus
 *
 * Begins to look; the result comes by signals.
 */
FlashDriveList *flash_drive_list_new (GDBusConnection *connection);

FlashDriveListState flash_drive_list_get_state (FlashDriveList *self);

/* Returns: (transfer none) (nullable): why there is no UDisks (%FLASH_DRIVE_ERROR); %NULL in the
 * other states. */
const GError *flash_drive_list_get_error (FlashDriveList *self);

/* Returns: how many drives UDisks knows that are not offered. */
guint flash_drive_list_get_n_refused (FlashDriveList *self);

/* Returns: (transfer full) (nullable): the drive with that id, %NULL if it is not listed. */
FlashDrive *flash_drive_list_find (FlashDriveList *self, const char *id);

G_END_DECLS
