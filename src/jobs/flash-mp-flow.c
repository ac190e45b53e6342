/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-mp-flow"

#include "config.h"

#include "flash-mp-flow.h"

static FlashMpDecision
fail (FlashJobError error)
{
  return (FlashMpDecision){ .action = FLASH_MP_FAIL, .error = error };
}

static FlashMpDecision
act (FlashMpAction action, guint8 id)
{
  return (FlashMpDecision){ .action = action, .id = id };
}

/* "Stage finished": the board waits for DETACH (section 1.9). */
static gboolean
is_stage_end (const FlashStm32mpPhase *phase)
{
  return phase->id == FLASH_STM32MP_ID_LAYOUT &&
         (phase->needs_detach || phase->address == FLASH_STM32MP_NO_ADDRESS);
}

/* The ROM's answers are not documented: anything but a later stage's question means that it wants
 * its first stage (sections 1.2 and 12). */
static FlashMpDecision
decide_rom (const FlashMpSeen *seen, const FlashStm32mpPhase *phase)
{
  /* What it was given is gone; and a job that began in a later stage has no business here. */
  if (seen->has_detached || seen->has_restarted ||
      (seen->last_id >= 0 && !seen->sent[FLASH_STM32MP_ID_FSBL]))
    return fail (FLASH_JOB_ERROR_CAME_BACK_IN_ROM);
  if (!seen->sent[FLASH_STM32MP_ID_FSBL])
    return act (FLASH_MP_SEND_BOOT, FLASH_STM32MP_ID_FSBL);
  if (seen->family != FLASH_STM32MP_FAMILY_MP15 || is_stage_end (phase))
    return act (FLASH_MP_DETACH, 0);
  /* An STM32MP15 starts the first stage by itself: who still says "ROM" has not started it, or
   * has lost what came after it. */
  return fail (seen->last_id == FLASH_STM32MP_ID_FSBL ? FLASH_JOB_ERROR_FSBL_REFUSED
                                                      : FLASH_JOB_ERROR_CAME_BACK_IN_ROM);
}

static FlashMpDecision
decide_tfa (const FlashMpSeen *seen, const FlashStm32mpPhase *phase)
{
  if (is_stage_end (phase))
    return act (FLASH_MP_DETACH, 0);

  switch (phase->id) {
  case FLASH_STM32MP_ID_LAYOUT:
    /* A real address: an old TF-A that takes the layout itself (section 1.3.6). */
    if (seen->sent[FLASH_STM32MP_ID_LAYOUT])
      return fail (FLASH_JOB_ERROR_PHASE_STUCK);
    if (!seen->has_partitions)
      return fail (FLASH_JOB_ERROR_UNEXPECTED_PHASE);
    return act (FLASH_MP_SEND_LAYOUT, FLASH_STM32MP_ID_LAYOUT);
  case FLASH_STM32MP_ID_FSBL:
    return seen->sent[FLASH_STM32MP_ID_FSBL] ? fail (FLASH_JOB_ERROR_FSBL_REFUSED)
                                             : act (FLASH_MP_SEND_BOOT, FLASH_STM32MP_ID_FSBL);
  case FLASH_STM32MP_ID_DDR_FW:
  case FLASH_STM32MP_ID_FIP:
    return seen->sent[phase->id] ? fail (FLASH_JOB_ERROR_PHASE_STUCK)
                                 : act (FLASH_MP_SEND_BOOT, phase->id);
  default:
    return fail (FLASH_JOB_ERROR_UNEXPECTED_PHASE);
  }
}

static FlashMpDecision
decide_layout (const FlashMpSeen *seen, const FlashStm32mpPhase *phase)
{
  gboolean is_ours = seen->sent[FLASH_STM32MP_ID_LAYOUT];

  if (!phase->needs_detach)
    return is_ours ? fail (FLASH_JOB_ERROR_PHASE_STUCK)
                   : act (FLASH_MP_SEND_LAYOUT, FLASH_STM32MP_ID_LAYOUT);
  /* It has accepted a layout; if that is not ours, its partitions are not either. */
  return is_ours ? act (FLASH_MP_DETACH, 0) : fail (FLASH_JOB_ERROR_FOREIGN_SESSION);
}

