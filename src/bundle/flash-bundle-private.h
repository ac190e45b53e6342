/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a bundle is put together. For use inside this room and by its tests. Thread: any. */
#pragma once

#include "flash-bundle-index.h"
#include "flash-bundle.h"
#include "flash-source.h"

G_BEGIN_DECLS

struct _FlashBundle {
  GObject parent_instance;

  FlashBundleKind kind;
  FlashBundleLimits limits;
  char *path; /* (owned) (type filename) */
  GPtrArray *layouts; /* (owned) (element-type FlashBundleLayout): by name */
  GPtrArray
      *paths; /* (owned) (element-type filename): of a folder: absolute, of the same layouts */
  FlashDiagList *diags; /* (owned) */
  FlashSource *source; /* (owned) (nullable): the archive */
  FlashBundleIndex *index; /* (owned) (nullable): what is in it */
};

/* Returns: (transfer full): a bundle without anything in it. */
FlashBundle *
_flash_bundle_new (FlashBundleKind kind, const char *path, const FlashBundleLimits *limits);

/**
 * _flash_bundle_open_folder:
 * @path: (type filename): a folder
 */
FlashBundle *_flash_bundle_open_folder (const char *path, const FlashBundleLimits *limits,
                                        GCancellable *cancellable, GError **error);

/**
 * _flash_bundle_open_archive:
 * @source: the archive, which is kept open: what is unpacked later is what was seen now
 * @path: (type filename): what to call it
 */
FlashBundle *
_flash_bundle_open_archive (FlashSource *source, const char *path, const FlashBundleLimits *limits,
                            FlashBundleProgress progress, gpointer data, GCancellable *cancellable,
                            GError **error);

/* Like flash_bundle_unpack (), for an archive. */
char *_flash_bundle_unpack_archive (FlashBundle *self, guint index, const char *folder,
                                    FlashBundleProgress progress, gpointer data,
                                    char **out_unpacked, GCancellable *cancellable, GError **error);

/* What new folders are called while they are filled, and when they are whole. */
#define FLASH_BUNDLE_PARTIAL "partial-"
#define FLASH_BUNDLE_WHOLE "unpacked-"

/* Removes the folder @path with everything in it; links are not followed. */
gboolean _flash_bundle_remove_tree (const char *path, GError **error);

/* Puts the name of what was opened in front. */
void _flash_bundle_prefix_error (GError **error, const char *path);

G_END_DECLS
