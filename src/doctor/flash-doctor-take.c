/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the job tells and what a look finds, turned into what is known. */
#define G_LOG_DOMAIN "flash-doctor-take"

#include "config.h"

#include "flash-doctor-private.h"

#include <string.h>

/* Nobody plugs more boards into one port. */
#define MAX_SERIALS 100
/* Before a job, what the kernel said so lately is about the board that is plugged in. */
#define RECENT_US (60 * G_USEC_PER_SEC)

gboolean
_flash_doctor_is_away (FlashDoctor *self)
{
  return self->is_away;
}

gboolean
_flash_doctor_is_virtual (FlashDoctor *self)
{
  return flash_board_is_virtual (self->board) && self->root == NULL;
}

char *
_flash_doctor_dup_host_port (FlashDoctor *self)
{
  const char *port = flash_board_get_port (self->board);

  if (!flash_board_is_virtual (self->board))
    return g_strdup (port);
  if (self->root == NULL || !g_str_has_prefix (port, "virtual-"))
    return NULL;
  return g_strconcat ("1-", port + strlen ("virtual-"), NULL);
}

/* The engine counts by its own clock, and is silent while it waits in a single request. */
guint
_flash_doctor_get_waited_ms (FlashDoctor *self)
{
  gint64 now_us = flash_clock_get_time_us (self->clock), told_us;

  if (!_flash_doctor_is_away (self))
    return 0;
  if (!self->is_running)
    return self->waited_ms;
  told_us = self->snapshot.waited_ms > 0
                ? (gint64) self->snapshot.waited_ms * 1000 + now_us - self->snapshot_us
                : 0;
  return (guint) (MAX (told_us, now_us - self->away_us) / 1000);
}

gint64
_flash_doctor_get_log_since_us (FlashDoctor *self)
{
  if (_flash_doctor_is_away (self))
    return self->away_log_us;
  if (self->job != NULL)
    return self->log_since_us;
  return flash_host_log_get_time_us () - RECENT_US;
}

static void
add_moment (FlashDoctor *self, const char *source, const char *text, const char *code)
{
  flash_doctor_timeline_add (self->timeline, flash_clock_get_time_us (self->clock), source, text,
                             code);
}

static void
show (FlashDoctor *self, FlashPortShows shows)
{
  g_autoptr (GString) text = g_string_new ("the port shows: ");

  if (self->shows == shows)
    return;
  self->shows = shows;
  self->shown_us = flash_clock_get_time_us (self->clock);
  g_string_append (text, flash_port_shows_get_name (shows));
  if (self->port_id != NULL)
    g_string_append_printf (text, ", %s", self->port_id);
  if (self->port_product != NULL)
    g_string_append_printf (text, ", “%s”", self->port_product);
  add_moment (self, "port", text->str, NULL);
}

/* --- The job -------------------------------------------------------------------------------- */

/* Returns: (nullable): the step of the plan that an event is about. */
static const FlashPlanStep *
find_step (FlashDoctor *self, const FlashEvent *event)
{
  if (self->plan == NULL || event->step < 0 ||
      (guint) event->step >= flash_plan_get_n_steps (self->plan))
    return NULL;
  return flash_plan_get_step (self->plan, (guint) event->step);
}

static char *
describe_event (FlashDoctor *self, const FlashEvent *event)
{
  GString *text = g_string_new (flash_event_kind_get_name (event->kind));
  const FlashPlanStep *step = find_step (self, event);

  if (step != NULL)
    g_string_append_printf (text, " 0x%02x %s", step->id, step->name);
  if (event->stage != NULL)
    g_string_append_printf (text, " %s", event->stage);
  if (event->bytes > 0)
    g_string_append_printf (text, ", %" G_GUINT64_FORMAT " bytes", event->bytes);
  if (event->duration_ms > 0)
    g_string_append_printf (text, ", %.1f s", event->duration_ms / 1000.0);
  if (event->message != NULL)
    g_string_append_printf (text, ": %s", event->message);
  if (event->device_text != NULL)
    g_string_append_printf (text, "; the board says: %s", event->device_text);
  return g_string_free (text, FALSE);
}

