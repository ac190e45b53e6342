/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-progress"

#include "config.h"

#include "flash-progress.h"

typedef struct {
  double weight;
  double fraction;
} Part;

struct _FlashProgress {
  GArray *parts; /* (owned) (element-type Part) */
  double total;
  double done;
};

FlashProgress *
flash_progress_new (void)
{
  FlashProgress *self = g_new0 (FlashProgress, 1);

  self->parts = g_array_new (FALSE, TRUE, sizeof (Part));
  return self;
}

void
flash_progress_free (FlashProgress *self)
{
  g_array_unref (self->parts);
  g_free (self);
}

guint
flash_progress_add (FlashProgress *self, double weight)
{
  Part part = { .weight = weight };

  g_return_val_if_fail (weight > 0, 0);
  g_return_val_if_fail (self->done <= 0, 0);

  self->total += weight;
  g_array_append_val (self->parts, part);
  return self->parts->len - 1;
}

guint
flash_progress_get_n_parts (FlashProgress *self)
{
  return self->parts->len;
}

void
flash_progress_set (FlashProgress *self, guint part, double fraction)
{
  Part *at;

  g_return_if_fail (part < self->parts->len);

  at = &g_array_index (self->parts, Part, part);
  fraction = MIN (fraction, 1.0);
  if (fraction <= at->fraction)
    return;
  self->done += at->weight * (fraction - at->fraction);
  at->fraction = fraction;
}

double
flash_progress_get_fraction (FlashProgress *self)
{
  return self->total > 0 ? CLAMP (self->done / self->total, 0.0, 1.0) : 0.0;
}
