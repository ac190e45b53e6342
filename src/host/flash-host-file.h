/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small files of the kernel and of the system, read with bounds, below a folder that tests can
 * bring. Links are followed inside of that folder only: an absolute one begins there, and `..` does
 * not lead out of it. For use inside of this room. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * flash_host_file_resolve:
 * @root: (nullable) (type filename): where the file system begins; %NULL is this computer's
 * @path: an absolute path in it
 *
 * Returns: (transfer full) (nullable) (type filename): the path without any link in it, from @root
 *   on; %NULL if there is no such file, or there are too many links
 */
char *flash_host_file_resolve (const char *root, const char *path);

/**
 * flash_host_file_dup_full:
 * @root: (nullable) (type filename): where the file system begins
 * @path: an absolute path in it
 *
 * Returns: (transfer full) (nullable) (type filename): a path to be opened; %NULL if there is no
 *   such file below @root. Without @root it is @path, whether or not it is there.
 */
char *flash_host_file_dup_full (const char *root, const char *path);

/* Returns: whether there is a file or a folder at @path. */
gboolean flash_host_file_is_there (const char *root, const char *path);

/**
 * flash_host_file_read:
 * @root: (nullable) (type filename): where the file system begins
 * @path: an absolute path in it
 * @max_bytes: what is behind them is left out
 * @out_length: (out) (optional): bytes that were read
 *
 * Returns: (transfer full) (nullable): what the file holds, and a byte of zero behind it; %NULL if
 *   it cannot be read, or is no ordinary file
 */
char *flash_host_file_read (const char *root, const char *path, gsize max_bytes, gsize *out_length);

/* Returns: (transfer full) (nullable): the first line of a small file, made safe to show; %NULL if
 * it cannot be read or is empty. */
char *flash_host_file_dup_line (const char *root, const char *path);

/**
 * flash_host_file_read_number:
 * @base: 10 or 16
 * @max: the largest number that is believed
 * @out_number: (out): the number
 *
 * Returns: whether the file holds such a number and no more
 */
gboolean flash_host_file_read_number (const char *root, const char *path, guint base, guint max,
                                      guint *out_number);

/* Returns: (transfer full) (nullable): the last part of where the link at @path points, made safe
 * to show; %NULL if there is no link. */
char *flash_host_file_dup_link_name (const char *root, const char *path);

/**
 * flash_host_file_dup_unescaped:
 * @text: as the kernel and udev write what others may have brought: `\x0a`
 * @max_chars: how many characters to keep
 *
 * Returns: (transfer full): it without such escapes, made safe to show
 */
char *flash_host_file_dup_unescaped (const char *text, gsize max_chars);

/**
 * flash_host_file_list:
 *
 * Returns: (transfer full) (array zero-terminated=1): the names in a folder in the order of their
 *   bytes, at most 65536; empty if it cannot be read
 */
GStrv flash_host_file_list (const char *root, const char *folder);

G_END_DECLS
