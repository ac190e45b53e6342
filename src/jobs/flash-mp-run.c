/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mp-run"

#include "config.h"

#include "flash-mp-run.h"

#include "flash-mp-flow.h"
#include "flash-mp-news.h"
#include "flash-mp-send.h"

/* How long a board may be away, by what it does there (stm32mp-usb.md section 7.1). */
#define HANDOVER_MS 15000
/* How long an STM32MP15's ROM that still answers may take to leave (section 1.8 A, row 3). */
#define HANDOVER_SETTLE_MS 1000
#define NEXT_STAGE_MS 10000
#define UBOOT_MS 40000
#define DEVICES_MS 60000
/* Erasing a large NOR takes minutes, all of it off the bus. */
#define ERASE_MS 900000
/* How long a board that starts something for good is watched leaving. */
#define LEAVE_MS 5000

typedef struct {
  const FlashMpJob *job;
  GCancellable *cancellable; /* (nullable) */
  FlashMpNews news;
  FlashMpLink *link; /* (owned) */
  FlashResult *result;
  FlashMpSeen seen;
  gboolean is_over;
  char *device_text; /* (owned) (nullable) */
} Run;

/* What answers now decides what its phase means. */
static void
look (Run *self)
{
  const FlashStm32mpProduct *product = flash_mp_link_get_product (self->link);

  self->seen.stage = product->stage;
  self->seen.family = product->family;
  flash_mp_news_stage (&self->news, self->link);
}

/* Whether anything is left to give to the board. What comes before the latest is not: a job may
 * begin in any stage. */
static gboolean
has_more (Run *self)
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
tell_start (Run *self)
{
  self->is_over = TRUE;
  self->result->board_state = FLASH_BOARD_STARTED;
  flash_mp_news_started (&self->news);
}

/* Watches a board leave that starts something for good. Returns: whether it left. */
static gboolean
watch_start (Run *self)
{
  self->is_over = TRUE;
  self->result->board_state = FLASH_BOARD_STARTED;
  if (!flash_mp_link_wait_gone (self->link, LEAVE_MS))
    return FALSE;
  tell_start (self);
  return TRUE;
}

