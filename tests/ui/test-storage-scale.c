/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-storage-scale"

#include "config.h"

#include "flash-storage-scale.h"

#define MAX_PARTS 4
#define EPSILON 0.001

typedef struct {
  const char *name;
  guint n;
  double weights[MAX_PARTS];
  double min_sizes[MAX_PARTS];
  double width;
  double gap;
  double sizes[MAX_PARTS];
} Case;

static const Case cases[] = {
  { "one part", 1, { 5 }, { 10 }, 100, 4, { 100 } },
  { "to scale", 2, { 1, 3 }, { 10, 10 }, 104, 4, { 25, 75 } },
  { "a small one gets its minimum", 2, { 1, 999 }, { 20, 20 }, 104, 4, { 20, 80 } },
  { "exactly the minimum", 2, { 20, 80 }, { 20, 20 }, 100, 0, { 20, 80 } },
  { "the large ones keep their proportions", 3, { 0, 1, 3 }, { 20, 1, 1 }, 100, 0, { 20, 20, 60 } },
  { "one becomes too small by another", 3, { 1, 24, 75 }, { 30, 24, 1 }, 100, 0, { 30, 24, 46 } },
  { "no room for all minimums", 2, { 1, 1 }, { 100, 300 }, 100, 0, { 25, 75 } },
  { "minimums that just fit", 2, { 1, 9 }, { 50, 50 }, 100, 0, { 50, 50 } },
  { "nothing in any part", 3, { 0, 0, 0 }, { 10, 10, 10 }, 100, 0, { 10, 10, 10 } },
  { "gaps that leave no room", 3, { 1, 1, 1 }, { 10, 10, 10 }, 9, 4, { 3, 3, 3 } },
  { "no width", 2, { 1, 1 }, { 10, 10 }, 0, 4, { 0, 0 } },
};

static void
test_table (gconstpointer data)
{
  const Case *wanted = data;
  FlashSpan spans[MAX_PARTS];
  double at = 0;
  double gap = wanted->gap * (wanted->n - 1) > wanted->width / 2 ? 0 : wanted->gap;

  flash_storage_scale (wanted->weights, wanted->min_sizes, wanted->n, wanted->width, wanted->gap,
                       spans);
  for (guint i = 0; i < wanted->n; i++) {
    g_assert_cmpfloat_with_epsilon (spans[i].size, wanted->sizes[i], EPSILON);
    g_assert_cmpfloat_with_epsilon (spans[i].start, at, EPSILON);
    at += spans[i].size + gap;
  }
}

/* However many there are, nothing sticks out. */
static void
test_many (void)
{
  const guint n = 20000;
  g_autofree double *weights = g_new (double, n);
  g_autofree double *min_sizes = g_new (double, n);
  g_autofree FlashSpan *spans = g_new (FlashSpan, n);

  for (guint i = 0; i < n; i++) {
    weights[i] = i;
    min_sizes[i] = 30;
  }
  flash_storage_scale (weights, min_sizes, n, 500, 3, spans);
  g_assert_cmpfloat (spans[n - 1].start + spans[n - 1].size, <=, 500 + EPSILON);
  g_assert_cmpfloat (spans[n - 1].size, >, 0);
}

