/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries out one job on one microcontroller. Thread: worker; blocks until it is over. */
#pragma once

#include "flash-event.h"
#include "flash-job-error.h"
#include "flash-mcu-job.h"

G_BEGIN_DECLS

/**
 * flash_mcu_run:
 * @cancellable: (nullable): stops the job at the next block
 * @sink: gets events and progress, the last event is %FLASH_EVENT_FINISHED
 * @out_result: (out caller-allocates): always filled, also on failure
 *
 * Nothing is claimed without evidence from the device, and the chip is left in a state that
 * @out_result says.
 *
 * Returns: %TRUE when everything that was asked for is done and, where asked, verified, or %FALSE
 *   with @error set (%FLASH_JOB_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean flash_mcu_run (const FlashMcuJob *job, GCancellable *cancellable, const FlashSink *sink,
                        FlashMcuResult *out_result, GError **error);

G_END_DECLS
