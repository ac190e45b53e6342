/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a job from the command line: shows it, stops it on Ctrl-C, says how it ended.
 * Thread: main. */
#pragma once

#include "flash-cli.h"
#include "flash-doctor.h"
#include "flash-job.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * flash_cli_job_run:
 * @job: a job that was not started yet
 * @is_json: one JSON event a line, instead of text
 *
 * Returns: the exit code
 */
FlashCliExit flash_cli_job_run (FlashJob *job, gboolean is_json);

/**
 * flash_cli_job_run_watched:
 * @doctor: (nullable): follows the job; what it says is told
 *
 * As flash_cli_job_run (), with somebody who knows where a board is that is away.
 *
 * Returns: the exit code
 */
FlashCliExit flash_cli_job_run_watched (FlashJob *job, gboolean is_json, FlashDoctor *doctor);

/**
 * FlashCliJobEnd:
 * @job: a job that has ended well
 *
 * What is left to do before the command can say that it is done.
 *
 * Returns: the exit code of all of it
 */
typedef FlashCliExit (*FlashCliJobEnd) (FlashJob *job, gpointer data);

/**
 * flash_cli_job_run_to:
 * @end: (nullable): called when the job has ended well, before that is told
 * @data: for @end
 *
 * As flash_cli_job_run (), with something behind it.
 *
 * Returns: the exit code
 */
FlashCliExit
flash_cli_job_run_to (FlashJob *job, gboolean is_json, FlashCliJobEnd end, gpointer data);

/* Returns: the exit code for how the job ended. */
FlashCliExit flash_cli_job_get_exit (FlashJob *job);

/* The JSON events, one line each. @exit_code is told in the last one. */
void flash_cli_job_json_plan (FlashJob *job);
void flash_cli_job_json_event (FlashJob *job, const FlashEvent *event, FlashCliExit exit_code);
void flash_cli_job_json_progress (FlashJob *job);

/**
 * FlashCliJobFace:
 * What differs between a job with a layout and one with a microcontroller.
 *
 * @print_event: tells an event in words
 * @print_result: tells the facts at the end
 * @dup_progress: (transfer full): what stands behind the bar, without rate and time
 * @get_exit: the exit code for an error that is no cancel
 * @add_plan: adds members to the JSON event `plan`
 * @add_step: adds members about the step with that number to any JSON event
 * @add_result: adds the facts to the JSON event `finished`
 * @left_at_once: marked for translation: what to do about the board after a second Ctrl-C
 */
typedef struct {
  void (*print_event) (FlashJob *job, const FlashEvent *event);
  void (*print_result) (FlashJob *job);
  char *(*dup_progress) (FlashJob *job);
  FlashCliExit (*get_exit) (FlashJob *job);
  void (*add_plan) (JsonBuilder *builder, FlashJob *job);
  void (*add_step) (JsonBuilder *builder, FlashJob *job, guint step);
  void (*add_result) (JsonBuilder *builder, FlashJob *job);
  const char *left_at_once;
} FlashCliJobFace;

extern const FlashCliJobFace flash_cli_job_layout_face;
extern const FlashCliJobFace flash_cli_job_mcu_face;

/* Returns: (transfer none): the face for that job. */
const FlashCliJobFace *flash_cli_job_get_face (FlashJob *job);

/* Tells what all jobs have alike: warnings and failures with their advice, and that the board is
 * away or back; nothing for other events. */
void flash_cli_job_print_common (const FlashEvent *event);

G_END_DECLS
