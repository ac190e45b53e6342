/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A virtual board on a port of this computer's own virtual host controller (Linux's vhci-hcd): the
 * kernel gets one end of a socket pair, and the other end is a host like any other.
 *
 * When the board has left by itself and returns, it is put on the same port again. When the host
 * let go of it, it stays off until it enumerates anew or flash_usbip_vhci_attach () is called.
 *
 * Signals: "failed" (#GError): the board could not be put on its port after it had returned.
 *
 * Thread: main. */
#pragma once

#include "flash-usbip-board.h"

G_BEGIN_DECLS

/**
 * FlashUsbipVhciError:
 * @FLASH_USBIP_VHCI_ERROR_NO_MODULE: the kernel has no virtual host controller
 * @FLASH_USBIP_VHCI_ERROR_NO_PERMISSION: this user may not plug anything into it
 * @FLASH_USBIP_VHCI_ERROR_NO_PORT: it has no such port
 * @FLASH_USBIP_VHCI_ERROR_BUSY: another device is on that port
 * @FLASH_USBIP_VHCI_ERROR_FAILED: anything else
 */
typedef enum {
  FLASH_USBIP_VHCI_ERROR_NO_MODULE,
  FLASH_USBIP_VHCI_ERROR_NO_PERMISSION,
  FLASH_USBIP_VHCI_ERROR_NO_PORT,
  FLASH_USBIP_VHCI_ERROR_BUSY,
  FLASH_USBIP_VHCI_ERROR_FAILED,
} FlashUsbipVhciError;

#define FLASH_USBIP_VHCI_ERROR (flash_usbip_vhci_error_quark ())
GQuark flash_usbip_vhci_error_quark (void);

#define FLASH_TYPE_USBIP_VHCI (flash_usbip_vhci_get_type ())
G_DECLARE_FINAL_TYPE (FlashUsbipVhci, flash_usbip_vhci, FLASH, USBIP_VHCI, GObject)

#define FLASH_USBIP_SYSFS "/sys"
/* A port that something just left stays taken for some 10 ms; a busy computer takes longer. */
#define FLASH_USBIP_VHCI_WAIT_MS 3000

/**
 * flash_usbip_vhci_new:
 * @board: the board
 * @sysfs: (type filename): where the kernel's sysfs is, %FLASH_USBIP_SYSFS but in tests
 * @port: number of the port, as the kernel counts them from 0
 */
FlashUsbipVhci *flash_usbip_vhci_new (FlashUsbipBoard *board, const char *sysfs, guint port);

/**
 * flash_usbip_vhci_attach:
 *
 * Puts the board on its port. A port that is still taken is tried again, for up to
 * %FLASH_USBIP_VHCI_WAIT_MS; what comes of it is told by the signals. Nothing happens to a board
 * that is on a port, or that is off the bus: it follows when it returns.
 *
 * Returns: %FALSE with @error set (%FLASH_USBIP_VHCI_ERROR) if it is known already that it failed
 */
gboolean flash_usbip_vhci_attach (FlashUsbipVhci *self, GError **error);

/* How long a taken port is tried again, in milliseconds. */
void flash_usbip_vhci_set_wait_ms (FlashUsbipVhci *self, guint wait_ms);

guint flash_usbip_vhci_get_port (FlashUsbipVhci *self);
/* Returns: (transfer none): the board. */
FlashUsbipBoard *flash_usbip_vhci_get_board (FlashUsbipVhci *self);

G_END_DECLS
