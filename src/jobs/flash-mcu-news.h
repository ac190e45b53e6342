/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a running job on a microcontroller tells: steps and bytes as events and weighted progress.
 * Thread: worker. */
#pragma once

#include "flash-event.h"
#include "flash-mcu-job.h"
#include "flash-progress.h"

G_BEGIN_DECLS

/**
 * FlashMcuNews:
 * @clock: (transfer none): the job's
 * @sink: (transfer none): whose events and progress these are
 * @link_sink: to be given to the link; adds what the link does not know
 * @progress: (transfer full): the weights
 * @parts: for each step the number of its part in @progress, -1 without
 * @totals: for each step how many bytes it moves
 * @done: for each step how many it has moved
 * @begun_us: for each step when it began, -1 if it has not
 * @step: the step that runs, -1 for none
 */
typedef struct {
  FlashClock *clock;
  const FlashSink *sink;
  FlashSink link_sink;
  FlashProgress *progress;
  gint parts[FLASH_MCU_N_STEPS];
  guint64 totals[FLASH_MCU_N_STEPS];
  guint64 done[FLASH_MCU_N_STEPS];
  gint64 begun_us[FLASH_MCU_N_STEPS];
  gint step;
} FlashMcuNews;

void flash_mcu_news_init (FlashMcuNews *self, FlashClock *clock, const FlashSink *sink);
void flash_mcu_news_clear (FlashMcuNews *self);

/**
 * flash_mcu_news_expect:
 * @step: a step that is to come
 * @seconds: how long it will take on a usual board, as a weight
 * @bytes: how many bytes it will move
 *
 * All of them before the first byte is moved.
 */
void flash_mcu_news_expect (FlashMcuNews *self, FlashMcuStep step, double seconds, guint64 bytes);
/* It is known better by now how many bytes a step moves. */
void flash_mcu_news_correct (FlashMcuNews *self, FlashMcuStep step, guint64 bytes);

/* The board answers in @stage (static); @product (nullable): what it calls itself. */
void flash_mcu_news_stage (FlashMcuNews *self, const char *stage, const char *product);
/* A step begins. */
void flash_mcu_news_begin (FlashMcuNews *self, FlashMcuStep step);
/* So many bytes more, up to @address; what does not belong to the step that runs is shown and not
 * counted, but that the last bytes are written while the others have been verified. */
void
flash_mcu_news_advance (FlashMcuNews *self, FlashActivity activity, guint32 address, guint64 bytes);
/* Something is evident by @step: %FLASH_EVENT_WRITTEN, _VERIFIED or _STARTED. */
void
flash_mcu_news_tell (FlashMcuNews *self, FlashEventKind kind, FlashMcuStep step, guint64 bytes);
/* Something to know; its words are the advice with that static @code. */
void flash_mcu_news_warning (FlashMcuNews *self, const char *code, const char *message);

/**
 * flash_mcu_news_finished:
 * @error: (nullable): how it ended
 * @duration_ms: how long it took
 */
void flash_mcu_news_finished (FlashMcuNews *self, const GError *error, guint64 duration_ms);

G_END_DECLS
