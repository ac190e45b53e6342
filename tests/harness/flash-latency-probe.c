/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-latency-probe"

#include "config.h"

#include "flash-latency-probe.h"

#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#define ASK_INTERVAL_US 2000
#define STACK_DEPTH 48
#define N_LATENCIES (FLASH_LATENCY_FRAME + 1)

struct _FlashLatencyProbe {
  GtkWidget *widget; /* (owned) (nullable) */
  GdkFrameClock *clock; /* (owned) (nullable) */
  gulong before_paint_id;
  gulong after_paint_id;
  guint tick_id;
  gint64 paint_began_us;
  gint64 last_frame_us;
  GArray *samples_us[N_LATENCIES]; /* (owned) (element-type gint64) main thread only */

  GThread *thread; /* (owned) */
  pthread_t main_thread;
  GMainContext *context; /* (owned) */
  gint ref_count; /* atomic: the owner, the thread, and each question on its way */
  gint is_waiting; /* atomic */
  gint stall_ms; /* atomic */
  _Atomic gint64 asked_us;

  GMutex lock;
  GCond stopping_changed; /* with lock */
  gint is_stopping; /* atomic */
};

static void
add_sample (FlashLatencyProbe *self, FlashLatency what, gint64 duration_us)
{
  gint64 sample_us = MAX (duration_us, 0);

  g_array_append_val (self->samples_us[what], sample_us);
}

static void
release (gpointer data)
{
  FlashLatencyProbe *self = data;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  for (guint i = 0; i < N_LATENCIES; i++)
    g_array_unref (self->samples_us[i]);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->stopping_changed);
  g_free (self);
}

/* --- the thread that asks ----------------------------------------------------------------- */

static gboolean
on_asked (gpointer data)
{
  FlashLatencyProbe *self = data;

  add_sample (self, FLASH_LATENCY_LOOP, g_get_monotonic_time () - self->asked_us);
  g_atomic_int_set (&self->is_waiting, FALSE);
  return G_SOURCE_REMOVE;
}

static void
ask (FlashLatencyProbe *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  self->asked_us = g_get_monotonic_time ();
  g_atomic_int_set (&self->is_waiting, TRUE);
  g_atomic_int_inc (&self->ref_count);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_asked, self, release);
  g_source_attach (source, self->context);
}

/* Returns: whether the probe is to stop. */
static gboolean
pause_briefly (FlashLatencyProbe *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  gint64 end_us = g_get_monotonic_time () + ASK_INTERVAL_US;

  while (!g_atomic_int_get (&self->is_stopping) &&
         g_cond_wait_until (&self->stopping_changed, &self->lock, end_us))
    continue;
  return g_atomic_int_get (&self->is_stopping);
}

static gpointer
run (gpointer data)
{
  FlashLatencyProbe *self = data;
  gboolean is_told = FALSE;

  while (!pause_briefly (self)) {
    gint stall_ms = g_atomic_int_get (&self->stall_ms);

    if (!g_atomic_int_get (&self->is_waiting)) {
      is_told = FALSE;
      ask (self);
    } else if (stall_ms > 0 && !is_told &&
               g_get_monotonic_time () - self->asked_us > stall_ms * 1000) {
      is_told = TRUE;
      pthread_kill (self->main_thread, SIGPROF);
    }
  }
  release (self);
  return NULL;
}

static void
on_stall_signal (int signal_number)
{
  void *frames[STACK_DEPTH];

  backtrace_symbols_fd (frames, backtrace (frames, STACK_DEPTH), STDERR_FILENO);
}

/* --- the frame clock ---------------------------------------------------------------------- */

static void
on_before_paint (GdkFrameClock *clock, FlashLatencyProbe *self)
{
  self->paint_began_us = g_get_monotonic_time ();
}

