/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A device on USB that people may take for their board, and that is none which can be flashed by
 * DFU: the debug probe beside it, or the board itself with its firmware running.
 *
 * Immutable; thread: any. */
#pragma once

#include "flash-usb-record.h"

G_BEGIN_DECLS

/**
 * FlashUsbNeighbourKind:
 * @FLASH_USB_NEIGHBOUR_ST_LINK: an ST-LINK debug probe
 * @FLASH_USB_NEIGHBOUR_RUNTIME_DFU: a device whose firmware runs, and that could be sent into DFU
 *   mode if its descriptors made sense; otherwise it is a board
 * @FLASH_USB_NEIGHBOUR_MASS_STORAGE: a board that shows itself as a disk, e.g. `ums` of U-Boot
 * @FLASH_USB_NEIGHBOUR_FASTBOOT: a board in fastboot mode
 * @FLASH_USB_NEIGHBOUR_OTHER: another device of ST's vendor number
 */
typedef enum {
  FLASH_USB_NEIGHBOUR_ST_LINK,
  FLASH_USB_NEIGHBOUR_RUNTIME_DFU,
  FLASH_USB_NEIGHBOUR_MASS_STORAGE,
  FLASH_USB_NEIGHBOUR_FASTBOOT,
  FLASH_USB_NEIGHBOUR_OTHER,
} FlashUsbNeighbourKind;

/* Returns: (transfer none): `st-link`, `runtime-dfu`, `mass-storage`, `fastboot` or `other`. */
const char *flash_usb_neighbour_kind_get_name (FlashUsbNeighbourKind kind);

#define FLASH_TYPE_USB_NEIGHBOUR (flash_usb_neighbour_get_type ())
G_DECLARE_FINAL_TYPE (FlashUsbNeighbour, flash_usb_neighbour, FLASH, USB_NEIGHBOUR, GObject)

/**
 * flash_usb_neighbour_new:
 * @record: a device that is no board
 *
 * Returns: (transfer full) (nullable): %NULL if nobody would take it for a board
 */
FlashUsbNeighbour *flash_usb_neighbour_new (const FlashUsbRecord *record);

FlashUsbNeighbourKind flash_usb_neighbour_get_kind (FlashUsbNeighbour *self);
/* Returns: (transfer none): the port path. */
const char *flash_usb_neighbour_get_port (FlashUsbNeighbour *self);
/* Returns: (transfer none) (nullable): what the device calls itself. */
const char *flash_usb_neighbour_get_name (FlashUsbNeighbour *self);
guint16 flash_usb_neighbour_get_vid (FlashUsbNeighbour *self);
guint16 flash_usb_neighbour_get_pid (FlashUsbNeighbour *self);

G_END_DECLS
