/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mp-news"

#include "config.h"

#include "flash-mp-news.h"

/* Seconds that parts of a job take on a usual board (stm32mp-usb.md section 7.1), as weights. */
#define BOOT_BYTES_PER_S 300e3
#define STORAGE_BYTES_PER_S 1.7e6
#define RESTART_S 3.0
#define STEP_S 0.1

static void
emit (FlashMpNews *self, FlashEvent *event)
{
  self->sink->event (event, self->sink->data);
}

static void
report (FlashMpNews *self, FlashSnapshot snapshot)
{
  snapshot.fraction = flash_progress_get_fraction (self->progress);
  snapshot.bytes_total = flash_plan_get_size (self->job->plan);
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
  FlashMpNews *self = data;
  FlashSnapshot merged = *snapshot;

  merged.bytes_done = self->bytes_before;
  report (self, merged);
}

/* One part for each step's sending, and behind them one for each step's reading back. */
static void
declare_parts (FlashMpNews *self)
{
  guint n_steps = flash_plan_get_n_steps (self->job->plan);

  for (guint i = 0; i < n_steps * (self->job->verify ? 2 : 1); i++) {
    const FlashPlanStep *step = flash_plan_get_step (self->job->plan, i % n_steps);
    double size = (double) step->size;

    if (step->kind == FLASH_PLAN_PARTITION)
      flash_progress_add (self->progress, size / STORAGE_BYTES_PER_S + STEP_S);
    else
      flash_progress_add (self->progress,
                          i < n_steps ? size / BOOT_BYTES_PER_S + RESTART_S : STEP_S);
  }
}

void
flash_mp_news_init (FlashMpNews *self, const FlashMpJob *job, const FlashSink *sink,
                    FlashResult *result)
{
  *self = (FlashMpNews){ .job = job, .sink = sink, .result = result, .step = -1 };
  self->link_sink = (FlashSink){ on_link_event, on_link_progress, self };
  self->progress = flash_progress_new ();
  declare_parts (self);
}

void
flash_mp_news_clear (FlashMpNews *self)
{
  g_clear_pointer (&self->progress, flash_progress_free);
}

void
flash_mp_news_meter (FlashActivity activity, guint64 bytes_done, gpointer data)
{
  FlashMpNews *self = data;
  guint64 size = flash_plan_get_step (self->job->plan, (guint) self->step)->size;
  gboolean is_verifying = activity == FLASH_ACTIVITY_VERIFYING;
  guint part = (guint) self->step + (is_verifying ? flash_plan_get_n_steps (self->job->plan) : 0);

  /* A layout that is sent again may be longer by some letters. */
  bytes_done = MIN (bytes_done, size);
  self->step_bytes = bytes_done;
  /* What is kept of an earlier session is read back even where that was not planned. */
  if (part < flash_progress_get_n_parts (self->progress))
    flash_progress_set (self->progress, part, (double) bytes_done / (double) size);
  if (!is_verifying)
    self->result->partial_bytes = bytes_done;
  report (self,
          (FlashSnapshot){ .activity = activity,
                           .step = self->step,
                           .step_bytes_done = bytes_done,
                           .bytes_done = self->bytes_before + (is_verifying ? 0 : bytes_done) });
}

void
flash_mp_news_stage (FlashMpNews *self, FlashMpLink *link)
{
  g_autoptr (FlashEvent) event = flash_event_new (FLASH_EVENT_STAGE);

  event->stage = flash_stm32mp_stage_get_name (flash_mp_link_get_product (link)->stage);
  event->message = g_strdup (flash_mp_link_get_descriptors (link)->product);
  emit (self, event);
}

void
flash_mp_news_warning (FlashMpNews *self, const char *code)
{
  g_autoptr (FlashEvent) event = flash_event_new (FLASH_EVENT_WARNING);

  event->code = code;
  emit (self, event);
}

static void
emit_step (FlashMpNews *self, FlashEventKind kind)
{
  g_autoptr (FlashEvent) event = flash_event_new (kind);
  gint64 now_us = flash_clock_get_time_us (self->job->clock);

  event->step = self->step;
  event->bytes = flash_plan_get_step (self->job->plan, (guint) self->step)->size;
  event->duration_ms = (guint) ((now_us - self->step_us) / 1000);
  emit (self, event);
}

