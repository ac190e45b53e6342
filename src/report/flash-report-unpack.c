/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-unpack"

#include "config.h"

#include "flash-report-locale.h"
#include "flash-report-private.h"
#include "flash-report-zip.h"

#include "flash-text.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

/* The head of a file in a zip (APPNOTE.TXT section 4.3.7): the mark "PK\3\4", at 8 the method, at
 * 26 and 28 the lengths of the name and of the extra field behind it, at 30 the name. */
#define HEAD_SIZE 30
#define HEAD_METHOD 8
#define HEAD_NAME_LENGTH 26
#define HEAD_EXTRA_LENGTH 28
/* So near to the start of `report.json` stands what it is. */
#define MARK_DISTANCE 64
/* What an entry of the table of contents begins with, "PK\1\2" (section 4.3.12). libarchive reads
 * that table to its end before it tells of the first entry, and each costs memory. Compressed data
 * may hold the same bytes, but not often. */
#define TABLE_MARK "PK\1\2"
#define N_SPARE_MARKS 1000
#define PIECE_SIZE (64 * 1024)

static guint
get_le16 (const guint8 *bytes)
{
  return bytes[0] | (guint) bytes[1] << 8;
}

gboolean
flash_report_zip_is_report (const guint8 *head, gsize length)
{
  gsize name_length = strlen (FLASH_REPORT_MAIN);
  gsize start;

  if (length < HEAD_SIZE + name_length || memcmp (head, "PK\3\4", 4) != 0 ||
      get_le16 (head + HEAD_NAME_LENGTH) != name_length ||
      memcmp (head + HEAD_SIZE, FLASH_REPORT_MAIN, name_length) != 0)
    return FALSE;
  /* Somebody may have packed it again. */
  if (get_le16 (head + HEAD_METHOD) != 0)
    return TRUE;
  start = HEAD_SIZE + name_length + get_le16 (head + HEAD_EXTRA_LENGTH);
  return start < length && memmem (head + start, MIN (length - start, MARK_DISTANCE),
                                   FLASH_REPORT_MARK, strlen (FLASH_REPORT_MARK)) != NULL;
}

/* Always returns %FALSE, for the caller to return. */
static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_REFUSED, why);
  return FALSE;
}

static gboolean
fail (struct archive *archive, GError **error)
{
  const char *words = archive_error_string (archive);
  g_autofree char *safe = words != NULL ? flash_text_sanitize (words, strlen (words), 200) : NULL;

  g_set_error (error, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_DAMAGED,
               "the report is cut off or damaged: %s", safe != NULL ? safe : "it ends too early");
  return FALSE;
}

static gboolean
check_table (const guint8 *bytes, gsize size, GError **error)
{
  const guint8 *end = bytes + size;
  guint n_marks = 0;

  while (n_marks <= FLASH_REPORT_MAX_ENTRIES + N_SPARE_MARKS &&
         (bytes = memmem (bytes, (gsize) (end - bytes), TABLE_MARK, strlen (TABLE_MARK))) != NULL) {
    bytes += strlen (TABLE_MARK);
    n_marks++;
  }
  return n_marks <= FLASH_REPORT_MAX_ENTRIES + N_SPARE_MARKS ||
         refuse (error, "the report holds too many files");
}

/* --- one file ----------------------------------------------------------------------------- */

/* What a report of ours is packed with. libarchive knows more ways, and each is a parser of hostile
 * bytes; some take as much memory as the file asks for. */
static gboolean
is_known_method (struct archive *archive)
{
  const char *name = archive_format_name (archive);

  return name != NULL &&
         (strstr (name, "(uncompressed)") != NULL || strstr (name, "(deflation)") != NULL);
}

