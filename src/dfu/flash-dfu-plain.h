/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What FlashDfuSession does with devices that are no STM32MP (stm32-dfuse.md sections 1.7 to 1.9).
 *
 * Of this room only. Thread: worker. */
#pragma once

#include "flash-dfu-session.h"
#include "flash-dfu-wire.h"

G_BEGIN_DECLS

/**
 * FlashDfuPlain:
 * @is_tolerant: bitManifestationTolerant: it comes back to dfuIDLE after a download
 * @will_detach: bitWillDetach: it leaves the bus by itself
 * @is_single: it has no other alternate setting
 */
typedef struct {
  gboolean is_tolerant;
  gboolean will_detach;
  gboolean is_single;
} FlashDfuPlain;

/* SET_INTERFACE, and to dfuIDLE. */
gboolean flash_dfu_plain_select (FlashDfuWire *wire, const FlashDfuPlain *plain, guint8 alternate,
                                 GError **error);
/* After a block. */
gboolean
flash_dfu_plain_wait_ready (FlashDfuWire *wire, const FlashDfuTimeouts *timeouts, GError **error);
/* After the empty block. */
gboolean
flash_dfu_plain_follow_end (FlashDfuWire *wire, const FlashDfuPlain *plain,
                            const FlashDfuTimeouts *timeouts, FlashDfuEnd *out_end, GError **error);
/* As flash_dfu_session_leave_runtime (). */
gboolean
flash_dfu_plain_leave_runtime (FlashDfuWire *wire, const FlashDfuPlain *plain,
                               guint16 detach_timeout_ms, gboolean *out_is_in_dfu, GError **error);

G_END_DECLS
