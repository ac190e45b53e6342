/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-place"

#include "config.h"

#include "flash-bundle-place.h"

#include "flash-bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "run-"
#define LOCK_NAME "lock"
/* Each attempt can only fail because somebody tidied up in the very moment between two calls. */
#define MAX_ATTEMPTS 8

struct _FlashBundlePlace {
  char *folder; /* (owned) (type filename) */
  int lock; /* (owned): the file that is locked */
};

static char *
dup_root (void)
{
  return g_build_filename (g_get_user_cache_dir (), "flashwright", "opened", NULL);
}

static char *
dup_lock_path (const char *folder)
{
  return g_build_filename (folder, LOCK_NAME, NULL);
}

/**
 * take_lock:
 * @flags: of open (2), besides the usual ones
 *
 * Returns: the locked file, or -1 with errno: %EWOULDBLOCK if somebody else holds it, %ENOENT if
 *   there is none, or no longer
 */
static int
take_lock (const char *folder, int flags)
{
  g_autofree char *path = dup_lock_path (folder);
  int fd = open (path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | flags, 0600);
  int errsv;
  struct stat info;

  if (fd < 0)
    return -1;
  if (flock (fd, LOCK_EX | LOCK_NB) != 0) {
    errsv = errno;
  } else if (fstat (fd, &info) != 0 || info.st_nlink == 0) {
    /* It was removed between the two calls: what is locked is nobody's file. */
    errsv = ENOENT;
  } else {
    return fd;
  }
  close (fd);
  errno = errsv;
  return -1;
}

/* The lock is the last that goes: as long as it is there, nobody else begins. */
static void
remove_folder (const char *folder)
{
  g_autofree char *path = dup_lock_path (folder);

  flash_bundle_remove_leftovers (folder, 0);
  g_unlink (path);
  if (g_rmdir (folder) != 0 && errno != ENOENT)
    g_info ("cannot remove %s: %s", folder, g_strerror (errno));
}

static FlashBundlePlace *
try_new (const char *root)
{
  g_autofree char *folder = g_build_filename (root, PREFIX "XXXXXX", NULL);
  FlashBundlePlace *self;
  int lock;

  if (g_mkdtemp_full (folder, 0700) == NULL)
    return NULL;
  lock = take_lock (folder, O_CREAT);
  if (lock < 0) {
    int errsv = errno;

    g_rmdir (folder);
    errno = errsv;
    return NULL;
  }
  self = g_new0 (FlashBundlePlace, 1);
  self->folder = g_steal_pointer (&folder);
  self->lock = lock;
  return self;
}

FlashBundlePlace *
flash_bundle_place_new (GError **error)
{
  g_autofree char *root = dup_root ();
  g_autofree char *name = NULL;
  FlashBundlePlace *self = NULL;
  int errsv;

  if (g_mkdir_with_parents (root, 0700) == 0)
    for (guint i = 0; i < MAX_ATTEMPTS && self == NULL; i++)
      self = try_new (root);
  if (self != NULL)
    return self;
  errsv = errno;
  name = g_filename_display_name (root);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errsv), "%s: %s", name,
               g_strerror (errsv));
  return NULL;
}

/* --- the end -------------------------------------------------------------------------------- */

static void
end (FlashBundlePlace *self)
{
  remove_folder (self->folder);
  close (self->lock);
  g_free (self->folder);
  g_free (self);
}

static void
end_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  end (data);
  g_task_return_boolean (task, TRUE);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GApplication) application = data;

  if (application != NULL)
    g_application_release (application);
}

void
flash_bundle_place_free (FlashBundlePlace *self)
{
  GApplication *application = g_application_get_default ();
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (self != NULL);

  if (!g_main_context_is_owner (g_main_context_default ())) {
    end (self);
    return;
  }
  if (application != NULL)
    g_application_hold (g_object_ref (application));
  task = g_task_new (NULL, NULL, on_ended, application);
  g_task_set_source_tag (task, flash_bundle_place_free);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, end_in_thread);
}

const char *
flash_bundle_place_get_folder (FlashBundlePlace *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->folder;
}

/* --- all of them ---------------------------------------------------------------------------- */

gboolean
flash_bundle_place_is_temporary (const char *path)
{
  g_autofree char *root = dup_root ();

  g_return_val_if_fail (path != NULL, FALSE);

  return g_str_has_prefix (path, root) && path[strlen (root)] == '/';
}

static gboolean
is_kept (const char *folder, const char *const *kept)
{
  for (guint i = 0; kept != NULL && kept[i] != NULL; i++)
    if (g_str_has_prefix (kept[i], folder) && kept[i][strlen (folder)] == '/')
      return TRUE;
  return FALSE;
}

/* Returns: whether @folder was nobody's, and is gone now. */
static gboolean
remove_leftover (const char *folder)
{
  int lock = take_lock (folder, 0);

  if (lock < 0) {
    /* Without a lock it is empty, or somebody has only just made it. */
    return errno == ENOENT && g_rmdir (folder) == 0;
  }
  remove_folder (folder);
  close (lock);
  return !g_file_test (folder, G_FILE_TEST_EXISTS);
}

guint
flash_bundle_place_remove_leftovers (const char *const *kept)
{
  g_autofree char *root = dup_root ();
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  guint n_removed = 0;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *folder = g_build_filename (root, name, NULL);
    GStatBuf info;

    if (g_str_has_prefix (name, PREFIX) && g_lstat (folder, &info) == 0 && S_ISDIR (info.st_mode) &&
        !is_kept (folder, kept) && remove_leftover (folder))
      n_removed++;
  }
  return n_removed;
}
