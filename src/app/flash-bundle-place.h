/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the layout of an archive lies while it is open: a folder of its own in the user's cache,
 * which goes when nobody needs it any more.
 *
 * The folders are `flashwright/opened/run-XXXXXX`. They are not those of the command line
 * (`flashwright/unpacked`), which removes whatever is older than a day: a window may stay open for
 * longer. Each has a file that is locked (flock) for as long as its window lives, so that another
 * program, or the next start, sees which ones were left behind by a crash.
 *
 * Thread: any. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FlashBundlePlace FlashBundlePlace;

/**
 * flash_bundle_place_new:
 *
 * Makes a new folder and locks it. Reads and writes files: not for the main thread.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%G_IO_ERROR)
 */
FlashBundlePlace *flash_bundle_place_new (GError **error);

/* Removes the folder with what was unpacked into it. On the main thread that is left to another
 * one; the program does not end before. */
void flash_bundle_place_free (FlashBundlePlace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashBundlePlace, flash_bundle_place_free)

/* Returns: (transfer none) (type filename): the folder. */
const char *flash_bundle_place_get_folder (FlashBundlePlace *self);

/* Returns: whether @path (type filename) is in one of these folders, so that it will not stay. */
gboolean flash_bundle_place_is_temporary (const char *path);

/**
 * flash_bundle_place_remove_leftovers:
 * @kept: (nullable) (array zero-terminated=1) (element-type filename): layouts that are still
 *   needed, such as those of rescues
 *
 * Removes the folders that nobody holds. Not for the main thread.
 *
 * Returns: how many were removed
 */
guint flash_bundle_place_remove_leftovers (const char *const *kept);

G_END_DECLS
