/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-bmap.h"
#include "flash-card-test.h"
#include "flash-card-writer.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE (3 * MIB)

typedef struct {
  char *dir; /* with the layout's files */
  char *out; /* a folder below it, for what is written */
  char *path; /* of the image */
  FlashCardImage *image;
  guint n_calls; /* of the progress */
  guint64 done_bytes;
  GCancellable *cancellable; /* cancelled at the first progress */
  const char *changed; /* written to at the first progress */
  const char *appears; /* made at the first progress */
} Fixture;

static const char rows[] = ROW ("P", "0x10", "bootfs", "System", "mmc0", "0x20000", "a.bin")
    ROW ("P", "0x11", "rootfs", "FileSystem", "mmc0", "0x100000", "b.bin");

static void
set_up (Fixture *self, gconstpointer data)
{
  self->dir = flash_card_test_make_dir ();
  self->out = g_build_filename (self->dir, "out", NULL);
  self->path = g_build_filename (self->out, "card.img", NULL);
  g_assert_cmpint (g_mkdir (self->out, 0755), ==, 0);
  self->image = flash_card_test_image (self->dir, rows, SIZE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->image);
  flash_test_remove_dir (self->dir);
  g_free (self->dir);
  g_free (self->out);
  g_free (self->path);
}

/* In place: a file that takes the name of another does not change the one that is open. */
static void
append_to (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  FILE *file = g_fopen (path, "a");

  g_assert_nonnull (file);
  fputs ("more", file);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
on_progress (guint64 done_bytes, guint64 total_bytes, gpointer data)
{
  Fixture *self = data;

  g_assert_cmpuint (total_bytes, ==, SIZE);
  g_assert_cmpuint (done_bytes, >, self->done_bytes);
  self->done_bytes = done_bytes;
  if (self->n_calls++ > 0)
    return;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->changed != NULL)
    append_to (self->dir, self->changed);
  if (self->appears != NULL)
    flash_test_write_text (self->out, self->appears, "new");
}

static gboolean
write_image (Fixture *self, FlashCardCompression compression, gboolean replace,
             FlashCardWritten *written, GError **error)
{
  const FlashCardWriteOptions options = {
    .compression = compression, .replace = replace, .progress = on_progress, .data = self
  };

  self->n_calls = 0;
  self->done_bytes = 0;
  return flash_card_write (self->image, self->path, &options, written, self->cancellable, error);
}

static char *
dup_contents (const char *path, gsize *length)
{
  char *contents = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &contents, length, &error);
  g_assert_no_error (error);
  return contents;
}

static guint
count_files (Fixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->out, 0, NULL);
  guint n_files = 0;

  while (g_dir_read_name (dir) != NULL)
    n_files++;
  return n_files;
}

static void
assert_contents (const char *dir, const char *name, const char *wanted)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  gsize length;
  g_autofree char *contents = dup_contents (path, &length);

  g_assert_cmpstr (contents, ==, wanted);
}

/* --- What is written ----------------------------------------------------------------------- */

/* Every mapped range has the checksum that the map tells, and all else is zero. */
static void
check_map (const FlashCardWritten *written, const guint8 *card, gsize size)
{
  g_autoptr (FlashSource) source = flash_source_new_for_file (written->bmap_path, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBmap) bmap = flash_bmap_read (source, &error);
  guint64 at = 0, mapped = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (bmap->image_size, ==, size);
  for (guint i = 0; i < bmap->ranges->len; i++) {
    const FlashBmapRange *range = &g_array_index (bmap->ranges, FlashBmapRange, i);
    guint64 start = range->first * bmap->block_size;
    guint64 length = flash_bmap_get_range_size (bmap, i);
    g_autofree char *checksum =
        g_compute_checksum_for_data (G_CHECKSUM_SHA256, card + start, length);

    g_assert_cmpstr (range->checksum, ==, checksum);
    for (; at < start; at++)
      g_assert_cmpuint (card[at], ==, 0);
    at = start + length;
    mapped += length;
  }
  g_assert_cmpuint (at, ==, size);
  g_assert_cmpuint (mapped, ==, written->mapped_size);
}

