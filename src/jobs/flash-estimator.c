/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-estimator"

#include "config.h"

#include "flash-estimator.h"

/* A ring of samples, one every half second: the rate is that of the last eight seconds. */
#define N_SAMPLES 16
#define SAMPLE_US (G_USEC_PER_SEC / 2)
/* An estimate from less than this is a guess. */
#define SETTLED_US (3 * G_USEC_PER_SEC)

typedef struct {
  gint64 time_us;
  guint64 bytes;
  double fraction;
} Sample;

struct _FlashEstimator {
  Sample samples[N_SAMPLES];
  guint n_samples; /* ever taken */
  Sample first;
  Sample latest;
};

FlashEstimator *
flash_estimator_new (void)
{
  return g_new0 (FlashEstimator, 1);
}

void
flash_estimator_free (FlashEstimator *self)
{
  g_free (self);
}

void
flash_estimator_reset (FlashEstimator *self)
{
  *self = (FlashEstimator){ 0 };
}

void
flash_estimator_add (FlashEstimator *self, gint64 time_us, guint64 bytes_done, double fraction)
{
  Sample sample = { time_us, bytes_done, fraction };

  self->latest = sample;
  if (self->n_samples == 0)
    self->first = sample;
  else if (time_us - self->samples[(self->n_samples - 1) % N_SAMPLES].time_us < SAMPLE_US)
    return;
  self->samples[self->n_samples++ % N_SAMPLES] = sample;
}

static const Sample *
get_oldest (FlashEstimator *self)
{
  return &self->samples[self->n_samples > N_SAMPLES ? self->n_samples % N_SAMPLES : 0];
}

guint64
flash_estimator_get_rate (FlashEstimator *self)
{
  const Sample *oldest = get_oldest (self);
  gint64 span_us = self->latest.time_us - oldest->time_us;

  if (self->n_samples == 0 || span_us < SAMPLE_US || self->latest.bytes < oldest->bytes)
    return 0;
  return (guint64) ((double) (self->latest.bytes - oldest->bytes) * G_USEC_PER_SEC /
                    (double) span_us);
}

gboolean
flash_estimator_get_seconds_left (FlashEstimator *self, guint *out_seconds)
{
  gint64 span_us = self->latest.time_us - self->first.time_us;
  double done = self->latest.fraction - self->first.fraction;
  double seconds;

  if (span_us < SETTLED_US || done < 0.01)
    return FALSE;
  seconds = (1.0 - self->latest.fraction) * (double) span_us / done / G_USEC_PER_SEC;
  if (seconds > 24 * 3600.0)
    return FALSE;
  *out_seconds = (guint) (seconds + 0.5);
  return TRUE;
}
