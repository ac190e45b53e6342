/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-mismatch.h"
#include "flash-test-images.h"

#include <string.h>

#define FLASH 0x08000000u
#define RAM 0x20000000u
#define SIZE 2048u
#define N_RANDOM 500u

/* One piece: what should be there, random; what is there, as the case makes it of that. */
typedef struct {
  guint32 address;
  guint8 erased;
  guint8 expected[SIZE];
  guint8 found[SIZE];
  guint8 again[SIZE];
  guint8 before[SIZE];
  gboolean has_again;
  gboolean has_before;
} Scene;

static void
scene_init (Scene *self, guint32 seed)
{
  g_autoptr (GBytes) image = flash_test_make_bytes (SIZE, seed);
  g_autoptr (GBytes) old = flash_test_make_bytes (SIZE, seed + 1000000);

  *self = (Scene){ .address = FLASH, .erased = 0xff, .has_before = TRUE };
  memcpy (self->expected, g_bytes_get_data (image, NULL), SIZE);
  memcpy (self->found, self->expected, SIZE);
  memcpy (self->before, g_bytes_get_data (old, NULL), SIZE);
}

/* In pieces of @piece_size bytes. */
static void
classify (const Scene *self, gsize piece_size, FlashMismatch *out_mismatch)
{
  g_autofree FlashMismatchPiece *pieces = g_new0 (FlashMismatchPiece, SIZE / piece_size + 1);
  guint n_pieces = 0;

  for (gsize at = 0; at < SIZE; at += piece_size) {
    FlashMismatchPiece *piece = &pieces[n_pieces++];
    gsize size = MIN (piece_size, SIZE - at);

    piece->address = self->address + (guint32) at;
    piece->expected = g_bytes_new_static (self->expected + at, size);
    piece->found = g_bytes_new_static (self->found + at, size);
    piece->again = self->has_again ? g_bytes_new_static (self->again + at, size) : NULL;
    piece->before = self->has_before ? g_bytes_new_static (self->before + at, size) : NULL;
  }
  flash_mismatch_classify (pieces, n_pieces, self->erased, out_mismatch);
  for (guint i = 0; i < n_pieces; i++) {
    g_bytes_unref (pieces[i].expected);
    g_bytes_unref (pieces[i].found);
    g_clear_pointer (&pieces[i].again, g_bytes_unref);
    g_clear_pointer (&pieces[i].before, g_bytes_unref);
  }
}

/* --- kinds -------------------------------------------------------------------------------- */

static void
make_right (Scene *self)
{
}

static void
make_untouched (Scene *self)
{
  memcpy (self->found, self->before, SIZE);
}

/* Some of it was there already. */
static void
make_half_untouched (Scene *self)
{
  memcpy (self->before, self->expected, SIZE / 2);
  memcpy (self->found, self->before, SIZE);
}

static void
make_untouched_blank (Scene *self)
{
  memset (self->before, 0xff, SIZE);
  memset (self->found, 0xff, SIZE);
}

static void
make_blank (Scene *self)
{
  memset (self->found, 0xff, SIZE);
}

static void
make_blank_unseen (Scene *self)
{
  make_blank (self);
  self->has_before = FALSE;
}

static void
make_blank_as_zero (Scene *self)
{
  self->erased = 0x00;
  memset (self->found, 0x00, SIZE);
}

static void
make_zeros (Scene *self)
{
  memset (self->found, 0x00, SIZE);
}

static void
make_tail_blank (Scene *self)
{
  memset (self->found + 1000, 0xff, SIZE - 1000);
}

static void
make_tail_old (Scene *self)
{
  memcpy (self->found + 1000, self->before + 1000, SIZE - 1000);
}

/* The version before is the same program, a little further on. */
static void
make_tail_old_moved (Scene *self)
{
  memmove (self->before + 1040, self->expected + 1000, SIZE - 1040);
  memcpy (self->found + 1000, self->before + 1000, SIZE - 1000);
}

static void
make_tail_last_byte (Scene *self)
{
  self->found[SIZE - 1] ^= 0x10;
}

/* Behind the tail there is only what is erased, which proves nothing. */
static void
make_tail_before_blank (Scene *self)
{
  memset (self->expected + 1500, 0xff, SIZE - 1500);
  memcpy (self->found, self->expected, SIZE);
  memset (self->found + 1498, 0xff, 2);
  self->expected[1498] = self->expected[1499] = 0x12;
}

