/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-reader"

#include "config.h"

#include "flash-bundle-reader.h"
#include "flash-bundle-gunzip.h"
#include "flash-bundle-marks.h"
#include "flash-bundle-path.h"
#include "flash-text.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

/* One read of the file. */
#define PIECE_SIZE (128 * 1024)
/* News about progress come after so many bytes. */
#define PROGRESS_STEP (1024 * 1024)
/* What a header takes in a tar file. */
#define TAR_BLOCK 512

struct _FlashBundleReader {
  struct archive *archive; /* (owned) */
  FlashSource *source; /* (owned) */
  FlashBundleFormat format;
  FlashBundleGunzip *gunzip; /* (owned) (nullable) */
  const FlashBundleLimits *limits; /* (unowned) */
  FlashBundleProgress progress; /* (nullable) */
  gpointer progress_data;
  GCancellable *cancellable; /* (owned) (nullable) */
  GError *fault; /* (owned) (nullable): what went wrong in a call that libarchive made */
  guint64 position; /* in the source */
  guint64 told; /* position that was last told */
  guint64 n_stream; /* bytes that came out of it */
  guint64 entry_size;
  locale_t text_locale; /* (owned): 0 if there is none */
  locale_t old_locale; /* of the thread */
  gboolean is_entry_open; /* there may be data to be read */
  gboolean is_known; /* a first header was found */
  FlashBundleMarks marks; /* of what was read before the first header */
  guint8 piece[PIECE_SIZE];
};

/* --- what libarchive calls ---------------------------------------------------------------- */

static void
tell_progress (FlashBundleReader *self, guint64 position)
{
  self->position = position;
  if (self->progress == NULL || (position < self->told + PROGRESS_STEP && position >= self->told &&
                                 position != flash_source_get_size (self->source)))
    return;
  self->told = position;
  self->progress (position, flash_source_get_size (self->source), self->progress_data);
}

static gboolean
read_piece (FlashBundleReader *self, const guint8 **out_bytes, gsize *out_length, GError **error)
{
  gsize n = (gsize) MIN (flash_source_get_size (self->source) - self->position, PIECE_SIZE);

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (self->gunzip != NULL) {
    if (!flash_bundle_gunzip_read (self->gunzip, out_bytes, out_length, error))
      return FALSE;
    tell_progress (self, flash_bundle_gunzip_get_position (self->gunzip));
    return TRUE;
  }
  if (!flash_source_read (self->source, self->position, self->piece, n, error))
    return FALSE;
  tell_progress (self, self->position + n);
  *out_bytes = self->piece;
  *out_length = n;
  return TRUE;
}

static gboolean
count_marks (FlashBundleReader *self, const guint8 *bytes, gsize length, GError **error)
{
  return self->format != FLASH_BUNDLE_FORMAT_ZIP || self->is_known ||
         flash_bundle_marks_add (&self->marks, bytes, length, self->limits, error);
}

static la_ssize_t
on_read (struct archive *archive, void *data, const void **out_bytes)
{
  FlashBundleReader *self = data;
  const guint8 *bytes;
  gsize length;

  if (self->fault != NULL || !read_piece (self, &bytes, &length, &self->fault) ||
      !count_marks (self, bytes, length, &self->fault)) {
    archive_set_error (archive, EIO, "%s", self->fault->message);
    return -1;
  }
  *out_bytes = bytes;
  return (la_ssize_t) length;
}

static la_int64_t
on_skip (struct archive *archive, void *data, la_int64_t request)
{
  FlashBundleReader *self = data;
  guint64 left = flash_source_get_size (self->source) - self->position;

  if (self->gunzip != NULL || request <= 0)
    return 0;
  request = (la_int64_t) MIN ((guint64) request, left);
  flash_bundle_marks_jump (&self->marks);
  tell_progress (self, self->position + (guint64) request);
  return request;
}

static la_int64_t
on_seek (struct archive *archive, void *data, la_int64_t offset, int whence)
{
  FlashBundleReader *self = data;
  guint64 size = flash_source_get_size (self->source);
  guint64 start = whence == SEEK_CUR ? self->position : whence == SEEK_END ? size : 0;
  guint64 distance = offset < 0 ? -(guint64) offset : (guint64) offset;

  if (offset < 0 ? distance > start : distance > size - start)
    return ARCHIVE_FATAL;
  self->position = offset < 0 ? start - distance : start + distance;
  flash_bundle_marks_jump (&self->marks);
  return (la_int64_t) self->position;
}

