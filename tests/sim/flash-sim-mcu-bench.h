/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A virtual microcontroller on the bench: its loader as a host uses it that keeps to all rules, and
 * single requests for one that does not. */
#pragma once

#include "flash-sim-bench.h"

#include "flash-sim-device.h"

G_BEGIN_DECLS

#define MCU_FLASH 0x08000000u

/* bStatus and bState in one number. */
#define MCU_STATUS(status, state) ((guint) (status) << 8 | (guint) (state))
#define MCU_DONE MCU_STATUS (FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNLOAD_IDLE)
#define MCU_FAILED(status) MCU_STATUS (status, FLASH_DFU_STATE_ERROR)

/* The board of that id, opened and idle. */
Bench *mcu_new (const char *id);
FlashSimDevice *mcu_dup_device (Bench *bench);
/* Brings it from any state to dfuIDLE. */
void mcu_make_idle (Bench *bench);

/* One GETSTATUS. Returns bStatus and bState. */
guint mcu_get_status (Bench *bench, guint *out_poll_ms);
/* GETSTATUS with the waits that it asks for, patiently. Returns the first that is not busy. */
guint mcu_settle (Bench *bench);
/* DNLOAD of one block, and what comes of it. */
guint mcu_send (Bench *bench, guint16 block, const guint8 *bytes, gsize length);
/* A command of one byte, and one with an address. */
guint mcu_command (Bench *bench, guint8 command);
guint mcu_command_at (Bench *bench, guint8 command, guint32 address);
guint mcu_set_address (Bench *bench, guint32 address);
guint mcu_erase (Bench *bench, guint32 address);
/* SET_ADDRESS and one block, from idle to idle if it succeeds. */
guint mcu_write_block (Bench *bench, guint32 address, const guint8 *bytes, gsize length);
/* As many blocks as it takes; each must succeed. */
void mcu_write (Bench *bench, guint32 address, const guint8 *bytes, gsize length);
/* One UPLOAD behind SET_ADDRESS and ABORT. Returns what bench_in () does. */
int
mcu_read_block (Bench *bench, guint32 address, guint8 *out_bytes, gsize length, gsize *out_length);
/* All of it, which must succeed. */
void mcu_assert_holds (Bench *bench, guint32 address, const guint8 *bytes, gsize length);
void mcu_assert_filled (Bench *bench, guint32 address, guint8 value, gsize length);
/* SET_ADDRESS, empty DNLOAD, GETSTATUS. */
void mcu_leave (Bench *bench, guint32 address);

/* Vectors that a chip with that much RAM takes for an application, and noise behind them. */
void mcu_fill_application (guint8 *bytes, gsize length, guint32 address);
/* Erases the first sector and writes an application into it. */
void mcu_install_application (Bench *bench, guint32 address);

void mcu_assert_state (Bench *bench, FlashSimChipState state);
/* The violations so far have these codes, in this order, with blanks between. */
void mcu_assert_violations (Bench *bench, const char *codes);

G_END_DECLS
