/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was read from a chip becomes a file, without keeping the main loop waiting.
 * Thread: main. */
#pragma once

#include "flash-image-write.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: the format that the ending of a name means: `.hex`, `.dfu`, anything else is bytes. */
FlashImageWriteFormat flash_memory_file_get_format (const char *path);

/**
 * flash_memory_file_save:
 * @path: (type filename): the file; one that is there is replaced
 * @bytes: what was read
 * @address: of the first of them
 * @callback: called in the main thread
 *
 * Written aside, made lasting, and renamed: what is half there is never left behind. A `.dfu` is
 * for alternate setting 0, so what comes from another memory is better saved in another format.
 */
void flash_memory_file_save (const char *path, GBytes *bytes, guint32 address,
                             GAsyncReadyCallback callback, gpointer data);

/* Returns: whether it was saved; %FALSE with @error set (%G_FILE_ERROR, %FLASH_FORMAT_ERROR). */
gboolean flash_memory_file_save_finish (GAsyncResult *result, GError **error);

G_END_DECLS
