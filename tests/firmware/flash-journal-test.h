/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder with the journal of one board, for its tests. Thread: any. */
#pragma once

#include "flash-firmware-journal.h"

G_BEGIN_DECLS

#define BOARD "1-2.3 0483:df11 315A28A0B956"
#define DIGEST "00112233445566778899aabbccddeeff"
#define OTHER_DIGEST "ffeeddccbbaa99887766554433221100"

/* Head of the file, where its version is, and what a record has besides its payload. */
#define HEAD_LENGTH 12u
#define VERSION_AT 8u
#define FRAME_LENGTH 44u

/**
 * Fixture:
 * @dir: (owned): a temporary folder
 * @folder: (owned): below it, not there yet
 */
typedef struct {
  char *dir;
  char *folder;
} Fixture;

/* Make and remove the folder, as g_test_add () wants it. */
void set_up (Fixture *fixture, gconstpointer data);
void tear_down (Fixture *fixture, gconstpointer data);

/* Returns: (transfer full): the journal of %BOARD, which must open. */
FlashFirmwareJournal *open_journal (Fixture *fixture, const char *digest);
/* It must not open, with that error, and a message that has @part in it. */
void assert_refused (Fixture *fixture, gint code, const char *part);

/* As in the room, with a text for the bytes (nullable); they must succeed. */
void save (FlashFirmwareJournal *journal, guint32 address, const char *text);
void mark_done (FlashFirmwareJournal *journal, guint32 address);
/* @text: (nullable): what must be saved for that sector */
void assert_saved (FlashFirmwareJournal *journal, guint32 address, const char *text);

/* Returns: (transfer full) (nullable): the only file in the folder. */
char *find_file (Fixture *fixture);
/* Writes a whole file, which must succeed. */
void write_file (const char *path, const char *bytes, gsize length);

/**
 * make_sample:
 * @path: (out): of the file
 * @bytes: (out) (array length=length): what is in it
 *
 * A journal of five records: begun, save "one" at 0, erase 4, done 0, save "three" at 8.
 */
void make_sample (Fixture *fixture, char **path, char **bytes, gsize *length);
/* Where the head of the sample ends, and each of its records. */
extern const guint64 sample_ends[6];

G_END_DECLS
