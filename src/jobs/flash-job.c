/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-job"

#include "config.h"

#include "flash-job.h"

#include "flash-estimator.h"
#include "flash-mailbox.h"
#include "flash-mcu-run.h"
#include "flash-worker.h"

struct _FlashJob {
  GObject parent_instance;

  gboolean is_for_mcu; /* which of the two is filled */
  FlashMpJob mp; /* (owned) its objects */
  FlashMcuJob mcu; /* (owned) its objects */
  GCancellable *cancellable; /* (owned) */
  FlashMailbox *mailbox; /* (owned) (nullable) while running */
  FlashWorker *worker; /* (owned) (nullable) while running */
  FlashEstimator *estimator; /* (owned) */
  FlashSnapshot snapshot;
  gboolean was_started;
  gboolean is_finished;

  /* the worker's until the last event, the main thread's after it */
  FlashResult result;
  FlashMcuResult mcu_result;
  GError *error; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (FlashJob, flash_job, G_TYPE_OBJECT)

enum { SIGNAL_EVENT, SIGNAL_PROGRESS, SIGNAL_FINISHED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
flash_job_dispose (GObject *object)
{
  FlashJob *self = FLASH_JOB (object);

  /* A running job holds a reference to itself. */
  g_warn_if_fail (self->worker == NULL);
  g_clear_object (&self->mp.plan);
  g_clear_object (&self->mp.provider);
  g_clear_object (&self->mp.board);
  g_clear_object (&self->mp.clock);
  g_clear_pointer (&self->mp.gate, flash_job_gate_unref);
  flash_mcu_job_clear (&self->mcu);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (flash_job_parent_class)->dispose (object);
}

static void
flash_job_finalize (GObject *object)
{
  FlashJob *self = FLASH_JOB (object);

  flash_estimator_free (self->estimator);
  flash_result_clear (&self->result);
  flash_mcu_result_clear (&self->mcu_result);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (flash_job_parent_class)->finalize (object);
}

static void
flash_job_class_init (FlashJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flash_job_dispose;
  object_class->finalize = flash_job_finalize;

  /**
   * FlashJob::event:
   * @event: (transfer none): what happened
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", FLASH_TYPE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, FLASH_TYPE_EVENT);
  /**
   * FlashJob::progress:
   *
   * The snapshot has changed.
   */
  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", FLASH_TYPE_JOB, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
  /**
   * FlashJob::finished:
   *
   * The job is over.
   */
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", FLASH_TYPE_JOB, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_job_init (FlashJob *self)
{
  self->cancellable = g_cancellable_new ();
  self->estimator = flash_estimator_new ();
  self->snapshot.step = -1;
}

FlashJob *
flash_job_new (const FlashMpJob *job)
{
  FlashJob *self = g_object_new (FLASH_TYPE_JOB, NULL);

  g_return_val_if_fail (job != NULL, NULL);

  self->mp = *job;
  g_object_ref (self->mp.plan);
  g_object_ref (self->mp.provider);
  g_object_ref (self->mp.board);
  g_object_ref (self->mp.clock);
  if (self->mp.gate != NULL)
    flash_job_gate_ref (self->mp.gate);
  self->snapshot.bytes_total = flash_plan_get_size (job->plan);
  return self;
}

FlashJob *
flash_job_new_for_mcu (const FlashMcuJob *job)
{
  FlashJob *self = g_object_new (FLASH_TYPE_JOB, NULL);

  g_return_val_if_fail (job != NULL, NULL);

  self->is_for_mcu = TRUE;
  flash_mcu_job_copy (&self->mcu, job);
  if (job->image != NULL)
    self->snapshot.bytes_total = flash_image_get_size (job->image);
  return self;
}

static void
on_event (FlashEvent *event, gpointer data)
{
  g_autoptr (FlashJob) self = g_object_ref (data);

  if (event->kind == FLASH_EVENT_FINISHED) {
    /* The worker has posted its last and is on its way out; what it has left is ours now. */
    g_clear_pointer (&self->worker, flash_worker_free);
    self->is_finished = TRUE;
  }
  if (event->kind == FLASH_EVENT_RESUMED || event->kind == FLASH_EVENT_DROPPED)
    flash_estimator_reset (self->estimator);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
  if (!self->is_finished)
    return;
  g_clear_pointer (&self->mailbox, flash_mailbox_free);
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
  g_object_unref (self); /* from flash_job_start () */
}

static void
on_progress (const FlashSnapshot *snapshot, gpointer data)
{
  FlashJob *self = data;

  self->snapshot = *snapshot;
  /* How long somebody thinks says nothing about how long the rest takes. */
  if (snapshot->activity != FLASH_ACTIVITY_PAUSED)
    flash_estimator_add (self->estimator, g_get_monotonic_time (), snapshot->bytes_done,
                         snapshot->fraction);
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

static void
post_event (FlashEvent *event, gpointer data)
{
  FlashJob *self = data;

  flash_mailbox_post_event (self->mailbox, event);
}

static void
post_progress (const FlashSnapshot *snapshot, gpointer data)
{
  FlashJob *self = data;

  flash_mailbox_post_progress (self->mailbox, snapshot);
}

/* thread: worker */
static void
run (gpointer data)
{
  FlashJob *self = data;
  const FlashSink sink = { post_event, post_progress, self };

  if (self->is_for_mcu)
    flash_mcu_run (&self->mcu, self->cancellable, &sink, &self->mcu_result, &self->error);
  else
    flash_mp_run (&self->mp, self->cancellable, &sink, &self->result, &self->error);
}

void
flash_job_start (FlashJob *self)
{
  const FlashSink sink = { on_event, on_progress, self };
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_return_if_fail (FLASH_IS_JOB (self) && !self->was_started);

  self->was_started = TRUE;
  g_object_ref (self);
  self->mailbox = flash_mailbox_new (context, &sink);
  self->worker = flash_worker_new ("flash-job");
  flash_worker_push (self->worker, run, self, NULL);
}

void
flash_job_cancel (FlashJob *self)
{
  g_return_if_fail (FLASH_IS_JOB (self));

  g_cancellable_cancel (self->cancellable);
}

FlashJobQuestion
flash_job_get_question (FlashJob *self)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), FLASH_JOB_QUESTION_NONE);

