/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-job-model"

#include "config.h"

#include "flash-job-model-private.h"

#include "flash-job-log.h"

#include <glib/gi18n.h>

/* Nobody reads faster. */
#define CHANGED_MS 100

G_DEFINE_FINAL_TYPE (FlashJobModel, flash_job_model, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, SIGNAL_FINISHED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
flash_job_model_dispose (GObject *object)
{
  FlashJobModel *self = FLASH_JOB_MODEL (object);

  g_clear_handle_id (&self->changed_id, g_source_remove);
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_clear_object (&self->job);
  g_clear_object (&self->entry);
  g_clear_object (&self->doctor);
  g_clear_object (&self->console);
  g_clear_object (&self->steps);
  g_clear_object (&self->log);

  G_OBJECT_CLASS (flash_job_model_parent_class)->dispose (object);
}

static void
flash_job_model_finalize (GObject *object)
{
  FlashJobModel *self = FLASH_JOB_MODEL (object);

  g_free (self->awaited);
  g_free (self->device_text);

  G_OBJECT_CLASS (flash_job_model_parent_class)->finalize (object);
}

static void
flash_job_model_class_init (FlashJobModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flash_job_model_dispose;
  object_class->finalize = flash_job_model_finalize;

  /**
   * FlashJobModel::changed:
   *
   * Something that is shown is not what it was.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLASH_TYPE_JOB_MODEL, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * FlashJobModel::finished:
   *
   * The job is over.
   */
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", FLASH_TYPE_JOB_MODEL, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_job_model_init (FlashJobModel *self)
{
  self->steps = g_list_store_new (FLASH_TYPE_STEP_ITEM);
  self->log = gtk_text_buffer_new (NULL);
  self->start_us = g_get_monotonic_time ();
  self->mcu_step = -1;
}

/* --- following the job -------------------------------------------------------------------- */

static void
set_step (FlashJobModel *self, gint index, FlashStepState state, guint percent)
{
  g_autoptr (FlashStepItem) item = NULL;

  if (index < 0)
    return;
  item = g_list_model_get_item (G_LIST_MODEL (self->steps), (guint) index);
  if (item != NULL)
    flash_step_item_set_state (item, state, percent);
}

static void
apply_snapshot (FlashJobModel *self)
{
  const FlashSnapshot *snapshot = flash_job_get_snapshot (self->job);
  guint64 size_bytes;
  guint percent;

  if (flash_job_get_mcu_job (self->job) != NULL) {
    _flash_job_model_mcu_apply (self, snapshot);
    return;
  }
  if (snapshot->step < 0)
    return;
  size_bytes = flash_plan_get_step (flash_job_get_plan (self->job), (guint) snapshot->step)->size;
  percent = size_bytes > 0
                ? (guint) ((double) snapshot->step_bytes_done / (double) size_bytes * 100)
                : 100;
  switch (snapshot->activity) {
  case FLASH_ACTIVITY_SENDING:
    set_step (self, snapshot->step, FLASH_STEP_SENDING, percent);
    break;
  case FLASH_ACTIVITY_STORING:
    set_step (self, snapshot->step, FLASH_STEP_STORING, 100);
    break;
  case FLASH_ACTIVITY_VERIFYING:
    set_step (self, snapshot->step, FLASH_STEP_VERIFYING, percent);
    break;
  case FLASH_ACTIVITY_CONNECTING:
  case FLASH_ACTIVITY_WAITING:
  case FLASH_ACTIVITY_READING:
  case FLASH_ACTIVITY_ERASING:
  case FLASH_ACTIVITY_PAUSED:
    break;
  }
}

static gboolean
on_changed_timeout (gpointer data)
{
  FlashJobModel *self = data;

  self->changed_id = 0;
  if (flash_job_is_running (self->job))
    apply_snapshot (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
queue_changed (FlashJobModel *self)
{
  if (self->changed_id == 0)
    self->changed_id = g_timeout_add (CHANGED_MS, on_changed_timeout, self);
}

static void
add_to_log (FlashJobModel *self, const FlashEvent *event)
{
  g_autofree char *text = flash_job_log_format (event, flash_job_get_plan (self->job),
                                                g_get_monotonic_time () - self->start_us);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (self->log, &end);
  gtk_text_buffer_insert (self->log, &end, text, -1);
}

/* The board is away in the middle of an image: what it has of that counts for nothing. */
static void
settle_half (FlashJobModel *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->steps)); i++) {
    g_autoptr (FlashStepItem) item = g_list_model_get_item (G_LIST_MODEL (self->steps), i);
    FlashStepState state = flash_step_item_get_state (item);

    if (state == FLASH_STEP_SENDING || state == FLASH_STEP_STORING)
      flash_step_item_set_state (item, FLASH_STEP_HALF, 0);
    /* It is stored; only the reading back was cut short. */
    if (state == FLASH_STEP_VERIFYING)
      flash_step_item_set_state (item, FLASH_STEP_WRITTEN, 100);
  }
}

static void
on_event (FlashJob *job, FlashEvent *event, FlashJobModel *self)
{
  gboolean is_mcu = flash_job_get_mcu_job (job) != NULL;

  switch (event->kind) {
  case FLASH_EVENT_STAGE:
    self->stage = event->stage;
    break;
  case FLASH_EVENT_PARTITION:
    set_step (self, event->step, FLASH_STEP_SENDING, 0);
    break;
  case FLASH_EVENT_WARNING:
    self->warning = event->code;
    break;
  case FLASH_EVENT_LOST:
    g_free (self->awaited);
    self->awaited = g_strdup (event->message);
    break;
  case FLASH_EVENT_RETURNED:
    g_clear_pointer (&self->awaited, g_free);
    break;
  case FLASH_EVENT_WRITTEN:
    if (!is_mcu)
      set_step (self, event->step, FLASH_STEP_WRITTEN, 100);
    break;
  case FLASH_EVENT_DROPPED:
    set_step (self, event->step, FLASH_STEP_WAITING, 0);
    break;
  case FLASH_EVENT_VERIFIED:
    if (!is_mcu)
      set_step (self, event->step, FLASH_STEP_VERIFIED, 100);
    break;
  case FLASH_EVENT_FAILED:
    g_free (self->device_text);
    self->device_text = g_strdup (event->device_text);
    break;
  case FLASH_EVENT_STEP:
    _flash_job_model_mcu_begin (self, event);
    break;
  case FLASH_EVENT_PAUSED:
    settle_half (self);
    break;
  case FLASH_EVENT_STARTED:
  case FLASH_EVENT_RESUMED:
  case FLASH_EVENT_FINISHED:
    break;
  }
  add_to_log (self, event);
  queue_changed (self);
}

static void
on_progress (FlashJob *job, FlashJobModel *self)
{
  queue_changed (self);
}

/* What was not done is said, step by step: the result knows, not what was shown last. */
static void
settle_steps (FlashJobModel *self)
{
  const FlashResult *result = flash_job_get_result (self->job);
  const GError *error = flash_job_get_error (self->job);
  gboolean is_stopped = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->steps)); i++) {
    g_autoptr (FlashStepItem) item = g_list_model_get_item (G_LIST_MODEL (self->steps), i);
    FlashStepState state = flash_step_item_get_state (item);

    if (flash_result_is_verified (result, i))
      state = FLASH_STEP_VERIFIED;
    else if (state == FLASH_STEP_VERIFYING && error != NULL)
      state = is_stopped ? FLASH_STEP_STOPPED : FLASH_STEP_FAILED;
    else if (flash_result_is_written (result, i))
      state = FLASH_STEP_WRITTEN;
    else if (result->partial_step == (gint) i)
      state = is_stopped ? FLASH_STEP_STOPPED : FLASH_STEP_FAILED;
    else
      state = error != NULL ? FLASH_STEP_SKIPPED : FLASH_STEP_UNNEEDED;
    flash_step_item_set_state (item, state, 100);
  }
}

