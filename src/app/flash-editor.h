/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The open layout: its text while it is edited (FlashLayoutDocument), what the checks say about it
 * as it is now, and where it is stored.
 *
 * After each edit the text is checked in a thread; while one check runs, only the latest text waits
 * for the next. So typing never waits, and what is shown is at most one check old.
 *
 * Thread: main. */
#pragma once

#include "flash-layout-document.h"
#include "flash-layout-store.h"
#include "flash-loader.h"

G_BEGIN_DECLS

#define FLASH_TYPE_EDITOR (flash_editor_get_type ())
G_DECLARE_FINAL_TYPE (FlashEditor, flash_editor, FLASH, EDITOR, GObject)

/**
 * flash_editor_new:
 * @text: the layout
 * @path: (nullable) (type filename): its file; %NULL for one that was never saved
 * @stamp: (nullable): of the file, see flash_layout_store_read ()
 *
 * The first check begins at once.
 */
FlashEditor *flash_editor_new (GBytes *text, const char *path, const char *stamp);

/**
 * flash_editor_new_loaded:
 * @loaded: from flash_loader_read (), with its document; the editor takes that over
 */
FlashEditor *flash_editor_new_loaded (FlashLoadedText *loaded);

/**
 * flash_editor_new_restored:
 * @rescue: what a crash has left; its file goes on as that of the new editor
 *
 * The layout is as it was then, not saved; whether its file has changed since is looked at once.
 */
FlashEditor *flash_editor_new_restored (const FlashLayoutRescue *rescue);

/* Returns: (transfer none): the text and its entries; edit through this. */
FlashLayoutDocument *flash_editor_get_document (FlashEditor *self);

/* Returns: (transfer none) (nullable): the result of the last check; %NULL before the first. */
FlashLoaded *flash_editor_get_loaded (FlashEditor *self);

/* Returns: whether that result is of the text as it is now. */
gboolean flash_editor_is_checked (FlashEditor *self);

/* Checks again, files included; for changes outside of the text. */
void flash_editor_check (FlashEditor *self);

/**
 * flash_editor_flush:
 * @callback: called as soon as there is a result of the text as it is now
 *
 * Before a job starts: it must see what the user sees. The files are looked at again and opened: if
 * there are no errors the result has a plan. Fails with %FLASH_LOAD_ERROR_CHANGED if there is
 * nothing unsaved and the file is no longer what is shown.
 */
void flash_editor_flush (FlashEditor *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer data);
/* Returns: (transfer full) (nullable): the result, %NULL with @error set (cancelled, or the check
 * itself failed). */
FlashLoaded *flash_editor_flush_finish (FlashEditor *self, GAsyncResult *result, GError **error);

/* The chip to check for, 0 if no board is chosen; checks again if it is another. */
void flash_editor_set_device_id (FlashEditor *self, guint device_id);

/**
 * flash_editor_set_storage_size:
 * @ip: `mmc0` and the like
 * @size: in bytes, as the user or the board said; 0 if nobody knows
 */
void flash_editor_set_storage_size (FlashEditor *self, const char *ip, guint64 size);
guint64 flash_editor_get_storage_size (FlashEditor *self, const char *ip);

/* Returns: (transfer none) (nullable) (type filename): where it is stored. */
const char *flash_editor_get_path (FlashEditor *self);
/* Returns: whether the text is stored nowhere as it is now: it was edited, never saved, or its file
 * is gone. */
gboolean flash_editor_is_modified (FlashEditor *self);
/* Returns: (transfer full): its name for the title, `Untitled layout` (translated) without one. */
char *flash_editor_dup_title (FlashEditor *self);

/**
 * flash_editor_save:
 * @path: (nullable) (type filename): for “Save as”; %NULL for where it is stored
 * @overwrites_changes: whether to write over what somebody else has changed meanwhile
 */
void flash_editor_save (FlashEditor *self, const char *path, gboolean overwrites_changes,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/* The task's data is the path (const char *) to which it was to go.
 *
 * Returns: %FALSE with @error set (%FLASH_LAYOUT_STORE_ERROR, %G_IO_ERROR); nothing is lost then.
 */
gboolean flash_editor_save_finish (FlashEditor *self, GAsyncResult *result, GError **error);

/* --- what others do with the file ----------------------------------------------------------- */

/**
 * FlashEditorDisk:
 * @FLASH_EDITOR_DISK_SAME: the file is what was read or saved last
 * @FLASH_EDITOR_DISK_CHANGED: another program has changed it
 * @FLASH_EDITOR_DISK_GONE: it is no longer there
 */
typedef enum {
  FLASH_EDITOR_DISK_SAME,
  FLASH_EDITOR_DISK_CHANGED,
  FLASH_EDITOR_DISK_GONE,
} FlashEditorDisk;

FlashEditorDisk flash_editor_get_disk (FlashEditor *self);

/* Looks whether somebody else has changed the file; also done whenever the system says that
 * something has changed in its folder. */
void flash_editor_look_at_disk (FlashEditor *self);

/* Goes on with what is in the editor: the next saving writes over what the other has made. */
void flash_editor_keep_mine (FlashEditor *self);

/* Returns: (transfer full) (nullable): an editor of the file as the other has made it, %NULL if it
 * has not changed or is gone. This one stays as it is. */
FlashEditor *flash_editor_new_of_other (FlashEditor *self);

/* --- rescue --------------------------------------------------------------------------------- */

/* What is unsaved is kept for the time after a crash, beginning a moment after an edit, until it is
 * saved, undone, or not wanted any more: the latter is said by this. */
void flash_editor_discard (FlashEditor *self);

/* Returns: (transfer full) (type filename): where unsaved layouts are kept. */
char *flash_editor_dup_rescue_folder (void);

/* Signals:
 * `edited` ()         the document has changed
 * `checked` ()        there is a new result
 * `saved` ()          path or modified have changed by saving, or by what was found on the disk
 * `disk-changed` ()   flash_editor_get_disk () is another, or the file has changed once more
 * `rescue-failed` (message: string)   unsaved work cannot be kept; said once until it can again */

G_END_DECLS
