/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-job-error"

#include "config.h"

#include "flash-job-error.h"

#include "flash-dfu-status.h"
#include "flash-transport.h"

static const char *const names[] = {
  [FLASH_JOB_ERROR_ALTERNATE_MISSING] = "alternate-missing",
  [FLASH_JOB_ERROR_BLOCK_NOT_WRITTEN] = "block-not-written",
  [FLASH_JOB_ERROR_BOARD_GONE] = "board-gone",
  [FLASH_JOB_ERROR_BOARD_REPORTED] = "board-reported-error",
  [FLASH_JOB_ERROR_BOARD_SILENT] = "board-silent",
  [FLASH_JOB_ERROR_BUSY] = "busy-in-other-program",
  [FLASH_JOB_ERROR_CANNOT_READ] = "cannot-read",
  [FLASH_JOB_ERROR_CAME_BACK_IN_ROM] = "came-back-in-rom",
  [FLASH_JOB_ERROR_DID_NOT_START] = "did-not-start",
  [FLASH_JOB_ERROR_DIFFERENT_BOARD] = "different-board",
  [FLASH_JOB_ERROR_ERASE_FAILED] = "erase-failed",
  [FLASH_JOB_ERROR_ERASED_NOT_WRITTEN] = "erased-not-written",
  [FLASH_JOB_ERROR_FILE_CHANGED] = "file-changed",
  [FLASH_JOB_ERROR_FILE_UNREADABLE] = "file-unreadable",
  [FLASH_JOB_ERROR_FIRMWARE_REFUSED] = "firmware-refused",
  [FLASH_JOB_ERROR_FIP_REFUSED] = "fip-refused",
  [FLASH_JOB_ERROR_FOREIGN_SESSION] = "foreign-session",
  [FLASH_JOB_ERROR_FSBL_DID_NOT_START] = "fsbl-did-not-start",
  [FLASH_JOB_ERROR_FSBL_REFUSED] = "fsbl-refused",
  [FLASH_JOB_ERROR_JOURNAL_OF_OTHER_CONTENT] = "journal-of-other-content",
  [FLASH_JOB_ERROR_JOURNAL_UNWRITABLE] = "journal-unwritable",
  [FLASH_JOB_ERROR_LAYOUT_REFUSED] = "layout-refused",
  [FLASH_JOB_ERROR_LINK] = "link-error",
  [FLASH_JOB_ERROR_LOADER_WITHOUT_FLASH] = "loader-without-flash",
  [FLASH_JOB_ERROR_LOST_AT_PARTITION_END] = "lost-at-partition-end",
  [FLASH_JOB_ERROR_NEVER_CAME_BACK] = "never-came-back",
  [FLASH_JOB_ERROR_NO_ANSWER] = "no-answer",
  [FLASH_JOB_ERROR_NO_DFU] = "no-dfu",
  [FLASH_JOB_ERROR_NO_FLASH_MAP] = "no-flash-map",
  [FLASH_JOB_ERROR_NO_IMAGE_FOR_PHASE] = "no-image-for-phase",
  [FLASH_JOB_ERROR_NO_PERMISSION] = "no-permission",
  [FLASH_JOB_ERROR_NOT_PROTECTED] = "not-protected",
  [FLASH_JOB_ERROR_NOT_PROVED_SAME] = "not-proved-same",
  [FLASH_JOB_ERROR_NOT_STM32MP] = "not-stm32mp",
  [FLASH_JOB_ERROR_OPTIONS_CHANGED] = "options-changed",
  [FLASH_JOB_ERROR_OPTIONS_NOT_TAKEN] = "options-not-taken",
  [FLASH_JOB_ERROR_OTHER_BOOT_LOADER] = "other-boot-loader",
  [FLASH_JOB_ERROR_OUTSIDE_MEMORY] = "outside-memory",
  [FLASH_JOB_ERROR_PHASE_STUCK] = "phase-stuck",
  [FLASH_JOB_ERROR_RAM_NOT_FLASH] = "ram-not-flash",
  [FLASH_JOB_ERROR_READ_PROTECTED] = "read-protected",
  [FLASH_JOB_ERROR_READ_REFUSED] = "read-refused",
  [FLASH_JOB_ERROR_READINGS_DIFFER] = "readings-differ",
  [FLASH_JOB_ERROR_RESET_INTO_PROGRAM] = "reset-into-program",
  [FLASH_JOB_ERROR_SCATTERED_DIFFERENCES] = "scattered-differences",
  [FLASH_JOB_ERROR_SECTOR_SHARED] = "sector-shared",
  [FLASH_JOB_ERROR_SECTORS_ARE_WHOLE] = "sectors-are-whole",
  [FLASH_JOB_ERROR_SESSION_FINISHED] = "session-finished",
  [FLASH_JOB_ERROR_SESSION_LOST] = "session-lost",
  [FLASH_JOB_ERROR_STILL_PROTECTED] = "still-protected",
  [FLASH_JOB_ERROR_TAIL_NOT_WRITTEN] = "tail-not-written",
  [FLASH_JOB_ERROR_UNEXPECTED_PHASE] = "unexpected-phase",
  [FLASH_JOB_ERROR_UNSUPPORTED] = "unsupported",
  [FLASH_JOB_ERROR_VERIFY_MISMATCH] = "verify-mismatch",
  [FLASH_JOB_ERROR_WRITE_FAILED] = "write-failed",
  [FLASH_JOB_ERROR_WRITE_PROTECTED] = "write-protected",
  [FLASH_JOB_ERROR_WRITTEN_ELSEWHERE] = "written-elsewhere",
};

