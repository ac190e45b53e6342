/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has to be taken out of an archive for one of its layouts. For use inside this room. Pure
 * functions. Thread: any. */
#pragma once

#include "flash-bundle-index.h"

G_BEGIN_DECLS

/* So many names for one file, all of which are written. Builds have two or three. */
#define FLASH_BUNDLE_MAX_COPIES 64

/**
 * FlashBundleNeed:
 * @path: where it goes, clean, relative to the new folder
 * @entry: (unowned): what goes there, a file
 */
typedef struct {
  char *path;
  const FlashBundleEntry *entry;
} FlashBundleNeed;

/**
 * FlashBundleNeeds:
 * @list: (element-type FlashBundleNeed): the layout first, then its files, no path twice
 * @n_missing: files that the board will ask for and that are not there
 * @outside: (nullable): the first file that is a link out of the archive, or into a circle
 * @size: bytes in all that are no holes
 */
typedef struct {
  GPtrArray *list;
  guint n_missing;
  char *outside;
  guint64 size;
} FlashBundleNeeds;

/**
 * flash_bundle_needs_new:
 * @index: the archive; lives longer than the result
 * @path: of the layout, clean
 * @layout_entry: what is behind it, with its text
 * @cancellable: (nullable): looked at for each row
 *
 * The Binary column is understood as flash_layout_get_base () says.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set: %G_IO_ERROR_CANCELLED
 */
FlashBundleNeeds *flash_bundle_needs_new (FlashBundleIndex *index, const FlashBundleLimits *limits,
                                          const char *path, const FlashBundleEntry *layout_entry,
                                          GCancellable *cancellable, GError **error);
void flash_bundle_needs_free (FlashBundleNeeds *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashBundleNeeds, flash_bundle_needs_free)

G_END_DECLS
