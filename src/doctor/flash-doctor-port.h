/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a port shows, told from the board that stands on it and from what the kernel says about it.
 * Pure; thread: any. */
#pragma once

#include "flash-board.h"
#include "flash-doctor-host.h"
#include "flash-symptoms.h"

G_BEGIN_DECLS

/**
 * FlashDoctorWanted:
 * What is known about the board that should be there.
 *
 * @is_layout: it is to take a layout: an STM32MP
 * @serial: (nullable): its serial number
 * @serial_stage: (nullable): the stage that gave it: the program on a microcontroller may have
 *   another one than its boot loader (stm32-dfuse.md section 0.3, fact 11)
 * @device_id: its chip, 0 if not known
 * @stage: (nullable): which stage answered last
 * @expected: (nullable): which is awaited, see FlashSymptoms
 * @generation: of the enumeration in which it was seen last, 0 if it was not
 * @is_away: it is waited for
 * @is_in_rom: the job has met it in its ROM, and asks what to do
 * @is_open_here: this program has the device open, so that nobody else holds it
 * @was_told_to_leave: the board was told to leave the bus, or was seen leaving
 * @log_since_us: kernel messages before that are history
 * @n_over_currents: of the port when all was well
 */
typedef struct {
  gboolean is_layout;
  const char *serial;
  const char *serial_stage;
  guint device_id;
  const char *stage;
  const char *expected;
  guint64 generation;
  gboolean is_away;
  gboolean is_in_rom;
  gboolean is_open_here;
  gboolean was_told_to_leave;
  gint64 log_since_us;
  guint n_over_currents;
} FlashDoctorWanted;

/**
 * flash_doctor_port_judge:
 * @wanted: what should be there
 * @board: (nullable): what the provider sees on the port
 * @host: (nullable): what the kernel says about it
 */
FlashPortShows flash_doctor_port_judge (const FlashDoctorWanted *wanted, FlashBoard *board,
                                        const FlashDoctorHost *host);

/* Returns: the latest error with which the kernel failed to ask a device on the port who it is,
 * negative, since @since_us; 0 if there was none. */
gint flash_doctor_port_get_descriptor_errno (const FlashDoctorHost *host, gint64 since_us);
/* Returns: how many of the kernel's lines about the port since @since_us are of that kind. */
guint
flash_doctor_port_count_lines (const FlashDoctorHost *host, FlashHostLogKind kind, gint64 since_us);

G_END_DECLS
