/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A flash to scale, with the sectors that are to be erased; pressing one chooses it or lets it go.
 * For the keyboard there is the list of the same sectors. Thread: main. */
#pragma once

#include "flash-erase-sectors.h"

G_BEGIN_DECLS

#define FLASH_TYPE_ERASE_BAR (flash_erase_bar_get_type ())
G_DECLARE_FINAL_TYPE (FlashEraseBar, flash_erase_bar, FLASH, ERASE_BAR, GtkWidget)

/* Shows other sectors; @sectors: (nullable). */
void flash_erase_bar_set_sectors (FlashEraseBar *self, FlashEraseSectors *sectors);

/* Returns: the middle of the sector @index, from 0 to 1 across the bar. */
double flash_erase_bar_find (FlashEraseBar *self, guint index);

G_END_DECLS
