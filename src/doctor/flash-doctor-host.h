/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that this computer says, put together at one moment. Immutable; thread: any. Making
 * one reads some hundred small files: not on the main thread while something runs. */
#pragma once

#include "flash-host-access.h"
#include "flash-host-log.h"
#include "flash-host-machine.h"
#include "flash-host-port.h"
#include "flash-host-serial.h"

G_BEGIN_DECLS

/**
 * FlashDoctorHost:
 * @machine: what this computer is
 * @port: (nullable): the board's port; %NULL of a virtual board
 * @rules: (element-type FlashHostRule): rules about boards
 * @gives_access: whether rules let whoever sits at this computer open boards, as far as they can
 *   be seen
 * @rivals: services that disturb
 * @serials: (element-type FlashHostSerial): serial ports
 * @elsewhere: (nullable): another port with the board's serial number
 * @n_same_serial: on how many ports that serial number is, 0 if nobody could look
 * @holder: (nullable): the program that has the device node on the port open, made safe to show
 * @log: (element-type FlashHostLogLine): what the kernel said about the port, since the computer
 *   started; about all of USB if there is no board
 * @devices: (element-type FlashHostPort): everything on USB
 * @can_read_log: whether it may be read
 */
typedef struct {
  FlashHostMachine machine;
  FlashHostPort *port;
  GPtrArray *rules;
  FlashTri gives_access;
  GStrv rivals;
  GPtrArray *serials;
  char *elsewhere;
  guint n_same_serial;
  char *holder;
  GPtrArray *log;
  gboolean can_read_log;
  GPtrArray *devices;
} FlashDoctorHost;

/**
 * flash_doctor_host_new:
 * @root: (nullable) (type filename): where the file system begins
 * @port: (nullable): the board's port, %NULL of a virtual board
 * @serial: (nullable): its serial number
 */
FlashDoctorHost *flash_doctor_host_new (const char *root, const char *port, const char *serial);
/* The same where there is no board. */
FlashDoctorHost *flash_doctor_host_new_for_computer (const char *root);

/**
 * flash_doctor_host_new_again:
 * @machine: what this computer was found to be before: it does not become another one, and to find
 *   out may take a second
 *
 * As flash_doctor_host_new (), sooner.
 */
FlashDoctorHost *flash_doctor_host_new_again (const char *root, const char *port,
                                              const char *serial, const FlashHostMachine *machine);
/* Makes @self a copy of @other, to be cleared. */
void flash_doctor_host_copy_machine (FlashHostMachine *self, const FlashHostMachine *other);
void flash_doctor_host_free (FlashDoctorHost *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashDoctorHost, flash_doctor_host_free)

G_END_DECLS
