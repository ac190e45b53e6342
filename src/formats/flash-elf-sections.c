/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-elf-sections"

#include "config.h"

#include "flash-elf-sections.h"

#include "flash-bytes.h"

/* System V ABI, "Section header", for 32 bit */
#define TYPE_AT 4
#define TYPE_NULL 0
#define TYPE_NO_BITS 8
#define FLAGS_AT 8
#define FLAG_ALLOC 2
#define OFFSET_AT 16
#define SIZE_AT 20

static int
compare_starts (gconstpointer a, gconstpointer b)
{
  const FlashRange *first = a, *second = b;

  return first->start < second->start ? -1 : first->start > second->start;
}

/* Joins what touches, in place. */
static void
join (GArray *ranges)
{
  guint n = 0;

  for (guint i = 0; i < ranges->len; i++) {
    FlashRange range = g_array_index (ranges, FlashRange, i);
    FlashRange *last = n > 0 ? &g_array_index (ranges, FlashRange, n - 1) : NULL;

    if (last != NULL && range.start <= flash_range_end (*last))
      last->size = MAX (flash_range_end (*last), flash_range_end (range)) - last->start;
    else
      g_array_index (ranges, FlashRange, n++) = range;
  }
  g_array_set_size (ranges, n);
}

GArray *
flash_elf_sections_read (const guint8 *table, guint n)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (FlashRange));

  g_return_val_if_fail (table != NULL || n == 0, ranges);

  for (guint i = 0; i < n; i++) {
    const guint8 *entry = table + (gsize) i * FLASH_ELF_SECTION_LENGTH;
    guint32 type = flash_get_le32 (entry + TYPE_AT);
    FlashRange range = { flash_get_le32 (entry + OFFSET_AT), flash_get_le32 (entry + SIZE_AT) };

    if (type != TYPE_NULL && type != TYPE_NO_BITS &&
        (flash_get_le32 (entry + FLAGS_AT) & FLAG_ALLOC) != 0 && range.size > 0)
      g_array_append_val (ranges, range);
  }
  g_array_sort (ranges, compare_starts);
  join (ranges);
  return ranges;
}

guint
flash_elf_sections_find (const GArray *ranges, guint64 offset)
{
  guint low = 0, high;

  g_return_val_if_fail (ranges != NULL, 0);

  high = ranges->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (flash_range_end (g_array_index (ranges, FlashRange, middle)) > offset)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

gboolean
flash_elf_sections_get (const GArray *ranges, guint index, FlashRange whole, FlashRange *out_part)
{
  FlashRange range;
  guint64 start, end;

  g_return_val_if_fail (ranges != NULL && out_part != NULL, FALSE);

  if (index >= ranges->len)
    return FALSE;
  range = g_array_index (ranges, FlashRange, index);
  start = MAX (range.start, whole.start);
  end = MIN (flash_range_end (range), flash_range_end (whole));
  if (start >= end)
    return FALSE;
  *out_part = (FlashRange){ start, end - start };
  return TRUE;
}
