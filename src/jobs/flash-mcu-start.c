/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-start"

#include "config.h"

#include "flash-mcu-private.h"

#include "flash-vectors.h"

/* stm32-dfuse.md section 2.7, step 4 */
#define GONE_MS 3000
/* How long a boot loader gets to show that it has only restarted. */
#define RESTART_MS 1500
/* How long a program gets to appear on the bus where leaving alone proves nothing. */
#define PROGRAM_MS 2000
/* The smallest table of a Cortex-M is aligned to as many bytes. */
#define VECTORS_ALIGNMENT 128u
/* As few bytes as every boot loader can be asked for, and as are always in one granule. */
#define WORDS_LENGTH 8u

gboolean
flash_mcu_wait_reset (FlashMcuRun *self, const FlashPortWait *wait, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (flash_mcu_link_wait_return (self->link, wait, &local_error))
    return TRUE;
  if (g_error_matches (local_error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NEVER_CAME_BACK)) {
    self->result->state = FLASH_MCU_STATE_UNKNOWN;
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_RESET_INTO_PROGRAM, "%s",
                 local_error->message);
    return FALSE;
  }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
note_not_started (FlashMcuRun *self, const char *why)
{
  self->result->state = FLASH_MCU_STATE_NEEDS_RESET;
  flash_mcu_news_warning (&self->news, "needs-reset", why);
}

/* ROMs that leave the bus and start nothing are known; a boot loader in flash resets the chip. */
static gboolean
can_leave_in_vain (FlashMcuRun *self)
{
  const FlashDfuQuirks *quirks = flash_dfuse_get_quirks (flash_mcu_get_dfuse (self));

  return (quirks->flags & FLASH_DFU_QUIRK_LEAVE_STAYS) != 0 ||
         (self->result->guess.loader == FLASH_LOADER_ROM && !self->traits.leave_starts);
}

/* Some leave the bus and stay in the ROM all the same (section 2.7); others come back. */
static gboolean
is_started (FlashMcuRun *self, gboolean is_doubtful)
{
  FlashMcuSequel sequel =
      flash_mcu_link_wait_sequel (self->link, is_doubtful ? PROGRAM_MS : RESTART_MS);

  return sequel == FLASH_MCU_SEQUEL_PROGRAM || (sequel == FLASH_MCU_SEQUEL_NOTHING && !is_doubtful);
}

/* --- Whether there is a program ------------------------------------------------------------- */

/* Reads eight bytes that begin at a multiple of eight. A place that cannot be read holds no
 * program;
 * @error is set only if the board does not go on answering. */
static gboolean
read_words (FlashMcuRun *self, guint32 address, guint8 *out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FlashMemorySector sector;

  if (!flash_memory_map_find_sector (self->result->guess.flash, address, &sector) ||
      (sector.flags & FLASH_MEMORY_READABLE) == 0)
    return FALSE;
  if (flash_mcu_read (self, FLASH_ACTIVITY_CONNECTING, address, out, WORDS_LENGTH, &local_error))
    return TRUE;
  if (g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNREADABLE))
    return flash_dfuse_to_idle (flash_mcu_get_dfuse (self), error) && FALSE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Returns: whether the chip holds a sound vector table there, and its reset vector leads to
 * something; @error is set only if the board does not go on answering */
static gboolean
holds_program (FlashMcuRun *self, guint32 address, GError **error)
{
  guint8 words[WORDS_LENGTH];
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FlashImage) image = NULL;
  FlashVectors vectors;
  guint32 entry;

  if (address % VECTORS_ALIGNMENT != 0 || !read_words (self, address, words, error))
    return FALSE;
  bytes = g_bytes_new (words, sizeof words);
  image = flash_image_new_for_bytes (address, bytes);
  if (!flash_vectors_read (flash_image_find_target (image, 0), address, &vectors) ||
      vectors.is_blank)
    return FALSE;
  entry = vectors.reset & ~1u;
  vectors.is_reset_inside =
      read_words (self, entry - entry % WORDS_LENGTH, words, error) &&
      !flash_mcu_is_blank (self, words + entry % WORDS_LENGTH, sizeof (guint16));
  return flash_vectors_are_sound (&vectors);
}

gboolean
flash_mcu_find_program (FlashMcuRun *self, const guint32 *addresses, guint n_addresses,
                        guint32 *out_address, GError **error)
{
  for (guint i = 0; i < n_addresses; i++) {
    g_autoptr (GError) local_error = NULL;

    if (holds_program (self, addresses[i], &local_error)) {
      *out_address = addresses[i];
      return TRUE;
    }
    if (local_error != NULL) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  }
  return FALSE;
}

/* --- Starting it ---------------------------------------------------------------------------- */

gboolean
flash_mcu_start_plan (FlashMcuRun *self, GError **error)
{
  const FlashFirmwarePlan *plan = self->result->plan;
  const guint32 addresses[] = { plan->head, plan->start };
  guint32 address = plan->head;
  gboolean is_there;
  g_autoptr (GError) local_error = NULL;

  if (flash_mcu_can_read (self))
    is_there =
        flash_mcu_find_program (self, addresses, G_N_ELEMENTS (addresses), &address, &local_error);
  else
    is_there = flash_firmware_plan_can_start_at (plan, NULL, address);
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (is_there)
    return flash_mcu_start (self, address, error);
  /* The update is done all the same. */
  flash_mcu_news_begin (&self->news, FLASH_MCU_STEP_START);
  if (local_error != NULL)
    note_not_started (self, local_error->message);
  else
    flash_mcu_news_warning (&self->news, "nothing-to-start",
                            "no sound vectors where the chip would start");
  return TRUE;
}

gboolean
flash_mcu_start (FlashMcuRun *self, guint32 address, GError **error)
{
  FlashDfuse *dfuse = flash_mcu_get_dfuse (self);
  gboolean is_doubtful = can_leave_in_vain (self);
  g_autoptr (GError) local_error = NULL;
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS;
  gboolean is_gone;

  flash_mcu_news_begin (&self->news, FLASH_MCU_STEP_START);
  if (!flash_dfuse_leave (dfuse, address, &end, &local_error)) {
    if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    /* The update is done; that it does not start by itself takes nothing from that. */
    note_not_started (self, local_error->message);
    return TRUE;
  }
  is_gone = flash_mcu_link_wait_gone (self->link, GONE_MS);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (!is_gone || !is_started (self, is_doubtful)) {
    note_not_started (self, is_doubtful ? "this boot loader cannot be relied on to start programs"
                                        : "the boot loader stays, or came back");
    return TRUE;
  }
  self->result->is_started = TRUE;
  self->result->state = FLASH_MCU_STATE_STARTED;
  flash_mcu_news_tell (&self->news, FLASH_EVENT_STARTED, FLASH_MCU_STEP_START, 0);
  return TRUE;
}
