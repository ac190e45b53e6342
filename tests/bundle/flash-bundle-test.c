/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-test"

#include "config.h"

#include "flash-bundle-test.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define PIECE_SIZE (64 * 1024)

static void
set_filter (struct archive *archive, FlashBundleFormat format)
{
  switch (format) {
  case FLASH_BUNDLE_FORMAT_NONE:
    g_assert_not_reached ();
  case FLASH_BUNDLE_FORMAT_ZIP:
    g_assert_cmpint (archive_write_set_format_zip (archive), ==, ARCHIVE_OK);
    return;
  case FLASH_BUNDLE_FORMAT_TAR:
    break;
  case FLASH_BUNDLE_FORMAT_GZIP:
    g_assert_cmpint (archive_write_add_filter_gzip (archive), ==, ARCHIVE_OK);
    break;
  case FLASH_BUNDLE_FORMAT_XZ:
    g_assert_cmpint (archive_write_add_filter_xz (archive), ==, ARCHIVE_OK);
    break;
  case FLASH_BUNDLE_FORMAT_ZSTD:
    g_assert_cmpint (archive_write_add_filter_zstd (archive), ==, ARCHIVE_OK);
    break;
  case FLASH_BUNDLE_FORMAT_BZIP2:
    g_assert_cmpint (archive_write_add_filter_bzip2 (archive), ==, ARCHIVE_OK);
    break;
  }
  g_assert_cmpint (archive_write_set_format_gnutar (archive), ==, ARCHIVE_OK);
}

static struct archive_entry *
make_entry (const FlashBundleTestEntry *what)
{
  static const int types[] = {
    [FLASH_BUNDLE_ENTRY_FILE] = AE_IFREG,    [FLASH_BUNDLE_ENTRY_FOLDER] = AE_IFDIR,
    [FLASH_BUNDLE_ENTRY_SYMLINK] = AE_IFLNK, [FLASH_BUNDLE_ENTRY_HARDLINK] = AE_IFREG,
    [FLASH_BUNDLE_ENTRY_OTHER] = AE_IFCHR,
  };
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_copy_pathname (entry, what->name);
  archive_entry_set_filetype (entry, (unsigned) types[what->type]);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, 0);
  if (what->type == FLASH_BUNDLE_ENTRY_FILE)
    archive_entry_set_size (entry,
                            (la_int64_t) (what->text != NULL ? strlen (what->text) : what->size));
  if (what->type == FLASH_BUNDLE_ENTRY_SYMLINK)
    archive_entry_copy_symlink (entry, what->text);
  if (what->type == FLASH_BUNDLE_ENTRY_HARDLINK)
    archive_entry_copy_hardlink (entry, what->text);
  return entry;
}

static void
write_zeros (struct archive *archive, guint64 size)
{
  g_autofree guint8 *zeros = g_malloc0 (PIECE_SIZE);

  while (size > 0) {
    gsize n = (gsize) MIN (size, PIECE_SIZE);

    g_assert_cmpint (archive_write_data (archive, zeros, n), ==, (la_ssize_t) n);
    size -= n;
  }
}

static void
write_entry (struct archive *archive, const FlashBundleTestEntry *what)
{
  struct archive_entry *entry = make_entry (what);

  g_assert_cmpint (archive_write_header (archive, entry), >=, ARCHIVE_WARN);
  if (what->type == FLASH_BUNDLE_ENTRY_FILE && what->text == NULL)
    write_zeros (archive, what->size);
  else if (what->type == FLASH_BUNDLE_ENTRY_FILE)
    g_assert_cmpint (archive_write_data (archive, what->text, strlen (what->text)), ==,
                     (la_ssize_t) strlen (what->text));
  archive_entry_free (entry);
}

char *
flash_bundle_test_pack (const char *dir, FlashBundleFormat format,
                        const FlashBundleTestEntry *entries, guint n_entries)
{
  g_autofree char *name = g_strdup_printf ("archive-%d", (int) format);
  char *path = g_build_filename (dir, name, NULL);
  struct archive *archive = archive_write_new ();

  set_filter (archive, format);
  g_assert_cmpint (archive_write_open_filename (archive, path), ==, ARCHIVE_OK);
  for (guint i = 0; i < n_entries; i++)
    write_entry (archive, &entries[i]);
  g_assert_cmpint (archive_write_close (archive), ==, ARCHIVE_OK);
  archive_write_free (archive);
  return path;
}

