/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a running job on an STM32MP, for the files that share it. Thread: worker. */
#pragma once

#include "flash-mp-flow.h"
#include "flash-mp-news.h"
#include "flash-mp-run.h"

G_BEGIN_DECLS

/**
 * FlashMpRun:
 * @job: (not owned): the job
 * @cancellable: (not owned) (nullable)
 * @news: what it tells
 * @link: (owned): the board
 * @plan: (owned): what is sent now: the job's plan, or what is left of it after a restart
 * @result: (not owned): the books
 * @seen: what is known of the board's session
 * @is_over: nothing more is to be done
 * @is_set_up: the board has asked for a partition: it has erased what the layout has erased
 * @kept: (owned) (element-type gboolean): for each step whether what an earlier session has stored
 * of it is counted on, and was not compared yet: the card may be another one
 * @n_again: how often it was begun again, for whatever reason
 * @n_restarts: how often of these by itself
 * @n_asked: how often because somebody wanted it after a restart
 * @device_text: (owned) (nullable): the board's own words about its failure
 */
typedef struct {
  const FlashMpJob *job;
  GCancellable *cancellable;
  FlashMpNews news;
  FlashMpLink *link;
  FlashPlan *plan;
  FlashResult *result;
  FlashMpSeen seen;
  gboolean is_over;
  gboolean is_set_up;
  GArray *kept;
  guint n_again;
  guint n_restarts;
  guint n_asked;
  char *device_text;
} FlashMpRun;

/* What answers now decides what its phase means. */
void flash_mp_run_look (FlashMpRun *self);
/* Counts how many partitions have neither been sent nor confirmed. */
void flash_mp_run_count_left (FlashMpRun *self);
/* Returns: how long a board may be away, in milliseconds. */
guint flash_mp_run_get_patience_ms (FlashMpRun *self);

/**
 * flash_mp_rescue:
 * @error: (inout): why a turn of the job failed
 *
 * Finds out whether the job can go on in spite of it: the board has restarted into its ROM, or left
 * in the middle. May ask, and wait.
 *
 * Returns: whether it goes on, with @error cleared; if not, @error says with what it ends
 */
gboolean flash_mp_rescue (FlashMpRun *self, GError **error);

/* To be called before the layout is sent: on a board that cannot be read, nothing of an earlier
 * session is kept, since nothing could prove it. */
void flash_mp_rescue_check_kept (FlashMpRun *self);

G_END_DECLS
