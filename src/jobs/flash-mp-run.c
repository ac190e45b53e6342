/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mp-run"

#include "config.h"

#include "flash-mp-run.h"

#include "flash-mp-private.h"
#include "flash-mp-send.h"

/* How long an STM32MP15's ROM that still answers may take to leave (section 1.8 A, row 3). */
#define HANDOVER_SETTLE_MS 1000
/* Erasing a large NOR takes minutes, all of it off the bus. */
#define ERASE_MS 900000
/* How long a board that starts something for good is watched leaving. */
#define LEAVE_MS 5000
/* A board whose program dies at once is back in its ROM within that time (the longest of the
 * hand-overs in section 7.1 that need no erasing takes six seconds). */
#define FALL_BACK_MS 6000

void
flash_mp_run_look (FlashMpRun *self)
{
  const FlashStm32mpProduct *product = flash_mp_link_get_product (self->link);

  self->seen.stage = product->stage;
  self->seen.family = product->family;
  flash_mp_news_stage (&self->news, self->link);
}

guint
flash_mp_run_get_patience_ms (FlashMpRun *self)
{
  return self->job->patience_ms > 0 ? self->job->patience_ms : FLASH_MP_PATIENCE_MS;
}

void
flash_mp_run_count_left (FlashMpRun *self)
{
  self->seen.n_partitions_left = 0;
  for (guint i = 0; i < flash_plan_get_n_steps (self->plan); i++) {
    const FlashPlanStep *step = flash_plan_get_step (self->plan, i);

    self->seen.n_partitions_left += step->kind == FLASH_PLAN_PARTITION &&
                                    !self->seen.sent[step->id] &&
                                    !flash_result_is_written (self->result, i);
  }
}

/* Whether anything is left to give to the board. What comes before the latest is not: a job may
 * begin in any stage. */
static gboolean
has_more (FlashMpRun *self)
{
  if (self->seen.has_partitions)
    return TRUE;
  for (guint i = 0; i < flash_plan_get_n_steps (self->job->plan); i++)
    if (flash_plan_get_step (self->job->plan, i)->id > self->seen.last_id)
      return TRUE;
  return FALSE;
}

/* The board was seen to run what it was given. */
static void
tell_start (FlashMpRun *self)
{
  self->is_over = TRUE;
  self->result->board_state = FLASH_BOARD_STARTED;
  flash_mp_news_started (&self->news);
}

/* Watches a board leave that starts something for good; @out_left: whether it did. Who is back in
 * the ROM has not started anything. Returns: %FALSE with @error set then. */
static gboolean
watch_start (FlashMpRun *self, gboolean *out_left, GError **error)
{
  self->is_over = TRUE;
  self->result->board_state = FLASH_BOARD_STARTED;
  *out_left = flash_mp_link_wait_gone (self->link, LEAVE_MS);
  if (*out_left && flash_mp_link_falls_back (self->link, FALL_BACK_MS)) {
    self->is_over = FALSE;
    self->result->board_state = FLASH_BOARD_NEEDS_RESET;
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_CAME_BACK_IN_ROM,
                         "the board left to start what it was given, and is back in its ROM");
    return FALSE;
  }
  if (*out_left)
    tell_start (self);
  return TRUE;
}

/* An STM32MP15's ROM starts the first stage by itself, without a word. */
static gboolean
follow_first_stage (FlashMpRun *self, FlashDfuEnd end, GError **error)
{
  guint patience_ms = flash_mp_run_get_patience_ms (self);
  gboolean has_left;

  if (end != FLASH_DFU_END_IDLE && !has_more (self)) {
    /* A program that need not speak USB at all (section 1.8 F). */
    flash_mp_news_confirm (&self->news);
    return watch_start (self, &has_left, error);
  }
  if (!flash_mp_link_wait_handover (self->link, patience_ms, error))
    return FALSE;
  self->seen.has_restarted = flash_mp_link_has_left (self->link);
  /* Who still calls itself ROM may be on its way out: asked now it would seem to have refused. */
  if (flash_mp_link_get_product (self->link)->stage == FLASH_STM32MP_STAGE_ROM &&
      (!flash_clock_wait_ms (self->job->clock, HANDOVER_SETTLE_MS, self->cancellable, error) ||
       !flash_mp_link_wait_handover (self->link, patience_ms, error)))
    return FALSE;
  self->seen.has_restarted |= flash_mp_link_has_left (self->link);
  flash_mp_run_look (self);
  return TRUE;
}