void
flash_mp_news_unwrite (FlashMpNews *self, guint step)
{
  g_autoptr (FlashEvent) event = NULL;

  if (!flash_result_is_written (self->result, step))
    return;
  g_array_index (self->result->written, gboolean, step) = FALSE;
  event = flash_event_new (FLASH_EVENT_DROPPED);
  event->step = (gint) step;
  event->bytes = flash_plan_get_step (self->job->plan, step)->size;
  self->bytes_before -= event->bytes;
  emit (self, event);
}

void
flash_mp_news_begin (FlashMpNews *self, guint step, gboolean is_sent)
{
  self->step = (gint) step;
  self->step_us = flash_clock_get_time_us (self->job->clock);
  self->step_bytes = 0;
  if (!is_sent)
    return;
  /* If the board asks for it again, what it has of it is about to change. */
  flash_mp_news_unwrite (self, step);
  self->result->partial_step = self->step;
  self->result->partial_bytes = 0;
  emit_step (self, FLASH_EVENT_PARTITION);
}

void
flash_mp_news_confirm (FlashMpNews *self)
{
  if (self->step < 0)
    return;
  g_array_index (self->result->written, gboolean, self->step) = TRUE;
  self->result->partial_step = -1;
  self->result->partial_bytes = 0;
  self->bytes_before += flash_plan_get_step (self->job->plan, (guint) self->step)->size;
  flash_progress_set (self->progress, (guint) self->step, 1.0);
  emit_step (self, FLASH_EVENT_WRITTEN);
  self->step = -1;
  report (self, (FlashSnapshot){ .activity = FLASH_ACTIVITY_CONNECTING,
                                 .step = -1,
                                 .bytes_done = self->bytes_before });
}

void
flash_mp_news_drop (FlashMpNews *self)
{
  self->step = -1;
}

void
flash_mp_news_begin_again (FlashMpNews *self, const GArray *kept)
{
  FlashResult *result = self->result;

  self->step = -1;
  result->partial_step = -1;
  result->partial_bytes = 0;
  for (guint i = 0; i < kept->len; i++) {
    g_array_index (result->verified, gboolean, i) = FALSE;
    if (!g_array_index (kept, gboolean, i))
      flash_mp_news_unwrite (self, i);
  }
  report (self, (FlashSnapshot){ .activity = FLASH_ACTIVITY_CONNECTING,
                                 .step = -1,
                                 .bytes_done = self->bytes_before });
}

void
flash_mp_news_verified (FlashMpNews *self)
{
  g_array_index (self->result->verified, gboolean, self->step) = TRUE;
  emit_step (self, FLASH_EVENT_VERIFIED);
  self->step = -1;
}

void
flash_mp_news_started (FlashMpNews *self)
{
  g_autoptr (FlashEvent) event = flash_event_new (FLASH_EVENT_STARTED);

  self->result->started = TRUE;
  emit (self, event);
}

/* What a board did not need, because it already ran a later stage, is done too. */
static void
report_all_done (FlashMpNews *self)
{
  for (guint i = 0; i < flash_progress_get_n_parts (self->progress); i++)
    flash_progress_set (self->progress, i, 1.0);
  report (self, (FlashSnapshot){ .activity = FLASH_ACTIVITY_CONNECTING,
                                 .step = -1,
                                 .bytes_done = self->bytes_before });
}

void
flash_mp_news_finished (FlashMpNews *self, const GError *error, const char *device_text)
{
  g_autoptr (FlashEvent) finished = flash_event_new (FLASH_EVENT_FINISHED);

  if (error != NULL) {
    g_autoptr (FlashEvent) failed = flash_event_new (FLASH_EVENT_FAILED);

    failed->code = flash_job_error_get_stable_code (error);
    failed->message = g_strdup (error->message);
    failed->device_text = g_strdup (device_text);
    failed->step = self->step;
    emit (self, failed);
  } else {
    report_all_done (self);
  }
  finished->code = error != NULL ? flash_job_error_get_stable_code (error) : NULL;
  finished->duration_ms = (guint) self->result->duration_ms;
  emit (self, finished);
}
