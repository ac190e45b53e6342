/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done to a chip, on disk before it is done, so that a job that was cut off can be taken
 * up again without losing anything: which sectors are finished, and what the others held that has
 * to be written back (stm32-dfuse.md sections 5.2 and 5.5).
 *
 * Thread: the worker that runs the job. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FlashFirmwareJournal FlashFirmwareJournal;

/**
 * flash_firmware_journal_open:
 * @folder: (type filename): made if it is not there, for this user only
 * @board: what identifies the board: port, ids, serial number. Some ROMs give all chips the same
 *   serial number (stm32-dfuse.md sections 2.5.3 and 4.5: `200364500000` on H7, `FFFFFFFEFFFF` on
 * F0, identical ones on F4 and U5), so the port must be in it, and whatever else can be read of the
 *   one board and is not written by the job, such as one-time memory that is not blank. Where
 * nothing tells two boards apart, a board that was swapped on its port gets the journal of the
 * other: see flash_firmware_saved_find_stale () before what was saved is written back
 * @digest: flash_image_dup_digest () of what is written
 *
 * Opens the journal of an earlier try with the same image on the same board, or begins one.
 * A journal of another image on that board is not looked at for finished sectors, but its saved
 * neighbours stay until flash_firmware_journal_finish (): they may be the only copy. A journal that
 * is damaged ends at its last good record.
 *
 * Returns: (nullable): %NULL with @error set (%G_IO_ERROR)
 */
FlashFirmwareJournal *flash_firmware_journal_open (const char *folder, const char *board,
                                                   const char *digest, GError **error);
/* Closes it; what is in it stays for the next time. */
void flash_firmware_journal_free (FlashFirmwareJournal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashFirmwareJournal, flash_firmware_journal_free)

/* Returns: whether an earlier try was found. */
gboolean flash_firmware_journal_is_continued (FlashFirmwareJournal *self);

/**
 * flash_firmware_journal_save:
 * @address: of a sector that is about to be erased
 * @bytes: (nullable): what it holds, if anything in it has to be written back
 *
 * To be called before the sector is erased; on disk when it returns. What was saved before for that
 * sector is not replaced: it is older, and so the original.
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR): the sector must not be erased then
 */
gboolean flash_firmware_journal_save (FlashFirmwareJournal *self, guint32 address, GBytes *bytes,
                                      GError **error);

/* Returns: (transfer full) (nullable): what a sector held before an earlier try began to erase it
 * and did not finish it. */
GBytes *flash_firmware_journal_dup_saved (FlashFirmwareJournal *self, guint32 address);

/* Returns: whether an earlier try, with whichever image, began to erase that sector, nothing in
 * which had to be written back, and did not finish it. */
gboolean flash_firmware_journal_is_given_up (FlashFirmwareJournal *self, guint32 address);

/* Returns: (transfer full) (element-type guint32): the addresses of all sectors of which something
 * is saved, rising; also those that earlier tries with other images have left. */
GArray *flash_firmware_journal_list_saved (FlashFirmwareJournal *self);

/**
 * flash_firmware_journal_mark_done:
 * @address: of a sector that holds its target now
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR); the job may go on
 */
gboolean
flash_firmware_journal_mark_done (FlashFirmwareJournal *self, guint32 address, GError **error);

/* Returns: whether an earlier try, or this one, has finished that sector. */
gboolean flash_firmware_journal_is_done (FlashFirmwareJournal *self, guint32 address);

/* Everything is written and verified: removes the journal. */
void flash_firmware_journal_finish (FlashFirmwareJournal *self);

G_END_DECLS
