/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only place of this room that writes. A new folder is filled under one name and gets the other
 * when it is whole, so that what a killed program leaves behind is never taken for whole. No link
 * is ever made in it, and all names have been cleaned: nothing can be written outside of it. */
#define G_LOG_DOMAIN "flash-bundle-unpack"

#include "config.h"

#include "flash-bundle-needs.h"
#include "flash-bundle-path.h"
#include "flash-bundle-private.h"
#include "flash-fd.h"
#include "flash-text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* What folders and the file system's own tables may take. */
#define SPACE_MARGIN (16 * 1024 * 1024)
#define PROGRESS_STEP (1024 * 1024)

typedef struct {
  FlashBundle *bundle; /* (unowned) */
  FlashBundleNeeds *needs; /* (unowned) */
  const char *folder; /* (unowned) (type filename): the new one */
  FlashBundleProgress progress; /* (nullable) */
  gpointer progress_data;
  guint64 n_written;
  guint64 told;
} Unpack;

static void
set_errno_error (GError **error, const char *path, int errsv)
{
  g_autofree char *safe = flash_bundle_path_dup_safe (path);

  if (errsv == ENOSPC || errsv == EDQUOT || errsv == EFBIG)
    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_NO_SPACE,
                 "there is no room any more to unpack “%s”", safe);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errsv), "“%s” could not be unpacked: %s",
                 safe, g_strerror (errsv));
}

static void
set_changed (GError **error)
{
  g_set_error_literal (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_CHANGED,
                       "the archive was written to since it was opened; open it again");
}

/* --- one file ----------------------------------------------------------------------------- */

/* All the names that one entry goes to. */
typedef struct {
  GPtrArray *needs; /* (unowned) (element-type FlashBundleNeed) */
  int fds[FLASH_BUNDLE_MAX_COPIES];
  guint n_fds;
} Copies;

static void
copies_clear (Copies *self)
{
  for (guint i = 0; i < self->n_fds; i++)
    g_close (self->fds[i], NULL);
  self->n_fds = 0;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Copies, copies_clear)

static const char *
get_path (const Copies *self, guint index)
{
  return ((const FlashBundleNeed *) g_ptr_array_index (self->needs, index))->path;
}

static gboolean
open_copies (Unpack *self, Copies *copies, GError **error)
{
  for (guint i = 0; i < copies->needs->len; i++) {
    const char *name = get_path (copies, i);
    g_autofree char *path = g_build_filename (self->folder, name, NULL);
    g_autofree char *above = g_path_get_dirname (path);
    int fd = -1;

    if (g_mkdir_with_parents (above, 0700) == 0)
      fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
      set_errno_error (error, name, errno);
      return FALSE;
    }
    copies->fds[copies->n_fds++] = fd;
  }
  return TRUE;
}

static void
tell_progress (Unpack *self, gsize n)
{
  self->n_written += n;
  if (self->progress == NULL ||
      (self->n_written < self->told + PROGRESS_STEP && self->n_written < self->needs->size))
    return;
  self->told = self->n_written;
  self->progress (self->n_written, self->needs->size, self->progress_data);
}

static gboolean
write_copies (Unpack *self, FlashBundleReader *reader, Copies *copies, guint64 *out_length,
              GError **error)
{
  const guint8 *bytes;
  gsize length = 1;
  guint64 offset;

  while (length > 0) {
    if (!flash_bundle_reader_read (reader, &bytes, &length, &offset, error))
      return FALSE;
    for (guint i = 0; i < copies->n_fds; i++) {
      if (!flash_fd_write (copies->fds[i], offset, bytes, length, NULL)) {
        set_errno_error (error, get_path (copies, i), errno);
        return FALSE;
      }
      tell_progress (self, length);
    }
    *out_length += length;
  }
  return TRUE;
}

/* What ends in a hole gets its size here. */
static gboolean
finish_copies (Copies *copies, guint64 size, GError **error)
{
  for (guint i = 0; i < copies->n_fds; i++) {
    if (ftruncate (copies->fds[i], (off_t) size) == 0 && fsync (copies->fds[i]) == 0)
      continue;
    set_errno_error (error, get_path (copies, i), errno);
    return FALSE;
  }
  return TRUE;
}

