/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A strict DfuSe loader in front of memory that needs no erasing: every request in the wrong state
 * ends the test. Which address a block means is told by it in both ways that are out there
 * (stm32-dfuse.md section 2.4). */
#pragma once

#include "flash-transport.h"

G_BEGIN_DECLS

#define FLASH_DFUSE_FAKE_START 0x08000000u

/**
 * FlashDfuseFakeUnit:
 * @FLASH_DFUSE_FAKE_TRANSFER_SIZE: blocks count in its transfer size, as in ST's middleware
 * @FLASH_DFUSE_FAKE_LENGTH: blocks count in the length of the request, as in ST's text
 */
typedef enum {
  FLASH_DFUSE_FAKE_TRANSFER_SIZE,
  FLASH_DFUSE_FAKE_LENGTH,
} FlashDfuseFakeUnit;

#define FLASH_TYPE_DFUSE_FAKE (flash_dfuse_fake_get_type ())
G_DECLARE_FINAL_TYPE (FlashDfuseFake, flash_dfuse_fake, FLASH, DFUSE_FAKE, FlashTransport)

/* Returns: (transfer full): a loader with that many bytes of memory. */
FlashDfuseFake *
flash_dfuse_fake_new (FlashDfuseFakeUnit unit, gsize transfer_size, gsize memory_size);
/* Returns: (transfer none): its memory. */
guint8 *flash_dfuse_fake_get_memory (FlashDfuseFake *self);
/* How often a pointer was set. */
guint flash_dfuse_fake_get_n_pointers (FlashDfuseFake *self);
guint flash_dfuse_fake_get_n_requests (FlashDfuseFake *self);
/* Cancels when request number @at comes, the first being 1. */
void flash_dfuse_fake_cancel_at (FlashDfuseFake *self, GCancellable *cancellable, guint at);
/* Returns: its bState. */
guint flash_dfuse_fake_get_state (FlashDfuseFake *self);

G_END_DECLS