  return self->mp.gate != NULL ? flash_job_gate_get_question (self->mp.gate)
                               : FLASH_JOB_QUESTION_NONE;
}

void
flash_job_answer (FlashJob *self, FlashJobQuestion question, FlashJobAnswer answer)
{
  g_return_if_fail (FLASH_IS_JOB (self));

  if (self->mp.gate != NULL)
    flash_job_gate_answer (self->mp.gate, question, answer);
}

void
flash_job_move (FlashJob *self, const char *port)
{
  g_return_if_fail (FLASH_IS_JOB (self));
  g_return_if_fail (port != NULL);

  if (self->mp.gate == NULL)
    return;
  flash_job_gate_move (self->mp.gate, port);
  flash_job_gate_answer (self->mp.gate, FLASH_JOB_QUESTION_PATIENCE, FLASH_JOB_ANSWER_GO_ON);
  flash_job_gate_answer (self->mp.gate, FLASH_JOB_QUESTION_GONE, FLASH_JOB_ANSWER_GO_ON);
}

gboolean
flash_job_is_running (FlashJob *self)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), FALSE);

  return self->was_started && !self->is_finished;
}

gboolean
flash_job_is_cancelled (FlashJob *self)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), FALSE);

  return g_cancellable_is_cancelled (self->cancellable);
}

gboolean
flash_job_is_verifying (FlashJob *self)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), FALSE);

  if (self->is_for_mcu)
    return flash_mcu_job_has_step (&self->mcu, FLASH_MCU_STEP_VERIFY);
  return self->mp.verify;
}

FlashPlan *
flash_job_get_plan (FlashJob *self)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), NULL);

  return self->mp.plan;
}

FlashBoard *
flash_job_get_board (FlashJob *self)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), NULL);

  return self->is_for_mcu ? self->mcu.board : self->mp.board;
}

const FlashSnapshot *
flash_job_get_snapshot (FlashJob *self)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), NULL);

  return &self->snapshot;
}

guint64
flash_job_get_rate (FlashJob *self)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), 0);

  return flash_estimator_get_rate (self->estimator);
}

gboolean
flash_job_get_seconds_left (FlashJob *self, guint *out_seconds)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), FALSE);

  return flash_estimator_get_seconds_left (self->estimator, out_seconds);
}

const FlashMcuJob *
flash_job_get_mcu_job (FlashJob *self)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), NULL);

  return self->is_for_mcu ? &self->mcu : NULL;
}

const FlashResult *
flash_job_get_result (FlashJob *self)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), NULL);

  return self->is_finished && !self->is_for_mcu ? &self->result : NULL;
}

const FlashMcuResult *
flash_job_get_mcu_result (FlashJob *self)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), NULL);

  return self->is_finished && self->is_for_mcu ? &self->mcu_result : NULL;
}

const GError *
flash_job_get_error (FlashJob *self)
{
  g_return_val_if_fail (FLASH_IS_JOB (self), NULL);

  return self->is_finished ? self->error : NULL;
}
