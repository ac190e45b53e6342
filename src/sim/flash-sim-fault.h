/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The things that go wrong on a virtual board, and when: `KIND@N` from the N-th request on, or
 * `KIND@STAGE` in that stage, several of them with `;` between. Each waits for the first thing it
 * fits on, so `corrupt@5` changes the first data that flow at or after the fifth request.
 * Most are the knobs of stm32mp-usb.md section 9.6 and of stm32-dfuse.md section 8.8.
 *
 * Thread: that of the device, under its lock; the tables: any. */
#pragma once

#include <gio/gio.h>

#include "flash-sim-model.h"

G_BEGIN_DECLS

typedef enum {
  /* on the wire, at any request */
  FLASH_SIM_FAULT_STALL,
  FLASH_SIM_FAULT_TIMEOUT,
  FLASH_SIM_FAULT_LOST_ANSWER,
  FLASH_SIM_FAULT_SHORT,
  FLASH_SIM_FAULT_CORRUPT,
  FLASH_SIM_FAULT_UNPLUG,
  FLASH_SIM_FAULT_REPLUG,
  FLASH_SIM_FAULT_CABLE,
  FLASH_SIM_FAULT_LONG_NAK,
  FLASH_SIM_FAULT_ENDLESS_BUSY,
  FLASH_SIM_FAULT_STRINGS_UNKNOWN,
  /* at a hand-over from one stage to the next */
  FLASH_SIM_FAULT_NEVER_RETURN,
  FLASH_SIM_FAULT_RETURN_AS_ROM,
  FLASH_SIM_FAULT_RETURN_ELSEWHERE,
  FLASH_SIM_FAULT_WRONG_SERIAL,
  FLASH_SIM_FAULT_HANDOVER_DELAY,
  FLASH_SIM_FAULT_STALL_DETACH,
  /* around the first stage */
  FLASH_SIM_FAULT_FSBL_REFUSED,
  FLASH_SIM_FAULT_FSBL_IGNORED,
  FLASH_SIM_FAULT_FSBL_CRASH,
  FLASH_SIM_FAULT_FSBL_REENUM,
  FLASH_SIM_FAULT_FSBL_KEEP,
  FLASH_SIM_FAULT_SPL_INSTEAD,
  FLASH_SIM_FAULT_PIPE_ONCE,
  /* around TF-A */
  FLASH_SIM_FAULT_BAD_FIP,
  FLASH_SIM_FAULT_FIP_OVERFLOW,
  FLASH_SIM_FAULT_NO_UBOOT,
  /* U-Boot before its second enumeration */
  FLASH_SIM_FAULT_STALE_LAYOUT,
  FLASH_SIM_FAULT_LAYOUT_ERROR,
  FLASH_SIM_FAULT_INIT_ERROR,
  FLASH_SIM_FAULT_ERASE_ERROR,
  FLASH_SIM_FAULT_GPT_ERROR,
  /* U-Boot while it writes */
  FLASH_SIM_FAULT_WRITE_ERROR,
  FLASH_SIM_FAULT_BUFFER_OVERFLOW,
  FLASH_SIM_FAULT_FLUSH_ERROR,
  FLASH_SIM_FAULT_END_ACTION_ERROR,
  FLASH_SIM_FAULT_PHASE_STUCK,
  FLASH_SIM_FAULT_FULL_STORAGE,
  FLASH_SIM_FAULT_OTP_ERROR,
  /* the loader of a microcontroller */
  FLASH_SIM_FAULT_ERASE_IGNORED,
  FLASH_SIM_FAULT_WRITE_DROPPED,
  FLASH_SIM_FAULT_READ_VENDOR,
  FLASH_SIM_FAULT_BAD_STRING,
  FLASH_SIM_FAULT_POWER_CUT,
  FLASH_SIM_N_FAULTS,
} FlashSimFaultKind;

#define FLASH_SIM_MAX_FAULTS 16

typedef struct {
  FlashSimFaultKind kind;
  guint64 at_request; /* 0: by stage */
  FlashSimStage stage;
  gboolean is_armed;
  gboolean is_spent;
} FlashSimFault;

typedef struct {
  FlashSimFault faults[FLASH_SIM_MAX_FAULTS];
  guint n_faults;
} FlashSimFaultScript;

/* Returns: (transfer none) (array zero-terminated=1): kind, description, kind, description, … */
const char *const *flash_sim_fault_list (void);

/**
 * flash_sim_fault_script_parse:
 * @text: the value of `fault=`
 * @model: the board to which it is to happen
 * @out_script: (out caller-allocates): untouched on failure
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_PROVIDER_ERROR_BAD_ID), naming what is legal
 */
gboolean flash_sim_fault_script_parse (const char *text, const FlashSimModel *model,
                                       FlashSimFaultScript *out_script, GError **error);

/**
 * flash_sim_fault_script_arm:
 * @request: the number of the request that arrived last
 * @stage: the stage in which the board is now
 *
 * Wakes the faults whose moment this is.
 */
void flash_sim_fault_script_arm (FlashSimFaultScript *self, guint64 request, FlashSimStage stage);

/* Returns: whether a fault of that kind is due; it then happens once and is gone. */
gboolean flash_sim_fault_script_take (FlashSimFaultScript *self, FlashSimFaultKind kind);

/* Returns: whether a lasting fault of that kind holds now. */
gboolean flash_sim_fault_script_holds (const FlashSimFaultScript *self, FlashSimFaultKind kind);

/* The board restarts: faults that hold come to an end, those still to come stay. */
void flash_sim_fault_script_restart (FlashSimFaultScript *self);

G_END_DECLS
