/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-journal-test.h"

#include "flash-test-images.h"

#include <glib/gstdio.h>
#include <string.h>

void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->dir = flash_test_make_dir ();
  fixture->folder = g_build_filename (fixture->dir, "state", "journals", NULL);
}

void
tear_down (Fixture *fixture, gconstpointer data)
{
  flash_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->folder);
}

FlashFirmwareJournal *
open_journal (Fixture *fixture, const char *digest)
{
  g_autoptr (GError) error = NULL;
  FlashFirmwareJournal *journal =
      flash_firmware_journal_open (fixture->folder, BOARD, digest, &error);

  g_assert_no_error (error);
  g_assert_nonnull (journal);
  return journal;
}

void
assert_refused (Fixture *fixture, gint code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (flash_firmware_journal_open (fixture->folder, BOARD, DIGEST, &error));
  g_assert_error (error, G_IO_ERROR, code);
  g_assert_nonnull (strstr (error->message, part));
}

void
save (FlashFirmwareJournal *journal, guint32 address, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;

  g_assert_true (flash_firmware_journal_save (journal, address, bytes, &error));
  g_assert_no_error (error);
}

void
mark_done (FlashFirmwareJournal *journal, guint32 address)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_firmware_journal_mark_done (journal, address, &error));
  g_assert_no_error (error);
}

void
assert_saved (FlashFirmwareJournal *journal, guint32 address, const char *text)
{
  g_autoptr (GBytes) bytes = flash_firmware_journal_dup_saved (journal, address);

  if (text == NULL) {
    g_assert_null (bytes);
    return;
  }
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

char *
find_file (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name = dir != NULL ? g_dir_read_name (dir) : NULL;
  char *path = name != NULL ? g_build_filename (fixture->folder, name, NULL) : NULL;

  g_assert_true (path == NULL || g_dir_read_name (dir) == NULL);
  return path;
}

static void
read_file (Fixture *fixture, char **path, char **bytes, gsize *length)
{
  g_autoptr (GError) error = NULL;

  *path = find_file (fixture);
  g_assert_nonnull (*path);
  g_file_get_contents (*path, bytes, length, &error);
  g_assert_no_error (error);
}

void
write_file (const char *path, const char *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;

  /* It need not survive anything, and there are many. */
  g_unlink (path);
  g_file_set_contents_full (path, bytes, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

const guint64 sample_ends[6] = {
  HEAD_LENGTH,
  HEAD_LENGTH + FRAME_LENGTH + 32,
  HEAD_LENGTH + 2 * FRAME_LENGTH + 32 + 3,
  HEAD_LENGTH + 3 * FRAME_LENGTH + 32 + 3,
  HEAD_LENGTH + 4 * FRAME_LENGTH + 32 + 3,
  HEAD_LENGTH + 5 * FRAME_LENGTH + 32 + 3 + 5,
};

void
make_sample (Fixture *fixture, char **path, char **bytes, gsize *length)
{
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);

  save (journal, 0, "one");
  save (journal, 4, NULL);
  mark_done (journal, 0);
  save (journal, 8, "three");
  flash_firmware_journal_free (journal);
  read_file (fixture, path, bytes, length);
  g_assert_cmpuint (*length, ==, sample_ends[5]);
}