GQuark
flash_job_error_quark (void)
{
  return g_quark_from_static_string ("flash-job-error-quark");
}

const char *
flash_job_error_get_name (FlashJobError code)
{
  g_return_val_if_fail ((guint) code < G_N_ELEMENTS (names), NULL);

  return names[code];
}

const char *
flash_job_error_get_stable_code (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cancelled";
  g_return_val_if_fail (error->domain == FLASH_JOB_ERROR, names[FLASH_JOB_ERROR_LINK]);
  return flash_job_error_get_name (error->code);
}

static FlashJobError
from_transport (FlashTransportError code)
{
  switch (code) {
  case FLASH_TRANSPORT_ERROR_NO_PERMISSION:
    return FLASH_JOB_ERROR_NO_PERMISSION;
  case FLASH_TRANSPORT_ERROR_BUSY:
    return FLASH_JOB_ERROR_BUSY;
  case FLASH_TRANSPORT_ERROR_GONE:
    return FLASH_JOB_ERROR_BOARD_GONE;
  case FLASH_TRANSPORT_ERROR_TIMED_OUT:
    return FLASH_JOB_ERROR_NO_ANSWER;
  case FLASH_TRANSPORT_ERROR_STALL:
  case FLASH_TRANSPORT_ERROR_IO:
  case FLASH_TRANSPORT_ERROR_NOT_OPEN:
    return FLASH_JOB_ERROR_LINK;
  }
  g_return_val_if_reached (FLASH_JOB_ERROR_LINK);
}

static FlashJobError
from_dfu (FlashDfuError code)
{
  switch (code) {
  case FLASH_DFU_ERROR_DEVICE:
  case FLASH_DFU_ERROR_FIRMWARE:
  case FLASH_DFU_ERROR_PROTECTED:
    return FLASH_JOB_ERROR_BOARD_REPORTED;
  case FLASH_DFU_ERROR_UNREADABLE:
    return FLASH_JOB_ERROR_CANNOT_READ;
  case FLASH_DFU_ERROR_TARGET:
    return FLASH_JOB_ERROR_OUTSIDE_MEMORY;
  case FLASH_DFU_ERROR_UNSUPPORTED:
    return FLASH_JOB_ERROR_UNSUPPORTED;
  case FLASH_DFU_ERROR_STUCK_BUSY:
    return FLASH_JOB_ERROR_NO_ANSWER;
  case FLASH_DFU_ERROR_UNEXPECTED_STATE:
  case FLASH_DFU_ERROR_SHORT_TRANSFER:
  case FLASH_DFU_ERROR_BAD_ANSWER:
    return FLASH_JOB_ERROR_LINK;
  }
  g_return_val_if_reached (FLASH_JOB_ERROR_LINK);
}

void
flash_job_error_adopt (GError **error)
{
  if (error == NULL || *error == NULL)
    return;
  if ((*error)->domain == FLASH_TRANSPORT_ERROR)
    (*error)->code = (gint) from_transport ((*error)->code);
  else if ((*error)->domain == FLASH_DFU_ERROR)
    (*error)->code = (gint) from_dfu ((*error)->code);
  else if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    (*error)->code = FLASH_JOB_ERROR_FILE_CHANGED;
  else if ((*error)->domain == G_IO_ERROR &&
           !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    (*error)->code = FLASH_JOB_ERROR_FILE_UNREADABLE;
  else
    return;
  (*error)->domain = FLASH_JOB_ERROR;
}
