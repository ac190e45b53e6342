/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-mcu-job"

#include "config.h"

#include "flash-mcu-job.h"

const char *
flash_mcu_verb_get_name (FlashMcuVerb verb)
{
  switch (verb) {
  case FLASH_MCU_PROGRAM:
    return "program";
  case FLASH_MCU_COMPARE:
    return "compare";
  case FLASH_MCU_READ:
    return "read";
  case FLASH_MCU_ERASE:
    return "erase";
  case FLASH_MCU_WRITE_OPTIONS:
    return "write-options";
  case FLASH_MCU_UNPROTECT:
    return "unprotect";
  case FLASH_MCU_LEAVE:
    return "leave";
  case FLASH_MCU_DETACH:
    return "detach";
  }
  g_return_val_if_reached (NULL);
}

void
flash_mcu_job_copy (FlashMcuJob *self, const FlashMcuJob *other)
{
  g_return_if_fail (self != NULL && other != NULL);

  *self = *other;
  g_object_ref (self->provider);
  g_object_ref (self->board);
  g_object_ref (self->clock);
  if (self->image != NULL)
    flash_image_ref (self->image);
  self->journal_folder = g_strdup (other->journal_folder);
  if (self->option_bytes != NULL)
    g_bytes_ref (self->option_bytes);
  if (self->option_before != NULL)
    g_bytes_ref (self->option_before);
}

void
flash_mcu_job_clear (FlashMcuJob *self)
{
  g_clear_object (&self->provider);
  g_clear_object (&self->board);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->image, flash_image_unref);
  g_free ((char *) self->journal_folder);
  self->journal_folder = NULL;
  g_clear_pointer (&self->option_bytes, g_bytes_unref);
  g_clear_pointer (&self->option_before, g_bytes_unref);
}

const char *
flash_mcu_step_get_name (FlashMcuStep step)
{
  switch (step) {
  case FLASH_MCU_STEP_CONNECT:
    return "connect";
  case FLASH_MCU_STEP_COMPARE:
    return "compare";
  case FLASH_MCU_STEP_ERASE:
    return "erase";
  case FLASH_MCU_STEP_WRITE:
    return "write";
  case FLASH_MCU_STEP_VERIFY:
    return "verify";
  case FLASH_MCU_STEP_READ:
    return "read";
  case FLASH_MCU_STEP_OPTIONS:
    return "options";
  case FLASH_MCU_STEP_UNPROTECT:
    return "unprotect";
  case FLASH_MCU_STEP_START:
    return "start";
  case FLASH_MCU_N_STEPS:
    break;
  }
  g_return_val_if_reached (NULL);
}

gboolean
flash_mcu_job_has_step (const FlashMcuJob *self, FlashMcuStep step)
{
  FlashMcuVerb verb;

  g_return_val_if_fail (self != NULL, FALSE);

  verb = self->verb;
  switch (step) {
  case FLASH_MCU_STEP_CONNECT:
    return TRUE;
  case FLASH_MCU_STEP_COMPARE:
    return verb == FLASH_MCU_PROGRAM || verb == FLASH_MCU_COMPARE;
  case FLASH_MCU_STEP_ERASE:
    return verb == FLASH_MCU_PROGRAM || verb == FLASH_MCU_ERASE;
  case FLASH_MCU_STEP_WRITE:
    return verb == FLASH_MCU_PROGRAM;
  case FLASH_MCU_STEP_VERIFY:
    return (verb == FLASH_MCU_PROGRAM && self->verifies) || verb == FLASH_MCU_ERASE;
  case FLASH_MCU_STEP_READ:
    return verb == FLASH_MCU_READ;
  case FLASH_MCU_STEP_OPTIONS:
    return verb == FLASH_MCU_WRITE_OPTIONS;
  case FLASH_MCU_STEP_UNPROTECT:
    return verb == FLASH_MCU_UNPROTECT;
  case FLASH_MCU_STEP_START:
    return (verb == FLASH_MCU_PROGRAM && self->starts) || verb == FLASH_MCU_LEAVE;
  case FLASH_MCU_N_STEPS:
    break;
  }
  g_return_val_if_reached (FALSE);
}

const char *
flash_mcu_state_get_name (FlashMcuState state)
{
  switch (state) {
  case FLASH_MCU_STATE_UNTOUCHED:
    return "untouched";
  case FLASH_MCU_STATE_LOADER:
    return "loader";
  case FLASH_MCU_STATE_STARTED:
    return "started";
  case FLASH_MCU_STATE_NEEDS_RESET:
    return "needs-reset";
  case FLASH_MCU_STATE_HALF:
    return "half";
  case FLASH_MCU_STATE_BLANK:
    return "blank";
  case FLASH_MCU_STATE_UNKNOWN:
    return "unknown";
  }
  g_return_val_if_reached (NULL);
}

void
flash_mcu_result_clear (FlashMcuResult *self)
{
  if (self->has_guess)
    flash_chip_guess_clear (&self->guess);
  self->has_guess = FALSE;
  g_clear_pointer (&self->plan, flash_firmware_plan_unref);
  g_clear_pointer (&self->content, g_bytes_unref);
  g_clear_pointer (&self->option_bytes, g_bytes_unref);
}
