/* SPDX-License-Identifier: GPL-3.0-or-later */
/* U-Boot's `stm32prog`, in three files: flash-sim-uboot.c has the state machine and the life of a
 * session, flash-sim-uboot-io.c moves data, flash-sim-uboot-phase.c decides what comes next.
 * Everything in here is called with the device's lock held. */
#pragma once

#include "flash-sim-device-private.h"

G_BEGIN_DECLS

/* stm32mp-usb.md section 1.1 */
#define FLASH_SIM_UBOOT_TRANSFER 4096u

/* The first error of a session is the one that GetPhase tells (phase 0xff). */
void flash_sim_uboot_fail (FlashSimDevice *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Returns: (nullable): the line behind a setting; %NULL if it is none of the layout's. */
FlashSimPart *flash_sim_uboot_get_part (FlashSimDevice *self, const FlashSimEntity *entity);
/* Returns: whether the setting is the one that the phase asks for. */
gboolean flash_sim_uboot_is_current (FlashSimDevice *self, const FlashSimEntity *entity);

/* --- flash-sim-uboot-io.c ------------------------------------------------------------------- */

/* Takes one block. Returns: %FALSE if the transaction was dropped. */
gboolean flash_sim_uboot_receive (FlashSimDevice *self, FlashSimEntity *entity, guint16 block,
                                  const guint8 *data, gsize length);
/* Makes one block of up to 4096 bytes. Returns: %FALSE if it cannot. */
gboolean flash_sim_uboot_send (FlashSimDevice *self, FlashSimEntity *entity, guint16 block,
                               guint8 *out_data, gsize *out_length);
/* Writes what is left in the buffer and ends the transaction. Returns: %FALSE on a write error. */
gboolean flash_sim_uboot_flush (FlashSimDevice *self, FlashSimEntity *entity, guint64 *out_end);
void flash_sim_uboot_drop (FlashSimEntity *entity);

/* --- flash-sim-uboot-phase.c ---------------------------------------------------------------- */

/* Fills the staging area for an upload of `virtual`, OTP or PMIC. Returns: %FALSE if it cannot. */
gboolean flash_sim_uboot_stage_answer (FlashSimDevice *self, const FlashSimEntity *entity);
/* What follows a good flush. Returns: %FALSE if the board restarts. */
gboolean
flash_sim_uboot_end_transfer (FlashSimDevice *self, const FlashSimEntity *entity, guint64 end);
/* Reads the layout from memory. */
void flash_sim_uboot_parse_layout (FlashSimDevice *self, guint64 length);
/* Sets the devices up and chooses the first phase. Returns: how long that takes. */
gint64 flash_sim_uboot_set_up (FlashSimDevice *self);
/* Returns: where the layout is in memory, as an address. */
guint32 flash_sim_uboot_get_layout_address (FlashSimDevice *self);

G_END_DECLS