static void
on_after_paint (GdkFrameClock *clock, FlashLatencyProbe *self)
{
  if (self->paint_began_us != 0)
    add_sample (self, FLASH_LATENCY_PAINT, g_get_monotonic_time () - self->paint_began_us);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  FlashLatencyProbe *self = data;
  gint64 now_us = g_get_monotonic_time ();
  gint64 interval_us = 0;

  gdk_frame_clock_get_refresh_info (clock, 0, &interval_us, NULL);
  if (self->last_frame_us != 0)
    add_sample (self, FLASH_LATENCY_FRAME, now_us - self->last_frame_us - interval_us);
  self->last_frame_us = now_us;
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static void
watch_frames (FlashLatencyProbe *self, GtkWidget *widget, gboolean keep_drawing)
{
  self->widget = g_object_ref (widget);
  self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  self->before_paint_id =
      g_signal_connect (self->clock, "before-paint", G_CALLBACK (on_before_paint), self);
  self->after_paint_id =
      g_signal_connect (self->clock, "after-paint", G_CALLBACK (on_after_paint), self);
  if (keep_drawing)
    self->tick_id = gtk_widget_add_tick_callback (widget, on_tick, self, NULL);
}

/* --- public ------------------------------------------------------------------------------- */

FlashLatencyProbe *
flash_latency_probe_start (GtkWidget *widget, gboolean keep_drawing)
{
  FlashLatencyProbe *self = g_new0 (FlashLatencyProbe, 1);

  for (guint i = 0; i < N_LATENCIES; i++)
    self->samples_us[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->context = g_main_context_ref_thread_default ();
  self->main_thread = pthread_self ();
  self->ref_count = 2;
  g_mutex_init (&self->lock);
  g_cond_init (&self->stopping_changed);
  if (widget != NULL)
    watch_frames (self, widget, keep_drawing);
  self->thread = g_thread_new ("latency-probe", run, self);
  return self;
}

void
flash_latency_probe_trace_stalls (FlashLatencyProbe *self, guint stall_ms)
{
  struct sigaction action = { .sa_handler = on_stall_signal, .sa_flags = SA_RESTART };
  void *warm_up[1];

  /* The first call loads libgcc: now, and not in the handler. */
  backtrace (warm_up, 1);
  sigaction (SIGPROF, &action, NULL);
  g_atomic_int_set (&self->stall_ms, (gint) stall_ms);
}

guint
flash_latency_probe_get_count (FlashLatencyProbe *self, FlashLatency what)
{
  return self->samples_us[what]->len;
}

static int
compare_samples (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a;
  gint64 second = *(const gint64 *) b;

  return (first > second) - (first < second);
}

gint64
flash_latency_probe_get_percentile (FlashLatencyProbe *self, FlashLatency what, double percent)
{
  GArray *samples_us = self->samples_us[what];
  gint64 unanswered_us = 0;
  guint at;

  /* A stall that has just ended has a question that is still on its way. */
  if (what == FLASH_LATENCY_LOOP && percent >= 100 && g_atomic_int_get (&self->is_waiting))
    unanswered_us = g_get_monotonic_time () - self->asked_us;
  if (samples_us->len == 0)
    return unanswered_us;

  at = (guint) (percent / 100.0 * (samples_us->len - 1) + 0.5);
  g_array_sort (samples_us, compare_samples);
  return MAX (g_array_index (samples_us, gint64, at), unanswered_us);
}

char *
flash_latency_probe_dup_report (FlashLatencyProbe *self)
{
  static const char *const names[N_LATENCIES] = { "loop", "paint", "frame" };
  static const double percents[] = { 50, 95, 99, 100 };
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < N_LATENCIES; i++) {
    if (self->samples_us[i]->len == 0)
      continue;
    g_string_append_printf (out, "%-5s %6u samples", names[i], self->samples_us[i]->len);
    for (guint p = 0; p < G_N_ELEMENTS (percents); p++)
      g_string_append_printf (out, "  p%.0f %.2f ms", percents[p],
                              flash_latency_probe_get_percentile (self, i, percents[p]) / 1000.0);
    g_string_append_c (out, '\n');
  }
  return g_string_free (out, FALSE);
}

void
flash_latency_probe_stop (FlashLatencyProbe *self)
{
  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->is_stopping, TRUE);
  g_cond_signal (&self->stopping_changed);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);

  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (self->widget, self->tick_id);
  if (self->clock != NULL) {
    g_signal_handler_disconnect (self->clock, self->before_paint_id);
    g_signal_handler_disconnect (self->clock, self->after_paint_id);
    g_object_unref (self->clock);
    g_object_unref (self->widget);
  }
  release (self);
}