/* An STM32MP15's ROM starts the first stage by itself, without a word. */
static gboolean
follow_first_stage (Run *self, FlashDfuEnd end, GError **error)
{
  if (end != FLASH_DFU_END_IDLE && !has_more (self)) {
    /* A program that need not speak USB at all (section 1.8 F). */
    flash_mp_news_confirm (&self->news);
    watch_start (self);
    return TRUE;
  }
  if (!flash_mp_link_wait_handover (self->link, HANDOVER_MS, error))
    return FALSE;
  /* Who still calls itself ROM may be on its way out: asked now it would seem to have refused. */
  if (flash_mp_link_get_product (self->link)->stage == FLASH_STM32MP_STAGE_ROM &&
      (!flash_clock_wait_ms (self->job->clock, HANDOVER_SETTLE_MS, self->cancellable, error) ||
       !flash_mp_link_wait_handover (self->link, HANDOVER_MS, error)))
    return FALSE;
  look (self);
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
give (Run *self, const FlashPlanStep *step, FlashDfuEnd *out_end, GError **error)
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
send_step (Run *self, FlashPlanKind kind, guint8 id, GError **error)
{
  const FlashPlanStep *step = flash_plan_find_step (self->job->plan, kind, id);
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
    self->seen.n_partitions_left--;
  if (kind == FLASH_PLAN_BOOT && id == FLASH_STM32MP_ID_FSBL &&
      (end != FLASH_DFU_END_IDLE || self->seen.family == FLASH_STM32MP_FAMILY_MP15))
    return follow_first_stage (self, end, error);
  return TRUE;
}

static FlashMpWait
get_wait (Run *self)
{
  if (self->seen.stage == FLASH_STM32MP_STAGE_UBOOT)
    return (FlashMpWait){
      .patience_ms = DEVICES_MS + (flash_plan_has_erase (self->job->plan) ? ERASE_MS : 0),
      .expected = "U-Boot with its partitions",
    };
  if (self->seen.last_id == FLASH_STM32MP_ID_FSBL || self->seen.last_id == FLASH_STM32MP_ID_DDR_FW)
    return (FlashMpWait){ .patience_ms = NEXT_STAGE_MS,
                          .may_stay = TRUE,
                          .expected = "the next boot stage" };
  return (FlashMpWait){ .patience_ms = UBOOT_MS, .expected = "U-Boot" };
}

static gboolean
detach (Run *self, GError **error)
{
  const FlashMpWait wait = get_wait (self);

  if (!flash_dfu_session_detach (flash_mp_link_get_session (self->link), error)) {
    flash_job_error_adopt (error);
    return FALSE;
  }
  self->seen.has_detached = TRUE;
  self->seen.has_just_detached = TRUE;
  if (!has_more (self)) {
    watch_start (self);
    return TRUE;
  }
  if (!flash_mp_link_wait_return (self->link, &wait, error))
    return FALSE;
  look (self);
  return TRUE;
}

static gboolean
verify (Run *self, GError **error)
{
  const FlashMpMeter meter = { flash_mp_news_meter, &self->news };

  for (guint i = 0; i < flash_plan_get_n_steps (self->job->plan); i++) {
    const FlashPlanStep *step = flash_plan_get_step (self->job->plan, i);

    if (step->kind != FLASH_PLAN_PARTITION)
      continue;
    flash_mp_news_begin (&self->news, i, FALSE);
    if (!flash_mp_verify_step (self->link, step, &meter, self->cancellable, error))
      return FALSE;
    flash_mp_news_verified (&self->news);
  }
  return TRUE;
}

/* The board says that it has everything. */
static gboolean
finish (Run *self, GError **error)
{
  if (!self->seen.has_partitions) {
    tell_start (self);
    return TRUE;
  }
  self->is_over = TRUE;
  self->result->board_state = FLASH_BOARD_FINISHED;
  if (self->job->verify && !verify (self, error))
    return FALSE;
  if (!flash_plan_ends_in_ram (self->job->plan))
    return TRUE;
  if (!flash_dfu_session_detach (flash_mp_link_get_session (self->link), error)) {
    flash_job_error_adopt (error);
    return FALSE;
  }
  if (watch_start (self) || g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return self->result->started;
  self->result->board_state = FLASH_BOARD_FINISHED;
  g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DID_NOT_START,
               "the board is still on the bus %d s after it was told to start", LEAVE_MS / 1000);
  return FALSE;
}

/* The ROM may have no virtual alternate setting, or not answer there (section 12): then what was
 * sent before says enough. */
static gboolean
get_phase (Run *self, FlashStm32mpPhase *out_phase, GError **error)
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
fail_decision (Run *self, FlashJobError code, FlashStm32mpPhase *phase, GError **error)
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
turn (Run *self, GError **error)
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
    return send_step (self, FLASH_PLAN_LAYOUT, decision.id, error);
  case FLASH_MP_SEND_PARTITION:
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
fetch_reason (Run *self, const GError *error)
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
look_back (Run *self, const GError *error)
{
  FlashBoardState *state = &self->result->board_state;

  fetch_reason (self, error);
  if (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_BOARD_GONE) ||
      !flash_mp_link_is_present (self->link))
    *state = FLASH_BOARD_AWAY;
  else if (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DIFFERENT_BOARD) &&
           *state != FLASH_BOARD_UNTOUCHED)
    *state = FLASH_BOARD_AWAY;
  else if (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NO_ANSWER) &&
           *state == FLASH_BOARD_FINISHED)
    *state = FLASH_BOARD_NEEDS_RESET;
}

static void
prepare (Run *self)
{
  FlashPlan *plan = self->job->plan;

  self->seen.last_id = -1;
  self->seen.has_partitions = flash_plan_has_partitions (plan);
  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++)
    self->seen.n_partitions_left += flash_plan_get_step (plan, i)->kind == FLASH_PLAN_PARTITION;
  if (flash_board_get_speed (self->job->board) == FLASH_SPEED_FULL)
    flash_mp_news_warning (&self->news, "full-speed-link");
}

static gboolean
run (Run *self, GError **error)
{
  if (!flash_mp_link_open (self->link, error))
    return FALSE;
  look (self);
  while (!self->is_over)
    if (!turn (self, error))
      return FALSE;
  return TRUE;
}

gboolean
flash_mp_run (const FlashMpJob *job, GCancellable *cancellable, const FlashSink *sink,
              FlashResult *out_result, GError **error)
{
  Run self = { .job = job, .cancellable = cancellable, .result = out_result };
  g_autoptr (GError) local_error = NULL;
  gint64 start_us;

  g_return_val_if_fail (job != NULL && sink != NULL && out_result != NULL, FALSE);

  start_us = flash_clock_get_time_us (job->clock);
  flash_result_init (out_result, flash_plan_get_n_steps (job->plan));
  flash_mp_news_init (&self.news, job, sink, out_result);
  self.link =
      flash_mp_link_new (job->provider, job->board, job->clock, cancellable, &self.news.link_sink);
  prepare (&self);

  if (!run (&self, &local_error))
    look_back (&self, local_error);
  /* The device is free again before anybody hears that the job is over. */
  flash_mp_link_free (self.link);
  out_result->duration_ms = (guint64) (flash_clock_get_time_us (job->clock) - start_us) / 1000;
  flash_mp_news_finished (&self.news, local_error, self.device_text);

  flash_mp_news_clear (&self.news);
  g_free (self.device_text);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
