/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gzip, with its checksum. libarchive unpacks gzip too, but does not look at the checksum at the
 * end (its gzip filter says so): a damaged image would reach a board. For use inside this room.
 * Thread: the one that made it. */
#pragma once

#include "flash-source.h"

G_BEGIN_DECLS

typedef struct _FlashBundleGunzip FlashBundleGunzip;

/* @source: what is compressed, several members one after the other if it is so */
FlashBundleGunzip *flash_bundle_gunzip_new (FlashSource *source);
void flash_bundle_gunzip_free (FlashBundleGunzip *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashBundleGunzip, flash_bundle_gunzip_free)

/**
 * flash_bundle_gunzip_read:
 * @out_bytes: (out) (transfer none): valid until the next call
 * @out_length: (out): 0 at the end, where all checksums have been found right
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR_INVALID_DATA,
 *   %G_IO_ERROR_PARTIAL_INPUT, or what the system says)
 */
gboolean flash_bundle_gunzip_read (FlashBundleGunzip *self, const guint8 **out_bytes,
                                   gsize *out_length, GError **error);

/* Returns: how many bytes of the source were used. */
guint64 flash_bundle_gunzip_get_position (const FlashBundleGunzip *self);

G_END_DECLS
