/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-clock"

#include "config.h"

#include "flash-clock.h"

struct _FlashClock {
  GObject parent_instance;

  gboolean is_virtual;
  GMutex lock;
  gint64 virtual_us; /* under lock */
};

G_DEFINE_FINAL_TYPE (FlashClock, flash_clock, G_TYPE_OBJECT)

static void
flash_clock_finalize (GObject *object)
{
  FlashClock *self = FLASH_CLOCK (object);

  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (flash_clock_parent_class)->finalize (object);
}

static void
flash_clock_class_init (FlashClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_clock_finalize;
}

static void
flash_clock_init (FlashClock *self)
{
  g_mutex_init (&self->lock);
}

FlashClock *
flash_clock_new_real (void)
{
  return g_object_new (FLASH_TYPE_CLOCK, NULL);
}

FlashClock *
flash_clock_new_virtual (void)
{
  FlashClock *self = g_object_new (FLASH_TYPE_CLOCK, NULL);

  self->is_virtual = TRUE;
  return self;
}

gint64
flash_clock_get_time_us (FlashClock *self)
{
  g_return_val_if_fail (FLASH_IS_CLOCK (self), 0);

  if (self->is_virtual) {
    g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

    return self->virtual_us;
  }
  return g_get_monotonic_time ();
}

static gboolean
on_woken (gpointer data)
{
  gboolean *is_woken = data;

  *is_woken = TRUE;
  return G_SOURCE_REMOVE;
}

/* thread: the one that cancels */
static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_main_context_wakeup (data);
}

/* A source made of the cancellable would do the same, but such a source was seen to leak in GLib
 * 2.74, in some of the runs in which another thread cancels. */
static void
sleep_until (gint64 ready_us, GCancellable *cancellable)
{
  GMainContext *context = g_main_context_ref_thread_default ();
  g_autoptr (GSource) timer = g_timeout_source_new (0);
  gboolean is_woken = FALSE;
  gulong handler = 0;

  g_source_set_ready_time (timer, ready_us);
  g_source_set_callback (timer, on_woken, &is_woken, NULL);
  g_source_attach (timer, context);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), context, NULL);

  while (!is_woken && !g_cancellable_is_cancelled (cancellable))
    g_main_context_iteration (context, TRUE);

  /* Waits for a callback that is under way: the context outlives it. */
  g_cancellable_disconnect (cancellable, handler);
  g_source_destroy (timer);
  g_main_context_unref (context);
}

gboolean
flash_clock_wait_us (FlashClock *self, gint64 duration_us, GCancellable *cancellable,
                     GError **error)
{
  g_return_val_if_fail (FLASH_IS_CLOCK (self), FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (duration_us <= 0)
    return TRUE;

  if (self->is_virtual) {
    g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

    self->virtual_us += duration_us;
    return TRUE;
  }

  sleep_until (g_get_monotonic_time () + duration_us, cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

gboolean
flash_clock_wait_ms (FlashClock *self, guint duration_ms, GCancellable *cancellable, GError **error)
{
  return flash_clock_wait_us (self, (gint64) duration_ms * 1000, cancellable, error);
}
