/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which programs are in the way of unmounting. Thread: any; reads a few hundred links. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * flash_drive_holder_list:
 * @root: (nullable): where the file system begins, so that tests can bring a computer of their own
 * @mount_point: where something is mounted
 *
 * Looks for processes that stand below @mount_point or have a file open there. Those of other users
 * are seen only by root.
 *
 * Returns: (transfer full) (nullable): at most five of them, such as `bash (4711), nautilus (312)`;
 *   %NULL if none is seen
 */
char *flash_drive_holder_list (const char *root, const char *mount_point);

G_END_DECLS
