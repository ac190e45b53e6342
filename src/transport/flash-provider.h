/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source of boards: the USB bus, or the virtual boards. The list of boards (GListModel of
 * FlashBoard) belongs to the main thread.
 *
 * A worker follows its board by asking what stands on the port now: flash_provider_peek_port ()
 * is the one call that any thread may make. Asking, and not being told, means that it does not
 * matter whether an arrival is announced before the departure it follows. */
#pragma once

#include "flash-board.h"

G_BEGIN_DECLS

/**
 * FlashProviderError:
 * @FLASH_PROVIDER_ERROR_BAD_ID: the text is no board id
 * @FLASH_PROVIDER_ERROR_NOT_FOUND: there is no such board
 * @FLASH_PROVIDER_ERROR_AMBIGUOUS: there is more than one
 * @FLASH_PROVIDER_ERROR_NO_STORAGE: a virtual board's memories cannot be had: no such folder, no
 *   right to it, or it is another board's
 */
typedef enum {
  FLASH_PROVIDER_ERROR_BAD_ID,
  FLASH_PROVIDER_ERROR_NOT_FOUND,
  FLASH_PROVIDER_ERROR_AMBIGUOUS,
  FLASH_PROVIDER_ERROR_NO_STORAGE,
} FlashProviderError;

#define FLASH_PROVIDER_ERROR (flash_provider_error_quark ())
GQuark flash_provider_error_quark (void);

#define FLASH_TYPE_PROVIDER (flash_provider_get_type ())
G_DECLARE_INTERFACE (FlashProvider, flash_provider, FLASH, PROVIDER, GListModel)

struct _FlashProviderInterface {
  GTypeInterface parent_iface;

  FlashBoard *(*find) (FlashProvider *self, const char *id, GError **error);
  FlashBoard *(*peek_port) (FlashProvider *self, const char *port);
  void (*rescan) (FlashProvider *self);
};

/**
 * flash_provider_find:
 * @id: a board id: `usb:1-2.3`, `serial:TEXT`, `virtual:MODEL[,key=value…]`
 *
 * Thread: main.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_PROVIDER_ERROR)
 */
FlashBoard *flash_provider_find (FlashProvider *self, const char *id, GError **error);

/**
 * flash_provider_peek_port:
 * @port: a port path
 *
 * Thread: any.
 *
 * Returns: (transfer full) (nullable): the board that stands on that port at this moment
 */
FlashBoard *flash_provider_peek_port (FlashProvider *self, const char *port);

/* Looks again at everything, and brings the list up to date. Thread: main. */
void flash_provider_rescan (FlashProvider *self);

G_END_DECLS
