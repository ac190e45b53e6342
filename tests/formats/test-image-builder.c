/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-image-builder.h"

#include "flash-describe-image.h"

#include <string.h>

static const FlashImageOptions none = { .has_address = FALSE };
static const FlashImageOptions insists = { .insists = TRUE };

typedef struct {
  guint64 address;
  const char *bytes;
  guint line;
} Piece;

/* Adds text at addresses, up to a piece without bytes. */
static FlashImage *
build (const Piece *pieces)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_ELF);

  for (const Piece *piece = pieces; piece->bytes != NULL; piece++)
    flash_image_builder_add (builder, piece->address, (const guint8 *) piece->bytes,
                             strlen (piece->bytes), piece->line);
  return flash_image_builder_end (builder);
}

static void
assert_described (const FlashImage *image, const char *expected)
{
  g_autofree char *found = flash_describe_image (image);

  g_assert_cmpstr (found, ==, expected);
}

typedef struct {
  Piece pieces[6];
  const char *expected;
} BuildCase;

static const BuildCase build_cases[] = {
  { { { 0 } }, "error image-empty" },
  { { { 5, "" } }, "error image-empty" },
  { { { 0, "a" } }, "00000000=61" },
  { { { 0xffffffff, "a" } }, "ffffffff=61" },
  { { { 0xffffffff, "ab", 7 } }, "error address-overflow@7" },
  { { { 0x100000000, "a" } }, "error address-overflow" },
  { { { G_MAXUINT64, "a" } }, "error address-overflow" },
  /* Behind what stops it, nothing is taken. */
  { { { 0, "a" }, { 0xffffffff, "ab", 7 }, { 1, "b" } }, "00000000=61 error address-overflow@7" },
  /* Touching in any order */
  { { { 0, "a" }, { 1, "b" } }, "00000000=6162" },
  { { { 1, "b" }, { 0, "a" } }, "00000000=6162" },
  { { { 2, "c" }, { 0, "a" }, { 1, "b" } }, "00000000=616263" },
  { { { 0, "a" }, { 2, "c" }, { 1, "b" } }, "00000000=616263" },
  { { { 0, "a" }, { 2, "c" } }, "00000000=61 00000002=63" },
  { { { 2, "c" }, { 0, "a" } }, "00000000=61 00000002=63" },
  { { { 4, "e" }, { 2, "c" }, { 0, "a" }, { 1, "b" } }, "00000000=616263 00000004=65" },
  /* The same bytes twice: as a whole, at the edges, inside, around, over several */
  { { { 0, "ab", 1 }, { 0, "ab", 2 } }, "00000000=6162 info segments-repeated@2" },
  { { { 0, "ab", 1 }, { 1, "bc", 2 } }, "00000000=616263 info segments-repeated@2" },
  { { { 1, "bc", 1 }, { 0, "ab", 2 } }, "00000000=616263 info segments-repeated@2" },
  { { { 0, "abcd", 1 }, { 1, "bc", 2 } }, "00000000=61626364 info segments-repeated@2" },
  { { { 1, "bc", 1 }, { 0, "abcd", 2 } }, "00000000=61626364 info segments-repeated@2" },
  { { { 0, "ab", 1 }, { 3, "de", 2 }, { 1, "bcd", 3 } },
    "00000000=6162636465 info segments-repeated@3" },
  { { { 0, "ab", 1 }, { 0, "ab", 2 }, { 5, "f", 3 }, { 5, "f", 4 } },
    "00000000=6162 00000005=66 info segments-repeated@2" },
  /* Other bytes: at the first, the last, in the middle; the later line is named */
  { { { 0, "ab", 1 }, { 0, "xb", 2 } }, "00000000=6162 error segments-overlap@2" },
  { { { 0, "ab", 1 }, { 1, "x", 2 } }, "00000000=6162 error segments-overlap@2" },
  { { { 1, "b", 1 }, { 0, "ax", 2 } }, "00000000=6178 error segments-overlap@2" },
  { { { 0, "abc", 3 }, { 0, "abc", 4 }, { 1, "bx", 5 } },
    "00000000=616263 info segments-repeated@4 error segments-overlap@5" },
  { { { 0, "ab", 1 }, { 1, "x", 2 }, { 5, "f", 3 }, { 5, "x", 4 } },
    "00000000=6162 00000005=66 error segments-overlap@2" },
};

static void
test_build (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (build_cases); i++) {
    g_autoptr (FlashImage) image = build (build_cases[i].pieces);

    g_test_message ("case %u", i);
    assert_described (image, build_cases[i].expected);
    g_assert_cmpint (flash_image_is_usable (image), ==,
                     strstr (build_cases[i].expected, "error") == NULL);
  }
}

/* Whether it goes on is said at once, and from then on. */
static void
test_build_stops (void)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_ELF);

  g_assert_true (flash_image_builder_add (builder, 0, (const guint8 *) "a", 1, 0));
  g_assert_true (flash_image_builder_add (builder, G_MAXUINT64, NULL, 0, 0));
  g_assert_false (flash_image_builder_add (builder, G_MAXUINT64, (const guint8 *) "a", 1, 0));
  g_assert_false (flash_image_builder_add (builder, 1, (const guint8 *) "a", 1, 0));
}

