/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a job from the command line: shows it, stops it on Ctrl-C, says how it ended.
 * Thread: main. */
#pragma once

#include "flash-cli.h"
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

/* Returns: the exit code for how the job ended. */
FlashCliExit flash_cli_job_get_exit (FlashJob *job);

/* The JSON events, one line each. */
void flash_cli_job_json_plan (FlashJob *job);
void flash_cli_job_json_event (FlashJob *job, const FlashEvent *event);
void flash_cli_job_json_progress (FlashJob *job);

G_END_DECLS
