/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The boards that a command can name: those on USB, and the virtual ones. Thread: main. */
#pragma once

#include "flash-clock.h"
#include "flash-sim-provider.h"
#include "flash-usb-provider.h"

G_BEGIN_DECLS

/**
 * FlashCliWorld:
 * @clock: real time
 * @virtual_boards: never %NULL
 * @usb_boards: (nullable): %NULL if this computer lets no program at USB
 * @usb_error: (nullable): why not
 * @root: (nullable): where the file system of this computer begins, for what is looked at but no
 *   board: the environment's FLASHWRIGHT_ROOT, for tests
 */
typedef struct {
  FlashClock *clock;
  FlashSimProvider *virtual_boards;
  FlashUsbProvider *usb_boards;
  GError *usb_error;
  char *root;
} FlashCliWorld;

void flash_cli_world_init (FlashCliWorld *self);
void flash_cli_world_clear (FlashCliWorld *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashCliWorld, flash_cli_world_clear)

/* Waits until all boards on USB are listed; with @asks, and have been asked what they say of
 * themselves now: the kernel only knows what they said when they were plugged in. */
void flash_cli_world_settle (FlashCliWorld *self, gboolean asks);

/**
 * flash_cli_world_find:
 * @id: `usb:PORT`, `serial:TEXT`, `virtual:MODEL[,key=value…]`
 * @out_provider: (out) (transfer none): where the board comes from; untouched on failure
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_PROVIDER_ERROR)
 */
FlashBoard *flash_cli_world_find (FlashCliWorld *self, const char *id, FlashProvider **out_provider,
                                  GError **error);

G_END_DECLS