static void
test_targets (void)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_DFUSE);
  g_autoptr (FlashImage) image = NULL;

  flash_image_builder_begin_target (builder, 3, "three");
  flash_image_builder_add (builder, 0, (const guint8 *) "x", 1, 0);
  flash_image_builder_begin_target (builder, 1, NULL);
  flash_image_builder_add (builder, 0, (const guint8 *) "a", 1, 0);
  flash_image_builder_begin_target (builder, 2, "empty");
  flash_image_builder_begin_target (builder, 1, "one");
  flash_image_builder_add (builder, 1, (const guint8 *) "b", 1, 0);
  flash_image_builder_begin_target (builder, 3, "other");
  flash_image_builder_add (builder, 1, (const guint8 *) "y", 1, 0);
  image = flash_image_builder_end (builder);

  assert_described (image, "1:00000000=6162 3:00000000=7879");
  g_assert_cmpstr (flash_image_find_target (image, 1)->name, ==, "one");
  g_assert_cmpstr (flash_image_find_target (image, 3)->name, ==, "three");
  g_assert_null (flash_image_find_target (image, 2));
  g_assert_null (flash_image_find_target (image, 0));
  g_assert_cmpuint (flash_image_get_size (image), ==, 4);
}

/* Records in any order, more of them than are kept loose: the same as in order. */
static void
test_shuffled (void)
{
  /* Odd and no divisor, so that each place comes once. */
  static const guint steps[] = { 1, 7919, 600000 - 1 };
  const guint n = 600000;
  g_autofree char *digest = NULL;

  for (guint s = 0; s < G_N_ELEMENTS (steps); s++) {
    g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_IHEX);
    g_autoptr (FlashImage) image = NULL;
    g_autofree char *found = NULL;

    for (guint64 i = 0; i < n; i++) {
      guint32 place = (guint32) (i * steps[s] % n);
      const guint8 bytes[2] = { (guint8) place, (guint8) (place >> 8) };

      g_assert_true (flash_image_builder_add (builder, 0x08000000 + 2 * (guint64) place, bytes,
                                              sizeof bytes, 1));
      if (i % 100000 == 0) {
        flash_image_builder_begin_target (builder, 5, "between");
        g_assert_true (flash_image_builder_add (builder, i, bytes, 1, 0));
        flash_image_builder_begin_target (builder, 0, NULL);
      }
    }
    image = flash_image_builder_end (builder);
    g_assert_true (flash_image_is_usable (image));
    g_assert_cmpuint (flash_image_find_target (image, 0)->segments->len, ==, 1);
    g_assert_cmpuint (flash_image_find_target (image, 5)->segments->len, ==, 6);
    g_assert_cmpuint (flash_image_get_size (image), ==, 2 * n + 6);
    if (digest == NULL)
      digest = g_compute_checksum_for_bytes (
          G_CHECKSUM_SHA256,
          ((FlashImageSegment *) flash_image_find_target (image, 0)->segments->pdata[0])->bytes);
    found = g_compute_checksum_for_bytes (
        G_CHECKSUM_SHA256,
        ((FlashImageSegment *) flash_image_find_target (image, 0)->segments->pdata[0])->bytes);
    g_assert_cmpstr (found, ==, digest);
  }
}

/* Among so many, a contradiction is found while they are put in order. */
static void
test_shuffled_overlap (void)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_IHEX);
  g_autoptr (FlashImage) image = NULL;
  guint n_added = 0;

  while (n_added < 400000 && flash_image_builder_add (builder, 400000 - n_added,
                                                      (const guint8 *) "a", 1, n_added + 1)) {
    n_added++;
    if (n_added == 1000)
      flash_image_builder_add (builder, 400000, (const guint8 *) "b", 1, 77);
  }
  g_assert_cmpuint (n_added, <, 400000);
  image = flash_image_builder_end (builder);
  g_assert_cmpuint (flash_diag_get_line (flash_diag_list_find (image->diags, "segments-overlap")),
                    ==, 77);
  g_assert_false (flash_image_is_usable (image));
}

/* Pieces with gaps: as many as allowed, one more, and so many that it is seen before the end. */
static void
test_pieces (void)
{
  static const struct {
    guint n;
    gboolean is_usable;
    gboolean is_taken;
  } cases[] = {
    { FLASH_IMAGE_MAX_SEGMENTS, TRUE, TRUE },
    { FLASH_IMAGE_MAX_SEGMENTS + 1, FALSE, TRUE },
    { 1100000, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_IHEX);
    g_autoptr (FlashImage) image = NULL;
    gboolean is_taken = TRUE;

    for (guint n = 0; n < cases[i].n; n++)
      is_taken = flash_image_builder_add (builder, 2 * n, (const guint8 *) "a", 1, n + 1);
    g_assert_cmpint (is_taken, ==, cases[i].is_taken);
    image = flash_image_builder_end (builder);
    g_assert_cmpint (flash_image_is_usable (image), ==, cases[i].is_usable);
    if (!cases[i].is_usable)
      g_assert_nonnull (flash_diag_list_find (image->diags, "image-too-large"));
    if (cases[i].is_taken && !cases[i].is_usable)
      g_assert_cmpuint (image->targets->len, ==, 0);
  }
}

