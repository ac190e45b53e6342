/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file for each board: a head, then records that are only ever appended. A record counts if its
 * sum is right; at the first one that does not, the journal ends, as it does where a power cut has
 * left half a record. */
#define G_LOG_DOMAIN "flash-firmware-journal"

#include "config.h"

#include "flash-firmware-journal.h"

#include "flash-bytes.h"
#include "flash-fd.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "FlashJnl"
#define MAGIC_LENGTH 8
#define VERSION 1u
#define HEAD_LENGTH (MAGIC_LENGTH + 4)

/* A record: kind, address, length of its payload, the payload, and a SHA-256 over its place in the
 * file and all of that, so that no record is taken for one at another place. */
#define KIND_AT 0
#define ADDRESS_AT 4
#define LENGTH_AT 8
#define RECORD_HEAD_LENGTH 12
#define SUM_LENGTH 32

/* More than the flash of any microcontroller, twice (stm32-dfuse.md sections 4.1 and 6.8). */
#define MAX_FILE (512u * 1024 * 1024)
#define MAX_PAYLOAD (64u * 1024 * 1024)
/* Somebody else may remove the file between opening and locking it: a few tries are enough, since
 * that takes a finished job each time. */
#define MAX_LOCK_TRIES 5

typedef enum {
  RECORD_BEGIN = 1, /* payload: the digest of what is written from here on */
  RECORD_ERASE = 2, /* a sector is about to be erased; nothing in it matters */
  RECORD_SAVE = 3, /* the same; payload: what it held */
  RECORD_DONE = 4, /* a sector holds its target */
} RecordKind;

struct _FlashFirmwareJournal {
  char *folder; /* (owned) */
  char *path; /* (owned) */
  char *digest; /* (owned) */
  char *last_digest; /* (owned) (nullable): of the last begin record */
  int fd;
  guint64 end; /* behind the last good record */
  gboolean has_work; /* whether anything was recorded, by whichever try */
  gboolean is_continued;
  gboolean has_tried; /* whether the last begun try has recorded anything */
  GHashTable *saved; /* (owned) (element-type guint32 GBytes): what may be lost on the chip */
  GHashTable *given_up; /* (owned) (element-type guint32): begun, with nothing to be saved */
  GHashTable *done; /* (owned) (element-type guint32): sectors of this try */
};

static gboolean
set_io_error (GError **error, const char *path, const char *what)
{
  int saved_errno = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "%s: %s: %s", path, what,
               g_strerror (saved_errno));
  return FALSE;
}

/* --- records ------------------------------------------------------------------------------ */

static void
compute_sum (guint64 offset, const guint8 *head, const guint8 *payload, gsize length,
             guint8 out_sum[SUM_LENGTH])
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize sum_length = SUM_LENGTH;
  guint8 place[8];

  flash_put_le64 (place, offset);
  g_checksum_update (sum, place, sizeof place);
  g_checksum_update (sum, head, RECORD_HEAD_LENGTH);
  if (length > 0)
    g_checksum_update (sum, payload, (gssize) length);
  g_checksum_get_digest (sum, out_sum, &sum_length);
}

/* @bytes stays the caller's. */
static void
apply (FlashFirmwareJournal *self, RecordKind kind, guint32 address, GBytes *bytes)
{
  gpointer key = GUINT_TO_POINTER (address);

  self->has_work = self->has_work || kind != RECORD_BEGIN;
  self->has_tried = kind != RECORD_BEGIN;
  switch (kind) {
  case RECORD_BEGIN:
    g_free (self->last_digest);
    self->last_digest = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    g_hash_table_remove_all (self->done);
    return;
  case RECORD_ERASE:
    g_hash_table_remove (self->done, key);
    g_hash_table_add (self->given_up, key);
    return;
  case RECORD_SAVE:
    g_hash_table_remove (self->done, key);
    if (!g_hash_table_contains (self->saved, key))
      g_hash_table_insert (self->saved, key, g_bytes_ref (bytes));
    return;
  case RECORD_DONE:
    g_hash_table_remove (self->saved, key);
    g_hash_table_remove (self->given_up, key);
    g_hash_table_add (self->done, key);
    return;
  }
}

