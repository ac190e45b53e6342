/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells the thread sanitizer what it cannot see.
 *
 * Debian's GLib is not instrumented, and its locks are futexes of its own. To the sanitizer, data
 * behind a GMutex or handed over by a GSource looks like a race. This is put before GLib with
 * LD_PRELOAD, does the same calls, and tells the sanitizer of the order that they make.
 *
 * Only calls from outside of GLib come through here: our own, and those of GIO and GTK.
 * Thread: any. */
#define G_LOG_DOMAIN "flash-tsan-locks"

#include "config.h"

#include <dlfcn.h>
#include <glib.h>

/* Of the sanitizer's run time; not there in programs that are built without it. */
extern void __tsan_acquire (void *at) __attribute__ ((weak));
extern void __tsan_release (void *at) __attribute__ ((weak));

/* The function behind ours. The result is kept: looking it up takes a lock. */
#define NEXT(function)                                                                             \
  ({                                                                                               \
    static typeof (&function) next_;                                                               \
    typeof (&function) found_ = g_atomic_pointer_get (&next_);                                     \
    if (found_ == NULL) {                                                                          \
      found_ = (typeof (&function)) dlsym (RTLD_NEXT, #function);                                  \
      g_atomic_pointer_set (&next_, found_);                                                       \
    }                                                                                              \
    found_;                                                                                        \
  })

static void
come_after (void *at)
{
  if (__tsan_acquire != NULL)
    __tsan_acquire (at);
}

static void
come_before (void *at)
{
  if (__tsan_release != NULL)
    __tsan_release (at);
}

/* --- locks -------------------------------------------------------------------------------- */

void
g_mutex_lock (GMutex *mutex)
{
  NEXT (g_mutex_lock) (mutex);
  come_after (mutex);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean is_locked = NEXT (g_mutex_trylock) (mutex);

  if (is_locked)
    come_after (mutex);
  return is_locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  come_before (mutex);
  NEXT (g_mutex_unlock) (mutex);
}

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  come_before (mutex);
  NEXT (g_cond_wait) (cond, mutex);
  come_after (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  gboolean is_signalled;

  come_before (mutex);
  is_signalled = NEXT (g_cond_wait_until) (cond, mutex, end_time);
  come_after (mutex);
  return is_signalled;
}

/* --- queues ------------------------------------------------------------------------------- */

void
g_async_queue_push (GAsyncQueue *queue, gpointer data)
{
  come_before (queue);
  NEXT (g_async_queue_push) (queue, data);
}

gpointer
g_async_queue_pop (GAsyncQueue *queue)
{
  gpointer data = NEXT (g_async_queue_pop) (queue);

  come_after (queue);
  return data;
}

gpointer
g_async_queue_try_pop (GAsyncQueue *queue)
{
  gpointer data = NEXT (g_async_queue_try_pop) (queue);

  come_after (queue);
  return data;
}

/* --- callbacks of main contexts ----------------------------------------------------------- */

typedef struct {
  GSource *source; /* not owned: only its address is used */
  GSourceFunc function;
  gpointer data;
  GDestroyNotify notify; /* (nullable) */
} Callback;

static gboolean
call (gpointer data)
{
  Callback *callback = data;

  come_after (callback);
  come_after (callback->source);
  return callback->function (callback->data);
}

static void
forget (gpointer data)
{
  Callback *callback = data;

  if (callback->notify != NULL)
    callback->notify (callback->data);
  g_free (callback);
}

void
g_source_set_callback (GSource *source, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  Callback *callback;

  /* Other kinds of sources call functions with other arguments. */
  if (func == NULL ||
      (source->source_funcs != &g_idle_funcs && source->source_funcs != &g_timeout_funcs)) {
    NEXT (g_source_set_callback) (source, func, data, notify);
    return;
  }
  callback = g_new (Callback, 1);
  *callback = (Callback){ source, func, data, notify };
  come_before (callback);
  NEXT (g_source_set_callback) (source, call, callback, forget);
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  come_before (source);
  return NEXT (g_source_attach) (source, context);
}

static guint
add (GSource *source, gint priority, GSourceFunc function, gpointer data, GDestroyNotify notify)
{
  guint id;

  g_source_set_priority (source, priority);
  g_source_set_callback (source, function, data, notify);
  id = g_source_attach (source, NULL);
  g_source_unref (source);
  return id;
}

guint
g_idle_add_full (gint priority, GSourceFunc function, gpointer data, GDestroyNotify notify)
{
  return add (g_idle_source_new (), priority, function, data, notify);
}

guint
g_idle_add (GSourceFunc function, gpointer data)
{
  return g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, function, data, NULL);
}

guint
g_timeout_add_full (gint priority, guint interval, GSourceFunc function, gpointer data,
                    GDestroyNotify notify)
{
  return add (g_timeout_source_new (interval), priority, function, data, notify);
}

guint
g_timeout_add (guint interval, GSourceFunc function, gpointer data)
{
  return g_timeout_add_full (G_PRIORITY_DEFAULT, interval, function, data, NULL);
}
