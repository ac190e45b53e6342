/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-report-test.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

#define ZEROS 65536

static la_ssize_t
on_write (struct archive *archive, void *data, const void *bytes, size_t length)
{
  g_byte_array_append (data, bytes, (guint) length);
  return (la_ssize_t) length;
}

FlashReportTestZip *
flash_report_test_zip_new (GByteArray *out, const char *password)
{
  struct archive *zip = archive_write_new ();

  g_assert_cmpint (archive_write_set_format_zip (zip), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_set_bytes_in_last_block (zip, 1), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_set_options (zip, "zip:compression-level=1"), ==, ARCHIVE_OK);
  if (password != NULL) {
    g_assert_cmpint (archive_write_set_options (zip, "zip:encryption=zipcrypt"), ==, ARCHIVE_OK);
    g_assert_cmpint (archive_write_set_passphrase (zip, password), ==, ARCHIVE_OK);
  }
  g_assert_cmpint (archive_write_open (zip, out, NULL, on_write, NULL), ==, ARCHIVE_OK);
  return zip;
}

void
flash_report_test_zip_add (FlashReportTestZip *zip, FlashReportTestKind kind, const char *name,
                           const char *bytes, gsize length)
{
  static const char zeros[ZEROS];
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_filetype (entry, kind == FLASH_REPORT_TEST_FILE   ? AE_IFREG
                                     : kind == FLASH_REPORT_TEST_LINK ? AE_IFLNK
                                                                      : AE_IFDIR);
  if (kind == FLASH_REPORT_TEST_LINK)
    archive_entry_set_symlink (entry, bytes);
  archive_entry_set_size (entry, kind == FLASH_REPORT_TEST_FILE ? (la_int64_t) length : 0);
  g_assert_cmpint (archive_write_header (zip, entry), ==, ARCHIVE_OK);
  while (kind == FLASH_REPORT_TEST_FILE && length > 0) {
    gsize n = bytes != NULL ? length : MIN (length, ZEROS);

    g_assert_cmpint (archive_write_data (zip, bytes != NULL ? bytes : zeros, n), ==, n);
    length -= n;
  }
  archive_entry_free (entry);
}

void
flash_report_test_zip_end (FlashReportTestZip *zip)
{
  g_assert_cmpint (archive_write_close (zip), ==, ARCHIVE_OK);
  archive_write_free (zip);
}

GByteArray *
flash_report_test_pack (const char *json)
{
  GByteArray *out = g_byte_array_new ();
  FlashReportTestZip *zip = flash_report_test_zip_new (out, NULL);

  flash_report_test_zip_add (zip, FLASH_REPORT_TEST_FILE, "report.json", json, strlen (json));
  flash_report_test_zip_end (zip);
  return out;
}

GByteArray *
flash_report_test_unpack (const char *path)
{
  GByteArray *out = g_byte_array_new ();
  struct archive *zip = archive_read_new ();
  struct archive_entry *entry;
  guint8 piece[4096];
  la_ssize_t n;

  g_assert_cmpint (archive_read_support_format_zip (zip), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_read_open_filename (zip, path, 4096), ==, ARCHIVE_OK);
  while (archive_read_next_header (zip, &entry) == ARCHIVE_OK) {
    const char *name = archive_entry_pathname (entry);

    g_byte_array_append (out, (const guint8 *) name, (guint) strlen (name));
    while ((n = archive_read_data (zip, piece, sizeof piece)) > 0)
      g_byte_array_append (out, piece, (guint) n);
    g_assert_cmpint (n, ==, 0);
  }
  archive_read_free (zip);
  return out;
}

void
flash_report_test_assert_refused (GByteArray *zip, FlashReportError code)
{
  g_autoptr (GBytes) bytes = g_bytes_new (zip->data, zip->len);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashReport) report = _flash_report_open (bytes, &error);

  g_assert_null (report);
  g_assert_error (error, FLASH_REPORT_ERROR, (int) code);
}

char *
flash_report_test_dup_path (const char *name)
{
  g_autofree char *folder = g_dir_make_tmp ("flashwright-XXXXXX", NULL);

  return g_build_filename (folder, name, NULL);
}

void
flash_report_test_remove (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_unlink (path);
  /* Nothing else may lie there. */
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}
