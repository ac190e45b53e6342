/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An image as one line of text, so that tables can say what they expect. */
#pragma once

#include "flash-image.h"

G_BEGIN_DECLS

/**
 * flash_describe_image:
 *
 * Segments as `08000000=0011aabb`, or `08000000+size` above 24 bytes, separated by blanks, with
 * `1:` in front if the alternate setting is 1; `entry=08000101`; then diagnostics as
 * `error ihex-bad-line@3`, without the line if there is none.
 *
 * Returns: (transfer full): all of it, separated by blanks
 */
char *flash_describe_image (const FlashImage *image);

/* Returns: (transfer full): flash_image_load () of these bytes, which must not fail. */
FlashImage *flash_describe_load (const void *bytes, gsize length, const FlashImageOptions *options);

/* Loads the bytes and asserts that the image is described so. */
void flash_describe_assert (const void *bytes, gsize length, const FlashImageOptions *options,
                            const char *expected);

G_END_DECLS