static void
on_finished (FlashJob *job, FlashJobModel *self)
{
  g_clear_handle_id (&self->changed_id, g_source_remove);
  if (flash_job_get_mcu_job (job) != NULL)
    _flash_job_model_mcu_settle (self);
  else
    settle_steps (self);
  if (flash_board_entry_get_job (self->entry) == job)
    flash_board_entry_set_job (self->entry, NULL);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
  g_object_unref (self); /* from flash_job_model_start () */
}

FlashJobModel *
flash_job_model_new (FlashJob *job, FlashBoardEntry *entry)
{
  FlashJobModel *self;
  FlashPlan *plan;

  g_return_val_if_fail (FLASH_IS_JOB (job), NULL);
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (entry), NULL);

  self = g_object_new (FLASH_TYPE_JOB_MODEL, NULL);
  self->job = g_object_ref (job);
  self->entry = g_object_ref (entry);
  plan = flash_job_get_plan (job);
  if (plan == NULL)
    _flash_job_model_mcu_add_steps (self);
  for (guint i = 0; plan != NULL && i < flash_plan_get_n_steps (plan); i++) {
    g_autoptr (FlashStepItem) item = flash_step_item_new (plan, i);

    g_list_store_append (self->steps, item);
  }
  g_signal_connect (job, "event", G_CALLBACK (on_event), self);
  g_signal_connect (job, "progress", G_CALLBACK (on_progress), self);
  g_signal_connect (job, "finished", G_CALLBACK (on_finished), self);
  return self;
}

