/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be written to a card: a size, the ranges in which there is something, and where the
 * bytes come from. Immutable, counted references; thread: any. */
#pragma once

#include "flash-range.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashDriveReadFunc:
 * @offset: where to start
 * @buffer: (out caller-allocates): room for @length bytes
 * @length: how many bytes; they lie inside of one of the ranges
 * @user_data: as given to flash_drive_content_new ()
 *
 * Called by the thread that writes, one call at a time, and twice for each byte: when it is written
 * and when it is compared.
 *
 * Returns: %TRUE if all of @buffer was filled, else %FALSE with @error set
 */
typedef gboolean (*FlashDriveReadFunc) (guint64 offset, guint8 *buffer, gsize length,
                                        gpointer user_data, GError **error);

typedef struct _FlashDriveContent FlashDriveContent;

/**
 * flash_drive_content_new:
 * @size_bytes: how large the card must be; not 0
 * @ranges: (element-type FlashRange) (transfer none): what must be written: ascending, not
 *   overlapping, not empty, not beyond @size_bytes; it is copied. An image that is not sparse has
 *   one range
 * @read: gives the bytes
 * @user_data: for @read; given away, it may die on any thread
 * @destroy: (nullable): frees @user_data
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_DRIVE_ERROR_SOURCE) if @ranges
 *   are not as they should be; @user_data is freed then
 */
FlashDriveContent *
flash_drive_content_new (guint64 size_bytes, GArray *ranges, FlashDriveReadFunc read,
                         gpointer user_data, GDestroyNotify destroy, GError **error);

FlashDriveContent *flash_drive_content_ref (FlashDriveContent *self);
void flash_drive_content_unref (FlashDriveContent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashDriveContent, flash_drive_content_unref)

guint64 flash_drive_content_get_size (const FlashDriveContent *self);

/* Returns: (transfer none) (element-type FlashRange): what is to be written. */
const GArray *flash_drive_content_get_ranges (const FlashDriveContent *self);

/* Returns: the sum of the ranges: how many bytes will be written. */
guint64 flash_drive_content_get_payload (const FlashDriveContent *self);

/**
 * flash_drive_content_read:
 *
 * Reads @length bytes from @offset on into @buffer.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_DRIVE_ERROR_SOURCE, and the words of the
 *   source)
 */
gboolean flash_drive_content_read (const FlashDriveContent *self, guint64 offset, guint8 *buffer,
                                   gsize length, GError **error);

G_END_DECLS
