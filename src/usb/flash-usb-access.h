/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a device could be opened, told from outside, and why not. Thread: any. */
#pragma once

#include "flash-usb-record.h"

G_BEGIN_DECLS

/**
 * flash_usb_access_look:
 * @root: (nullable): the folder in which `sys` and `dev` are; %NULL is this computer
 * @port: its port path
 * @address: its address
 * @interface_number: its DFU interface
 *
 * Looks at the rights of the node and at the driver of the interface, without opening anything. A
 * device that the computer has not set up counts as one that may not be opened.
 *
 * Returns: %FLASH_ACCESS_OK, %FLASH_ACCESS_NO_PERMISSION or %FLASH_ACCESS_BUSY
 */
FlashAccess flash_usb_access_look (const char *root, const char *port,
                                   const FlashUsbAddress *address, guint8 interface_number);

/**
 * flash_usb_access_dup_detail:
 * @root: (nullable): the folder in which `sys`, `proc` and `dev` are; %NULL is this computer
 * @port: its port path
 * @address: its address
 * @interface_number: its DFU interface
 * @access_now: how it cannot be opened
 *
 * May take long: it looks for names of users and programs.
 *
 * Returns: (transfer full) (nullable): the right that is missing, or who has the device open
 */
char *
flash_usb_access_dup_detail (const char *root, const char *port, const FlashUsbAddress *address,
                             guint8 interface_number, FlashAccess access_now);

G_END_DECLS
