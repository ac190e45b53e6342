/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes an image to a card: makes it for exactly the card's size, so that the second partition
 * table lies at its end, and hands it to the writer. Thread: main. */
#pragma once

#include "flash-card-survey.h"
#include "flash-drive-write.h"

G_BEGIN_DECLS

/**
 * flash_card_run:
 * @layout: checked, without errors
 * @ip: the storage
 * @drive: what to overwrite; the user has agreed
 * @cancellable: ends it
 * @on_progress: told how far it is, never after @callback
 * @callback: called in the main thread
 * @data: for both
 */
void
flash_card_run (FlashLayout *layout, const char *ip, FlashDrive *drive, GCancellable *cancellable,
                FlashDriveProgressFunc on_progress, GAsyncReadyCallback callback, gpointer data);

/**
 * flash_card_run_finish:
 * @out_report: (out): what the card holds now, also after an error
 *
 * Returns: %TRUE if all was written, read back and equal; else %FALSE with @error set
 *   (%FLASH_CARD_ERROR, %FLASH_DRIVE_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean flash_card_run_finish (GAsyncResult *result, FlashDriveReport *out_report, GError **error);

G_END_DECLS
