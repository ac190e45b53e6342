/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies where on a chip, as far as it matters for a firmware image: flash that may be written,
 * the boot loader's own sectors, option bytes and one-time memory, RAM, and nothing that anybody
 * names. Thread: any. */
#pragma once

#include "flash-firmware-plan.h"

G_BEGIN_DECLS

/**
 * FlashFirmwareZone:
 * @start: first address
 * @end: first address behind it, at most 2^32
 * @is_flash: whether an image may be written there
 * @reason: why not, if it may not
 */
typedef struct {
  guint64 start;
  guint64 end;
  gboolean is_flash;
  FlashFirmwareReason reason;
} FlashFirmwareZone;

/**
 * flash_firmware_zones_new:
 * @guess: what is known of the chip; its flash map must be known
 *
 * Returns: (transfer full) (element-type FlashFirmwareZone): the zones; where two overlap, the
 *   earlier one counts
 */
GArray *flash_firmware_zones_new (const FlashChipGuess *guess);

/**
 * flash_firmware_zones_find:
 * @address: of a byte
 *
 * Returns: what it lies in, cut to the part from @address on that is alike
 */
FlashFirmwareZone flash_firmware_zones_find (const GArray *zones, guint32 address);

G_END_DECLS
