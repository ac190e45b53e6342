/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One conversation in DFU 1.1 over an open transport.
 *
 * The session does what the standard allows and the STM32MP stages punish otherwise
 * (stm32mp-usb.md sections 2.1 to 2.4): it asks for the status after each block until the device
 * is ready, never sends CLRSTATUS outside of dfuERROR, numbers blocks from 0 and lets them wrap.
 *
 * Thread: worker, one thread for its whole life. Every wait ends when the cancellable does;
 * transfers never get it. */
#pragma once

#include "flash-clock.h"
#include "flash-descriptors.h"
#include "flash-dfu-status.h"

G_BEGIN_DECLS

/**
 * FlashDfuTimeouts:
 * @control_ms: for a request that only asks
 * @download_ms: for a request that may have to wait for the medium
 * @manifest_ms: for the end of a transfer, all requests together
 * @busy_ms: how long the device may go on saying that it is busy
 */
typedef struct {
  guint control_ms;
  guint download_ms;
  guint manifest_ms;
  guint busy_ms;
} FlashDfuTimeouts;

#define FLASH_TYPE_DFU_SESSION (flash_dfu_session_get_type ())
G_DECLARE_FINAL_TYPE (FlashDfuSession, flash_dfu_session, FLASH, DFU_SESSION, GObject)

/**
 * flash_dfu_session_new:
 * @transport: open, and stays so as long as the session is used
 * @interface_number: the DFU interface
 * @cancellable: (nullable): ends waits, not transfers
 *
 * Returns: (transfer full): a session with the time-outs of stm32mp-usb.md section 7.1
 */
FlashDfuSession *flash_dfu_session_new (FlashTransport *transport, FlashClock *clock,
                                        guint8 interface_number, GCancellable *cancellable);

/* Takes a copy; holds from the next request on. */
void flash_dfu_session_set_timeouts (FlashDfuSession *self, const FlashDfuTimeouts *timeouts);

/**
 * flash_dfu_session_set_device:
 * @descriptors: what the device says
 *
 * For every device but the boot stages of an STM32MP, before the first request: goes by the rules
 * of stm32-dfuse.md section 1 instead of what those stages do, and by what is known of the device.
 * Then GETSTATUS may be refused and is asked again, the way to dfuIDLE is the long one, a device
 * may vanish at its end, and one that wants a reset of the bus to end gets it.
 */
void flash_dfu_session_set_device (FlashDfuSession *self, FlashDescriptors *descriptors);

/**
 * flash_dfu_session_get_status:
 *
 * One GETSTATUS. Mind that asking changes the state of a DFU device.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR, %FLASH_DFU_ERROR)
 */
gboolean
flash_dfu_session_get_status (FlashDfuSession *self, FlashDfuStatus *out_status, GError **error);

/**
 * flash_dfu_session_select:
 * @alternate: the alternate setting to talk to
 *
 * Selects, and brings the device to dfuIDLE, out of an error or a broken-off transfer if need be.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR, %FLASH_DFU_ERROR,
 *   %G_IO_ERROR_CANCELLED)
 */
gboolean flash_dfu_session_select (FlashDfuSession *self, guint8 alternate, GError **error);

/**
 * flash_dfu_session_download:
 * @block: number of the block in this transfer; the low 16 bits go to the device
 * @data: (array length=length): at least one byte, at most the device's transfer size
 *
 * Sends a block and waits until the device is ready for the next one.
 *
 * Returns: %TRUE, or %FALSE with @error set (as flash_dfu_session_select ())
 */
gboolean flash_dfu_session_download (FlashDfuSession *self, guint64 block, const guint8 *data,
                                     gsize length, GError **error);

/**
 * FlashDfuEnd:
 * @FLASH_DFU_END_IDLE: the device is in dfuIDLE again
 * @FLASH_DFU_END_AWAY: the device took the end of the data and left, or the bus failed; whether
 *   that is right depends on the device
 * @FLASH_DFU_END_SILENT: the same, but it is still on the bus and does not answer
 */
typedef enum {
  FLASH_DFU_END_IDLE,
  FLASH_DFU_END_AWAY,
  FLASH_DFU_END_SILENT,
} FlashDfuEnd;

/**
 * flash_dfu_session_finish:
 * @block: the number after the last block
 * @out_end: (out): how it ended
 *
 * Ends a download with an empty block and follows the manifestation. After a reset of the bus,
 * which only flash_dfu_session_set_device () allows, the device is away.
 *
 * Returns: %TRUE, or %FALSE with @error set (as flash_dfu_session_select ())
 */
gboolean flash_dfu_session_finish (FlashDfuSession *self, guint64 block, FlashDfuEnd *out_end,
                                   GError **error);

/**
 * flash_dfu_session_upload:
 * @block: number of the block in this transfer
 * @out_data: (out caller-allocates) (array length=length): room for @length bytes
 * @length: how many to ask for
 * @out_length: (out): how many came; fewer than @length end the transfer
 *
 * Returns: %TRUE, or %FALSE with @error set (as flash_dfu_session_select ())
 */
gboolean flash_dfu_session_upload (FlashDfuSession *self, guint64 block, guint8 *out_data,
                                   gsize length, gsize *out_length, GError **error);

/**
 * flash_dfu_session_abort:
 *
 * Breaks off a transfer; to be sent in dfuDNLOAD-IDLE or dfuUPLOAD-IDLE only.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR)
 */
gboolean flash_dfu_session_abort (FlashDfuSession *self, GError **error);

/**
 * flash_dfu_session_recover:
 *
 * Leaves dfuERROR, so that the device can be asked what happened. Best effort.
 *
 * Returns: whether the device is in dfuIDLE now
 */
gboolean flash_dfu_session_recover (FlashDfuSession *self);

/**
 * flash_dfu_session_detach:
 *
 * Sends DETACH. That the device leaves before it has answered is no error here; that it refuses
 * and stays is one.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR)
 */
gboolean flash_dfu_session_detach (FlashDfuSession *self, GError **error);

/**
 * flash_dfu_session_leave_runtime:
 * @out_is_in_dfu: (out): whether it is in DFU mode already, whatever its descriptors say, and was
 *   left there
 *
 * Sends a device whose firmware runs into DFU mode (stm32-dfuse.md section 1.9); only after
 * flash_dfu_session_set_device (). A device that does not leave by itself gets a reset of its bus.
 * Neither a refusal nor silence proves anything: whether it went, and as whom it comes back, shows
 * on its port within seconds.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR, %G_IO_ERROR_CANCELLED)
 */
gboolean
flash_dfu_session_leave_runtime (FlashDfuSession *self, gboolean *out_is_in_dfu, GError **error);

G_END_DECLS
