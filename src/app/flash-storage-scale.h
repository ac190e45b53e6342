/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places for the parts of a bar: to scale, but none too small to be seen and hit. Pure functions;
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

/**
 * FlashStop:
 * @byte: its first byte
 * @weight: its bytes; what it is drawn as if they are not known
 * @span: its place
 *
 * A part with its place. A list of them, ascending, ties bytes to pixels.
 */
typedef struct {
  guint64 byte;
  double weight;
  FlashSpan span;
} FlashStop;

/**
 * flash_storage_scale_get_density:
 *
 * Returns: how many pixels a byte has where nothing is enlarged; 0 if there are no bytes
 */
double flash_storage_scale_get_density (const FlashStop *stops, guint n);

/* Returns: whether a part is clearly wider than its bytes at @density pixels for each. */
gboolean flash_storage_scale_is_enlarged (const FlashStop *stop, double density);

/**
 * flash_storage_scale_place:
 * @byte: a place on the storage
 *
 * Returns: where it is drawn, in pixels; the nearest end if it is on no part
 */
double flash_storage_scale_place (const FlashStop *stops, guint n, guint64 byte);

/**
 * flash_storage_scale_locate:
 * @at: a place in pixels
 *
 * Returns: the byte that is drawn there; in a gap between two parts the first one of the second
 */
guint64 flash_storage_scale_locate (const FlashStop *stops, guint n, double at);

/**
 * flash_storage_scale_carry:
 * @from: (array length=n): where the parts were
 * @to: (array length=n): where they are now
 * @at: a place in @from, in pixels
 *
 * Returns: the same place of the same part in @to, so that a zoom can keep it where it was seen
 */
double flash_storage_scale_carry (const FlashStop *from, const FlashStop *to, guint n, double at);

/**
 * flash_storage_scale_round:
 * @origin: the offset before it was moved
 * @offset: the offset that the pointer means
 * @unit: what it must be a multiple of, a power of two
 * @bytes_per_pixel: what a pixel means there
 *
 * A pointer is no more exact than a pixel: distances are rounded to the power of two that it means.
 *
 * Returns: the rounded offset
 */
guint64
flash_storage_scale_round (guint64 origin, guint64 offset, guint64 unit, double bytes_per_pixel);

G_END_DECLS