static void
test_plain (Fixture *self, gconstpointer data)
{
  g_auto (FlashCardWritten) written = { 0 };
  g_autoptr (GByteArray) wanted = flash_card_test_read (self->image, 65536);
  g_autofree char *checksum = NULL;
  g_autofree char *line = NULL;
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;
  gsize length;

  g_assert_true (flash_card_write (self->image, self->path, NULL, &written, NULL, &error));
  g_assert_no_error (error);
  contents = dup_contents (self->path, &length);
  g_assert_cmpmem (contents, length, wanted->data, wanted->len);
  checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, wanted->data, wanted->len);
  g_assert_cmpstr (written.image_sha256, ==, checksum);
  g_assert_cmpstr (written.file_sha256, ==, checksum);
  g_assert_cmpuint (written.file_size, ==, SIZE);
  g_assert_cmpstr (written.path, ==, self->path);
  line = g_strdup_printf ("%s  card.img\n", checksum);
  assert_contents (self->out, "card.img.sha256", line);
  check_map (&written, wanted->data, wanted->len);
  g_assert_cmpuint (count_files (self), ==, 3);
  g_assert_cmpint (g_stat (self->path, &info), ==, 0);
  g_assert_cmpuint ((guint64) info.st_blocks * 512, <, MIB);
  g_assert_cmpint (info.st_mode & 0600, ==, 0600);
}

static void
test_progress (Fixture *self, gconstpointer data)
{
  g_auto (FlashCardWritten) written = { 0 };

  g_assert_true (write_image (self, FLASH_CARD_COMPRESSION_NONE, FALSE, &written, NULL));
  g_assert_cmpuint (self->done_bytes, ==, SIZE);
  g_assert_cmpuint (self->n_calls, >=, 3);
}

static void
test_compressed (Fixture *self, gconstpointer data)
{
  FlashCardCompression compression = GPOINTER_TO_UINT (data);
  g_autoptr (GByteArray) wanted = flash_card_test_read (self->image, 65536);
  g_auto (FlashCardWritten) written = { 0 };
  g_autofree char *ending = g_strdup (flash_card_compression_get_ending (compression));
  g_autofree char *contents = NULL;
  g_autofree char *checksum = NULL;
  g_autofree char *path = g_steal_pointer (&self->path);
  g_autofree char *bmap_path = g_strconcat (path, ".bmap", NULL);
  g_autoptr (GError) error = NULL;
  gsize length;

  self->path = g_strconcat (path, ending, NULL);
  g_assert_cmpint (flash_card_compression_guess (self->path), ==, compression);
  g_assert_true (write_image (self, compression, FALSE, &written, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (written.bmap_path, ==, bmap_path);
  contents = dup_contents (self->path, &length);
  checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guint8 *) contents, length);
  g_assert_cmpstr (written.file_sha256, ==, checksum);
  g_assert_cmpuint (written.file_size, ==, length);
  g_assert_cmpuint (length, <, MIB);
  g_clear_pointer (&checksum, g_free);
  checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, wanted->data, wanted->len);
  g_assert_cmpstr (written.image_sha256, ==, checksum);
  check_map (&written, wanted->data, wanted->len);
  g_assert_cmpuint (count_files (self), ==, 3);
}

/* Whatever the name is, it is the only one. */
static void
test_alone (Fixture *self, gconstpointer data)
{
  const FlashCardWriteOptions options = { .compression = FLASH_CARD_COMPRESSION_GZIP,
                                          .replace = TRUE,
                                          .is_alone = TRUE };
  g_auto (FlashCardWritten) written = { 0 };
  g_autofree char *contents = NULL;
  gsize length;

  flash_test_write_text (self->out, "card.img", "old");
  g_assert_true (flash_card_write (self->image, self->path, &options, &written, NULL, NULL));
  g_assert_true (written.bmap_path == NULL && written.checksum_path == NULL);
  contents = dup_contents (self->path, &length);
  g_assert_cmpuint (length, ==, written.file_size);
  g_assert_cmpmem (contents, 2, "\x1f\x8b", 2);
  g_assert_cmpuint (count_files (self), ==, 1);
}

static void
test_compressions (void)
{
  FlashCardCompression found = FLASH_CARD_COMPRESSION_NONE;

  g_assert_true (flash_card_compression_find ("zstd", &found));
  g_assert_cmpint (found, ==, FLASH_CARD_COMPRESSION_ZSTD);
  g_assert_cmpstr (flash_card_compression_get_name (found), ==, "zstd");
  g_assert_false (flash_card_compression_find ("rar", &found));
  g_assert_cmpint (found, ==, FLASH_CARD_COMPRESSION_ZSTD);
  g_assert_cmpint (flash_card_compression_guess ("card.img"), ==, FLASH_CARD_COMPRESSION_NONE);
  g_assert_cmpint (flash_card_compression_guess ("a/card.zst"), ==, FLASH_CARD_COMPRESSION_ZSTD);
}

