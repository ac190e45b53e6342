/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step of a job as the window shows it: of the plan of a layout, or of a job on a
 * microcontroller. The signal `changed` says that its state did. Thread: main. */
#pragma once

#include "flash-mcu-job.h"
#include "flash-plan.h"

G_BEGIN_DECLS

/**
 * FlashStepState:
 * @FLASH_STEP_WAITING: its turn has not come
 * @FLASH_STEP_SENDING: it is being sent
 * @FLASH_STEP_STORING: it was sent, the board has not confirmed it
 * @FLASH_STEP_WRITTEN: the board confirmed it
 * @FLASH_STEP_VERIFYING: it is being read back
 * @FLASH_STEP_VERIFIED: it was read back and is the same
 * @FLASH_STEP_FAILED: it was being worked on when the job failed
 * @FLASH_STEP_STOPPED: it was being worked on when the job was stopped
 * @FLASH_STEP_SKIPPED: the job ended before its turn came
 * @FLASH_STEP_UNNEEDED: the board already ran a later stage, or has everything already
 * @FLASH_STEP_RUNNING: it goes on, on a microcontroller
 * @FLASH_STEP_DONE: it is over, on a microcontroller
 * @FLASH_STEP_HALF: the board left while it was being sent
 */
typedef enum {
  FLASH_STEP_WAITING,
  FLASH_STEP_SENDING,
  FLASH_STEP_STORING,
  FLASH_STEP_WRITTEN,
  FLASH_STEP_VERIFYING,
  FLASH_STEP_VERIFIED,
  FLASH_STEP_FAILED,
  FLASH_STEP_STOPPED,
  FLASH_STEP_SKIPPED,
  FLASH_STEP_UNNEEDED,
  FLASH_STEP_RUNNING,
  FLASH_STEP_DONE,
  FLASH_STEP_HALF,
} FlashStepState;

#define FLASH_TYPE_STEP_ITEM (flash_step_item_get_type ())
G_DECLARE_FINAL_TYPE (FlashStepItem, flash_step_item, FLASH, STEP_ITEM, GObject)

/**
 * flash_step_item_new:
 * @plan: a plan
 * @index: of one of its steps
 */
FlashStepItem *flash_step_item_new (FlashPlan *plan, guint index);

/**
 * flash_step_item_new_for_mcu:
 * @step: of a job on a microcontroller
 */
FlashStepItem *flash_step_item_new_for_mcu (FlashMcuStep step);

/* Returns: (transfer none) (nullable): the step of the plan, %NULL on a microcontroller. */
const FlashPlanStep *flash_step_item_get_step (FlashStepItem *self);
/* Returns: (transfer none): what to call it. */
const char *flash_step_item_get_name (FlashStepItem *self);
/* Returns: (transfer full): what else is known of it; empty for nothing. */
char *flash_step_item_dup_detail (FlashStepItem *self);

/**
 * flash_step_item_set_detail:
 * @detail: (nullable): what is known of a step on a microcontroller
 */
void flash_step_item_set_detail (FlashStepItem *self, const char *detail);

FlashStepState flash_step_item_get_state (FlashStepItem *self);

/**
 * flash_step_item_set_state:
 * @state: what goes on
 * @percent: how much of it is done, 0 to 100; means something while it goes on
 */
void flash_step_item_set_state (FlashStepItem *self, FlashStepState state, guint percent);

/* Returns: (transfer full): the state in words: `Waiting`, `37 %`, `Written`. */
char *flash_step_item_dup_text (FlashStepItem *self);

/* Returns: (transfer none): the symbolic icon of the state. */
const char *flash_step_item_get_icon_name (FlashStepItem *self);

/* Returns: (transfer none): the style class of the state, empty for none. */
const char *flash_step_item_get_css_class (FlashStepItem *self);

/* Returns: (transfer full): what it belongs to: a storage, or the start of the board; empty on a
 * microcontroller. */
char *flash_step_item_dup_group (FlashStepItem *self);

G_END_DECLS
