/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-range.h"

#define TOP G_MAXUINT64

typedef struct {
  FlashRange range;
  guint64 at;
  gboolean is_in;
} Contains;

static const Contains contains[] = {
  { { 0, 0 }, 0, FALSE },         { { 0, 1 }, 0, TRUE },
  { { 0, 1 }, 1, FALSE },         { { 10, 5 }, 9, FALSE },
  { { 10, 5 }, 10, TRUE },        { { 10, 5 }, 14, TRUE },
  { { 10, 5 }, 15, FALSE },       { { TOP - 1, 1 }, TOP - 1, TRUE },
  { { TOP - 1, 1 }, TOP, FALSE }, { { TOP - 1, 1 }, 0, FALSE },
  { { 0, TOP }, TOP - 1, TRUE },  { { 0, TOP }, TOP, FALSE },
};

static void
test_contains (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (contains); i++)
    g_assert_cmpint (flash_range_contains (contains[i].range, contains[i].at), ==,
                     contains[i].is_in);
}

typedef struct {
  FlashRange a;
  FlashRange b;
  gboolean do_overlap;
} Overlaps;

static const Overlaps overlaps[] = {
  { { 10, 5 }, { 15, 5 }, FALSE },
  { { 10, 5 }, { 14, 5 }, TRUE },
  { { 10, 5 }, { 10, 5 }, TRUE },
  { { 10, 5 }, { 11, 1 }, TRUE },
  { { 10, 5 }, { 0, 100 }, TRUE },
  { { 10, 5 }, { 5, 5 }, FALSE },
  { { 10, 0 }, { 10, 5 }, FALSE },
  { { 12, 0 }, { 10, 5 }, FALSE },
  { { 10, 0 }, { 10, 0 }, FALSE },
  { { 0, TOP }, { TOP - 1, 1 }, TRUE },
  { { 0, TOP - 1 }, { TOP - 1, 1 }, FALSE },
};

/* Nothing overlaps with an empty range, whichever way round it is asked. */
static void
test_overlaps (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (overlaps); i++) {
    g_assert_cmpint (flash_range_overlaps (overlaps[i].a, overlaps[i].b), ==,
                     overlaps[i].do_overlap);
    g_assert_cmpint (flash_range_overlaps (overlaps[i].b, overlaps[i].a), ==,
                     overlaps[i].do_overlap);
  }
}

static void
test_end (void)
{
  g_assert_cmpuint (flash_range_end ((FlashRange){ 10, 5 }), ==, 15);
  g_assert_cmpuint (flash_range_end ((FlashRange){ 10, 0 }), ==, 10);
  g_assert_cmpuint (flash_range_end ((FlashRange){ 0, TOP }), ==, TOP);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/range/contains", test_contains);
  g_test_add_func ("/range/overlaps", test_overlaps);
  g_test_add_func ("/range/end", test_end);
  return g_test_run ();
}