/* Whether the job failed on this side of the cable. */
static gboolean
is_file_error (const GError *error)
{
  return g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FILE_CHANGED) ||
         g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FILE_UNREADABLE);
}

/* Sends, and keeps the books about the state of the board. */
static gboolean
give (FlashMpRun *self, const FlashPlanStep *step, FlashDfuEnd *out_end, GError **error)
{
  const FlashMpMeter meter = { flash_mp_news_meter, &self->news };
  FlashBoardState state = self->result->board_state;
  g_autoptr (GError) local_error = NULL;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  self->result->board_state = FLASH_BOARD_NEEDS_RESET;
  flash_mp_news_begin (&self->news, step->index, TRUE);
  if (flash_mp_send_step (self->link, step, &meter, self->cancellable, out_end, &local_error))
    return TRUE;
  if (self->result->partial_bytes == 0 && is_file_error (local_error))
    self->result->board_state = state;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
send_step (FlashMpRun *self, FlashPlanKind kind, guint8 id, GError **error)
{
  const FlashPlanStep *step = flash_plan_find_step (self->plan, kind, id);
  FlashDfuEnd end;

  if (step == NULL) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NO_IMAGE_FOR_PHASE,
                 "the board asks for 0x%02x", id);
    return FALSE;
  }
  if (!give (self, step, &end, error))
    return FALSE;

  self->seen.has_just_detached = FALSE;
  self->seen.sent[id] = TRUE;
  self->seen.last_id = id;
  if (kind == FLASH_PLAN_PARTITION)
    flash_mp_run_count_left (self);
  if (kind == FLASH_PLAN_BOOT && id == FLASH_STM32MP_ID_FSBL &&
      (end != FLASH_DFU_END_IDLE || self->seen.family == FLASH_STM32MP_FAMILY_MP15))
    return follow_first_stage (self, end, error);
  return TRUE;
}

static FlashPortWait
get_wait (FlashMpRun *self)
{
  FlashPortWait wait = { .patience_ms = flash_mp_run_get_patience_ms (self) };

  if (self->seen.stage == FLASH_STM32MP_STAGE_UBOOT) {
    wait.patience_ms += flash_plan_has_erase (self->plan) ? ERASE_MS : 0;
    wait.stage = "u-boot-2";
    wait.expected = "U-Boot with its partitions";
  } else if (self->seen.last_id == FLASH_STM32MP_ID_FSBL ||
             self->seen.last_id == FLASH_STM32MP_ID_DDR_FW) {
    wait.may_stay = TRUE;
    wait.stage = "tf-a";
    wait.expected = "the next boot stage";
  } else {
    wait.stage = "u-boot";
    wait.expected = "U-Boot";
  }
  return wait;
}

static gboolean
detach (FlashMpRun *self, GError **error)
{
  const FlashPortWait wait = get_wait (self);
  gboolean is_first = !self->seen.has_just_detached;
  gboolean has_left;

  if (!flash_dfu_session_detach (flash_mp_link_get_session (self->link), error)) {
    flash_job_error_adopt (error);
    return FALSE;
  }
  self->seen.has_detached = TRUE;
  self->seen.has_just_detached = TRUE;
  self->seen.may_repeat_detach = FALSE;
  if (!has_more (self))
    return watch_start (self, &has_left, error);
  if (!flash_mp_link_wait_return (self->link, &wait, error))
    return FALSE;
  self->seen.may_repeat_detach = is_first && flash_mp_link_has_left (self->link);
  flash_mp_run_look (self);
  return TRUE;
}

/* What a broken cable has kept from being read back is read when the board is there again. What an
 * earlier session has stored is always read: on another card it would not be there. */
static gboolean
has_to_verify (FlashMpRun *self, const FlashPlanStep *step)
{
  return step->kind == FLASH_PLAN_PARTITION &&
         !flash_result_is_verified (self->result, step->index) &&
         (self->job->verify || g_array_index (self->kept, gboolean, step->index));
}

static gboolean
verify (FlashMpRun *self, GError **error)
{
  const FlashMpMeter meter = { flash_mp_news_meter, &self->news };

  for (guint i = 0; i < flash_plan_get_n_steps (self->job->plan); i++) {
    const FlashPlanStep *step = flash_plan_get_step (self->job->plan, i);

    if (!has_to_verify (self, step))
      continue;
    flash_mp_news_begin (&self->news, i, FALSE);
    if (!flash_mp_verify_step (self->link, step, &meter, self->cancellable, error))
      return FALSE;
    flash_mp_news_verified (&self->news);
    g_array_index (self->kept, gboolean, i) = FALSE;
  }
  return TRUE;
}

