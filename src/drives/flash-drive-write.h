/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overwrites a card and reads it back.
 *
 * The steps: look again whether the drive may be overwritten and is still the one that was shown;
 * unmount what is mounted; open it, alone; look again, because dialogs may have taken their time;
 * clear the first and the last MiB, so that no partition
 * table of before is found at either end; write everything behind the first MiB, flush, then the
 * first MiB, so that a card that was not finished has no partition table and starts no board;
 * flush; read it all back from the card, past the kernel's cache, and compare; let the kernel look
 * at the new partitions.
 *
 * Bytes outside of the content's ranges and of the two ends are not touched.
 *
 * Thread: main, or any that runs its own main context; results and progress come there. */
#pragma once

#include "flash-drive-content.h"
#include "flash-drive-error.h"
#include "flash-drive.h"

G_BEGIN_DECLS

/**
 * FlashDrivePhase:
 * @FLASH_DRIVE_PHASE_PREPARING: looking, unmounting, opening; a dialog may ask for a password
 * @FLASH_DRIVE_PHASE_WRITING: writing
 * @FLASH_DRIVE_PHASE_FLUSHING: waiting until the card has everything; this cannot be cancelled
 * @FLASH_DRIVE_PHASE_VERIFYING: reading back
 */
typedef enum {
  FLASH_DRIVE_PHASE_PREPARING,
  FLASH_DRIVE_PHASE_WRITING,
  FLASH_DRIVE_PHASE_FLUSHING,
  FLASH_DRIVE_PHASE_VERIFYING,
} FlashDrivePhase;

/**
 * FlashDriveProgress:
 * @phase: what is being done
 * @bytes_done: of this phase
 * @bytes_total: of this phase; 0 in phases that have no measure
 */
typedef struct {
  FlashDrivePhase phase;
  guint64 bytes_done;
  guint64 bytes_total;
} FlashDriveProgress;

/**
 * FlashDriveProgressFunc:
 * @progress: (transfer none): a snapshot; those that came too fast are left out
 *
 * Called in the main context of whoever called flash_drive_write_async (), and never after the
 * result was delivered.
 */
typedef void (*FlashDriveProgressFunc) (const FlashDriveProgress *progress, gpointer user_data);

/**
 * FlashDriveState:
 * @FLASH_DRIVE_STATE_UNTOUCHED: not a byte was written; volumes may have been unmounted
 * @FLASH_DRIVE_STATE_PARTIAL: what was there before is lost, and the content is not all there
 * @FLASH_DRIVE_STATE_WRITTEN: all is written and flushed, but not all of it was read back
 * @FLASH_DRIVE_STATE_DIFFERENT: read back, and something else came than what was written
 * @FLASH_DRIVE_STATE_VERIFIED: written, read back and equal
 *
 * What the card holds now, however it ended.
 */
typedef enum {
  FLASH_DRIVE_STATE_UNTOUCHED,
  FLASH_DRIVE_STATE_PARTIAL,
  FLASH_DRIVE_STATE_WRITTEN,
  FLASH_DRIVE_STATE_DIFFERENT,
  FLASH_DRIVE_STATE_VERIFIED,
} FlashDriveState;

/**
 * FlashDriveReadBack:
 * @FLASH_DRIVE_READ_BACK_NONE: it was not read back
 * @FLASH_DRIVE_READ_BACK_DIRECT: past the kernel's cache (`O_DIRECT`)
 * @FLASH_DRIVE_READ_BACK_CACHE_DROPPED: after the kernel was told to forget what it had; it
 *   usually does, but does not promise to
 */
typedef enum {
  FLASH_DRIVE_READ_BACK_NONE,
  FLASH_DRIVE_READ_BACK_DIRECT,
  FLASH_DRIVE_READ_BACK_CACHE_DROPPED,
} FlashDriveReadBack;

/**
 * FlashDriveReport:
 * @state: what the card holds now
 * @read_back: how it was read back
 * @bytes_written: bytes of the content that were handed to the card
 * @bytes_verified: bytes that were read back and equal
 * @first_difference: offset of the first byte that differs, %G_MAXUINT64 if none was seen
 */
typedef struct {
  FlashDriveState state;
  FlashDriveReadBack read_back;
  guint64 bytes_written;
  guint64 bytes_verified;
  guint64 first_difference;
} FlashDriveReport;

/**
 * flash_drive_write_async:
 * @drive: what to overwrite; all that is on it is lost
 * @content: what to write
 * @cancellable: (nullable): looked at between pieces of a few MiB, and while UDisks is waited for
 * @on_progress: (nullable) (scope notified): told how far it is
 * @progress_data: for @on_progress; must live until the result is delivered
 *
 * Asks nobody: the caller has shown what will be lost.
 */
void
flash_drive_write_async (FlashDrive *drive, FlashDriveContent *content, GCancellable *cancellable,
                         FlashDriveProgressFunc on_progress, gpointer progress_data,
                         GAsyncReadyCallback callback, gpointer user_data);

/**
 * flash_drive_write_finish:
 *
 * Returns: %TRUE if all was written, read back and equal; else %FALSE with @error set
 *   (%FLASH_DRIVE_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean flash_drive_write_finish (GAsyncResult *result, GError **error);

/* Returns: (transfer none): what the card holds now, also after an error; lives as long as
 * @result. */
const FlashDriveReport *flash_drive_write_get_report (GAsyncResult *result);

/**
 * flash_drive_eject_async:
 * @drive: what to release; after a write, take it anew from flash_drive_list_find (): UDisks may
 *   have looked at the medium again meanwhile, and this refuses another one than @drive had
 * @cancellable: (nullable): ends the wait
 *
 * Unmounts @drive and ejects the medium; where it cannot be ejected, cuts the power of the port;
 * where that is not possible either, as with SD slots, nothing more is needed.
 */
void flash_drive_eject_async (FlashDrive *drive, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);

/* Returns: %TRUE if the drive may be taken out, else %FALSE with @error set (%FLASH_DRIVE_ERROR,
 * %G_IO_ERROR_CANCELLED). */
gboolean flash_drive_eject_finish (GAsyncResult *result, GError **error);

G_END_DECLS
