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
  return g_test_run ();
}
