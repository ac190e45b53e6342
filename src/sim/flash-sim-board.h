/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FlashBoard of a virtual board. Thread: any. */
#pragma once

#include "flash-sim-device.h"

G_BEGIN_DECLS

#define FLASH_TYPE_SIM_BOARD (flash_sim_board_get_type ())
G_DECLARE_FINAL_TYPE (FlashSimBoard, flash_sim_board, FLASH, SIM_BOARD, FlashBoard)

/**
 * flash_sim_board_new:
 * @id: its board id
 * @port: its port path
 * @state: what the port shows; it must be attached
 */
FlashBoard *flash_sim_board_new (FlashSimDevice *device, FlashClock *clock, const char *id,
                                 const char *port, const FlashSimState *state);

G_END_DECLS
