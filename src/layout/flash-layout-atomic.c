/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-atomic"

#include "config.h"

#include "flash-layout-atomic.h"

#include "flash-fd.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void
flash_layout_atomic_set_errno (GError **error, int error_number, const char *path, const char *what)
{
  g_autofree char *name = g_filename_display_basename (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (error_number), "%s: %s: %s", name, what,
               g_strerror (error_number));
}

/* A power cut after this finds all of the file or nothing of it. */
static gboolean
fill (int fd, GPtrArray *parts, guint mode)
{
  guint64 offset = 0;

  for (guint i = 0; i < parts->len; i++) {
    gsize size;
    const guint8 *bytes = g_bytes_get_data (g_ptr_array_index (parts, i), &size);

    if (!flash_fd_write (fd, offset, bytes, size, NULL))
      return FALSE;
    offset += size;
  }
  return fchmod (fd, mode) == 0 && fsync (fd) == 0;
}

/* Keeps the owner of the file that was there, as far as the system lets us. */
static void
keep_owner (int fd, const char *path)
{
  struct stat old, made;

  if (lstat (path, &old) != 0 || fstat (fd, &made) != 0)
    return;
  if ((old.st_gid != made.st_gid && fchown (fd, (uid_t) -1, old.st_gid) != 0) ||
      (old.st_uid != made.st_uid && fchown (fd, old.st_uid, (gid_t) -1) != 0))
    g_info ("%s: %s", path, g_strerror (errno));
}

static gboolean
make_ready (int fd, const char *path, GPtrArray *parts, guint mode, GError **error)
{
  keep_owner (fd, path);
  if (!fill (fd, parts, mode)) {
    flash_layout_atomic_set_errno (error, errno, path, "cannot write the file");
    return FALSE;
  }
  return TRUE;
}

static gboolean
put_in_place (const char *aside, const char *path, GError **error)
{
  if (g_rename (aside, path) != 0) {
    flash_layout_atomic_set_errno (error, errno, path, "cannot put the new file in place");
    return FALSE;
  }
  return TRUE;
}

/* Whoever may write to the file but not to its folder could only write over it, and lose it when
 * the disk is full or the power fails. */
static void
set_folder_error (GError **error, int error_number, const char *path, const char *folder)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *shown = g_filename_display_name (folder);

  g_set_error (
      error, G_IO_ERROR, g_io_error_from_errno (error_number),
      "%s: no file can be made in the folder “%s” (%s); a layout is written beside the old "
      "one first, so save it in another folder",
      name, shown, g_strerror (error_number));
}

gboolean
flash_layout_atomic_write (const char *path, GPtrArray *parts, guint mode,
                           FlashLayoutAtomicCheck check, gpointer data, int *out_fd, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *aside = g_build_filename (folder, ".flashwright-XXXXXX", NULL);
  int fd = mkostemp (aside, O_CLOEXEC);
  gboolean is_done;

  if (fd < 0) {
    set_folder_error (error, errno, path, folder);
    return FALSE;
  }
  /* Who asks for the lock holds it as soon as the file has its name. Not all file systems know
   * locks; without one it only looks as if nobody kept the file. */
  if (out_fd != NULL && flock (fd, LOCK_EX | LOCK_NB) != 0)
    g_info ("%s: %s", aside, g_strerror (errno));
  /* Writing and fsync may take seconds on a slow disk, in which others can change the file. */
  is_done = make_ready (fd, path, parts, mode, error) && (check == NULL || check (data, error)) &&
            put_in_place (aside, path, error);
  if (is_done)
    flash_fd_sync_folder (folder);
  else
    g_unlink (aside);
  if (is_done && out_fd != NULL)
    *out_fd = fd;
  else
    close (fd);
  return is_done;
}
