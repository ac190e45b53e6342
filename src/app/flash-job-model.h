/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job as the window shows it: steps that tick off, the stages of the board, what is going on,
 * the log. It listens to a #FlashJob, and tells of changes at a pace that people can follow.
 *
 * Signals: `changed`, at most ten times a second; `finished`, once, when the result is there.
 * Thread: main. */
#pragma once

#include "flash-board-entry.h"
#include "flash-doctor.h"
#include "flash-step-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_JOB_MODEL (flash_job_model_get_type ())
G_DECLARE_FINAL_TYPE (FlashJobModel, flash_job_model, FLASH, JOB_MODEL, GObject)

/**
 * flash_job_model_new:
 * @job: a job that was not started yet
 * @entry: the board
 */
FlashJobModel *flash_job_model_new (FlashJob *job, FlashBoardEntry *entry);

/* Starts the job, once. From now to its end the board is busy, and the model keeps itself alive. */
void flash_job_model_start (FlashJobModel *self);

/* Returns: (transfer none): the job. */
FlashJob *flash_job_model_get_job (FlashJobModel *self);
/* Returns: (transfer none): the board. */
FlashBoardEntry *flash_job_model_get_entry (FlashJobModel *self);
/* @doctor: follows the job. */
void flash_job_model_set_doctor (FlashJobModel *self, FlashDoctor *doctor);
/* Returns: (transfer none) (nullable): the doctor who follows it, for what is known of it while it
 * runs and afterwards. */
FlashDoctor *flash_job_model_get_doctor (FlashJobModel *self);
/* @console: the serial console of its board, recorded with it; also after the end of the job. */
void flash_job_model_set_console (FlashJobModel *self, FlashConsole *console);
/* Returns: (transfer none) (nullable): the serial console of its board. */
FlashConsole *flash_job_model_get_console (FlashJobModel *self);
/* Returns: when the job began, monotonic, in microseconds. */
gint64 flash_job_model_get_start_us (FlashJobModel *self);
/* Returns: (transfer none) (element-type FlashStepItem): the steps in their order. */
GListModel *flash_job_model_get_steps (FlashJobModel *self);
/* Returns: (transfer none): the events as text, in English, for the log and for support. */
GtkTextBuffer *flash_job_model_get_log (FlashJobModel *self);

/**
 * flash_job_model_get_stage:
 *
 * Returns: (transfer none) (nullable): which stage answered last: `rom`, `tf-a`, `u-boot`; %NULL
 *   before the first answer
 */
const char *flash_job_model_get_stage (FlashJobModel *self);

/* Returns: (transfer full): what is going on, one sentence. */
char *flash_job_model_dup_status (FlashJobModel *self);
/* Returns: (transfer full): how far it is: percent, rate, and the time left once it is stable. */
char *flash_job_model_dup_figures (FlashJobModel *self);
/* Returns: (transfer none) (nullable): code of the advice for what goes on now. */
const char *flash_job_model_get_hint (FlashJobModel *self);
/**
 * flash_job_model_find_cause:
 * @out_findings: (out): what the doctor has found, if that says more than the code with which the
 *   job ended; otherwise that. Its texts are of the doctor
 *
 * Returns: (transfer none) (nullable): why a job failed, as a heading, in as many words as are
 * known to be true
 */
const char *flash_job_model_find_cause (FlashJobModel *self, FlashFindings *out_findings);
/* Returns: (transfer none) (nullable): the board's own words about a failure. */
const char *flash_job_model_get_device_text (FlashJobModel *self);

/* Returns: (transfer none) (nullable): the name of what was being sent when the board left; %NULL
 * if nothing was. */
const char *flash_job_model_get_half (FlashJobModel *self);

/**
 * flash_job_model_count:
 * @out_written: (out): how many partitions the board has confirmed
 * @out_total: (out): how many partitions there are
 */
void flash_job_model_count (FlashJobModel *self, guint *out_written, guint *out_total);

G_END_DECLS
