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
