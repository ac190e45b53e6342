/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was read from a chip beside what a file has for the same places. Pure functions and
 * immutable values; thread: any. */
#pragma once

#include "flash-image.h"

G_BEGIN_DECLS

/* Differences with fewer equal bytes between them than this are one. */
#define FLASH_MEMORY_COMPARE_GAP 16

/**
 * FlashMemoryDifference:
 * @offset: of the first byte that differs
 * @length: to the last one that does
 */
typedef struct {
  gsize offset;
  gsize length;
} FlashMemoryDifference;

/**
 * FlashMemoryCompare:
 * @other: what the file has at each place; what was read where it has nothing
 * @marks: a bit for each byte, the lowest bit of a byte first: whether it differs
 * @differences: (element-type FlashMemoryDifference): rising
 * @n_different: how many bytes differ
 * @n_compared: how many bytes both have
 * @n_outside: how many bytes of the file were not read
 */
typedef struct {
  GBytes *other;
  GBytes *marks;
  GArray *differences;
  guint64 n_different;
  guint64 n_compared;
  guint64 n_outside;
} FlashMemoryCompare;

/**
 * flash_memory_compare_new:
 * @bytes: what was read
 * @address: of the first of them; they end at or below 2^32
 * @image: what is in the file
 * @alternate: from which alternate setting was read: if the file has a target for it, only that
 *   one counts, otherwise all of them do
 */
FlashMemoryCompare *flash_memory_compare_new (GBytes *bytes, guint32 address,
                                              const FlashImage *image, guint8 alternate);
void flash_memory_compare_free (FlashMemoryCompare *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashMemoryCompare, flash_memory_compare_free)

/**
 * flash_memory_compare_find:
 * @from: an offset
 * @out_index: (out): of a difference; untouched on failure
 *
 * Returns: whether one begins behind @from, or before it
 */
gboolean flash_memory_compare_find (const FlashMemoryCompare *self, gsize from, gboolean is_forward,
                                    guint *out_index);

/* Returns: whether the byte at @offset differs. */
gboolean flash_memory_compare_is_different (const FlashMemoryCompare *self, gsize offset);

G_END_DECLS
