/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-port-link"

#include "config.h"

#include "flash-port-link.h"

#include "flash-job-error.h"

/* ROMs and gadgets may refuse string requests at first (stm32mp-usb.md section 1.11), and a fast
 * host may get some only at the next try (stm32-dfuse.md section 7.1, number 22). */
#define STRINGS_MS 10000
/* A question to a board of which nobody knows whether it lives. */
#define PROBE_TIMEOUT_MS 1000
/* After so much silence people want to know what is going on (users-and-journeys.md section 3). */
#define TELL_AFTER_MS 5000
/* How long a board that may go on without leaving the bus gets before it is asked. */
#define MAY_STAY_AFTER_MS 1500

void
flash_port_link_init (FlashPortLink *self, const FlashPortClass *klass, gpointer owner,
                      FlashProvider *provider, FlashBoard *board, FlashClock *clock,
                      FlashJobGate *gate, GCancellable *cancellable, const FlashSink *sink)
{
  *self = (FlashPortLink){
    .klass = klass,
    .owner = owner,
    .provider = g_object_ref (provider),
    .clock = g_object_ref (clock),
    .cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL,
    .sink = sink,
    .gate = gate != NULL ? flash_job_gate_ref (gate) : NULL,
    .board = g_object_ref (board),
    .port = g_strdup (flash_board_get_port (board)),
  };
}

void
flash_port_link_close (FlashPortLink *self)
{
  self->klass->close (self->owner);
  if (self->transport != NULL)
    flash_transport_close (self->transport);
  g_clear_object (&self->transport);
}

void
flash_port_link_clear (FlashPortLink *self)
{
  flash_port_link_close (self);
  g_clear_pointer (&self->gate, flash_job_gate_unref);
  g_clear_pointer (&self->port, g_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->board);
  g_clear_object (&self->clock);
  g_clear_object (&self->provider);
}

guint
flash_port_link_get_elapsed_ms (FlashPortLink *self, gint64 since_us)
{
  return (guint) ((flash_clock_get_time_us (self->clock) - since_us) / 1000);
}

/* --- The port ------------------------------------------------------------------------------- */

static void
set_port (FlashPortLink *self, const char *port)
{
  if (g_str_equal (self->port, port))
    return;
  g_free (self->port);
  self->port = g_strdup (port);
}

/* Only while the board is away: at other times it is where it is. */
static void
follow_move (FlashPortLink *self)
{
  g_autofree char *port = self->gate != NULL ? flash_job_gate_take_port (self->gate) : NULL;

  if (port == NULL)
    return;
  g_debug ("the board is said to be on port %s", port);
  set_port (self, port);
}

/* What was said about another port is history: the board is back, or has only just left. */
static void
forget_move (FlashPortLink *self)
{
  if (self->gate != NULL)
    g_free (flash_job_gate_take_port (self->gate));
}

gboolean
flash_port_link_is_moved (FlashPortLink *self)
{
  return !g_str_equal (self->port, flash_board_get_port (self->board));
}

FlashBoard *
flash_port_link_peek (FlashPortLink *self)
{
  return flash_provider_peek_port (self->provider, self->port);
}

gboolean
flash_port_link_is_present (FlashPortLink *self)
{
  g_autoptr (FlashBoard) board = flash_port_link_peek (self);

  return board != NULL;
}

/* Another port has generations of its own. */
static gboolean
is_same_presence (FlashBoard *a, FlashBoard *b)
{
  return flash_board_get_generation (a) == flash_board_get_generation (b) &&
         g_str_equal (flash_board_get_port (a), flash_board_get_port (b));
}

/* --- News ----------------------------------------------------------------------------------- */

static void
emit (FlashPortLink *self, FlashEvent *event)
{
  self->sink->event (event, self->sink->data);
}

/* @message: (nullable) */
static void
tell (FlashPortLink *self, FlashEventKind kind, const char *stage, guint duration_ms,
      const char *message)
{
  g_autoptr (FlashEvent) event = flash_event_new (kind);

  event->stage = stage;
  event->duration_ms = duration_ms;
  event->message = g_strdup (message);
  emit (self, event);
}

static void
tell_paused (FlashPortLink *self, FlashJobQuestion question, guint waited_ms)
{
  g_autoptr (FlashEvent) event = flash_event_new (FLASH_EVENT_PAUSED);

  event->code = flash_job_question_get_name (question);
  event->duration_ms = waited_ms;
  emit (self, event);
}

