/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a build leaves behind, as people hand it on: a folder, or an archive (tar, also with gzip,
 * xz, zstd or bzip2, or zip). Finds the layouts in it, says which one is meant, and unpacks what
 * that one needs.
 *
 * Nothing in an archive is trusted: names that lead out of it are never used, links are followed
 * inside of it and never made on the disk, and every count and size has a bound.
 *
 * Immutable once open. Thread: any, but opening and unpacking read files and take their time, so
 * not the main thread of a window. */
#pragma once

#include "flash-bundle-layout.h"
#include "flash-diag.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashBundleError:
 * @FLASH_BUNDLE_ERROR_NO_LAYOUT: there is no FlashLayout in it
 * @FLASH_BUNDLE_ERROR_UNKNOWN_KIND: neither a folder nor an archive that can be read
 * @FLASH_BUNDLE_ERROR_DAMAGED: an archive that is cut off or damaged
 * @FLASH_BUNDLE_ERROR_TOO_LARGE: a bound was reached; the message names it
 * @FLASH_BUNDLE_ERROR_UNSAFE: what is needed has a name, or is a link, that leads out of it
 * @FLASH_BUNDLE_ERROR_NO_SPACE: unpacking needs more room than there is
 * @FLASH_BUNDLE_ERROR_ENCRYPTED: what is needed is encrypted
 * @FLASH_BUNDLE_ERROR_CHANGED: the archive was written to since it was opened
 *
 * What the system says about files is %G_IO_ERROR, with the place in front.
 */
typedef enum {
  FLASH_BUNDLE_ERROR_NO_LAYOUT,
  FLASH_BUNDLE_ERROR_UNKNOWN_KIND,
  FLASH_BUNDLE_ERROR_DAMAGED,
  FLASH_BUNDLE_ERROR_TOO_LARGE,
  FLASH_BUNDLE_ERROR_UNSAFE,
  FLASH_BUNDLE_ERROR_NO_SPACE,
  FLASH_BUNDLE_ERROR_ENCRYPTED,
  FLASH_BUNDLE_ERROR_CHANGED,
} FlashBundleError;

#define FLASH_BUNDLE_ERROR (flash_bundle_error_quark ())
GQuark flash_bundle_error_quark (void);

typedef enum {
  FLASH_BUNDLE_FOLDER,
  FLASH_BUNDLE_ARCHIVE,
} FlashBundleKind;

/**
 * FlashBundleReason:
 * @FLASH_BUNDLE_REASON_ONLY: `only`: there is no other
 * @FLASH_BUNDLE_REASON_ACCEPTED: `accepted`: the board's parser refuses the others
 * @FLASH_BUNDLE_REASON_CHIP: `chip`: the others are for other chips than the board has
 * @FLASH_BUNDLE_REASON_COMPLETE: `complete`: fewer files are missing than of the others
 * @FLASH_BUNDLE_REASON_USUAL: `usual`: the others are samples or for special cards
 * @FLASH_BUNDLE_REASON_STORAGE: `storage`: SD card before eMMC before the rest
 * @FLASH_BUNDLE_REASON_NAME: `name`: nothing tells it from the next one but its name, which is
 *   the first in the alphabet; worth a question
 *
 * Why a layout was chosen: what it has ahead of the next best.
 */
typedef enum {
  FLASH_BUNDLE_REASON_ONLY,
  FLASH_BUNDLE_REASON_ACCEPTED,
  FLASH_BUNDLE_REASON_CHIP,
  FLASH_BUNDLE_REASON_COMPLETE,
  FLASH_BUNDLE_REASON_USUAL,
  FLASH_BUNDLE_REASON_STORAGE,
  FLASH_BUNDLE_REASON_NAME,
} FlashBundleReason;

/* Returns: (transfer none): the stable code, as above. */
const char *flash_bundle_reason_get_name (FlashBundleReason reason);

/**
 * FlashBundleProgress:
 * @done: bytes so far
 * @total: bytes in all, 0 if not known
 *
 * Called on the thread that called the function, at most once for each MiB.
 */
typedef void (*FlashBundleProgress) (guint64 done, guint64 total, gpointer data);

#define FLASH_TYPE_BUNDLE (flash_bundle_get_type ())
G_DECLARE_FINAL_TYPE (FlashBundle, flash_bundle, FLASH, BUNDLE, GObject)

