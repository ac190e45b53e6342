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