static void
leave (FlashDoctor *self)
{
  self->is_away = TRUE;
  self->away_us = self->is_hung ? self->moved_us : flash_clock_get_time_us (self->clock);
  self->away_log_us = self->is_hung ? self->life_log_us : flash_host_log_get_time_us ();
  _flash_doctor_look (self);
}

static void
come_back (FlashDoctor *self)
{
  self->is_away = FALSE;
  g_clear_pointer (&self->elsewhere, g_free);
  g_clear_pointer (&self->port_id, g_free);
  g_clear_pointer (&self->port_product, g_free);
  /* What somebody saw was about that absence. */
  memset (self->answers, 0, sizeof self->answers);
  show (self, FLASH_PORT_AWAITED);
}

void
_flash_doctor_update_away (FlashDoctor *self)
{
  gboolean is_away = self->is_lost || self->is_paused || self->is_hung ||
                     self->snapshot.activity == FLASH_ACTIVITY_WAITING;

  if (!self->is_running || is_away == _flash_doctor_is_away (self))
    return;
  if (is_away)
    leave (self);
  else
    come_back (self);
}

static void
take_stage (FlashDoctor *self, const FlashEvent *event)
{
  if (self->is_lost)
    self->n_returns++;
  self->life_log_us = flash_host_log_get_time_us ();
  self->stage = event->stage != NULL ? event->stage : self->stage;
  self->expected = NULL;
  self->has_answered = TRUE;
  self->is_lost = FALSE;
  /* Progress that was told before may be delivered with this. */
  self->snapshot.activity = FLASH_ACTIVITY_CONNECTING;
  self->snapshot.waited_ms = 0;
}

static void
take_end (FlashDoctor *self)
{
  self->waited_ms = _flash_doctor_get_waited_ms (self);
  self->is_running = FALSE;
  _flash_doctor_watch (self, FALSE);
  self->is_over = self->error_code == NULL;
  if (self->is_over)
    self->is_away = FALSE;
}

static void
take_failure (FlashDoctor *self, const FlashEvent *event)
{
  self->error_code = event->code;
  g_free (self->device_text);
  self->device_text = g_strdup (event->device_text);
  take_end (self);
  self->moment = FLASH_MOMENT_AFTER;
  /* What the port showed before is not what made the job end. */
  self->awaits_look = TRUE;
  self->shows = FLASH_PORT_UNKNOWN;
  _flash_doctor_look (self);
}

/* What the job has met itself is known before the next look. */
static void
take_pause (FlashDoctor *self, const FlashEvent *event)
{
  const char *rom = flash_job_question_get_name (FLASH_JOB_QUESTION_ROM);

  self->is_paused = TRUE;
  self->is_rom_asked = g_strcmp0 (event->code, rom) == 0;
  if (self->is_rom_asked)
    show (self, FLASH_PORT_ROM);
}

static void
change (FlashDoctor *self, const FlashEvent *event)
{
  const FlashPlanStep *step = find_step (self, event);

  switch (event->kind) {
  case FLASH_EVENT_STAGE:
  case FLASH_EVENT_RETURNED:
    take_stage (self, event);
    break;
  case FLASH_EVENT_LOST:
    self->is_lost = TRUE;
    self->expected = event->stage;
    break;
  case FLASH_EVENT_PAUSED:
    take_pause (self, event);
    break;
  case FLASH_EVENT_RESUMED:
    self->is_paused = self->is_rom_asked = FALSE;
    break;
  case FLASH_EVENT_PARTITION:
    if (step != NULL) {
      self->whole_id = self->last_id;
      self->last_id = step->id;
    }
    break;
  case FLASH_EVENT_FAILED:
    take_failure (self, event);
    break;
  case FLASH_EVENT_FINISHED:
    if (self->is_running)
      take_end (self);
    break;
  case FLASH_EVENT_STEP:
    self->is_erasing = event->step == FLASH_MCU_STEP_ERASE;
    break;
  case FLASH_EVENT_WARNING:
  case FLASH_EVENT_WRITTEN:
  case FLASH_EVENT_DROPPED:
  case FLASH_EVENT_VERIFIED:
  case FLASH_EVENT_STARTED:
    break;
  }
}

