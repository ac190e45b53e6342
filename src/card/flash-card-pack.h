/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compresses a stream of bytes into a file, by libarchive. For use inside this room. Thread: any;
 * blocks. */
#pragma once

#include "flash-card-files.h"
#include "flash-card-writer.h"

G_BEGIN_DECLS

typedef struct _FlashCardPack FlashCardPack;

/**
 * flash_card_pack_new:
 * @file: (transfer none): an empty file, which must outlive the pack
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_CARD_ERROR_COMPRESSION)
 */
FlashCardPack *
flash_card_pack_new (FlashCardCompression compression, FlashCardFile *file, GError **error);

void flash_card_pack_free (FlashCardPack *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashCardPack, flash_card_pack_free)

/**
 * flash_card_pack_write:
 * @bytes: (array length=length): what comes next
 *
 * Returns: %TRUE, or %FALSE with @error set: %FLASH_CARD_ERROR_COMPRESSION, or as by
 *   flash_card_file_write ()
 */
gboolean
flash_card_pack_write (FlashCardPack *self, const guint8 *bytes, gsize length, GError **error);

/**
 * flash_card_pack_finish:
 * @out_size: (out): of the file, in bytes
 * @out_sha256: (out) (transfer full): of the file, lower-case hexadecimal
 *
 * Returns: as flash_card_pack_write ()
 */
gboolean
flash_card_pack_finish (FlashCardPack *self, guint64 *out_size, char **out_sha256, GError **error);

G_END_DECLS