static gboolean
unpack_entry (Unpack *self, FlashBundleReader *reader, GPtrArray *needs, GError **error)
{
  const FlashBundleEntry *entry = ((FlashBundleNeed *) g_ptr_array_index (needs, 0))->entry;
  g_auto (Copies) copies = { .needs = needs };
  g_autofree char *safe = flash_bundle_path_dup_safe (entry->path);
  guint64 length = 0;

  if (needs->len > FLASH_BUNDLE_MAX_COPIES) {
    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE,
                 "the layout has more than %d names for the file “%s”, which is the bound",
                 FLASH_BUNDLE_MAX_COPIES, safe);
    return FALSE;
  }
  if (!open_copies (self, &copies, error))
    return FALSE;
  if (!write_copies (self, reader, &copies, &length, error)) {
    if (error != NULL && (*error)->domain == FLASH_BUNDLE_ERROR)
      g_prefix_error (error, "“%s”: ", safe);
    return FALSE;
  }
  if (entry->data_size == entry->size && length != entry->size) {
    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_DAMAGED,
                 "the archive is damaged: “%s” has %" G_GUINT64_FORMAT
                 " bytes, its header announces %" G_GUINT64_FORMAT,
                 safe, length, entry->size);
    return FALSE;
  }
  return finish_copies (&copies, entry->size, error);
}

/* --- all of them -------------------------------------------------------------------------- */

/* Returns: (transfer full) (element-type uint GPtrArray): what is needed, by the number of the
 * header that it stands behind. */
static GHashTable *
group_by_number (FlashBundleNeeds *needs)
{
  GHashTable *groups = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < needs->list->len; i++) {
    FlashBundleNeed *need = g_ptr_array_index (needs->list, i);
    gpointer key = GUINT_TO_POINTER (need->entry->number);
    GPtrArray *group = g_hash_table_lookup (groups, key);

    if (group == NULL) {
      group = g_ptr_array_new ();
      g_hash_table_insert (groups, key, group);
    }
    g_ptr_array_add (group, need);
  }
  return groups;
}

static gboolean
is_same (FlashBundle *bundle, const FlashBundleHeader *header, GPtrArray *group)
{
  const FlashBundleEntry *entry = ((FlashBundleNeed *) g_ptr_array_index (group, 0))->entry;
  g_autofree char *path = NULL;

  flash_bundle_path_clean (header->name, bundle->limits.max_name, &path);
  return g_strcmp0 (path, entry->path) == 0 && header->type == FLASH_BUNDLE_ENTRY_FILE &&
         header->size == entry->size;
}

static gboolean
unpack_all (Unpack *self, FlashBundleReader *reader, GError **error)
{
  g_autoptr (GHashTable) groups = group_by_number (self->needs);
  guint n_left = g_hash_table_size (groups);

  for (guint number = 0; n_left > 0; number++) {
    GPtrArray *group = g_hash_table_lookup (groups, GUINT_TO_POINTER (number));
    FlashBundleHeader header;
    gboolean is_end;

    if (!flash_bundle_reader_next (reader, &header, &is_end, error))
      return FALSE;
    if (is_end || (group != NULL && !is_same (self->bundle, &header, group))) {
      set_changed (error);
      return FALSE;
    }
    if (group == NULL)
      continue;
    if (!unpack_entry (self, reader, group, error))
      return FALSE;
    n_left--;
  }
  if (!flash_source_has_changed (self->bundle->source))
    return TRUE;
  set_changed (error);
  return FALSE;
}

/* --- around it ---------------------------------------------------------------------------- */

