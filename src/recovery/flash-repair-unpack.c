/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A repair out of an archive that anybody may have made. */
#define G_LOG_DOMAIN "flash-repair-unpack"

#include "config.h"

#include "flash-fd.h"
#include "flash-layout.h"
#include "flash-repair-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PIECE_SIZE (256 * 1024)
#define FILE_MODE 0600
/* What a small archive may hold, and how many times its own size beyond that: images of disks are
 * mostly zeros. */
#define FREE_BYTES (G_GUINT64_CONSTANT (1024) * 1024 * 1024)
#define MAX_RATIO 1000

/* A local file header of a zip (APPNOTE.TXT, 4.3.7): the name follows its 30 bytes. */
#define HEAD_SIZE 30
#define HEAD_MAGIC "PK\003\004"

typedef struct {
  FlashRepair *repair;
  const char *folder;
  struct archive *archive;
  GCancellable *cancellable;
  GHashTable *seen; /* (element-type FlashRepairFile): not owned */
} Unpacker;

static gboolean
refuse (GError **error, FlashRepairError code, const char *what)
{
  g_set_error_literal (error, FLASH_REPAIR_ERROR, (gint) code, what);
  return FALSE;
}

static gboolean
fail_with_errno (GError **error, const char *path)
{
  int error_number = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (error_number), "%s: %s", path,
               g_strerror (error_number));
  return FALSE;
}

gboolean
flash_repair_is_repair (const char *path)
{
  guint8 head[HEAD_SIZE + sizeof FLASH_REPAIR_JSON_NAME - 1];
  gsize length = 0;
  gssize n;
  int fd;

  g_return_val_if_fail (path != NULL, FALSE);

  fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (fd < 0)
    return FALSE;
  do {
    n = read (fd, head + length, sizeof head - length);
    length += n > 0 ? (gsize) n : 0;
  } while (n > 0 && length < sizeof head);
  close (fd);
  return length == sizeof head && memcmp (head, HEAD_MAGIC, strlen (HEAD_MAGIC)) == 0 &&
         head[26] == strlen (FLASH_REPAIR_JSON_NAME) && head[27] == 0 &&
         memcmp (head + HEAD_SIZE, FLASH_REPAIR_JSON_NAME, strlen (FLASH_REPAIR_JSON_NAME)) == 0;
}

/* --- the archive ---------------------------------------------------------------------------- */

static struct archive *
open_archive (const char *path, GError **error)
{
  struct archive *archive = archive_read_new ();

  if (archive_read_support_format_zip_streamable (archive) == ARCHIVE_OK &&
      archive_read_open_filename (archive, path, PIECE_SIZE) == ARCHIVE_OK)
    return archive;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (archive_errno (archive)), "%s: %s", path,
               archive_error_string (archive));
  archive_read_free (archive);
  return NULL;
}

/* Returns: whether it is a plain file with a name of its own */
static gboolean
is_plain (struct archive_entry *entry)
{
  return archive_entry_filetype (entry) == AE_IFREG && archive_entry_hardlink (entry) == NULL &&
         archive_entry_symlink (entry) == NULL && !archive_entry_is_encrypted (entry) &&
         archive_entry_pathname (entry) != NULL;
}

static guint64
get_max_bytes (const char *path)
{
  GStatBuf status;

  if (g_stat (path, &status) != 0 || status.st_size <= 0)
    return 0;
  return MIN (FLASH_REPAIR_MAX_BYTES,
              MAX (FREE_BYTES, (guint64) MIN (status.st_size, G_MAXINT32) * MAX_RATIO));
}

static FlashRepair *
read_json (struct archive *archive, const char *path, GError **error)
{
  g_autofree char *text = g_malloc (FLASH_REPAIR_MAX_JSON + 1);
  struct archive_entry *entry;
  gsize length = 0;
  la_ssize_t n;

  if (archive_read_next_header (archive, &entry) != ARCHIVE_OK || !is_plain (entry) ||
      !g_str_equal (archive_entry_pathname (entry), FLASH_REPAIR_JSON_NAME)) {
    refuse (error, FLASH_REPAIR_ERROR_NOT_A_REPAIR, "it does not begin with repair.json");
    return NULL;
  }
  while ((n = archive_read_data (archive, text + length, FLASH_REPAIR_MAX_JSON + 1 - length)) > 0)
    length += (gsize) n;
  if (n < 0) {
    refuse (error, FLASH_REPAIR_ERROR_DAMAGED, "repair.json cannot be read");
    return NULL;
  }
  if (length > FLASH_REPAIR_MAX_JSON) {
    refuse (error, FLASH_REPAIR_ERROR_REFUSED, "repair.json is too large");
    return NULL;
  }
  return flash_repair_from_json (text, length, get_max_bytes (path), error);
}

FlashRepair *
flash_repair_load (const char *path, GError **error)
{
  struct archive *archive;
  FlashRepair *self;

  g_return_val_if_fail (path != NULL, NULL);

  if (!flash_repair_is_repair (path)) {
    refuse (error, FLASH_REPAIR_ERROR_NOT_A_REPAIR, "it does not begin with repair.json");
    return NULL;
  }
  archive = open_archive (path, error);
  if (archive == NULL)
    return NULL;
  self = read_json (archive, path, error);
  archive_read_free (archive);
  return self;
}

