/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a board that seems dead is revived: by family and by what people see, the steps, and for each
 * step what the bus must show before the next one. A value and pure functions over what is seen: it
 * asks for what is to be done, and never does it. Thread: any one. */
#pragma once

#include "flash-board-facts.h"
#include "flash-tri.h"

G_BEGIN_DECLS

/**
 * FlashRecoveryCase:
 * One way in: a family of boards and what people see of it. Built-in data.
 *
 * @id: stable id, e.g. `stm32mp-blank`, `h7-power`
 * @family: `stm32mp` or `stm32`
 * @title: to be translated: what people see
 * @cause: to be translated: what probably happened, one sentence
 * @warning: (nullable): to be translated: what it costs
 */
typedef struct {
  const char *id;
  const char *family;
  const char *title;
  const char *cause;
  const char *warning;
} FlashRecoveryCase;

/* Returns: (transfer none) (array length=out_n): all of them. At least `stm32mp-not-seen`,
 * `stm32mp-blank`, `stm32mp-leftovers` (full wipe), `stm32mp-minimal` (FSBL and FIP only),
 * `h7-power`, `boot-options`, `protected`, `loader-without-flash`, `f0-hub`. */
const FlashRecoveryCase *flash_recovery_case_list (guint *out_n);
/* Returns: (transfer none) (nullable): the case with that id. */
const FlashRecoveryCase *flash_recovery_case_find (const char *id);

/**
 * FlashRecoveryAct:
 * What a step wants from whoever shows it.
 *
 * @FLASH_RECOVERY_ACT_SHOW: only shown; a person does it, the bus shows that it is done, or the
 *   person says so
 * @FLASH_RECOVERY_ACT_CHOOSE_FILE: a layout or firmware is to be chosen
 * @FLASH_RECOVERY_ACT_FLASH_MINIMAL: FSBL and FIP of the layout are to be sent, nothing is written
 * @FLASH_RECOVERY_ACT_FLASH: the layout or firmware is to be flashed
 * @FLASH_RECOVERY_ACT_FLASH_WIPING: the layout is to be flashed with every partition erased before
 * (PD)
 * @FLASH_RECOVERY_ACT_SAVE_OPTIONS: option bytes are to be read and saved
 * @FLASH_RECOVERY_ACT_ERASE: the user flash is to be erased and verified blank
 * @FLASH_RECOVERY_ACT_UNPROTECT: the read protection is to be removed
 * @FLASH_RECOVERY_ACT_OPTIONS: option bytes are to be shown for correction
 * @FLASH_RECOVERY_ACT_END_GOOD: revived: the facts are shown
 * @FLASH_RECOVERY_ACT_END_PROBE: only a debug probe (ST-LINK) can help, and why
 * @FLASH_RECOVERY_ACT_END_OTHER: not revived this way; what to do instead
 */
typedef enum {
  FLASH_RECOVERY_ACT_SHOW,
  FLASH_RECOVERY_ACT_CHOOSE_FILE,
  FLASH_RECOVERY_ACT_FLASH_MINIMAL,
  FLASH_RECOVERY_ACT_FLASH,
  FLASH_RECOVERY_ACT_FLASH_WIPING,
  FLASH_RECOVERY_ACT_SAVE_OPTIONS,
  FLASH_RECOVERY_ACT_ERASE,
  FLASH_RECOVERY_ACT_UNPROTECT,
  FLASH_RECOVERY_ACT_OPTIONS,
  FLASH_RECOVERY_ACT_END_GOOD,
  FLASH_RECOVERY_ACT_END_PROBE,
  FLASH_RECOVERY_ACT_END_OTHER,
} FlashRecoveryAct;

/* Returns: whether it is an end, good or not. */
gboolean flash_recovery_act_is_end (FlashRecoveryAct act);
/* Returns: whether a job on the board is what is wanted. */
gboolean flash_recovery_act_is_job (FlashRecoveryAct act);

/**
 * FlashRecoveryStep:
 * @id: stable id
 * @title: to be translated: what to do, an imperative
 * @text: to be translated: how, and what is to be seen then
 * @drawing: (nullable): stable name of a drawing: `switches-serial`, `switches-storage`,
 *   `boot0-high`, `boot0-low`, `usb-device-port`, `power-cycle`
 * @act: what is wanted
 * @is_skippable: whether a person may say that it is done without the bus showing it
 * @confirm: (nullable): to be translated: what the person says then, if it is not that it was done,
 *   e.g. that nothing shows up
 */
typedef struct {
  const char *id;
  const char *title;
  const char *text;
  const char *drawing;
  FlashRecoveryAct act;
  gboolean is_skippable;
  const char *confirm;
} FlashRecoveryStep;

/**
 * FlashRecoverySeen:
 * What is known at this moment.
 *
 * @facts: (nullable): the board on the chosen port, %NULL if none is there
 * @access: whether it can be opened
 * @has_probe: an ST-LINK is on the bus
 * @is_behind_hub: there is a hub between the computer and the board
 * @has_file: a layout or firmware without errors is open
 * @file_is_layout: which of them
 * @job_code: (nullable): how the job of the present step ended: `done`, or the stable code of the
 *   error; %NULL if it has not ended or there was none
 * @is_blank: after an erasure: everything was read back as erased
 * @is_verified: the job has verified what it wrote
 * @is_protected: what is known of the read protection
 * @is_confirmed: the person has said that the present step is done
 */
typedef struct {
  const FlashBoardFacts *facts;
  FlashAccess access;
  gboolean has_probe;
  gboolean is_behind_hub;
  gboolean has_file;
  gboolean file_is_layout;
  const char *job_code;
  gboolean is_blank;
  gboolean is_verified;
  FlashTri is_protected;
  gboolean is_confirmed;
} FlashRecoverySeen;

typedef struct _FlashRecovery FlashRecovery;

/**
 * flash_recovery_new:
 * @id: a case
 *
 * Returns: (transfer full) (nullable): %NULL if there is no such case
 */
FlashRecovery *flash_recovery_new (const char *id);
void flash_recovery_free (FlashRecovery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashRecovery, flash_recovery_free)

/* Returns: (transfer none): what it is about. */
const FlashRecoveryCase *flash_recovery_get_case (FlashRecovery *self);
/* Returns: the steps that are known so far; which ones follow can depend on what is seen. */
guint flash_recovery_get_n_steps (FlashRecovery *self);
/* Returns: (transfer none): step @index; it does not change any more once it is passed. */
const FlashRecoveryStep *flash_recovery_get_step (FlashRecovery *self, guint index);
/* Returns: the present step. */
guint flash_recovery_get_position (FlashRecovery *self);
/* Returns: (transfer none) (nullable): to be translated: why the present step is not passed yet, or
 * what was seen instead; %NULL if there is nothing to say. */
const char *flash_recovery_get_obstacle (FlashRecovery *self);
/* Returns: whether the end is reached, good or not. */
gboolean flash_recovery_is_over (FlashRecovery *self);

/**
 * flash_recovery_see:
 * @seen: what is known now
 *
 * Goes on as far as @seen allows, several steps if they are done already; never back, except that a
 * board that has left is waited for again. What a job achieved and what a person said count for one
 * step: both have to be taken back (@job_code %NULL, @is_confirmed %FALSE) before they count again.
 *
 * Returns: whether anything of the above has changed
 */
gboolean flash_recovery_see (FlashRecovery *self, const FlashRecoverySeen *seen);

G_END_DECLS
