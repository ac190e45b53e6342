/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks beyond the parser: everything that would go wrong later, said before a byte is sent
 * (stm32mp-usb.md sections 3.5 to 3.14). Reads the files that the layout names, in pieces.
 * Thread: any. */
#pragma once

#include "flash-layout-files.h"
#include "flash-layout.h"

G_BEGIN_DECLS

/**
 * FlashLayoutLintOptions:
 * @sizes: (nullable) (element-type utf8 guint64): known sizes of storages, `mmc0`, `mmc1boot1` →
 *   pointer to #guint64 bytes
 * @device_id: chip, e.g. 0x500, if the board is known; 0: told from the first stage's header
 * @allow_outside: files may lie outside the layout's folder
 * @ignores_files: no file is looked into, and nothing is said that depends on one
 * @files: (nullable): what is known of files from earlier checks; added to
 */
typedef struct {
  GHashTable *sizes;
  guint device_id;
  gboolean allow_outside;
  gboolean ignores_files;
  FlashLayoutFiles *files;
} FlashLayoutLintOptions;

/**
 * flash_layout_lint:
 * @options: (nullable): %NULL for nothing known
 * @cancellable: (nullable): looked at while files are read
 *
 * Adds to @diags, then sorts them by place. Faults of the input are diagnostics, never errors.
 *
 * Returns: %FALSE with @error set only if cancelled
 */
gboolean flash_layout_lint (FlashLayout *layout, const FlashLayoutLintOptions *options,
                            FlashDiagList *diags, GCancellable *cancellable, GError **error);

/**
 * flash_layout_lint_list_codes:
 *
 * Returns: (transfer none) (array zero-terminated=1): every code of a diagnostic that comes from
 *   this room, of the parser and of the checks. Faults of firmware files bring their own codes
 *   from the room formats.
 */
const char *const *flash_layout_lint_list_codes (void);

/**
 * flash_layout_dup_init_error:
 * @sizes: (nullable): as in #FlashLayoutLintOptions
 * @device_id: chip, e.g. 0x500, or 0
 * @out_line: (out) (optional): the line of which the board speaks; untouched without an answer
 *
 * What the board would answer after it has taken the layout, when it sets up its storages
 * (stm32mp-usb.md section 3.5). It stops at the first fault. What depends on the chips that are
 * fitted is foreseen for the usual ones.
 *
 * Returns: (transfer full) (nullable): the answer, word for word; %NULL if none is foreseen, or if
 *   the layout is not even taken
 */
char *flash_layout_dup_init_error (FlashLayout *layout, GHashTable *sizes, guint device_id,
                                   guint *out_line);

/**
 * FlashLayoutPart:
 * @row: (transfer none): the row
 * @start: first byte on the storage; 0 for boot1, boot2 and RawImage
 * @size: bytes up to the next one; %G_MAXUINT64 if it depends on the unknown size of the storage
 */
typedef struct {
  FlashLayoutRow *row;
  guint64 start;
  guint64 size;
} FlashLayoutPart;

/**
 * FlashLayoutStorage:
 * @ip: `mmc0` and the like
 * @size: in bytes, 0 if not known
 * @parts: (element-type FlashLayoutPart): in the board's order: boot2, boot1, then by offset
 */
typedef struct {
  char *ip;
  guint64 size;
  GArray *parts;
} FlashLayoutStorage;

/**
 * flash_layout_dup_storages:
 * @sizes: (nullable): as in #FlashLayoutLintOptions
 *
 * Returns: (transfer full) (element-type FlashLayoutStorage): the storages in the order in which
 *   the file names them first; free with g_ptr_array_unref ()
 */
GPtrArray *flash_layout_dup_storages (FlashLayout *layout, GHashTable *sizes);

G_END_DECLS
