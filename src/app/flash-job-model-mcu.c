/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a job on a microcontroller: they are known before, but whether each is needed is
 * seen on the way, and some come twice. */
#define G_LOG_DOMAIN "flash-job-model-mcu"

#include "config.h"

#include "flash-job-model-private.h"

#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

void
_flash_job_model_mcu_add_steps (FlashJobModel *self)
{
  const FlashMcuJob *job = flash_job_get_mcu_job (self->job);

  for (guint step = 0; step < FLASH_MCU_N_STEPS; step++) {
    g_autoptr (FlashStepItem) item = NULL;

    if (!flash_mcu_job_has_step (job, (FlashMcuStep) step))
      continue;
    item = flash_step_item_new_for_mcu ((FlashMcuStep) step);
    g_list_store_append (self->steps, item);
  }
}

FlashStepItem *
_flash_job_model_mcu_find (FlashJobModel *self, gint step)
{
  const FlashMcuJob *job = flash_job_get_mcu_job (self->job);
  guint position = 0;

  if (step < 0 || step >= FLASH_MCU_N_STEPS || !flash_mcu_job_has_step (job, (FlashMcuStep) step))
    return NULL;
  for (gint i = 0; i < step; i++)
    position += flash_mcu_job_has_step (job, (FlashMcuStep) i);
  return g_list_model_get_item (G_LIST_MODEL (self->steps), position);
}

/* How much the step has moved, and how long it took. */
static char *
dup_done (FlashJobModel *self)
{
  guint64 duration_ms = (guint64) (g_get_monotonic_time () - self->mcu_step_us) / 1000;
  g_autofree char *duration = flash_words_dup_duration (duration_ms);
  g_autofree char *size = flash_text_size (self->mcu_step_done);

  if (self->mcu_step_done == 0)
    return g_steal_pointer (&duration);
  /* TRANSLATORS: a size, then how long it took: “48 KiB in 3 seconds” */
  return g_strdup_printf (_ ("%1$s in %2$s"), size, duration);
}

/* What has begun after it says that it is over. */
static void
end_step (FlashJobModel *self, FlashStepState state)
{
  g_autoptr (FlashStepItem) item = _flash_job_model_mcu_find (self, self->mcu_step);
  g_autofree char *done = NULL;

  if (item == NULL)
    return;
  done = dup_done (self);
  flash_step_item_set_detail (item, done);
  flash_step_item_set_state (item, state, 100);
}

void
_flash_job_model_mcu_begin (FlashJobModel *self, const FlashEvent *event)
{
  g_autoptr (FlashStepItem) item = _flash_job_model_mcu_find (self, event->step);

  if (event->step == self->mcu_step)
    return;
  end_step (self, FLASH_STEP_DONE);
  self->mcu_step = event->step;
  self->mcu_step_us = g_get_monotonic_time ();
  self->mcu_step_bytes = event->bytes;
  self->mcu_step_done = 0;
  if (item != NULL)
    flash_step_item_set_state (item, FLASH_STEP_RUNNING, 0);
}

/* How much, of how much, and where. */
static char *
dup_progress (FlashJobModel *self, const FlashSnapshot *snapshot)
{
  g_autofree char *done = flash_text_size (snapshot->step_bytes_done);
  g_autofree char *total = flash_text_size (self->mcu_step_bytes);

  if (snapshot->step_bytes_done == 0)
    return NULL;
  if (self->mcu_step_bytes < snapshot->step_bytes_done)
    return g_steal_pointer (&done);
  /* TRANSLATORS: sizes: “12 KiB of 48 KiB” */
  return g_strdup_printf (_ ("%1$s of %2$s"), done, total);
}

void
_flash_job_model_mcu_apply (FlashJobModel *self, const FlashSnapshot *snapshot)
{
  g_autoptr (FlashStepItem) item = NULL;
  g_autofree char *progress = NULL;
  guint percent = 0;

  /* An older snapshot says nothing of a step that has begun since. */
  if (snapshot->step < 0 || snapshot->step != self->mcu_step)
    return;
  item = _flash_job_model_mcu_find (self, snapshot->step);
  if (item == NULL)
    return;
  self->mcu_step_done = snapshot->step_bytes_done;
  if (self->mcu_step_bytes > 0)
    percent = (guint) MIN (100 * snapshot->step_bytes_done / self->mcu_step_bytes, 100);
  progress = dup_progress (self, snapshot);
  flash_step_item_set_detail (item, progress);
  flash_step_item_set_state (item, FLASH_STEP_RUNNING, percent);
}

/* Whether a step that nobody began was not needed, or was not reached. */
static FlashStepState
judge_untouched (const GError *error)
{
  return error == NULL ? FLASH_STEP_UNNEEDED : FLASH_STEP_SKIPPED;
}

void
_flash_job_model_mcu_settle (FlashJobModel *self)
{
  const GError *error = flash_job_get_error (self->job);
  gboolean is_stopped = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* The last snapshot may be newer than what was shown. */
  _flash_job_model_mcu_apply (self, flash_job_get_snapshot (self->job));
  end_step (self, error == NULL ? FLASH_STEP_DONE
                  : is_stopped  ? FLASH_STEP_STOPPED
                                : FLASH_STEP_FAILED);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->steps)); i++) {
    g_autoptr (FlashStepItem) item = g_list_model_get_item (G_LIST_MODEL (self->steps), i);

    if (flash_step_item_get_state (item) == FLASH_STEP_WAITING)
      flash_step_item_set_state (item, judge_untouched (error), 100);
  }
}
