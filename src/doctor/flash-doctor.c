/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-doctor"

#include "config.h"

#include "flash-doctor-private.h"

G_DEFINE_FINAL_TYPE (FlashDoctor, flash_doctor, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
drop_console (FlashDoctor *self)
{
  if (self->console != NULL)
    g_signal_handlers_disconnect_by_data (self->console, self);
  g_clear_object (&self->console);
}

static void
drop_job (FlashDoctor *self)
{
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_clear_object (&self->job);
  g_clear_handle_id (&self->timer, g_source_remove);
}

static void
flash_doctor_dispose (GObject *object)
{
  FlashDoctor *self = FLASH_DOCTOR (object);

  drop_job (self);
  drop_console (self);
  _flash_doctor_drop_look (self);
  g_clear_object (&self->seen);
  g_clear_object (&self->plan);
  g_clear_object (&self->board);
  g_clear_object (&self->provider);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (flash_doctor_parent_class)->dispose (object);
}

static void
flash_doctor_finalize (GObject *object)
{
  FlashDoctor *self = FLASH_DOCTOR (object);

  flash_board_facts_clear (&self->facts);
  g_clear_pointer (&self->problems, flash_diag_list_unref);
  g_clear_pointer (&self->host, flash_doctor_host_free);
  g_clear_pointer (&self->hashes, g_ptr_array_unref);
  g_ptr_array_unref (self->serials);
  flash_doctor_timeline_free (self->timeline);
  g_hash_table_unref (self->known);
  g_free (self->root);
  g_free (self->device_text);
  g_free (self->port_id);
  g_free (self->port_product);
  g_free (self->elsewhere);
  g_free (self->elsewhere_before);

  G_OBJECT_CLASS (flash_doctor_parent_class)->finalize (object);
}

static void
flash_doctor_class_init (FlashDoctorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = flash_doctor_dispose;
  object_class->finalize = flash_doctor_finalize;

  /**
   * FlashDoctor::changed:
   *
   * What is known has changed, or the time that it has been so.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLASH_TYPE_DOCTOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_doctor_init (FlashDoctor *self)
{
  self->clock = flash_clock_new_real ();
  self->timeline = flash_doctor_timeline_new (g_get_monotonic_time ());
  self->serials = g_ptr_array_new_with_free_func (g_free);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->last_id = self->whole_id = -1;
  self->snapshot.step = -1;
  self->log_since_us = self->told_log_us = flash_host_log_get_time_us ();
}

FlashDoctor *
flash_doctor_new (const char *root, FlashProvider *provider, FlashBoard *board)
{
  FlashDoctor *self;

  g_return_val_if_fail (FLASH_IS_PROVIDER (provider), NULL);
  g_return_val_if_fail (FLASH_IS_BOARD (board), NULL);

  self = g_object_new (FLASH_TYPE_DOCTOR, NULL);
  self->root = g_strdup (root);
  self->provider = g_object_ref (provider);
  self->board = g_object_ref (board);
  flash_board_facts_init (&self->facts, board);
  flash_symptoms_init (&self->symptoms, FLASH_MOMENT_BEFORE);
  return self;
}

void
_flash_doctor_use_clock (FlashDoctor *self, FlashClock *clock)
{
  g_set_object (&self->clock, clock);
  self->looks_at_once = TRUE;
  flash_doctor_timeline_free (self->timeline);
  self->timeline = flash_doctor_timeline_new (flash_clock_get_time_us (clock));
}

gboolean
_flash_doctor_may_tell (FlashMoment moment, guint waited_ms, const FlashFindings *findings)
{
  return moment != FLASH_MOMENT_AWAY || waited_ms >= FLASH_DOCTOR_TELL_MS ||
         findings->certainty == FLASH_CERTAINTY_PROVED;
}

static void
tell_findings (FlashDoctor *self)
{
  const FlashFindings *findings = &self->findings;
  g_autoptr (GString) text = g_string_new (flash_certainty_get_name (findings->certainty));

  if (findings->cause == NULL)
    return;
  g_string_append_printf (text, ": %s", findings->cause->cause);
  for (guint i = 0; i < findings->n_candidates; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? " It may be: " : ", ",
                            findings->candidates[i]->code);
  flash_doctor_timeline_add (self->timeline, flash_clock_get_time_us (self->clock), "advice",
                             text->str, findings->cause->code);
}

void
_flash_doctor_emit_changed (FlashDoctor *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
_flash_doctor_judge (FlashDoctor *self)
{
  FlashPortShows shows = self->symptoms.port;
  FlashMoment moment = self->symptoms.moment;
  FlashFindings findings = { 0 };
  gboolean is_same;

  _flash_doctor_fill_symptoms (self, &self->symptoms);
  /* A cause that is told is not taken back a moment later. */
  if (!self->is_over && !self->awaits_look) {
    flash_findings_judge (&self->symptoms, &findings);
    /* With a question of the job, its reason; and a silence has lasted already. */
    if (!self->is_rom_asked && !self->is_hung &&
        !_flash_doctor_may_tell (self->symptoms.moment, self->symptoms.waited_ms, &findings))
      findings = (FlashFindings){ 0 };
  }
  is_same = flash_findings_equal (&findings, &self->findings);
  self->findings = findings;
  if (!is_same)
    tell_findings (self);
  if (!is_same || shows != self->symptoms.port || moment != self->symptoms.moment)
    _flash_doctor_emit_changed (self);
}

static void
on_job_event (FlashJob *job, FlashEvent *event, FlashDoctor *self)
{
  _flash_doctor_take_event (self, event);
}

static void
on_job_progress (FlashJob *job, FlashDoctor *self)
{
  _flash_doctor_take_progress (self, flash_job_get_snapshot (job));
}

static void
on_console_line (FlashConsole *console, const char *text, const FlashConsoleMark *mark,
                 FlashDoctor *self)
{
  flash_doctor_timeline_add (self->timeline, flash_clock_get_time_us (self->clock), "console", text,
                             NULL);
  _flash_doctor_judge (self);
}

void
flash_doctor_look (FlashDoctor *self)
{
  g_return_if_fail (FLASH_IS_DOCTOR (self));

  _flash_doctor_look (self);
}

gboolean
flash_doctor_awaits_look (FlashDoctor *self)
{
  g_return_val_if_fail (FLASH_IS_DOCTOR (self), FALSE);

  return self->awaits_look;
}

gboolean
flash_doctor_is_looking (FlashDoctor *self)
{
  g_return_val_if_fail (FLASH_IS_DOCTOR (self), FALSE);

  return self->look_task != NULL;
}

void
flash_doctor_set_board (FlashDoctor *self, FlashBoard *board)
{
  g_return_if_fail (FLASH_IS_DOCTOR (self) && FLASH_IS_BOARD (board));

  if (g_set_object (&self->board, board) && !self->is_running &&
      self->moment == FLASH_MOMENT_BEFORE) {
    /* What the last look found was of another enumeration: it may have had no rights. */
    self->shows = FLASH_PORT_UNKNOWN;
    g_clear_object (&self->seen);
  }
  flash_board_facts_clear (&self->facts);
  flash_board_facts_init (&self->facts, board);
  _flash_doctor_judge (self);
}

void
flash_doctor_set_plan (FlashDoctor *self, FlashPlan *plan)
{
  g_return_if_fail (FLASH_IS_DOCTOR (self));

  if (!g_set_object (&self->plan, plan))
    return;
  g_clear_pointer (&self->hashes, g_ptr_array_unref);
  _flash_doctor_judge (self);
}

gboolean
flash_doctor_has_plan (FlashDoctor *self)
{
  g_return_val_if_fail (FLASH_IS_DOCTOR (self), FALSE);

  return self->plan != NULL;
}

void
flash_doctor_set_problems (FlashDoctor *self, FlashDiagList *problems)
{
  g_return_if_fail (FLASH_IS_DOCTOR (self));

  g_clear_pointer (&self->problems, flash_diag_list_unref);
  self->problems = problems != NULL ? flash_diag_list_ref (problems) : NULL;
  _flash_doctor_judge (self);
}

void
flash_doctor_follow (FlashDoctor *self, FlashJob *job)
{
  g_return_if_fail (FLASH_IS_DOCTOR (self) && FLASH_IS_JOB (job));

  drop_job (self);
  self->job = g_object_ref (job);
  g_signal_connect (job, "event", G_CALLBACK (on_job_event), self);
  g_signal_connect (job, "progress", G_CALLBACK (on_job_progress), self);
  flash_doctor_set_board (self, flash_job_get_board (job));
  flash_doctor_set_plan (self, flash_job_get_plan (job));
  _flash_doctor_begin (self);
}

void
flash_doctor_set_console (FlashDoctor *self, FlashConsole *console)
{
  g_return_if_fail (FLASH_IS_DOCTOR (self));

  if (console == self->console)
    return;
  drop_console (self);
  if (console != NULL) {
    self->console = g_object_ref (console);
    g_signal_connect (console, "line", G_CALLBACK (on_console_line), self);
  }
  _flash_doctor_judge (self);
}

void
flash_doctor_observe (FlashDoctor *self, FlashObservation observation, FlashTri answer)
{
  static const char *const words[] = { "not known", "no", "yes" };
  g_autofree char *text = NULL;

  g_return_if_fail (FLASH_IS_DOCTOR (self));
  g_return_if_fail (observation > FLASH_OBSERVATION_NONE && observation < FLASH_N_OBSERVATIONS);

  self->answers[observation] = answer;
  text = g_strdup_printf ("%s: %s", flash_observation_get_name (observation), words[answer]);
  flash_doctor_timeline_add (self->timeline, flash_clock_get_time_us (self->clock), "user", text,
                             NULL);
  _flash_doctor_judge (self);
}

const FlashFindings *
flash_doctor_get_findings (FlashDoctor *self)
{
  g_return_val_if_fail (FLASH_IS_DOCTOR (self), NULL);

  return &self->findings;
}

const FlashSymptoms *
flash_doctor_get_symptoms (FlashDoctor *self)
{
  g_return_val_if_fail (FLASH_IS_DOCTOR (self), NULL);

  return &self->symptoms;
}

guint
flash_doctor_get_shown_ms (FlashDoctor *self)
{
  g_return_val_if_fail (FLASH_IS_DOCTOR (self), 0);

  if (self->shows == FLASH_PORT_UNKNOWN)
    return 0;
  return (guint) ((flash_clock_get_time_us (self->clock) - self->shown_us) / 1000);
}
