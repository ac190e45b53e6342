/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-job"

#include "config.h"

#include "flash-cli-job.h"

#include "flash-advice.h"
#include "flash-cli-bar.h"
#include "flash-cli-diag.h"
#include "flash-cli-doctor.h"
#include "flash-cli-job-ask.h"
#include "flash-text.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdlib.h>

/* A look at the port takes some hundredths of a second; nobody waits longer for the cause. */
#define HOLD_MS 1500
/* Programs want news, not a flood of them. */
#define JSON_PROGRESS_US (G_USEC_PER_SEC / 5)

typedef struct {
  FlashJob *job;
  GMainLoop *loop;
  FlashCliBar *bar;
  FlashCliJobAsk *ask;
  gboolean is_json;
  gint64 told_us; /* when progress was last printed as JSON */
  FlashCliJobEnd end; /* (nullable) */
  gpointer end_data;
  FlashCliExit exit_code; /* once it is over */
  FlashDoctor *doctor; /* (nullable) */
  FlashFindings told; /* what was said last of a board that is away */
  GQueue held; /* (element-type FlashEvent): from a failure on, until the port was looked at */
  guint hold_timer; /* source id, while events are held */
  gboolean is_finished; /* with all that is held, the job is */
} Run;

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
print_cause (const FlashEvent *event)
{
  g_autofree char *advice = dup_advice (event->code);

  g_printerr ("\n%s", advice);
}

static void
print_detail (const FlashEvent *event)
{
  g_autofree char *message = flash_cli_dup_safe (event->message);

  if (g_str_equal (event->code, "cancelled"))
    return;
  if (event->device_text != NULL)
    g_printerr (_ ("The board says: %s"), event->device_text);
  else
    g_printerr (_ ("In detail: %s"), message);
  g_printerr ("\n");
}

void
flash_cli_job_print_common (const FlashEvent *event)
{
  switch (event->kind) {
  case FLASH_EVENT_LOST:
    g_print ("%s\n", _ ("The board leaves and is awaited back…"));
    break;
  case FLASH_EVENT_RETURNED:
    g_print (_ ("It is back after %.1f s."), event->duration_ms / 1000.0);
    g_print ("\n");
    break;
  case FLASH_EVENT_WARNING:
    print_warning (event);
    break;
  case FLASH_EVENT_FAILED:
    print_cause (event);
    print_detail (event);
    break;
  case FLASH_EVENT_STAGE:
  case FLASH_EVENT_PARTITION:
  case FLASH_EVENT_STEP:
  case FLASH_EVENT_WRITTEN:
  case FLASH_EVENT_DROPPED:
  case FLASH_EVENT_VERIFIED:
  case FLASH_EVENT_STARTED:
  case FLASH_EVENT_PAUSED:
  case FLASH_EVENT_RESUMED:
  case FLASH_EVENT_FINISHED:
    break;
  }
}

/* A question may be opened before it is known where the board is, or after that. */
static void
offer_port (Run *self)
{
  if (self->doctor != NULL)
    flash_cli_job_ask_offer (self->ask, flash_doctor_get_symptoms (self->doctor)->elsewhere);
}

static void release (Run *self);

static void
on_diagnosis (FlashDoctor *doctor, Run *self)
{
  const FlashFindings *findings = flash_doctor_get_findings (doctor);
  FlashMoment moment = flash_doctor_get_symptoms (doctor)->moment;

  offer_port (self);
  if (self->hold_timer != 0 && !flash_doctor_awaits_look (doctor))
    release (self);
  /* It is back: if it goes again, that is said again. */
  if (moment == FLASH_MOMENT_BEFORE)
    self->told = (FlashFindings){ 0 };
  if (moment != FLASH_MOMENT_AWAY || findings->cause == NULL ||
      flash_findings_equal (findings, &self->told))
    return;
  self->told = *findings;
  if (self->is_json) {
    flash_cli_doctor_json (doctor);
    return;
  }
  flash_cli_bar_hide (self->bar);
  flash_cli_doctor_print (doctor);
}

/* What the doctor has to say about an event of the job: it has been told that already. Returns:
 * whether the event's own words are not needed. */
static gboolean
tell_diagnosis (Run *self, const FlashEvent *event)
{
  if (self->doctor == NULL)
    return FALSE;
  if (event->kind == FLASH_EVENT_LOST || event->kind == FLASH_EVENT_RETURNED)
    self->told = (FlashFindings){ 0 };
  if (event->kind == FLASH_EVENT_WARNING)
    return !self->is_json && self->told.cause != NULL && g_str_equal (event->code, "still-waiting");
  if (event->kind != FLASH_EVENT_FAILED ||
      !flash_cli_doctor_knows_better (self->doctor, event->code))
    return FALSE;
  if (self->is_json)
    flash_cli_doctor_json (self->doctor);
  else
    flash_cli_doctor_print_failure (self->doctor, event->code);
  return TRUE;
}

static void
print_event (Run *self, const FlashEvent *event, gboolean is_told)
{
  if (event->kind == FLASH_EVENT_FAILED) {
    if (!is_told)
      print_cause (event);
    print_detail (event);
  } else if (!is_told) {
    flash_cli_job_print_common (event);
  }
  flash_cli_job_get_face (self->job)->print_event (self->job, event);
}

