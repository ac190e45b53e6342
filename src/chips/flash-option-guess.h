/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option bytes of a board whose chip is guessed from its strings, which often fit several chips
 * (stm32-dfuse.md sections 2.5.3 and 4.8). Thread: any. */
#pragma once

#include "flash-chip.h"
#include "flash-option-bytes.h"

G_BEGIN_DECLS

/**
 * flash_chip_guess_find_option_layout:
 * @bytes: (array length=length): the area as it was read
 * @out_doubt: (out) (optional) (nullable): static, English, marked for translation: why there is no
 *   layout, or why more is locked than the chip's own layout locks; %NULL if nothing is in doubt
 *
 * What may be said of the area whichever of the chips that fit it is. Those whose layout does not
 * pass its check are out. A field that is not the same in all the others is locked, and how sectors
 * are write protected is said only if all of them agree. Where the area itself says that its write
 * protection bits mean something else (SPRMOD of the F4, WPRMOD of the L0, DBANK of the G4), those
 * are locked too. A boot loader that is not the chip's ROM has no layout.
 *
 * The layout is for these bytes: look again after they were changed.
 *
 * Returns: (transfer none) (nullable): a layout that passed its check, %NULL if there is none; it
 *   lives as long as the program
 */
const FlashOptionLayout *
flash_chip_guess_find_option_layout (const FlashChipGuess *self, const guint8 *bytes, gsize length,
                                     const char **out_doubt);

G_END_DECLS
