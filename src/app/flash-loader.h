/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads and checks a layout without keeping the main loop waiting: parsing, looking into every
 * file that it names, and opening them for the job are done in a thread.
 *
 * Thread: main, except what is said of #FlashLoaded. */
#pragma once

#include "flash-diag.h"
#include "flash-layout-document.h"
#include "flash-layout-files.h"
#include "flash-layout.h"
#include "flash-plan.h"

G_BEGIN_DECLS

/**
 * FlashLoadError:
 * @FLASH_LOAD_ERROR_OTHER_KIND: a file that is neither a layout nor firmware
 * @FLASH_LOAD_ERROR_MP_IMAGE: an image that only a layout can bring to a board
 * @FLASH_LOAD_ERROR_NOT_LOCAL: a file without a path on this computer
 * @FLASH_LOAD_ERROR_CHANGED: a file that is no longer what was read
 */
typedef enum {
  FLASH_LOAD_ERROR_OTHER_KIND,
  FLASH_LOAD_ERROR_MP_IMAGE,
  FLASH_LOAD_ERROR_NOT_LOCAL,
  FLASH_LOAD_ERROR_CHANGED,
} FlashLoadError;

#define FLASH_LOAD_ERROR (flash_load_error_quark ())
GQuark flash_load_error_quark (void);

/* A size that is not known, or that does not exist. */
#define FLASH_SIZE_UNKNOWN G_MAXUINT64

/**
 * FlashLoaded:
 * @path: (nullable) (type filename): the layout file, %NULL if it was never saved
 * @layout: the layout, possibly with faults
 * @diags: everything that there is to say about it
 * @storages: (element-type FlashLayoutStorage): what lies where
 * @image_sizes: (element-type guint64): size of each row's file, or %FLASH_SIZE_UNKNOWN
 * @sizes: (nullable) (element-type utf8 guint64): sizes of storages that it was checked with
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
  GHashTable *sizes;
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

/* Returns: whether both say the same of the same text: problems, files, sizes and chip. */
gboolean flash_loaded_is_same_result (const FlashLoaded *self, const FlashLoaded *other);

/* Returns: whether the layout writes or erases whole storages, partition table and all. */
gboolean flash_loaded_has_whole_storage (const FlashLoaded *self);

/**
 * FlashLoadedText:
 * @path: (type filename): the layout file
 * @text: its bytes
 * @stamp: by which a change is noticed, see flash_layout_store_read ()
 * @document: (nullable): the text to be edited, if it was asked for
 */
typedef struct {
  char *path;
  GBytes *text;
  char *stamp;
  FlashLayoutDocument *document;
} FlashLoadedText;

void flash_loaded_text_free (FlashLoadedText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashLoadedText, flash_loaded_text_free)

/**
 * flash_loader_read:
 * @path: (type filename): a layout
 * @wants_document: whether it will be edited; of ten thousand lines that takes a while
 * @cancellable: (nullable): ends the reading early
 * @callback: called in the main thread
 *
 * Reads the text and nothing else. The task's data is @path (const char *).
 */
void flash_loader_read (const char *path, gboolean wants_document, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data);

/**
 * flash_loader_read_finish:
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_LOAD_ERROR,
 *   %FLASH_LAYOUT_ERROR, %G_IO_ERROR)
 */
FlashLoadedText *flash_loader_read_finish (GAsyncResult *result, GError **error);

/**
 * FlashLoadRequest:
 * @text: the layout
 * @path: (nullable) (type filename): its file; paths in it begin in its folder
 * @stamp: (nullable): of the file when it was read. If the file is another one now, the check fails
 *   with %FLASH_LOAD_ERROR_CHANGED
 * @sizes: (nullable) (element-type utf8 guint64): known sizes of storages; does not change any more
 * @files: (nullable): what is known of files from checks before
 * @device_id: the chip to check for, 0 if none is chosen
 * @wants_plan: whether to open the files for a job
 */
typedef struct {
  GBytes *text;
  const char *path;
  const char *stamp;
  GHashTable *sizes;
  FlashLayoutFiles *files;
  guint device_id;
  gboolean wants_plan;
} FlashLoadRequest;

/**
 * flash_loader_check:
 * @request: (transfer none): what to check; its parts are kept as long as they are needed
 * @cancellable: (nullable): ends the check early
 * @callback: called in the main thread
 */
void flash_loader_check (const FlashLoadRequest *request, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data);

/**
 * flash_loader_check_finish:
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_LOAD_ERROR, %G_IO_ERROR); not
 *   for faults of the layout, which are diagnostics
 */
FlashLoaded *flash_loader_check_finish (GAsyncResult *result, GError **error);

G_END_DECLS