void
_flash_doctor_take_event (FlashDoctor *self, FlashEvent *event)
{
  g_autofree char *text = describe_event (self, event);

  add_moment (self, "job", text, event->code);
  if (event->kind != FLASH_EVENT_WARNING && event->kind != FLASH_EVENT_FAILED)
    _flash_doctor_note_life (self);
  change (self, event);
  _flash_doctor_update_away (self);
  /* Which enumeration it is that answers is to be known when it leaves. */
  if (event->kind == FLASH_EVENT_STAGE)
    _flash_doctor_look (self);
  _flash_doctor_judge (self);
}

void
_flash_doctor_take_progress (FlashDoctor *self, const FlashSnapshot *snapshot)
{
  gboolean was_away = _flash_doctor_is_away (self);

  self->snapshot = *snapshot;
  self->snapshot_us = flash_clock_get_time_us (self->clock);
  _flash_doctor_note_life (self);
  _flash_doctor_update_away (self);
  if (!_flash_doctor_is_away (self)) {
    self->life_log_us = flash_host_log_get_time_us ();
    if (!was_away)
      return;
  }
  _flash_doctor_look_again (self);
  _flash_doctor_judge (self);
}

/* --- What a look has found ------------------------------------------------------------------ */

/* How things were before the job: what is so already is no news. */
static void
take_baseline (FlashDoctor *self)
{
  if (self->has_baseline || self->host == NULL)
    return;
  self->has_baseline = TRUE;
  self->n_over_currents = self->host->port != NULL ? self->host->port->over_current_count : 0;
  g_free (self->elsewhere_before);
  self->elsewhere_before = g_strdup (self->host->elsewhere);
}

static void
list_others (FlashDoctor *self, GHashTable *known, char **out_new)
{
  GListModel *boards = G_LIST_MODEL (self->provider);

  for (guint i = 0; i < g_list_model_get_n_items (boards); i++) {
    g_autoptr (FlashBoard) board = g_list_model_get_item (boards, i);
    FlashDescriptors *descriptors = flash_board_get_descriptors (board);
    const char *port = flash_board_get_port (board);

    if (descriptors == NULL || self->facts.serial == NULL ||
        g_strcmp0 (descriptors->serial, self->facts.serial) != 0 ||
        g_str_equal (port, flash_board_get_port (self->board)))
      continue;
    if (out_new == NULL)
      g_hash_table_add (known, g_strdup (port));
    else if (*out_new == NULL && !g_hash_table_contains (known, port))
      *out_new = g_strdup (port);
  }
}

/* The same board on another port: one that was there before the job is another one. */
static void
find_elsewhere (FlashDoctor *self)
{
  g_clear_pointer (&self->elsewhere, g_free);
  if (!_flash_doctor_is_away (self) || self->shows == FLASH_PORT_AWAITED)
    return;
  list_others (self, self->known, &self->elsewhere);
  if (self->elsewhere == NULL && self->host != NULL &&
      g_strcmp0 (self->host->elsewhere, self->elsewhere_before) != 0)
    self->elsewhere = g_strdup (self->host->elsewhere);
}

/* None of them must leave the computer when a report is to be without them. */
static void
remember_serial (FlashDoctor *self, const char *serial)
{
  if (serial != NULL && self->serials->len < MAX_SERIALS &&
      !g_ptr_array_find_with_equal_func (self->serials, serial, g_str_equal, NULL))
    g_ptr_array_add (self->serials, g_strdup (serial));
}

static void
name_device (FlashDoctor *self)
{
  FlashDescriptors *descriptors =
      self->seen != NULL ? flash_board_get_descriptors (self->seen) : NULL;
  const FlashHostPort *port = self->host->port;

  remember_serial (self, descriptors != NULL ? descriptors->serial : NULL);
  remember_serial (self, port != NULL ? port->serial : NULL);

  g_clear_pointer (&self->port_id, g_free);
  g_clear_pointer (&self->port_product, g_free);
  if (descriptors != NULL) {
    self->port_id = g_strdup_printf ("%04x:%04x", descriptors->vid, descriptors->pid);
    self->port_product = g_strdup (descriptors->product);
  } else if (port != NULL && port->has_device) {
    self->port_id = g_strdup_printf ("%04x:%04x", port->vid, port->pid);
    self->port_product = g_strdup (port->product);
  }
}

