/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the path of a file says that a sandboxed program was given through the desktop's portal:
 * such files lie in a file system of their own, each in a folder with a made-up name. Pure
 * functions, thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * flash_portal_path_is_lone_file:
 * @path: (type filename): an absolute path
 *
 * Returns: whether the file was given alone, so that nothing beside it can be seen; not so for what
 *   lies in a folder that was given
 */
gboolean flash_portal_path_is_lone_file (const char *path);

/**
 * flash_portal_path_dup_folder:
 * @path: (type filename): an absolute path
 *
 * Returns: (transfer full) (nullable): the folder of @path in words, without what the portal made
 *   up; %NULL for what did not come through the portal
 */
char *flash_portal_path_dup_folder (const char *path);

G_END_DECLS
