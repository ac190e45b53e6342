/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-spans"

#include "config.h"

#include "flash-card-spans.h"

static void
span_clear (gpointer data)
{
  FlashExtent *self = data;

  g_clear_object (&self->source);
}

GArray *
flash_card_spans_new (void)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (FlashExtent));

  g_array_set_clear_func (spans, span_clear);
  return spans;
}

static const FlashExtent *
get_span (const GArray *spans, guint index)
{
  return &g_array_index (spans, FlashExtent, index);
}

static guint64
get_end (const FlashExtent *span)
{
  return span->target_offset + span->length;
}

guint
flash_card_spans_find (const GArray *spans, guint64 offset)
{
  guint low = 0, high = spans->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (get_end (get_span (spans, middle)) <= offset)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Adds a part of @span, with a reference of its own. */
static void
append_part (GArray *spans, const FlashExtent *span, guint64 start, guint64 end)
{
  FlashExtent part = { start, end - start, NULL, 0 };

  if (span->source != NULL) {
    part.source = g_object_ref (span->source);
    part.source_offset = span->source_offset + (start - span->target_offset);
  }
  g_array_append_val (spans, part);
}

/* One pass, whatever the number of pieces: a file may have very many holes. */
void
flash_card_spans_paint (GArray *spans, const GArray *pieces)
{
  g_autoptr (GArray) behind = flash_card_spans_new ();
  guint64 start, end;
  guint first;

  g_return_if_fail (pieces->len > 0);

  start = get_span (pieces, 0)->target_offset;
  end = get_end (get_span (pieces, pieces->len - 1));
  first = flash_card_spans_find (spans, start);
  for (guint i = first; i < spans->len; i++) {
    const FlashExtent *span = get_span (spans, i);

    if (get_end (span) > end)
      append_part (behind, span, MAX (span->target_offset, end), get_end (span));
  }
  if (first < spans->len && get_span (spans, first)->target_offset < start) {
    g_array_index (spans, FlashExtent, first).length =
        start - get_span (spans, first)->target_offset;
    first++;
  }
  g_array_set_size (spans, first);
  for (guint i = 0; i < pieces->len; i++)
    append_part (spans, get_span (pieces, i), get_span (pieces, i)->target_offset,
                 get_end (get_span (pieces, i)));
  for (guint i = 0; i < behind->len; i++)
    append_part (spans, get_span (behind, i), get_span (behind, i)->target_offset,
                 get_end (get_span (behind, i)));
}

void
flash_card_spans_paint_zeros (GArray *spans, FlashRange range)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (FlashExtent));
  const FlashExtent zeros = { range.start, range.size, NULL, 0 };

  if (range.size == 0)
    return;
  g_array_append_val (pieces, zeros);
  flash_card_spans_paint (spans, pieces);
}

GArray *
flash_card_spans_dup_ranges (const GArray *spans)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (FlashRange));

  for (guint i = 0; i < spans->len; i++) {
    const FlashExtent *span = get_span (spans, i);
    FlashRange *last =
        ranges->len > 0 ? &g_array_index (ranges, FlashRange, ranges->len - 1) : NULL;
    const FlashRange range = { span->target_offset, span->length };

    if (last != NULL && flash_range_end (*last) == range.start)
      last->size += range.size;
    else
      g_array_append_val (ranges, range);
  }
  return ranges;
}

GArray *
flash_card_spans_dup_extents (const GArray *spans)
{
  GArray *extents = flash_card_spans_new ();

  for (guint i = 0; i < spans->len; i++) {
    const FlashExtent *span = get_span (spans, i);

    if (span->source != NULL)
      append_part (extents, span, span->target_offset, get_end (span));
  }
  return extents;
}
