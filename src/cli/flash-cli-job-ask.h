/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks in a terminal what a job that stands still wants to know, without standing in its way: the
 * main loop goes on, a stop is heard, and a board that returns settles the question by itself.
 * Thread: main. */
#pragma once

#include "flash-job.h"

G_BEGIN_DECLS

typedef struct _FlashCliJobAsk FlashCliJobAsk;

/* A question that nobody answers for so long ends the job. */
#define FLASH_CLI_JOB_ASK_LIMIT_S (15 * 60)

/* Returns: whether somebody can be asked while a job runs: input and output are terminals, and the
 * program is in front of them. */
gboolean flash_cli_job_ask_can (void);

/* @job: (transfer none): must outlive it; @limit_s: how long a question stands, in seconds. */
FlashCliJobAsk *flash_cli_job_ask_new (FlashJob *job, guint limit_s);
void flash_cli_job_ask_free (FlashCliJobAsk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashCliJobAsk, flash_cli_job_ask_free)

/* Asks, or takes a question back; does nothing for events about other things. */
void flash_cli_job_ask_hear (FlashCliJobAsk *self, const FlashEvent *event);
/**
 * flash_cli_job_ask_offer:
 * @port: (nullable): where the same serial number has shown up, %NULL if nowhere
 *
 * While a question about a board that is away is open: asks whether to go on there instead.
 */
void flash_cli_job_ask_offer (FlashCliJobAsk *self, const char *port);
/* Returns: whether a question stands on the last line of the terminal. */
gboolean flash_cli_job_ask_is_open (FlashCliJobAsk *self);

G_END_DECLS
