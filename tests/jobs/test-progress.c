/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-estimator.h"
#include "flash-progress.h"

static void
test_weights (void)
{
  g_autoptr (FlashProgress) progress = flash_progress_new ();
  guint small, large;

  g_assert_cmpfloat_with_epsilon (flash_progress_get_fraction (progress), 0.0, 1e-9);
  small = flash_progress_add (progress, 1.0);
  large = flash_progress_add (progress, 3.0);
  flash_progress_set (progress, small, 1.0);
  g_assert_cmpfloat_with_epsilon (flash_progress_get_fraction (progress), 0.25, 1e-9);
  flash_progress_set (progress, large, 0.5);
  g_assert_cmpfloat_with_epsilon (flash_progress_get_fraction (progress), 0.625, 1e-9);
}

static void
test_never_back (void)
{
  g_autoptr (FlashProgress) progress = flash_progress_new ();
  guint part = flash_progress_add (progress, 2.0);

  flash_progress_set (progress, part, 0.5);
  flash_progress_set (progress, part, 0.25);
  g_assert_cmpfloat_with_epsilon (flash_progress_get_fraction (progress), 0.5, 1e-9);
  flash_progress_set (progress, part, 7.0);
  g_assert_cmpfloat_with_epsilon (flash_progress_get_fraction (progress), 1.0, 1e-9);
}

static void
test_estimate (void)
{
  g_autoptr (FlashEstimator) estimator = flash_estimator_new ();
  guint seconds = 77;

  g_assert_cmpuint (flash_estimator_get_rate (estimator), ==, 0);
  g_assert_false (flash_estimator_get_seconds_left (estimator, &seconds));
  /* 1 MB a second, of 100 MB */
  for (guint i = 0; i <= 100; i++) {
    flash_estimator_add (estimator, i * 100000, i * 100000, i * 0.001);
    if (i == 20)
      g_assert_false (flash_estimator_get_seconds_left (estimator, &seconds));
  }
  g_assert_cmpuint (seconds, ==, 77);
  g_assert_cmpuint (flash_estimator_get_rate (estimator), >, 990000);
  g_assert_cmpuint (flash_estimator_get_rate (estimator), <, 1010000);
  g_assert_true (flash_estimator_get_seconds_left (estimator, &seconds));
  g_assert_cmpuint (seconds, ==, 90);
}

/* The rate is that of the last seconds, not of the whole job. */
static void
test_rate_follows (void)
{
  g_autoptr (FlashEstimator) estimator = flash_estimator_new ();

  for (guint i = 0; i <= 100; i++)
    flash_estimator_add (estimator, (gint64) i * G_USEC_PER_SEC, i * 1000, 0.1);
  for (guint i = 1; i <= 20; i++)
    flash_estimator_add (estimator, (gint64) (100 + i) * G_USEC_PER_SEC, 100000 + i * 5000, 0.1);
  g_assert_cmpuint (flash_estimator_get_rate (estimator), ==, 5000);
}

/* A day is no estimate. */
static void
test_estimate_hopeless (void)
{
  g_autoptr (FlashEstimator) estimator = flash_estimator_new ();
  guint seconds;

  flash_estimator_add (estimator, 0, 0, 0);
  flash_estimator_add (estimator, G_USEC_PER_SEC * G_GINT64_CONSTANT (2000), 1, 0.011);
  g_assert_false (flash_estimator_get_seconds_left (estimator, &seconds));
}

/* What was measured before somebody was asked says nothing any more. */
static void
test_reset (void)
{
  g_autoptr (FlashEstimator) estimator = flash_estimator_new ();
  guint seconds;

  for (gint64 i = 0; i < 50; i++)
    flash_estimator_add (estimator, i * 100000, (guint64) i * 100000, (double) i * 0.001);
  flash_estimator_reset (estimator);
  g_assert_cmpuint (flash_estimator_get_rate (estimator), ==, 0);
  flash_estimator_add (estimator, 3600 * (gint64) G_USEC_PER_SEC, 0, 0.05);
  g_assert_false (flash_estimator_get_seconds_left (estimator, &seconds));
  for (gint64 i = 1; i <= 50; i++)
    flash_estimator_add (estimator, 3600 * (gint64) G_USEC_PER_SEC + i * 100000,
                         (guint64) i * 100000, 0.05 + (double) i * 0.01);
  g_assert_true (flash_estimator_get_seconds_left (estimator, &seconds));
  g_assert_cmpuint (seconds, <, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/progress/weights", test_weights);
  g_test_add_func ("/progress/never-back", test_never_back);
  g_test_add_func ("/estimator/estimate", test_estimate);
  g_test_add_func ("/estimator/rate-follows", test_rate_follows);
  g_test_add_func ("/estimator/hopeless", test_estimate_hopeless);
  g_test_add_func ("/estimator/reset", test_reset);
  return g_test_run ();
}
