/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-news"

#include "config.h"

#include "flash-mcu-news.h"

#include "flash-job-error.h"

static void
emit (FlashMcuNews *self, FlashEvent *event)
{
  self->sink->event (event, self->sink->data);
}

static void
report (FlashMcuNews *self, FlashSnapshot snapshot)
{
  snapshot.fraction = flash_progress_get_fraction (self->progress);
  for (guint i = 0; i < FLASH_MCU_N_STEPS; i++) {
    snapshot.bytes_done += self->done[i];
    snapshot.bytes_total += MAX (self->totals[i], self->done[i]);
  }
  self->sink->progress (&snapshot, self->sink->data);
}

static void
on_link_event (FlashEvent *event, gpointer data)
{
  emit (data, event);
}

static void
on_link_progress (const FlashSnapshot *snapshot, gpointer data)
{
  FlashMcuNews *self = data;
  FlashSnapshot merged = *snapshot;

  merged.step = self->step;
  report (self, merged);
}

void
flash_mcu_news_init (FlashMcuNews *self, FlashClock *clock, const FlashSink *sink)
{
  *self = (FlashMcuNews){ .clock = clock, .sink = sink, .step = -1 };
  self->link_sink = (FlashSink){ on_link_event, on_link_progress, self };
  self->progress = flash_progress_new ();
  for (guint i = 0; i < FLASH_MCU_N_STEPS; i++)
    self->parts[i] = self->begun_us[i] = -1;
}

void
flash_mcu_news_clear (FlashMcuNews *self)
{
  g_clear_pointer (&self->progress, flash_progress_free);
}

void
flash_mcu_news_expect (FlashMcuNews *self, FlashMcuStep step, double seconds, guint64 bytes)
{
  self->parts[step] = (gint) flash_progress_add (self->progress, seconds);
  self->totals[step] = bytes;
}

void
flash_mcu_news_correct (FlashMcuNews *self, FlashMcuStep step, guint64 bytes)
{
  self->totals[step] = bytes;
}

void
flash_mcu_news_stage (FlashMcuNews *self, const char *stage, const char *product)
{
  g_autoptr (FlashEvent) event = flash_event_new (FLASH_EVENT_STAGE);

  event->stage = stage;
  event->message = g_strdup (product);
  emit (self, event);
}

/* What comes after a step says that it is over. */
static void
complete_step (FlashMcuNews *self)
{
  if (self->step >= 0 && self->parts[self->step] >= 0)
    flash_progress_set (self->progress, (guint) self->parts[self->step], 1.0);
}

void
flash_mcu_news_begin (FlashMcuNews *self, FlashMcuStep step)
{
  g_autoptr (FlashEvent) event = flash_event_new (FLASH_EVENT_STEP);

  if (self->step == (gint) step)
    return;
  complete_step (self);
  self->step = (gint) step;
  self->begun_us[step] = flash_clock_get_time_us (self->clock);
  event->step = self->step;
  event->bytes = self->totals[step];
  emit (self, event);
}

/* Returns: the step in which bytes are counted, -1 for none. */
static gint
find_counted_step (FlashMcuNews *self, FlashActivity activity)
{
  switch (activity) {
  case FLASH_ACTIVITY_SENDING:
    return FLASH_MCU_STEP_WRITE;
  case FLASH_ACTIVITY_ERASING:
    return FLASH_MCU_STEP_ERASE;
  case FLASH_ACTIVITY_VERIFYING:
  case FLASH_ACTIVITY_READING:
    return self->step == FLASH_MCU_STEP_ERASE || self->step == FLASH_MCU_STEP_WRITE ? -1
                                                                                    : self->step;
  case FLASH_ACTIVITY_CONNECTING:
  case FLASH_ACTIVITY_STORING:
  case FLASH_ACTIVITY_WAITING:
  case FLASH_ACTIVITY_PAUSED:
    return -1;
  }
  g_return_val_if_reached (-1);
}

void
flash_mcu_news_advance (FlashMcuNews *self, FlashActivity activity, guint32 address, guint64 bytes)
{
  FlashSnapshot snapshot = { .activity = activity, .step = self->step, .address = address };
  gint step = find_counted_step (self, activity);

  if (step >= 0) {
    self->done[step] += bytes;
    snapshot.step = step;
    snapshot.step_bytes_done = self->done[step];
    if (self->parts[step] >= 0 && self->totals[step] > 0)
      flash_progress_set (self->progress, (guint) self->parts[step],
                          (double) self->done[step] / (double) self->totals[step]);
  }
  report (self, snapshot);
}

void
flash_mcu_news_tell (FlashMcuNews *self, FlashEventKind kind, FlashMcuStep step, guint64 bytes)
{
  g_autoptr (FlashEvent) event = flash_event_new (kind);

  event->step = (gint) step;
  event->bytes = bytes;
  if (self->begun_us[step] >= 0)
    event->duration_ms =
        (guint) ((flash_clock_get_time_us (self->clock) - self->begun_us[step]) / 1000);
  emit (self, event);
}

void
flash_mcu_news_warning (FlashMcuNews *self, const char *code, const char *message)
{
  g_autoptr (FlashEvent) event = flash_event_new (FLASH_EVENT_WARNING);

  event->code = code;
  event->message = g_strdup (message);
  emit (self, event);
}

/* What was not needed is done too. */
static void
report_all_done (FlashMcuNews *self)
{
  for (guint i = 0; i < flash_progress_get_n_parts (self->progress); i++)
    flash_progress_set (self->progress, i, 1.0);
  for (guint i = 0; i < FLASH_MCU_N_STEPS; i++)
    self->totals[i] = self->done[i];
  report (self, (FlashSnapshot){ .activity = FLASH_ACTIVITY_CONNECTING, .step = -1 });
}

void
flash_mcu_news_finished (FlashMcuNews *self, const GError *error, guint64 duration_ms)
{
  g_autoptr (FlashEvent) finished = flash_event_new (FLASH_EVENT_FINISHED);

  if (error != NULL) {
    g_autoptr (FlashEvent) failed = flash_event_new (FLASH_EVENT_FAILED);

    failed->code = flash_job_error_get_stable_code (error);
    failed->message = g_strdup (error->message);
    failed->step = self->step;
    emit (self, failed);
    finished->code = failed->code;
  } else {
    report_all_done (self);
  }
  finished->duration_ms = (guint) duration_ms;
  emit (self, finished);
}
