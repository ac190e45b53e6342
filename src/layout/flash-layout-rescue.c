/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rescue is a few lines of text, an empty line, and the unsaved bytes:
 *
 *   flashwright-rescue 1
 *   time 1760000000
 *   path /home/u/a%20b.tsv     (percent-encoded; left out if there is none)
 *   stamp 5f…                  (left out if there is none)
 *   sum 9c…                    (SHA-256 of the bytes, by which a whole one is told)
 *
 * The program that keeps a rescue holds a lock (flock) on it. The kernel drops the lock when the
 * program ends, in whatever way; a process id in the file could belong to somebody else by then,
 * and means nothing in another sandbox. */
#define G_LOG_DOMAIN "flash-layout-rescue"

#include "config.h"

#include "flash-layout-atomic.h"
#include "flash-layout-store.h"
#include "flash-layout.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK "flashwright-rescue 1\n"
#define PREFIX "rescue-"
/* Three times the longest path (Linux, PATH_MAX) percent-encoded, and some lines. */
#define MAX_HEAD (4 * 4096)
/* Nobody has so many layouts open; what is older than the newest of them is not looked at. */
#define MAX_RESCUES 100
/* Whoever has not asked for unsaved work in a month has done it again or does not miss it; without
 * an end, rescues that nobody takes would pile up for ever. What is younger stays, even if it makes
 * no sense to us: a newer version of the program may have written it. */
#define MAX_AGE_S (30 * 24 * 60 * 60)
/* How flash_layout_atomic_write () names the file that it fills; a crash leaves it behind. */
#define ASIDE_PREFIX ".flashwright-"

static GMutex lock;
/* (element-type filename int): the rescues that this program keeps; guarded by @lock */
static GHashTable *kept = NULL;

void
flash_layout_rescue_free (FlashLayoutRescue *self)
{
  g_free (self->file);
  g_free (self->path);
  g_free (self->stamp);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self);
}

/* --- locks ------------------------------------------------------------------------------------ */

static void
keep (const char *file, int fd)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&lock);
  gpointer old;

  if (kept == NULL)
    kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (g_hash_table_lookup_extended (kept, file, NULL, &old))
    close (GPOINTER_TO_INT (old));
  g_hash_table_insert (kept, g_strdup (file), GINT_TO_POINTER (fd));
}

static void
drop (const char *file)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&lock);
  gpointer old;

  if (kept == NULL || !g_hash_table_lookup_extended (kept, file, NULL, &old))
    return;
  close (GPOINTER_TO_INT (old));
  g_hash_table_remove (kept, file);
}

static gboolean
is_kept_here (const char *file)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&lock);

  return kept != NULL && g_hash_table_contains (kept, file);
}

/* --- writing ---------------------------------------------------------------------------------- */

static GBytes *
make_head (const char *path, const char *stamp, GBytes *text)
{
  GString *head = g_string_new (MARK);
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, text);

  g_string_append_printf (head, "time %" G_GINT64_FORMAT "\n", g_get_real_time () / G_USEC_PER_SEC);
  if (path != NULL) {
    g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);

    g_string_append_printf (head, "path %s\n", escaped);
  }
  if (stamp != NULL)
    g_string_append_printf (head, "stamp %s\n", stamp);
  g_string_append_printf (head, "sum %s\n\n", sum);
  return g_string_free_to_bytes (head);
}

static gboolean
make_folder (const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    flash_layout_atomic_set_errno (error, errno, folder, "cannot make the folder");
    return FALSE;
  }
  /* A layout may name what is nobody else's business. */
  if (g_chmod (folder, 0700) != 0)
    g_info ("%s: %s", folder, g_strerror (errno));
  return TRUE;
}

char *
flash_layout_rescue_write (const char *folder, const char *file, const char *path,
                           const char *stamp, GBytes *text, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_autoptr (GBytes) head = NULL;
  g_autofree char *target = NULL;
  int fd;

  g_return_val_if_fail (folder != NULL && text != NULL, NULL);

  if (!make_folder (folder, error))
    return NULL;
  if (file != NULL) {
    target = g_strdup (file);
  } else {
    g_autofree char *id = g_uuid_string_random ();
    g_autofree char *name = g_strconcat (PREFIX, id, NULL);

    target = g_build_filename (folder, name, NULL);
  }
  head = make_head (path, stamp, text);
  g_ptr_array_add (parts, head);
  g_ptr_array_add (parts, text);
  if (!flash_layout_atomic_write (target, parts, 0600, NULL, NULL, &fd, error))
    return NULL;
  keep (target, fd);
  return g_steal_pointer (&target);
}