void
flash_job_model_start (FlashJobModel *self)
{
  g_return_if_fail (FLASH_IS_JOB_MODEL (self));

  flash_board_entry_set_job (self->entry, self->job);
  g_object_ref (self);
  flash_job_start (self->job);
}

/* --- what is shown ------------------------------------------------------------------------ */

FlashJob *
flash_job_model_get_job (FlashJobModel *self)
{
  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  return self->job;
}

FlashBoardEntry *
flash_job_model_get_entry (FlashJobModel *self)
{
  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  return self->entry;
}

void
flash_job_model_set_doctor (FlashJobModel *self, FlashDoctor *doctor)
{
  g_return_if_fail (FLASH_IS_JOB_MODEL (self));
  g_return_if_fail (FLASH_IS_DOCTOR (doctor));

  g_set_object (&self->doctor, doctor);
}

FlashDoctor *
flash_job_model_get_doctor (FlashJobModel *self)
{
  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  return self->doctor;
}

void
flash_job_model_set_console (FlashJobModel *self, FlashConsole *console)
{
  g_return_if_fail (FLASH_IS_JOB_MODEL (self));
  g_return_if_fail (FLASH_IS_CONSOLE (console));

  if (!g_set_object (&self->console, console))
    return;
  if (self->doctor != NULL)
    flash_doctor_set_console (self->doctor, console);
  queue_changed (self);
}

FlashConsole *
flash_job_model_get_console (FlashJobModel *self)
{
  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  return self->console;
}

gint64
flash_job_model_get_start_us (FlashJobModel *self)
{
  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), 0);

  return self->start_us;
}

GListModel *
flash_job_model_get_steps (FlashJobModel *self)
{
  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  return G_LIST_MODEL (self->steps);
}

GtkTextBuffer *
flash_job_model_get_log (FlashJobModel *self)
{
  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  return self->log;
}

const char *
flash_job_model_get_stage (FlashJobModel *self)
{
  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  return self->stage;
}

const char *
flash_job_model_get_hint (FlashJobModel *self)
{
  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  /* What a wait means is said by the doctor. */
  return g_strcmp0 (self->warning, "still-waiting") != 0 ? self->warning : NULL;
}

const char *
flash_job_model_get_device_text (FlashJobModel *self)
{
  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  return self->device_text;
}

const char *
flash_job_model_get_half (FlashJobModel *self)
{
  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->steps)); i++) {
    g_autoptr (FlashStepItem) item = g_list_model_get_item (G_LIST_MODEL (self->steps), i);

    if (flash_step_item_get_state (item) == FLASH_STEP_HALF)
      return flash_step_item_get_name (item);
  }
  return NULL;
}

/* The result knows it, once there is one. */
static gboolean
is_written (FlashJobModel *self, guint index)
{
  g_autoptr (FlashStepItem) item = g_list_model_get_item (G_LIST_MODEL (self->steps), index);
  FlashStepState state = flash_step_item_get_state (item);

  if (!flash_job_is_running (self->job))
    return flash_result_is_written (flash_job_get_result (self->job), index);
  return state == FLASH_STEP_WRITTEN || state == FLASH_STEP_VERIFYING ||
         state == FLASH_STEP_VERIFIED;
}

void
flash_job_model_count (FlashJobModel *self, guint *out_written, guint *out_total)
{
  guint n_written = 0, n_total = 0;

  g_return_if_fail (FLASH_IS_JOB_MODEL (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->steps)); i++) {
    g_autoptr (FlashStepItem) item = g_list_model_get_item (G_LIST_MODEL (self->steps), i);

    if (flash_step_item_get_step (item)->kind != FLASH_PLAN_PARTITION)
      continue;
    n_total++;
    n_written += is_written (self, i);
  }
  *out_written = n_written;
  *out_total = n_total;
}
