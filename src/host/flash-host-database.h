/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What udev has noted down about USB devices (`/run/udev/data`), for the sake of their texts.
 *
 * The kernel shows these texts too, but makes whoever reads them wait for the lock of the device
 * (Linux, drivers/usb/core/sysfs.c, usb_string_attr ()); and the lock of a hub is held for as long
 * as a device is enumerated behind it (drivers/usb/core/hub.c, hub_event ()), which takes minutes
 * if that device does not answer: just then somebody wants to know. So nothing in this program
 * reads `product`, `manufacturer` or `serial` of a device that it does not talk to.
 *
 * Where udev's notes are not to be had, as in a sandbox, there are no texts: a look that hangs
 * would be the greater evil, and boards themselves tell their texts when they are talked to.
 *
 * Looks below a folder that tests can bring; %NULL is this computer. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FlashHostNote:
 * @name: (nullable): what the device calls itself, made safe to show
 * @known_as: (nullable): what the table of USB ids calls it, made safe to show
 * @serial: (nullable): its serial number, made safe to show; udev puts `_` in the place of blanks
 *   and of what is unusual in the name of a file
 */
typedef struct {
  char *name;
  char *known_as;
  char *serial;
} FlashHostNote;

/**
 * flash_host_note_init:
 * @self: gets what is noted down; all is %NULL where nothing is
 * @root: (nullable) (type filename): where the file system begins
 * @device: as it is called in `/sys/bus/usb/devices`: a port path, or `usb1`
 * @address: number of the device on its bus (`devnum`)
 */
void
flash_host_note_init (FlashHostNote *self, const char *root, const char *device, guint address);
void flash_host_note_clear (FlashHostNote *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashHostNote, flash_host_note_clear)

/* Returns: (transfer full) (nullable): what to call the device: as it does itself or else as the
 * table does; taken off @self. */
char *flash_host_note_steal_name (FlashHostNote *self);

/**
 * flash_host_note_has_serial:
 * @serial: (nullable): a serial number as the device itself tells it
 *
 * Returns: whether @serial is what was noted down, as far as that can be told apart
 */
gboolean flash_host_note_has_serial (const FlashHostNote *self, const char *serial);

G_END_DECLS