static void
make_shifted_up (Scene *self)
{
  memset (self->found, 0xff, 1024);
  memcpy (self->found + 1024, self->expected, SIZE - 1024);
}

static void
make_shifted_down (Scene *self)
{
  memmove (self->found, self->expected + 64, SIZE - 64);
  memset (self->found + SIZE - 64, 0xff, 64);
}

/* One block was lost, and all others moved up. */
static void
make_block_lost (Scene *self)
{
  memmove (self->found + 512, self->expected + 768, SIZE - 768);
  memset (self->found + SIZE - 256, 0xff, 256);
}

/* Everything is the same: no place is another one. */
static void
make_uniform_tail (Scene *self)
{
  memset (self->expected, 0x5a, SIZE);
  memset (self->found, 0x5a, SIZE);
  memset (self->found + 1024, 0xff, SIZE - 1024);
}

static void
make_scattered (Scene *self)
{
  self->found[100] ^= 1;
  self->found[900] ^= 128;
}

static void
make_first_byte (Scene *self)
{
  self->found[0] ^= 1;
}

static void
make_unstable (Scene *self)
{
  make_scattered (self);
  self->has_again = TRUE;
  memcpy (self->again, self->expected, SIZE);
}

static void
make_stable (Scene *self)
{
  make_scattered (self);
  self->has_again = TRUE;
  memcpy (self->again, self->found, SIZE);
}

static void
make_unstable_but_right (Scene *self)
{
  self->has_again = TRUE;
  memcpy (self->again, self->found, SIZE);
  self->again[7] ^= 1;
}

static void
make_ram (Scene *self)
{
  self->address = RAM;
  make_scattered (self);
}

static void
make_ram_unstable (Scene *self)
{
  self->address = RAM;
  make_unstable (self);
}

typedef struct {
  const char *name;
  void (*make) (Scene *scene);
  FlashMismatchKind kind;
  gint64 shift;
  gint64 first; /* -1 where it is not looked at */
} KindCase;

static const KindCase kinds[] = {
  { "right", make_right, FLASH_MISMATCH_NONE, 0, 0 },
  { "untouched", make_untouched, FLASH_MISMATCH_UNTOUCHED, 0, -1 },
  { "half-untouched", make_half_untouched, FLASH_MISMATCH_UNTOUCHED, 0, -1 },
  { "untouched-blank", make_untouched_blank, FLASH_MISMATCH_UNTOUCHED, 0, -1 },
  { "blank", make_blank, FLASH_MISMATCH_BLANK, 0, -1 },
  { "blank-unseen", make_blank_unseen, FLASH_MISMATCH_BLANK, 0, -1 },
  { "blank-as-zero", make_blank_as_zero, FLASH_MISMATCH_BLANK, 0, -1 },
  { "zeros-are-not-blank", make_zeros, FLASH_MISMATCH_SCATTERED, 0, -1 },
  { "tail-blank", make_tail_blank, FLASH_MISMATCH_TAIL, 0, -1 },
  { "tail-old", make_tail_old, FLASH_MISMATCH_TAIL, 0, -1 },
  { "tail-old-moved", make_tail_old_moved, FLASH_MISMATCH_TAIL, 0, -1 },
  { "tail-last-byte", make_tail_last_byte, FLASH_MISMATCH_TAIL, 0, FLASH + SIZE - 1 },
  { "tail-before-blank", make_tail_before_blank, FLASH_MISMATCH_TAIL, 0, FLASH + 1498 },
  { "shifted-up", make_shifted_up, FLASH_MISMATCH_SHIFTED, 1024, -1 },
  { "shifted-down", make_shifted_down, FLASH_MISMATCH_SHIFTED, -64, -1 },
  { "block-lost", make_block_lost, FLASH_MISMATCH_SHIFTED, -256, -1 },
  { "uniform-tail", make_uniform_tail, FLASH_MISMATCH_TAIL, 0, FLASH + 1024 },
  { "scattered", make_scattered, FLASH_MISMATCH_SCATTERED, 0, FLASH + 100 },
  { "first-byte", make_first_byte, FLASH_MISMATCH_SCATTERED, 0, FLASH },
  { "unstable", make_unstable, FLASH_MISMATCH_UNSTABLE, 0, FLASH + 100 },
  { "stable", make_stable, FLASH_MISMATCH_SCATTERED, 0, FLASH + 100 },
  { "unstable-but-right", make_unstable_but_right, FLASH_MISMATCH_UNSTABLE, 0, 0 },
  { "ram", make_ram, FLASH_MISMATCH_RAM, 0, RAM + 100 },
  { "ram-unstable", make_ram_unstable, FLASH_MISMATCH_RAM, 0, RAM + 100 },
};