/* The board says that it has everything. */
static gboolean
finish (FlashMpRun *self, GError **error)
{
  gboolean has_left;

  if (!self->seen.has_partitions) {
    tell_start (self);
    return TRUE;
  }
  self->is_over = TRUE;
  self->result->board_state = FLASH_BOARD_FINISHED;
  if (!verify (self, error))
    return FALSE;
  if (!flash_plan_ends_in_ram (self->job->plan))
    return TRUE;
  if (!flash_dfu_session_detach (flash_mp_link_get_session (self->link), error)) {
    flash_job_error_adopt (error);
    return FALSE;
  }
  if (!watch_start (self, &has_left, error))
    return FALSE;
  if (has_left || g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return self->result->started;
  self->result->board_state = FLASH_BOARD_FINISHED;
  g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DID_NOT_START,
               "the board is still on the bus %d s after it was told to start", LEAVE_MS / 1000);
  return FALSE;
}

/* The ROM may have no virtual alternate setting, or not answer there (section 12): then what was
 * sent before says enough. */
static gboolean
get_phase (FlashMpRun *self, FlashStm32mpPhase *out_phase, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (flash_mp_link_get_phase (self->link, out_phase, &local_error))
    return TRUE;
  if (self->seen.stage == FLASH_STM32MP_STAGE_ROM &&
      (g_error_matches (local_error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_ALTERNATE_MISSING) ||
       g_error_matches (local_error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_BOARD_REPORTED) ||
       g_error_matches (local_error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_LINK))) {
    g_debug ("the ROM names no phase: %s", local_error->message);
    *out_phase =
        (FlashStm32mpPhase){ .id = FLASH_STM32MP_ID_FSBL, .address = FLASH_STM32MP_NO_ADDRESS };
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
fail_decision (FlashMpRun *self, FlashJobError code, FlashStm32mpPhase *phase, GError **error)
{
  if (phase->id == FLASH_STM32MP_ID_ERROR) {
    g_set_error (error, FLASH_JOB_ERROR, (gint) code, "the board says: %s",
                 phase->error_text != NULL ? phase->error_text : "nothing");
    self->device_text = g_steal_pointer (&phase->error_text);
  } else {
    g_set_error (error, FLASH_JOB_ERROR, (gint) code,
                 "the board is in stage %s and asks for 0x%02x",
                 flash_stm32mp_stage_get_name (self->seen.stage), phase->id);
  }
  return FALSE;
}

/* One turn: ask, decide, act. */
static gboolean
turn (FlashMpRun *self, GError **error)
{
  g_auto (FlashStm32mpPhase) phase = { 0 };
  FlashMpDecision decision;

  if (!get_phase (self, &phase, error))
    return FALSE;
  decision = flash_mp_flow_decide (&self->seen, &phase);
  if (decision.action != FLASH_MP_FAIL)
    flash_mp_news_confirm (&self->news);

  switch (decision.action) {
  case FLASH_MP_SEND_BOOT:
    if (!has_more (self)) {
      /* The plan ends with a stage that runs, and asks for what is none of our business. */
      tell_start (self);
      return TRUE;
    }
    return send_step (self, FLASH_PLAN_BOOT, decision.id, error);
  case FLASH_MP_SEND_LAYOUT:
    flash_mp_rescue_check_kept (self);
    return send_step (self, FLASH_PLAN_LAYOUT, decision.id, error);
  case FLASH_MP_SEND_PARTITION:
    self->is_set_up = TRUE;
    return send_step (self, FLASH_PLAN_PARTITION, decision.id, error);
  case FLASH_MP_DETACH:
    return detach (self, error);
  case FLASH_MP_DONE:
    return finish (self, error);
  case FLASH_MP_FAIL:
    return fail_decision (self, decision.error, &phase, error);
  }
  g_return_val_if_reached (FALSE);
}

/* After a write error U-Boot keeps its reason in the phase, as long as it answers (section 1.10).
 * Asking for it also arms the reset that a later DETACH brings. */
static void
fetch_reason (FlashMpRun *self, const GError *error)
{
  static const FlashJobError codes[] = {
    FLASH_JOB_ERROR_WRITE_FAILED,
    FLASH_JOB_ERROR_BOARD_REPORTED,
    FLASH_JOB_ERROR_FIP_REFUSED,
    FLASH_JOB_ERROR_LINK,
  };
  g_auto (FlashStm32mpPhase) phase = { 0 };
  gboolean has_reason = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    has_reason |= g_error_matches (error, FLASH_JOB_ERROR, (gint) codes[i]);
  if (!has_reason || self->device_text != NULL || self->seen.stage == FLASH_STM32MP_STAGE_ROM ||
      flash_mp_link_get_session (self->link) == NULL)
    return;
  if (flash_mp_link_get_phase (self->link, &phase, NULL) && phase.id == FLASH_STM32MP_ID_ERROR)
    self->device_text = g_steal_pointer (&phase.error_text);
}

/* Finds out why the job failed, and in which state it leaves the board. */
static void
look_back (FlashMpRun *self, const GError *error)
{
  FlashBoardState *state = &self->result->board_state;

  fetch_reason (self, error);
  if (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_BOARD_GONE) ||
      !flash_mp_link_is_present (self->link))
    *state = FLASH_BOARD_AWAY;
  else if ((g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DIFFERENT_BOARD) ||
            g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NOT_PROVED_SAME)) &&
           *state != FLASH_BOARD_UNTOUCHED)
    *state = FLASH_BOARD_AWAY;
  else if (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NO_ANSWER) &&
           *state == FLASH_BOARD_FINISHED)
    *state = FLASH_BOARD_NEEDS_RESET;
}

