/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where programs begin that must not start while only a half of them is there. Thread: any. */
#pragma once

#include "flash-firmware-plan.h"

G_BEGIN_DECLS

/**
 * flash_firmware_heads_list_starts:
 * @start: where the chip's flash starts programs
 * @chips: (element-type FlashChip): those that fit
 *
 * Returns: (transfer full) (element-type guint32): @start, then where else one of them starts
 *   programs, rising
 */
GArray *flash_firmware_heads_list_starts (guint32 start, const GPtrArray *chips);

/**
 * flash_firmware_heads_find:
 * @plan: with its sectors, its segments, at least one, and its starts; takes plan->head, and what
 * its sectors say of heads
 * @image: what they were made of
 */
void flash_firmware_heads_find (FlashFirmwarePlan *plan, const FlashImage *image);

G_END_DECLS