/* The kernel and the clock of this computer count alike (CLOCK_MONOTONIC). */
static void
tell_log (FlashDoctor *self)
{
  for (guint i = 0; i < self->host->log->len; i++) {
    const FlashHostLogLine *line = g_ptr_array_index (self->host->log, i);

    if (line->time_us <= self->told_log_us)
      continue;
    self->told_log_us = line->time_us;
    flash_doctor_timeline_add (self->timeline, line->time_us, "kernel", line->text, NULL);
  }
}

static FlashPortShows
judge_port (FlashDoctor *self)
{
  const FlashDoctorWanted wanted = {
    .is_layout = self->plan != NULL || self->facts.kind == FLASH_BOARD_KIND_STM32MP,
    .serial = self->facts.serial,
    .serial_stage = self->facts.stage,
    .device_id = self->facts.device_id,
    .stage = self->stage,
    .expected = self->expected,
    .generation = self->generation,
    .is_away = _flash_doctor_is_away (self),
    .is_in_rom = self->is_rom_asked,
    .is_open_here = (self->has_answered || self->is_hung) && !self->is_lost,
    .was_told_to_leave = self->is_lost,
    .log_since_us = _flash_doctor_get_log_since_us (self),
    .n_over_currents = self->n_over_currents,
  };

  if (self->awaits_look)
    return FLASH_PORT_UNKNOWN;
  /* The engine talks to it. */
  if (self->is_running && !wanted.is_away)
    return FLASH_PORT_AWAITED;
  return flash_doctor_port_judge (&wanted, self->seen, self->host);
}

void
_flash_doctor_take_look (FlashDoctor *self, FlashBoard *board, FlashDoctorHost *host)
{
  FlashDoctorHost *before = self->host;

  /* Virtual boards are listed when they are asked for. Whoever hears of that may read symptoms:
   * before anything of them changes. */
  if (_flash_doctor_is_away (self) && flash_board_is_virtual (self->board))
    flash_provider_rescan (self->provider);
  g_set_object (&self->seen, board);
  self->host = host;
  take_baseline (self);
  /* What was before a sign of life did not end it. */
  if (self->is_running && !_flash_doctor_is_away (self) && host->port != NULL)
    self->n_over_currents = host->port->over_current_count;
  if (!_flash_doctor_is_away (self) && self->moment != FLASH_MOMENT_AFTER)
    self->generation = board != NULL ? flash_board_get_generation (board) : 0;
  name_device (self);
  tell_log (self);
  show (self, judge_port (self));
  find_elsewhere (self);
  _flash_doctor_judge (self);
  /* The symptoms hold texts of it until they were put together anew. */
  if (before != NULL)
    flash_doctor_host_free (before);
}

void
_flash_doctor_begin (FlashDoctor *self)
{
  self->moment = FLASH_MOMENT_BEFORE;
  self->is_running = TRUE;
  self->is_lost = self->is_paused = self->is_over = self->has_answered = FALSE;
  self->is_rom_asked = self->is_hung = self->is_erasing = self->awaits_look = FALSE;
  self->moved_us = flash_clock_get_time_us (self->clock);
  self->snapshot = (FlashSnapshot){ .step = -1 };
  self->is_away = FALSE;
  self->waited_ms = 0;
  self->stage = self->facts.stage;
  self->expected = NULL;
  self->last_id = self->whole_id = -1;
  self->n_returns = 0;
  self->error_code = NULL;
  g_clear_pointer (&self->device_text, g_free);
  self->follow_us = g_get_monotonic_time ();
  self->log_since_us = self->told_log_us = self->life_log_us = flash_host_log_get_time_us ();
  self->has_baseline = FALSE;
  take_baseline (self);
  g_hash_table_remove_all (self->known);
  list_others (self, self->known, NULL);
  memset (self->answers, 0, sizeof self->answers);
  /* The symptoms hold texts that are gone now. */
  _flash_doctor_judge (self);
  _flash_doctor_watch (self, TRUE);
  _flash_doctor_look (self);
}
