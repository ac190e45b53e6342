/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a job goes on after its board has restarted, or its cable was pulled. */
#define G_LOG_DOMAIN "flash-mp-rescue"

#include "config.h"

#include "flash-mp-private.h"

#include "flash-plan-again.h"

#include "flash-mp-send.h"

/* A board that resets itself is back on the bus by then; one without a cable is not. */
#define SELF_RESET_MS 5000
/* As long is a board that has left in the middle awaited in its ROM before somebody is asked. */
#define RESTART_MS 3000
/* What restarts a third time will do so again. */
#define MAX_AGAIN 2

static gboolean
is_code (const GError *error, FlashJobError code)
{
  return g_error_matches (error, FLASH_JOB_ERROR, (gint) code);
}

static void
replace_error (GError **error, GError *better)
{
  g_clear_error (error);
  *error = better;
}

/* --- From the first stage ------------------------------------------------------------------- */

/* A job that began in a later stage need not have one. */
static gboolean
has_first_stage (FlashMpRun *self)
{
  return flash_plan_find_step (self->plan, FLASH_PLAN_BOOT, FLASH_STM32MP_ID_FSBL) != NULL;
}

/* @kept: (transfer full) */
static void
set_kept (FlashMpRun *self, GArray *kept)
{
  g_array_unref (self->kept);
  self->kept = kept;
  g_set_object (&self->plan, self->job->plan);
  if (!self->is_set_up)
    return;
  g_object_unref (self->plan);
  self->plan = flash_plan_new_again (self->job->plan, kept, TRUE);
}

/* Returns: (transfer full): that nothing is kept. */
static GArray *
make_nothing (FlashMpRun *self)
{
  GArray *nothing = g_array_sized_new (FALSE, TRUE, sizeof (gboolean), self->kept->len);

  return g_array_set_size (nothing, self->kept->len);
}

/* Nothing of the session is left but what the board has stored; and that only if it is proved to be
 * the same board. */
static void
begin_again (FlashMpRun *self)
{
  FlashMpSeen *seen = &self->seen;

  self->n_again++;
  if (!flash_mp_link_is_proved (self->link))
    self->is_set_up = FALSE;
  set_kept (self, self->is_set_up ? flash_plan_find_kept (self->job->plan, self->result->written)
                                  : make_nothing (self));
  *seen = (FlashMpSeen){ .stage = seen->stage,
                         .family = seen->family,
                         .last_id = -1,
                         .has_partitions = seen->has_partitions };
  self->is_over = FALSE;
  self->result->board_state = FLASH_BOARD_NEEDS_RESET;
  g_clear_pointer (&self->device_text, g_free);
  flash_mp_news_begin_again (&self->news, self->kept);
  flash_mp_run_count_left (self);
}

void
flash_mp_rescue_check_kept (FlashMpRun *self)
{
  if (self->seen.stage != FLASH_STM32MP_STAGE_UBOOT || flash_mp_link_can_read (self->link))
    return;
  set_kept (self, make_nothing (self));
  for (guint i = 0; i < flash_plan_get_n_steps (self->plan); i++)
    if (flash_plan_get_step (self->plan, i)->kind == FLASH_PLAN_PARTITION)
      flash_mp_news_unwrite (&self->news, i);
  flash_mp_run_count_left (self);
}

/* Returns: whether somebody wants to go on; otherwise @error is left, or says that the job was
 * cancelled. */
static gboolean
ask (FlashMpRun *self, FlashJobQuestion question, GError **error)
{
  GError *stop = NULL;
  FlashJobAnswer answer = flash_mp_link_ask (self->link, question, &stop);

  if (answer == FLASH_JOB_ANSWER_NONE)
    replace_error (error, stop);
  return answer == FLASH_JOB_ANSWER_GO_ON;
}

