/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection to one STM32MP board through all its disappearances: it opens what stands on the
 * board's port, knows what program answers there, and waits for it to come back.
 *
 * Identity is the port; the serial number tells an exchanged board, where both have one. Thread:
 * worker. */
#pragma once

#include "flash-event.h"
#include "flash-job-error.h"
#include "flash-provider.h"
#include "flash-stm32mp.h"

G_BEGIN_DECLS

typedef struct _FlashMpLink FlashMpLink;

/**
 * flash_mp_link_new:
 * @provider: where boards come from; only flash_provider_peek_port () is called
 * @board: the board to begin with; what its descriptors say of serial number and chip is expected
 *   of whatever answers on its port
 * @cancellable: (nullable): ends every wait
 * @sink: (transfer none): gets lost, returned and waiting news; must outlive the link
 */
FlashMpLink *flash_mp_link_new (FlashProvider *provider, FlashBoard *board, FlashClock *clock,
                                GCancellable *cancellable, const FlashSink *sink);
/* Closes the device. */
void flash_mp_link_free (FlashMpLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashMpLink, flash_mp_link_free)

/**
 * flash_mp_link_open:
 *
 * Opens the board that stands on the port now, and reads what it says about itself. What a moment
 * may cure (no rights yet, busy, silent) is tried again for some seconds.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean flash_mp_link_open (FlashMpLink *self, GError **error);

/**
 * FlashMpWait:
 * @patience_ms: how long to wait, in milliseconds
 * @may_stay: the board may go on without leaving the bus
 * @expected: static: what is expected, for the log
 */
typedef struct {
  guint patience_ms;
  gboolean may_stay;
  const char *expected;
} FlashMpWait;

/**
 * flash_mp_link_wait_return:
 *
 * To be called after the board was told to leave: closes the device, waits until a board stands
 * on the port anew, and opens it.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR_NEVER_CAME_BACK,
 *   %FLASH_JOB_ERROR_DIFFERENT_BOARD, others as flash_mp_link_open ())
 */
gboolean flash_mp_link_wait_return (FlashMpLink *self, const FlashMpWait *wait, GError **error);

/**
 * flash_mp_link_wait_handover:
 * @patience_ms: how long to wait, in milliseconds
 *
 * An STM32MP15 goes from its ROM to TF-A on the same open device, silent for a while; U-Boot SPL
 * in its place leaves the bus (stm32mp-usb.md section 1.2). Both are followed here.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR_FSBL_DID_NOT_START, others as
 *   flash_mp_link_wait_return ())
 */
gboolean flash_mp_link_wait_handover (FlashMpLink *self, guint patience_ms, GError **error);

/**
 * flash_mp_link_wait_gone:
 * @patience_ms: how long to wait, in milliseconds
 *
 * Closes the device and watches it leave.
 *
 * Returns: whether it left the bus in that time
 */
gboolean flash_mp_link_wait_gone (FlashMpLink *self, guint patience_ms);

/**
 * flash_mp_link_get_phase:
 * @out_phase: (out): untouched on failure
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean flash_mp_link_get_phase (FlashMpLink *self, FlashStm32mpPhase *out_phase, GError **error);

/* Returns: whether anything stands on the board's port at this moment. */
gboolean flash_mp_link_is_present (FlashMpLink *self);
/* Returns: (transfer none) (nullable): the conversation with the device, %NULL while it is closed.
 */
FlashDfuSession *flash_mp_link_get_session (FlashMpLink *self);
/* Returns: (transfer none): what the open device says about itself. */
FlashDescriptors *flash_mp_link_get_descriptors (FlashMpLink *self);
/* Returns: (transfer none): which chip, and which program answers. */
const FlashStm32mpProduct *flash_mp_link_get_product (FlashMpLink *self);
/* Returns: the largest block in bytes that device and host can do. */
gsize flash_mp_link_get_transfer_size (FlashMpLink *self);

G_END_DECLS