char *
flash_bundle_test_pack_sparse (const char *dir, const char *name, guint64 size)
{
  const FlashBundleTestEntry what = ZERO_ENTRY (name, size);
  const FlashBundleTestEntry end = ZERO_ENTRY ("", 4096);
  g_autofree char *text = g_strdup_printf (CARD_LAYOUT ("%s"), name);
  const FlashBundleTestEntry layout = FILE_ENTRY ("flash.tsv", text);
  char *path = g_build_filename (dir, "sparse.tar", NULL);
  struct archive *archive = archive_write_new ();
  struct archive_entry *entry = make_entry (&what);
  g_autofree guint8 *data = g_malloc (PIECE_SIZE);

  memset (data, 'x', PIECE_SIZE);
  g_assert_cmpint (archive_write_set_format_pax (archive), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_open_filename (archive, path), ==, ARCHIVE_OK);
  write_entry (archive, &layout);
  archive_entry_sparse_add_entry (entry, (la_int64_t) (size - end.size), (la_int64_t) end.size);
  g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
  /* The writer takes the holes out again. */
  write_zeros (archive, size - end.size);
  g_assert_cmpint (archive_write_data (archive, data, end.size), ==, (la_ssize_t) end.size);
  archive_entry_free (entry);
  g_assert_cmpint (archive_write_close (archive), ==, ARCHIVE_OK);
  archive_write_free (archive);
  return path;
}

FlashBundle *
flash_bundle_test_open (const char *path, const FlashBundleLimits *limits, GError **error)
{
  g_autoptr (FlashSource) source = NULL;

  if (limits == NULL)
    return flash_bundle_open (path, NULL, NULL, NULL, error);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return _flash_bundle_open_folder (path, limits, NULL, error);
  source = flash_source_new_for_file (path, error);
  g_assert_nonnull (source);
  return _flash_bundle_open_archive (source, path, limits, NULL, NULL, NULL, error);
}

FlashBundle *
flash_bundle_test_open_bytes (const void *bytes, gsize size, GError **error)
{
  static const FlashBundleLimits limits = FLASH_BUNDLE_LIMITS_USUAL;
  g_autoptr (GBytes) copy = g_bytes_new (bytes, size);
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (copy, "archive");

  return _flash_bundle_open_archive (source, "archive", &limits, NULL, NULL, NULL, error);
}

FlashBundle *
flash_bundle_test_open_good (const char *path)
{
  g_autoptr (GError) error = NULL;
  FlashBundle *bundle = flash_bundle_open (path, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (bundle);
  return bundle;
}

void
flash_bundle_test_assert_refused (const char *path, const FlashBundleLimits *limits,
                                  FlashBundleError code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBundle) bundle = flash_bundle_test_open (path, limits, &error);

  g_assert_null (bundle);
  g_assert_error (error, FLASH_BUNDLE_ERROR, (int) code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” is not in “%s”", words, error->message);
}

char *
flash_bundle_test_unpack (FlashBundle *bundle, guint index, const char *folder, char **out_unpacked)
{
  g_autoptr (GError) error = NULL;
  char *path = flash_bundle_unpack (bundle, index, folder, NULL, NULL, out_unpacked, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (path);
  return path;
}

void
flash_bundle_test_assert_file (const char *dir, const char *name, const char *contents)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &found, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, contents);
  g_assert_false (g_file_test (path, G_FILE_TEST_IS_SYMLINK));
}

guint
flash_bundle_test_count (const char *dir)
{
  g_autoptr (GDir) folder = g_dir_open (dir, 0, NULL);
  guint n_entries = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n_entries++;
  return n_entries;
}

void
flash_bundle_test_patch (const char *path, const void *old, gsize old_length,
                         const void *replacement)
{
  g_autofree char *bytes = NULL;
  gsize size;
  guint n_patched = 0;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &bytes, &size, &error);
  g_assert_no_error (error);
  for (gsize at = 0; at + old_length <= size; at++) {
    if (memcmp (bytes + at, old, old_length) != 0)
      continue;
    memcpy (bytes + at, replacement, old_length);
    n_patched++;
  }
  g_assert_cmpuint (n_patched, >, 0);
  g_file_set_contents (path, bytes, (gssize) size, &error);
  g_assert_no_error (error);
}
