/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-job"

#include "config.h"

#include "flash-cli-job.h"

#include "flash-advice.h"
#include "flash-cli-bar.h"
#include "flash-cli-diag.h"
#include "flash-text.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdlib.h>

/* Programs want news, not a flood of them. */
#define JSON_PROGRESS_US (G_USEC_PER_SEC / 5)

typedef struct {
  FlashJob *job;
  GMainLoop *loop;
  FlashCliBar *bar;
  gboolean is_json;
  gint64 told_us; /* when progress was last printed as JSON */
} Run;

static const char *
get_stage_text (const char *stage)
{
  if (g_str_equal (stage, "rom"))
    return _ ("its ROM");
  if (g_str_equal (stage, "tf-a"))
    return _ ("TF-A, the first boot stage");
  return _ ("U-Boot");
}

static void
print_step (Run *self, const char *what, const FlashEvent *event)
{
  const FlashPlanStep *step =
      flash_plan_get_step (flash_job_get_plan (self->job), (guint) event->step);
  g_autofree char *name = flash_cli_dup_safe (step->name);
  g_autofree char *size = flash_text_size (event->bytes);

  g_print ("  %-9s 0x%02x  %-16s %10s  %5.1f s\n", what, step->id, name, size,
           event->duration_ms / 1000.0);
}

/* Every code that a job tells has its advice. */
static char *
dup_advice (const char *code)
{
  const FlashAdvice *advice = flash_advice_find (code);

  return g_strdup_printf ("%s [%s]\n%s\n", _ (advice->cause), code, _ (advice->remedy));
}

static void
print_warning (const FlashEvent *event)
{
  g_autofree char *advice = dup_advice (event->code);

  g_print ("%s", advice);
}

static void
print_failure (const FlashEvent *event)
{
  g_autofree char *advice = dup_advice (event->code);
  g_autofree char *message = flash_cli_dup_safe (event->message);

  g_printerr ("\n%s", advice);
  if (g_str_equal (event->code, "cancelled"))
    return;
  if (event->device_text != NULL)
    g_printerr (_ ("The board says: %s"), event->device_text);
  else
    g_printerr (_ ("In detail: %s"), message);
  g_printerr ("\n");
}

static void
print_event (Run *self, const FlashEvent *event)
{
  flash_cli_bar_hide (self->bar);
  switch (event->kind) {
  case FLASH_EVENT_STAGE:
    g_print (_ ("The board runs %s: %s"), get_stage_text (event->stage), event->message);
    g_print ("\n");
    break;
  case FLASH_EVENT_LOST:
    g_print ("%s\n", _ ("The board leaves and is awaited back…"));
    break;
  case FLASH_EVENT_RETURNED:
    g_print (_ ("It is back after %.1f s."), event->duration_ms / 1000.0);
    g_print ("\n");
    break;
  case FLASH_EVENT_WRITTEN:
    print_step (self, _ ("written"), event);
    break;
  case FLASH_EVENT_VERIFIED:
    print_step (self, _ ("verified"), event);
    break;
  case FLASH_EVENT_STARTED:
    g_print ("%s\n", _ ("The board started what it was given."));
    break;
  case FLASH_EVENT_WARNING:
    print_warning (event);
    break;
  case FLASH_EVENT_FAILED:
    print_failure (event);
    break;
  case FLASH_EVENT_PARTITION:
  case FLASH_EVENT_FINISHED:
    break;
  }
}

static const char *
get_state_text (FlashBoardState state)
{
  switch (state) {
  case FLASH_BOARD_UNTOUCHED:
    return _ ("Nothing was sent; the board is as it was.");
  case FLASH_BOARD_FINISHED:
    return _ ("The board waits in U-Boot. Set its boot switches to the storage and reset it.");
  case FLASH_BOARD_STARTED:
    return _ ("The board was given over to what it runs now.");
  case FLASH_BOARD_NEEDS_RESET:
    return _ ("The board needs a reset into serial boot before it can be flashed again.");
  case FLASH_BOARD_AWAY:
    return _ ("The board is not on the bus.");
  }
  g_return_val_if_reached ("");
}

/* Tells how much of what the job is for was written: partitions, or else the boot stages. */
static void
print_written (Run *self)
{
  FlashPlan *plan = flash_job_get_plan (self->job);
  const FlashResult *result = flash_job_get_result (self->job);
  gboolean has_partitions = flash_plan_has_partitions (plan);
  FlashPlanKind kind = has_partitions ? FLASH_PLAN_PARTITION : FLASH_PLAN_BOOT;
  guint n_written = 0, n_total = 0;

  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++) {
    if (flash_plan_get_step (plan, i)->kind != kind)
      continue;
    n_written += flash_result_is_written (result, i);
    n_total++;
  }
  g_print (has_partitions ? _ ("Written:  %u of %u partitions")
                          : _ ("Written:  %u of %u boot stages"),
           n_written, n_total);
  g_print ("\n");
}

