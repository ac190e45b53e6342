/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-card-spans.h"

#include <string.h>

#define SIZE 200u
/* What the model holds where nothing was painted, and where zeros were. */
#define NOTHING 0xff
#define ZEROS 0xfe
#define MAX_SOURCES 50

typedef struct {
  guint8 owner[SIZE]; /* which source, or one of the two above */
  guint8 place[SIZE]; /* which of its bytes */
} Model;

static void
model_paint (Model *model, const GArray *pieces, FlashSource *const *sources)
{
  for (guint i = 0; i < pieces->len; i++) {
    const FlashExtent *piece = &g_array_index (pieces, FlashExtent, i);

    for (guint64 j = 0; j < piece->length; j++) {
      guint8 owner = ZEROS;

      for (guint k = 0; k < MAX_SOURCES; k++)
        if (piece->source != NULL && piece->source == sources[k])
          owner = (guint8) k;
      model->owner[piece->target_offset + j] = owner;
      model->place[piece->target_offset + j] = (guint8) (piece->source_offset + j);
    }
  }
}

static void
compare (const Model *model, const GArray *spans, FlashSource *const *sources)
{
  Model found;
  guint64 end = 0;

  memset (found.owner, NOTHING, sizeof found.owner);
  memcpy (found.place, model->place, sizeof found.place);
  for (guint i = 0; i < spans->len; i++) {
    const FlashExtent *span = &g_array_index (spans, FlashExtent, i);

    g_assert_cmpuint (span->target_offset, >=, end);
    g_assert_cmpuint (span->length, >, 0);
    end = span->target_offset + span->length;
    g_assert_cmpuint (flash_card_spans_find (spans, span->target_offset), ==, i);
    g_assert_cmpuint (flash_card_spans_find (spans, end - 1), ==, i);
  }
  model_paint (&found, spans, sources);
  g_assert_cmpmem (found.owner, SIZE, model->owner, SIZE);
  for (guint i = 0; i < SIZE; i++)
    if (model->owner[i] < MAX_SOURCES)
      g_assert_cmpuint (found.place[i], ==, model->place[i]);
}

/* Pieces side by side from @start on, some of them zeros. */
static GArray *
make_pieces (GRand *rand, FlashSource *source)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (FlashExtent));
  guint64 at = (guint64) g_rand_int_range (rand, 0, SIZE - 20);

  for (gint n = g_rand_int_range (rand, 1, 5); n > 0; n--) {
    FlashExtent piece = { at, (guint64) g_rand_int_range (rand, 1, 6), NULL, 0 };

    if (g_rand_boolean (rand)) {
      piece.source = source;
      piece.source_offset = (guint64) g_rand_int_range (rand, 0, 20);
    }
    g_array_append_val (pieces, piece);
    at += piece.length;
  }
  return pieces;
}

static void
check_views (const Model *model, const GArray *spans)
{
  g_autoptr (GArray) ranges = flash_card_spans_dup_ranges (spans);
  g_autoptr (GArray) extents = flash_card_spans_dup_extents (spans);
  guint n_covered = 0, n_sourced = 0, n_in_ranges = 0, n_in_extents = 0;

  for (guint i = 0; i < SIZE; i++) {
    n_covered += model->owner[i] != NOTHING;
    n_sourced += model->owner[i] < MAX_SOURCES;
  }
  for (guint i = 0; i < ranges->len; i++) {
    const FlashRange *range = &g_array_index (ranges, FlashRange, i);

    n_in_ranges += (guint) range->size;
    g_assert_true (i == 0 || flash_range_end (range[-1]) < range->start);
    for (guint64 j = range->start; j < flash_range_end (*range); j++)
      g_assert_cmpuint (model->owner[j], !=, NOTHING);
  }
  for (guint i = 0; i < extents->len; i++) {
    n_in_extents += (guint) g_array_index (extents, FlashExtent, i).length;
    g_assert_nonnull (g_array_index (extents, FlashExtent, i).source);
  }
  g_assert_cmpuint (n_in_ranges, ==, n_covered);
  g_assert_cmpuint (n_in_extents, ==, n_sourced);
}

/* Whatever is painted in whatever order, it is what painting byte by byte would have given. */
static void
test_random (void)
{
  GRand *rand = g_rand_new_with_seed (42);

  for (guint round = 0; round < 100; round++) {
    g_autoptr (GArray) spans = flash_card_spans_new ();
    FlashSource *sources[MAX_SOURCES];
    Model model;

    memset (&model, NOTHING, sizeof model);
    for (guint i = 0; i < MAX_SOURCES; i++) {
      g_autoptr (GBytes) bytes = g_bytes_new_static ("", 0);
      g_autoptr (GArray) pieces = NULL;

      sources[i] = flash_source_new_for_bytes (bytes, "test");
      pieces = make_pieces (rand, sources[i]);
      for (guint j = i + 1; j < MAX_SOURCES; j++)
        sources[j] = NULL;
      flash_card_spans_paint (spans, pieces);
      model_paint (&model, pieces, sources);
      compare (&model, spans, sources);
      check_views (&model, spans);
    }
    for (guint i = 0; i < MAX_SOURCES; i++)
      g_object_unref (sources[i]);
  }
  g_rand_free (rand);
}

static void
test_zeros (void)
{
  g_autoptr (GArray) spans = flash_card_spans_new ();
  const FlashRange none = { 5, 0 }, some = { 5, 10 }, inside = { 7, 2 };

  flash_card_spans_paint_zeros (spans, none);
  g_assert_cmpuint (spans->len, ==, 0);
  g_assert_cmpuint (flash_card_spans_find (spans, 0), ==, 0);
  flash_card_spans_paint_zeros (spans, some);
  flash_card_spans_paint_zeros (spans, inside);
  g_assert_cmpuint (flash_card_spans_find (spans, 15), ==, spans->len);
  g_autoptr (GArray) ranges = flash_card_spans_dup_ranges (spans);
  g_assert_cmpuint (ranges->len, ==, 1);
  g_assert_cmpuint (g_array_index (ranges, FlashRange, 0).start, ==, 5);
  g_assert_cmpuint (g_array_index (ranges, FlashRange, 0).size, ==, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card-spans/random", test_random);
  g_test_add_func ("/card-spans/zeros", test_zeros);
  return g_test_run ();
}
