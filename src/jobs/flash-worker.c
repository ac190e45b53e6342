/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-worker"

#include "config.h"

#include "flash-worker.h"

struct _FlashWorker {
  GThread *thread; /* (owned) */
  GMainContext *context; /* (owned) */
  gboolean is_stopping; /* worker only */
};

static gpointer
run_thread (gpointer data)
{
  FlashWorker *self = data;

  g_main_context_push_thread_default (self->context);
  while (!self->is_stopping)
    g_main_context_iteration (self->context, TRUE);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

FlashWorker *
flash_worker_new (const char *name)
{
  FlashWorker *self = g_new0 (FlashWorker, 1);

  self->context = g_main_context_new ();
  self->thread = g_thread_new (name, run_thread, self);
  return self;
}

typedef struct {
  FlashWorkFunc func;
  gpointer data;
  GDestroyNotify destroy; /* (nullable) */
} Work;

static gboolean
on_work (gpointer data)
{
  Work *work = data;

  work->func (work->data);
  return G_SOURCE_REMOVE;
}

static void
work_free (gpointer data)
{
  Work *work = data;

  if (work->destroy != NULL)
    work->destroy (work->data);
  g_free (work);
}

/* Always queued, never run in place: what is pushed from the worker waits its turn too. */
void
flash_worker_push (FlashWorker *self, FlashWorkFunc func, gpointer data, GDestroyNotify destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Work *work = g_new (Work, 1);

  g_return_if_fail (self != NULL && func != NULL);

  *work = (Work){ func, data, destroy };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_work, work, work_free);
  g_source_attach (source, self->context);
}

gboolean
flash_worker_is_current (FlashWorker *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_thread_self () == self->thread;
}

static void
stop (gpointer data)
{
  FlashWorker *self = data;

  self->is_stopping = TRUE;
}

void
flash_worker_free (FlashWorker *self)
{
  g_return_if_fail (!flash_worker_is_current (self));

  flash_worker_push (self, stop, self, NULL);
  g_thread_join (self->thread);
  g_main_context_unref (self->context);
  g_free (self);
}
