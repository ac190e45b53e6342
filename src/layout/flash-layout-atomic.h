/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts a file in the place of another in one go. For use inside this room. Thread: any. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashLayoutAtomicCheck:
 *
 * Asked at the last moment: the new file lies complete beside the old one and is on the disk, and
 * only the renaming is left.
 *
 * Returns: %FALSE with @error set if the old one must stay
 */
typedef gboolean (*FlashLayoutAtomicCheck) (gpointer data, GError **error);

/**
 * flash_layout_atomic_write:
 * @path: (type filename): what is replaced or made; no symbolic link
 * @parts: (element-type GBytes): what it will hold, one after the other
 * @mode: its permissions
 * @check: (nullable): asked before it takes its place
 * @out_fd: (out) (optional): the new file, open and locked (flock) from before it had its name;
 *   untouched on failure
 *
 * Owner, group and permissions are kept as far as the system lets us; access control lists and
 * other extended attributes of the old file are not, because it is a new file that takes its place.
 *
 * Returns: %FALSE with @error set (%G_IO_ERROR, or that of @check), its message begins with the
 *   file's name; then @path is as it was, and nothing lies beside it
 */
gboolean flash_layout_atomic_write (const char *path, GPtrArray *parts, guint mode,
                                    FlashLayoutAtomicCheck check, gpointer data, int *out_fd,
                                    GError **error);

/**
 * flash_layout_atomic_set_errno:
 * @path: (type filename): the file that it is about
 * @what: what went wrong, in English, lower case
 *
 * Makes `NAME: WHAT: what the system says`.
 */
void flash_layout_atomic_set_errno (GError **error, int error_number, const char *path,
                                    const char *what);

G_END_DECLS
