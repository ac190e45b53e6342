/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DFU's requests, one by one, and the two walks that plain DFU and DfuSe share: asking until a
 * request is done, and back to dfuIDLE from anywhere (stm32-dfuse.md sections 2.3 and 2.10).
 *
 * Of this room only. Thread: worker. */
#pragma once

#include "flash-clock.h"
#include "flash-dfu-quirks.h"
#include "flash-dfu-status.h"
#include "flash-transport.h"

G_BEGIN_DECLS

/* A request that only asks (section 1.12). */
#define FLASH_DFU_CONTROL_MS 5000
/* What a ROM is given to answer GETSTATUS while it erases (section 0.3, fact 1). */
#define FLASH_DFU_ERASE_STATUS_MS 35000
/* How long the H743 is believed that it erases; Betaflight gives it one poll (section 3.4), and a
 * sector of 128 KB takes up to 4 s. */
#define FLASH_DFU_FOREVER_MS 5000
/* Between two questions to somebody who refuses to answer (section 2.10). */
#define FLASH_DFU_STALL_WAIT_MS 20

/**
 * FlashDfuWire:
 * @transport: (owned)
 * @clock: (owned)
 * @cancellable: (owned) (nullable): ends waits
 * @interface_number: of the DFU interface
 * @flags: what the device does otherwise
 * @last: the last answer to GETSTATUS, but for those while recovering
 * @due_us: when the device wants to be asked next, on the clock
 * @is_recovering: nobody waits for the outcome: short patience, and no cancellable
 * @is_mute: whether the last flash_dfu_wire_poll () ended because no answer came at all
 * @is_logging: whether requests are worth a line
 */
typedef struct {
  FlashTransport *transport;
  FlashClock *clock;
  GCancellable *cancellable;
  guint8 interface_number;
  FlashDfuQuirkFlags flags;
  FlashDfuStatus last;
  gint64 due_us;
  gboolean is_recovering;
  gboolean is_mute;
  gboolean is_logging;
} FlashDfuWire;

/**
 * FlashDfuPatience:
 * @total_ms: how long the device may go on saying that it is busy
 * @status_ms: time-out of each GETSTATUS
 */
typedef struct {
  guint total_ms;
  guint status_ms;
} FlashDfuPatience;

void flash_dfu_wire_init (FlashDfuWire *self, FlashTransport *transport, FlashClock *clock,
                          guint8 interface_number, GCancellable *cancellable);
void flash_dfu_wire_clear (FlashDfuWire *self);

/* A request without answer: DNLOAD, CLRSTATUS, ABORT, DETACH. */
gboolean flash_dfu_wire_send (FlashDfuWire *self, FlashDfuRequest request, guint16 value,
                              const guint8 *data, gsize length, guint timeout_ms, GError **error);
/* UPLOAD. */
gboolean flash_dfu_wire_upload (FlashDfuWire *self, guint16 block, guint8 *out_data, gsize length,
                                gsize *out_length, guint timeout_ms, GError **error);
/* One GETSTATUS; an answer that is too short, or makes no sense, is %FLASH_DFU_ERROR. */
gboolean flash_dfu_wire_get_status (FlashDfuWire *self, guint timeout_ms,
                                    FlashDfuStatus *out_status, GError **error);
/* Waits, unless somebody has cancelled or does so meanwhile. */
gboolean flash_dfu_wire_wait (FlashDfuWire *self, guint duration_ms, GError **error);

/* Returns: how long to wait, in milliseconds, before the next question after @status, which was the
 * answer number @n_answers, from 0. */
guint
flash_dfu_wire_get_poll_ms (FlashDfuWire *self, const FlashDfuStatus *status, guint n_answers);
/* Returns: whether @error says that GETSTATUS was refused or garbled, and asking again is no harm.
 */
gboolean flash_dfu_wire_is_refusal (const GError *error);

/**
 * flash_dfu_wire_poll:
 * @out_status: (out): the first answer that is not busy, or that is an error; whether it is a good
 *   one is for the caller to say
 *
 * Asks until what was sent is done: the second half of a command or of a block. The patience
 * begins with the first word of the device, which may come as late as @patience->status_ms.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_TRANSPORT_ERROR, %FLASH_DFU_ERROR_STUCK_BUSY,
 *   %G_IO_ERROR_CANCELLED)
 */
gboolean flash_dfu_wire_poll (FlashDfuWire *self, const FlashDfuPatience *patience,
                              FlashDfuStatus *out_status, GError **error);

/* Section 2.10. Returns: %TRUE in dfuIDLE, or %FALSE with @error set. */
gboolean flash_dfu_wire_to_idle (FlashDfuWire *self, GError **error);
/* The same as well as it can be done in a moment, whatever has been cancelled; keeps the evidence.
 * Returns: whether the device is in dfuIDLE now. */
gboolean flash_dfu_wire_recover (FlashDfuWire *self);

/* Sets @error for a status that is not what is wanted @doing something (%FLASH_DFU_ERROR), with the
 * text that the device has for it. */
void flash_dfu_wire_set_error (FlashDfuWire *self, const FlashDfuStatus *status, const char *doing,
                               GError **error);
/* A refused request says nothing; the status says why. Replaces a stall in @error by that. */
void flash_dfu_wire_explain (FlashDfuWire *self, const char *doing, GError **error);

G_END_DECLS