/* The three facts, each on its own, and what to do now. */
static void
print_result (Run *self)
{
  FlashPlan *plan = flash_job_get_plan (self->job);
  const FlashResult *result = flash_job_get_result (self->job);

  g_print ("\n");
  print_written (self);
  g_print ("%s\n", flash_result_is_all_verified (result, plan) ? _ ("Verified: yes")
                   : flash_job_is_verifying (self->job)        ? _ ("Verified: no")
                                                               : _ ("Verified: not asked for"));
  g_print ("%s\n", result->started ? _ ("Started:  yes") : _ ("Started:  no"));
  if (result->partial_step >= 0) {
    const FlashPlanStep *step = flash_plan_get_step (plan, (guint) result->partial_step);
    g_autofree char *name = flash_cli_dup_safe (step->name);
    g_autofree char *bytes = flash_text_size (result->partial_bytes);
    g_autofree char *size = flash_text_size (step->size);

    g_print (_ ("Partly:   %s, %s of %s were sent"), name, bytes, size);
    g_print ("\n");
  }
  g_print ("%s\n", get_state_text (result->board_state));
}

static void
on_event (FlashJob *job, FlashEvent *event, Run *self)
{
  if (self->is_json)
    flash_cli_job_json_event (job, event);
  else
    print_event (self, event);
}

static char *
describe_progress (Run *self)
{
  const FlashSnapshot *snapshot = flash_job_get_snapshot (self->job);
  guint64 rate = flash_job_get_rate (self->job);
  GString *text = g_string_new (NULL);
  guint seconds_left;

  if (snapshot->activity == FLASH_ACTIVITY_WAITING) {
    g_string_append_printf (text, _ ("waiting, %u s"), snapshot->waited_ms / 1000);
  } else if (snapshot->step >= 0) {
    const FlashPlanStep *step =
        flash_plan_get_step (flash_job_get_plan (self->job), (guint) snapshot->step);
    g_autofree char *name = flash_cli_dup_safe (step->name);

    g_string_append (text, name);
  }
  if (rate > 0 && snapshot->activity == FLASH_ACTIVITY_SENDING) {
    g_autofree char *size = flash_text_size (rate);

    g_string_append_printf (text, "  %s/s", size);
  }
  if (flash_job_get_seconds_left (self->job, &seconds_left)) {
    g_autofree char *left = flash_text_duration (seconds_left);

    g_string_append (text, "  ");
    g_string_append_printf (text, _ ("%s left"), left);
  }
  return g_string_free (text, FALSE);
}

static void
on_progress (FlashJob *job, Run *self)
{
  gint64 now_us = g_get_monotonic_time ();
  g_autofree char *text = NULL;

  if (!self->is_json) {
    text = describe_progress (self);
    flash_cli_bar_show (self->bar, flash_job_get_snapshot (job)->fraction, text);
  } else if (now_us - self->told_us >= JSON_PROGRESS_US) {
    self->told_us = now_us;
    flash_cli_job_json_progress (job);
  }
}

static void
on_finished (FlashJob *job, Run *self)
{
  flash_cli_bar_hide (self->bar);
  if (!self->is_json)
    print_result (self);
  g_main_loop_quit (self->loop);
}

/* The first Ctrl-C stops at the next block. A second one is for somebody who will not wait for a
 * board that hangs. */
static gboolean
on_signal (gpointer data)
{
  Run *self = data;

  if (flash_job_is_cancelled (self->job)) {
    flash_cli_bar_hide (self->bar);
    g_printerr ("%s\n", _ ("Left at once, without a word from the board. Reset it into serial boot "
                           "before it is flashed again."));
    _Exit (FLASH_CLI_STOPPED);
  }
  flash_cli_bar_hide (self->bar);
  g_printerr ("%s\n", _ ("Stopping… Press Ctrl-C again to leave at once."));
  flash_job_cancel (self->job);
  return G_SOURCE_CONTINUE;
}

FlashCliExit
flash_cli_job_get_exit (FlashJob *job)
{
  const GError *error = flash_job_get_error (job);
  const FlashResult *result = flash_job_get_result (job);

  if (error == NULL)
    return FLASH_CLI_DONE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FLASH_CLI_STOPPED;
  if (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_VERIFY_MISMATCH))
    return FLASH_CLI_DIFFERENT;
  if (result->board_state == FLASH_BOARD_UNTOUCHED &&
      (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NO_PERMISSION) ||
       g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_BUSY)))
    return FLASH_CLI_NO_BOARD;
  if (result->board_state == FLASH_BOARD_UNTOUCHED &&
      (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FILE_CHANGED) ||
       g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FILE_UNREADABLE)))
    return FLASH_CLI_INPUT;
  return FLASH_CLI_FAILED;
}

FlashCliExit
flash_cli_job_run (FlashJob *job, gboolean is_json)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (FlashCliBar) bar = flash_cli_bar_new ();
  Run self = { .job = job, .loop = loop, .bar = bar, .is_json = is_json };
  guint sources[G_N_ELEMENTS (signals)];

  /* A reader that went away is no reason to leave a board half written. */
  signal (SIGPIPE, SIG_IGN);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sources[i] = g_unix_signal_add (signals[i], on_signal, &self);
  g_signal_connect (job, "event", G_CALLBACK (on_event), &self);
  g_signal_connect (job, "progress", G_CALLBACK (on_progress), &self);
  g_signal_connect (job, "finished", G_CALLBACK (on_finished), &self);

  if (is_json)
    flash_cli_job_json_plan (job);
  flash_job_start (job);
  g_main_loop_run (loop);

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  g_signal_handlers_disconnect_by_data (job, &self);
  return flash_cli_job_get_exit (job);
}