static void
tell_resumed (FlashPortLink *self, guint waited_ms)
{
  flash_job_gate_ask (self->gate, FLASH_JOB_QUESTION_NONE);
  tell (self, FLASH_EVENT_RESUMED, NULL, waited_ms, NULL);
}

static void
report (FlashPortLink *self, FlashActivity activity, guint waited_ms, guint patience_ms)
{
  const FlashSnapshot snapshot = {
    .activity = activity, .step = -1, .waited_ms = waited_ms, .patience_ms = patience_ms
  };

  self->sink->progress (&snapshot, self->sink->data);
}

static void
tell_waiting (FlashPortLink *self, FlashPortVigil *vigil, guint waited_ms)
{
  g_autoptr (FlashEvent) event = NULL;

  report (self, vigil->is_paused ? FLASH_ACTIVITY_PAUSED : FLASH_ACTIVITY_WAITING, waited_ms,
          vigil->wait->patience_ms);
  if (vigil->is_told || waited_ms < TELL_AFTER_MS)
    return;
  vigil->is_told = TRUE;
  event = flash_event_new (FLASH_EVENT_WARNING);
  event->code = "still-waiting";
  event->duration_ms = waited_ms;
  event->message =
      g_strdup_printf ("still waiting for %s on port %s", vigil->wait->expected, self->port);
  emit (self, event);
}

/* --- Opening -------------------------------------------------------------------------------- */

FlashDescriptors *
flash_port_link_read_descriptors (FlashPortLink *self, FlashPortHasAll has_all, GError **error)
{
  gint64 start_us = flash_clock_get_time_us (self->clock);

  for (;;) {
    g_autoptr (FlashDescriptors) descriptors =
        flash_descriptors_read (self->transport, PROBE_TIMEOUT_MS, error);
    guint waited_ms = flash_port_link_get_elapsed_ms (self, start_us);

    if (descriptors == NULL || has_all (self->owner, descriptors, waited_ms) ||
        waited_ms >= STRINGS_MS)
      return g_steal_pointer (&descriptors);
    if (!flash_clock_wait_ms (self->clock, FLASH_PORT_POLL_MS, self->cancellable, error))
      return NULL;
  }
}

/* A device that is not what it should be is given back. */
static gboolean
open_board (FlashPortLink *self, FlashBoard *board, GError **error)
{
  g_set_object (&self->board, board);
  self->transport = flash_board_open (board, error);
  if (self->transport != NULL && self->klass->identify (self->owner, error))
    return TRUE;
  flash_port_link_close (self);
  return FALSE;
}

gboolean
flash_port_link_open (FlashPortLink *self, GError **error)
{
  gint64 start_us = flash_clock_get_time_us (self->clock), since_us = start_us;
  int code = -1;

  for (;;) {
    g_autoptr (GError) local_error = NULL;
    g_autoptr (FlashBoard) board = flash_port_link_peek (self);
    guint waited_ms;

    if (board == NULL)
      g_set_error_literal (&local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE,
                           "nothing is on the port");
    else if (open_board (self, board, &local_error))
      return TRUE;

    waited_ms = flash_port_link_get_elapsed_ms (self, start_us);
    since_us = local_error->code != code ? flash_clock_get_time_us (self->clock) : since_us;
    code = local_error->code;
    if (flash_port_link_get_elapsed_ms (self, since_us) >=
            self->klass->get_patience_ms (local_error) ||
        waited_ms >= FLASH_PORT_OPEN_MS) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      flash_job_error_adopt (error);
      return FALSE;
    }
    g_debug ("not yet: %s", local_error->message);
    report (self, FLASH_ACTIVITY_WAITING, waited_ms, FLASH_PORT_OPEN_MS);
    if (!flash_clock_wait_ms (self->clock, FLASH_PORT_POLL_MS, self->cancellable, error))
      return FALSE;
  }
}

/* --- Waiting -------------------------------------------------------------------------------- */

void
flash_port_link_begin_vigil (FlashPortLink *self, FlashPortVigil *vigil, const FlashPortWait *wait)
{
  gint64 now_us = flash_clock_get_time_us (self->clock);

  *vigil = (FlashPortVigil){
    .wait = wait,
    .start_us = self->lost_us > 0 ? self->lost_us : now_us,
    .limit_us = now_us + (gint64) wait->patience_ms * 1000,
  };
}

