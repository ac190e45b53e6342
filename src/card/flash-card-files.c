/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-files"

#include "config.h"

#include "flash-card-files.h"

#include "flash-fd.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MODE 0666

struct _FlashCardFile {
  char *path; /* (owned) */
  char *aside; /* (owned): where it is now; after an exchange, where the replaced one is */
  int fd;
  gboolean is_placed;
  gboolean is_exchanged;
  gboolean is_kept; /* what is aside is somebody's, and could not be given back */
};

static gboolean
fail (const char *path, int errsv, GError **error)
{
  gboolean is_full = errsv == ENOSPC || errsv == EDQUOT || errsv == EFBIG;

  g_set_error (error, FLASH_CARD_ERROR,
               is_full ? FLASH_CARD_ERROR_NO_SPACE : FLASH_CARD_ERROR_NOT_WRITABLE, "%s: %s", path,
               g_strerror (errsv));
  return FALSE;
}

gboolean
flash_card_file_check (const char *path, const GPtrArray *inputs, gboolean replace, GError **error)
{
  GStatBuf info, input;

  if (g_lstat (path, &info) != 0)
    return TRUE;
  /* A link that leads nowhere is something by that name all the same. */
  if (g_stat (path, &info) == 0 && !S_ISREG (info.st_mode)) {
    g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_NOT_A_FILE, "%s", path);
    return FALSE;
  }
  for (guint i = 0; i < inputs->len; i++)
    if (g_stat (g_ptr_array_index (inputs, i), &input) == 0 && input.st_dev == info.st_dev &&
        input.st_ino == info.st_ino) {
      g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_IS_INPUT, "%s", path);
      return FALSE;
    }
  if (!replace)
    g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_EXISTS, "%s", path);
  return replace;
}

/**
 * make_aside:
 * @out_aside: (out) (transfer full): the name of a new file in the folder of @path
 *
 * Returns: its descriptor, -1 with errno set
 */
static int
make_aside (const char *path, char **out_aside)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *hidden = g_strdup_printf (".%.200s.XXXXXX", base);

  *out_aside = g_build_filename (folder, hidden, NULL);
  return g_mkstemp_full (*out_aside, O_RDWR | O_CLOEXEC, FILE_MODE);
}

FlashCardFile *
flash_card_file_new (const char *path, GError **error)
{
  g_autofree char *aside = NULL;
  FlashCardFile *self;
  int fd = make_aside (path, &aside);

  if (fd < 0) {
    fail (path, errno, error);
    return NULL;
  }
  self = g_new0 (FlashCardFile, 1);
  self->path = g_strdup (path);
  self->aside = g_steal_pointer (&aside);
  self->fd = fd;
  return self;
}

void
flash_card_file_free (FlashCardFile *self)
{
  if (self->fd >= 0)
    g_close (self->fd, NULL);
  if (!self->is_kept && (!self->is_placed || self->is_exchanged))
    g_unlink (self->aside);
  g_free (self->path);
  g_free (self->aside);
  g_free (self);
}

gboolean
flash_card_file_resize (FlashCardFile *self, guint64 size, GError **error)
{
  return ftruncate (self->fd, (off_t) size) == 0 || fail (self->path, errno, error);
}

gboolean
flash_card_file_write (FlashCardFile *self, guint64 offset, const guint8 *bytes, gsize length,
                       GError **error)
{
  return flash_fd_write (self->fd, offset, bytes, length, NULL) || fail (self->path, errno, error);
}

/* --- Names --------------------------------------------------------------------------------- */

/* Not every file system can do more than replace. */
static gboolean
is_unable (int errsv)
{
  return errsv == EINVAL || errsv == ENOSYS || errsv == EOPNOTSUPP;
}

static gboolean
rename_plainly (FlashCardFile *self)
{
  GStatBuf info;

  if (g_lstat (self->path, &info) == 0) {
    errno = EEXIST;
    return FALSE;
  }
  return g_rename (self->aside, self->path) == 0;
}

/* The same as an exchange in two steps, between which there is nothing by that name: what is
 * replaced goes to a name aside first, so that it is never lost. */
