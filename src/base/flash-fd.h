/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing to open files, all of it or an error. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * flash_fd_write:
 * @fd: a file or a block device, open for writing
 * @offset: where to, in bytes; the file's own position stays
 * @bytes: (array length=length): what to write
 * @out_written: (out) (optional): bytes that were taken, on failure too
 *
 * Goes on after signals and after writes that took only a part.
 *
 * Returns: %FALSE with errno set; `ENOSPC` where the system took nothing and gave no reason
 */
gboolean
flash_fd_write (int fd, guint64 offset, const guint8 *bytes, gsize length, gsize *out_written);

/**
 * flash_fd_sync_folder:
 * @folder: (type filename): in which a file has just got its name
 *
 * The new name is on the disk only with its folder. Some file systems cannot do this; it is then
 * left, and logged, because the file itself is safe in any case.
 */
void flash_fd_sync_folder (const char *folder);

G_END_DECLS
