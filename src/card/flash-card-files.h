/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are written aside, in the folder where they will be, and get their names together at
 * the end, or are gone. For use inside this room. Thread: any; blocks. */
#pragma once

#include "flash-card-error.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FlashCardFile FlashCardFile;

/**
 * flash_card_file_check:
 * @path: (type filename): the name that a file will get
 * @inputs: (element-type filename): files that must not be replaced
 * @replace: whether any other file may be
 *
 * Returns: %TRUE, or %FALSE with @error set: %FLASH_CARD_ERROR_EXISTS, %FLASH_CARD_ERROR_IS_INPUT,
 *   %FLASH_CARD_ERROR_NOT_A_FILE
 */
gboolean
flash_card_file_check (const char *path, const GPtrArray *inputs, gboolean replace, GError **error);

/**
 * flash_card_file_new:
 * @path: (type filename): the name that the file will get
 *
 * Returns: (transfer full) (nullable): an empty file beside it; %NULL with @error set:
 *   %FLASH_CARD_ERROR_NO_SPACE, %FLASH_CARD_ERROR_NOT_WRITABLE
 */
FlashCardFile *flash_card_file_new (const char *path, GError **error);

/* Removes the file, unless it has got its name. */
void flash_card_file_free (FlashCardFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashCardFile, flash_card_file_free)

/**
 * flash_card_file_resize:
 * @size: in bytes; what was not written reads as zeros and takes no room
 *
 * Returns: %TRUE, or %FALSE with @error set as by flash_card_file_new ()
 */
gboolean flash_card_file_resize (FlashCardFile *self, guint64 size, GError **error);

/**
 * flash_card_file_write:
 * @offset: in bytes
 * @bytes: (array length=length): what to write
 *
 * Returns: %TRUE, or %FALSE with @error set as by flash_card_file_new ()
 */
gboolean flash_card_file_write (FlashCardFile *self, guint64 offset, const guint8 *bytes,
                                gsize length, GError **error);

/**
 * flash_card_files_publish:
 * @files: (array length=n_files): all written
 * @replace: whether files by their names may be replaced
 *
 * Waits until the disk has them, then gives them their names. If one cannot have its name, those
 * before it lose theirs again, and what they have replaced comes back. If even that fails, it stays
 * in the same folder under another name, which is in the error.
 *
 * Returns: %TRUE, or %FALSE with @error set as by flash_card_file_new () and
 *   flash_card_file_check ()
 */
gboolean flash_card_files_publish (FlashCardFile *const *files, guint n_files, gboolean replace,
                                   GError **error);

G_END_DECLS