static gboolean
is_kind_known (guint32 kind, guint32 length)
{
  switch ((RecordKind) kind) {
  case RECORD_BEGIN:
  case RECORD_SAVE:
    return length > 0 && length <= MAX_PAYLOAD;
  case RECORD_ERASE:
  case RECORD_DONE:
    return length == 0;
  }
  return FALSE;
}

static gboolean
read_at (int fd, guint64 offset, guint8 *out, gsize length)
{
  gsize done = 0;

  while (done < length) {
    gssize n = pread (fd, out + done, length - done, (off_t) (offset + done));

    if (n == 0 || (n < 0 && errno != EINTR))
      return FALSE;
    done += n > 0 ? (gsize) n : 0;
  }
  return TRUE;
}

/* Returns: whether there was a good record at the end of what is known */
static gboolean
read_record (FlashFirmwareJournal *self, guint64 size)
{
  guint8 head[RECORD_HEAD_LENGTH], wanted[SUM_LENGTH], found[SUM_LENGTH];
  g_autoptr (GBytes) bytes = NULL;
  g_autofree guint8 *payload = NULL;
  guint32 kind, length;

  if (size - self->end < RECORD_HEAD_LENGTH + SUM_LENGTH ||
      !read_at (self->fd, self->end, head, sizeof head))
    return FALSE;
  kind = flash_get_le32 (head + KIND_AT);
  length = flash_get_le32 (head + LENGTH_AT);
  if (!is_kind_known (kind, length) || length > size - self->end - RECORD_HEAD_LENGTH - SUM_LENGTH)
    return FALSE;
  payload = g_malloc (length);
  if (!read_at (self->fd, self->end + RECORD_HEAD_LENGTH, payload, length) ||
      !read_at (self->fd, self->end + RECORD_HEAD_LENGTH + length, found, sizeof found))
    return FALSE;
  compute_sum (self->end, head, payload, length, wanted);
  if (memcmp (wanted, found, SUM_LENGTH) != 0)
    return FALSE;
  bytes = g_bytes_new_take (g_steal_pointer (&payload), length);
  apply (self, (RecordKind) kind, flash_get_le32 (head + ADDRESS_AT), bytes);
  self->end += RECORD_HEAD_LENGTH + (guint64) length + SUM_LENGTH;
  return TRUE;
}

/* Nothing is known of a record before all of it is in the file: what a failure leaves lies behind
 * the end, and the next record is written over it. */
static gboolean
append (FlashFirmwareJournal *self, RecordKind kind, guint32 address, GBytes *bytes,
        gboolean is_urgent, GError **error)
{
  gsize length = 0, total;
  const guint8 *payload = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  g_autofree guint8 *record = NULL;

  total = RECORD_HEAD_LENGTH + length + SUM_LENGTH;
  if (length > MAX_PAYLOAD || total > MAX_FILE - self->end) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                 "%s: the journal would be larger than %u bytes", self->path, MAX_FILE);
    return FALSE;
  }
  record = g_malloc0 (total);
  flash_put_le32 (record + KIND_AT, kind);
  flash_put_le32 (record + ADDRESS_AT, address);
  flash_put_le32 (record + LENGTH_AT, (guint32) length);
  if (length > 0)
    memcpy (record + RECORD_HEAD_LENGTH, payload, length);
  compute_sum (self->end, record, payload, length, record + RECORD_HEAD_LENGTH + length);
  if (!flash_fd_write (self->fd, self->end, record, total, NULL))
    return set_io_error (error, self->path, "cannot write");
  if (is_urgent && fdatasync (self->fd) != 0)
    return set_io_error (error, self->path, "cannot bring it to the disk");
  self->end += total;
  apply (self, kind, address, bytes);
  return TRUE;
}

/* --- the file ----------------------------------------------------------------------------- */

static gboolean
is_still_there (int fd, const char *path)
{
  struct stat open_stat, path_stat;

  return fstat (fd, &open_stat) == 0 && lstat (path, &path_stat) == 0 &&
         open_stat.st_dev == path_stat.st_dev && open_stat.st_ino == path_stat.st_ino;
}