static FlashMpDecision
decide_uboot (const FlashMpSeen *seen, const FlashStm32mpPhase *phase)
{
  gboolean is_ours = seen->sent[FLASH_STM32MP_ID_LAYOUT];

  if (phase->id == FLASH_STM32MP_ID_LAYOUT && seen->has_partitions)
    return decide_layout (seen, phase);
  if (phase->id == FLASH_STM32MP_ID_LAYOUT)
    /* U-Boot runs, but is it the one of this plan? "Done" would be a wrong success if not. */
    return seen->last_id >= 0 ? act (FLASH_MP_DONE, 0) : fail (FLASH_JOB_ERROR_FOREIGN_SESSION);
  if (phase->id == FLASH_STM32MP_ID_END) {
    if (!is_ours)
      return fail (FLASH_JOB_ERROR_SESSION_FINISHED);
    /* "Done" before it has asked for everything would be a wrong success. */
    return seen->n_partitions_left == 0 ? act (FLASH_MP_DONE, 0)
                                        : fail (FLASH_JOB_ERROR_UNEXPECTED_PHASE);
  }
  if (phase->id > FLASH_STM32MP_ID_LAST_PARTITION)
    return fail (FLASH_JOB_ERROR_UNEXPECTED_PHASE);
  if (!is_ours)
    return fail (FLASH_JOB_ERROR_FOREIGN_SESSION);
  /* Partitions come by rising Id: whatever is asked for twice was not accepted. */
  if (seen->last_id == phase->id || (seen->sent[phase->id] && phase->id > FLASH_STM32MP_ID_FIP))
    return fail (FLASH_JOB_ERROR_PHASE_STUCK);
  return act (FLASH_MP_SEND_PARTITION, phase->id);
}

/* Phase 0xff: the board's text says what it did not like, and the last thing sent says about what
 * it speaks (section 1.10). */
static FlashMpDecision
decide_error (const FlashMpSeen *seen)
{
  if (seen->last_id == FLASH_STM32MP_ID_LAYOUT)
    return fail (FLASH_JOB_ERROR_LAYOUT_REFUSED);
  if (seen->stage == FLASH_STM32MP_STAGE_UBOOT && seen->sent[FLASH_STM32MP_ID_LAYOUT])
    /* With an old TF-A the second stage is sent between the layout and its use. */
    return fail (seen->last_id > FLASH_STM32MP_ID_FIP ? FLASH_JOB_ERROR_WRITE_FAILED
                                                      : FLASH_JOB_ERROR_LAYOUT_REFUSED);
  if (seen->stage == FLASH_STM32MP_STAGE_UBOOT)
    return fail (FLASH_JOB_ERROR_BOARD_REPORTED);
  if (seen->last_id == FLASH_STM32MP_ID_FIP || seen->last_id == FLASH_STM32MP_ID_DDR_FW)
    return fail (FLASH_JOB_ERROR_FIP_REFUSED);
  if (seen->last_id == FLASH_STM32MP_ID_FSBL && seen->stage == FLASH_STM32MP_STAGE_ROM)
    return fail (FLASH_JOB_ERROR_FSBL_REFUSED);
  return fail (FLASH_JOB_ERROR_BOARD_REPORTED);
}

/* TF-A 2.2 keeps the ROM's product string (section 1.3.6), but asks for what the ROM never does. */
static gboolean
is_rom (const FlashMpSeen *seen, const FlashStm32mpPhase *phase)
{
  if (seen->stage != FLASH_STM32MP_STAGE_ROM || phase->id == FLASH_STM32MP_ID_DDR_FW ||
      phase->id == FLASH_STM32MP_ID_FIP)
    return FALSE;
  if (phase->id != FLASH_STM32MP_ID_LAYOUT)
    return TRUE;
  if (!is_stage_end (phase))
    return !seen->sent[FLASH_STM32MP_ID_FSBL];
  /* The end of a stage that has taken something else than the first one. */
  return seen->has_detached || seen->last_id < 0 || seen->last_id == FLASH_STM32MP_ID_FSBL;
}

static FlashMpDecision
decide (const FlashMpSeen *seen, const FlashStm32mpPhase *phase)
{
  if (phase->id == FLASH_STM32MP_ID_ERROR)
    return decide_error (seen);
  if (seen->stage == FLASH_STM32MP_STAGE_UBOOT)
    return decide_uboot (seen, phase);
  return is_rom (seen, phase) ? decide_rom (seen, phase) : decide_tfa (seen, phase);
}

FlashMpDecision
flash_mp_flow_decide (const FlashMpSeen *seen, const FlashStm32mpPhase *phase)
{
  FlashMpDecision decision = decide (seen, phase);

  /* A board that comes back as it left would be sent away for ever. */
  if (decision.action == FLASH_MP_DETACH && seen->has_just_detached && !seen->may_repeat_detach)
    return fail (FLASH_JOB_ERROR_PHASE_STUCK);
  return decision;
}
