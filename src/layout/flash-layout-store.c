/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-store"

#include "config.h"

#include "flash-layout-store.h"
#include "flash-layout-atomic.h"
#include "flash-layout.h"
#include "flash-source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many as Linux follows itself (path_resolution(7)). */
#define MAX_LINKS 40

GQuark
flash_layout_store_error_quark (void)
{
  return g_quark_from_static_string ("flash-layout-store-error-quark");
}

static char *
dup_stamp (GBytes *bytes)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

static void
prefix_name (GError **error, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);

  g_prefix_error (error, "%s: ", name);
}

static GBytes *
read_source (FlashSource *source, GError **error)
{
  guint64 size = flash_source_get_size (source);
  g_autofree guint8 *bytes = NULL;

  if (size > FLASH_LAYOUT_MAX_SIZE) {
    g_set_error (error, FLASH_LAYOUT_ERROR, FLASH_LAYOUT_ERROR_TOO_LARGE,
                 "the file has %" G_GUINT64_FORMAT
                 " bytes, a FlashLayout has at most %d; this is not a FlashLayout",
                 size, FLASH_LAYOUT_MAX_SIZE);
    return NULL;
  }
  bytes = g_malloc ((gsize) size + 1);
  if (!flash_source_read (source, 0, bytes, (gsize) size, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), (gsize) size);
}

GBytes *
flash_layout_store_read (const char *path, char **out_stamp, GError **error)
{
  g_autoptr (FlashSource) source = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (path != NULL && out_stamp != NULL, NULL);

  source = flash_source_new_for_file (path, error);
  if (source != NULL)
    bytes = read_source (source, error);
  if (bytes == NULL) {
    prefix_name (error, path);
    return NULL;
  }
  *out_stamp = dup_stamp (bytes);
  return g_steal_pointer (&bytes);
}

/* Returns: (transfer full) (nullable): where @path leads to in the end, there or not. */
static char *
follow_links (const char *path, GError **error)
{
  g_autofree char *target = g_canonicalize_filename (path, NULL);

  for (guint i = 0; i < MAX_LINKS; i++) {
    g_autofree char *link = NULL;
    g_autofree char *folder = g_path_get_dirname (target);

    if (!g_file_test (target, G_FILE_TEST_IS_SYMLINK))
      return g_steal_pointer (&target);
    link = g_file_read_link (target, NULL);
    if (link == NULL)
      break;
    g_free (target);
    target = g_build_filename (g_path_is_absolute (link) ? "/" : folder, link, NULL);
  }
  flash_layout_atomic_set_errno (error, ELOOP, path, "cannot follow the symbolic link");
  return NULL;
}

typedef struct {
  const char *path;
  const char *stamp; /* (nullable) */
} Check;

/* Whether the file still is what it was. */
static gboolean
check_stamp (gpointer data, GError **error)
{
  const Check *self = data;
  g_autofree char *name = g_filename_display_basename (self->path);
  g_autofree char *stamp = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) local_error = NULL;

  if (self->stamp == NULL)
    return TRUE;
  bytes = flash_layout_store_read (self->path, &stamp, &local_error);
  if (bytes != NULL && g_str_equal (stamp, self->stamp))
    return TRUE;
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, FLASH_LAYOUT_STORE_ERROR, FLASH_LAYOUT_STORE_ERROR_GONE,
                 "%s: the file is no longer there; somebody has removed or renamed it since it was "
                 "opened",
                 name);
  else if (local_error == NULL ||
           g_error_matches (local_error, FLASH_LAYOUT_ERROR, FLASH_LAYOUT_ERROR_TOO_LARGE))
    g_set_error (error, FLASH_LAYOUT_STORE_ERROR, FLASH_LAYOUT_STORE_ERROR_CHANGED,
                 "%s: another program has changed the file since it was opened", name);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* The permissions of a new file are those that the user's other new files get. */
static guint
get_usual_mode (void)
{
  g_autofree char *status = NULL;
  const char *line;
  guint64 mask = 022;

  /* umask () could only be asked by changing it, for all threads. */
  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL)) {
    line = strstr (status, "\nUmask:");
    if (line != NULL)
      mask = g_ascii_strtoull (line + strlen ("\nUmask:"), NULL, 8);
  }
  return 0666 & ~(guint) mask;
}

/* Returns: whether something may be put in the place of @path. */
static gboolean
find_mode (const char *path, guint *out_mode, GError **error)
{
  struct stat info;

  if (stat (path, &info) != 0 && errno == ENOENT) {
    *out_mode = get_usual_mode ();
    return TRUE;
  }
  if (stat (path, &info) != 0) {
    flash_layout_atomic_set_errno (error, errno, path, "cannot look at the file");
    return FALSE;
  }
  if (!S_ISREG (info.st_mode)) {
    g_autofree char *name = g_filename_display_basename (path);

    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                 "%s: this is not a regular file, so it cannot be replaced", name);
    return FALSE;
  }
  /* Renaming needs rights on the folder only, but who took the right to write means it. */
  if (faccessat (AT_FDCWD, path, W_OK, AT_EACCESS) != 0) {
    flash_layout_atomic_set_errno (error, errno, path, "the file must not be written to");
    return FALSE;
  }
  *out_mode = info.st_mode & 07777;
  return TRUE;
}

gboolean
flash_layout_store_write (const char *path, GBytes *text, const char *stamp, char **out_stamp,
                          GError **error)
{
  g_autofree char *target = NULL;
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  Check check = { NULL, stamp };
  guint mode;

  g_return_val_if_fail (path != NULL && text != NULL && out_stamp != NULL, FALSE);

  target = follow_links (path, error);
  if (target == NULL)
    return FALSE;
  check.path = target;
  g_ptr_array_add (parts, text);
  if (!check_stamp (&check, error) || !find_mode (target, &mode, error) ||
      !flash_layout_atomic_write (target, parts, mode, check_stamp, &check, NULL, error))
    return FALSE;
  *out_stamp = dup_stamp (text);
  return TRUE;
}

gboolean
flash_layout_store_has_changed (const char *path, const char *stamp)
{
  g_autofree char *now = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (path != NULL && stamp != NULL, FALSE);

  bytes = flash_layout_store_read (path, &now, NULL);
  return bytes == NULL || !g_str_equal (now, stamp);
}
