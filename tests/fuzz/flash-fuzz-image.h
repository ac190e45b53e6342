/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds for every image, whatever bytes it was made of. */
#pragma once

#include "flash-image.h"

G_BEGIN_DECLS

/* Asserts that segments are in order and apart, within the limits, and that what is said of them
 * can be shown; reads and moves and writes it as well. */
void flash_fuzz_image_check (const FlashImage *image);

/* Gives the bytes to one reader and checks the image, once as it is and once if the user insists:
 * then there are no more errors than before, and none if that was promised. */
void flash_fuzz_image_read (const guint8 *bytes, gsize length, FlashFormat format);

G_END_DECLS
