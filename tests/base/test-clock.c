/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-clock.h"

#define MS 1000

static void
test_virtual (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  gint64 real_start = g_get_monotonic_time ();

  g_assert_cmpint (flash_clock_get_time_us (clock), ==, 0);
  g_assert_true (flash_clock_wait_us (clock, 7, NULL, NULL));
  g_assert_cmpint (flash_clock_get_time_us (clock), ==, 7);
  g_assert_true (flash_clock_wait_ms (clock, 3600 * 1000, NULL, NULL));
  g_assert_cmpint (flash_clock_get_time_us (clock), ==, G_GINT64_CONSTANT (3600000007));
  g_assert_true (flash_clock_wait_us (clock, 0, NULL, NULL));
  g_assert_true (flash_clock_wait_us (clock, -5, NULL, NULL));
  g_assert_cmpint (flash_clock_get_time_us (clock), ==, G_GINT64_CONSTANT (3600000007));
  g_assert_cmpint (g_get_monotonic_time () - real_start, <, 60 * 1000 * MS);
}

/* The largest number of milliseconds is still no overflow. */
static void
test_virtual_long (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();

  g_assert_true (flash_clock_wait_ms (clock, G_MAXUINT, NULL, NULL));
  g_assert_cmpint (flash_clock_get_time_us (clock), ==, (gint64) G_MAXUINT * 1000);
}

static void
check_cancelled_before (FlashClock *clock)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gint64 start = flash_clock_get_time_us (clock);

  g_cancellable_cancel (cancellable);
  for (gint64 duration_us = -1; duration_us < (gint64) G_USEC_PER_SEC * 3600;
       duration_us += (gint64) G_USEC_PER_SEC * 600) {
    g_autoptr (GError) error = NULL;

    g_assert_false (flash_clock_wait_us (clock, duration_us, cancellable, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  }
  g_assert_cmpint (flash_clock_get_time_us (clock) - start, <, G_USEC_PER_SEC * 60);
}

/* A wait that is cancelled already takes no time, on either clock. */
static void
test_cancelled_before (void)
{
  g_autoptr (FlashClock) virtual_clock = flash_clock_new_virtual ();
  g_autoptr (FlashClock) real_clock = flash_clock_new_real ();

  check_cancelled_before (virtual_clock);
  g_assert_cmpint (flash_clock_get_time_us (virtual_clock), ==, 0);
  check_cancelled_before (real_clock);
}

static void
test_real (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_real ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gint64 start = flash_clock_get_time_us (clock);

  g_assert_true (flash_clock_wait_ms (clock, 20, cancellable, NULL));
  g_assert_cmpint (flash_clock_get_time_us (clock) - start, >=, 20 * MS);
  g_assert_true (flash_clock_wait_us (clock, 0, cancellable, NULL));
}

static gpointer
cancel_soon (gpointer data)
{
  g_autoptr (FlashClock) clock = flash_clock_new_real ();

  g_assert_true (flash_clock_wait_ms (clock, 30, NULL, NULL));
  g_cancellable_cancel (data);
  return NULL;
}

/* Cancelled from another thread, in the middle of a wait of an hour. */
static void
test_cancel_ends_wait (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_real ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  GThread *thread;

  g_main_context_push_thread_default (context);
  thread = g_thread_new ("cancel-soon", cancel_soon, cancellable);
  g_assert_false (flash_clock_wait_ms (clock, 3600 * 1000, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * 1000 * MS);
  g_thread_join (thread);
  g_main_context_pop_thread_default (context);
}

static gboolean
count (gpointer data)
{
  (*(guint *) data)++;
  return G_SOURCE_CONTINUE;
}

/* The thread's context goes on while it waits, and nothing of the wait stays in it. */
static void
test_context_runs (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_real ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) source = g_timeout_source_new (1);
  guint n = 0;

  g_main_context_push_thread_default (context);
  g_source_set_callback (source, count, &n, NULL);
  g_source_attach (source, context);
  g_assert_true (flash_clock_wait_ms (clock, 50, NULL, NULL));
  g_assert_cmpuint (n, >, 0);
  g_source_destroy (source);
  g_assert_false (g_main_context_pending (context));
  g_main_context_pop_thread_default (context);
}

static gpointer
wait_often (gpointer data)
{
  for (guint i = 0; i < 1000; i++)
    g_assert_true (flash_clock_wait_us (data, 1, NULL, NULL));
  return NULL;
}

static void
test_virtual_threads (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("wait-often", wait_often, clock);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (flash_clock_get_time_us (clock), ==, 4000);
}

static gpointer
cancel_in_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

/* A wait that ends by itself while another thread cancels it: it ends, whoever comes
 * first, and lets go of the cancellable. */
static void
test_cancel_race (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_real ();

  for (guint i = 0; i < 500; i++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GError) error = NULL;
    GThread *thread = g_thread_new ("cancel", cancel_in_thread, cancellable);

    if (!flash_clock_wait_us (clock, i, cancellable, &error))
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_thread_join (thread);
    g_assert_cmpuint (G_OBJECT (cancellable)->ref_count, ==, 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/virtual", test_virtual);
  g_test_add_func ("/clock/virtual-long", test_virtual_long);
  g_test_add_func ("/clock/virtual-threads", test_virtual_threads);
  g_test_add_func ("/clock/cancelled-before", test_cancelled_before);
  g_test_add_func ("/clock/real", test_real);
  g_test_add_func ("/clock/cancel-ends-wait", test_cancel_ends_wait);
  g_test_add_func ("/clock/context-runs", test_context_runs);
  g_test_add_func ("/clock/cancel-race", test_cancel_race);
  return g_test_run ();
}