void
flash_layout_rescue_remove (const char *file)
{
  g_return_if_fail (file != NULL);

  if (g_unlink (file) != 0 && errno != ENOENT)
    g_info ("%s: %s", file, g_strerror (errno));
  drop (file);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Returns: (transfer full) (nullable): all of a file that nobody keeps, and that is ours. */
static char *
read_file (const char *file, gsize *out_size)
{
  int fd = open (file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  struct stat info;
  g_autofree char *bytes = NULL;
  gssize n = -1;

  if (fd < 0)
    return NULL;
  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && info.st_uid == geteuid () &&
      info.st_size <= MAX_HEAD + FLASH_LAYOUT_MAX_SIZE &&
      (is_kept_here (file) || flock (fd, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK)) {
    bytes = g_malloc ((gsize) info.st_size + 1);
    n = read (fd, bytes, (gsize) info.st_size);
  }
  close (fd);
  if (n < 0 || n != info.st_size)
    return NULL;
  bytes[n] = '\0';
  *out_size = (gsize) n;
  return g_steal_pointer (&bytes);
}

/* Returns: (nullable): what follows @key in @line. */
static const char *
skip_key (const char *line, const char *key)
{
  gsize length = strlen (key);

  return g_str_has_prefix (line, key) && line[length] == ' ' ? line + length + 1 : NULL;
}

/* Returns: whether @line is one that a rescue has, and makes sense. */
static gboolean
read_head_line (FlashLayoutRescue *self, const char *line, char **sum)
{
  const char *value;

  if ((value = skip_key (line, "time")) != NULL)
    return g_ascii_string_to_signed (value, 10, 0, G_MAXINT64, &self->time, NULL);
  if ((value = skip_key (line, "path")) != NULL && self->path == NULL) {
    self->path = g_uri_unescape_string (value, NULL);
    return self->path != NULL && g_path_is_absolute (self->path);
  }
  if ((value = skip_key (line, "stamp")) != NULL && self->stamp == NULL) {
    self->stamp = g_strdup (value);
    return TRUE;
  }
  if ((value = skip_key (line, "sum")) != NULL && *sum == NULL) {
    *sum = g_strdup (value);
    return TRUE;
  }
  return FALSE;
}

/* Returns: (transfer full) (nullable): %NULL if it is no rescue, or not whole. */
static FlashLayoutRescue *
parse (const char *file, const char *bytes, gsize size)
{
  g_autoptr (FlashLayoutRescue) self = g_new0 (FlashLayoutRescue, 1);
  const char *end = memmem (bytes, MIN (size, MAX_HEAD), "\n\n", 2);
  g_autofree char *head = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *real_sum = NULL;
  g_auto (GStrv) lines = NULL;
  gsize at;

  if (end == NULL || !g_str_has_prefix (bytes, MARK))
    return NULL;
  at = (gsize) (end - bytes) + 2;
  if (size - at > FLASH_LAYOUT_MAX_SIZE)
    return NULL;
  head = g_strndup (bytes + strlen (MARK), (gsize) (end - bytes) - MIN (strlen (MARK), at - 2));
  lines = g_strsplit (head, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (!read_head_line (self, lines[i], &sum))
      return NULL;
  }
  self->text = g_bytes_new (bytes + at, size - at);
  real_sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, self->text);
  if (g_strcmp0 (sum, real_sum) != 0)
    return NULL;
  self->file = g_strdup (file);
  return g_steal_pointer (&self);
}

static gint
compare_time (gconstpointer a, gconstpointer b)
{
  const FlashLayoutRescue *x = *(FlashLayoutRescue *const *) a;
  const FlashLayoutRescue *y = *(FlashLayoutRescue *const *) b;

  if (x->time != y->time)
    return x->time > y->time ? -1 : 1;
  return strcmp (x->file, y->file);
}

static void
free_rescue (gpointer data)
{
  flash_layout_rescue_free (data);
}

/* --- the folder ------------------------------------------------------------------------------- */

typedef struct {
  char *file; /* (owned) */
  gint64 time; /* of the last change, in seconds since 1970 */
} Candidate;

static void
free_candidate (gpointer data)
{
  Candidate *self = data;

  g_free (self->file);
  g_free (self);
}

static gint
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *x = *(Candidate *const *) a;
  const Candidate *y = *(Candidate *const *) b;

  if (x->time != y->time)
    return x->time > y->time ? -1 : 1;
  return strcmp (x->file, y->file);
}

/* Takes a file away unless some program, this one too, keeps it. The lock is held meanwhile, so
 * that nobody begins to keep it. Returns: whether it is gone */
static gboolean
remove_old (const char *file)
{
  int fd = open (file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  gboolean is_gone;

  if (fd < 0)
    return FALSE;
  is_gone = !is_kept_here (file) && flock (fd, LOCK_EX | LOCK_NB) == 0 && g_unlink (file) == 0;
  close (fd);
  return is_gone;
}

/* Returns: (transfer full) (element-type Candidate): the files that may be rescues, newest first.
 * All names are looked at, since a folder has them in no order. */
static GPtrArray *
find_candidates (const char *folder)
{
  GPtrArray *candidates = g_ptr_array_new_with_free_func (free_candidate);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gint64 oldest = g_get_real_time () / G_USEC_PER_SEC - MAX_AGE_S;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *file = g_build_filename (folder, name, NULL);
    gboolean is_rescue = g_str_has_prefix (name, PREFIX);
    struct stat info;
    Candidate *candidate;

    if ((!is_rescue && !g_str_has_prefix (name, ASIDE_PREFIX)) || lstat (file, &info) != 0 ||
        !S_ISREG (info.st_mode) || info.st_uid != geteuid ())
      continue;
    if ((info.st_mtime < oldest && remove_old (file)) || !is_rescue)
      continue;
    candidate = g_new0 (Candidate, 1);
    candidate->file = g_steal_pointer (&file);
    candidate->time = info.st_mtime;
    g_ptr_array_add (candidates, candidate);
  }
  g_ptr_array_sort (candidates, compare_candidates);
  return candidates;
}

GPtrArray *
flash_layout_rescue_list (const char *folder)
{
  GPtrArray *rescues = g_ptr_array_new_with_free_func (free_rescue);
  g_autoptr (GPtrArray) candidates = NULL;

  g_return_val_if_fail (folder != NULL, rescues);

  candidates = find_candidates (folder);
  for (guint i = 0; i < candidates->len && rescues->len < MAX_RESCUES; i++) {
    const Candidate *candidate = g_ptr_array_index (candidates, i);
    gsize size;
    g_autofree char *bytes = read_file (candidate->file, &size);
    FlashLayoutRescue *rescue = bytes != NULL ? parse (candidate->file, bytes, size) : NULL;

    if (rescue != NULL)
      g_ptr_array_add (rescues, rescue);
  }
  g_ptr_array_sort (rescues, compare_time);
  return rescues;
}
