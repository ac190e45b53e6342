/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-job-model"

#include "config.h"

#include "flash-job-model-private.h"

#include "flash-job-log.h"
#include "flash-mcu-words.h"
#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* Nobody reads faster. */
#define CHANGED_MS 100
/* Until then a wait is nothing unusual. */
#define HINT_MS 5000

G_DEFINE_FINAL_TYPE (FlashJobModel, flash_job_model, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, SIGNAL_FINISHED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What FLASH_EVENT_LOST names as awaited. */
static const char *const awaited_texts[] = {
  N_ ("the first boot stage"),
  N_ ("the next boot stage"),
  N_ ("U-Boot"),
  N_ ("U-Boot with its partitions"),
  N_ ("the boot loader"),
  N_ ("the boot loader, after the reset"),
  N_ ("the chip, which erases itself"),
};

static void
flash_job_model_dispose (GObject *object)
{
  FlashJobModel *self = FLASH_JOB_MODEL (object);

  g_clear_handle_id (&self->changed_id, g_source_remove);
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_clear_object (&self->job);
  g_clear_object (&self->entry);
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
  case FLASH_EVENT_STARTED:
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

/* Returns: (transfer full): what is waited for. */
static char *
dup_awaited (FlashJobModel *self)
{
  if (self->awaited == NULL)
    return g_strdup (_ ("Waiting for the board to answer…"));
  for (guint i = 0; i < G_N_ELEMENTS (awaited_texts); i++)
    if (g_str_equal (awaited_texts[i], self->awaited))
      /* TRANSLATORS: what is waited for, such as “U-Boot” */
      return g_strdup_printf (_ ("The board has left the bus. Waiting for %s…"),
                              _ (awaited_texts[i]));
  return g_strdup (_ ("The board has left the bus. Waiting…"));
}

static char *
dup_waiting (FlashJobModel *self, guint waited_s)
{
  g_autofree char *awaited = dup_awaited (self);

  if (waited_s == 0)
    return g_steal_pointer (&awaited);
  /* TRANSLATORS: what is waited for, then for how long already: “Waiting for U-Boot… 3 s” */
  return g_strdup_printf (_ ("%1$s %2$u s"), awaited, waited_s);
}

char *
flash_job_model_dup_status (FlashJobModel *self)
{
  const FlashSnapshot *snapshot;
  const char *name = "";

  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  snapshot = flash_job_get_snapshot (self->job);
  if (flash_job_get_mcu_job (self->job) != NULL && !flash_job_is_cancelled (self->job) &&
      snapshot->activity != FLASH_ACTIVITY_WAITING)
    return flash_mcu_words_dup_status (snapshot);
  if (snapshot->step >= 0 && flash_job_get_mcu_job (self->job) == NULL)
    name = flash_plan_get_step (flash_job_get_plan (self->job), (guint) snapshot->step)->name;
  if (flash_job_is_cancelled (self->job))
    return g_strdup (_ ("Stopping…"));
  switch (snapshot->activity) {
  case FLASH_ACTIVITY_CONNECTING:
    return g_strdup (_ ("Connecting to the board…"));
  case FLASH_ACTIVITY_SENDING:
    return g_strdup_printf (_ ("Sending %s…"), name);
  case FLASH_ACTIVITY_STORING:
    return g_strdup_printf (_ ("The board stores the end of %s…"), name);
  case FLASH_ACTIVITY_WAITING:
    return dup_waiting (self, snapshot->waited_ms / 1000);
  case FLASH_ACTIVITY_VERIFYING:
    return g_strdup_printf (_ ("Reading %s back…"), name);
  case FLASH_ACTIVITY_READING:
    return g_strdup (_ ("Reading what the board holds…"));
  case FLASH_ACTIVITY_ERASING:
    return g_strdup (_ ("Erasing…"));
  }
  g_return_val_if_reached (NULL);
}

char *
flash_job_model_dup_figures (FlashJobModel *self)
{
  const FlashSnapshot *snapshot;
  guint64 rate;
  guint seconds_left;
  gboolean is_moving;
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  snapshot = flash_job_get_snapshot (self->job);
  rate = flash_job_get_rate (self->job);
  g_string_append_printf (text, _ ("%u %%"), (guint) (snapshot->fraction * 100));
  /* While nothing moves, nothing can be foreseen. */
  is_moving = snapshot->activity == FLASH_ACTIVITY_SENDING ||
              snapshot->activity == FLASH_ACTIVITY_VERIFYING;
  if (rate > 0 && snapshot->activity == FLASH_ACTIVITY_SENDING) {
    g_autofree char *size = flash_text_size (rate);

    g_string_append (text, " · ");
    /* TRANSLATORS: bytes per second, such as “1.5 MiB/s” */
    g_string_append_printf (text, _ ("%s/s"), size);
  }
  if (is_moving && flash_job_get_seconds_left (self->job, &seconds_left)) {
    g_autofree char *left = flash_text_duration (seconds_left);

    g_string_append (text, " · ");
    /* TRANSLATORS: time left, such as “1:20 left” */
    g_string_append_printf (text, _ ("%s left"), left);
  }
  return g_string_free (text, FALSE);
}

const char *
flash_job_model_get_hint (FlashJobModel *self)
{
  const FlashSnapshot *snapshot;

  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  snapshot = flash_job_get_snapshot (self->job);
  if (snapshot->activity == FLASH_ACTIVITY_WAITING && snapshot->waited_ms >= HINT_MS)
    return "still-waiting";
  /* That one speaks of a wait, and ends with it. */
  return g_strcmp0 (self->warning, "still-waiting") != 0 ? self->warning : NULL;
}

const char *
flash_job_model_get_device_text (FlashJobModel *self)
{
  g_return_val_if_fail (FLASH_IS_JOB_MODEL (self), NULL);

  return self->device_text;
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
    n_written += flash_result_is_written (flash_job_get_result (self->job), i);
  }
  *out_written = n_written;
  *out_total = n_total;
}