static gboolean
exchange_plainly (FlashCardFile *self)
{
  g_autofree char *other = NULL;
  int fd = make_aside (self->path, &other);
  int errsv;

  if (fd < 0)
    return FALSE;
  g_close (fd, NULL);
  /* This fails by itself for a folder. */
  if (g_rename (self->path, other) != 0) {
    errsv = errno;
    g_unlink (other);
    errno = errsv;
    return FALSE;
  }
  if (g_rename (self->aside, self->path) == 0) {
    g_free (self->aside);
    self->aside = g_steal_pointer (&other);
    return TRUE;
  }
  errsv = errno;
  if (g_rename (other, self->path) != 0) {
    g_unlink (self->aside);
    g_free (self->aside);
    self->aside = g_steal_pointer (&other);
    self->is_kept = TRUE;
  }
  errno = errsv;
  return FALSE;
}

static gboolean
exchange_names (FlashCardFile *self)
{
  if (renameat2 (AT_FDCWD, self->aside, AT_FDCWD, self->path, RENAME_EXCHANGE) == 0)
    return TRUE;
  return is_unable (errno) && exchange_plainly (self);
}

static gboolean
exchange (FlashCardFile *self)
{
  GStatBuf info;

  if (!exchange_names (self))
    return FALSE;
  if (g_lstat (self->aside, &info) != 0 || !S_ISDIR (info.st_mode)) {
    self->is_exchanged = TRUE;
    return TRUE;
  }
  /* Somebody has made a folder by that name since it was checked; it is not ours to remove. */
  if (exchange_names (self))
    errno = EISDIR;
  else
    self->is_kept = TRUE;
  return FALSE;
}

static gboolean
rename_file (FlashCardFile *self, gboolean replace)
{
  if (replace) {
    if (exchange (self))
      return TRUE;
    if (errno != ENOENT)
      return FALSE;
  }
  if (renameat2 (AT_FDCWD, self->aside, AT_FDCWD, self->path, RENAME_NOREPLACE) == 0)
    return TRUE;
  return is_unable (errno) && rename_plainly (self);
}

/* Nothing has to come back for the sake of others. A file system that shares a single file has no
 * place for what it replaces: it would keep that for ever, hidden. */
static gboolean
rename_alone (FlashCardFile *self, gboolean replace)
{
  return replace ? g_rename (self->aside, self->path) == 0 : rename_file (self, FALSE);
}

static gboolean
place (FlashCardFile *self, gboolean is_alone, gboolean replace, GError **error)
{
  self->is_placed = is_alone ? rename_alone (self, replace) : rename_file (self, replace);
  if (self->is_placed)
    return TRUE;
  if (errno != EEXIST)
    return fail (self->path, errno, error);
  g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_EXISTS, "%s", self->path);
  return FALSE;
}

/* What was by that name comes back, or stays where it is aside. */
static void
take_back (FlashCardFile *self)
{
  if (!self->is_exchanged)
    g_unlink (self->path);
  else if (!exchange_names (self))
    self->is_kept = TRUE;
}

/* Says where the files are that could not be given their names back. */
static void
name_kept (FlashCardFile *const *files, guint n_files, GError **error)
{
  for (guint i = 0; i < n_files; i++)
    if (files[i]->is_kept)
      g_prefix_error (error, "what was called %s before is now %s; ", files[i]->path,
                      files[i]->aside);
}

gboolean
flash_card_files_publish (FlashCardFile *const *files, guint n_files, gboolean replace,
                          GError **error)
{
  g_autofree char *folder = NULL;

  for (guint i = 0; i < n_files; i++)
    if (fsync (files[i]->fd) != 0)
      return fail (files[i]->path, errno, error);
  for (guint i = 0; i < n_files; i++) {
    if (place (files[i], n_files == 1, replace, error))
      continue;
    while (i-- > 0)
      take_back (files[i]);
    name_kept (files, n_files, error);
    return FALSE;
  }
  folder = g_path_get_dirname (files[0]->path);
  flash_fd_sync_folder (folder);
  return TRUE;
}