static void
test_find (void)
{
  const FlashSpan spans[] = { { 0, 10 }, { 14, 6 }, { 24, 50 } };
  const struct {
    double at;
    int index;
  } finds[] = {
    { -5, 0 }, { 0, 0 },  { 10, 0 }, { 11, 0 }, { 13, 1 },
    { 14, 1 }, { 20, 1 }, { 24, 2 }, { 99, 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (finds); i++)
    g_assert_cmpint (flash_storage_scale_find (spans, G_N_ELEMENTS (spans), finds[i].at), ==,
                     finds[i].index);
  g_assert_cmpint (flash_storage_scale_find (spans, 0, 5), ==, -1);
}

/* 100 bytes on 10 pixels, 10 on 10, a gap of 2 pixels, 1000 on 100, and then a hole. */
static const FlashStop stops[] = {
  { 0, 100, { 0, 10 } },
  { 100, 10, { 10, 10 } },
  { 110, 1000, { 22, 100 } },
  { 2000, 0, { 124, 4 } },
};

static void
test_density (void)
{
  const FlashStop empty = { 0, 0, { 0, 5 } };
  double density = flash_storage_scale_get_density (stops, G_N_ELEMENTS (stops));

  g_assert_cmpfloat_with_epsilon (density, 0.1, EPSILON);
  g_assert_false (flash_storage_scale_is_enlarged (&stops[0], density));
  g_assert_true (flash_storage_scale_is_enlarged (&stops[1], density));
  g_assert_false (flash_storage_scale_is_enlarged (&stops[2], density));
  g_assert_true (flash_storage_scale_is_enlarged (&stops[3], density));
  g_assert_cmpfloat_with_epsilon (flash_storage_scale_get_density (&empty, 1), 0, EPSILON);
  g_assert_cmpfloat_with_epsilon (flash_storage_scale_get_density (stops, 0), 0, EPSILON);
}

static void
test_place (void)
{
  const struct {
    guint64 byte;
    double at;
  } places[] = {
    { 0, 0 },    { 50, 5 },     { 99, 9.9 },   { 100, 10 },   { 105, 15 },   { 110, 22 },
    { 610, 72 }, { 1110, 122 }, { 1500, 122 }, { 2000, 124 }, { 2001, 128 }, { G_MAXUINT64, 128 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    g_assert_cmpfloat_with_epsilon (
        flash_storage_scale_place (stops, G_N_ELEMENTS (stops), places[i].byte), places[i].at,
        EPSILON);
  g_assert_cmpfloat_with_epsilon (flash_storage_scale_place (stops + 1, 2, 5), 10, EPSILON);
  g_assert_cmpfloat_with_epsilon (flash_storage_scale_place (stops, 0, 5), 0, EPSILON);
}

static void
test_locate (void)
{
  const FlashStop huge = { G_MAXUINT64 - 10, 18446744073709551616.0, { 0, 10 } };
  const struct {
    double at;
    guint64 byte;
  } places[] = {
    { -5, 0 },   { 0, 0 },    { 5, 50 },     { 10, 100 },   { 15, 105 },   { 21, 110 },
    { 22, 110 }, { 72, 610 }, { 122, 1110 }, { 123, 2000 }, { 126, 2000 }, { 999, 2000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    g_assert_cmpuint (flash_storage_scale_locate (stops, G_N_ELEMENTS (stops), places[i].at), ==,
                      places[i].byte);
  g_assert_cmpuint (flash_storage_scale_locate (stops, 0, 5), ==, 0);
  g_assert_cmpuint (flash_storage_scale_locate (&huge, 1, 5), ==, G_MAXUINT64);
  g_assert_cmpuint (flash_storage_scale_locate (&huge, 1, 10), ==, G_MAXUINT64);
}

static void
test_carry (void)
{
  const FlashStop to[] = {
    { 0, 100, { 0, 40 } },
    { 100, 10, { 40, 10 } },
    { 110, 1000, { 52, 400 } },
    { 2000, 0, { 452, 4 } },
  };
  const FlashStop nothing[] = { { 0, 0, { 0, 0 } } };
  const double places[][2] = { { 0, 0 },   { 5, 20 },   { 10, 40 },
                               { 15, 45 }, { 72, 252 }, { 128, 456 } };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    g_assert_cmpfloat_with_epsilon (
        flash_storage_scale_carry (stops, to, G_N_ELEMENTS (to), places[i][0]), places[i][1],
        EPSILON);
  g_assert_cmpfloat_with_epsilon (flash_storage_scale_carry (nothing, to, 1, 7), 0, EPSILON);
  g_assert_cmpfloat_with_epsilon (flash_storage_scale_carry (stops, to, 0, 7), 7, EPSILON);
}

static void
test_round (void)
{
  const struct {
    guint64 origin;
    guint64 offset;
    guint64 unit;
    double bytes_per_pixel;
    guint64 rounded;
  } rounds[] = {
    { 0x4400, 0x4400, 512, 1, 0x4400 },
    { 0x4400, 0x44ff, 512, 1, 0x4400 },
    { 0x4400, 0x4500, 512, 1, 0x4600 },
    { 0x4400, 0x42ff, 512, 1, 0x4200 },
    /* a pixel means 1023 bytes, and then 1024 */
    { 0x4400, 0x4601, 512, 1023, 0x4600 },
    { 0x4400, 0x4601, 512, 1024, 0x4800 },
    { 0x4400, 0, 512, 1e6, 0x4400 },
    { 100, 0, 512, 1, 100 },
    { 400, 0, 512, 1, 0 },
    { 0, G_MAXUINT64, 0x80000, 1, G_MAXUINT64 - 0x7ffff },
    { 512, G_MAXUINT64, 512, 1e30, G_MAXINT64 + G_GUINT64_CONSTANT (1) + 512 },
    { 5, 6, 0, 0, 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rounds); i++)
    g_assert_cmphex (flash_storage_scale_round (rounds[i].origin, rounds[i].offset, rounds[i].unit,
                                                rounds[i].bytes_per_pixel),
                     ==, rounds[i].rounded);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/storage-scale/table/%u", i);

    g_test_add_data_func (path, &cases[i], test_table);
  }
  g_test_add_func ("/storage-scale/many", test_many);
  g_test_add_func ("/storage-scale/find", test_find);
  g_test_add_func ("/storage-scale/density", test_density);
  g_test_add_func ("/storage-scale/place", test_place);
  g_test_add_func ("/storage-scale/locate", test_locate);
  g_test_add_func ("/storage-scale/carry", test_carry);
  g_test_add_func ("/storage-scale/round", test_round);
  return g_test_run ();
}
