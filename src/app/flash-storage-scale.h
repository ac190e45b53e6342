/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places for the parts of a bar: to scale, but none too small to be seen and hit. Pure function;
 * thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FlashSpan:
 * @start: where it begins, in pixels
 * @size: how wide it is, in pixels
 */
typedef struct {
  double start;
  double size;
} FlashSpan;

/**
 * flash_storage_scale:
 * @weights: (array length=n): how large each part is, in any unit; not negative
 * @min_sizes: (array length=n): what each part should get at least, in pixels; more than 0
 * @n: how many parts
 * @width: of the bar in pixels
 * @gap: between two parts, in pixels
 * @out_spans: (out caller-allocates) (array length=n): where the parts go
 *
 * Parts that would be smaller than their minimum get it, at the cost of the larger ones, which keep
 * their proportions among each other. Where there is no room for all minimums, they all shrink.
 */
void flash_storage_scale (const double *weights, const double *min_sizes, guint n, double width,
                          double gap, FlashSpan *out_spans);

/**
 * flash_storage_scale_find:
 * @spans: (array length=n): from flash_storage_scale ()
 * @at: a place in pixels
 *
 * Returns: the index of the part at or nearest to that place; -1 if there are no parts
 */
int flash_storage_scale_find (const FlashSpan *spans, guint n, double at);

G_END_DECLS