/* Returns: whether the wait goes on. */
static gboolean
hear_answer (FlashPortLink *self, FlashPortVigil *vigil, guint waited_ms)
{
  switch (flash_job_gate_get_answer (self->gate)) {
  case FLASH_JOB_ANSWER_NONE:
    return TRUE;
  case FLASH_JOB_ANSWER_GO_ON:
    vigil->is_paused = FALSE;
    follow_move (self);
    vigil->limit_us =
        flash_clock_get_time_us (self->clock) + (gint64) vigil->wait->patience_ms * 1000;
    tell_resumed (self, waited_ms);
    return TRUE;
  case FLASH_JOB_ANSWER_GIVE_UP:
    flash_job_gate_ask (self->gate, FLASH_JOB_QUESTION_NONE);
    return FALSE;
  }
  g_return_val_if_reached (FALSE);
}

gboolean
flash_port_link_keep_vigil (FlashPortLink *self, FlashPortVigil *vigil, GError **error)
{
  guint waited_ms = flash_port_link_get_elapsed_ms (self, vigil->start_us);

  if (!vigil->is_paused && flash_clock_get_time_us (self->clock) >= vigil->limit_us) {
    if (self->gate == NULL)
      return FALSE;
    vigil->is_paused = TRUE;
    flash_job_gate_ask (self->gate, FLASH_JOB_QUESTION_PATIENCE);
    tell_paused (self, FLASH_JOB_QUESTION_PATIENCE, waited_ms);
  }
  if (vigil->is_paused && !hear_answer (self, vigil, waited_ms))
    return FALSE;
  tell_waiting (self, vigil, waited_ms);
  return flash_clock_wait_ms (self->clock, FLASH_PORT_POLL_MS, self->cancellable, error);
}

void
flash_port_link_end_vigil (FlashPortLink *self, FlashPortVigil *vigil)
{
  if (vigil->is_paused)
    tell_resumed (self, flash_port_link_get_elapsed_ms (self, vigil->start_us));
  vigil->is_paused = FALSE;
}

FlashJobAnswer
flash_port_link_ask (FlashPortLink *self, FlashJobQuestion question, GError **error)
{
  gint64 start_us = self->lost_us > 0 ? self->lost_us : flash_clock_get_time_us (self->clock);
  FlashJobAnswer answer;

  g_return_val_if_fail (self->gate != NULL, FLASH_JOB_ANSWER_GIVE_UP);

  flash_job_gate_ask (self->gate, question);
  tell_paused (self, question, flash_port_link_get_elapsed_ms (self, start_us));
  while ((answer = flash_job_gate_get_answer (self->gate)) == FLASH_JOB_ANSWER_NONE) {
    report (self, FLASH_ACTIVITY_PAUSED, flash_port_link_get_elapsed_ms (self, start_us), 0);
    if (!flash_clock_wait_ms (self->clock, FLASH_PORT_POLL_MS, self->cancellable, error))
      return FLASH_JOB_ANSWER_NONE;
  }
  if (answer == FLASH_JOB_ANSWER_GO_ON)
    tell_resumed (self, flash_port_link_get_elapsed_ms (self, start_us));
  else
    flash_job_gate_ask (self->gate, FLASH_JOB_QUESTION_NONE);
  return answer;
}

/* Whether what stands on the port is worth opening: it has come back, and is not the one that is to
 * leave. */
static gboolean
has_come_back (FlashBoard *board, FlashBoard *left, guint waited_ms, const FlashPortWait *wait)
{
  return board != NULL &&
         (!is_same_presence (board, left) || (wait->may_stay && waited_ms >= MAY_STAY_AFTER_MS));
}

static gboolean
take_back (FlashPortLink *self, FlashBoard *board, FlashBoard *left, GError **error)
{
  gboolean has_stayed = is_same_presence (board, left);

  if (!open_board (self, board, error))
    return FALSE;
  if (self->klass->accept != NULL && !self->klass->accept (self->owner, has_stayed, error)) {
    flash_port_link_close (self);
    return FALSE;
  }
  self->has_left = !has_stayed;
  self->must_prove = FALSE;
  set_port (self, flash_board_get_port (board));
  forget_move (self);
  return TRUE;
}

/* What a wait that was in vain means: another board, or one without rights, is more telling than
 * "it never came back". */
