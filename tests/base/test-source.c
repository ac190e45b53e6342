/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-source.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("flash-source-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "file", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_remove (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->path);
  g_free (self->folder);
}

static void
write_file (Fixture *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (self->path, text, -1, &error);
  g_assert_no_error (error);
}

static FlashSource *
open_file (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  FlashSource *source = flash_source_new_for_file (self->path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (source);
  return source;
}

typedef struct {
  guint64 offset;
  gsize length;
  const char *bytes; /* %NULL: beyond the end */
} Read;

static const Read reads[] = {
  { 0, 10, "0123456789" },
  { 0, 0, "" },
  { 3, 4, "3456" },
  { 9, 1, "9" },
  { 10, 0, "" },
  { 10, 1, NULL },
  { 0, 11, NULL },
  { 9, 2, NULL },
  { 11, 0, NULL },
  { G_MAXUINT64, 1, NULL },
  { G_MAXUINT64, 0, NULL },
  { 5, G_MAXSIZE, NULL },
};

static void
check_reads (FlashSource *source)
{
  for (guint i = 0; i < G_N_ELEMENTS (reads); i++) {
    guint8 out[12];
    g_autoptr (GError) error = NULL;
    gboolean is_read;

    memset (out, 'x', sizeof out);
    is_read = flash_source_read (source, reads[i].offset, out, reads[i].length, &error);
    g_assert_cmpint (is_read, ==, reads[i].bytes != NULL);
    if (is_read) {
      g_assert_cmpmem (out, reads[i].length, reads[i].bytes, reads[i].length);
      g_assert_cmphex (out[reads[i].length], ==, 'x');
    } else {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
      g_assert_cmphex (out[0], ==, 'x');
    }
  }
}

static void
test_file (Fixture *self, gconstpointer data)
{
  g_autoptr (FlashSource) source = NULL;

  write_file (self, "0123456789");
  source = open_file (self);
  g_assert_cmpstr (flash_source_get_name (source), ==, self->path);
  g_assert_cmpuint (flash_source_get_size (source), ==, 10);
  check_reads (source);
  g_assert_false (flash_source_has_changed (source));
}

static void
test_bytes (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("0123456789", 10);
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "memory");

  g_assert_cmpstr (flash_source_get_name (source), ==, "memory");
  g_assert_cmpuint (flash_source_get_size (source), ==, 10);
  check_reads (source);
  g_assert_false (flash_source_has_changed (source));
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (NULL, 0);
  g_autoptr (FlashSource) memory = flash_source_new_for_bytes (bytes, "memory");
  g_autoptr (FlashSource) file = NULL;
  g_autofree char *memory_sum = NULL;
  g_autofree char *file_sum = NULL;
  guint8 out;

  write_file (self, "");
  file = open_file (self);
  g_assert_cmpuint (flash_source_get_size (file), ==, 0);
  g_assert_true (flash_source_read (file, 0, &out, 0, NULL));
  g_assert_true (flash_source_read (memory, 0, &out, 0, NULL));
  g_assert_false (flash_source_read (file, 0, &out, 1, NULL));
  memory_sum = flash_source_checksum (memory, 0, 0, NULL, NULL);
  file_sum = flash_source_checksum (file, 0, 0, NULL, NULL);
  g_assert_cmpstr (memory_sum, ==,
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  g_assert_cmpstr (file_sum, ==, memory_sum);
}

static void
assert_refused (const char *path, GIOErrorEnum code, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (flash_source_new_for_file (path, &error));
  g_assert_error (error, G_IO_ERROR, (int) code);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  assert_refused (self->path, G_IO_ERROR_NOT_FOUND, "No such file or directory");
  assert_refused (self->folder, G_IO_ERROR_IS_DIRECTORY, "this is a folder, not a file");
  assert_refused ("/dev/null", G_IO_ERROR_NOT_REGULAR_FILE, "this is not a regular file");
}

/* Nobody writes to the pipe: opening it must not wait for somebody. */
static void
test_pipe (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (mkfifo (self->path, 0600), ==, 0);
  assert_refused (self->path, G_IO_ERROR_NOT_REGULAR_FILE, "this is not a regular file");
}

static void
test_unreadable (Fixture *self, gconstpointer data)
{
  write_file (self, "secret");
  g_assert_cmpint (g_chmod (self->path, 0), ==, 0);
  if (access (self->path, R_OK) == 0) {
    g_test_skip ("this user may read everything");
    return;
  }
  assert_refused (self->path, G_IO_ERROR_PERMISSION_DENIED, "Permission denied");
}

static void
test_shrunk (Fixture *self, gconstpointer data)
{
  g_autoptr (FlashSource) source = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) sum_error = NULL;
  guint8 out[10];

  write_file (self, "0123456789");
  source = open_file (self);
  g_assert_cmpint (truncate (self->path, 4), ==, 0);
  g_assert_true (flash_source_has_changed (source));
  g_assert_true (flash_source_read (source, 0, out, 4, NULL));
  g_assert_false (flash_source_read (source, 0, out, 10, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_assert_cmpstr (error->message, ==, "the file ends at byte 4, it was 10 bytes long");
  g_assert_null (flash_source_checksum (source, 0, 10, NULL, &sum_error));
  g_assert_error (sum_error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
}

/* Written to in place: the size is the same, the time is not. */
static void
test_touched (Fixture *self, gconstpointer data)
{
  struct timespec times[2] = { { 1, 0 }, { 1, 0 } };
  g_autoptr (FlashSource) source = NULL;

  write_file (self, "0123456789");
  source = open_file (self);
  g_assert_cmpint (utimensat (AT_FDCWD, self->path, times, 0), ==, 0);
  g_assert_true (flash_source_has_changed (source));
}

/* The file that was checked is the one that is read, whatever is put in its place. */
static void
test_replaced (Fixture *self, gconstpointer data)
{
  g_autoptr (FlashSource) source = NULL;
  guint8 out[3];

  write_file (self, "old");
  source = open_file (self);
  g_assert_cmpint (g_remove (self->path), ==, 0);
  write_file (self, "new!");
  g_assert_cmpuint (flash_source_get_size (source), ==, 3);
  g_assert_true (flash_source_read (source, 0, out, 3, NULL));
  g_assert_cmpmem (out, 3, "old", 3);
  g_assert_false (flash_source_has_changed (source));
}

/* Beyond 4 GiB, in a file that is a hole up to there. */
static void
test_large (Fixture *self, gconstpointer data)
{
  const guint64 at = G_GUINT64_CONSTANT (5) << 30;
  g_autoptr (FlashSource) source = NULL;
  guint8 out[3];
  g_autofree char *sum = NULL;
  int fd = open (self->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint ((int) pwrite (fd, "abc", 3, (off_t) at), ==, 3);
  g_assert_cmpint (close (fd), ==, 0);
  source = open_file (self);
  g_assert_cmpuint (flash_source_get_size (source), ==, at + 3);
  g_assert_true (flash_source_read (source, at - 1, out, 3, NULL));
  g_assert_cmpmem (out, 3, "\0ab", 3);
  sum = flash_source_checksum (source, at, 3, NULL, NULL);
  g_assert_cmpstr (sum, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* One piece, and a byte around it. */
static void
test_checksum (void)
{
  static const gsize lengths[] = { 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 600 * 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autofree guint8 *data = g_malloc (lengths[i] + 2);
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (FlashSource) source = NULL;
    g_autofree char *sum = NULL;
    g_autofree char *expected = NULL;
    g_autoptr (GError) error = NULL;

    for (gsize k = 0; k < lengths[i] + 2; k++)
      data[k] = (guint8) (k * 7);
    bytes = g_bytes_new (data, lengths[i] + 2);
    source = flash_source_new_for_bytes (bytes, "memory");
    sum = flash_source_checksum (source, 1, lengths[i], NULL, NULL);
    expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data + 1, lengths[i]);
    g_assert_cmpstr (sum, ==, expected);
    g_assert_null (flash_source_checksum (source, 1, lengths[i] + 2, NULL, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  }
}

static void
test_checksum_cancelled (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("0123456789", 10);
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "memory");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *sum = flash_source_checksum (source, 0, 10, cancellable, NULL);

  g_assert_nonnull (sum);
  g_cancellable_cancel (cancellable);
  g_assert_null (flash_source_checksum (source, 0, 10, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/source/file", Fixture, NULL, set_up, test_file, tear_down);
  g_test_add_func ("/source/bytes", test_bytes);
  g_test_add ("/source/empty", Fixture, NULL, set_up, test_empty, tear_down);
  g_test_add ("/source/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/source/pipe", Fixture, NULL, set_up, test_pipe, tear_down);
  g_test_add ("/source/unreadable", Fixture, NULL, set_up, test_unreadable, tear_down);
  g_test_add ("/source/shrunk", Fixture, NULL, set_up, test_shrunk, tear_down);
  g_test_add ("/source/touched", Fixture, NULL, set_up, test_touched, tear_down);
  g_test_add ("/source/replaced", Fixture, NULL, set_up, test_replaced, tear_down);
  g_test_add ("/source/large", Fixture, NULL, set_up, test_large, tear_down);
  g_test_add_func ("/source/checksum", test_checksum);
  g_test_add_func ("/source/checksum-cancelled", test_checksum_cancelled);
  return g_test_run ();
}