/* As sha256sum does it, so that it finds the file again. */
static void
test_strange_name (Fixture *self, gconstpointer data)
{
  g_auto (FlashCardWritten) written = { 0 };
  g_autofree char *line = NULL;

  g_free (self->path);
  self->path = g_build_filename (self->out, "a\nb\\c.img", NULL);
  g_assert_true (write_image (self, FLASH_CARD_COMPRESSION_NONE, FALSE, &written, NULL));
  line = g_strdup_printf ("\\%s  a\\nb\\\\c.img\n", written.image_sha256);
  assert_contents (self->out, "a\nb\\c.img.sha256", line);
}

/* --- Files that are there ------------------------------------------------------------------ */

static void
assert_fails (Fixture *self, gboolean replace, FlashCardError code)
{
  FlashCardWritten written = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_files = count_files (self) + (self->appears != NULL ? 1 : 0);

  g_assert_false (write_image (self, FLASH_CARD_COMPRESSION_NONE, replace, &written, &error));
  g_assert_error (error, FLASH_CARD_ERROR, (int) code);
  g_assert_null (written.path);
  g_assert_cmpuint (count_files (self), ==, n_files);
}

static void
test_exists (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "card.img", "card.img.bmap", "card.img.sha256" };
  g_auto (FlashCardWritten) written = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (self->out, names[i], NULL);

    flash_test_write_text (self->out, names[i], "old");
    assert_fails (self, FALSE, FLASH_CARD_ERROR_EXISTS);
    assert_contents (self->out, names[i], "old");
    g_assert_cmpuint (self->n_calls, ==, 0);
    g_assert_cmpint (g_unlink (path), ==, 0);
  }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    flash_test_write_text (self->out, names[i], "old");
  g_assert_true (write_image (self, FLASH_CARD_COMPRESSION_NONE, TRUE, &written, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (self), ==, 3);
  g_assert_true (g_file_test (written.path, G_FILE_TEST_IS_REGULAR));
}

/* Somebody takes a name while the image is written: what was placed before is taken back. */
static void
test_name_is_taken (Fixture *self, gconstpointer data)
{
  self->appears = data;
  assert_fails (self, FALSE, FLASH_CARD_ERROR_EXISTS);
  assert_contents (self->out, self->appears, "new");
}

/* The same with files that may be replaced, and a folder that may not. */
static void
test_folder_is_taken (Fixture *self, gconstpointer data)
{
  self->appears = "card.img.sha256/inside";
  flash_test_write_text (self->out, "card.img", "old");
  assert_fails (self, TRUE, FLASH_CARD_ERROR_NOT_WRITABLE);
  assert_contents (self->out, "card.img", "old");
  assert_contents (self->out, "card.img.sha256/inside", "new");
}

/* Both would have the same map: that of the one that was written last. */
static void
test_other_image (Fixture *self, gconstpointer data)
{
  g_autofree char *plain = g_steal_pointer (&self->path);
  FlashCardWritten written = { 0 };
  g_autoptr (GError) error = NULL;

  self->path = g_strconcat (plain, ".gz", NULL);
  flash_test_write_text (self->out, "card.img", "old");
  flash_test_write_text (self->out, "card.img.bmap", "old map");
  g_assert_false (write_image (self, FLASH_CARD_COMPRESSION_GZIP, TRUE, &written, &error));
  g_assert_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_OTHER_IMAGE);
  g_assert_cmpstr (error->message, ==, plain);
  g_assert_cmpuint (self->n_calls, ==, 0);
  g_assert_cmpuint (count_files (self), ==, 2);
  assert_contents (self->out, "card.img.bmap", "old map");
  /* Once it is gone, its map may go as well. */
  g_assert_cmpint (g_unlink (plain), ==, 0);
  g_clear_error (&error);
  g_assert_true (write_image (self, FLASH_CARD_COMPRESSION_GZIP, TRUE, &written, &error));
  g_assert_no_error (error);
  flash_card_written_clear (&written);
}

static void
test_not_a_file (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (g_mkdir (self->path, 0755), ==, 0);
  assert_fails (self, TRUE, FLASH_CARD_ERROR_NOT_A_FILE);
  g_free (self->path);
  self->path = g_strdup ("/dev/null");
  assert_fails (self, TRUE, FLASH_CARD_ERROR_NOT_A_FILE);
}

static void
test_is_input (Fixture *self, gconstpointer data)
{
  g_autofree char *file = g_build_filename (self->dir, "a.bin", NULL);
  g_autofree char *layout = g_build_filename (self->dir, "layout.tsv", NULL);
  const FlashCardWriteOptions options = { .replace = TRUE, .layout_path = layout };
  FlashCardWritten written = { 0 };
  g_autoptr (GError) error = NULL;

  /* By another name it is the same file. */
  g_assert_cmpint (link (file, self->path), ==, 0);
  assert_fails (self, TRUE, FLASH_CARD_ERROR_IS_INPUT);
  flash_test_write_text (self->dir, "layout.tsv", rows);
  g_assert_false (flash_card_write (self->image, layout, &options, &written, NULL, &error));
  g_assert_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_IS_INPUT);
  g_assert_true (g_str_has_suffix (error->message, "layout.tsv"));
}

