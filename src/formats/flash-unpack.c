/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gzip goes through zlib, as GLib wraps it: libarchive unpacks gzip too, but does not look at the
 * checksum behind it. xz and zstd go through libarchive, which bundles need anyway; it is told to
 * expect one filter and bare bytes in it, and none of its other parsers is switched on: not even
 * that for nothing at all, which would take a file that is cut off in its head for an empty one. */
#define G_LOG_DOMAIN "flash-unpack"

#include "config.h"

#include "flash-unpack.h"

#include "flash-text.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

/* One step, between two looks at the cancellable. */
#define PIECE_SIZE (256 * 1024)

/* RFC 1952 section 2.3.1 */
#define GZIP_MARK "\x1f\x8b"
#define GZIP_MARK_LENGTH 2

gboolean
flash_unpack_knows (FlashContentKind kind)
{
  return kind == FLASH_CONTENT_GZIP || kind == FLASH_CONTENT_XZ || kind == FLASH_CONTENT_ZSTD;
}

/* Adds a piece of contents, unless there is too much of it or the user has stopped. */
static gboolean
take (GByteArray *contents, const guint8 *piece, gsize length, gsize max_size,
      GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (length > max_size - contents->len) {
    g_autofree char *bound = flash_text_size (max_size);

    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TOO_LARGE,
                 "the file has more than %s when it is unpacked, which is the bound", bound);
    return FALSE;
  }
  g_byte_array_append (contents, piece, (guint) length);
  return TRUE;
}

/* --- gzip --------------------------------------------------------------------------------- */

/* Turns an error of the decompressor into one of ours. */
static void
set_gzip_error (const GError *local_error, GError **error)
{
  gboolean is_cut = g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);

  g_set_error (error, FLASH_FORMAT_ERROR,
               is_cut ? FLASH_FORMAT_ERROR_TRUNCATED : FLASH_FORMAT_ERROR_BAD_RECORD,
               "the gzip file is %s: %s", is_cut ? "cut off" : "damaged", local_error->message);
}

/* Unpacks one member, from *@at on. */
static gboolean
gunzip_member (GConverter *inflater, const guint8 *packed, gsize length, gsize *at,
               GByteArray *contents, gsize max_size, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE);
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (result != G_CONVERTER_FINISHED) {
    g_autoptr (GError) local_error = NULL;
    gsize n_read = 0, n_written = 0;

    result = g_converter_convert (inflater, packed + *at, length - *at, piece, PIECE_SIZE,
                                  G_CONVERTER_INPUT_AT_END, &n_read, &n_written, &local_error);
    if (result == G_CONVERTER_ERROR) {
      set_gzip_error (local_error, error);
      return FALSE;
    }
    *at += n_read;
    if (!take (contents, piece, n_written, max_size, cancellable, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_zero (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != 0)
      return FALSE;
  return TRUE;
}

static gboolean
gunzip (const guint8 *packed, gsize length, GByteArray *contents, gsize max_size,
        GCancellable *cancellable, GError **error)
{
  g_autoptr (GZlibDecompressor) inflater = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  gsize at = 0;

  do {
    if (!gunzip_member (G_CONVERTER (inflater), packed, length, &at, contents, max_size,
                        cancellable, error))
      return FALSE;
    g_converter_reset (G_CONVERTER (inflater));
  } while (length - at >= GZIP_MARK_LENGTH &&
           memcmp (packed + at, GZIP_MARK, GZIP_MARK_LENGTH) == 0);
  if (!is_zero (packed + at, length - at)) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD,
                 "the gzip file is damaged: %" G_GSIZE_FORMAT
                 " bytes behind its end do not belong to it",
                 length - at);
    return FALSE;
  }
  return TRUE;
}

/* --- xz and zstd -------------------------------------------------------------------------- */

typedef struct archive Archive;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_read_free)

static void
set_archive_error (Archive *archive, GError **error)
{
  const char *words = archive_error_string (archive);
  g_autofree char *safe = NULL;
  gsize length;

  if (words == NULL)
    words = "it cannot be read";
  length = strlen (words);
  /* Some of these words are whole sentences. */
  if (length > 0 && words[length - 1] == '.')
    length--;
  safe = flash_text_sanitize (words, length, 200);
  g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD,
               "the file is cut off or damaged: %s", safe);
}

static gboolean
unarchive (const guint8 *packed, gsize length, int filter, GByteArray *contents, gsize max_size,
           GCancellable *cancellable, GError **error)
{
  g_autoptr (Archive) archive = archive_read_new ();
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE);
  struct archive_entry *entry;
  la_ssize_t n = 1;

  if (archive_read_append_filter (archive, filter) != ARCHIVE_OK ||
      archive_read_support_format_raw (archive) != ARCHIVE_OK ||
      archive_read_open_memory (archive, packed, length) != ARCHIVE_OK ||
      archive_read_next_header (archive, &entry) != ARCHIVE_OK) {
    set_archive_error (archive, error);
    return FALSE;
  }
  while (n > 0) {
    n = archive_read_data (archive, piece, PIECE_SIZE);
    if (n < 0) {
      set_archive_error (archive, error);
      return FALSE;
    }
    if (!take (contents, piece, (gsize) n, max_size, cancellable, error))
      return FALSE;
  }
  return TRUE;
}

GBytes *
flash_unpack (GBytes *packed, FlashContentKind kind, gsize max_size, GCancellable *cancellable,
              GError **error)
{
  g_autoptr (GByteArray) contents = g_byte_array_new ();
  const guint8 *bytes;
  gsize length;
  gboolean is_done;

  g_return_val_if_fail (packed != NULL && flash_unpack_knows (kind), NULL);
  g_return_val_if_fail (max_size < G_MAXUINT, NULL);

  bytes = g_bytes_get_data (packed, &length);
  if (kind == FLASH_CONTENT_GZIP)
    is_done = gunzip (bytes, length, contents, max_size, cancellable, error);
  else
    is_done = unarchive (bytes, length,
                         kind == FLASH_CONTENT_XZ ? ARCHIVE_FILTER_XZ : ARCHIVE_FILTER_ZSTD,
                         contents, max_size, cancellable, error);
  return is_done ? g_byte_array_free_to_bytes (g_steal_pointer (&contents)) : NULL;
}
