/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A port on which whatever a test says stands still, and that nobody can open. Thread: any may
 * look; main may change. */
#pragma once

#include "flash-provider.h"

G_BEGIN_DECLS

#define FLASH_TYPE_STILL_PROVIDER (flash_still_provider_get_type ())
G_DECLARE_FINAL_TYPE (FlashStillProvider, flash_still_provider, FLASH, STILL_PROVIDER, GObject)

FlashStillProvider *flash_still_provider_new (void);
/* @board: (nullable): what stands on every port from now on. */
void flash_still_provider_set_board (FlashStillProvider *self, FlashBoard *board);

/* While it holds, whoever looks waits. Main thread. */
void flash_still_provider_hold (FlashStillProvider *self, gboolean holds);

/**
 * FlashStillTraits:
 * @product: (nullable): its product string
 * @serial: (nullable): its serial number
 * @has_descriptors: whether it says anything
 */
typedef struct {
  guint64 generation;
  FlashSpeed speed;
  FlashAccess access;
  gboolean has_descriptors;
  const char *product;
  const char *serial;
} FlashStillTraits;

#define FLASH_STILL_PORT "1-2"
#define FLASH_STILL_ROM "DFU in HS Mode @Device ID /0x500, @Revision ID /0x0000"
#define FLASH_STILL_UBOOT "USB download gadget@Device ID /0x500, @Revision ID /0x2000"

/* Returns: (transfer full): a board that is no virtual one. */
FlashBoard *flash_still_board_new (const FlashStillTraits *traits);

G_END_DECLS
