/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-unprotect"

#include "config.h"

#include "flash-mcu-journal.h"

/* stm32-dfuse.md section 2.3: the chip erases itself, resets and enumerates again. */
#define RETURN_MS 60000

static gboolean
fail_still_protected (GError **error, const char *why)
{
  g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_STILL_PROTECTED, why);
  return FALSE;
}

static gboolean
fail_not_protected (GError **error, const char *why)
{
  g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NOT_PROTECTED, why);
  return FALSE;
}

static void
look_at_options (FlashMcuRun *self)
{
  const FlashOptionLayout *layout = NULL;

  self->result->rdp = FLASH_RDP_UNKNOWN;
  flash_mcu_fetch_options (self);
  if (self->options != NULL)
    layout = flash_mcu_find_option_layout (self, self->options);
  if (layout != NULL)
    self->result->rdp =
        flash_option_layout_get_rdp (layout, g_bytes_get_data (self->options, NULL));
}

/* --- Before --------------------------------------------------------------------------------- */

/* The request erases everything also where there is nothing to remove: it is not sent where the
 * option bytes, or the flash itself, say that it is open. What refuses to be read, or cannot be
 * asked, may be protected. */
static gboolean
check_protected (FlashMcuRun *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  look_at_options (self);
  if (self->result->rdp == FLASH_RDP_NONE)
    return fail_not_protected (error, "the option bytes say level 0");
  if (!flash_mcu_probe (self, &local_error) && self->flash_reading != FLASH_READING_REFUSED) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (flash_mcu_can_read (self))
    return fail_not_protected (error, "the flash can be read");
  /* A refusal is what this job begins with, not how it ends. */
  self->result->has_diagnosis = FALSE;
  return flash_dfuse_to_idle (flash_mcu_get_dfuse (self), error) &&
         flash_dfuse_select (flash_mcu_get_dfuse (self), self->result->guess.flash_alternate,
                             error);
}

/* --- The request ---------------------------------------------------------------------------- */

/* A chip that erases itself restarts; one that stayed on the bus, and cannot be read as before, has
 * done nothing. */
static gboolean
fail_ignored (FlashMcuRun *self, GError **error)
{
  self->is_touched = FALSE;
  self->result->is_written = FALSE;
  self->result->state = FLASH_MCU_STATE_UNTOUCHED;
  if (self->flash_reading == FLASH_READING_REFUSED)
    return fail_still_protected (error,
                                 "the request was acknowledged, and the chip did not restart");
  g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_UNSUPPORTED,
                       "the boot loader acknowledged the request, and did nothing");
  return FALSE;
}

static gboolean
send (FlashMcuRun *self, GError **error)
{
  static const FlashPortWait wait = { .patience_ms = RETURN_MS,
                                      .stage = "bootloader",
                                      .expected = "the chip, which erases itself",
                                      .may_stay = TRUE };
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS;
  g_autoptr (GError) local_error = NULL;

  self->is_touched = TRUE;
  if (!flash_dfuse_unprotect (flash_mcu_get_dfuse (self), &end, &local_error)) {
    /* A loader that does not know the request has done nothing. */
    self->is_touched = !g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNSUPPORTED);
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  self->result->is_written = TRUE;
  self->result->state = FLASH_MCU_STATE_UNKNOWN;
  if (end != FLASH_DFUSE_END_STAYS && !flash_mcu_wait_reset (self, &wait, error))
    return FALSE;
  flash_mcu_look (self);
  return TRUE;
}

/* --- Afterwards ----------------------------------------------------------------------------- */

/* All that can be erased; sectors of a boot loader in flash say nothing. */
static gboolean
check_blank (FlashMcuRun *self, GError **error)
{
  const FlashMemoryMap *map = self->result->guess.flash;

  for (guint i = 0; i < flash_memory_map_get_n_sectors (map); i++) {
    FlashMemorySector sector;
    g_autoptr (GBytes) bytes = NULL;

    flash_memory_map_get_sector (map, i, &sector);
    if ((sector.flags & FLASH_MEMORY_ERASABLE) == 0 || (sector.flags & FLASH_MEMORY_READABLE) == 0)
      continue;
    bytes =
        flash_mcu_read_bytes (self, FLASH_ACTIVITY_VERIFYING, sector.address, sector.size, error);
    if (bytes == NULL)
      return FALSE;
    if (flash_mcu_is_blank (self, g_bytes_get_data (bytes, NULL), sector.size))
      continue;
    self->is_touched = FALSE;
    self->result->state = FLASH_MCU_STATE_UNTOUCHED;
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_UNSUPPORTED,
                 "the boot loader acknowledged the request, and 0x%08x is not erased",
                 sector.address);
    return FALSE;
  }
  return TRUE;
}

/* Level 0 of the option bytes, or flash that can be read, and is blank. */
static gboolean
check_open (FlashMcuRun *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!flash_mcu_probe (self, &local_error)) {
    if (self->flash_reading == FLASH_READING_REFUSED)
      return fail_still_protected (error, local_error->message);
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  look_at_options (self);
  if (self->result->rdp == FLASH_RDP_READ || self->result->rdp == FLASH_RDP_FOREVER)
    return fail_still_protected (error, "the option bytes say so");
  if (!flash_mcu_can_read (self))
    return flash_mcu_fail_unreadable (self, error);
  return check_blank (self, error);
}

gboolean
flash_mcu_unprotect (FlashMcuRun *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  flash_mcu_news_expect (&self->news, FLASH_MCU_STEP_UNPROTECT, 1,
                         flash_memory_map_get_size (self->result->guess.flash));
  flash_mcu_news_begin (&self->news, FLASH_MCU_STEP_UNPROTECT);
  if (!check_protected (self, error) || !send (self, error))
    return FALSE;
  if (flash_mcu_link_get_dialect (self->link) != FLASH_DFU_DIALECT_DFUSE ||
      self->result->guess.flash == NULL) {
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NEVER_CAME_BACK,
                         "the board came back in another mode");
    return FALSE;
  }
  if (!check_open (self, &local_error)) {
    if (!flash_mcu_link_has_left (self->link) && !flash_mcu_can_read (self) &&
        local_error->domain == FLASH_JOB_ERROR)
      return fail_ignored (self, error);
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  self->result->is_verified = TRUE;
  self->result->state = FLASH_MCU_STATE_BLANK;
  flash_mcu_news_tell (&self->news, FLASH_EVENT_VERIFIED, FLASH_MCU_STEP_UNPROTECT, 0);
  flash_mcu_journal_forget (self, NULL);
  return TRUE;
}