/**
 * flash_bundle_is_bundle:
 * @path: (type filename): any path
 *
 * Looks at the first bytes of a file, not at its name.
 *
 * Returns: whether flash_bundle_open () is the way to open it, rather than flash_layout_load ()
 */
gboolean flash_bundle_is_bundle (const char *path);

/**
 * flash_bundle_open:
 * @path: (type filename): a folder, or an archive
 * @progress: (nullable) (scope call): bytes read of an archive
 * @data: for @progress
 * @cancellable: (nullable): looked at all the time
 *
 * Reads through the whole archive; memory does not grow with the files in it. Folders are searched
 * 8 levels deep; links to folders are not followed.
 *
 * Returns: (transfer full) (nullable): a bundle with at least one layout, or %NULL with @error set
 *   (%FLASH_BUNDLE_ERROR, %G_IO_ERROR)
 */
FlashBundle *flash_bundle_open (const char *path, FlashBundleProgress progress, gpointer data,
                                GCancellable *cancellable, GError **error);

FlashBundleKind flash_bundle_get_kind (FlashBundle *self);
/* Returns: (transfer none) (type filename): what was opened, an absolute path. */
const char *flash_bundle_get_path (FlashBundle *self);

/* Returns: how many layouts there are, at least one. */
guint flash_bundle_get_n_layouts (FlashBundle *self);
/* Returns: (transfer none): the layout at @index, which must exist; they are in the order of
 * their names. */
const FlashBundleLayout *flash_bundle_get_layout (FlashBundle *self, guint index);

/**
 * flash_bundle_find_layout:
 * @name: the name of a layout, or how its name ends, from a `/` on
 * @out_index: (out): its index, untouched on failure
 *
 * Returns: whether there is exactly one such layout; a full name wins
 */
gboolean flash_bundle_find_layout (FlashBundle *self, const char *name, guint *out_index);

/**
 * flash_bundle_choose:
 * @device_id: the chip of the board at hand, 0 if not known
 * @out_reason: (out) (optional): why
 *
 * Returns: the index of the layout that is most likely meant; always the same for the same bundle
 */
guint flash_bundle_choose (FlashBundle *self, guint device_id, FlashBundleReason *out_reason);

/* Returns: (transfer none): what else is to be said: names that are not used because they are
 * unsafe, names that are there twice, archives inside the archive, folders that cannot be read.
 * Never errors. */
const FlashDiagList *flash_bundle_get_diags (FlashBundle *self);

/**
 * flash_bundle_unpack:
 * @index: of a layout
 * @folder: (type filename): where to unpack; made if it is not there. Not used for a folder
 * @progress: (nullable) (scope call): bytes written
 * @data: for @progress
 * @out_unpacked: (out) (nullable) (transfer full) (type filename): the new folder below @folder,
 *   for flash_bundle_remove_unpacked (); %NULL if @self is a folder. Untouched on failure
 * @cancellable: (nullable): looked at all the time
 *
 * Unpacks the layout and the files that it names, no others, with the folders that they are in. The
 * room on the disk is looked at before. After an error or a cancel nothing stays behind.
 *
 * Returns: (transfer full) (nullable) (type filename): the layout's path, to be opened with
 *   flash_layout_load (); or %NULL with @error set (%FLASH_BUNDLE_ERROR, %G_IO_ERROR)
 */
char *flash_bundle_unpack (FlashBundle *self, guint index, const char *folder,
                           FlashBundleProgress progress, gpointer data, char **out_unpacked,
                           GCancellable *cancellable, GError **error);

/**
 * flash_bundle_remove_unpacked:
 * @unpacked: (type filename): a folder that flash_bundle_unpack () has made
 *
 * Removes it with everything in it; links are not followed. A folder with another name than
 * flash_bundle_unpack () gives is refused.
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR)
 */
gboolean flash_bundle_remove_unpacked (const char *unpacked, GError **error);

/**
 * flash_bundle_remove_leftovers:
 * @folder: (type filename): where flash_bundle_unpack () unpacks
 * @days: how old they are at least, in days
 *
 * Removes what earlier runs have left behind because they were killed. Other files and folders are
 * left alone.
 *
 * Returns: how many folders were removed
 */
guint flash_bundle_remove_leftovers (const char *folder, guint days);

G_END_DECLS
