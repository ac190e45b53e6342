/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few calls of UDisks that are needed, with their names in one place. They wait for the answer.
 *
 * Thread: any but the main one. */
#pragma once

#include "flash-drive-facts.h"

G_BEGIN_DECLS

#define FLASH_UDISKS_NAME "org.freedesktop.UDisks2"
#define FLASH_UDISKS_PATH "/org/freedesktop/UDisks2"

/**
 * flash_udisks_get_facts:
 *
 * Returns: (transfer full) (nullable) (element-type FlashDriveFacts): all drives as they are now;
 *   %NULL with @error set (%FLASH_DRIVE_ERROR, %G_IO_ERROR_CANCELLED)
 */
GPtrArray *
flash_udisks_get_facts (GDBusConnection *connection, GCancellable *cancellable, GError **error);

/**
 * flash_udisks_unmount:
 * @facts: a drive; every place where something of it is mounted is unmounted
 *
 * Does not force anything: what is in use stays mounted, with %FLASH_DRIVE_ERROR_BUSY and what it
 * is.
 */
gboolean flash_udisks_unmount (GDBusConnection *connection, const FlashDriveFacts *facts,
                               GCancellable *cancellable, GError **error);

/**
 * flash_udisks_open:
 * @facts: a drive; its whole disk is opened
 * @mode: `r` or `rw`
 * @flags: for open (2), without the mode
 *
 * Returns: a file descriptor to close, or -1 with @error set
 */
int flash_udisks_open (GDBusConnection *connection, const FlashDriveFacts *facts, const char *mode,
                       int flags, GCancellable *cancellable, GError **error);

/* Lets the kernel and UDisks look at what is on the disk now. */
gboolean
flash_udisks_rescan (GDBusConnection *connection, const FlashDriveFacts *facts, GError **error);

/* Ejects the medium, or cuts the power, or does nothing, by what the drive can. */
gboolean flash_udisks_release (GDBusConnection *connection, const FlashDriveFacts *facts,
                               GCancellable *cancellable, GError **error);

G_END_DECLS
