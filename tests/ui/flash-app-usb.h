/* SPDX-License-Identifier: GPL-3.0-or-later */
/* USB by script: what stands on its ports is what the test puts there, so that no test of the
 * window sees the computer that it runs on. Boards of any kind and in any condition; opening one
 * fails, if need be after a while.
 *
 * Thread: main, except what providers and boards promise. */
#pragma once

#include "flash-provider.h"
#include "flash-usb-neighbour.h"

G_BEGIN_DECLS

#define FLASH_APP_USB_MP157 "DFU in HS Mode @Device ID /0x500, @Revision ID /0x2000"

#define FLASH_TYPE_APP_USB (flash_app_usb_get_type ())
G_DECLARE_FINAL_TYPE (FlashAppUsb, flash_app_usb, FLASH, APP_USB, GObject)

/**
 * FlashAppUsbBoard:
 * @port: the port path
 * @product: (nullable): what it calls itself; %NULL if it says nothing at all
 * @serial: (nullable): serial number
 * @speed: speed of its link
 * @access: whether it can be opened
 * @access_detail: (nullable): why not
 * @hubs: (nullable) (element-type FlashHub): on the way to it
 */
typedef struct {
  const char *port;
  const char *product;
  const char *serial;
  FlashSpeed speed;
  FlashAccess access;
  const char *access_detail;
  GPtrArray *hubs;
} FlashAppUsbBoard;

FlashAppUsb *flash_app_usb_new (void);

/* Puts a board on its port, in place of what is there.
 *
 * Returns: (transfer none): the board, as long as it is there */
FlashBoard *flash_app_usb_put (FlashAppUsb *self, const FlashAppUsbBoard *traits);
/* Pulls the plug. */
void flash_app_usb_take (FlashAppUsb *self, const char *port);
/* Pulls all plugs, those of neighbours too. */
void flash_app_usb_take_all (FlashAppUsb *self);

/* While it is late, the list stays as it is; whoever looks at a port sees what is there. */
void flash_app_usb_set_late (FlashAppUsb *self, gboolean is_late);

/* While they are held, boards are being opened for so long. */
void flash_app_usb_set_held (FlashAppUsb *self, gboolean is_held);

/**
 * flash_app_usb_add_neighbour:
 * @record: a device that is no board
 */
void flash_app_usb_add_neighbour (FlashAppUsb *self, const FlashUsbRecord *record);
/* Returns: (transfer none) (element-type FlashUsbNeighbour): all of them. */
GListModel *flash_app_usb_get_neighbours (FlashAppUsb *self);

/* Returns: how often somebody wanted to look again. */
guint flash_app_usb_count_rescans (FlashAppUsb *self);

/* Returns: (transfer full): a hub; @name may be %NULL. */
FlashHub *flash_app_usb_make_hub (const char *port, const char *name, FlashSpeed speed);

G_END_DECLS
