/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place where codes of libusb become ours. Thread: any. */
#pragma once

#include "flash-transport.h"

G_BEGIN_DECLS

/**
 * flash_usb_error_from_libusb:
 * @code: a negative code of libusb, enum libusb_error
 *
 * What a code means differs a little from call to call; these are their meanings for opening,
 * claiming and control transfers on Linux (libusb 1.0.26, linux_usbfs.c).
 */
FlashTransportError flash_usb_error_from_libusb (int code);

/**
 * flash_usb_error_set:
 * @code: a negative code of libusb
 *
 * Sets @error with words for the code.
 */
void flash_usb_error_set (GError **error, int code);

G_END_DECLS