/* --- faults ------------------------------------------------------------------------------- */

/* There is not even a first entry in it. */
static void
set_formless (FlashBundleReader *self, GError **error)
{
  if (self->format == FLASH_BUNDLE_FORMAT_ZIP)
    g_set_error_literal (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_DAMAGED,
                         "the archive is cut off or damaged: the table of contents at the end of "
                         "the zip file is missing");
  else if (self->format == FLASH_BUNDLE_FORMAT_TAR)
    g_set_error_literal (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_DAMAGED,
                         "the archive is cut off or damaged: its first header cannot be read");
  else
    g_set_error_literal (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_UNKNOWN_KIND,
                         "this is a compressed file, but what is in it is no tar archive");
}

/* Returns: (transfer full): why libarchive, or what it called, has failed. */
static char *
dup_reason (FlashBundleReader *self)
{
  const char *words = self->fault != NULL ? self->fault->message : NULL;
  char *safe;

  if (self->fault == NULL)
    words = archive_error_string (self->archive);
  if (words == NULL || g_error_matches (self->fault, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    return g_strdup ("it ends too early");
  safe = flash_bundle_path_dup_safe (words);
  /* Some of these words are whole sentences. */
  if (g_str_has_suffix (safe, "."))
    safe[strlen (safe) - 1] = '\0';
  return safe;
}

/* Always returns %FALSE, for the caller to return. */
static gboolean
fail (FlashBundleReader *self, GError **error)
{
  g_autofree char *reason = dup_reason (self);
  gboolean is_damage = self->fault == NULL ||
                       g_error_matches (self->fault, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
                       g_error_matches (self->fault, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);

  /* libarchive's number for "no format that I know" on Linux. */
  if (self->fault == NULL && !self->is_known && archive_errno (self->archive) == EILSEQ &&
      archive_format (self->archive) == 0)
    set_formless (self, error);
  else if (is_damage)
    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_DAMAGED,
                 "the archive is cut off or damaged: %s", reason);
  else
    g_propagate_error (error, g_error_copy (self->fault));
  return FALSE;
}

static gboolean
spend (FlashBundleReader *self, guint64 n, GError **error)
{
  const FlashBundleLimits *limits = self->limits;
  guint64 size = MAX (flash_source_get_size (self->source), 1);
  g_autofree char *bound = NULL;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  self->n_stream += n;
  if (self->n_stream > limits->max_stream) {
    bound = flash_text_size (limits->max_stream);
    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE,
                 "the archive holds more than %s once it is decompressed, which is the bound",
                 bound);
    return FALSE;
  }
  if (self->n_stream > limits->free_stream && self->n_stream / size > limits->max_ratio) {
    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_TOO_LARGE,
                 "the archive holds more than %u times its own size once it is decompressed, which "
                 "is the bound",
                 limits->max_ratio);
    return FALSE;
  }
  return TRUE;
}

/* --- opening ------------------------------------------------------------------------------ */

/* libarchive knows dozens of formats and filters, and recognises all that are switched on by
 * itself. What is not needed is not switched on: each is a parser of hostile bytes, some are
 * programs that would be started, and mtree even names files outside of the archive. One filter,
 * not a chain of them: what is compressed again and again is made to hurt. */
static int
set_up (struct archive *archive, FlashBundleFormat format)
{
  switch (format) {
  case FLASH_BUNDLE_FORMAT_NONE:
    return ARCHIVE_FATAL;
  case FLASH_BUNDLE_FORMAT_ZIP:
    /* Not the streaming kind, which believes the headers between the files: a zip file that is cut
     * off would look whole. */
    return archive_read_support_format_zip_seekable (archive);
  case FLASH_BUNDLE_FORMAT_TAR:
  case FLASH_BUNDLE_FORMAT_GZIP:
    break;
  case FLASH_BUNDLE_FORMAT_XZ:
    if (archive_read_append_filter (archive, ARCHIVE_FILTER_XZ) != ARCHIVE_OK)
      return ARCHIVE_FATAL;
    break;
  case FLASH_BUNDLE_FORMAT_ZSTD:
    if (archive_read_append_filter (archive, ARCHIVE_FILTER_ZSTD) != ARCHIVE_OK)
      return ARCHIVE_FATAL;
    break;
  case FLASH_BUNDLE_FORMAT_BZIP2:
    if (archive_read_append_filter (archive, ARCHIVE_FILTER_BZIP2) != ARCHIVE_OK)
      return ARCHIVE_FATAL;
    break;
  }
  return archive_read_support_format_tar (archive);
}