/* A link is replaced, not followed, even if it leads nowhere. */
static void
test_link (Fixture *self, gconstpointer data)
{
  g_auto (FlashCardWritten) written = { 0 };

  g_assert_cmpint (symlink ("nowhere", self->path), ==, 0);
  assert_fails (self, FALSE, FLASH_CARD_ERROR_EXISTS);
  g_assert_true (write_image (self, FLASH_CARD_COMPRESSION_NONE, TRUE, &written, NULL));
  g_assert_false (g_file_test (self->path, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpuint (count_files (self), ==, 3);
}

/* --- What goes wrong ----------------------------------------------------------------------- */

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  FlashCardWritten written = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  flash_test_write_text (self->out, "card.img", "old");
  self->cancellable = cancellable;
  g_assert_false (write_image (self, GPOINTER_TO_UINT (data), TRUE, &written, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self->n_calls, ==, 1);
  g_assert_cmpuint (count_files (self), ==, 1);
  assert_contents (self->out, "card.img", "old");
}

/* @data: the file that changes when its part was read, or before */
static void
test_changed (Fixture *self, gconstpointer data)
{
  self->changed = data;
  flash_test_write_text (self->out, "card.img", "old");
  assert_fails (self, TRUE, FLASH_CARD_ERROR_CHANGED);
  assert_contents (self->out, "card.img", "old");
}

static void
test_no_folder (Fixture *self, gconstpointer data)
{
  g_free (self->path);
  self->path = g_build_filename (self->out, "no", "such", "card.img", NULL);
  assert_fails (self, TRUE, FLASH_CARD_ERROR_NOT_WRITABLE);
}

/* A limit on files is met where a full disk would be. */
static void
assert_full (Fixture *self, FlashCardCompression compression, rlim_t limit)
{
  struct rlimit before, low;
  FlashCardWritten written = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean is_written;

  signal (SIGXFSZ, SIG_IGN);
  flash_test_write_text (self->out, "card.img", "old");
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  low = before;
  low.rlim_cur = limit;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &low), ==, 0);
  is_written = write_image (self, compression, TRUE, &written, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_false (is_written);
  g_assert_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_NO_SPACE);
  g_assert_cmpuint (count_files (self), ==, 1);
  assert_contents (self->out, "card.img", "old");
}

static void
test_full (Fixture *self, gconstpointer data)
{
  assert_full (self, FLASH_CARD_COMPRESSION_NONE, 4096);
  assert_full (self, FLASH_CARD_COMPRESSION_GZIP, 4096);
  assert_full (self, FLASH_CARD_COMPRESSION_XZ, 100);
  assert_full (self, FLASH_CARD_COMPRESSION_ZSTD, 100);
}

#define ADD(path, data, function)                                                                  \
  g_test_add ("/card-writer/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("plain", NULL, test_plain);
  ADD ("progress", NULL, test_progress);
  ADD ("gzip", GUINT_TO_POINTER (FLASH_CARD_COMPRESSION_GZIP), test_compressed);
  ADD ("xz", GUINT_TO_POINTER (FLASH_CARD_COMPRESSION_XZ), test_compressed);
  ADD ("zstd", GUINT_TO_POINTER (FLASH_CARD_COMPRESSION_ZSTD), test_compressed);
  g_test_add_func ("/card-writer/compressions", test_compressions);
  ADD ("alone", NULL, test_alone);
  ADD ("strange-name", NULL, test_strange_name);
  ADD ("exists", NULL, test_exists);
  ADD ("name-is-taken/image", "card.img", test_name_is_taken);
  ADD ("name-is-taken/map", "card.img.bmap", test_name_is_taken);
  ADD ("name-is-taken/checksum", "card.img.sha256", test_name_is_taken);
  ADD ("folder-is-taken", NULL, test_folder_is_taken);
  ADD ("other-image", NULL, test_other_image);
  ADD ("not-a-file", NULL, test_not_a_file);
  ADD ("is-input", NULL, test_is_input);
  ADD ("link", NULL, test_link);
  ADD ("cancelled", NULL, test_cancelled);
  ADD ("cancelled/gzip", GUINT_TO_POINTER (FLASH_CARD_COMPRESSION_GZIP), test_cancelled);
  ADD ("changed/read-before", "a.bin", test_changed);
  ADD ("changed/read-after", "b.bin", test_changed);
  ADD ("no-folder", NULL, test_no_folder);
  ADD ("full", NULL, test_full);
  return g_test_run ();
}
