/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FlashTransport over a virtual board: waits on the clock where a cable would wait.
 * Thread: worker. */
#pragma once

#include "flash-sim-device.h"

G_BEGIN_DECLS

#define FLASH_TYPE_SIM_TRANSPORT (flash_sim_transport_get_type ())
G_DECLARE_FINAL_TYPE (FlashSimTransport, flash_sim_transport, FLASH, SIM_TRANSPORT, FlashTransport)

/**
 * flash_sim_transport_new:
 * @generation: the enumeration that is to be opened
 *
 * Returns: (transfer full) (nullable): %NULL with @error set: %FLASH_TRANSPORT_ERROR_GONE, or
 *   %FLASH_TRANSPORT_ERROR_BUSY if another transport holds it
 */
FlashTransport *flash_sim_transport_new (FlashSimDevice *device, FlashClock *clock,
                                         guint64 generation, GError **error);

G_END_DECLS