static gboolean
fail_wait (FlashPortLink *self, const FlashPortVigil *vigil, GError *last_error, GError **error)
{
  if (last_error != NULL &&
      (last_error->domain == FLASH_JOB_ERROR ||
       g_error_matches (last_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NO_PERMISSION) ||
       g_error_matches (last_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY))) {
    g_propagate_error (error, last_error);
    flash_job_error_adopt (error);
    return FALSE;
  }
  g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NEVER_CAME_BACK,
               "no answer from %s on port %s within %u s%s%s", vigil->wait->expected, self->port,
               flash_port_link_get_elapsed_ms (self, vigil->start_us) / 1000,
               last_error != NULL ? ": " : "", last_error != NULL ? last_error->message : "");
  g_clear_error (&last_error);
  return FALSE;
}

void
flash_port_link_lose (FlashPortLink *self, const char *stage, const char *expected)
{
  flash_port_link_close (self);
  if (self->lost_us > 0)
    return;
  self->lost_us = flash_clock_get_time_us (self->clock);
  forget_move (self);
  tell (self, FLASH_EVENT_LOST, stage, 0, expected);
}

static void
tell_returned (FlashPortLink *self, FlashPortVigil *vigil)
{
  flash_port_link_end_vigil (self, vigil);
  tell (self, FLASH_EVENT_RETURNED, self->klass->get_stage (self->owner),
        flash_port_link_get_elapsed_ms (self, vigil->start_us), NULL);
  self->lost_us = 0;
}

/* @last_error: (inout): replaced if there is something on the port that cannot be taken. Returns:
 * whether the board was taken back from there. */
static gboolean
try_port (FlashPortLink *self, const char *port, FlashBoard *left, const FlashPortVigil *vigil,
          GError **last_error)
{
  g_autoptr (FlashBoard) board = flash_provider_peek_port (self->provider, port);

  if (!has_come_back (board, left, flash_port_link_get_elapsed_ms (self, vigil->start_us),
                      vigil->wait))
    return FALSE;
  g_clear_error (last_error);
  self->must_prove = !g_str_equal (port, flash_board_get_port (left));
  if (take_back (self, board, left, last_error))
    return TRUE;
  g_debug ("not yet: %s", (*last_error)->message);
  /* Another try must compare with the board that left, not with a failed candidate. */
  g_set_object (&self->board, left);
  return FALSE;
}

/* Whoever says that the board is elsewhere may be wrong: where it was it is looked for, too. */
static gboolean
try_ports (FlashPortLink *self, FlashBoard *left, const FlashPortVigil *vigil, GError **last_error)
{
  const char *home = flash_board_get_port (left);

  follow_move (self);
  return try_port (self, home, left, vigil, last_error) ||
         (flash_port_link_is_moved (self) && try_port (self, self->port, left, vigil, last_error));
}

gboolean
flash_port_link_wait_return (FlashPortLink *self, const FlashPortWait *wait, GError **error)
{
  g_autoptr (FlashBoard) left = g_object_ref (self->board);
  g_autoptr (GError) last_error = NULL;
  FlashPortVigil vigil;

  flash_port_link_lose (self, wait->stage, wait->expected);
  flash_port_link_begin_vigil (self, &vigil, wait);

  for (;;) {
    g_autoptr (GError) stop = NULL;

    if (try_ports (self, left, &vigil, &last_error)) {
      tell_returned (self, &vigil);
      return TRUE;
    }
    if (flash_port_link_keep_vigil (self, &vigil, &stop))
      continue;
    /* Nothing was proved elsewhere. */
    set_port (self, flash_board_get_port (left));
    if (stop == NULL)
      return fail_wait (self, &vigil, g_steal_pointer (&last_error), error);
    g_propagate_error (error, g_steal_pointer (&stop));
    return FALSE;
  }
}

gboolean
flash_port_link_wait_gone (FlashPortLink *self, guint patience_ms)
{
  gint64 start_us = flash_clock_get_time_us (self->clock);

  flash_port_link_close (self);
  for (;;) {
    g_autoptr (FlashBoard) board = flash_port_link_peek (self);

    if (board == NULL || !is_same_presence (board, self->board))
      return TRUE;
    if (flash_port_link_get_elapsed_ms (self, start_us) >= patience_ms ||
        !flash_clock_wait_ms (self->clock, FLASH_PORT_POLL_MS, self->cancellable, NULL))
      return FALSE;
  }
}
