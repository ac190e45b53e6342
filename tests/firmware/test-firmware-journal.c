/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-journal-test.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

static void
test_new (Fixture *fixture, gconstpointer data)
{
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);
  g_autofree char *path = find_file (fixture);
  GStatBuf status;

  g_assert_false (flash_firmware_journal_is_continued (journal));
  g_assert_false (flash_firmware_journal_is_done (journal, 0));
  assert_saved (journal, 0, NULL);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (fixture->folder, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 0777, ==, 0700);
  flash_firmware_journal_free (journal);
  /* Nothing was done: nothing remains. */
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_continued (Fixture *fixture, gconstpointer data)
{
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);

  save (journal, 0x08000000, "first");
  save (journal, 0x08004000, NULL);
  save (journal, 0x08008000, "third");
  mark_done (journal, 0x08000000);
  assert_saved (journal, 0x08008000, "third");
  flash_firmware_journal_free (journal);

  journal = open_journal (fixture, DIGEST);
  g_assert_true (flash_firmware_journal_is_continued (journal));
  g_assert_true (flash_firmware_journal_is_done (journal, 0x08000000));
  g_assert_false (flash_firmware_journal_is_done (journal, 0x08004000));
  g_assert_false (flash_firmware_journal_is_done (journal, 0x08008000));
  assert_saved (journal, 0x08000000, NULL);
  assert_saved (journal, 0x08004000, NULL);
  assert_saved (journal, 0x08008000, "third");
  /* It is older, and so the original. */
  save (journal, 0x08008000, "half written");
  assert_saved (journal, 0x08008000, "third");
  mark_done (journal, 0x08008000);
  assert_saved (journal, 0x08008000, NULL);
  flash_firmware_journal_free (journal);
}

/* What is about to be erased once more is not done any more. */
static void
test_undone (Fixture *fixture, gconstpointer data)
{
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);

  save (journal, 0, "old");
  mark_done (journal, 0);
  mark_done (journal, 4096);
  save (journal, 0, "new");
  save (journal, 4096, NULL);
  for (guint i = 0; i < 2; i++) {
    g_assert_false (flash_firmware_journal_is_done (journal, 0));
    g_assert_false (flash_firmware_journal_is_done (journal, 4096));
    assert_saved (journal, 0, "new");
    flash_firmware_journal_free (journal);
    journal = open_journal (fixture, DIGEST);
  }
  flash_firmware_journal_free (journal);
}

static void
test_other_image (Fixture *fixture, gconstpointer data)
{
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);

  save (journal, 0, "neighbours");
  mark_done (journal, 2048);
  flash_firmware_journal_free (journal);

  journal = open_journal (fixture, OTHER_DIGEST);
  g_assert_false (flash_firmware_journal_is_continued (journal));
  g_assert_false (flash_firmware_journal_is_done (journal, 2048));
  assert_saved (journal, 0, "neighbours");
  flash_firmware_journal_free (journal);

  /* The other one did nothing, but from here on nobody knows that. */
  journal = open_journal (fixture, DIGEST);
  g_assert_false (flash_firmware_journal_is_continued (journal));
  g_assert_false (flash_firmware_journal_is_done (journal, 2048));
  assert_saved (journal, 0, "neighbours");
  mark_done (journal, 0);
  flash_firmware_journal_free (journal);

  journal = open_journal (fixture, DIGEST);
  g_assert_true (flash_firmware_journal_is_continued (journal));
  g_assert_true (flash_firmware_journal_is_done (journal, 0));
  flash_firmware_journal_free (journal);
}

/* What is saved, whichever image it was saved for, and what was given up. */
static void
test_list (Fixture *fixture, gconstpointer data)
{
  static const guint32 addresses[] = { 0, 0x08004000, 0xfffff000 };
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);
  g_autoptr (GArray) none = flash_firmware_journal_list_saved (journal);

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_false (flash_firmware_journal_is_given_up (journal, 0x08000000));
  save (journal, addresses[2], "third");
  save (journal, addresses[0], "first");
  save (journal, 0x08000000, NULL);
  save (journal, 0x08001000, NULL);
  save (journal, addresses[1], "second");
  save (journal, 0x08002000, "done");
  mark_done (journal, 0x08002000);
  mark_done (journal, 0x08001000);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GArray) saved = flash_firmware_journal_list_saved (journal);

    g_assert_cmpuint (saved->len, ==, G_N_ELEMENTS (addresses));
    for (guint k = 0; k < G_N_ELEMENTS (addresses); k++)
      g_assert_cmphex (g_array_index (saved, guint32, k), ==, addresses[k]);
    g_assert_true (flash_firmware_journal_is_given_up (journal, 0x08000000));
    g_assert_false (flash_firmware_journal_is_given_up (journal, 0x08001000));
    g_assert_false (flash_firmware_journal_is_given_up (journal, addresses[1]));
    flash_firmware_journal_free (journal);
    journal = open_journal (fixture, "another one");
  }
  flash_firmware_journal_free (journal);
}

static void
test_finish (Fixture *fixture, gconstpointer data)
{
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);

  save (journal, 0, "something");
  flash_firmware_journal_finish (journal);
  g_assert_null (find_file (fixture));
  flash_firmware_journal_finish (journal);
  flash_firmware_journal_free (journal);
  journal = open_journal (fixture, DIGEST);
  g_assert_false (flash_firmware_journal_is_continued (journal));
  assert_saved (journal, 0, NULL);
  flash_firmware_journal_free (journal);
}

static void
test_two_boards (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);
  FlashFirmwareJournal *other =
      flash_firmware_journal_open (fixture->folder, "1-2.4 0483:df11 315A28A0B956", DIGEST, &error);

  g_assert_no_error (error);
  save (journal, 0, "one");
  assert_saved (other, 0, NULL);
  save (other, 0, "two");
  assert_saved (journal, 0, "one");
  flash_firmware_journal_free (journal);
  flash_firmware_journal_free (other);
}

static void
test_lock (Fixture *fixture, gconstpointer data)
{
  FlashFirmwareJournal *journal = open_journal (fixture, DIGEST);

  assert_refused (fixture, G_IO_ERROR_BUSY, "is writing to this board");
  save (journal, 0, "something");
  flash_firmware_journal_free (journal);
  journal = open_journal (fixture, DIGEST);
  assert_saved (journal, 0, "something");
  flash_firmware_journal_free (journal);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/firmware/journal/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("new", test_new);
  ADD ("continued", test_continued);
  ADD ("undone", test_undone);
  ADD ("other-image", test_other_image);
  ADD ("finish", test_finish);
  ADD ("list", test_list);
  ADD ("two-boards", test_two_boards);
  ADD ("lock", test_lock);
  return g_test_run ();
}
