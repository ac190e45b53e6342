/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection to one STM32MP board through all its disappearances: it opens what stands on the
 * board's port, knows what program answers there, and waits for it to come back.
 *
 * Identity is the port; the serial number tells an exchanged board, where both have one. Thread:
 * worker. */
#pragma once

#include "flash-job-error.h"
#include "flash-port-link.h"
#include "flash-stm32mp.h"

G_BEGIN_DECLS

typedef struct _FlashMpLink FlashMpLink;

/**
 * flash_mp_link_new:
 * @provider: where boards come from; only flash_provider_peek_port () is called
 * @board: the board to begin with; what its descriptors say of serial number and chip is expected
 *   of whatever answers on its port
 * @gate: (nullable): where to ask when patience is over; without, the wait ends
 * @cancellable: (nullable): ends every wait
 * @sink: (transfer none): gets lost, returned, paused, resumed and waiting news; must outlive the
 *   link
 */
FlashMpLink *
flash_mp_link_new (FlashProvider *provider, FlashBoard *board, FlashClock *clock,
                   FlashJobGate *gate, GCancellable *cancellable, const FlashSink *sink);
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
 * flash_mp_link_wait_return:
 *
 * To be called after the board was told to leave: closes the device, waits until a board stands
 * on the port anew, and opens it.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR_NEVER_CAME_BACK,
 *   %FLASH_JOB_ERROR_DIFFERENT_BOARD, others as flash_mp_link_open ())
 */
gboolean flash_mp_link_wait_return (FlashMpLink *self, const FlashPortWait *wait, GError **error);

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
 * flash_mp_link_falls_back:
 * @watch_ms: how long to watch at most, in milliseconds
 *
 * Watches the port of a board that has left to start something. Anything else than its ROM ends the
 * watch: something runs.
 *
 * Returns: whether its ROM has appeared
 */
gboolean flash_mp_link_falls_back (FlashMpLink *self, guint watch_ms);

/**
 * flash_mp_link_get_phase:
 * @out_phase: (out): untouched on failure
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_JOB_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean flash_mp_link_get_phase (FlashMpLink *self, FlashStm32mpPhase *out_phase, GError **error);

/* Closes the device of a board that left without being told to, and tells that it is away. */
void flash_mp_link_lose (FlashMpLink *self);

/**
 * flash_mp_link_ask:
 * @question: what to ask; there must be a gate
 *
 * Stands still until there is an answer.
 *
 * Returns: the answer; %FLASH_JOB_ANSWER_NONE with @error set if the job was cancelled
 */
FlashJobAnswer flash_mp_link_ask (FlashMpLink *self, FlashJobQuestion question, GError **error);

/* Returns: whether anything stands on the board's port at this moment. */
gboolean flash_mp_link_is_present (FlashMpLink *self);
/* Watches an empty port for @watch_ms milliseconds. Returns: whether it stays empty. */
gboolean flash_mp_link_stays_away (FlashMpLink *self, guint watch_ms);
/* Watches the port for @watch_ms milliseconds at most. Returns: whether a board in its ROM appears
 * there, by what is known of it without opening it. */
gboolean flash_mp_link_comes_back_in_rom (FlashMpLink *self, guint watch_ms);
/* Returns: whether what answers now has proved to be the board that was open before: the same
 * serial number, which was known already, and the same chip. */
gboolean flash_mp_link_is_proved (FlashMpLink *self);
/* Returns: whether the open device says that it can be read. */
gboolean flash_mp_link_can_read (FlashMpLink *self);
/* Returns: whether the board was off the bus in the last wait for it. */
gboolean flash_mp_link_has_left (FlashMpLink *self);
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
