/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to do next with an STM32MP board, decided from what it asks for and from what it was
 * given before. A pure function of both, so that each row of the reference's tables
 * (stm32mp-usb.md sections 1.4.3, 1.8, 1.9) is a row of a test. Thread: any. */
#pragma once

#include "flash-job-error.h"
#include "flash-stm32mp.h"

G_BEGIN_DECLS

/**
 * FlashMpSeen:
 * @stage: which program answers, by its product string
 * @family: which chip
 * @sent: what the board has been given, by Id; the layout is Id 0
 * @last_id: the latest of them, -1 before anything was sent
 * @has_detached: whether the board was told to go on at least once
 * @has_just_detached: whether it was told so, and has been given nothing since
 * @may_repeat_detach: whether the board was off the bus since it was told so for the first time,
 * and may not have heard it
 * @has_restarted: whether it left the bus when it was to start the first stage
 * @has_partitions: whether the plan has work for U-Boot
 * @n_partitions_left: how many partitions the plan still has to send
 */
typedef struct {
  FlashStm32mpStage stage;
  FlashStm32mpFamily family;
  gboolean sent[256];
  gint last_id;
  gboolean has_detached;
  gboolean has_just_detached;
  gboolean may_repeat_detach;
  gboolean has_restarted;
  gboolean has_partitions;
  guint n_partitions_left;
} FlashMpSeen;

/**
 * FlashMpAction:
 * @FLASH_MP_SEND_BOOT: send the boot stage that the phase names
 * @FLASH_MP_SEND_LAYOUT: send the layout
 * @FLASH_MP_SEND_PARTITION: send the partition that the phase names
 * @FLASH_MP_DETACH: let it go on to its next stage
 * @FLASH_MP_DONE: the board has everything
 * @FLASH_MP_FAIL: give up
 */
typedef enum {
  FLASH_MP_SEND_BOOT,
  FLASH_MP_SEND_LAYOUT,
  FLASH_MP_SEND_PARTITION,
  FLASH_MP_DETACH,
  FLASH_MP_DONE,
  FLASH_MP_FAIL,
} FlashMpAction;

/**
 * FlashMpDecision:
 * @action: what to do
 * @id: what to send
 * @error: with %FLASH_MP_FAIL: why
 */
typedef struct {
  FlashMpAction action;
  guint8 id;
  FlashJobError error;
} FlashMpDecision;

/**
 * flash_mp_flow_decide:
 * @seen: what is known of the job so far
 * @phase: what the board says
 *
 * Returns: what to do next
 */
FlashMpDecision flash_mp_flow_decide (const FlashMpSeen *seen, const FlashStm32mpPhase *phase);

G_END_DECLS
