/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-result"

#include "config.h"

#include "flash-result.h"

const char *
flash_board_state_get_name (FlashBoardState state)
{
  switch (state) {
  case FLASH_BOARD_UNTOUCHED:
    return "untouched";
  case FLASH_BOARD_FINISHED:
    return "finished";
  case FLASH_BOARD_STARTED:
    return "started";
  case FLASH_BOARD_NEEDS_RESET:
    return "needs-reset";
  case FLASH_BOARD_AWAY:
    return "away";
  }
  g_return_val_if_reached (NULL);
}

void
flash_result_clear (FlashResult *self)
{
  g_clear_pointer (&self->written, g_array_unref);
  g_clear_pointer (&self->verified, g_array_unref);
}

void
flash_result_init (FlashResult *self, guint n_steps)
{
  *self = (FlashResult){ .partial_step = -1 };
  self->written = g_array_sized_new (FALSE, TRUE, sizeof (gboolean), n_steps);
  g_array_set_size (self->written, n_steps);
  self->verified = g_array_sized_new (FALSE, TRUE, sizeof (gboolean), n_steps);
  g_array_set_size (self->verified, n_steps);
}

gboolean
flash_result_is_written (const FlashResult *self, guint step)
{
  g_return_val_if_fail (step < self->written->len, FALSE);

  return g_array_index (self->written, gboolean, step);
}

gboolean
flash_result_is_verified (const FlashResult *self, guint step)
{
  g_return_val_if_fail (step < self->verified->len, FALSE);

  return g_array_index (self->verified, gboolean, step);
}

gboolean
flash_result_is_all_written (const FlashResult *self, FlashPlan *plan)
{
  gboolean has_any = FALSE;

  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++) {
    gboolean is_written = flash_result_is_written (self, i);

    if (!is_written && flash_plan_get_step (plan, i)->kind == FLASH_PLAN_PARTITION)
      return FALSE;
    has_any |= is_written;
  }
  return has_any;
}

gboolean
flash_result_is_all_verified (const FlashResult *self, FlashPlan *plan)
{
  gboolean has_any = FALSE;

  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++) {
    if (flash_plan_get_step (plan, i)->kind != FLASH_PLAN_PARTITION)
      continue;
    if (!flash_result_is_verified (self, i))
      return FALSE;
    has_any = TRUE;
  }
  return has_any;
}