static gboolean
check_needs (FlashBundle *bundle, const FlashBundleNeeds *needs, GError **error)
{
  for (guint i = 0; i < needs->list->len; i++) {
    const FlashBundleNeed *need = g_ptr_array_index (needs->list, i);
    g_autofree char *safe = flash_bundle_path_dup_safe (need->path);

    if (need->entry->is_encrypted) {
      g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_ENCRYPTED,
                   "“%s” in the archive is encrypted; unpack the archive with its password first",
                   safe);
      return FALSE;
    }
    /* Holes take no room, but whoever reads the file later reads them too. */
    if (need->entry->size > bundle->limits.max_stream) {
      g_autofree char *size = flash_text_size (need->entry->size);
      g_autofree char *bound = flash_text_size (bundle->limits.max_stream);

      g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE,
                   "“%s” has %s with its holes, the bound is %s", safe, size, bound);
      return FALSE;
    }
  }
  if (needs->size > bundle->limits.max_stream) {
    g_autofree char *size = flash_text_size (needs->size);
    g_autofree char *bound = flash_text_size (bundle->limits.max_stream);

    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE,
                 "the layout needs %s, the bound is %s", size, bound);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_space (const char *folder, guint64 size, GError **error)
{
  struct statvfs info;
  guint64 n_free;

  /* Who cannot tell will complain in time. */
  if (statvfs (folder, &info) != 0 || info.f_blocks == 0)
    return TRUE;
  n_free = (guint64) info.f_bavail * info.f_frsize;
  if (n_free >= SPACE_MARGIN && size <= n_free - SPACE_MARGIN)
    return TRUE;
  {
    g_autofree char *wanted = flash_text_size (size);
    g_autofree char *there = flash_text_size (n_free);
    g_autofree char *name = g_filename_display_name (folder);

    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_NO_SPACE,
                 "unpacking needs %s, but in %s there are %s free", wanted, name, there);
  }
  return FALSE;
}

/* Returns: (transfer full) (nullable): a new, empty folder. */
static char *
make_folder (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FLASH_BUNDLE_PARTIAL "XXXXXX", NULL);

  if (g_mkdtemp_full (path, 0700) != NULL)
    return g_steal_pointer (&path);
  set_errno_error (error, folder, errno);
  return NULL;
}

/* Returns: (transfer full) (nullable): the folder under its last name. */
static char *
finish_folder (const char *folder, const char *partial, GError **error)
{
  const char *random = strrchr (partial, '-') + 1;
  g_autofree char *name = g_strconcat (FLASH_BUNDLE_WHOLE, random, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  if (g_rename (partial, path) == 0)
    return g_steal_pointer (&path);
  set_errno_error (error, name, errno);
  return NULL;
}

char *
_flash_bundle_unpack_archive (FlashBundle *self, guint index, const char *folder,
                              FlashBundleProgress progress, gpointer data, char **out_unpacked,
                              GCancellable *cancellable, GError **error)
{
  const FlashBundleLayout *layout = g_ptr_array_index (self->layouts, index);
  const FlashBundleEntry *entry = NULL;
  g_autoptr (FlashBundleNeeds) needs = NULL;
  g_autoptr (FlashBundleReader) reader = NULL;
  g_autofree char *partial = NULL;
  g_autofree char *whole = NULL;
  Unpack unpack = { .bundle = self, .progress = progress, .progress_data = data };

  if (flash_source_has_changed (self->source)) {
    set_changed (error);
    return NULL;
  }
  flash_bundle_index_find (self->index, layout->name, &entry);
  needs =
      flash_bundle_needs_new (self->index, &self->limits, layout->name, entry, cancellable, error);
  if (needs == NULL || !check_needs (self, needs, error))
    return NULL;
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    set_errno_error (error, folder, errno);
    return NULL;
  }
  if (!check_space (folder, needs->size, error))
    return NULL;
  reader = flash_bundle_reader_new (self->source, &self->limits, NULL, NULL, cancellable, error);
  partial = reader != NULL ? make_folder (folder, error) : NULL;
  if (partial == NULL)
    return NULL;
  unpack.needs = needs;
  unpack.folder = partial;
  if (unpack_all (&unpack, reader, error))
    whole = finish_folder (folder, partial, error);
  if (whole == NULL) {
    _flash_bundle_remove_tree (partial, NULL);
    return NULL;
  }
  *out_unpacked = g_steal_pointer (&whole);
  return g_build_filename (*out_unpacked, layout->name, NULL);
}
