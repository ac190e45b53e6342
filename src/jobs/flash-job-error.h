/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a job ended. Each code leads to one advice, by its stable name. Thread: any. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  FLASH_JOB_ERROR_ALTERNATE_MISSING,
  FLASH_JOB_ERROR_BOARD_GONE,
  FLASH_JOB_ERROR_BOARD_REPORTED,
  FLASH_JOB_ERROR_BOARD_SILENT,
  FLASH_JOB_ERROR_BUSY,
  FLASH_JOB_ERROR_CAME_BACK_IN_ROM,
  FLASH_JOB_ERROR_DID_NOT_START,
  FLASH_JOB_ERROR_DIFFERENT_BOARD,
  FLASH_JOB_ERROR_FILE_CHANGED,
  FLASH_JOB_ERROR_FILE_UNREADABLE,
  FLASH_JOB_ERROR_FIP_REFUSED,
  FLASH_JOB_ERROR_FOREIGN_SESSION,
  FLASH_JOB_ERROR_FSBL_DID_NOT_START,
  FLASH_JOB_ERROR_FSBL_REFUSED,
  FLASH_JOB_ERROR_LAYOUT_REFUSED,
  FLASH_JOB_ERROR_LINK,
  FLASH_JOB_ERROR_LOST_AT_PARTITION_END,
  FLASH_JOB_ERROR_NEVER_CAME_BACK,
  FLASH_JOB_ERROR_NO_ANSWER,
  FLASH_JOB_ERROR_NO_IMAGE_FOR_PHASE,
  FLASH_JOB_ERROR_NO_PERMISSION,
  FLASH_JOB_ERROR_NOT_STM32MP,
  FLASH_JOB_ERROR_OTHER_BOOT_LOADER,
  FLASH_JOB_ERROR_PHASE_STUCK,
  FLASH_JOB_ERROR_SESSION_FINISHED,
  FLASH_JOB_ERROR_UNEXPECTED_PHASE,
  FLASH_JOB_ERROR_VERIFY_MISMATCH,
  FLASH_JOB_ERROR_WRITE_FAILED,
} FlashJobError;

#define FLASH_JOB_ERROR (flash_job_error_quark ())
GQuark flash_job_error_quark (void);

/* Returns: (transfer none): the code of the advice, e.g. `never-came-back`. */
const char *flash_job_error_get_name (FlashJobError code);

/**
 * flash_job_error_get_stable_code:
 * @error: an error with which a job ended
 *
 * Returns: (transfer none): the code of the advice; `cancelled` for %G_IO_ERROR_CANCELLED
 */
const char *flash_job_error_get_stable_code (const GError *error);

/**
 * flash_job_error_adopt:
 * @error: (inout): an error of a lower room, replaced by one of %FLASH_JOB_ERROR
 *
 * A cancel and errors that are already of this domain stay as they are.
 */
void flash_job_error_adopt (GError **error);

G_END_DECLS
