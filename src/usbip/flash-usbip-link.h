/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host that has imported a virtual board, at the other end of a stream: its requests come in,
 * the board's answers go out.
 *
 * The board's only endpoint answers requests one by one and in their order. A request for which
 * the board is not ready waits, and those behind it with it; a request that will never be answered
 * waits until the host takes it back. The main context drives everything; nothing blocks.
 *
 * Thread: main. */
#pragma once

#include "flash-sim-device.h"

G_BEGIN_DECLS

/**
 * FlashUsbipEnd:
 * @FLASH_USBIP_END_BOARD: the board left the bus
 * @FLASH_USBIP_END_HOST: the host closed the connection
 * @FLASH_USBIP_END_PROTOCOL: the host sent what is no USB/IP, or half of it
 */
typedef enum {
  FLASH_USBIP_END_BOARD,
  FLASH_USBIP_END_HOST,
  FLASH_USBIP_END_PROTOCOL,
} FlashUsbipEnd;

/* Returns: (transfer none): `board`, `host` or `protocol`. */
const char *flash_usbip_end_get_name (FlashUsbipEnd end);

/**
 * FlashUsbipLinkEvents:
 * @ended: the connection is over; the link may be freed in here
 * @stage_changed: the board runs something else, without having left the bus
 */
typedef struct {
  void (*ended) (FlashUsbipEnd end, gpointer user_data);
  void (*stage_changed) (FlashSimStage stage, gpointer user_data);
} FlashUsbipLinkEvents;

typedef struct _FlashUsbipLink FlashUsbipLink;

/**
 * FlashUsbipLinkTraits:
 * @fd: (transfer full): a connected stream socket
 * @device: the board, claimed for @generation
 * @clock: the clock of the board
 * @generation: its enumeration; the link ends with it
 * @devid: the number by which the host's requests name it
 * @patience_ms: how long the rest of a message may take, in milliseconds
 * @events: (transfer none): what to call
 * @user_data: what to hand over
 */
typedef struct {
  int fd;
  FlashSimDevice *device;
  FlashClock *clock;
  guint64 generation;
  guint32 devid;
  guint patience_ms;
  const FlashUsbipLinkEvents *events;
  gpointer user_data;
} FlashUsbipLinkTraits;

/**
 * flash_usbip_link_new:
 * @traits: what it is made of
 * @greeting: (array length=greeting_length) (nullable): bytes that go out first
 *
 * Returns: (transfer full): the link, at work in the main context
 */
FlashUsbipLink *flash_usbip_link_new (const FlashUsbipLinkTraits *traits, const guint8 *greeting,
                                      gsize greeting_length);

/* Closes the connection without calling anything, and frees it. */
void flash_usbip_link_free (FlashUsbipLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashUsbipLink, flash_usbip_link_free)

/* Looks at the board, which something else than a request has changed: the events may be called
 * from in here. */
void flash_usbip_link_refresh (FlashUsbipLink *self);

G_END_DECLS
