/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A transport that plays a script: a USB conversation as a table. Each request must be the one
 * that the script expects next; the test fails at the first that is not. */
#pragma once

#include "flash-transport.h"

G_BEGIN_DECLS

/**
 * FlashExchange:
 * @request: bRequest of a DFU class request, %FLASH_SCRIPT_SELECT, %FLASH_SCRIPT_STRING (a string
 *   descriptor) or %FLASH_SCRIPT_RESET (of the bus)
 * @value: wValue, or the alternate setting
 * @length: length of the data stage to send, or wLength; -1 if it does not matter
 * @reply: (nullable): hexadecimal digits of what the device sends
 * @fails: whether the request fails, with @error
 * @error: a #FlashTransportError
 * @sent: (nullable): hexadecimal digits of what the device gets; %NULL if it does not matter
 * @timeout_ms: time-out of the request in milliseconds, 0 if it does not matter
 */
typedef struct {
  guint request;
  guint value;
  gint length;
  const char *reply;
  gboolean fails;
  FlashTransportError error;
  const char *sent;
  guint timeout_ms;
} FlashExchange;

#define FLASH_SCRIPT_SELECT 0x100
#define FLASH_SCRIPT_RESET 0x101
#define FLASH_SCRIPT_STRING 0x102

/* Ends a script. */
#define FLASH_EXCHANGE_END                                                                         \
  {                                                                                                \
    .request = 0x1ff                                                                               \
  }

#define FLASH_TYPE_SCRIPT_TRANSPORT (flash_script_transport_get_type ())
G_DECLARE_FINAL_TYPE (FlashScriptTransport, flash_script_transport, FLASH, SCRIPT_TRANSPORT,
                      FlashTransport)

/* Returns: (transfer full): plays @script, which must stay and ends with FLASH_EXCHANGE_END. */
FlashTransport *flash_script_transport_new (const FlashExchange *script);
/* Fails the test if the script has not been played to its end. */
void flash_script_transport_assert_done (FlashTransport *transport);

G_END_DECLS
