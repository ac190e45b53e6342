/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every maker of boards promises: one list, run on virtual boards, on real libusb over a
 * mocked bus, and in a virtual machine with a real kernel. It is written against the headers of
 * the room `transport` alone, and asks for no faults but those of `virtual:` ids, so that the
 * worlds can be compared. */
#pragma once

#include "flash-provider.h"

G_BEGIN_DECLS

/**
 * FlashContractWorld:
 * @provider: the provider that is held to its promises
 * @is_following: whether its list follows by itself; otherwise it is told to look again
 * @add: puts a board with that `virtual:` id on a port and returns the port, transfer full; the
 *   board need not be found yet
 * @set_plugged: pulls the plug of the board on a port, or puts it back
 * @restart: switches the board on a port off and on
 * @remove: takes the board on a port away for good
 * @data: what these need
 *
 * A place with ports. All of it is called on the main thread, except set_plugged and restart,
 * which are called by the thread of a check, one at a time.
 */
typedef struct _FlashContractWorld FlashContractWorld;
struct _FlashContractWorld {
  FlashProvider *provider;
  gboolean is_following;
  char *(*add) (FlashContractWorld *self, const char *id);
  void (*set_plugged) (FlashContractWorld *self, const char *port, gboolean is_plugged);
  void (*restart) (FlashContractWorld *self, const char *port);
  void (*remove) (FlashContractWorld *self, const char *port);
  gpointer data;
};

/* Adds a test for each promise, `/contract/…`. */
void flash_contract_add_tests (FlashContractWorld *world);

G_END_DECLS
