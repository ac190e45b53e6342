/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal of a running job: which one it is, and when what is saved in it has become needless.
 * Nothing is forgotten before it is back on the chip, or was given up on purpose.
 * Thread: worker. */
#pragma once

#include "flash-firmware-journal.h"
#include "flash-mcu-private.h"

G_BEGIN_DECLS

/**
 * flash_mcu_journal_open:
 * @digest: of what is written
 *
 * The journal of the board on its port, in the job's folder, which must not be %NULL.
 *
 * Returns: (nullable): %NULL with @error set (%FLASH_JOB_ERROR_JOURNAL_UNWRITABLE,
 *   %FLASH_JOB_ERROR_BUSY)
 */
FlashFirmwareJournal *flash_mcu_journal_open (FlashMcuRun *run, const char *digest, GError **error);

/* Takes @local_error, of the journal, and sets @error. Returns: %FALSE */
gboolean flash_mcu_journal_fail (GError *local_error, GError **error);

/**
 * flash_mcu_journal_settle:
 * @plan: what the chip holds now
 *
 * The job is done: what was saved of the plan's sectors is forgotten. What an interrupted job with
 * another image has saved elsewhere stays, with a warning, unless the chip still holds it; without
 * that the journal is removed.
 */
void flash_mcu_journal_settle (FlashFirmwareJournal *self, FlashMcuRun *run,
                               const FlashFirmwarePlan *plan);

/* What was saved of that sector is needless; best effort. */
void flash_mcu_journal_drop (FlashFirmwareJournal *self, guint32 address);
/* Removes the journal if nothing is saved in it. Returns: whether it did. */
gboolean flash_mcu_journal_finish_empty (FlashFirmwareJournal *self);

/**
 * flash_mcu_journal_forget:
 * @sectors: (nullable) (element-type FlashMemorySector): %NULL for all that there are
 *
 * They were erased on purpose: no later job is to bring back what they held. Best effort: without a
 * folder, or if that cannot be written, nothing happens.
 */
void flash_mcu_journal_forget (FlashMcuRun *run, GArray *sectors);

G_END_DECLS
