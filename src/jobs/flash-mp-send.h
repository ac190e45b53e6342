/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends one step of a plan to an STM32MP board, and reads one back. Files are read in pieces.
 * Thread: worker. */
#pragma once

#include "flash-mp-link.h"
#include "flash-plan.h"

G_BEGIN_DECLS

/**
 * FlashMpMeter:
 * @report: told how many bytes of the step are done; called for every block
 * @data: (nullable): for @report
 */
typedef struct {
  void (*report) (FlashActivity activity, guint64 bytes_done, gpointer data);
  gpointer data;
} FlashMpMeter;

/**
 * flash_mp_send_step:
 * @step: what to send; its Id names the alternate setting
 * @meter: told of every block
 * @cancellable: (nullable): looked at between blocks
 * @out_end: (out): whether the board still answers
 *
 * After an error or a cancel the board is brought back to idle as far as it lets itself.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean
flash_mp_send_step (FlashMpLink *link, const FlashPlanStep *step, const FlashMpMeter *meter,
                    GCancellable *cancellable, FlashDfuEnd *out_end, GError **error);

/**
 * flash_mp_break_step:
 * @bytes_done: how many bytes of the step were sent or read at least, in whole blocks
 *
 * U-Boot still waits for the block that is due of a transfer that the cable has broken off, and
 * takes no other (stm32mp-usb.md section 2.4). A block whose number cannot be that one has it let
 * go of the transfer, and writes nothing. To begin anew with block 0 instead would be wrong: the
 * number has 16 bits, and after 256 MiB block 0 may be the one that is due.
 */
void flash_mp_break_step (FlashMpLink *link, const FlashPlanStep *step, guint64 bytes_done);

/**
 * flash_mp_verify_step:
 * @step: what was sent
 * @meter: told of every block
 * @cancellable: (nullable): looked at between blocks
 *
 * Reads as many bytes back as were sent and compares. To be called when the board has everything:
 * a reading that is broken off spoils its alternate setting for the rest of the session
 * (stm32mp-usb.md section 2.4).
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR_VERIFY_MISMATCH, others as
 *   flash_mp_send_step ())
 */
gboolean
flash_mp_verify_step (FlashMpLink *link, const FlashPlanStep *step, const FlashMpMeter *meter,
                      GCancellable *cancellable, GError **error);

G_END_DECLS
