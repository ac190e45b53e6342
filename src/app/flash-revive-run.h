/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board being revived: the steps (flash-recovery.h), the board that they are about, and the jobs
 * that they ask for. It goes on by itself as the bus shows that a step is done.
 *
 * Signals: `changed`: a step, the obstacle, the board or the file is another; `progress`: how far
 * the job of the present step is. Thread: main. */
#pragma once

#include "flash-application.h"
#include "flash-job-model.h"
#include "flash-revive-boards.h"
#include "flash-revive-file.h"

G_BEGIN_DECLS

#define FLASH_TYPE_REVIVE_RUN (flash_revive_run_get_type ())
G_DECLARE_FINAL_TYPE (FlashReviveRun, flash_revive_run, FLASH, REVIVE_RUN, GObject)

/**
 * FlashReviveFact:
 * What was achieved, each only on the board's word for it.
 *
 * @title: (owned): translated
 * @text: (owned): translated
 */
typedef struct {
  char *title;
  char *text;
} FlashReviveFact;

/* @case_id: of a FlashRecoveryCase, which must exist. */
FlashReviveRun *flash_revive_run_new (FlashApplication *application, const char *case_id);

/* Returns: (transfer none): the steps. */
FlashRecovery *flash_revive_run_get_recovery (FlashReviveRun *self);
/* Returns: (transfer none): the board, to be chosen there. */
FlashReviveBoards *flash_revive_run_get_boards (FlashReviveRun *self);

/* Returns: (transfer none): what is to be flashed, to be chosen there. */
FlashReviveFile *flash_revive_run_get_file (FlashReviveRun *self);
/* Returns: (transfer none) (nullable): translated: why the file cannot be used, or the job of the
 * present step could not begin. */
const char *flash_revive_run_get_fault (FlashReviveRun *self);

/* Returns: whether the present step wants a job, and it could begin now. */
gboolean flash_revive_run_can_act (FlashReviveRun *self);
/* Begins the job of the present step; whatever is to be asked was asked before. */
void flash_revive_run_act (FlashReviveRun *self);
/* Stops the job; it ends at the next block. */
void flash_revive_run_stop (FlashReviveRun *self);
/* The person says that the present step is done. */
void flash_revive_run_confirm (FlashReviveRun *self);

/* Returns: whether a job is being prepared, or runs. */
gboolean flash_revive_run_is_working (FlashReviveRun *self);
/* Returns: (transfer none) (nullable): the job that runs, or the last one. */
FlashJobModel *flash_revive_run_get_model (FlashReviveRun *self);
/* Returns: (transfer none) (nullable): who follows it. */
FlashDoctor *flash_revive_run_get_doctor (FlashReviveRun *self);
/* Returns: whether the last job of the present step has failed. */
gboolean flash_revive_run_has_failed (FlashReviveRun *self);
/* Returns: (transfer none) (element-type FlashReviveFact): what was achieved, in order. */
GPtrArray *flash_revive_run_get_facts (FlashReviveRun *self);

G_END_DECLS
