/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer to GETSTATUS, and the errors that DFU knows. Thread: any. */
#pragma once

#include <gio/gio.h>

#include "flash-dfu-defs.h"

G_BEGIN_DECLS

/**
 * FlashDfuError:
 * @FLASH_DFU_ERROR_DEVICE: the device reports an error status; its name is in the message
 * @FLASH_DFU_ERROR_FIRMWARE: errFIRMWARE: the device's firmware is corrupt or was refused
 * @FLASH_DFU_ERROR_PROTECTED: errVENDOR: with ST's loaders, the memory is read protected
 * @FLASH_DFU_ERROR_UNEXPECTED_STATE: the device is in a state that DFU does not foresee here
 * @FLASH_DFU_ERROR_STUCK_BUSY: the device says that it is busy, for longer than it may take
 * @FLASH_DFU_ERROR_SHORT_TRANSFER: an answer was shorter than it must be
 * @FLASH_DFU_ERROR_BAD_ANSWER: an answer makes no sense
 * @FLASH_DFU_ERROR_UNREADABLE: the boot loader cannot read its memory, or not this part of it
 * @FLASH_DFU_ERROR_TARGET: errTARGET or errADDRESS: the address is not one that it allows
 * @FLASH_DFU_ERROR_UNSUPPORTED: the boot loader does not know the command
 */
typedef enum {
  FLASH_DFU_ERROR_DEVICE,
  FLASH_DFU_ERROR_FIRMWARE,
  FLASH_DFU_ERROR_PROTECTED,
  FLASH_DFU_ERROR_UNEXPECTED_STATE,
  FLASH_DFU_ERROR_STUCK_BUSY,
  FLASH_DFU_ERROR_SHORT_TRANSFER,
  FLASH_DFU_ERROR_BAD_ANSWER,
  FLASH_DFU_ERROR_UNREADABLE,
  FLASH_DFU_ERROR_TARGET,
  FLASH_DFU_ERROR_UNSUPPORTED,
} FlashDfuError;

#define FLASH_DFU_ERROR (flash_dfu_error_quark ())
GQuark flash_dfu_error_quark (void);

/**
 * FlashDfuStatus:
 * @code: bStatus
 * @state: bState; %FLASH_DFU_STATE_ERROR for all that DFU does not know: the way out of those is
 *   the same (stm32-dfuse.md section 1.5)
 * @poll_ms: bwPollTimeout: how long to wait before asking again, in milliseconds
 * @raw_state: bState as it came
 * @string_index: iString: a string of the device that says more, 0 if there is none
 */
typedef struct {
  FlashDfuStatusCode code;
  FlashDfuState state;
  guint poll_ms;
  guint8 raw_state;
  guint8 string_index;
} FlashDfuStatus;

/**
 * flash_dfu_status_parse:
 * @bytes: (array length=length): the data stage of GETSTATUS
 * @out_status: (out): untouched on failure
 *
 * Source: DFU 1.1 section 6.1.2.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_DFU_ERROR_SHORT_TRANSFER,
 *   %FLASH_DFU_ERROR_BAD_ANSWER)
 */
gboolean flash_dfu_status_parse (const guint8 *bytes, gsize length, FlashDfuStatus *out_status,
                                 GError **error);

/* Returns: (transfer none): the name that DFU 1.1 gives to the state, e.g. `dfuIDLE`. */
const char *flash_dfu_state_get_name (FlashDfuState state);
/* Returns: (transfer none): the name that DFU 1.1 gives to the code, e.g. `errWRITE`. */
const char *flash_dfu_status_code_get_name (FlashDfuStatusCode code);

/* Sets @error for a status that is not OK (%FLASH_DFU_ERROR). */
void flash_dfu_status_set_error (const FlashDfuStatus *self, GError **error);

G_END_DECLS