/* How it was cut into pieces makes no difference. */
static void
test_kind (gconstpointer data)
{
  const gsize piece_sizes[] = { SIZE, 1024, 256, 100 };
  const KindCase *test = data;

  for (guint i = 0; i < G_N_ELEMENTS (piece_sizes); i++) {
    FlashMismatch mismatch;
    Scene scene;
    guint n_wrong = 0;

    scene_init (&scene, 7);
    test->make (&scene);
    classify (&scene, piece_sizes[i], &mismatch);
    for (guint j = 0; j < SIZE; j++)
      n_wrong += scene.found[j] != scene.expected[j];
    g_assert_cmpstr (flash_mismatch_kind_get_name (mismatch.kind), ==,
                     flash_mismatch_kind_get_name (test->kind));
    g_assert_cmpint (mismatch.shift, ==, test->shift);
    g_assert_cmpuint (mismatch.n_wrong, ==, n_wrong);
    g_assert_cmpuint (mismatch.n_compared, ==, SIZE);
    if (test->first >= 0)
      g_assert_cmphex (mismatch.first, ==, (guint32) test->first);
  }
}

static void
test_nothing (void)
{
  FlashMismatch mismatch;

  flash_mismatch_classify (NULL, 0, 0xff, &mismatch);
  g_assert_cmpint (mismatch.kind, ==, FLASH_MISMATCH_NONE);
  g_assert_cmpuint (mismatch.n_compared, ==, 0);
}

/* RAM and flash wrong at once is not only the file's fault. */
static void
test_ram_and_flash (void)
{
  g_autoptr (GBytes) expected = g_bytes_new_static ("abcd", 4);
  g_autoptr (GBytes) found = g_bytes_new_static ("abcx", 4);
  const FlashMismatchPiece pieces[] = { { FLASH, expected, found, NULL, NULL },
                                        { RAM, expected, found, NULL, NULL } };
  FlashMismatch mismatch;

  flash_mismatch_classify (pieces, 2, 0xff, &mismatch);
  g_assert_cmpint (mismatch.kind, !=, FLASH_MISMATCH_RAM);
  g_assert_cmphex (mismatch.first, ==, FLASH + 3);
  g_assert_cmphex (mismatch.last, ==, RAM + 3);
  g_assert_cmpuint (mismatch.n_ranges, ==, 2);
  flash_mismatch_classify (pieces + 1, 1, 0xff, &mismatch);
  g_assert_cmpint (mismatch.kind, ==, FLASH_MISMATCH_RAM);
}

/* --- ranges ------------------------------------------------------------------------------- */

static void
test_ranges (void)
{
  FlashMismatch mismatch;
  Scene scene;

  scene_init (&scene, 3);
  scene.found[100] ^= 1;
  scene.found[115] ^= 1; /* 15 behind: the same range */
  scene.found[131] ^= 1; /* 16 behind: another one */
  scene.found[256] ^= 1; /* the first of a piece, next to nothing */
  classify (&scene, 256, &mismatch);
  g_assert_cmpuint (mismatch.n_ranges, ==, 3);
  g_assert_cmphex (mismatch.ranges[0].address, ==, FLASH + 100);
  g_assert_cmpuint (mismatch.ranges[0].size, ==, 16);
  g_assert_cmphex (mismatch.ranges[0].expected, ==, scene.expected[100]);
  g_assert_cmphex (mismatch.ranges[0].found, ==, scene.found[100]);
  g_assert_cmphex (mismatch.ranges[1].address, ==, FLASH + 131);
  g_assert_cmpuint (mismatch.ranges[1].size, ==, 1);
  g_assert_cmphex (mismatch.ranges[2].address, ==, FLASH + 256);
  g_assert_cmphex (mismatch.first, ==, FLASH + 100);
  g_assert_cmphex (mismatch.last, ==, FLASH + 256);
}

