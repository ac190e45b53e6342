/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes an image doubtful for one chip, although it could be written: signs that it is for
 * another one, and what a power cut would mean. Thread: any. */
#pragma once

#include "flash-firmware-plan.h"

G_BEGIN_DECLS

/**
 * flash_firmware_hints_add:
 * @plan: with all that will be written; takes the diagnostics `wrong-chip`, `suffix-other-device`,
 *   `no-empty-check`, `map-doubtful` and those of flash_vectors_check ()
 * @image: where its bytes are meant to go
 * @guess: what is known of the chip
 * @descriptors: (nullable): for the ids of a DFU suffix
 */
void flash_firmware_hints_add (FlashFirmwarePlan *plan, const FlashImage *image,
                               const FlashChipGuess *guess, const FlashDescriptors *descriptors);

G_END_DECLS
