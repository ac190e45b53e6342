/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Half-open ranges of bytes, [start, start + size). Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FlashRange:
 * @start: first byte
 * @size: number of bytes; @start + @size never exceeds 2^64 - 1
 */
typedef struct {
  guint64 start;
  guint64 size;
} FlashRange;

/* The subtraction comes first, so that nothing wraps at the top of the address space. */
static inline gboolean
flash_range_contains (FlashRange range, guint64 at)
{
  return at >= range.start && at - range.start < range.size;
}

static inline gboolean
flash_range_overlaps (FlashRange a, FlashRange b)
{
  return flash_range_contains (a, b.start) ? b.size > 0
                                           : flash_range_contains (b, a.start) && a.size > 0;
}

/* Returns: the first byte behind the range. */
static inline guint64
flash_range_end (FlashRange range)
{
  return range.start + range.size;
}

G_END_DECLS
