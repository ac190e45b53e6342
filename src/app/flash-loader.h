/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads and checks a layout without keeping the main loop waiting: parsing, looking into every
 * file that it names, and opening them for the job are done in a thread.
 *
 * Thread: main, except what is said of #FlashLoaded. */
#pragma once

#include "flash-diag.h"
#include "flash-layout.h"
#include "flash-plan.h"

G_BEGIN_DECLS

/**
 * FlashLoadError:
 * @FLASH_LOAD_ERROR_NO_LAYOUT: a folder without a layout
 * @FLASH_LOAD_ERROR_SEVERAL_LAYOUTS: a folder with more than one
 * @FLASH_LOAD_ERROR_OTHER_KIND: a file that is no layout
 * @FLASH_LOAD_ERROR_NOT_LOCAL: a file without a path on this computer
 */
typedef enum {
  FLASH_LOAD_ERROR_NO_LAYOUT,
  FLASH_LOAD_ERROR_SEVERAL_LAYOUTS,
  FLASH_LOAD_ERROR_OTHER_KIND,
  FLASH_LOAD_ERROR_NOT_LOCAL,
} FlashLoadError;

#define FLASH_LOAD_ERROR (flash_load_error_quark ())
GQuark flash_load_error_quark (void);

/* A size that is not known, or that does not exist. */
#define FLASH_SIZE_UNKNOWN G_MAXUINT64

/**
 * FlashLoaded:
 * @path: (type filename): the layout file
 * @layout: the layout, possibly with faults
 * @diags: everything that there is to say about it
 * @storages: (element-type FlashLayoutStorage): what lies where
 * @image_sizes: (element-type guint64): size of each row's file, or %FLASH_SIZE_UNKNOWN
 * @device_id: the chip that it was checked for, 0 if none
 * @plan: (nullable): what will be sent, if it was asked for and there is no error
 *
 * Immutable, thread: any.
 */
typedef struct {
  gatomicrefcount ref_count;
  char *path;
  FlashLayout *layout;
  FlashDiagList *diags;
  GPtrArray *storages;
  GArray *image_sizes;
  guint device_id;
  FlashPlan *plan;
} FlashLoaded;

FlashLoaded *flash_loaded_ref (FlashLoaded *self);
void flash_loaded_unref (FlashLoaded *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashLoaded, flash_loaded_unref)

/* Returns: how many errors there are; nothing is sent while there are any. */
guint flash_loaded_get_n_errors (const FlashLoaded *self);

/**
 * flash_loaded_is_same_layout:
 *
 * Returns: whether both would tell the board the same, and name the same files
 */
gboolean flash_loaded_is_same_layout (const FlashLoaded *self, const FlashLoaded *other);

/* Returns: whether the layout writes or erases whole storages, partition table and all. */
gboolean flash_loaded_has_whole_storage (const FlashLoaded *self);

/**
 * flash_loader_load:
 * @path: (type filename): a layout, or a folder that holds exactly one
 * @device_id: the chip to check for, 0 if none is chosen
 * @wants_plan: whether to open the files for a job
 * @cancellable: (nullable): ends the reading early
 * @callback: called in the main thread
 */
void flash_loader_load (const char *path, guint device_id, gboolean wants_plan,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);

/**
 * flash_loader_load_finish:
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_LOAD_ERROR,
 *   %FLASH_LAYOUT_ERROR, %G_IO_ERROR)
 */
FlashLoaded *flash_loader_load_finish (GAsyncResult *result, GError **error);

/**
 * flash_loader_find:
 * @path: (type filename): something that is about to be dropped
 * @cancellable: (nullable): ends the search early
 * @callback: called in the main thread
 *
 * Finds out what would be opened.
 */
void flash_loader_find (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer data);

/**
 * flash_loader_find_finish:
 *
 * Returns: (transfer full) (nullable) (type filename): the path of the layout, or %NULL with
 *   @error set (%FLASH_LOAD_ERROR, %G_IO_ERROR)
 */
char *flash_loader_find_finish (GAsyncResult *result, GError **error);

G_END_DECLS