static gboolean
is_known (GPtrArray *entries, const char *name)
{
  for (guint i = 0; i < entries->len; i++)
    if (strcmp (((FlashReportEntry *) g_ptr_array_index (entries, i))->name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_name (GPtrArray *entries, const char *name, GError **error)
{
  g_autofree char *safe = NULL;

  if (name == NULL || !g_utf8_validate (name, -1, NULL))
    return refuse (error, "the name of a file in the report is no text");
  safe = _flash_report_dup_name (name);
  if (strcmp (name, safe) != 0)
    return refuse (error, "a file in the report has a name that could lead somewhere else");
  if (is_known (entries, name))
    return refuse (error, "two files in the report have the same name");
  if (entries->len == 0 && strcmp (name, FLASH_REPORT_MAIN) != 0)
    return refuse (error, "the report contradicts itself about its first file");
  return TRUE;
}

static gboolean
check_header (struct archive *archive, struct archive_entry *header, GPtrArray *entries,
              GError **error)
{
  if (entries->len >= FLASH_REPORT_MAX_ENTRIES)
    return refuse (error, "the report holds too many files");
  if (archive_entry_is_encrypted (header))
    return refuse (error, "the report is encrypted");
  if (archive_entry_filetype (header) != AE_IFREG || archive_entry_hardlink (header) != NULL ||
      archive_entry_symlink (header) != NULL)
    return refuse (error, "the report holds something else than files");
  if (!is_known_method (archive))
    return refuse (error, "the report is compressed in a way that is not supported");
  return check_name (entries, archive_entry_pathname (header), error);
}

/**
 * read_data:
 * @room: for so many bytes; the size in the header is not looked at
 *
 * Returns: (transfer full) (nullable): %NULL with @error set
 */
static GBytes *
read_data (struct archive *archive, gsize room, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE);
  la_ssize_t n;

  while ((n = archive_read_data (archive, piece, PIECE_SIZE)) > 0) {
    if ((gsize) n > room - out->len) {
      refuse (error, "the report is too large once it is decompressed");
      return NULL;
    }
    g_byte_array_append (out, piece, (guint) n);
  }
  if (n < 0) {
    fail (archive, error);
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* --- all of them -------------------------------------------------------------------------- */

static gboolean
read_entries (struct archive *archive, GPtrArray *entries, GError **error)
{
  gsize room = FLASH_REPORT_MAX_BYTES;
  struct archive_entry *header;
  GBytes *bytes;
  int result;

  /* A warning is about a name that cannot be turned into text, which is looked at again. */
  while ((result = archive_read_next_header (archive, &header)) == ARCHIVE_OK ||
         result == ARCHIVE_WARN) {
    g_autofree char *name = NULL;

    if (!check_header (archive, header, entries, error))
      return FALSE;
    /* libarchive may use the header again while it reads. */
    name = g_strdup (archive_entry_pathname (header));
    bytes = read_data (archive, MIN (room, FLASH_REPORT_MAX_ENTRY_BYTES), error);
    if (bytes == NULL)
      return FALSE;
    room -= g_bytes_get_size (bytes);
    flash_report_entries_add (entries, name, bytes);
  }
  return (result == ARCHIVE_EOF && entries->len > 0) || fail (archive, error);
}

GPtrArray *
flash_report_zip_unpack (GBytes *zip, GError **error)
{
  g_autoptr (GPtrArray) entries = flash_report_entries_new ();
  gsize size;
  const guint8 *bytes = g_bytes_get_data (zip, &size);
  struct archive *archive;
  FlashReportLocale locale;
  gboolean is_done;

  if (!flash_report_zip_is_report (bytes, MIN (size, FLASH_REPORT_ZIP_HEAD))) {
    g_set_error_literal (error, FLASH_REPORT_ERROR, FLASH_REPORT_ERROR_NOT_A_REPORT,
                         "this is no report of this program");
    return NULL;
  }
  if (!check_table (bytes, size, error))
    return NULL;
  archive = archive_read_new ();
  flash_report_locale_enter (&locale);
  /* Not the streaming kind, which believes the heads between the files: a zip file that is cut off
   * would look whole. */
  is_done = archive_read_support_format_zip_seekable (archive) == ARCHIVE_OK &&
            archive_read_open_memory (archive, bytes, size) == ARCHIVE_OK;
  if (is_done)
    is_done = read_entries (archive, entries, error);
  else
    fail (archive, error);
  archive_read_free (archive);
  flash_report_locale_leave (&locale);
  return is_done ? g_steal_pointer (&entries) : NULL;
}
