/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A virtual board that others may import. It follows the board through its enumerations, gives
 * each of them a device number of its own, and lets one host at a time have it.
 *
 * Signals, each without arguments but where they are named:
 * "attached": a host has it;
 * "detached" (#FlashUsbipEnd as a guint): the host has it no more;
 * "stage-changed": it runs something else, without having left the bus;
 * "returned": it is on the bus again.
 *
 * Thread: main. */
#pragma once

#include "flash-usbip-link.h"
#include "flash-usbip-wire.h"

G_BEGIN_DECLS

#define FLASH_TYPE_USBIP_BOARD (flash_usbip_board_get_type ())
G_DECLARE_FINAL_TYPE (FlashUsbipBoard, flash_usbip_board, FLASH, USBIP_BOARD, GObject)

/* How long a host may take for the rest of what it began to say, in milliseconds. */
#define FLASH_USBIP_PATIENCE_MS 5000

/**
 * flash_usbip_board_new:
 * @device: the board
 * @clock: the clock by which it takes its time; a real one, or nothing goes by by itself
 * @number: of its port, from 1: its bus id is `1-NUMBER`
 */
FlashUsbipBoard *flash_usbip_board_new (FlashSimDevice *device, FlashClock *clock, guint number);

/* How long the rest of a message may take, in milliseconds, for hosts that come from now on. */
void flash_usbip_board_set_patience_ms (FlashUsbipBoard *self, guint patience_ms);

/* Returns: (transfer none): `1-1` and so on. */
const char *flash_usbip_board_get_busid (FlashUsbipBoard *self);
guint flash_usbip_board_get_number (FlashUsbipBoard *self);
FlashSpeed flash_usbip_board_get_speed (FlashUsbipBoard *self);
/* Returns: what runs on it, %FLASH_SIM_STAGE_OFF if it is not on the bus. */
FlashSimStage flash_usbip_board_get_stage (FlashUsbipBoard *self);
gboolean flash_usbip_board_is_attached (FlashUsbipBoard *self);

/**
 * flash_usbip_board_describe:
 * @out_device: (out caller-allocates): what the server says of it
 *
 * Returns: whether it is on the bus and has ever said what it is
 */
gboolean flash_usbip_board_describe (FlashUsbipBoard *self, FlashUsbipDevice *out_device);

/**
 * flash_usbip_board_attach:
 * @fd: a connected stream socket; it is taken only if the answer is %FLASH_USBIP_STATUS_OK
 * @greeting: (array length=greeting_length) (nullable): bytes that go out before any answer
 *
 * Gives the board to the host at the other end.
 *
 * Returns: %FLASH_USBIP_STATUS_OK, or why the host cannot have it
 */
FlashUsbipStatus flash_usbip_board_attach (FlashUsbipBoard *self, int fd, const guint8 *greeting,
                                           gsize greeting_length);

/* Returns: the number by which requests of an attached host must name it. */
guint32 flash_usbip_board_get_devid (FlashUsbipBoard *self);

/* flash_sim_device_unplug (), and whoever has it is told. */
void flash_usbip_board_unplug (FlashUsbipBoard *self);
/* The same for flash_sim_device_plug (). */
void flash_usbip_board_plug (FlashUsbipBoard *self);
/* The same for flash_sim_device_power_cycle (). */
void flash_usbip_board_restart (FlashUsbipBoard *self);

G_END_DECLS