/* Returns: -1 with @error set; another program may have the same journal at the same time */
static int
open_locked (const char *path, GError **error)
{
  for (guint i = 0; i < MAX_LOCK_TRIES; i++) {
    int fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);

    if (fd < 0) {
      set_io_error (error, path, "cannot open");
      return -1;
    }
    if (flock (fd, LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                     "%s: another job, or another program, is writing to this board", path);
      else
        set_io_error (error, path, "cannot lock");
      close (fd);
      return -1;
    }
    if (is_still_there (fd, path))
      return fd;
    close (fd);
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s: somebody removes it again and again", path);
  return -1;
}

static gboolean
write_head (FlashFirmwareJournal *self, GError **error)
{
  guint8 head[HEAD_LENGTH];

  memcpy (head, MAGIC, MAGIC_LENGTH);
  flash_put_le32 (head + MAGIC_LENGTH, VERSION);
  if (ftruncate (self->fd, 0) != 0 || !flash_fd_write (self->fd, 0, head, sizeof head, NULL) ||
      fdatasync (self->fd) != 0)
    return set_io_error (error, self->path, "cannot write");
  self->end = HEAD_LENGTH;
  flash_fd_sync_folder (self->folder);
  return TRUE;
}

/* A file that does not begin like a journal may still hold the only copy of something. */
static gboolean
put_aside (FlashFirmwareJournal *self, GError **error)
{
  g_autofree char *aside = g_strconcat (self->path, ".damaged", NULL);

  g_info ("%s: does not begin like a journal; kept as %s", self->path, aside);
  if (g_rename (self->path, aside) != 0)
    return set_io_error (error, self->path, "cannot rename it");
  close (self->fd);
  self->fd = open_locked (self->path, error);
  return self->fd >= 0 && write_head (self, error);
}

static gboolean
read_all (FlashFirmwareJournal *self, GError **error)
{
  guint8 head[HEAD_LENGTH];
  struct stat status;
  guint64 size;

  if (fstat (self->fd, &status) != 0)
    return set_io_error (error, self->path, "cannot look at it");
  if (!S_ISREG (status.st_mode)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s: is no regular file",
                 self->path);
    return FALSE;
  }
  size = MIN ((guint64) status.st_size, MAX_FILE);
  /* Cut off while it was begun: nothing was recorded. */
  if (size < HEAD_LENGTH)
    return write_head (self, error);
  if (!read_at (self->fd, 0, head, sizeof head))
    return set_io_error (error, self->path, "cannot read");
  if (memcmp (head, MAGIC, MAGIC_LENGTH) != 0)
    return put_aside (self, error);
  if (flash_get_le32 (head + MAGIC_LENGTH) != VERSION) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 "%s: is of version %u, and this program knows version %u; finish that update with "
                 "the program that began it, or remove the file",
                 self->path, flash_get_le32 (head + MAGIC_LENGTH), VERSION);
    return FALSE;
  }
  self->end = HEAD_LENGTH;
  while (read_record (self, size))
    ;
  if (self->end < (guint64) status.st_size && ftruncate (self->fd, (off_t) self->end) != 0)
    return set_io_error (error, self->path, "cannot cut off its damaged end");
  return TRUE;
}

static char *
dup_file_name (const char *board)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, board, -1);

  return g_strconcat (sum, ".journal", NULL);
}

