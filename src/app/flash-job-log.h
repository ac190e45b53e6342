/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events of a job as lines of text. English on purpose: a log is read by those who help, and
 * searched for. Thread: any. */
#pragma once

#include "flash-event.h"
#include "flash-plan.h"

G_BEGIN_DECLS

/**
 * flash_job_log_format:
 * @event: what happened
 * @plan: (nullable): of the job; %NULL on a microcontroller, whose steps have names of their own
 * @time_us: microseconds since the job began
 *
 * Returns: (transfer full): one or two lines, each with its newline
 */
char *flash_job_log_format (const FlashEvent *event, FlashPlan *plan, gint64 time_us);

G_END_DECLS
