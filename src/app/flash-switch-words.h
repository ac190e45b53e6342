/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drawings show, in words. Thread: main. */
#pragma once

#include "flash-switch-board.h"

G_BEGIN_DECLS

/* Returns: (transfer full): e.g. “Boot switches for serial boot: BOOT0 at 0 (down), BOOT2 at 0
 * (down)”. */
char *flash_switch_words_dup_switches (const FlashSwitchBoard *board, FlashSwitchStorage storage);

/* Returns: (transfer none) (nullable): what to say below the drawing of switches; %NULL if all of
 * it is sure. */
const char *
flash_switch_words_get_caption (const FlashSwitchBoard *board, FlashSwitchStorage storage);

/* Returns: (transfer none) (nullable): what another drawing shows. */
const char *flash_switch_words_get_drawing (const char *drawing);

G_END_DECLS
