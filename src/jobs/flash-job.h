/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main thread's face of a job: start it, stop it, hear of it. The work is done in a worker
 * thread of its own; nothing here waits for a device.
 *
 * Signals, all in the thread that called flash_job_start ():
 * `event` (FlashEvent), in order and none lost;
 * `progress`, some thirty times a second at most; see flash_job_get_snapshot ();
 * `finished`, when the worker is gone and result and error are there.
 *
 * Thread: main. */
#pragma once

#include "flash-mcu-job.h"
#include "flash-mp-run.h"

G_BEGIN_DECLS

#define FLASH_TYPE_JOB (flash_job_get_type ())
G_DECLARE_FINAL_TYPE (FlashJob, flash_job, FLASH, JOB, GObject)

/**
 * flash_job_new:
 * @job: what to do; its objects are referenced
 *
 * Returns: (transfer full): a job that has not begun
 */
FlashJob *flash_job_new (const FlashMpJob *job);

/**
 * flash_job_new_for_mcu:
 * @job: what to do with a microcontroller; it is copied
 *
 * Returns: (transfer full): a job that has not begun
 */
FlashJob *flash_job_new_for_mcu (const FlashMcuJob *job);

/* Starts the job, once. It keeps itself alive until `finished`. */
void flash_job_start (FlashJob *self);
/* Asks the job to stop at the next block or wait; `finished` follows. */
void flash_job_cancel (FlashJob *self);

/* Returns: what the job wants to know before it goes on; %FLASH_JOB_QUESTION_NONE while it does not
 * stand still. A #FLASH_EVENT_PAUSED tells that there is one, #FLASH_EVENT_RESUMED that it is
 * settled. */
FlashJobQuestion flash_job_get_question (FlashJob *self);
/* Answers @question, if that is the one which is open. */
void flash_job_answer (FlashJob *self, FlashJobQuestion question, FlashJobAnswer answer);

/**
 * flash_job_move:
 * @port: where the board stands now
 *
 * Lets a job whose board is away go on with the board on another port. It must be the same board:
 * serial number and chip are compared. A question about a board that is away is answered by it, one
 * about a board that is there is not.
 */
void flash_job_move (FlashJob *self, const char *port);

gboolean flash_job_is_running (FlashJob *self);
/* Returns: whether flash_job_cancel () was called. */
gboolean flash_job_is_cancelled (FlashJob *self);
/* Returns: whether it reads back and compares at the end. */
gboolean flash_job_is_verifying (FlashJob *self);
/* Returns: (transfer none) (nullable): the plan of a layout, %NULL for a microcontroller. */
FlashPlan *flash_job_get_plan (FlashJob *self);
/* Returns: (transfer none): the board with which it began. */
FlashBoard *flash_job_get_board (FlashJob *self);
/* Returns: (transfer none): the latest progress. */
const FlashSnapshot *flash_job_get_snapshot (FlashJob *self);
/* Returns: bytes per second, 0 if not known. */
guint64 flash_job_get_rate (FlashJob *self);

/**
 * flash_job_get_seconds_left:
 * @out_seconds: (out): untouched on failure
 *
 * Returns: whether a stable estimate exists
 */
gboolean flash_job_get_seconds_left (FlashJob *self, guint *out_seconds);

/* Returns: (transfer none) (nullable): what to do with a microcontroller, %NULL for a layout. */
const FlashMcuJob *flash_job_get_mcu_job (FlashJob *self);
/* Returns: (transfer none) (nullable): what was achieved with a layout, once finished. */
const FlashResult *flash_job_get_result (FlashJob *self);
/* Returns: (transfer none) (nullable): what was achieved with a microcontroller, once finished. */
const FlashMcuResult *flash_job_get_mcu_result (FlashJob *self);
/* Returns: (transfer none) (nullable): why it failed, once finished. */
const GError *flash_job_get_error (FlashJob *self);

G_END_DECLS
