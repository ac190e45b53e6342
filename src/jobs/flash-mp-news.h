/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a running STM32MP job tells: it turns steps and bytes into events and weighted progress,
 * and keeps the result's books. Thread: worker. */
#pragma once

#include "flash-mp-link.h"
#include "flash-mp-run.h"
#include "flash-progress.h"

G_BEGIN_DECLS

/**
 * FlashMpNews:
 * @job: (transfer none): the job
 * @sink: (transfer none): whose events and progress these are
 * @link_sink: to be given to the link; adds what the link does not know
 * @result: (transfer none): the books
 * @step: being sent, read back, or waiting to be confirmed; -1 if none
 * @step_us: when it began
 * @step_bytes: how many of its bytes are done
 * @progress: (transfer full): the weights
 * @bytes_before: bytes of the steps that are confirmed
 */
typedef struct {
  const FlashMpJob *job;
  const FlashSink *sink;
  FlashSink link_sink;
  FlashResult *result;
  gint step;
  gint64 step_us;
  guint64 step_bytes;
  FlashProgress *progress;
  guint64 bytes_before;
} FlashMpNews;

void flash_mp_news_init (FlashMpNews *self, const FlashMpJob *job, const FlashSink *sink,
                         FlashResult *result);
void flash_mp_news_clear (FlashMpNews *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashMpNews, flash_mp_news_clear)

/* A #FlashMpMeter's report; @data is the news. */
void flash_mp_news_meter (FlashActivity activity, guint64 bytes_done, gpointer data);
/* Tells which program answers. */
void flash_mp_news_stage (FlashMpNews *self, FlashMpLink *link);
/* Tells a warning; its words are the advice with that static @code. */
void flash_mp_news_warning (FlashMpNews *self, const char *code);
/* Tells that a step begins to be sent (@is_sent), or to be read back. */
void flash_mp_news_begin (FlashMpNews *self, guint step, gboolean is_sent);
/* The board went on from the image that it was sent, which is its word for it. Does nothing when
 * no step is waiting. */
void flash_mp_news_confirm (FlashMpNews *self);
/* The step that was being sent is not stored: the board does not go on from it. */
void flash_mp_news_drop (FlashMpNews *self);

/**
 * flash_mp_news_begin_again:
 * @kept: (element-type gboolean): for each step whether what was stored of it is kept
 *
 * All but @kept begins again; the books say so, and what was confirmed before is told to count no
 * more.
 */
void flash_mp_news_begin_again (FlashMpNews *self, const GArray *kept);
/* What was confirmed of a step does not count any more. */
void flash_mp_news_unwrite (FlashMpNews *self, guint step);

/* The step was read back and is the same. */
void flash_mp_news_verified (FlashMpNews *self);
/* The board was seen to start what it was given. */
void flash_mp_news_started (FlashMpNews *self);

/**
 * flash_mp_news_finished:
 * @error: (nullable): how it ended
 * @device_text: (nullable): the board's own words
 */
void flash_mp_news_finished (FlashMpNews *self, const GError *error, const char *device_text);

G_END_DECLS
