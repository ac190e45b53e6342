/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A port, or several, on which scenes follow each other, for what no virtual board does: boards
 * that are no such boards, that go silent, cannot be opened, or talk nonsense at the wrong moment.
 */
#pragma once

#include "flash-clock.h"
#include "flash-provider.h"

G_BEGIN_DECLS

#define FLASH_FAKE_OK (-1)

/**
 * FlashFakeScene:
 * What stands on the port for a while.
 *
 * @product: product string; %NULL ends the list
 * @serial: (nullable): serial number
 * @names: strings of its alternate settings, ended by %NULL
 * @dfu_version: bcdDFUVersion; 0: 0x0110
 * @is_last_nameless: the last alternate setting says that it has no string
 * @phases: what the last alternate setting gives when it is read, in hexadecimal digits, one after
 *   the other; the last again and again; empty: it is not read but refused
 * @port: (nullable): the port on which it plays; %NULL: `fake-1`
 * @gap_ms: how long the port is empty before
 * @keeps_bus: it is the same device as before, without having left the bus
 * @lasts_ms: it ends by itself after this much; 0: a DETACH ends it
 * @ignores_detach: a DETACH changes nothing
 * @open_error: a #FlashTransportError, or %FLASH_FAKE_OK
 * @request_error: a #FlashTransportError for every request, or %FLASH_FAKE_OK
 */
typedef struct {
  const char *product;
  const char *serial;
  const char *names[6];
  guint16 dfu_version;
  gboolean is_last_nameless;
  const char *phases[6];
  const char *port;
  guint gap_ms;
  gboolean keeps_bus;
  guint lasts_ms;
  gboolean ignores_detach;
  gint open_error;
  gint request_error;
} FlashFakeScene;

#define FLASH_TYPE_FAKE_PROVIDER (flash_fake_provider_get_type ())
G_DECLARE_FINAL_TYPE (FlashFakeProvider, flash_fake_provider, FLASH, FAKE_PROVIDER, GObject)

/* Returns: (transfer full): a provider on whose ports the @scenes are played; they must stay. */
FlashFakeProvider *flash_fake_provider_new (FlashClock *clock, const FlashFakeScene *scenes);

/* Returns: (transfer full) (nullable): what stands on the port on which it plays. */
FlashBoard *flash_fake_provider_look (FlashFakeProvider *self);

G_END_DECLS
