/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The jobs by which a board is revived: what they are made of, and how they ended.
 * Thread: main. */
#pragma once

#include "flash-application.h"
#include "flash-firmware-file.h"
#include "flash-recovery.h"

G_BEGIN_DECLS

/**
 * FlashReviveSource:
 * What is to be flashed; filled with zeroes if nothing is.
 *
 * @text: (owned) (nullable): of a layout
 * @firmware: (owned) (nullable): firmware; there is never both
 * @path: (owned) (nullable) (type filename): its file
 * @has_errors: whether the checks of the layout have found any
 * @has_whole_storage: whether it writes or erases a storage as a whole
 */
typedef struct {
  GBytes *text;
  FlashFirmwareFile *firmware;
  char *path;
  gboolean has_errors;
  gboolean has_whole_storage;
} FlashReviveSource;

void flash_revive_source_clear (FlashReviveSource *self);

/* Returns: whether it can be flashed. */
gboolean flash_revive_source_is_usable (const FlashReviveSource *self);

/* Returns: (transfer full) (nullable): the layout as @act wants it; %NULL if nothing would be left
 * of it. */
GBytes *flash_revive_source_make_text (const FlashReviveSource *self, FlashRecoveryAct act);

/* Returns: whether @act flashes what was chosen. */
gboolean flash_revive_job_is_flashing (FlashRecoveryAct act);

/* Returns: (transfer full): a job that sends @plan, and asks where it would have to fail. */
FlashJob *flash_revive_job_new_for_plan (FlashPlan *plan, FlashBoardEntry *entry,
                                         FlashApplication *application, FlashRecoveryAct act);

/* Returns: (transfer full) (nullable): a job on a microcontroller; %NULL if its boot loader does
 * not show what is needed, or there is no firmware to be flashed. */
FlashJob *flash_revive_job_new_for_mcu (const FlashReviveSource *source, FlashBoardEntry *entry,
                                        FlashClock *clock, FlashRecoveryAct act);

/**
 * FlashReviveOutcome:
 * How a job ended; filled with zeroes as long as it has not.
 *
 * @code: (owned) (nullable): `done`, or the stable code of the error
 * @is_good: whether it is done
 * @is_blank: everything was read back as erased
 * @is_verified: what was written was read back and is right
 * @is_protected: what is known of the read protection
 */
typedef struct {
  char *code;
  gboolean is_good;
  gboolean is_blank;
  gboolean is_verified;
  FlashTri is_protected;
} FlashReviveOutcome;

/* @job: which is over. */
void flash_revive_outcome_init (FlashReviveOutcome *self, FlashJob *job);
void flash_revive_outcome_clear (FlashReviveOutcome *self);

G_END_DECLS
