/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is sent for the sectors that are written: as few blocks as possible, the bytes with which
 * programs begin held back. Thread: any. */
#pragma once

#include "flash-firmware-work.h"

G_BEGIN_DECLS

/**
 * flash_firmware_extents_make:
 * @work: with its todos, of which at least one has a target; takes extents and heads
 * @block_size: in bytes, a multiple of the granule
 */
void flash_firmware_extents_make (FlashFirmwareWork *work, gsize block_size);

G_END_DECLS