static void
test_many_ranges (void)
{
  FlashMismatch mismatch;
  Scene scene;

  scene_init (&scene, 3);
  for (guint at = 0; at < SIZE; at += 32)
    scene.found[at] ^= 1;
  scene.found[16 * 32 + 1] ^= 1; /* next to one that is not kept any more */
  classify (&scene, SIZE, &mismatch);
  g_assert_cmpuint (mismatch.n_ranges, ==, FLASH_MISMATCH_MAX_RANGES);
  for (guint i = 0; i < mismatch.n_ranges; i++) {
    g_assert_cmphex (mismatch.ranges[i].address, ==, FLASH + 32 * i);
    g_assert_cmpuint (mismatch.ranges[i].size, ==, 1);
  }
  g_assert_cmpuint (mismatch.n_wrong, ==, SIZE / 32 + 1);
}

/* --- random ------------------------------------------------------------------------------- */

/* A range of random place and size is either blank, old, or moved by some bytes. */
static void
test_random_properties (void)
{
  for (guint32 seed = 1; seed <= N_RANDOM; seed++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    guint at = (guint) g_rand_int_range (rand, 16, SIZE / 2);
    guint size = (guint) g_rand_int_range (rand, 256, SIZE / 2);
    gint shift = g_rand_int_range (rand, 1, 200);
    FlashMismatch mismatch;
    Scene scene;

    scene_init (&scene, seed);
    switch (seed % 4) {
    case 0:
      memset (scene.found + at, 0xff, SIZE - at);
      classify (&scene, 256, &mismatch);
      g_assert_cmpint (mismatch.kind, ==, FLASH_MISMATCH_TAIL);
      g_assert_cmpuint (mismatch.first - FLASH, >=, at);
      break;
    case 1:
      memcpy (scene.found + at, scene.before + at, size);
      classify (&scene, 256, &mismatch);
      if (SIZE - at - size > size / 3)
        g_assert_cmpint (mismatch.kind, ==, FLASH_MISMATCH_SCATTERED);
      else if (SIZE - at - size < size / 6)
        g_assert_cmpint (mismatch.kind, ==, FLASH_MISMATCH_TAIL);
      g_assert_cmpint (mismatch.kind, !=, FLASH_MISMATCH_UNTOUCHED);
      break;
    case 2:
      memmove (scene.found + at + shift, scene.expected + at, SIZE - at - (guint) shift);
      memset (scene.found + at, 0xff, (gsize) shift);
      classify (&scene, 256, &mismatch);
      g_assert_cmpint (mismatch.kind, ==, FLASH_MISMATCH_SHIFTED);
      g_assert_cmpint (mismatch.shift, ==, shift);
      break;
    default:
      memcpy (scene.found, scene.before, SIZE);
      classify (&scene, 100, &mismatch);
      g_assert_cmpint (mismatch.kind, ==, FLASH_MISMATCH_UNTOUCHED);
      scene.found[at] = (guint8) ~scene.before[at];
      classify (&scene, 100, &mismatch);
      g_assert_cmpint (mismatch.kind, !=, FLASH_MISMATCH_UNTOUCHED);
      break;
    }
  }
}

static void
test_names (void)
{
  const char *names[] = { "none",    "untouched", "blank",    "tail", "gap",
                          "shifted", "scattered", "unstable", "ram" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (flash_mismatch_kind_get_name ((FlashMismatchKind) i), ==, names[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *path = g_strconcat ("/firmware/mismatch/kinds/", kinds[i].name, NULL);

    g_test_add_data_func (path, &kinds[i], test_kind);
  }
  g_test_add_func ("/firmware/mismatch/nothing", test_nothing);
  g_test_add_func ("/firmware/mismatch/ram-and-flash", test_ram_and_flash);
  g_test_add_func ("/firmware/mismatch/ranges", test_ranges);
  g_test_add_func ("/firmware/mismatch/many-ranges", test_many_ranges);
  g_test_add_func ("/firmware/mismatch/random-properties", test_random_properties);
  g_test_add_func ("/firmware/mismatch/names", test_names);
  return g_test_run ();
}
