/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-mailbox"

#include "config.h"

#include "flash-mailbox.h"

/* Progress is delivered this often at most: a board takes thousands of blocks a second, and a main
 * loop that hears of each has no time left to draw. */
#define PROGRESS_US (G_USEC_PER_SEC / 30)

struct _FlashMailbox {
  FlashSink sink;
  GSource *source; /* (owned) */

  GMutex lock;
  /* under lock */
  GQueue events; /* (element-type FlashEvent) */
  FlashSnapshot latest;
  gboolean has_progress;
  gint64 due_us; /* when the source wakes up, -1 if it does not */
  gint64 delivered_us; /* when it did last */
};

/* Takes everything under the lock, and delivers it without. */
static gboolean
on_wake_up (gpointer data)
{
  FlashMailbox *self = data;
  GQueue events;
  FlashSnapshot latest;
  gboolean has_progress;
  FlashEvent *event;

  g_mutex_lock (&self->lock);
  events = self->events;
  g_queue_init (&self->events);
  latest = self->latest;
  has_progress = self->has_progress;
  self->has_progress = FALSE;
  self->due_us = -1;
  self->delivered_us = g_get_monotonic_time ();
  g_source_set_ready_time (self->source, -1);
  g_mutex_unlock (&self->lock);

  if (has_progress)
    self->sink.progress (&latest, self->sink.data);
  /* The last event may free the mailbox. */
  while ((event = g_queue_pop_head (&events)) != NULL) {
    self->sink.event (event, self->sink.data);
    flash_event_unref (event);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

FlashMailbox *
flash_mailbox_new (GMainContext *context, const FlashSink *sink)
{
  static GSourceFuncs funcs = { .dispatch = dispatch };
  FlashMailbox *self = g_new0 (FlashMailbox, 1);

  self->sink = *sink;
  self->due_us = -1;
  g_mutex_init (&self->lock);
  g_queue_init (&self->events);
  self->source = g_source_new (&funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "flash-mailbox");
  g_source_set_callback (self->source, on_wake_up, self, NULL);
  g_source_attach (self->source, context);
  return self;
}

static void
wake_up_locked (FlashMailbox *self, gint64 due_us)
{
  if (self->due_us >= 0 && self->due_us <= due_us)
    return;
  self->due_us = due_us;
  g_source_set_ready_time (self->source, due_us);
}

void
flash_mailbox_post_event (FlashMailbox *self, FlashEvent *event)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  g_queue_push_tail (&self->events, flash_event_ref (event));
  wake_up_locked (self, 0);
}

void
flash_mailbox_post_progress (FlashMailbox *self, const FlashSnapshot *snapshot)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  self->latest = *snapshot;
  self->has_progress = TRUE;
  wake_up_locked (self, self->delivered_us + PROGRESS_US);
}

void
flash_mailbox_free (FlashMailbox *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_queue_clear_full (&self->events, (GDestroyNotify) flash_event_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}
