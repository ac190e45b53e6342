/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker and the mailbox: who runs where, what is delivered, how often. */
#include "config.h"

#include "flash-mailbox.h"
#include "flash-worker.h"

#define N_UPDATES 100000
#define N_EVENTS 11

static void
record_thread (gpointer data)
{
  GThread **out_thread = data;

  *out_thread = g_thread_self ();
}

static void
test_worker_order (void)
{
  FlashWorker *worker = flash_worker_new ("test");
  GThread *threads[2] = { NULL, NULL };

  flash_worker_push (worker, record_thread, &threads[0], NULL);
  flash_worker_push (worker, record_thread, &threads[1], NULL);
  g_assert_false (flash_worker_is_current (worker));
  flash_worker_free (worker);
  g_assert_nonnull (threads[0]);
  g_assert_true (threads[0] == threads[1]);
  g_assert_true (threads[0] != g_thread_self ());
}

static void
record_context (gpointer data)
{
  GMainContext **out_context = data;

  *out_context = g_main_context_get_thread_default ();
}

static void
test_worker_context (void)
{
  FlashWorker *worker = flash_worker_new ("test");
  GMainContext *context = NULL;

  flash_worker_push (worker, record_context, &context, NULL);
  flash_worker_free (worker);
  g_assert_nonnull (context);
  g_assert_true (context != g_main_context_default ());
}

static void
count_free (gpointer data)
{
  g_atomic_int_inc ((int *) data);
}

static void
do_nothing (gpointer data)
{
}

static void
test_worker_frees (void)
{
  FlashWorker *worker = flash_worker_new ("test");
  int n_freed = 0;

  for (guint i = 0; i < 5; i++)
    flash_worker_push (worker, do_nothing, &n_freed, count_free);
  flash_worker_free (worker);
  g_assert_cmpint (n_freed, ==, 5);
}

typedef struct {
  FlashMailbox *mailbox;
  GMainLoop *loop;
  guint n_progress;
  guint n_events;
  guint64 last_bytes;
} News;

static void
on_event (FlashEvent *event, gpointer data)
{
  News *news = data;

  g_assert_cmpuint (event->bytes, ==, news->n_events);
  if (++news->n_events == N_EVENTS)
    g_main_loop_quit (news->loop);
}

static void
on_progress (const FlashSnapshot *snapshot, gpointer data)
{
  News *news = data;

  g_assert_cmpuint (snapshot->bytes_done, >=, news->last_bytes);
  news->last_bytes = snapshot->bytes_done;
  news->n_progress++;
}

static void
post_many (gpointer data)
{
  News *news = data;

  for (guint i = 0; i <= N_UPDATES; i++) {
    FlashSnapshot snapshot = { .bytes_done = i };

    flash_mailbox_post_progress (news->mailbox, &snapshot);
    if (i % (N_UPDATES / (N_EVENTS - 1)) == 0) {
      g_autoptr (FlashEvent) event = flash_event_new (FLASH_EVENT_WRITTEN);

      event->bytes = i / (N_UPDATES / (N_EVENTS - 1));
      flash_mailbox_post_event (news->mailbox, event);
    }
  }
}

static void
test_mailbox (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  News news = { .loop = loop };
  const FlashSink sink = { on_event, on_progress, &news };
  FlashWorker *worker = flash_worker_new ("test");

  news.mailbox = flash_mailbox_new (g_main_context_default (), &sink);
  flash_worker_push (worker, post_many, &news, NULL);
  g_main_loop_run (loop);
  flash_worker_free (worker);
  flash_mailbox_free (news.mailbox);

  g_assert_cmpuint (news.n_events, ==, N_EVENTS);
  g_assert_cmpuint (news.last_bytes, ==, N_UPDATES);
  g_test_message ("%d updates were delivered in %u wake-ups", N_UPDATES, news.n_progress);
  g_assert_cmpuint (news.n_progress, <=, N_UPDATES);
}

/* What was posted and not delivered is forgotten, not leaked and not delivered later. */
static void
test_mailbox_undelivered (void)
{
  News news = { 0 };
  const FlashSink sink = { on_event, on_progress, &news };
  FlashMailbox *mailbox = flash_mailbox_new (g_main_context_default (), &sink);
  g_autoptr (FlashEvent) event = flash_event_new (FLASH_EVENT_WRITTEN);
  FlashSnapshot snapshot = { .bytes_done = 1 };

  flash_mailbox_post_event (mailbox, event);
  flash_mailbox_post_progress (mailbox, &snapshot);
  flash_mailbox_free (mailbox);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (news.n_events + news.n_progress, ==, 0);
}

typedef struct {
  FlashMailbox *mailbox;
  gint is_stopping; /* atomic */
} Flood;

static void
post_for_ever (gpointer data)
{
  Flood *flood = data;
  FlashSnapshot snapshot = { 0 };

  while (!g_atomic_int_get (&flood->is_stopping))
    flash_mailbox_post_progress (flood->mailbox, &snapshot);
}

static gboolean
on_drawn (gpointer data)
{
  guint *n_drawn = data;

  return ++*n_drawn < 1000;
}

/* However fast a board is, the main loop has time to draw, which comes after all else. */
static void
test_mailbox_flood (void)
{
  News news = { 0 };
  const FlashSink sink = { on_event, on_progress, &news };
  FlashWorker *worker = flash_worker_new ("test");
  Flood flood = { .mailbox = flash_mailbox_new (g_main_context_default (), &sink) };
  guint n_drawn = 0;
  gint64 start_us = g_get_monotonic_time ();

  flash_worker_push (worker, post_for_ever, &flood, NULL);
  g_idle_add_full (G_PRIORITY_LOW, on_drawn, &n_drawn, NULL);
  while (n_drawn < 1000 || news.n_progress < 3)
    g_main_context_iteration (NULL, TRUE);
  g_test_message ("drawn %u times, news %u times, in %" G_GINT64_FORMAT " ms", n_drawn,
                  news.n_progress, (g_get_monotonic_time () - start_us) / 1000);
  g_atomic_int_set (&flood.is_stopping, TRUE);
  flash_worker_free (worker);
  flash_mailbox_free (flood.mailbox);
  /* Thirty times a second, and a few for the machine's moods. */
  g_assert_cmpint (news.n_progress, <=,
                   3 + (g_get_monotonic_time () - start_us) * 31 / G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/worker/order", test_worker_order);
  g_test_add_func ("/worker/context", test_worker_context);
  g_test_add_func ("/worker/frees", test_worker_frees);
  g_test_add_func ("/mailbox/latest-and-all", test_mailbox);
  g_test_add_func ("/mailbox/flood", test_mailbox_flood);
  g_test_add_func ("/mailbox/undelivered", test_mailbox_undelivered);
  return g_test_run ();
}
