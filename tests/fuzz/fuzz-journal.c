/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Journals on disk. Bytes that begin with a line `records` are a list of records, which get a head
 * and right sums, so that the fuzzer gets past these: kind, address and length of the payload, a
 * byte each, and the payload; a kind with its highest bit set gets a wrong sum. What should come of
 * the list is worked out here once more. Other bytes are a file as it is. */
#include "config.h"

#include "flash-bytes.h"
#include "flash-firmware-journal.h"
#include "flash-fuzz.h"

#include <glib/gstdio.h>
#include <string.h>

#define MARK "records\n"
#define MAGIC "FlashJnl"
#define DIGEST "00112233445566778899aabbccddeeff"
#define BOARD "1-2.3 0483:df11 315A28A0B956"
#define N_ADDRESSES 256u
#define WRONG_SUM 0x80

enum {
  BEGIN = 1,
  ERASE = 2,
  SAVE = 3,
  DONE = 4,
};

/**
 * State:
 * What a journal says.
 *
 * @saved: (nullable): for each address
 * @done: for each address
 * @digest: (owned) (nullable): what was begun last
 */
typedef struct {
  GBytes *saved[N_ADDRESSES];
  gboolean done[N_ADDRESSES];
  gboolean is_continued;
  char *digest;
} State;

static void
state_clear (State *self)
{
  for (guint i = 0; i < N_ADDRESSES; i++)
    g_clear_pointer (&self->saved[i], g_bytes_unref);
  g_clear_pointer (&self->digest, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (State, state_clear)

/* --- lists -------------------------------------------------------------------------------- */

static void
append_record (GByteArray *file, const guint8 *from, gsize length)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize start = file->len, sum_length = 32;
  guint8 place[8], head[12] = { 0 }, digest[32];

  head[0] = from[0] & (guint8) ~WRONG_SUM;
  head[4] = from[1];
  head[8] = (guint8) length;
  flash_put_le64 (place, start);
  g_checksum_update (sum, place, sizeof place);
  g_checksum_update (sum, head, sizeof head);
  g_checksum_update (sum, from + 3, (gssize) length);
  g_checksum_get_digest (sum, digest, &sum_length);
  digest[0] ^= from[0] & WRONG_SUM;
  g_byte_array_append (file, head, sizeof head);
  g_byte_array_append (file, from + 3, (guint) length);
  g_byte_array_append (file, digest, sizeof digest);
}

static void
begin (State *self, const char *digest)
{
  g_free (self->digest);
  self->digest = g_strdup (digest);
  self->is_continued = FALSE;
  memset (self->done, 0, sizeof self->done);
}

/* Returns: whether that is a record, so that those behind it count too */
static gboolean
expect_record (State *self, guint8 kind, guint8 address, const guint8 *payload, gsize length)
{
  g_autofree char *text = g_strndup ((const char *) payload, length);

  if (kind < BEGIN || kind > DONE || (length > 0) != (kind == BEGIN || kind == SAVE))
    return FALSE;
  if (kind == BEGIN) {
    begin (self, text);
    return TRUE;
  }
  self->is_continued = TRUE;
  self->done[address] = kind == DONE;
  if (kind == DONE)
    g_clear_pointer (&self->saved[address], g_bytes_unref);
  else if (kind == SAVE && self->saved[address] == NULL)
    self->saved[address] = g_bytes_new (payload, length);
  return TRUE;
}

/* Returns: (transfer full): the file; fills @expected */
static GByteArray *
make_file (const guint8 *data, gsize size, State *expected)
{
  GByteArray *file = g_byte_array_new ();
  const guint8 version[] = { 1, 0, 0, 0 };
  gboolean is_good = TRUE;

  g_byte_array_append (file, (const guint8 *) MAGIC, strlen (MAGIC));
  g_byte_array_append (file, version, sizeof version);
  while (size >= 3) {
    gsize length = MIN (data[2], size - 3);

    append_record (file, data, length);
    is_good = is_good && expect_record (expected, data[0], data[1], data + 3, length);
    data += 3 + length;
    size -= 3 + length;
  }
  if (g_strcmp0 (expected->digest, DIGEST) != 0)
    begin (expected, DIGEST);
  return file;
}

/* --- what the journal says ---------------------------------------------------------------- */

static void
read_state (FlashFirmwareJournal *journal, State *state)
{
  state->is_continued = flash_firmware_journal_is_continued (journal);
  for (guint i = 0; i < N_ADDRESSES; i++) {
    state->saved[i] = flash_firmware_journal_dup_saved (journal, i);
    state->done[i] = flash_firmware_journal_is_done (journal, i);
    g_assert_false (state->saved[i] != NULL && state->done[i]);
    g_assert_true (state->saved[i] == NULL || g_bytes_get_size (state->saved[i]) > 0);
  }
}

static void
assert_same (const State *state, const State *expected)
{
  g_assert_cmpint (state->is_continued, ==, expected->is_continued);
  for (guint i = 0; i < N_ADDRESSES; i++) {
    g_assert_cmpint (state->done[i], ==, expected->done[i]);
    g_assert_cmpint (state->saved[i] != NULL, ==, expected->saved[i] != NULL);
    g_assert_true (state->saved[i] == NULL || g_bytes_equal (state->saved[i], expected->saved[i]));
  }
}

static FlashFirmwareJournal *
reopen (const char *folder)
{
  g_autoptr (GError) error = NULL;
  FlashFirmwareJournal *journal = flash_firmware_journal_open (folder, BOARD, DIGEST, &error);

  g_assert_no_error (error);
  return journal;
}

/* Opened once more it says the same, and it goes on from there. */
static void
check_goes_on (const char *folder, const State *expected)
{
  g_autoptr (GBytes) more = g_bytes_new_static ("more", 4);
  g_autoptr (GBytes) found = NULL;
  g_auto (State) state = { 0 };
  g_autoptr (GError) error = NULL;
  FlashFirmwareJournal *journal = reopen (folder);

  read_state (journal, &state);
  assert_same (&state, expected);
  g_assert_true (flash_firmware_journal_save (journal, N_ADDRESSES, more, &error));
  g_assert_no_error (error);
  found = flash_firmware_journal_dup_saved (journal, N_ADDRESSES);
  g_assert_nonnull (found);
  flash_firmware_journal_free (journal);

  journal = reopen (folder);
  g_assert_true (flash_firmware_journal_is_continued (journal));
  g_clear_pointer (&found, g_bytes_unref);
  found = flash_firmware_journal_dup_saved (journal, N_ADDRESSES);
  g_assert_nonnull (found);
  flash_firmware_journal_finish (journal);
  flash_firmware_journal_free (journal);
}

/* --- the file ----------------------------------------------------------------------------- */

/* In memory if that can be had: the journal brings every record to the disk, and waits for it.
 *
 * Returns: (transfer full): a new folder */
static char *
make_folder (void)
{
  char *folder = g_strdup ("/dev/shm/flash-fuzz-XXXXXX");
  g_autoptr (GError) error = NULL;

  if (g_mkdtemp (folder) != NULL)
    return folder;
  g_free (folder);
  folder = g_dir_make_tmp ("flash-fuzz-XXXXXX", &error);
  g_assert_no_error (error);
  return folder;
}

/* Returns: (transfer full): the path of that board's journal */
static char *
find_path (const char *folder)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, BOARD, -1);
  g_autofree char *name = g_strconcat (sum, ".journal", NULL);

  return g_build_filename (folder, name, NULL);
}

