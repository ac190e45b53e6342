/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-files"

#include "config.h"

#include "flash-layout-files-private.h"

#include <sys/stat.h>

/* One for each path. A layout has no more lines with files than are read; somebody who types file
 * names all day comes by many. */
#define MAX_REMEMBERED 4000

/* A file that was written just now may be written again without a difference in its times: FAT
 * counts in steps of two seconds. Until then it is read each time. */
#define SETTLED_AFTER_US (2 * G_USEC_PER_SEC)

/* By what a file is known: not by its name alone. */
typedef struct {
  dev_t device;
  ino_t inode;
  off_t size;
  struct timespec modified;
  struct timespec changed;
} Mark;

typedef struct {
  Mark mark;
  FlashLayoutFile *file; /* (owned) */
} Known;

struct _FlashLayoutFiles {
  gatomicrefcount ref_count;
  GMutex lock;
  GHashTable *known; /* (owned) (element-type filename Known); under the lock */
  guint n_read; /* under the lock */
};

static void
known_free (gpointer data)
{
  Known *self = data;

  flash_layout_file_unref (self->file);
  g_free (self);
}

FlashLayoutFiles *
flash_layout_files_new (void)
{
  FlashLayoutFiles *self = g_new0 (FlashLayoutFiles, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free);
  return self;
}

FlashLayoutFiles *
flash_layout_files_ref (FlashLayoutFiles *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_layout_files_unref (FlashLayoutFiles *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->known);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint
flash_layout_files_get_n_read (FlashLayoutFiles *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;

  g_return_val_if_fail (self != NULL, 0);

  locker = g_mutex_locker_new (&self->lock);
  return self->n_read;
}

static gboolean
get_mark (const char *path, Mark *out_mark)
{
  struct stat status;

  if (stat (path, &status) != 0)
    return FALSE;
  *out_mark =
      (Mark){ status.st_dev, status.st_ino, status.st_size, status.st_mtim, status.st_ctim };
  return TRUE;
}

static gboolean
is_same_time (struct timespec a, struct timespec b)
{
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static gboolean
is_same_mark (const Mark *a, const Mark *b)
{
  return a->device == b->device && a->inode == b->inode && a->size == b->size &&
         is_same_time (a->modified, b->modified) && is_same_time (a->changed, b->changed);
}

static gint64
get_us (struct timespec time)
{
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* @now_us: when the file was looked at. A clock that was set back makes no file older. */
static gboolean
is_settled (const Mark *mark, gint64 now_us)
{
  return now_us - MAX (get_us (mark->modified), get_us (mark->changed)) >= SETTLED_AFTER_US;
}

/* Returns: (transfer full) (nullable) */
static FlashLayoutFile *
find (FlashLayoutFiles *self, const char *path, const Mark *mark)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  const Known *known = g_hash_table_lookup (self->known, path);

  return known != NULL && is_same_mark (&known->mark, mark) ? flash_layout_file_ref (known->file)
                                                            : NULL;
}

static void
count_read (FlashLayoutFiles *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  self->n_read++;
}

static void
remember (FlashLayoutFiles *self, const char *path, const Mark *mark, FlashLayoutFile *file)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  Known *known = g_new (Known, 1);

  if (g_hash_table_size (self->known) >= MAX_REMEMBERED)
    g_hash_table_remove_all (self->known);
  *known = (Known){ *mark, flash_layout_file_ref (file) };
  g_hash_table_replace (self->known, g_strdup (path), known);
}

FlashLayoutFile *
flash_layout_files_look (FlashLayoutFiles *self, const char *path, GCancellable *cancellable,
                         GError **error)
{
  gint64 now_us = g_get_real_time ();
  FlashLayoutFile *file;
  Mark before, after;

  if (self == NULL || !get_mark (path, &before))
    return flash_layout_file_inspect (path, cancellable, error);
  file = find (self, path, &before);
  if (file != NULL)
    return file;

  file = flash_layout_file_inspect (path, cancellable, error);
  if (file == NULL)
    return NULL;
  count_read (self);
  /* Why a file cannot be read may lie outside of it: in the rights of a folder, say. */
  if (file->error == NULL && get_mark (path, &after) && is_same_mark (&before, &after) &&
      is_settled (&before, now_us))
    remember (self, path, &before, file);
  return file;
}