/* What was counted on and never compared is not claimed in the end. */
static void
disclaim (FlashMpRun *self)
{
  for (guint i = 0; i < self->kept->len; i++)
    if (g_array_index (self->kept, gboolean, i))
      flash_mp_news_unwrite (&self->news, i);
}

static void
prepare (FlashMpRun *self)
{
  FlashPlan *plan = self->job->plan;

  self->plan = g_object_ref (plan);
  self->kept = g_array_sized_new (FALSE, TRUE, sizeof (gboolean), flash_plan_get_n_steps (plan));
  g_array_set_size (self->kept, flash_plan_get_n_steps (plan));
  self->seen.last_id = -1;
  self->seen.has_partitions = flash_plan_has_partitions (plan);
  flash_mp_run_count_left (self);
  if (flash_board_get_speed (self->job->board) == FLASH_SPEED_FULL)
    flash_mp_news_warning (&self->news, "full-speed-link");
}

static gboolean
run (FlashMpRun *self, GError **error)
{
  if (!flash_mp_link_open (self->link, error))
    return FALSE;
  flash_mp_run_look (self);
  while (!self->is_over) {
    g_autoptr (GError) local_error = NULL;

    if (turn (self, &local_error) || flash_mp_rescue (self, &local_error))
      continue;
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  return TRUE;
}

gboolean
flash_mp_run (const FlashMpJob *job, GCancellable *cancellable, const FlashSink *sink,
              FlashResult *out_result, GError **error)
{
  FlashMpRun self = { .job = job, .cancellable = cancellable, .result = out_result };
  g_autoptr (GError) local_error = NULL;
  gint64 start_us;

  g_return_val_if_fail (job != NULL && sink != NULL && out_result != NULL, FALSE);

  start_us = flash_clock_get_time_us (job->clock);
  flash_result_init (out_result, flash_plan_get_n_steps (job->plan));
  flash_mp_news_init (&self.news, job, sink, out_result);
  self.link = flash_mp_link_new (job->provider, job->board, job->clock, job->gate, cancellable,
                                 &self.news.link_sink);
  prepare (&self);

  if (!run (&self, &local_error))
    look_back (&self, local_error);
  disclaim (&self);
  if (job->gate != NULL)
    flash_job_gate_ask (job->gate, FLASH_JOB_QUESTION_NONE);
  /* The device is free again before anybody hears that the job is over. */
  flash_mp_link_free (self.link);
  out_result->duration_ms = (guint64) (flash_clock_get_time_us (job->clock) - start_us) / 1000;
  flash_mp_news_finished (&self.news, local_error, self.device_text);

  flash_mp_news_clear (&self.news);
  g_array_unref (self.kept);
  g_object_unref (self.plan);
  g_free (self.device_text);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
