/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block that was lost on its way. */
#include "config.h"

#include "flash-mismatch.h"
#include "flash-test-images.h"

#include <string.h>

#define FLASH 0x08000000u
#define SIZE 2048u

typedef struct {
  guint8 erased;
  guint8 expected[SIZE];
  guint8 found[SIZE];
} Scene;

static void
make_gap (Scene *self)
{
  memset (self->found + 512, 0xff, 256);
}

static void
make_gap_of_first (Scene *self)
{
  memset (self->found, 0xff, 256);
}

/* Hardly anything follows: still it has arrived. */
static void
make_gap_before_last (Scene *self)
{
  memset (self->found + 64, 0xff, SIZE - 80);
}

static void
make_gap_around_blank (Scene *self)
{
  memset (self->expected + 600, 0xff, 50);
  memcpy (self->found, self->expected, SIZE);
  memset (self->found + 512, 0xff, 256);
}

static void
make_gap_as_zero (Scene *self)
{
  self->erased = 0x00;
  memset (self->found + 512, 0x00, 64);
  self->expected[512] = self->expected[575] = 0x12;
}

static void
make_gap_too_short (Scene *self)
{
  memset (self->found + 512, 0xff, 63);
}

static void
make_two_gaps (Scene *self)
{
  memset (self->found + 512, 0xff, 128);
  memset (self->found + 1024, 0xff, 128);
}

/* What should be there in its middle is: nothing was left out. */
static void
make_gap_with_bytes (Scene *self)
{
  memset (self->found + 512, 0xff, 256);
  self->expected[600] = 0x12;
  self->found[600] = 0x12;
}

static void
make_gap_with_wrong (Scene *self)
{
  memset (self->found + 512, 0xff, 256);
  self->expected[600] = 0x12;
  self->found[600] = 0x34;
}

static void
make_gap_of_zeros (Scene *self)
{
  memset (self->found + 512, 0x00, 256);
}

typedef struct {
  const char *name;
  void (*make) (Scene *scene);
  FlashMismatchKind kind;
} GapCase;

static const GapCase gaps[] = {
  { "gap", make_gap, FLASH_MISMATCH_GAP },
  { "gap-of-first", make_gap_of_first, FLASH_MISMATCH_GAP },
  { "gap-before-last", make_gap_before_last, FLASH_MISMATCH_GAP },
  { "gap-around-blank", make_gap_around_blank, FLASH_MISMATCH_GAP },
  { "gap-as-zero", make_gap_as_zero, FLASH_MISMATCH_GAP },
  { "gap-too-short", make_gap_too_short, FLASH_MISMATCH_SCATTERED },
  { "two-gaps", make_two_gaps, FLASH_MISMATCH_SCATTERED },
  { "gap-with-bytes", make_gap_with_bytes, FLASH_MISMATCH_SCATTERED },
  { "gap-with-wrong", make_gap_with_wrong, FLASH_MISMATCH_SCATTERED },
  { "gap-of-zeros", make_gap_of_zeros, FLASH_MISMATCH_SCATTERED },
};

static void
test_gap (gconstpointer data)
{
  const GapCase *test = data;
  g_autoptr (GBytes) image = flash_test_make_bytes (SIZE, 7);
  g_autoptr (GBytes) expected = NULL;
  g_autoptr (GBytes) found = NULL;
  Scene scene = { .erased = 0xff };
  FlashMismatch mismatch;
  guint first = 0;

  memcpy (scene.expected, g_bytes_get_data (image, NULL), SIZE);
  memcpy (scene.found, scene.expected, SIZE);
  test->make (&scene);
  while (scene.found[first] == scene.expected[first])
    first++;
  expected = g_bytes_new (scene.expected, SIZE);
  found = g_bytes_new (scene.found, SIZE);
  flash_mismatch_classify (&(FlashMismatchPiece){ FLASH, expected, found, NULL, NULL }, 1,
                           scene.erased, &mismatch);
  g_assert_cmpstr (flash_mismatch_kind_get_name (mismatch.kind), ==,
                   flash_mismatch_kind_get_name (test->kind));
  g_assert_cmphex (mismatch.first, ==, FLASH + first);
}

/* What lies between two pieces was not looked at: it may be right. */
static void
test_gap_across_pieces (void)
{
  const guint32 addresses[] = { FLASH, FLASH + 100, FLASH + 200, FLASH + 300 };
  guint8 blank[100];
  g_autoptr (GBytes) right = flash_test_make_bytes (100, 5);
  g_autoptr (GBytes) erased = NULL;

  memset (blank, 0xff, sizeof blank);
  erased = g_bytes_new (blank, sizeof blank);
  for (guint hole = 0; hole < 2; hole++) {
    const FlashMismatchPiece pieces[] = {
      { addresses[0], right, right, NULL, NULL },
      { addresses[1], right, erased, NULL, NULL },
      { addresses[2] + hole, right, erased, NULL, NULL },
      { addresses[3] + hole, right, right, NULL, NULL },
    };
    FlashMismatch mismatch;

    flash_mismatch_classify (pieces, G_N_ELEMENTS (pieces), 0xff, &mismatch);
    g_assert_cmpint (mismatch.kind, ==, hole == 0 ? FLASH_MISMATCH_GAP : FLASH_MISMATCH_SCATTERED);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (gaps); i++) {
    g_autofree char *path = g_strconcat ("/firmware/mismatch-gap/", gaps[i].name, NULL);

    g_test_add_data_func (path, &gaps[i], test_gap);
  }
  g_test_add_func ("/firmware/mismatch-gap/across-pieces", test_gap_across_pieces);
  return g_test_run ();
}
