/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-remove"

#include "config.h"

#include "flash-bundle-private.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Folders that are open at the same time while a tree is removed. */
#define MAX_OPEN 16
/* mkdtemp (3) */
#define RANDOM_LENGTH 6
#define SECONDS_A_DAY (24 * 60 * 60)

static int
on_entry (const char *path, const struct stat *info, int type, struct FTW *where)
{
  return remove (path);
}

gboolean
_flash_bundle_remove_tree (const char *path, GError **error)
{
  int errsv;
  g_autofree char *name = NULL;

  if (nftw (path, on_entry, MAX_OPEN, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0)
    return TRUE;
  errsv = errno;
  name = g_filename_display_name (path);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errsv), "%s could not be removed: %s",
               name, g_strerror (errsv));
  return FALSE;
}

static gboolean
has_name (const char *path, const char *prefix)
{
  g_autofree char *name = g_path_get_basename (path);

  return g_str_has_prefix (name, prefix) && strlen (name) == strlen (prefix) + RANDOM_LENGTH;
}

gboolean
flash_bundle_remove_unpacked (const char *unpacked, GError **error)
{
  GStatBuf info;
  g_autofree char *name = NULL;

  g_return_val_if_fail (unpacked != NULL, FALSE);

  if (has_name (unpacked, FLASH_BUNDLE_WHOLE) && g_lstat (unpacked, &info) == 0 &&
      S_ISDIR (info.st_mode))
    return _flash_bundle_remove_tree (unpacked, error);
  name = g_filename_display_name (unpacked);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY,
               "%s is no folder that was made by unpacking", name);
  return FALSE;
}

guint
flash_bundle_remove_leftovers (const char *folder, guint days)
{
  g_autoptr (GDir) dir = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  guint n_removed = 0;
  const char *entry;

  g_return_val_if_fail (folder != NULL, 0);

  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (entry = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, entry, NULL);
    GStatBuf info;

    if ((has_name (path, FLASH_BUNDLE_WHOLE) || has_name (path, FLASH_BUNDLE_PARTIAL)) &&
        g_lstat (path, &info) == 0 && S_ISDIR (info.st_mode) &&
        now - info.st_mtim.tv_sec >= (gint64) days * SECONDS_A_DAY &&
        _flash_bundle_remove_tree (path, NULL))
      n_removed++;
  }
  return n_removed;
}
