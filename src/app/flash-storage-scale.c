/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-storage-scale"

#include "config.h"

#include "flash-storage-scale.h"

#include <math.h>

/* Gives each part that is still too small its minimum, and takes it out of the sum; the next round
 * may find others that have become too small. Each round fixes one part at least. */
static void
share (const double *weights, const double *min_sizes, guint n, double room, FlashSpan *spans)
{
  double sum = 0;
  gboolean is_done = FALSE;

  for (guint i = 0; i < n; i++) {
    spans[i].size = 0;
    sum += weights[i];
  }
  while (!is_done) {
    is_done = TRUE;
    for (guint i = 0; i < n; i++) {
      if (spans[i].size > 0 || (sum > 0 && weights[i] / sum * room >= min_sizes[i]))
        continue;
      spans[i].size = min_sizes[i];
      room -= min_sizes[i];
      sum -= weights[i];
      is_done = FALSE;
    }
  }
  for (guint i = 0; i < n; i++)
    if (spans[i].size <= 0)
      spans[i].size = weights[i] / sum * room;
}

void
flash_storage_scale (const double *weights, const double *min_sizes, guint n, double width,
                     double gap, FlashSpan *out_spans)
{
  double room, at = 0, sum = 0;

  if (n == 0)
    return;
  /* With very many parts the gaps go first. */
  if (gap * (n - 1) > width / 2)
    gap = 0;
  room = MAX (width - gap * (n - 1), 0);
  for (guint i = 0; i < n; i++)
    sum += min_sizes[i];
  if (sum < room)
    share (weights, min_sizes, n, room, out_spans);
  else
    for (guint i = 0; i < n; i++)
      out_spans[i].size = min_sizes[i] / sum * room;

  for (guint i = 0; i < n; i++) {
    out_spans[i].start = at;
    at += out_spans[i].size + gap;
  }
}

int
flash_storage_scale_find (const FlashSpan *spans, guint n, double at)
{
  double best = INFINITY;
  int found = -1;

  for (guint i = 0; i < n; i++) {
    double before = spans[i].start - at;
    double behind = at - (spans[i].start + spans[i].size);
    double distance = MAX (MAX (before, behind), 0);

    if (distance < best) {
      best = distance;
      found = (int) i;
    }
  }
  return found;
}

/* --- bytes and pixels --------------------------------------------------------------------- */

/* What is drawn a tenth wider than it is deceives nobody. */
#define ENLARGED_FROM 1.1

double
flash_storage_scale_get_density (const FlashStop *stops, guint n)
{
  double density = INFINITY;

  for (guint i = 0; i < n; i++) {
    if (stops[i].weight > 0)
      density = MIN (density, stops[i].span.size / stops[i].weight);
  }
  return density < INFINITY ? density : 0;
}

gboolean
flash_storage_scale_is_enlarged (const FlashStop *stop, double density)
{
  return stop->span.size > stop->weight * density * ENLARGED_FROM;
}

/* Returns: the last one that begins at or before @byte, the first one if none does. */
static const FlashStop *
find_stop (const FlashStop *stops, guint n, guint64 byte)
{
  guint low = 0, high = n;

  while (high - low > 1) {
    guint middle = low + (high - low) / 2;

    if (stops[middle].byte <= byte)
      low = middle;
    else
      high = middle;
  }
  return &stops[low];
}

double
flash_storage_scale_place (const FlashStop *stops, guint n, guint64 byte)
{
  const FlashStop *stop;
  double share;

  if (n == 0)
    return 0;
  stop = find_stop (stops, n, byte);
  if (byte <= stop->byte)
    return stop->span.start;
  share = stop->weight > 0 ? (double) (byte - stop->byte) / stop->weight : 1;
  return stop->span.start + MIN (share, 1) * stop->span.size;
}

guint64
flash_storage_scale_locate (const FlashStop *stops, guint n, double at)
{
  const FlashStop *stop = stops;
  double distance, bytes;

  if (n == 0)
    return 0;
  for (guint i = 0; i < n && (i == 0 || stops[i - 1].span.start + stops[i - 1].span.size < at); i++)
    stop = &stops[i];
  distance = CLAMP (at - stop->span.start, 0, stop->span.size);
  bytes = stop->span.size > 0 ? distance / stop->span.size * stop->weight : 0;
  /* 2^64 as a double; a number beyond would not fit. */
  if (bytes >= 18446744073709551616.0 || (guint64) bytes > G_MAXUINT64 - stop->byte)
    return G_MAXUINT64;
  return stop->byte + (guint64) bytes;
}

double
flash_storage_scale_carry (const FlashStop *from, const FlashStop *to, guint n, double at)
{
  for (guint i = 0; i < n; i++) {
    const FlashSpan *span = &from[i].span;

    if (at > span->start + span->size && i + 1 < n)
      continue;
    if (span->size <= 0)
      return to[i].span.start;
    return to[i].span.start + (at - span->start) / span->size * to[i].span.size;
  }
  return at;
}

guint64
flash_storage_scale_round (guint64 origin, guint64 offset, guint64 unit, double bytes_per_pixel)
{
  guint64 step = MAX (unit, 1);
  guint64 distance = offset > origin ? offset - origin : origin - offset;
  guint64 rest;

  while (step < G_MAXINT64 && (double) step * 2 <= bytes_per_pixel)
    step *= 2;
  rest = distance % step;
  distance -= rest;
  /* Up, if that is nearer; the sum cannot wrap then, or it stays below. */
  if (rest >= step - rest && distance <= G_MAXUINT64 - step)
    distance += step;
  if (offset > origin)
    return distance <= G_MAXUINT64 - origin ? origin + distance : G_MAXUINT64;
  return distance <= origin ? origin - distance : 0;
}
