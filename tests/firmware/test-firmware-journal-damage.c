/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-journal-test.h"
#include "flash-test-images.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- damage ------------------------------------------------------------------------------- */

static guint
count_records (guint64 length)
{
  guint n_records = 0;

  while (n_records < 5 && sample_ends[n_records + 1] <= length)
    n_records++;
  return n_records;
}

/* Opens it and looks whether exactly the first @n_records are there. */
static void
check_records (Fixture *fixture, guint n_records)
{
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);

  g_assert_cmpint (flash_firmware_journal_is_continued (journal), ==, n_records >= 2);
  g_assert_cmpint (flash_firmware_journal_is_done (journal, 0), ==, n_records >= 4);
  assert_saved (journal, 0, n_records >= 2 && n_records < 4 ? "one" : NULL);
  assert_saved (journal, 8, n_records >= 5 ? "three" : NULL);
  flash_firmware_journal_free (journal);
}

/* What ends early goes on from there. */
static void
check_goes_on (Fixture *fixture, guint n_records)
{
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);

  save (journal, 12, "more");
  flash_firmware_journal_free (journal);
  journal = open_journal (fixture, DIGEST);
  assert_saved (journal, 12, "more");
  assert_saved (journal, 8, n_records >= 5 ? "three" : NULL);
  g_assert_true (flash_firmware_journal_is_continued (journal));
  flash_firmware_journal_free (journal);
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  make_sample (fixture, &path, &bytes, &length);
  for (gsize at = 0; at <= length; at++) {
    write_file (path, bytes, at);
    check_records (fixture, count_records (at));
    if (at % 5 == 0)
      check_goes_on (fixture, count_records (at));
  }
}

static void
test_damage (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  make_sample (fixture, &path, &bytes, &length);
  for (gsize at = HEAD_LENGTH; at < length; at++) {
    bytes[at] ^= (char) (1 << at % 8);
    write_file (path, bytes, length);
    check_records (fixture, count_records (at));
    bytes[at] ^= (char) (1 << at % 8);
  }
}

/* A record that was moved is none, although its bytes are right. */
static void
test_moved (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  make_sample (fixture, &path, &bytes, &length);
  memmove (bytes + sample_ends[2], bytes + sample_ends[3], length - sample_ends[3]);
  write_file (path, bytes, length - (sample_ends[3] - sample_ends[2]));
  check_records (fixture, 2);
  check_goes_on (fixture, 2);
}

static void
test_garbage_behind (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *longer = NULL;
  gsize length;

  make_sample (fixture, &path, &bytes, &length);
  longer = g_malloc (length + 1000);
  memcpy (longer, bytes, length);
  memset (longer + length, 0xff, 1000);
  write_file (path, longer, length + 1000);
  check_records (fixture, 5);
  check_goes_on (fixture, 5);
}

static void
test_other_version (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *after = NULL;
  gsize length, length_after;

  make_sample (fixture, &path, &bytes, &length);
  bytes[VERSION_AT] = 2;
  write_file (path, bytes, length);
  assert_refused (fixture, G_IO_ERROR_NOT_SUPPORTED,
                  "is of version 2, and this program knows version 1");
  g_assert_true (g_file_get_contents (path, &after, &length_after, NULL));
  g_assert_cmpmem (after, length_after, bytes, length);
}

/* It may hold the only copy of something: it is not written over. */
static void
test_other_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *aside = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *kept = NULL;
  FlashFirmwareJournal *journal;
  gsize length, length_kept;

  make_sample (fixture, &path, &bytes, &length);
  bytes[0] ^= 1;
  write_file (path, bytes, length);
  journal = open_journal (fixture, DIGEST);
  g_assert_false (flash_firmware_journal_is_continued (journal));
  assert_saved (journal, 8, NULL);
  save (journal, 0, "anew");
  flash_firmware_journal_free (journal);
  aside = g_strconcat (path, ".damaged", NULL);
  g_assert_true (g_file_get_contents (aside, &kept, &length_kept, NULL));
  g_assert_cmpmem (kept, length_kept, bytes, length);
  journal = open_journal (fixture, DIGEST);
  assert_saved (journal, 0, "anew");
  flash_firmware_journal_free (journal);
}

/* --- the file system ---------------------------------------------------------------------- */

static void
test_symlink (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *target = g_build_filename (fixture->dir, "target", NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  make_sample (fixture, &path, &bytes, &length);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (symlink (target, path), ==, 0);
  assert_refused (fixture, G_IO_ERROR_TOO_MANY_LINKS, "cannot open");
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

static void
test_pipe (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  make_sample (fixture, &path, &bytes, &length);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_refused (fixture, G_IO_ERROR_NOT_REGULAR_FILE, "is no regular file");
}

static void
test_folder_is_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *state = g_build_filename (fixture->dir, "state", NULL);

  write_file (state, "x", 1);
  assert_refused (fixture, G_IO_ERROR_NOT_DIRECTORY, "cannot make the folder");
}

/* RLIMIT_FSIZE stands for a full disk: some bytes are taken, and then no more. */
static void
limit_files (rlim_t size)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (size, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = flash_test_make_bytes (4096, 1);
  g_autoptr (GError) error = NULL;
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);

  save (journal, 0, "before");
  limit_files (1024);
  g_assert_false (flash_firmware_journal_save (journal, 4096, bytes, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == G_IO_ERROR);
  g_assert_nonnull (strstr (error->message, "cannot write"));
  limit_files (RLIM_INFINITY);
  g_assert_null (flash_firmware_journal_dup_saved (journal, 4096));
  assert_saved (journal, 0, "before");
  /* There is room again: half a record that stayed behind does no harm. */
  save (journal, 8192, "after");
  flash_firmware_journal_free (journal);

  journal = open_journal (fixture, DIGEST);
  assert_saved (journal, 0, "before");
  assert_saved (journal, 4096, NULL);
  assert_saved (journal, 8192, "after");
  flash_firmware_journal_free (journal);
}

static void
test_full_at_once (Fixture *fixture, gconstpointer data)
{
  const rlim_t sizes[] = { 0, 5, HEAD_LENGTH, HEAD_LENGTH + 10 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GError) error = NULL;

    limit_files (sizes[i]);
    g_assert_null (flash_firmware_journal_open (fixture->folder, BOARD, DIGEST, &error));
    limit_files (RLIM_INFINITY);
    g_assert_nonnull (error);
    g_assert_true (error->domain == G_IO_ERROR);
    flash_firmware_journal_free (open_journal (fixture, DIGEST));
  }
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);
  const gsize size = 64 * 1024 * 1024 + 1;
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (size), size);
  g_autoptr (GError) error = NULL;

  g_assert_false (flash_firmware_journal_save (journal, 0, bytes, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_null (flash_firmware_journal_dup_saved (journal, 0));
  flash_firmware_journal_free (journal);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/firmware/journal/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  /* What RLIMIT_FSIZE would otherwise end the program with. */
  signal (SIGXFSZ, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  ADD ("cut", test_cut);
  ADD ("damage", test_damage);
  ADD ("moved", test_moved);
  ADD ("garbage-behind", test_garbage_behind);
  ADD ("other-version", test_other_version);
  ADD ("other-file", test_other_file);
  ADD ("symlink", test_symlink);
  ADD ("pipe", test_pipe);
  ADD ("folder-is-file", test_folder_is_file);
  ADD ("full-disk", test_full_disk);
  ADD ("full-at-once", test_full_at_once);
  ADD ("too-large", test_too_large);
  return g_test_run ();
}
