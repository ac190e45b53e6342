/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FlashBoard of a device on USB. Thread: any. */
#pragma once

#include "flash-usb-bus.h"

G_BEGIN_DECLS

#define FLASH_TYPE_USB_BOARD (flash_usb_board_get_type ())
G_DECLARE_FINAL_TYPE (FlashUsbBoard, flash_usb_board, FLASH, USB_BOARD, FlashBoard)

/**
 * FlashUsbBoardTraits:
 * @record: what the kernel knows of it
 * @generation: number of this enumeration
 * @access: whether it can be opened
 * @access_detail: (nullable): why it cannot
 * @descriptors: (nullable): what it says of itself
 * @hubs: (element-type FlashHub): the hubs on the way to it
 */
typedef struct {
  const FlashUsbRecord *record;
  guint64 generation;
  FlashAccess access;
  const char *access_detail;
  FlashDescriptors *descriptors;
  GPtrArray *hubs;
} FlashUsbBoardTraits;

/* Returns: (transfer full): a board; @traits is needed only for the call. */
FlashBoard *flash_usb_board_new (FlashUsbBus *bus, const FlashUsbBoardTraits *traits);

/**
 * flash_usb_board_ask:
 * @out_is_mute: (out): whether it was open and let the time pass without an answer
 *
 * Asks the device what it says of itself now, without a claim to it. Blocks. Thread: worker.
 *
 * Returns: (transfer full) (nullable): %NULL if it did not say
 */
FlashDescriptors *flash_usb_board_ask (FlashUsbBoard *self, gboolean *out_is_mute);

G_END_DECLS
