/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names inside of an archive: which of them are safe, and what they mean. For use inside this room.
 * Pure functions. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many folders may lie in one another, with the file in them. Ours: builds have ten. Each of
 * them is looked up for every file that a layout names, as it may be a link. */
#define FLASH_BUNDLE_MAX_PARTS 64

/**
 * FlashBundlePathFault:
 * @FLASH_BUNDLE_PATH_GOOD: none
 * @FLASH_BUNDLE_PATH_EMPTY: no name at all, or the archive's own folder
 * @FLASH_BUNDLE_PATH_ABSOLUTE: it begins with `/`, or with a drive letter
 * @FLASH_BUNDLE_PATH_PARENT: it leads out of the archive by `..`
 * @FLASH_BUNDLE_PATH_BACKSLASH: it holds a backslash, which is a separator to some programs
 * @FLASH_BUNDLE_PATH_NOT_TEXT: it is not UTF-8, or holds control characters
 * @FLASH_BUNDLE_PATH_LONG: it is too long for a file system
 * @FLASH_BUNDLE_PATH_DEEP: it has more than %FLASH_BUNDLE_MAX_PARTS parts
 */
typedef enum {
  FLASH_BUNDLE_PATH_GOOD,
  FLASH_BUNDLE_PATH_EMPTY,
  FLASH_BUNDLE_PATH_ABSOLUTE,
  FLASH_BUNDLE_PATH_PARENT,
  FLASH_BUNDLE_PATH_BACKSLASH,
  FLASH_BUNDLE_PATH_NOT_TEXT,
  FLASH_BUNDLE_PATH_LONG,
  FLASH_BUNDLE_PATH_DEEP,
} FlashBundlePathFault;

/**
 * flash_bundle_path_clean:
 * @raw: (nullable): a name as the archive has it, any bytes
 * @max_name: how many bytes it may have
 * @out_path: (out) (transfer full) (nullable): the name with single `/` between its parts, none of
 *   them `.` or `..`, none of them empty; %NULL if it has a fault
 *
 * A name with `..` is never good, not even if it stays inside: nobody packs such names.
 */
FlashBundlePathFault flash_bundle_path_clean (const char *raw, gsize max_name, char **out_path);

/**
 * flash_bundle_path_join:
 * @folder: a clean path of a folder, empty for the archive's own
 * @relative: what is relative to it: the target of a link, or a cell of a layout
 * @max_name: how many bytes the result may have
 * @out_path: (out) (transfer full) (nullable): a clean path, or %NULL if it has a fault
 *
 * Here `..` is good as long as the path stays inside.
 */
FlashBundlePathFault
flash_bundle_path_join (const char *folder, const char *relative, gsize max_name, char **out_path);

/* Returns: (transfer full): the folder that the clean @path is in, empty for the archive's own. */
char *flash_bundle_path_dup_folder (const char *path);

/* Returns: (transfer none): the last part of the clean @path. */
const char *flash_bundle_path_get_base (const char *path);

/* Returns: whether @path is named as layouts are: `.tsv`. */
gboolean flash_bundle_path_is_layout (const char *path);

/* Returns: (transfer full): any bytes as one line that can be shown, at most 120 characters. */
char *flash_bundle_path_dup_safe (const char *raw);

G_END_DECLS
