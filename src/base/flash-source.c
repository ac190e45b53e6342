/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-source"

#include "config.h"

#include "flash-source.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct _FlashSource {
  GObject parent_instance;

  char *name; /* (owned) */
  GBytes *bytes; /* (owned) (nullable): memory, or else a file: */
  int fd;
  guint64 size;
  struct timespec modified;
};

G_DEFINE_FINAL_TYPE (FlashSource, flash_source, G_TYPE_OBJECT)

/* One read of the file while a checksum is computed. */
#define PIECE_SIZE (256 * 1024)
/* Shorter reads are not worth the question. */
#define MIN_HOLE (64 * 1024)

static void
flash_source_finalize (GObject *object)
{
  FlashSource *self = FLASH_SOURCE (object);

  if (self->fd >= 0)
    g_close (self->fd, NULL);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->name);

  G_OBJECT_CLASS (flash_source_parent_class)->finalize (object);
}

static void
flash_source_class_init (FlashSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_source_finalize;
}

static void
flash_source_init (FlashSource *self)
{
  self->fd = -1;
}

static void
set_errno_error (GError **error, int errsv)
{
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errsv), g_strerror (errsv));
}

FlashSource *
flash_source_new_for_file (const char *path, GError **error)
{
  g_autoptr (FlashSource) self = g_object_new (FLASH_TYPE_SOURCE, NULL);
  struct stat info;

  g_return_val_if_fail (path != NULL, NULL);

  /* Opening a named pipe would wait for somebody to write to it. */
  self->fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (self->fd < 0 || fstat (self->fd, &info) != 0) {
    set_errno_error (error, errno);
    return NULL;
  }
  if (S_ISDIR (info.st_mode)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY,
                         "this is a folder, not a file");
    return NULL;
  }
  if (!S_ISREG (info.st_mode)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                         "this is not a regular file");
    return NULL;
  }

  self->name = g_strdup (path);
  self->size = (guint64) info.st_size;
  self->modified = info.st_mtim;
  return g_steal_pointer (&self);
}

FlashSource *
flash_source_new_for_bytes (GBytes *bytes, const char *name)
{
  FlashSource *self = g_object_new (FLASH_TYPE_SOURCE, NULL);

  self->name = g_strdup (name);
  self->bytes = g_bytes_ref (bytes);
  self->size = g_bytes_get_size (bytes);
  return self;
}

const char *
flash_source_get_name (FlashSource *self)
{
  g_return_val_if_fail (FLASH_IS_SOURCE (self), NULL);

  return self->name;
}

guint64
flash_source_get_size (FlashSource *self)
{
  g_return_val_if_fail (FLASH_IS_SOURCE (self), 0);

  return self->size;
}

/* Whether the file has nothing but a hole there. To read a hole would make the kernel fill memory
 * with zeros page by page, which takes longer than anything else that is done with them. The file
 * position that this moves is used by nobody: all reads are positional. */
static gboolean
is_hole (FlashSource *self, guint64 offset, gsize length)
{
  struct stat info;
  off_t data;

  if (length < MIN_HOLE)
    return FALSE;
  data = lseek (self->fd, (off_t) offset, SEEK_DATA);
  if (data >= 0)
    return (guint64) data >= offset + length;
  /* No data up to the end, unless the end has come nearer. */
  return errno == ENXIO && fstat (self->fd, &info) == 0 &&
         (guint64) info.st_size >= offset + length;
}

static gboolean
read_file (FlashSource *self, guint64 offset, guint8 *out, gsize length, GError **error)
{
  if (is_hole (self, offset, length)) {
    memset (out, 0, length);
    return TRUE;
  }
  while (length > 0) {
    ssize_t n = pread (self->fd, out, length, (off_t) offset);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      set_errno_error (error, errno);
      return FALSE;
    }
    if (n == 0) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                   "the file ends at byte %" G_GUINT64_FORMAT ", it was %" G_GUINT64_FORMAT
                   " bytes long",
                   offset, self->size);
      return FALSE;
    }
    out += n;
    offset += (guint64) n;
    length -= (gsize) n;
  }
  return TRUE;
}

gboolean
flash_source_read (FlashSource *self, guint64 offset, guint8 *out, gsize length, GError **error)
{
  g_return_val_if_fail (FLASH_IS_SOURCE (self), FALSE);

  if (offset > self->size || length > self->size - offset) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                 "%" G_GSIZE_FORMAT " bytes at offset %" G_GUINT64_FORMAT
                 " reach beyond the end at %" G_GUINT64_FORMAT,
                 length, offset, self->size);
    return FALSE;
  }
  if (self->bytes == NULL)
    return read_file (self, offset, out, length, error);

  if (length > 0)
    memcpy (out, (const guint8 *) g_bytes_get_data (self->bytes, NULL) + offset, length);
  return TRUE;
}

gboolean
flash_source_has_changed (FlashSource *self)
{
  struct stat info;

  g_return_val_if_fail (FLASH_IS_SOURCE (self), FALSE);

  if (self->bytes != NULL)
    return FALSE;
  return fstat (self->fd, &info) != 0 || (guint64) info.st_size != self->size ||
         info.st_mtim.tv_sec != self->modified.tv_sec ||
         info.st_mtim.tv_nsec != self->modified.tv_nsec;
}

char *
flash_source_checksum (FlashSource *self, guint64 offset, guint64 length, GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE);

  g_return_val_if_fail (FLASH_IS_SOURCE (self), NULL);

  while (length > 0) {
    gsize n = (gsize) MIN (length, PIECE_SIZE);

    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !flash_source_read (self, offset, piece, n, error))
      return NULL;
    g_checksum_update (checksum, piece, (gssize) n);
    offset += n;
    length -= n;
  }
  return g_strdup (g_checksum_get_string (checksum));
}
