/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in an archive: names, types, sizes, and where links lead. Nothing here touches a file.
 * For use inside this room. Thread: any, once it is filled. */
#pragma once

#include "flash-bundle-limits.h"
#include "flash-bundle-reader.h"

G_BEGIN_DECLS

/* A link that leads to a link that leads to a link … ends here. Linux follows 40 (path_resolution
 * (7)), builds have one or two. */
#define FLASH_BUNDLE_MAX_HOPS 8

/**
 * FlashBundleEntry:
 * @path: clean
 * @target: (nullable): of a link, as the archive has it
 * @number: which header of the archive it is, from 0
 * @text: (nullable): what is in it, if it may be a layout
 */
typedef struct {
  FlashBundleEntryType type;
  char *path;
  char *target;
  guint64 size;
  guint64 data_size;
  gboolean is_encrypted;
  guint number;
  GBytes *text;
} FlashBundleEntry;

/**
 * FlashBundleFind:
 * @FLASH_BUNDLE_FIND_MISSING: there is no such entry
 * @FLASH_BUNDLE_FIND_FILE: there is one, and it is a file
 * @FLASH_BUNDLE_FIND_NOT_FILE: there is one, but it is none
 * @FLASH_BUNDLE_FIND_OUTSIDE: a link leads out of the archive
 * @FLASH_BUNDLE_FIND_LOOP: links lead in a circle, or on and on
 */
typedef enum {
  FLASH_BUNDLE_FIND_MISSING,
  FLASH_BUNDLE_FIND_FILE,
  FLASH_BUNDLE_FIND_NOT_FILE,
  FLASH_BUNDLE_FIND_OUTSIDE,
  FLASH_BUNDLE_FIND_LOOP,
} FlashBundleFind;

typedef struct _FlashBundleIndex FlashBundleIndex;

/* @limits: (unowned): lives longer than the index
 * @diags: (unowned): gets what is noticed about names, while entries are added */
FlashBundleIndex *flash_bundle_index_new (const FlashBundleLimits *limits, FlashDiagList *diags);
void flash_bundle_index_free (FlashBundleIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashBundleIndex, flash_bundle_index_free)

/**
 * flash_bundle_index_add:
 * @out_entry: (out) (optional) (transfer none) (nullable): the new entry, %NULL if its name is
 *   unsafe and so it is as if it were not there
 *
 * An entry whose name is there already takes its place, as tar would write one file over the other.
 *
 * Returns: %TRUE, or %FALSE with @error set: %FLASH_BUNDLE_ERROR_TOO_LARGE
 */
gboolean flash_bundle_index_add (FlashBundleIndex *self, const FlashBundleHeader *header,
                                 FlashBundleEntry **out_entry, GError **error);

/**
 * flash_bundle_index_find:
 * @path: clean
 * @out_entry: (out) (optional) (transfer none): the file, behind all links; untouched if there is
 *   none
 *
 * Follows links, also those to folders, but never out of the archive. Looks at most
 * %FLASH_BUNDLE_MAX_PARTS times for each of %FLASH_BUNDLE_MAX_HOPS links and the file.
 */
FlashBundleFind flash_bundle_index_find (FlashBundleIndex *self, const char *path,
                                         const FlashBundleEntry **out_entry);

/* Returns: (transfer container) (element-type FlashBundleEntry): all entries that are named as
 * layouts, in the order of their paths. */
GPtrArray *flash_bundle_index_dup_layouts (const FlashBundleIndex *self);

/* Returns: (transfer none) (nullable): the first name that is not used because it is unsafe. */
const char *flash_bundle_index_get_unsafe (const FlashBundleIndex *self);

/* Returns: how often a path was looked up so far: what finding files has cost. */
guint flash_bundle_index_get_n_lookups (FlashBundleIndex *self);

G_END_DECLS
