/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What particular devices do otherwise than the standard says: one table, each row with its
 * source, found by vid, pid, bcdDevice and strings (stm32-dfuse.md section 3). Nowhere else does
 * the engine ask for an id. Thread: any. */
#pragma once

#include "flash-descriptors.h"

G_BEGIN_DECLS

/**
 * FlashDfuQuirkFlags:
 * @FLASH_DFU_QUIRK_IGNORE_POLL: bwPollTimeout is nonsense: 5 ms instead
 * @FLASH_DFU_QUIRK_BUSY_FOREVER: erasing in bank 2 never leaves dfuDNBUSY; two CLRSTATUS do
 * @FLASH_DFU_QUIRK_STALLS_WHILE_BUSY: GETSTATUS stalls while it erases
 * @FLASH_DFU_QUIRK_LEAVE_SILENT: leaving ends with a bus error although all is well
 * @FLASH_DFU_QUIRK_LEAVE_STAYS: with some of its ROMs, which cannot be told apart, leaving does not
 *   start the application: a reset is needed then
 * @FLASH_DFU_QUIRK_CLEAR_STALLS: CLRSTATUS outside of dfuERROR stalls
 * @FLASH_DFU_QUIRK_NO_UPLOAD_STATUS: no GETSTATUS between uploads; nor is there with anybody else
 * @FLASH_DFU_QUIRK_DFU_MODE: it is in DFU mode although its protocol says otherwise
 * @FLASH_DFU_QUIRK_PLAIN: it says DfuSe and speaks plain DFU
 * @FLASH_DFU_QUIRK_SERIAL_SHARED: its serial number is that of every device of the kind
 */
typedef enum {
  FLASH_DFU_QUIRK_IGNORE_POLL = 1 << 0,
  FLASH_DFU_QUIRK_BUSY_FOREVER = 1 << 1,
  FLASH_DFU_QUIRK_STALLS_WHILE_BUSY = 1 << 2,
  FLASH_DFU_QUIRK_LEAVE_SILENT = 1 << 3,
  FLASH_DFU_QUIRK_LEAVE_STAYS = 1 << 4,
  FLASH_DFU_QUIRK_CLEAR_STALLS = 1 << 5,
  FLASH_DFU_QUIRK_NO_UPLOAD_STATUS = 1 << 6,
  FLASH_DFU_QUIRK_DFU_MODE = 1 << 7,
  FLASH_DFU_QUIRK_PLAIN = 1 << 8,
  FLASH_DFU_QUIRK_SERIAL_SHARED = 1 << 9,
} FlashDfuQuirkFlags;

/**
 * FlashDfuQuirks:
 * @flags: what it does otherwise
 * @transfer_size: the transfer size in bytes to go by: what the device says, or what a quirk says,
 *   or a sane value for an insane one (section 1.2)
 * @bcd_dfu: the DFU version to go by
 */
typedef struct {
  FlashDfuQuirkFlags flags;
  guint transfer_size;
  guint16 bcd_dfu;
} FlashDfuQuirks;

/* What is known of the device that says @descriptors. */
void flash_dfu_quirks_find (FlashDescriptors *descriptors, FlashDfuQuirks *out_quirks);

/* How a device wants to be spoken to. */
typedef enum {
  FLASH_DFU_DIALECT_NONE,
  FLASH_DFU_DIALECT_RUNTIME,
  FLASH_DFU_DIALECT_PLAIN,
  FLASH_DFU_DIALECT_DFUSE,
} FlashDfuDialect;

/**
 * flash_dfu_quirks_get_dialect:
 *
 * Sections 1.1, 2.1 and 2.6. The boot stages of an STM32MP are %FLASH_DFU_DIALECT_PLAIN. A device
 * that says DfuSe and whose names could not be read is %FLASH_DFU_DIALECT_DFUSE: read them again.
 */
FlashDfuDialect flash_dfu_quirks_get_dialect (FlashDescriptors *descriptors);

G_END_DECLS
