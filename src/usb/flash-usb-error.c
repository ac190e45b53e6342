/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-error"

#include "config.h"

#include "flash-usb-error.h"

#include <libusb.h>

FlashTransportError
flash_usb_error_from_libusb (int code)
{
  switch ((enum libusb_error) code) {
  case LIBUSB_ERROR_ACCESS:
    return FLASH_TRANSPORT_ERROR_NO_PERMISSION;
  case LIBUSB_ERROR_BUSY:
    return FLASH_TRANSPORT_ERROR_BUSY;
  case LIBUSB_ERROR_NO_DEVICE:
    return FLASH_TRANSPORT_ERROR_GONE;
  case LIBUSB_ERROR_PIPE:
    return FLASH_TRANSPORT_ERROR_STALL;
  case LIBUSB_ERROR_TIMEOUT:
    return FLASH_TRANSPORT_ERROR_TIMED_OUT;
  case LIBUSB_SUCCESS:
  case LIBUSB_ERROR_IO:
  case LIBUSB_ERROR_NOT_FOUND:
  case LIBUSB_ERROR_INVALID_PARAM:
  case LIBUSB_ERROR_OVERFLOW:
  case LIBUSB_ERROR_INTERRUPTED:
  case LIBUSB_ERROR_NO_MEM:
  case LIBUSB_ERROR_NOT_SUPPORTED:
  case LIBUSB_ERROR_OTHER:
    return FLASH_TRANSPORT_ERROR_IO;
  }
  return FLASH_TRANSPORT_ERROR_IO;
}

static const char *
get_text (FlashTransportError code)
{
  switch (code) {
  case FLASH_TRANSPORT_ERROR_NO_PERMISSION:
    return "this user may not open the device";
  case FLASH_TRANSPORT_ERROR_BUSY:
    return "another program or driver holds the device";
  case FLASH_TRANSPORT_ERROR_GONE:
    return "the device left the bus";
  case FLASH_TRANSPORT_ERROR_STALL:
    return "the device refused the request";
  case FLASH_TRANSPORT_ERROR_TIMED_OUT:
    return "the device did not answer in time";
  case FLASH_TRANSPORT_ERROR_IO:
    return "the transfer failed";
  case FLASH_TRANSPORT_ERROR_NOT_OPEN:
    return "the device is closed";
  }
  g_return_val_if_reached ("");
}

void
flash_usb_error_set (GError **error, int code)
{
  FlashTransportError meaning = flash_usb_error_from_libusb (code);

  g_set_error (error, FLASH_TRANSPORT_ERROR, meaning, "%s (%s)", get_text (meaning),
               libusb_error_name (code));
}
