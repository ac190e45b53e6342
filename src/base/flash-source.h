/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes that can be read at any offset: a file, or memory. Files are read in pieces, never held
 * whole, so that memory does not grow with an image.
 *
 * Immutable; thread: any, reading is positional and needs no lock. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define FLASH_TYPE_SOURCE (flash_source_get_type ())
G_DECLARE_FINAL_TYPE (FlashSource, flash_source, FLASH, SOURCE, GObject)

/**
 * flash_source_new_for_file:
 * @path: (type filename): a regular file; folders, pipes and devices are refused, because their
 *   size cannot be known before
 *
 * Opens the file and keeps it open, so that one which is renamed or replaced later is still the
 * one that was checked.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%G_IO_ERROR)
 */
FlashSource *flash_source_new_for_file (const char *path, GError **error);

/**
 * flash_source_new_for_bytes:
 * @name: what to call it in messages
 */
FlashSource *flash_source_new_for_bytes (GBytes *bytes, const char *name);

/* Returns: (transfer none): the path, or the name given. */
const char *flash_source_get_name (FlashSource *self);
/* Returns: the size in bytes when it was opened. */
guint64 flash_source_get_size (FlashSource *self);

/**
 * flash_source_read:
 * @offset: where to start
 * @out: (out caller-allocates): room for @length bytes
 * @length: how many bytes; all of them must exist
 *
 * Returns: %TRUE, or %FALSE with @error set: %G_IO_ERROR_PARTIAL_INPUT if the file is shorter
 *   than it was or than asked for, otherwise what the system said
 */
gboolean
flash_source_read (FlashSource *self, guint64 offset, guint8 *out, gsize length, GError **error);

/**
 * flash_source_has_changed:
 *
 * Returns: whether the file was written to since it was opened (size or modification time);
 *   always %FALSE for memory
 */
gboolean flash_source_has_changed (FlashSource *self);

/**
 * flash_source_checksum:
 * @offset: where to start
 * @length: how many bytes
 * @cancellable: (nullable): looked at between pieces
 *
 * Returns: (transfer full) (nullable): SHA-256 in lower-case hexadecimal, or %NULL with @error set
 */
char *flash_source_checksum (FlashSource *self, guint64 offset, guint64 length,
                             GCancellable *cancellable, GError **error);

G_END_DECLS