/* Once by itself and once because somebody wants it. */
static gboolean
restart (FlashMpRun *self, GError **error)
{
  if (!has_first_stage (self) || self->n_again >= MAX_AGAIN)
    return FALSE;
  if (self->job->restarts && self->n_restarts == 0) {
    self->n_restarts++;
    flash_mp_news_warning (&self->news, "restarted-from-rom");
  } else if (self->job->gate != NULL && self->n_asked == 0) {
    if (!ask (self, FLASH_JOB_QUESTION_ROM, error))
      return FALSE;
    self->n_asked++;
  } else {
    return FALSE;
  }
  g_clear_error (error);
  begin_again (self);
  return TRUE;
}

/* --- After the cable was pulled ------------------------------------------------------------- */

/* Whether the board is gone, and not merely in trouble. A board that resets itself at the end of a
 * partition has failed to write it (stm32mp-usb.md section 1.10); one that stays away has not. */
static gboolean
is_gone (FlashMpRun *self, const GError *error)
{
  if ((self->job->gate == NULL && !self->job->restarts) ||
      self->result->board_state == FLASH_BOARD_UNTOUCHED)
    return FALSE;
  if (is_code (error, FLASH_JOB_ERROR_LOST_AT_PARTITION_END))
    return self->job->gate != NULL && flash_mp_link_stays_away (self->link, SELF_RESET_MS);
  return is_code (error, FLASH_JOB_ERROR_BOARD_GONE) ||
         ((is_code (error, FLASH_JOB_ERROR_LINK) || is_code (error, FLASH_JOB_ERROR_NO_ANSWER)) &&
          !flash_mp_link_is_present (self->link));
}

static gboolean
wait_back (FlashMpRun *self, GError **error)
{
  const FlashPortWait wait = { .patience_ms = flash_mp_run_get_patience_ms (self),
                               .expected = "the board" };
  GError *failure = NULL;

  if (!flash_mp_link_wait_return (self->link, &wait, &failure)) {
    replace_error (error, failure);
    return FALSE;
  }
  flash_mp_run_look (self);
  return TRUE;
}

static gboolean
fail_back (FlashMpRun *self, FlashJobError code, GError **error)
{
  replace_error (error, g_error_new (FLASH_JOB_ERROR, (gint) code, "the board is back in stage %s",
                                     flash_stm32mp_stage_get_name (self->seen.stage)));
  return FALSE;
}

/* In its ROM nothing else can be done with it. */
static gboolean
go_on_from_rom (FlashMpRun *self, GError **error)
{
  if (!has_first_stage (self) || self->n_again >= MAX_AGAIN)
    return fail_back (self, FLASH_JOB_ERROR_CAME_BACK_IN_ROM, error);
  g_clear_error (error);
  begin_again (self);
  return TRUE;
}

/* U-Boot cannot begin a partition again: its transaction still waits for the block that is due
 * (section 2.4, number 1). A board whose error was read restarts at DETACH (section 1.4.4). */
static gboolean
reset_board (FlashMpRun *self, const FlashPlanStep *half, GError **error)
{
  g_auto (FlashStm32mpPhase) phase = { 0 };

  if (!has_first_stage (self) || self->n_again >= MAX_AGAIN)
    return fail_back (self, FLASH_JOB_ERROR_SESSION_LOST, error);
  flash_mp_break_step (self->link, half, self->result->partial_bytes);
  if (!flash_mp_link_get_phase (self->link, &phase, NULL) || phase.id != FLASH_STM32MP_ID_ERROR ||
      !flash_dfu_session_detach (flash_mp_link_get_session (self->link), NULL))
    return fail_back (self, FLASH_JOB_ERROR_SESSION_LOST, error);
  if (!wait_back (self, error))
    return FALSE;
  return self->seen.stage == FLASH_STM32MP_STAGE_ROM
             ? go_on_from_rom (self, error)
             : fail_back (self, FLASH_JOB_ERROR_SESSION_LOST, error);
}

/* Returns: (nullable): the step in the middle of which the link broke. */
static const FlashPlanStep *
get_half_step (FlashMpRun *self)
{
  gint index = self->result->partial_step;
  const FlashPlanStep *step;

  if (index < 0)
    return NULL;
  step = flash_plan_get_step (self->plan, (guint) index);
  return self->seen.sent[step->id] ? NULL : step;
}