/* --- its files ------------------------------------------------------------------------------ */

static gboolean
copy_content (Unpacker *unpacker, const FlashRepairFile *file, int fd, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE);
  guint64 size = 0;
  la_ssize_t n;

  while ((n = archive_read_data (unpacker->archive, piece, PIECE_SIZE)) > 0) {
    if (g_cancellable_set_error_if_cancelled (unpacker->cancellable, error))
      return FALSE;
    if ((guint64) n > file->size - size)
      return refuse (error, FLASH_REPAIR_ERROR_REFUSED, "a file is larger than it says");
    if (!flash_fd_write (fd, size, piece, (gsize) n, NULL))
      return fail_with_errno (error, file->name);
    g_checksum_update (checksum, piece, (gssize) n);
    size += (guint64) n;
  }
  if (n == 0 && size == file->size && g_str_equal (g_checksum_get_string (checksum), file->sha256))
    return TRUE;
  return refuse (error, FLASH_REPAIR_ERROR_DAMAGED, "a file is not what repair.json says of it");
}

static gboolean
unpack_entry (Unpacker *unpacker, struct archive_entry *entry, GError **error)
{
  FlashRepairFile *file;
  g_autofree char *path = NULL;
  gboolean is_done;
  int fd;

  file = is_plain (entry) ? flash_repair_find (unpacker->repair, archive_entry_pathname (entry))
                          : NULL;
  if (file == NULL || !g_hash_table_add (unpacker->seen, file))
    return refuse (error, FLASH_REPAIR_ERROR_REFUSED, "it holds what does not belong to it");
  path = g_build_filename (unpacker->folder, file->name, NULL);
  fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
  if (fd < 0)
    return fail_with_errno (error, path);
  is_done = copy_content (unpacker, file, fd, error);
  if (close (fd) != 0 && is_done)
    return fail_with_errno (error, path);
  return is_done;
}

/* The first entry was looked at when the repair was opened; this is what it said then. */
static gboolean
unpack_all (Unpacker *unpacker, GError **error)
{
  struct archive_entry *entry;
  gboolean is_first = TRUE;
  int result;

  while ((result = archive_read_next_header (unpacker->archive, &entry)) == ARCHIVE_OK) {
    if (!is_first && !unpack_entry (unpacker, entry, error))
      return FALSE;
    is_first = FALSE;
  }
  if (result == ARCHIVE_EOF && g_hash_table_size (unpacker->seen) == unpacker->repair->files->len)
    return TRUE;
  return refuse (error, FLASH_REPAIR_ERROR_DAMAGED, "the archive is cut off or damaged");
}

/* A layout could name any file of this computer, to be sent to a board that is handed on. */
static gboolean
is_closed (FlashRepair *self, const char *folder, GError **error)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autofree char *path = g_build_filename (folder, flash_repair_get_file (self, 0), NULL);
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);
  g_autoptr (GBytes) text = file != NULL ? g_mapped_file_get_bytes (file) : NULL;
  g_autoptr (FlashLayout) layout = NULL;

  if (text == NULL)
    return FALSE;
  if (g_bytes_get_size (text) > FLASH_LAYOUT_MAX_SIZE)
    return refuse (error, FLASH_REPAIR_ERROR_REFUSED, "its layout is too large");
  layout = flash_layout_new_from_bytes (text, folder, diags);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (layout)); i++) {
    g_autoptr (FlashLayoutRow) row = g_list_model_get_item (G_LIST_MODEL (layout), i);
    const char *binary = flash_layout_row_get_binary (row);

    if (binary != NULL && flash_repair_find (self, binary) == NULL)
      return refuse (error, FLASH_REPAIR_ERROR_REFUSED,
                     "its layout names a file that does not belong to it");
  }
  return TRUE;
}

static gboolean
has_room (FlashRepair *self, const char *folder, GError **error)
{
  g_autoptr (GFile) place = g_file_new_for_path (folder);
  g_autoptr (GFileInfo) info =
      g_file_query_filesystem_info (place, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, NULL, NULL);
  guint64 size = 0;

  for (guint i = 0; i < self->files->len; i++)
    size += ((const FlashRepairFile *) g_ptr_array_index (self->files, i))->size;
  if (info == NULL ||
      size <= g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
               "unpacking needs %" G_GUINT64_FORMAT " bytes in %s", size, folder);
  return FALSE;
}

char *
flash_repair_unpack (FlashRepair *self, const char *path, const char *folder,
                     GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  Unpacker unpacker = { self, folder, NULL, cancellable, seen };
  gboolean is_done;

  g_return_val_if_fail (self != NULL && path != NULL && folder != NULL, NULL);

  if (self->files->len == 0) {
    refuse (error, FLASH_REPAIR_ERROR_DAMAGED, "there is nothing to flash in it");
    return NULL;
  }
  if (!has_room (self, folder, error))
    return NULL;
  unpacker.archive = open_archive (path, error);
  if (unpacker.archive == NULL)
    return NULL;
  is_done = unpack_all (&unpacker, error) &&
            (!flash_repair_is_layout (self) || is_closed (self, folder, error));
  archive_read_free (unpacker.archive);
  return is_done ? g_build_filename (folder, flash_repair_get_file (self, 0), NULL) : NULL;
}