static void
take_event (Run *self, FlashEvent *event)
{
  FlashJob *job = self->job;
  gboolean is_told;

  if (!self->is_json) {
    flash_cli_bar_hide (self->bar);
    flash_cli_job_ask_hear (self->ask, event);
    offer_port (self);
  }
  is_told = tell_diagnosis (self, event);
  if (event->kind == FLASH_EVENT_FINISHED) {
    self->exit_code = flash_cli_job_get_exit (job);
    if (self->exit_code == FLASH_CLI_DONE && self->end != NULL)
      self->exit_code = self->end (job, self->end_data);
  }
  if (self->is_json) {
    flash_cli_job_json_event (job, event, self->exit_code);
    return;
  }
  print_event (self, event, is_told);
}

static void
finish (Run *self)
{
  flash_cli_bar_hide (self->bar);
  if (!self->is_json)
    flash_cli_job_get_face (self->job)->print_result (self->job);
  g_main_loop_quit (self->loop);
}

/* Tells what was held, in order. */
static void
release (Run *self)
{
  FlashEvent *event;

  g_clear_handle_id (&self->hold_timer, g_source_remove);
  while ((event = g_queue_pop_head (&self->held)) != NULL) {
    take_event (self, event);
    flash_event_unref (event);
  }
  if (self->is_finished)
    finish (self);
}

static gboolean
on_held_long (gpointer data)
{
  Run *self = data;

  self->hold_timer = 0;
  release (self);
  return G_SOURCE_REMOVE;
}

/* The cause of a failure is told once the port was looked at, and all that follows after it. */
static void
on_event (FlashJob *job, FlashEvent *event, Run *self)
{
  if (event->kind == FLASH_EVENT_FAILED && self->doctor != NULL &&
      flash_doctor_awaits_look (self->doctor))
    self->hold_timer = g_timeout_add (HOLD_MS, on_held_long, self);
  if (self->hold_timer != 0)
    g_queue_push_tail (&self->held, flash_event_ref (event));
  else
    take_event (self, event);
}

static char *
describe_progress (Run *self)
{
  const FlashSnapshot *snapshot = flash_job_get_snapshot (self->job);
  guint64 rate = flash_job_get_rate (self->job);
  GString *text = g_string_new (NULL);
  guint seconds_left;

  if (snapshot->activity == FLASH_ACTIVITY_WAITING || snapshot->activity == FLASH_ACTIVITY_PAUSED) {
    g_string_append_printf (text, _ ("waiting, %u s"), snapshot->waited_ms / 1000);
  } else {
    g_autofree char *what = flash_cli_job_get_face (self->job)->dup_progress (self->job);

    g_string_append (text, what);
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

  /* The bar would be drawn over what is asked. */
  if (flash_cli_job_ask_is_open (self->ask))
    return;
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
  self->is_finished = TRUE;
  if (self->hold_timer == 0)
    finish (self);
}

/* The first Ctrl-C stops at the next block. A second one is for somebody who will not wait for a
 * board that hangs. */
static gboolean
on_signal (gpointer data)
{
  Run *self = data;

  if (flash_job_is_cancelled (self->job)) {
    flash_cli_bar_hide (self->bar);
    g_printerr ("%s\n", _ (flash_cli_job_get_face (self->job)->left_at_once));
    _Exit (FLASH_CLI_STOPPED);
  }
  flash_cli_bar_hide (self->bar);
  g_printerr ("%s\n", _ ("Stopping… Press Ctrl-C again to leave at once."));
  flash_job_cancel (self->job);
  return G_SOURCE_CONTINUE;
}

const FlashCliJobFace *
flash_cli_job_get_face (FlashJob *job)
{
  return flash_job_get_mcu_job (job) != NULL ? &flash_cli_job_mcu_face : &flash_cli_job_layout_face;
}

FlashCliExit
flash_cli_job_get_exit (FlashJob *job)
{
  const GError *error = flash_job_get_error (job);

  if (error == NULL)
    return FLASH_CLI_DONE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FLASH_CLI_STOPPED;
  return flash_cli_job_get_face (job)->get_exit (job);
}

static FlashCliExit
run (FlashJob *job, gboolean is_json, FlashDoctor *doctor, FlashCliJobEnd end, gpointer data)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (FlashCliBar) bar = flash_cli_bar_new ();
  g_autoptr (FlashCliJobAsk) ask = flash_cli_job_ask_new (job, FLASH_CLI_JOB_ASK_LIMIT_S);
  Run self = { .job = job,
               .loop = loop,
               .bar = bar,
               .ask = ask,
               .is_json = is_json,
               .end = end,
               .end_data = data,
               .doctor = doctor,
               .held = G_QUEUE_INIT };
  guint sources[G_N_ELEMENTS (signals)];

  /* A reader that went away is no reason to leave a board half written. */
  signal (SIGPIPE, SIG_IGN);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sources[i] = g_unix_signal_add (signals[i], on_signal, &self);
  /* The doctor hears of everything first, so that its word can stand for the engine's. */
  if (doctor != NULL) {
    flash_doctor_follow (doctor, job);
    g_signal_connect (doctor, "changed", G_CALLBACK (on_diagnosis), &self);
  }
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
  if (doctor != NULL)
    g_signal_handlers_disconnect_by_data (doctor, &self);
  return self.exit_code;
}

FlashCliExit
flash_cli_job_run_to (FlashJob *job, gboolean is_json, FlashCliJobEnd end, gpointer data)
{
  return run (job, is_json, NULL, end, data);
}

FlashCliExit
flash_cli_job_run_watched (FlashJob *job, gboolean is_json, FlashDoctor *doctor)
{
  return run (job, is_json, doctor, NULL, NULL);
}

FlashCliExit
flash_cli_job_run (FlashJob *job, gboolean is_json)
{
  return flash_cli_job_run_to (job, is_json, NULL, NULL);
}
