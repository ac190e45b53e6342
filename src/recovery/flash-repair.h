/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A repair file: what support makes for a customer, so that one file and one button are enough. A
 * `.zip` with `repair.json` (words, the case, what belongs to it and its SHA-256), then a layout
 * with its images, or a firmware file. Names in it have no folders.
 *
 * Nothing in one that is opened is believed: texts are bounded and made safe to show, the case must
 * be one that is known here, and every file must be what `repair.json` says of it. Thread: any one
 * at a time. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Bounds for what is made and for what is opened. */
#define FLASH_REPAIR_MAX_TITLE 120 /* characters */
#define FLASH_REPAIR_MAX_MESSAGE 4000
#define FLASH_REPAIR_MAX_CONTACT 240
#define FLASH_REPAIR_MAX_FILES 64
#define FLASH_REPAIR_MAX_JSON (256 * 1024) /* bytes */
/* All files together; a smaller archive may hold less, see flash_repair_load (). */
#define FLASH_REPAIR_MAX_BYTES (G_GUINT64_CONSTANT (64) * 1024 * 1024 * 1024)

typedef enum {
  FLASH_REPAIR_ERROR_NOT_A_REPAIR, /* it is something else */
  FLASH_REPAIR_ERROR_REFUSED, /* it is hostile: too large, too many files, names that lead out */
  FLASH_REPAIR_ERROR_DAMAGED, /* it cannot be read to its end, or a file is not what it should be */
  FLASH_REPAIR_ERROR_TOO_NEW, /* a newer version of this program made it, or it is for a case
                                 that is not known here */
  FLASH_REPAIR_ERROR_CHANGED, /* a file was written to while it was packed */
} FlashRepairError;

#define FLASH_REPAIR_ERROR (flash_repair_error_quark ())
GQuark flash_repair_error_quark (void);

/**
 * FlashRepairWords:
 * What support has to say; the texts are plain.
 *
 * @title: one line, not empty
 * @message: what to know and to do; lines
 * @contact: whom to ask; one line, may be empty
 */
typedef struct {
  const char *title;
  const char *message;
  const char *contact;
} FlashRepairWords;

typedef struct _FlashRepair FlashRepair;

/**
 * flash_repair_new:
 * @case_id: of a FlashRecoveryCase, which must exist
 * @words: cut to the bounds, and made safe to show
 *
 * Returns: (transfer full): a repair without files
 */
FlashRepair *flash_repair_new (const char *case_id, const FlashRepairWords *words);
FlashRepair *flash_repair_ref (FlashRepair *self);
void flash_repair_unref (FlashRepair *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashRepair, flash_repair_unref)

/* Returns: (transfer none): the id of its case. */
const char *flash_repair_get_case (FlashRepair *self);
/* Returns: what support has to say; belongs to @self. */
FlashRepairWords flash_repair_get_words (FlashRepair *self);
/* Returns: how many files belong to it. */
guint flash_repair_get_n_files (FlashRepair *self);
/* Returns: (transfer none): the name of one of them; the first one is what is to be flashed. */
const char *flash_repair_get_file (FlashRepair *self, guint index);
/* Returns: whether what is to be flashed is a layout. */
gboolean flash_repair_is_layout (FlashRepair *self);

/**
 * flash_repair_add_bytes:
 * @name: what to call it; anything
 * @bytes: its content
 *
 * Returns: (transfer none) (nullable): the name that it got, which has letters, digits, `.`, `_`,
 *   `+` and `-` only, and differs from the others; %NULL if there are %FLASH_REPAIR_MAX_FILES
 */
const char *flash_repair_add_bytes (FlashRepair *self, const char *name, GBytes *bytes);

/**
 * flash_repair_add_file:
 * @path: (type filename): a file, which is read when it is saved
 *
 * Returns: (transfer none) (nullable): as flash_repair_add_bytes (); the same file gets the same
 *   name again. %NULL with @error set (%G_IO_ERROR, %FLASH_REPAIR_ERROR_REFUSED)
 */
const char *flash_repair_add_file (FlashRepair *self, const char *path, GError **error);

/* Says that the file of that name, which must belong to it, is what is to be flashed; without, it
 * is the first that was added. */
void flash_repair_set_main (FlashRepair *self, const char *name);

/**
 * flash_repair_save:
 * @path: (type filename): where to; written aside and renamed
 * @cancellable: (nullable): looked at all the time
 *
 * Blocks; reads every file twice. After an error or a cancel nothing stays behind.
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR, %FLASH_REPAIR_ERROR_CHANGED)
 */
gboolean
flash_repair_save (FlashRepair *self, const char *path, GCancellable *cancellable, GError **error);

/* Returns: whether the file at @path (type filename) looks like a repair: a zip that begins with
 * `repair.json`. */
gboolean flash_repair_is_repair (const char *path);

/**
 * flash_repair_load:
 * @path: (type filename): a file from anybody
 *
 * Reads `repair.json`, no more. All files together may be a thousand times as large as the archive,
 * or 1 GiB, and never more than %FLASH_REPAIR_MAX_BYTES.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_REPAIR_ERROR, %G_IO_ERROR)
 */
FlashRepair *flash_repair_load (const char *path, GError **error);

/**
 * flash_repair_unpack:
 * @path: (type filename): the archive that @self was read from
 * @folder: (type filename): an empty folder of one's own
 * @cancellable: (nullable): looked at all the time
 *
 * Writes the files of @self into @folder, nothing else, and compares each with its SHA-256. Blocks.
 * The caller removes the folder, also after an error.
 *
 * Returns: (transfer full) (nullable) (type filename): what is to be flashed; or %NULL with @error
 *   set (%FLASH_REPAIR_ERROR, %G_IO_ERROR)
 */
char *flash_repair_unpack (FlashRepair *self, const char *path, const char *folder,
                           GCancellable *cancellable, GError **error);

G_END_DECLS
