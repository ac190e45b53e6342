/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-job-gate"

#include "config.h"

#include "flash-job-gate.h"

struct _FlashJobGate {
  gatomicrefcount ref_count;

  GMutex lock;
  /* under lock */
  FlashJobQuestion question;
  FlashJobAnswer answer;
  char *port; /* (owned) (nullable): to be gone on with */
};

const char *
flash_job_question_get_name (FlashJobQuestion question)
{
  switch (question) {
  case FLASH_JOB_QUESTION_NONE:
    return "none";
  case FLASH_JOB_QUESTION_PATIENCE:
    return "patience";
  case FLASH_JOB_QUESTION_ROM:
    return "rom";
  case FLASH_JOB_QUESTION_GONE:
    return "gone";
  }
  g_return_val_if_reached (NULL);
}

FlashJobGate *
flash_job_gate_new (void)
{
  FlashJobGate *self = g_new0 (FlashJobGate, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  return self;
}

FlashJobGate *
flash_job_gate_ref (FlashJobGate *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_job_gate_unref (FlashJobGate *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->port);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
flash_job_gate_ask (FlashJobGate *self, FlashJobQuestion question)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  self->question = question;
  self->answer = FLASH_JOB_ANSWER_NONE;
}

FlashJobQuestion
flash_job_gate_get_question (FlashJobGate *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return self->question;
}

void
flash_job_gate_answer (FlashJobGate *self, FlashJobQuestion question, FlashJobAnswer answer)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  if (question != FLASH_JOB_QUESTION_NONE && self->question == question)
    self->answer = answer;
}

FlashJobAnswer
flash_job_gate_get_answer (FlashJobGate *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return self->answer;
}

void
flash_job_gate_move (FlashJobGate *self, const char *port)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;

  g_return_if_fail (port != NULL);

  locker = g_mutex_locker_new (&self->lock);
  g_free (self->port);
  self->port = g_strdup (port);
}

char *
flash_job_gate_take_port (FlashJobGate *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return g_steal_pointer (&self->port);
}
