/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layouts on the disk: written aside and renamed, so that a full disk or a power cut leaves the old
 * file as it was; a change by somebody else is noticed before it is overwritten; and what was not
 * saved outlives a crash.
 *
 * The price of renaming: what is saved is a new file. It keeps the permissions, and owner and group
 * as far as the system lets us; access control lists (ACL) and other extended attributes (xattr) of
 * the old file are dropped, and a hard link to it goes on holding the old contents.
 *
 * Thread: any; nothing is shared. Functions block, call them from a thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashLayoutStoreError:
 * @FLASH_LAYOUT_STORE_ERROR_CHANGED: somebody else has changed the file since it was read
 * @FLASH_LAYOUT_STORE_ERROR_GONE: the file is no longer there
 *
 * Everything else is %G_IO_ERROR, with a message that begins with the file's name.
 */
typedef enum {
  FLASH_LAYOUT_STORE_ERROR_CHANGED,
  FLASH_LAYOUT_STORE_ERROR_GONE,
} FlashLayoutStoreError;

#define FLASH_LAYOUT_STORE_ERROR (flash_layout_store_error_quark ())
GQuark flash_layout_store_error_quark (void);

/**
 * flash_layout_store_read:
 * @path: (type filename): a file
 * @out_stamp: (out) (transfer full): by what a change is noticed later: SHA-256 of the contents
 *
 * Returns: (transfer full) (nullable): the bytes, %NULL with @error set: %G_IO_ERROR,
 *   %FLASH_LAYOUT_ERROR_TOO_LARGE
 */
GBytes *flash_layout_store_read (const char *path, char **out_stamp, GError **error);

/**
 * flash_layout_store_write:
 * @path: (type filename): where to; a symbolic link is followed, so that it stays one
 * @text: the bytes
 * @stamp: (nullable): from reading or the last writing; %NULL to overwrite whatever is there
 * @out_stamp: (out) (transfer full): the new one; untouched on failure
 *
 * Keeps the permissions of a file that exists; see above for what is not kept.
 *
 * Returns: %FALSE with @error set; the old file is whole then
 */
gboolean flash_layout_store_write (const char *path, GBytes *text, const char *stamp,
                                   char **out_stamp, GError **error);

/**
 * flash_layout_store_has_changed:
 * @stamp: from reading or the last writing
 *
 * Returns: whether @path holds something else now, or is gone
 */
gboolean flash_layout_store_has_changed (const char *path, const char *stamp);

/* --- unsaved work ---------------------------------------------------------------------------- */

/**
 * FlashLayoutRescue:
 * @file: (type filename): where the rescue lies
 * @path: (nullable) (type filename): the layout it belongs to; %NULL if it was never saved
 * @stamp: (nullable): of the layout when it was read
 * @text: the unsaved bytes
 * @time: when, in seconds since 1970
 */
typedef struct {
  char *file;
  char *path;
  char *stamp;
  GBytes *text;
  gint64 time;
} FlashLayoutRescue;

void flash_layout_rescue_free (FlashLayoutRescue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashLayoutRescue, flash_layout_rescue_free)

/**
 * flash_layout_rescue_write:
 * @folder: (type filename): where rescues lie; made if need be, for the user alone
 * @file: (nullable) (type filename): the rescue of the same layout written before, which is
 * replaced
 *
 * Returns: (transfer full) (nullable) (type filename): the file, %NULL with @error set
 */
char *flash_layout_rescue_write (const char *folder, const char *file, const char *path,
                                 const char *stamp, GBytes *text, GError **error);

/**
 * flash_layout_rescue_list:
 *
 * First takes away what has lain there for more than 30 days and nobody keeps: rescues, and what a
 * crash in the middle of writing one has left.
 *
 * Returns: (transfer full) (element-type FlashLayoutRescue): the newest of what lies there and is
 *   whole, at most 100, newest first; those that another running program keeps are left out
 */
GPtrArray *flash_layout_rescue_list (const char *folder);

/* Takes a rescue away. */
void flash_layout_rescue_remove (const char *file);

G_END_DECLS
