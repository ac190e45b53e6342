/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-run"

#include "config.h"

#include "flash-mcu-run.h"

#include "flash-mcu-private.h"

void
flash_mcu_look (FlashMcuRun *self)
{
  FlashDescriptors *descriptors = flash_mcu_link_get_descriptors (self->link);
  FlashMcuResult *result = self->result;

  flash_mcu_news_stage (&self->news,
                        flash_mcu_link_get_dialect (self->link) == FLASH_DFU_DIALECT_RUNTIME
                            ? "runtime"
                            : "bootloader",
                        descriptors->product);
  if (result->has_guess)
    flash_chip_guess_clear (&result->guess);
  flash_chip_guess_init (&result->guess, descriptors);
  result->has_guess = TRUE;
  flash_chip_guess_get_traits (&result->guess, &self->traits);
  self->flash_reading = FLASH_READING_NOT_TRIED;
  self->option_reading = FLASH_READING_NOT_TRIED;
  self->reading = &self->flash_reading;
  g_clear_pointer (&self->options, g_bytes_unref);
}

static gboolean
connect_board (FlashMcuRun *self, GError **error)
{
  flash_mcu_news_begin (&self->news, FLASH_MCU_STEP_CONNECT);
  if (!flash_mcu_link_open (self->link, error))
    return FALSE;
  flash_mcu_look (self);
  if (flash_mcu_link_get_dialect (self->link) != FLASH_DFU_DIALECT_RUNTIME ||
      self->job->verb == FLASH_MCU_LEAVE)
    return TRUE;
  if (!flash_mcu_link_detach (self->link, error))
    return FALSE;
  flash_mcu_look (self);
  self->result->state = FLASH_MCU_STATE_LOADER;
  return TRUE;
}

static gboolean
needs_flash_map (FlashMcuVerb verb)
{
  return verb == FLASH_MCU_PROGRAM || verb == FLASH_MCU_COMPARE || verb == FLASH_MCU_ERASE ||
         verb == FLASH_MCU_UNPROTECT;
}

static gboolean
fail_start (GError **error, const char *why)
{
  g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DID_NOT_START, why);
  return FALSE;
}

/* What cannot be looked at is left to the boot loader, and so is what one in flash starts when it
 * is given no address. */
static gboolean
check_program (FlashMcuRun *self, guint32 address, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  guint32 found;

  if (self->result->guess.flash == NULL ||
      (self->result->guess.loader != FLASH_LOADER_ROM && self->job->address == 0))
    return TRUE;
  if (!flash_mcu_probe (self, &local_error) && self->flash_reading != FLASH_READING_REFUSED) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  self->result->has_diagnosis = FALSE;
  g_clear_error (&local_error);
  if (!flash_mcu_can_read (self))
    return flash_dfuse_to_idle (flash_mcu_get_dfuse (self), error);
  if (flash_mcu_find_program (self, &address, 1, &found, &local_error))
    return TRUE;
  if (local_error == NULL)
    return fail_start (error, "no sound vectors are there, so that nothing was started");
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* The first address of the flash is what is meant where none is given. */
static gboolean
leave (FlashMcuRun *self, GError **error)
{
  const FlashMemoryMap *map = self->result->guess.flash;
  guint32 address = self->job->address;

  if (address == 0 && map != NULL)
    address = flash_memory_map_get_start (map);
  flash_mcu_news_expect (&self->news, FLASH_MCU_STEP_START, 1, 0);
  if (!check_program (self, address, error) || !flash_mcu_start (self, address, error))
    return FALSE;
  return self->result->is_started ||
         fail_start (error, "the board was not seen to start its program");
}

static gboolean
carry_out_dfuse (FlashMcuRun *self, GError **error)
{
  if (needs_flash_map (self->job->verb) && self->result->guess.flash == NULL) {
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NO_FLASH_MAP,
                         "no alternate setting names the sectors of a flash");
    return FALSE;
  }
  switch (self->job->verb) {
  case FLASH_MCU_PROGRAM:
    return flash_mcu_program (self, error);
  case FLASH_MCU_COMPARE:
    return flash_mcu_compare (self, error);
  case FLASH_MCU_READ:
    return flash_mcu_read_range (self, error);
  case FLASH_MCU_ERASE:
    return flash_mcu_erase (self, error);
  case FLASH_MCU_WRITE_OPTIONS:
    return flash_mcu_write_options (self, error);
  case FLASH_MCU_UNPROTECT:
    return flash_mcu_unprotect (self, error);
  case FLASH_MCU_LEAVE:
    return leave (self, error);
  case FLASH_MCU_DETACH:
    return TRUE;
  }
  g_return_val_if_reached (FALSE);
}

static gboolean
carry_out (FlashMcuRun *self, GError **error)
{
  if (!connect_board (self, error))
    return FALSE;
  switch (flash_mcu_link_get_dialect (self->link)) {
  case FLASH_DFU_DIALECT_DFUSE:
    return carry_out_dfuse (self, error);
  case FLASH_DFU_DIALECT_PLAIN:
    return flash_mcu_plain (self, error);
  case FLASH_DFU_DIALECT_RUNTIME:
    /* It was told to start its program, and runs it. */
    return TRUE;
  case FLASH_DFU_DIALECT_NONE:
    break;
  }
  g_return_val_if_reached (FALSE);
}

/* Other jobs leave no sectors half done; whether they were taken is not known. */
static gboolean
is_about_flash (FlashMcuVerb verb)
{
  return verb == FLASH_MCU_PROGRAM || verb == FLASH_MCU_ERASE;
}

/* In which state a job that failed leaves the chip. */
static void
look_back (FlashMcuRun *self, const GError *error)
{
  FlashMcuState *state = &self->result->state;

  if (!self->is_touched)
    return;
  if (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_BOARD_GONE) ||
      g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NEVER_CAME_BACK) ||
      g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_DIFFERENT_BOARD) ||
      !flash_mcu_link_is_present (self->link))
    *state = FLASH_MCU_STATE_UNKNOWN;
  else if (*state == FLASH_MCU_STATE_UNTOUCHED)
    *state = is_about_flash (self->job->verb) ? FLASH_MCU_STATE_HALF : FLASH_MCU_STATE_UNKNOWN;
}

gboolean
flash_mcu_run (const FlashMcuJob *job, GCancellable *cancellable, const FlashSink *sink,
               FlashMcuResult *out_result, GError **error)
{
  FlashMcuRun self = { .job = job, .cancellable = cancellable, .result = out_result };
  g_autoptr (GError) local_error = NULL;
  gint64 start_us;

  g_return_val_if_fail (job != NULL && sink != NULL && out_result != NULL, FALSE);

  start_us = flash_clock_get_time_us (job->clock);
  *out_result = (FlashMcuResult){ 0 };
  flash_mcu_news_init (&self.news, job->clock, sink);
  self.link =
      flash_mcu_link_new (job->provider, job->board, job->clock, cancellable, &self.news.link_sink);

  if (!carry_out (&self, &local_error)) {
    flash_job_error_adopt (&local_error);
    look_back (&self, local_error);
  }
  /* The device is free again before anybody hears that the job is over. */
  flash_mcu_link_free (self.link);
  out_result->duration_ms = (guint64) (flash_clock_get_time_us (job->clock) - start_us) / 1000;
  flash_mcu_news_finished (&self.news, local_error, out_result->duration_ms);

  flash_mcu_news_clear (&self.news);
  g_clear_pointer (&self.options, g_bytes_unref);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
