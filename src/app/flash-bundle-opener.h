/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens folders and archives of builds without keeping the main loop waiting: looking through them
 * and unpacking are done in a thread.
 *
 * Thread: main, except what is said of #FlashBundleWatch. */
#pragma once

#include "flash-bundle.h"
#include "flash-bundle-place.h"
#include "flash-firmware-file.h"

G_BEGIN_DECLS

/* How far a thread has come: a snapshot, only the latest counts. Thread: any. */
typedef struct _FlashBundleWatch FlashBundleWatch;

FlashBundleWatch *flash_bundle_watch_new (void);
FlashBundleWatch *flash_bundle_watch_ref (FlashBundleWatch *self);
void flash_bundle_watch_unref (FlashBundleWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashBundleWatch, flash_bundle_watch_unref)

/* Returns: from 0 to 1, or -1 as long as that is not known. */
double flash_bundle_watch_get_fraction (FlashBundleWatch *self);

/**
 * FlashBundleOpened:
 * @bundle: the folder or archive
 * @index: which of its layouts is open
 * @reason: why that one, unless the user has chosen it
 * @is_chosen: whether the user has
 * @path: (type filename): the layout, as a file
 * @place: (nullable): where it was unpacked; stays as long as this does. %NULL for a folder
 * @is_dismissed: whether the user has read about it; the only thing that changes
 */
typedef struct {
  gatomicrefcount ref_count;
  FlashBundle *bundle;
  guint index;
  FlashBundleReason reason;
  gboolean is_chosen;
  char *path;
  FlashBundlePlace *place;
  gboolean is_dismissed;
} FlashBundleOpened;

FlashBundleOpened *flash_bundle_opened_ref (FlashBundleOpened *self);
/* With the last reference, what was unpacked is removed. Thread: any. */
void flash_bundle_opened_unref (FlashBundleOpened *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashBundleOpened, flash_bundle_opened_unref)

/* Returns: (transfer none): the layout that is open. */
const FlashBundleLayout *flash_bundle_opened_get_layout (const FlashBundleOpened *self);

/**
 * flash_bundle_opener_open:
 * @path: (type filename): anything
 * @watch: (transfer none): is told how far it has come
 * @cancellable: (nullable): ends it early
 * @callback: called in the main thread
 *
 * Finds the layouts in a folder or an archive.
 */
void flash_bundle_opener_open (const char *path, FlashBundleWatch *watch, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);

/**
 * flash_bundle_opener_open_finish:
 * @out_bundle: (out) (transfer full) (nullable): %NULL if it is neither a folder nor an archive
 *
 * Returns: %FALSE with @error set (%FLASH_BUNDLE_ERROR, %G_IO_ERROR, or %FLASH_LOAD_ERROR for what
 *   can be opened in no way)
 */
gboolean
flash_bundle_opener_open_finish (GAsyncResult *result, FlashBundle **out_bundle, GError **error);

/* Returns: whether what is neither a folder nor an archive is firmware. */
gboolean flash_bundle_opener_is_firmware (GAsyncResult *result);

/* Returns: whether what is neither is a report that somebody has sent. */
gboolean flash_bundle_opener_is_report (GAsyncResult *result);

/* Returns: whether what is neither is a repair file that somebody has sent. */
gboolean flash_bundle_opener_is_repair (GAsyncResult *result);

/**
 * flash_bundle_opener_unpack:
 * @bundle: a folder or archive
 * @index: of the layout
 * @reason: why that one
 * @is_chosen: whether the user has chosen it
 * @watch: (transfer none): is told how far it has come
 * @cancellable: (nullable): ends it early; nothing stays behind
 * @callback: called in the main thread
 *
 * Makes sure that the layout and what it needs are files.
 */
void
flash_bundle_opener_unpack (FlashBundle *bundle, guint index, FlashBundleReason reason,
                            gboolean is_chosen, FlashBundleWatch *watch, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data);

/* Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_BUNDLE_ERROR, %G_IO_ERROR). */
FlashBundleOpened *flash_bundle_opener_unpack_finish (GAsyncResult *result, GError **error);

/**
 * FlashBundleFound:
 * @FLASH_BUNDLE_FOUND_LAYOUT: a layout
 * @FLASH_BUNDLE_FOUND_FOLDER: a folder with layouts in it
 * @FLASH_BUNDLE_FOUND_ARCHIVE: an archive; what is in it is not known
 * @FLASH_BUNDLE_FOUND_FIRMWARE: a firmware file
 * @FLASH_BUNDLE_FOUND_REPAIR: a repair file
 * @FLASH_BUNDLE_FOUND_REPORT: a report
 */
typedef enum {
  FLASH_BUNDLE_FOUND_LAYOUT,
  FLASH_BUNDLE_FOUND_FOLDER,
  FLASH_BUNDLE_FOUND_ARCHIVE,
  FLASH_BUNDLE_FOUND_FIRMWARE,
  FLASH_BUNDLE_FOUND_REPAIR,
  FLASH_BUNDLE_FOUND_REPORT,
} FlashBundleFound;

/**
 * flash_bundle_opener_find:
 * @path: (type filename): something that is about to be dropped
 * @cancellable: (nullable): ends the search early
 * @callback: called in the main thread
 *
 * Finds out what would be opened.
 */
void flash_bundle_opener_find (const char *path, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);

/**
 * flash_bundle_opener_find_finish:
 * @out_found: (out): what it is, untouched on failure
 *
 * Returns: whether it can be opened; %FALSE with @error set (%FLASH_LOAD_ERROR,
 *   %FLASH_BUNDLE_ERROR, %G_IO_ERROR)
 */
gboolean
flash_bundle_opener_find_finish (GAsyncResult *result, FlashBundleFound *out_found, GError **error);

/* Returns: (transfer none) (type filename): what a result of one of these functions is about. */
const char *flash_bundle_opener_get_path (GAsyncResult *result);

G_END_DECLS