static void
set_unknown (FlashBundleFormat format, GError **error)
{
  if (format == FLASH_BUNDLE_FORMAT_NONE)
    g_set_error_literal (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_UNKNOWN_KIND,
                         "this is no archive that can be read: tar, also with gzip, xz, zstd or "
                         "bzip2, or zip");
  else
    g_set_error_literal (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_UNKNOWN_KIND,
                         "this is a compressed file of a kind that cannot be read here");
}

/* libarchive turns names into the charset of the locale, and loses those that it cannot turn. With
 * the locale of a script or a container, which is C, these would be all that are not ASCII. */
static void
enter_locale (FlashBundleReader *self)
{
  self->text_locale = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);
  if (self->text_locale != (locale_t) 0)
    self->old_locale = uselocale (self->text_locale);
}

static void
leave_locale (FlashBundleReader *self)
{
  if (self->text_locale == (locale_t) 0)
    return;
  uselocale (self->old_locale);
  freelocale (self->text_locale);
}

FlashBundleReader *
flash_bundle_reader_new (FlashSource *source, const FlashBundleLimits *limits,
                         FlashBundleProgress progress, gpointer data, GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (FlashBundleReader) self = g_new0 (FlashBundleReader, 1);

  self->source = g_object_ref (source);
  self->limits = limits;
  self->progress = progress;
  self->progress_data = data;
  if (cancellable != NULL)
    self->cancellable = g_object_ref (cancellable);
  enter_locale (self);
  self->archive = archive_read_new ();
  self->format = flash_bundle_format_sniff (source);
  if (set_up (self->archive, self->format) != ARCHIVE_OK) {
    set_unknown (self->format, error);
    return NULL;
  }
  if (self->format == FLASH_BUNDLE_FORMAT_GZIP)
    self->gunzip = flash_bundle_gunzip_new (source);
  archive_read_set_read_callback (self->archive, on_read);
  archive_read_set_skip_callback (self->archive, on_skip);
  if (self->format == FLASH_BUNDLE_FORMAT_ZIP)
    archive_read_set_seek_callback (self->archive, on_seek);
  archive_read_set_callback_data (self->archive, self);
  if (archive_read_open1 (self->archive) != ARCHIVE_OK) {
    fail (self, error);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
flash_bundle_reader_free (FlashBundleReader *self)
{
  archive_read_free (self->archive);
  leave_locale (self);
  g_clear_pointer (&self->gunzip, flash_bundle_gunzip_free);
  g_clear_object (&self->source);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->fault);
  g_free (self);
}

/* --- reading ------------------------------------------------------------------------------ */

gboolean
flash_bundle_reader_read (FlashBundleReader *self, const guint8 **out_bytes, gsize *out_length,
                          guint64 *out_offset, GError **error)
{
  const void *bytes = NULL;
  size_t length = 0;
  la_int64_t offset = 0;
  int result = ARCHIVE_OK;

  if (!self->is_entry_open)
    result = ARCHIVE_EOF;
  /* A piece can be empty without being the last. */
  while (result == ARCHIVE_OK && length == 0) {
    if (!spend (self, 0, error))
      return FALSE;
    result = archive_read_data_block (self->archive, &bytes, &length, &offset);
  }
  /* libarchive may take what could not be read for the end. */
  if (self->fault != NULL || (result != ARCHIVE_OK && result != ARCHIVE_EOF))
    return fail (self, error);
  if (result == ARCHIVE_EOF) {
    self->is_entry_open = FALSE;
    length = 0;
  }
  if (length > 0 && (offset < 0 || (guint64) offset > self->entry_size ||
                     length > self->entry_size - (guint64) offset)) {
    g_set_error (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_DAMAGED,
                 "the archive is damaged: a file of it goes on behind the %" G_GUINT64_FORMAT
                 " bytes that its header announces",
                 self->entry_size);
    return FALSE;
  }
  *out_bytes = bytes;
  *out_length = length;
  *out_offset = (guint64) offset;
  return spend (self, length, error);
}

/* Decompressing a bomb can take for ever, also if nobody wants what is in it: libarchive would do
 * it in one call, without asking anybody. */
static gboolean
skip_rest (FlashBundleReader *self, GError **error)
{
  gboolean is_compressed =
      self->format != FLASH_BUNDLE_FORMAT_ZIP && self->format != FLASH_BUNDLE_FORMAT_TAR;

  while (is_compressed && self->is_entry_open) {
    const guint8 *bytes;
    gsize length;
    guint64 offset;

    if (!flash_bundle_reader_read (self, &bytes, &length, &offset, error))
      return FALSE;
  }
  return TRUE;
}

/* What stands behind the end of the tar file is of no interest, but the checksum behind that is. */
static gboolean
finish_stream (FlashBundleReader *self, GError **error)
{
  const guint8 *bytes;
  gsize length = 1;

  while (self->gunzip != NULL && length > 0) {
    if (!read_piece (self, &bytes, &length, &self->fault))
      return fail (self, error);
    if (!spend (self, length, error))
      return FALSE;
  }
  return TRUE;
}

static FlashBundleEntryType
get_type (struct archive_entry *entry)
{
  if (archive_entry_hardlink (entry) != NULL || archive_entry_hardlink_utf8 (entry) != NULL)
    return FLASH_BUNDLE_ENTRY_HARDLINK;
  if (archive_entry_filetype (entry) == AE_IFREG)
    return FLASH_BUNDLE_ENTRY_FILE;
  if (archive_entry_filetype (entry) == AE_IFDIR)
    return FLASH_BUNDLE_ENTRY_FOLDER;
  if (archive_entry_filetype (entry) == AE_IFLNK)
    return FLASH_BUNDLE_ENTRY_SYMLINK;
  return FLASH_BUNDLE_ENTRY_OTHER;
}

static guint64
get_data_size (struct archive_entry *entry, guint64 size)
{
  la_int64_t offset, length;
  guint64 sum = 0;

  if (archive_entry_sparse_reset (entry) <= 0)
    return size;
  while (archive_entry_sparse_next (entry, &offset, &length) == ARCHIVE_OK)
    if (length > 0)
      sum += MIN ((guint64) length, size - MIN (sum, size));
  return sum;
}

static const char *
get_target (struct archive_entry *entry, FlashBundleEntryType type)
{
  const char *target = NULL;

  if (type == FLASH_BUNDLE_ENTRY_HARDLINK) {
    target = archive_entry_hardlink (entry);
    return target != NULL ? target : archive_entry_hardlink_utf8 (entry);
  }
  if (type == FLASH_BUNDLE_ENTRY_SYMLINK) {
    target = archive_entry_symlink (entry);
    return target != NULL ? target : archive_entry_symlink_utf8 (entry);
  }
  return NULL;
}

static void
describe (struct archive_entry *entry, FlashBundleHeader *out_header)
{
  la_int64_t size = archive_entry_size (entry);

  memset (out_header, 0, sizeof *out_header);
  out_header->type = get_type (entry);
  /* Bytes first: what is not text in the user's locale need not be wrong. */
  out_header->name = archive_entry_pathname (entry);
  if (out_header->name == NULL)
    out_header->name = archive_entry_pathname_utf8 (entry);
  out_header->target = get_target (entry, out_header->type);
  if (out_header->type == FLASH_BUNDLE_ENTRY_FILE && size > 0)
    out_header->size = (guint64) size;
  out_header->data_size = get_data_size (entry, out_header->size);
  out_header->is_encrypted = archive_entry_is_encrypted (entry) != 0;
}

gboolean
flash_bundle_reader_next (FlashBundleReader *self, FlashBundleHeader *out_header,
                          gboolean *out_is_end, GError **error)
{
  struct archive_entry *entry;
  int result;

  if (!skip_rest (self, error) || !spend (self, TAR_BLOCK, error))
    return FALSE;
  self->is_entry_open = FALSE;
  result = archive_read_next_header (self->archive, &entry);
  if (self->fault != NULL)
    return fail (self, error);
  if (result == ARCHIVE_EOF) {
    *out_is_end = TRUE;
    return finish_stream (self, error);
  }
  /* A warning is about owners, times and the like, which nobody here wants to know. */
  if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
    return fail (self, error);
  describe (entry, out_header);
  self->is_entry_open = TRUE;
  self->is_known = TRUE;
  /* Some programs pack the data of a hard link once more. */
  self->entry_size = (guint64) MAX (archive_entry_size (entry), 0);
  *out_is_end = FALSE;
  return TRUE;
}