/* @expected: (nullable): what it must say; %NULL if anything is right that is not a crash */
static void
try_file (const char *folder, const State *expected)
{
  g_autoptr (GError) error = NULL;
  FlashFirmwareJournal *journal = flash_firmware_journal_open (folder, BOARD, DIGEST, &error);
  g_auto (State) state = { 0 };

  g_assert_true (journal != NULL || expected == NULL);
  if (journal == NULL) {
    g_assert_nonnull (error);
    g_assert_true (error->domain == G_IO_ERROR);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return;
  }
  read_state (journal, &state);
  if (expected != NULL)
    assert_same (&state, expected);
  flash_firmware_journal_free (journal);
  check_goes_on (folder, &state);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gboolean is_list = size >= strlen (MARK) && memcmp (data, MARK, strlen (MARK)) == 0;
  g_autofree char *folder = make_folder ();
  g_autofree char *path = find_path (folder);
  g_autofree char *aside = g_strconcat (path, ".damaged", NULL);
  g_autoptr (GByteArray) file = NULL;
  g_auto (State) expected = { 0 };
  g_autoptr (GError) error = NULL;

  if (is_list)
    file = make_file (data + strlen (MARK), size - strlen (MARK), &expected);
  else
    file = g_byte_array_append (g_byte_array_new (), data, (guint) size);
  g_file_set_contents_full (path, (const char *) file->data, file->len, G_FILE_SET_CONTENTS_NONE,
                            0600, &error);
  g_assert_no_error (error);
  try_file (folder, is_list ? &expected : NULL);
  g_unlink (path);
  g_unlink (aside);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  return 0;
}
