/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A virtual microcontroller behind its loader: memories, protection, what its work does, and what
 * starts when it is reset. Everything in here is called with the device's lock held. */
#pragma once

#include "flash-sim-device-private.h"

G_BEGIN_DECLS

/**
 * FlashSimStart:
 * @FLASH_SIM_START_POWER: its power comes
 * @FLASH_SIM_START_OPTIONS: it reads its option bytes anew
 * @FLASH_SIM_START_RESET: nothing but a reset
 */
typedef enum {
  FLASH_SIM_START_POWER,
  FLASH_SIM_START_OPTIONS,
  FLASH_SIM_START_RESET,
} FlashSimStart;

/* --- flash-sim-chip.c ------------------------------------------------------------------------- */

/**
 * flash_sim_chip_init:
 *
 * Sets the memories up as the id wants them.
 *
 * Returns: whether they could be; otherwise @error is set (%FLASH_PROVIDER_ERROR_NO_STORAGE)
 */
gboolean flash_sim_chip_init (FlashSimDevice *self, GError **error);
void flash_sim_chip_clear (FlashSimDevice *self);

/* Returns: (transfer none) (nullable): the memory of that kind, %NULL if the chip has none. */
FlashSimCells *flash_sim_chip_get_cells (FlashSimDevice *self, FlashSimAreaKind kind);
/* RAM is forgotten. */
void flash_sim_chip_drop_ram (FlashSimDevice *self);

/* The level of the read protection, as the option bytes have it. */
guint flash_sim_chip_get_rdp (FlashSimDevice *self);
void flash_sim_chip_set_rdp (FlashSimDevice *self, guint level);
gboolean flash_sim_chip_is_write_protected (FlashSimDevice *self, guint sector);
/* Protects sectors from @first up to, not including, @end, and no others. */
void flash_sim_chip_set_wrp (FlashSimDevice *self, guint first, guint end);

/* Notes what the host should not have done. */
void flash_sim_chip_blame (FlashSimDevice *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* --- flash-sim-chip-work.c -------------------------------------------------------------------- */

/* The work takes @duration_us and then ends with @result. */
void flash_sim_chip_begin (FlashSimDevice *self, const FlashSimWork *work, gint64 duration_us,
                           FlashDfuStatusCode result);
/* The work is done, if its time has come. */
void flash_sim_chip_settle (FlashSimDevice *self);
/* The power goes away: @n_done of @n_whole of the work are done. */
void flash_sim_chip_cut (FlashSimDevice *self, gint64 n_done, gint64 n_whole);

/* --- flash-sim-dfuse-block.c ------------------------------------------------------------------ */

/* Returns: whether the loader takes that as a command at all. */
gboolean flash_sim_dfuse_is_command (FlashSimDevice *self, const guint8 *data, guint16 length);
/* Begins the work that the block in chip.data asks for. */
void flash_sim_dfuse_begin (FlashSimDevice *self);

/**
 * flash_sim_dfuse_read:
 * @block: 2 or more
 * @answer: room for *@length bytes
 * @length: (inout): what is asked for, and what there is
 *
 * Returns: %FLASH_DFU_STATUS_OK, or what stands against reading
 */
FlashDfuStatusCode
flash_sim_dfuse_read (FlashSimDevice *self, guint16 block, guint8 *answer, gsize *length);

/* --- flash-sim-chip-boot.c -------------------------------------------------------------------- */

/* It starts what BOOT0, option bytes and flash lead to, after @delay_us. */
void flash_sim_chip_start (FlashSimDevice *self, FlashSimStart how, gint64 delay_us);
/* The loader is told to start what is at its pointer. */
void flash_sim_chip_leave (FlashSimDevice *self);
/* A reset at this moment: what was not done is left half done. */
void flash_sim_chip_stop (FlashSimDevice *self);
/* The power goes away at this moment, and the board off the bus. */
void flash_sim_chip_lose_power (FlashSimDevice *self);
/* The power goes away in the middle of what the last request has begun. */
void flash_sim_chip_lose_power_halfway (FlashSimDevice *self);

G_END_DECLS
