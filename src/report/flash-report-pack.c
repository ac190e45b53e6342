/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-pack"

#include "config.h"

#include "flash-report-locale.h"
#include "flash-report-zip.h"

#include <archive.h>
#include <archive_entry.h>

#define FILE_MODE 0644

static void
free_entry (gpointer data)
{
  FlashReportEntry *entry = data;

  g_free (entry->name);
  g_bytes_unref (entry->bytes);
  g_free (entry);
}

GPtrArray *
flash_report_entries_new (void)
{
  return g_ptr_array_new_with_free_func (free_entry);
}

void
flash_report_entries_add (GPtrArray *entries, const char *name, GBytes *bytes)
{
  FlashReportEntry *entry = g_new0 (FlashReportEntry, 1);

  entry->name = g_strdup (name);
  entry->bytes = bytes;
  g_ptr_array_add (entries, entry);
}

static la_ssize_t
on_write (struct archive *archive, void *data, const void *bytes, size_t length)
{
  g_byte_array_append (data, bytes, (guint) length);
  return (la_ssize_t) length;
}

/* libarchive gives a file without a time the first moment that a zip file knows, in every time
 * zone. */
static gboolean
write_entry (struct archive *archive, const FlashReportEntry *entry)
{
  struct archive_entry *header = archive_entry_new ();
  gsize size;
  const guint8 *bytes = g_bytes_get_data (entry->bytes, &size);
  gboolean is_done;

  archive_entry_set_pathname (header, entry->name);
  archive_entry_set_size (header, (la_int64_t) size);
  archive_entry_set_filetype (header, AE_IFREG);
  archive_entry_set_perm (header, FILE_MODE);
  is_done = archive_write_header (archive, header) == ARCHIVE_OK &&
            archive_write_data (archive, bytes, size) == (la_ssize_t) size &&
            archive_write_finish_entry (archive) == ARCHIVE_OK;
  archive_entry_free (header);
  return is_done;
}

static gboolean
write_all (struct archive *archive, GPtrArray *entries, GByteArray *out)
{
  if (archive_write_set_format_zip (archive) != ARCHIVE_OK ||
      archive_write_zip_set_compression_store (archive) != ARCHIVE_OK ||
      archive_write_set_bytes_in_last_block (archive, 1) != ARCHIVE_OK ||
      archive_write_open (archive, out, NULL, on_write, NULL) != ARCHIVE_OK)
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    if (i == 1 && archive_write_zip_set_compression_deflate (archive) != ARCHIVE_OK)
      return FALSE;
    if (!write_entry (archive, g_ptr_array_index (entries, i)))
      return FALSE;
  }
  return archive_write_close (archive) == ARCHIVE_OK;
}

GBytes *
flash_report_zip_pack (GPtrArray *entries, GError **error)
{
  struct archive *archive = archive_write_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  FlashReportLocale locale;
  gboolean is_done;

  flash_report_locale_enter (&locale);
  is_done = write_all (archive, entries, out);
  flash_report_locale_leave (&locale);
  if (!is_done)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the report cannot be packed: %s",
                 archive_error_string (archive));
  archive_write_free (archive);
  return is_done ? g_byte_array_free_to_bytes (g_steal_pointer (&out)) : NULL;
}