FlashFirmwareJournal *
flash_firmware_journal_open (const char *folder, const char *board, const char *digest,
                             GError **error)
{
  g_autoptr (FlashFirmwareJournal) self = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (folder != NULL && board != NULL, NULL);
  g_return_val_if_fail (digest != NULL && digest[0] != '\0', NULL);

  name = dup_file_name (board);
  self = g_new0 (FlashFirmwareJournal, 1);
  self->folder = g_strdup (folder);
  self->path = g_build_filename (folder, name, NULL);
  self->digest = g_strdup (digest);
  self->saved = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  self->given_up = g_hash_table_new (NULL, NULL);
  self->done = g_hash_table_new (NULL, NULL);
  self->fd = -1;
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    set_io_error (error, folder, "cannot make the folder");
    return NULL;
  }
  self->fd = open_locked (self->path, error);
  if (self->fd < 0 || !read_all (self, error))
    return NULL;
  if (g_strcmp0 (self->last_digest, digest) == 0) {
    self->is_continued = self->has_tried;
    return g_steal_pointer (&self);
  }
  bytes = g_bytes_new (digest, strlen (digest));
  if (!append (self, RECORD_BEGIN, 0, bytes, TRUE, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
flash_firmware_journal_free (FlashFirmwareJournal *self)
{
  g_return_if_fail (self != NULL);

  if (self->fd >= 0) {
    /* A job that ended before it did anything leaves nothing behind. */
    if (!self->has_work && self->end > HEAD_LENGTH)
      flash_firmware_journal_finish (self);
    else
      close (self->fd);
  }
  g_hash_table_unref (self->saved);
  g_hash_table_unref (self->given_up);
  g_hash_table_unref (self->done);
  g_free (self->last_digest);
  g_free (self->digest);
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
}

gboolean
flash_firmware_journal_is_continued (FlashFirmwareJournal *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_continued;
}

gboolean
flash_firmware_journal_save (FlashFirmwareJournal *self, guint32 address, GBytes *bytes,
                             GError **error)
{
  g_return_val_if_fail (self != NULL && self->fd >= 0, FALSE);
  g_return_val_if_fail (bytes == NULL || g_bytes_get_size (bytes) > 0, FALSE);

  if (g_hash_table_contains (self->saved, GUINT_TO_POINTER (address)))
    return TRUE;
  return append (self, bytes != NULL ? RECORD_SAVE : RECORD_ERASE, address, bytes, TRUE, error);
}

GBytes *
flash_firmware_journal_dup_saved (FlashFirmwareJournal *self, guint32 address)
{
  GBytes *bytes;

  g_return_val_if_fail (self != NULL, NULL);

  bytes = g_hash_table_lookup (self->saved, GUINT_TO_POINTER (address));
  return bytes != NULL ? g_bytes_ref (bytes) : NULL;
}

gboolean
flash_firmware_journal_is_given_up (FlashFirmwareJournal *self, guint32 address)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_hash_table_contains (self->given_up, GUINT_TO_POINTER (address));
}

static gint
compare_addresses (gconstpointer a, gconstpointer b)
{
  guint32 first = *(const guint32 *) a, second = *(const guint32 *) b;

  return first < second ? -1 : first > second;
}

GArray *
flash_firmware_journal_list_saved (FlashFirmwareJournal *self)
{
  GArray *addresses = g_array_new (FALSE, FALSE, sizeof (guint32));
  GHashTableIter iter;
  gpointer key;

  g_return_val_if_fail (self != NULL, addresses);

  g_hash_table_iter_init (&iter, self->saved);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    guint32 address = GPOINTER_TO_UINT (key);

    g_array_append_val (addresses, address);
  }
  g_array_sort (addresses, compare_addresses);
  return addresses;
}

gboolean
flash_firmware_journal_mark_done (FlashFirmwareJournal *self, guint32 address, GError **error)
{
  g_return_val_if_fail (self != NULL && self->fd >= 0, FALSE);

  /* If it gets lost, the sector is written once more, with the same bytes: no need to wait. */
  return append (self, RECORD_DONE, address, NULL, FALSE, error);
}

gboolean
flash_firmware_journal_is_done (FlashFirmwareJournal *self, guint32 address)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_hash_table_contains (self->done, GUINT_TO_POINTER (address));
}

void
flash_firmware_journal_finish (FlashFirmwareJournal *self)
{
  g_return_if_fail (self != NULL);

  if (self->fd < 0)
    return;
  if (g_unlink (self->path) != 0)
    g_info ("%s: %s", self->path, g_strerror (errno));
  flash_fd_sync_folder (self->folder);
  close (self->fd);
  self->fd = -1;
}