/* Whether the end of a step arrived, whose answer did not: the board has gone on from it. */
static gboolean
has_arrived (FlashMpRun *self, const FlashPlanStep *step, const FlashStm32mpPhase *phase)
{
  guint64 size = flash_plan_get_step (self->job->plan, step->index)->size;

  if (self->result->partial_bytes < MIN (size, step->size))
    return FALSE;
  return step->kind == FLASH_PLAN_LAYOUT ? phase->needs_detach : phase->id != step->id;
}

/* A reading that was broken off keeps its alternate setting from being read again, until U-Boot
 * lets go of it (section 2.4, number 2). */
static void
take_up_reading (FlashMpRun *self)
{
  if (self->news.step >= 0)
    flash_mp_break_step (self->link, flash_plan_get_step (self->plan, (guint) self->news.step),
                         self->news.step_bytes);
  flash_mp_news_drop (&self->news);
  self->is_over = FALSE;
}

/* A board with power of its own has stayed in its session. What it asks for says what it has: the
 * next Id means that the end of the last one arrived. Never is a part sent that the board may hold
 * already: neither TF-A nor U-Boot begins anew with it.
 *
 * @stage: in which it left */
static gboolean
take_up (FlashMpRun *self, FlashStm32mpStage stage, GError **error)
{
  g_auto (FlashStm32mpPhase) phase = { 0 };
  const FlashPlanStep *half = get_half_step (self);

  if (self->seen.stage != stage || !flash_mp_link_is_proved (self->link) ||
      !flash_mp_link_get_phase (self->link, &phase, NULL) || phase.id == FLASH_STM32MP_ID_ERROR ||
      (self->is_set_up && phase.id == FLASH_STM32MP_ID_LAYOUT))
    return fail_back (self, FLASH_JOB_ERROR_SESSION_LOST, error);
  if (self->is_over) {
    take_up_reading (self);
  } else if (half != NULL && has_arrived (self, half, &phase)) {
    self->seen.has_just_detached = FALSE;
    self->seen.sent[half->id] = TRUE;
    self->seen.last_id = half->id;
    flash_mp_run_count_left (self);
  } else if (half != NULL) {
    return half->kind == FLASH_PLAN_PARTITION
               ? reset_board (self, half, error)
               : fail_back (self, FLASH_JOB_ERROR_SESSION_LOST, error);
  }
  g_clear_error (error);
  return TRUE;
}

/* Without being asked the board has gone back to where it starts. */
static gboolean
follow_restart (FlashMpRun *self, GError **error)
{
  flash_mp_link_lose (self->link);
  if (!wait_back (self, error))
    return FALSE;
  fail_back (self, FLASH_JOB_ERROR_CAME_BACK_IN_ROM, error);
  return restart (self, error);
}

static gboolean
follow_gone (FlashMpRun *self, GError **error)
{
  FlashStm32mpStage stage = self->seen.stage;

  if (self->job->gate != NULL)
    flash_mp_link_lose (self->link);
  if (!is_code (*error, FLASH_JOB_ERROR_LOST_AT_PARTITION_END) &&
      flash_mp_link_comes_back_in_rom (self->link, RESTART_MS))
    return follow_restart (self, error);
  if (self->job->gate == NULL || !ask (self, FLASH_JOB_QUESTION_GONE, error) ||
      !wait_back (self, error))
    return FALSE;
  return self->seen.stage == FLASH_STM32MP_STAGE_ROM ? go_on_from_rom (self, error)
                                                     : take_up (self, stage, error);
}

gboolean
flash_mp_rescue (FlashMpRun *self, GError **error)
{
  if (is_code (*error, FLASH_JOB_ERROR_CAME_BACK_IN_ROM))
    return restart (self, error);
  return is_gone (self, *error) && follow_gone (self, error);
}
