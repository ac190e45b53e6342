/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An archive from one end to the other, once: headers, and the data of those entries that are
 * wanted. All of libarchive is behind this. For use inside this room. Thread: the one that made
 * it. */
#pragma once

#include "flash-bundle-format.h"
#include "flash-bundle-limits.h"
#include "flash-bundle.h"
#include "flash-source.h"

G_BEGIN_DECLS

typedef enum {
  FLASH_BUNDLE_ENTRY_FILE,
  FLASH_BUNDLE_ENTRY_FOLDER,
  FLASH_BUNDLE_ENTRY_SYMLINK,
  FLASH_BUNDLE_ENTRY_HARDLINK,
  FLASH_BUNDLE_ENTRY_OTHER, /* devices, pipes */
} FlashBundleEntryType;

/**
 * FlashBundleHeader:
 * @name: (nullable): as the archive has it, any bytes
 * @target: (nullable): of a link, the same
 * @size: of the file, as the archive says
 * @data_size: how much of it is not a hole, as the archive says
 */
typedef struct {
  FlashBundleEntryType type;
  const char *name;
  const char *target;
  guint64 size;
  guint64 data_size;
  gboolean is_encrypted;
} FlashBundleHeader;

typedef struct _FlashBundleReader FlashBundleReader;

/**
 * flash_bundle_reader_new:
 * @limits: (unowned): lives longer than the reader
 * @progress: (nullable): bytes of @source that were read
 *
 * From now on until the reader is freed, the thread has a locale with UTF-8.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_BUNDLE_ERROR_UNKNOWN_KIND,
 *   %FLASH_BUNDLE_ERROR_DAMAGED, %G_IO_ERROR)
 */
FlashBundleReader *flash_bundle_reader_new (FlashSource *source, const FlashBundleLimits *limits,
                                            FlashBundleProgress progress, gpointer data,
                                            GCancellable *cancellable, GError **error);
void flash_bundle_reader_free (FlashBundleReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashBundleReader, flash_bundle_reader_free)

/**
 * flash_bundle_reader_next:
 * @out_header: (out caller-allocates): valid until the next call
 * @out_is_end: (out): whether there is no entry any more
 *
 * Skips what has not been read of the entry before. At the end, all checksums have been found
 * right.
 */
gboolean flash_bundle_reader_next (FlashBundleReader *self, FlashBundleHeader *out_header,
                                   gboolean *out_is_end, GError **error);

/**
 * flash_bundle_reader_read:
 * @out_bytes: (out) (transfer none): valid until the next call
 * @out_length: (out): 0 at the end of the entry
 * @out_offset: (out): where it goes; between two pieces there can be a hole
 */
gboolean flash_bundle_reader_read (FlashBundleReader *self, const guint8 **out_bytes,
                                   gsize *out_length, guint64 *out_offset, GError **error);

G_END_DECLS
