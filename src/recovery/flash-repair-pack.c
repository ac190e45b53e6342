/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A repair into its archive. */
#define G_LOG_DOMAIN "flash-repair-pack"

#include "config.h"

#include "flash-fd.h"
#include "flash-repair-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_SIZE (256 * 1024)
#define FILE_MODE 0644
#define ASIDE ".flashwright-XXXXXX"

typedef struct {
  struct archive *archive;
  GCancellable *cancellable;
} Packer;

static gboolean
fail (Packer *packer, GError **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (archive_errno (packer->archive)), "%s",
               archive_error_string (packer->archive));
  return FALSE;
}

static gboolean
begin_entry (Packer *packer, const char *name, guint64 size, GError **error)
{
  struct archive_entry *entry = archive_entry_new ();
  gboolean is_done;

  archive_entry_set_pathname (entry, name);
  archive_entry_set_size (entry, (la_int64_t) size);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, FILE_MODE);
  is_done = archive_write_header (packer->archive, entry) == ARCHIVE_OK;
  archive_entry_free (entry);
  return is_done || fail (packer, error);
}

static gboolean
add_bytes (Packer *packer, const guint8 *bytes, gsize length, GError **error)
{
  return archive_write_data (packer->archive, bytes, length) == (la_ssize_t) length ||
         fail (packer, error);
}

/* What is packed must be what its sum was made of. */
static gboolean
add_content (Packer *packer, const FlashRepairFile *file, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE);

  for (guint64 offset = 0; offset < file->size;) {
    gsize length = (gsize) MIN (file->size - offset, PIECE_SIZE);

    if (g_cancellable_set_error_if_cancelled (packer->cancellable, error) ||
        !flash_source_read (file->source, offset, piece, length, error) ||
        !add_bytes (packer, piece, length, error))
      return FALSE;
    g_checksum_update (checksum, piece, (gssize) length);
    offset += length;
  }
  if (g_str_equal (g_checksum_get_string (checksum), file->sha256) &&
      !flash_source_has_changed (file->source))
    return TRUE;
  g_set_error (error, FLASH_REPAIR_ERROR, FLASH_REPAIR_ERROR_CHANGED,
               "%s was written to while it was packed", flash_source_get_name (file->source));
  return FALSE;
}

static gboolean
pack (Packer *packer, FlashRepair *repair, int fd, GError **error)
{
  g_autoptr (GBytes) json = flash_repair_to_json (repair);
  gsize length;
  const guint8 *text = g_bytes_get_data (json, &length);

  if (archive_write_set_format_zip (packer->archive) != ARCHIVE_OK ||
      archive_write_set_bytes_in_last_block (packer->archive, 1) != ARCHIVE_OK ||
      archive_write_open_fd (packer->archive, fd) != ARCHIVE_OK)
    return fail (packer, error);
  if (!begin_entry (packer, FLASH_REPAIR_JSON_NAME, length, error) ||
      !add_bytes (packer, text, length, error))
    return FALSE;
  for (guint i = 0; i < repair->files->len; i++) {
    const FlashRepairFile *file = g_ptr_array_index (repair->files, i);

    if (!begin_entry (packer, file->name, file->size, error) || !add_content (packer, file, error))
      return FALSE;
  }
  return archive_write_close (packer->archive) == ARCHIVE_OK || fail (packer, error);
}

static gboolean
sum_up (FlashRepair *self, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < self->files->len; i++) {
    FlashRepairFile *file = g_ptr_array_index (self->files, i);

    g_free (file->sha256);
    file->sha256 = flash_source_checksum (file->source, 0, file->size, cancellable, error);
    if (file->sha256 == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
fail_with_errno (GError **error, const char *path)
{
  int error_number = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (error_number), "%s: %s", path,
               g_strerror (error_number));
  return FALSE;
}

static gboolean
write_aside (FlashRepair *self, int fd, const char *path, GCancellable *cancellable, GError **error)
{
  Packer packer = { archive_write_new (), cancellable };
  gboolean is_done = pack (&packer, self, fd, error);

  /* Else the library would write the end of an archive that was given up. */
  if (!is_done)
    archive_write_fail (packer.archive);
  archive_write_free (packer.archive);
  return is_done &&
         ((fchmod (fd, FILE_MODE) == 0 && fsync (fd) == 0) || fail_with_errno (error, path));
}

gboolean
flash_repair_save (FlashRepair *self, const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *folder = NULL;
  g_autofree char *aside = NULL;
  gboolean is_done;
  int fd;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  if (!sum_up (self, cancellable, error))
    return FALSE;
  folder = g_path_get_dirname (path);
  aside = g_build_filename (folder, ASIDE, NULL);
  fd = mkostemp (aside, O_CLOEXEC);
  if (fd < 0)
    return fail_with_errno (error, folder);
  is_done = write_aside (self, fd, path, cancellable, error);
  close (fd);
  if (is_done && g_rename (aside, path) != 0)
    is_done = fail_with_errno (error, path);
  if (!is_done) {
    g_unlink (aside);
    return FALSE;
  }
  flash_fd_sync_folder (folder);
  return TRUE;
}
