/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small piece of a chip's map, for the legend below it. Thread: main. */
#pragma once

#include "flash-chip-part.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_CHIP_SWATCH (flash_chip_swatch_get_type ())
G_DECLARE_FINAL_TYPE (FlashChipSwatch, flash_chip_swatch, FLASH, CHIP_SWATCH, GtkWidget)

/* Returns: (transfer floating): how parts of that fate look. */
GtkWidget *flash_chip_swatch_new (FlashChipFate fate);

G_END_DECLS
