/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-memory-compare"

#include "config.h"

#include "flash-memory-compare.h"

static guint64
get_target_size (const FlashImageTarget *target)
{
  guint64 size = 0;

  for (guint i = 0; i < target->segments->len; i++)
    size +=
        g_bytes_get_size (((FlashImageSegment *) g_ptr_array_index (target->segments, i))->bytes);
  return size;
}

/* Fills in what the file has. Returns: how many bytes it has at all. */
static guint64
read_other (const FlashImage *image, guint8 alternate, guint32 address, guint8 *out, gsize size,
            guint64 *out_n_held)
{
  const FlashImageTarget *target = flash_image_find_target (image, alternate);
  guint64 total = 0;

  *out_n_held = 0;
  for (guint i = 0; i < image->targets->len; i++) {
    const FlashImageTarget *candidate = g_ptr_array_index (image->targets, i);

    if (target != NULL && candidate != target)
      continue;
    *out_n_held += flash_image_target_read (candidate, address, out, size);
    total += get_target_size (candidate);
  }
  return total;
}

static void
add_difference (GArray *differences, gsize offset)
{
  FlashMemoryDifference *last = NULL;
  const FlashMemoryDifference next = { offset, 1 };

  if (differences->len > 0)
    last = &g_array_index (differences, FlashMemoryDifference, differences->len - 1);
  if (last != NULL && offset - (last->offset + last->length) < FLASH_MEMORY_COMPARE_GAP)
    last->length = offset + 1 - last->offset;
  else
    g_array_append_val (differences, next);
}

FlashMemoryCompare *
flash_memory_compare_new (GBytes *bytes, guint32 address, const FlashImage *image, guint8 alternate)
{
  FlashMemoryCompare *self;
  gsize size;
  const guint8 *here;
  guint8 *other, *marks;
  guint64 total;

  g_return_val_if_fail (bytes != NULL && image != NULL, NULL);

  here = g_bytes_get_data (bytes, &size);
  self = g_new0 (FlashMemoryCompare, 1);
  self->differences = g_array_new (FALSE, FALSE, sizeof (FlashMemoryDifference));
  other = g_memdup2 (here, size);
  marks = g_malloc0 (size / 8 + 1);
  total = read_other (image, alternate, address, other, size, &self->n_compared);
  /* Several targets may want the same place. */
  self->n_compared = MIN (self->n_compared, size);
  self->n_outside = total - MIN (total, self->n_compared);
  for (gsize i = 0; i < size; i++) {
    if (here[i] == other[i])
      continue;
    marks[i / 8] |= (guint8) (1u << i % 8);
    self->n_different++;
    add_difference (self->differences, i);
  }
  self->other = g_bytes_new_take (other, size);
  self->marks = g_bytes_new_take (marks, size / 8 + 1);
  return self;
}

void
flash_memory_compare_free (FlashMemoryCompare *self)
{
  if (self == NULL)
    return;
  g_bytes_unref (self->other);
  g_bytes_unref (self->marks);
  g_array_unref (self->differences);
  g_free (self);
}

/* Returns: the first difference that begins at or behind @offset. */
static guint
find_from (const FlashMemoryCompare *self, gsize offset)
{
  guint low = 0, high = self->differences->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (g_array_index (self->differences, FlashMemoryDifference, middle).offset < offset)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

gboolean
flash_memory_compare_find (const FlashMemoryCompare *self, gsize from, gboolean is_forward,
                           guint *out_index)
{
  guint index;

  g_return_val_if_fail (self != NULL && out_index != NULL, FALSE);

  index = find_from (self, is_forward ? from + 1 : from);
  if (is_forward ? index >= self->differences->len : index == 0)
    return FALSE;
  *out_index = is_forward ? index : index - 1;
  return TRUE;
}

gboolean
flash_memory_compare_is_different (const FlashMemoryCompare *self, gsize offset)
{
  const guint8 *marks;

  g_return_val_if_fail (self != NULL, FALSE);

  if (offset / 8 >= g_bytes_get_size (self->marks))
    return FALSE;
  marks = g_bytes_get_data (self->marks, NULL);
  return (marks[offset / 8] >> offset % 8 & 1) != 0;
}
