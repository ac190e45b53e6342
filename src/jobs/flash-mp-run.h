/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole FlashLayout onto one STM32MP board: from whatever stage it is in, through all
 * re-enumerations, until the board itself says that it has everything.
 *
 * A job that begins again after a restart counts on what the board has stored before, if a serial
 * number proves that it is the same board, and reads it back before it is done, whether or not
 * everything is to be verified: the card may be another one. What was not read back is not claimed.
 *
 * Nothing is claimed without the board's word for it: an image counts as written when the board
 * asks for the next one, the job as done when it says 0xfe.
 *
 * Thread: worker; blocks until the job is over. */
#pragma once

#include "flash-clock.h"
#include "flash-event.h"
#include "flash-job-error.h"
#include "flash-job-gate.h"
#include "flash-plan.h"
#include "flash-provider.h"
#include "flash-result.h"

G_BEGIN_DECLS

/* What people of this trade are used to wait (users-and-journeys.md section 3, number 4). */
#define FLASH_MP_PATIENCE_MS 60000

/**
 * FlashMpJob:
 * @plan: what to send
 * @provider: where the board comes from
 * @board: the board
 * @clock: real, or virtual in tests
 * @verify: whether to read back and compare at the end
 * @patience_ms: how long a board may be away at each hand-over; 0: %FLASH_MP_PATIENCE_MS. What the
 *   layout lets it erase meanwhile comes on top
 * @restarts: whether to begin again by itself, once, with a board that restarted into its ROM
 * @gate: (nullable): where to ask what to do about a board that is away; without, the job fails
 */
typedef struct {
  FlashPlan *plan;
  FlashProvider *provider;
  FlashBoard *board;
  FlashClock *clock;
  gboolean verify;
  guint patience_ms;
  gboolean restarts;
  FlashJobGate *gate;
} FlashMpJob;

/**
 * flash_mp_run:
 * @cancellable: (nullable): stops the job at the next block
 * @sink: gets events and progress, the last event is %FLASH_EVENT_FINISHED
 * @out_result: (out caller-allocates): always filled, also on failure
 *
 * Returns: %TRUE when the board has confirmed everything, or %FALSE with @error set
 *   (%FLASH_JOB_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean flash_mp_run (const FlashMpJob *job, GCancellable *cancellable, const FlashSink *sink,
                       FlashResult *out_result, GError **error);

G_END_DECLS