/* As many bytes as allowed, and one more. */
static void
test_most_bytes (void)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_ELF);
  g_autofree guint8 *zeros = g_malloc0 (FLASH_IMAGE_MAX_FILE / 4);
  g_autoptr (FlashImage) image = NULL;

  for (guint i = 0; i < 4; i++)
    g_assert_true (flash_image_builder_add (builder, i * (guint64) (FLASH_IMAGE_MAX_FILE / 4),
                                            zeros, FLASH_IMAGE_MAX_FILE / 4, 0));
  g_assert_false (flash_image_builder_add (builder, FLASH_IMAGE_MAX_FILE, zeros, 1, 3));
  image = flash_image_builder_end (builder);
  assert_described (image, "00000000+268435456 error image-too-large@3");
}

/* Doubts are errors that the user may overrule, if there is nothing else. */
static void
test_doubts (void)
{
  for (guint i = 0; i < 8; i++) {
    gboolean is_insisted = (i & 1) != 0, has_error = (i & 2) != 0, has_doubt = (i & 4) != 0;
    g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_IHEX);
    g_autoptr (FlashImage) image = NULL;

    flash_image_builder_add (builder, 0, (const guint8 *) "a", 1, 1);
    if (has_doubt)
      flash_image_builder_add_doubt (builder, is_insisted ? &insists : &none, "no-end", 1,
                                     N_ ("It has no end."));
    if (has_error)
      flash_diag_list_add (flash_image_builder_get_diags (builder), FLASH_SEVERITY_ERROR, "wrong",
                           1, 0, N_ ("It is wrong."), NULL);
    image = flash_image_builder_end (builder);
    g_assert_cmpint (image->can_insist, ==, has_doubt && !has_error && !is_insisted);
    g_assert_cmpint (flash_image_is_usable (image), ==, !has_error && (!has_doubt || is_insisted));
  }
}

/* A doubt that found no room in the list is none that could be overruled. */
static void
test_doubt_without_room (void)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_IHEX);
  g_autoptr (FlashImage) image = NULL;

  for (guint i = 0; i < FLASH_DIAG_LIST_MAX; i++)
    flash_diag_list_add (flash_image_builder_get_diags (builder), FLASH_SEVERITY_WARNING, "odd", 0,
                         0, N_ ("It is odd."), NULL);
  flash_image_builder_add_doubt (builder, &none, "no-end", 0, N_ ("It has no end."));
  flash_image_builder_add (builder, 0, (const guint8 *) "a", 1, 1);
  image = flash_image_builder_end (builder);
  g_assert_false (image->can_insist);
  g_assert_false (flash_image_is_usable (image));
}

/* What is set, is there; what is not, is not. */
static void
test_facts (void)
{
  static const FlashDfuSuffix suffix = { 0x0483, 0xdf11, 0x2200, 0x011a, TRUE };
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_UF2);
  g_autoptr (FlashImageBuilder) bare = flash_image_builder_new (FLASH_FORMAT_DFU);
  g_autoptr (FlashImage) image = NULL;
  g_autoptr (FlashImage) nothing = flash_image_builder_end (bare);

  flash_image_builder_set_suffix (builder, &suffix);
  flash_image_builder_set_entry (builder, 0x08000101);
  flash_image_builder_add_family (builder, 0x57755a57);
  flash_image_builder_add_family (builder, 1);
  image = flash_image_builder_end (builder);
  g_assert_true (image->has_suffix);
  g_assert_cmpmem (&image->suffix, sizeof suffix, &suffix, sizeof suffix);
  g_assert_true (image->has_entry);
  g_assert_cmphex (image->entry, ==, 0x08000101);
  g_assert_cmpuint (image->families->len, ==, 2);
  g_assert_cmphex (g_array_index (image->families, guint32, 0), ==, 0x57755a57);
  g_assert_true (image->has_address);
  g_assert_cmpint (image->format, ==, FLASH_FORMAT_UF2);
  g_assert_cmpint (image->packing, ==, FLASH_CONTENT_UNKNOWN);

  g_assert_false (nothing->has_suffix || nothing->has_entry || nothing->has_address);
  g_assert_cmpuint (nothing->families->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image-builder/build", test_build);
  g_test_add_func ("/image-builder/build-stops", test_build_stops);
  g_test_add_func ("/image-builder/targets", test_targets);
  g_test_add_func ("/image-builder/shuffled", test_shuffled);
  g_test_add_func ("/image-builder/shuffled-overlap", test_shuffled_overlap);
  g_test_add_func ("/image-builder/pieces", test_pieces);
  g_test_add_func ("/image-builder/most-bytes", test_most_bytes);
  g_test_add_func ("/image-builder/doubts", test_doubts);
  g_test_add_func ("/image-builder/doubt-without-room", test_doubt_without_room);
  g_test_add_func ("/image-builder/facts", test_facts);
  return g_test_run ();
}
