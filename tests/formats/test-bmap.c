/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-bmap.h"

#include "flash-format.h"
#include "flash-sample-images.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define BLANK "0000000000000000000000000000000000000000000000000000000000000000"

/* As bmaptool writes it, with its blanks and comments; seal () puts the checksum in. */
static const char sample[] = "<?xml version=\"1.0\" ?>\n"
                             "<!-- This file contains the block map for an image file. -->\n"
                             "<bmap version=\"2.0\">\n"
                             "    <!-- Image size in bytes: 40.0 KiB -->\n"
                             "    <ImageSize> 40000 </ImageSize>\n"
                             "    <BlockSize> 4096 </BlockSize>\n"
                             "    <BlocksCount> 10 </BlocksCount>\n"
                             "    <MappedBlocksCount> 5  </MappedBlocksCount>\n"
                             "    <ChecksumType> sha256 </ChecksumType>\n"
                             "    <BmapFileChecksum> " BLANK " </BmapFileChecksum>\n"
                             "    <BlockMap>\n"
                             "        <Range chksum=\"" A "\"> 0-1 </Range>\n"
                             "        <Range chksum=\"" B "\"> 4 </Range>\n"
                             "        <Range chksum=\"" A "\"> 8-9 </Range>\n"
                             "    </BlockMap>\n"
                             "</bmap>\n";

/* Puts the checksum of the text in the place that is kept for it, if there is one. */
static char *
seal (const char *text)
{
  g_autofree char *checksum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  char *sealed = g_strdup (text);
  char *place = strstr (sealed, BLANK);

  if (place != NULL)
    memcpy (place, checksum, strlen (checksum));
  return sealed;
}

static FlashBmap *
read_text (const char *text, GError **error)
{
  g_autoptr (FlashSource) source = flash_sample_source_new_static (text, strlen (text));

  return flash_bmap_read (source, error);
}

static void
test_read (void)
{
  g_autofree char *text = seal (sample);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBmap) bmap = read_text (text, &error);
  g_autoptr (FlashBmap) again = NULL;
  const FlashBmapRange *range;

  g_assert_no_error (error);
  again = flash_bmap_ref (bmap);
  g_assert_cmpuint (again->image_size, ==, 40000);
  g_assert_cmpuint (again->block_size, ==, 4096);
  g_assert_cmpuint (again->n_blocks, ==, 10);
  g_assert_cmpuint (again->n_mapped, ==, 5);
  g_assert_cmpuint (again->ranges->len, ==, 3);
  range = &g_array_index (again->ranges, FlashBmapRange, 1);
  g_assert_cmpuint (range->first, ==, 4);
  g_assert_cmpuint (range->last, ==, 4);
  g_assert_cmpstr (range->checksum, ==, B);
  g_assert_cmpuint (flash_bmap_get_range_size (again, 0), ==, 8192);
  g_assert_cmpuint (flash_bmap_get_range_size (again, 1), ==, 4096);
  /* The last block is a short one. */
  g_assert_cmpuint (flash_bmap_get_range_size (again, 2), ==, 40000 - 8 * 4096);
}

/* --- Writing ------------------------------------------------------------------------------- */

static const char golden[] = "<?xml version=\"1.0\" ?>\n"
                             "<bmap version=\"2.0\">\n"
                             "    <ImageSize>40000</ImageSize>\n"
                             "    <BlockSize>4096</BlockSize>\n"
                             "    <BlocksCount>10</BlocksCount>\n"
                             "    <MappedBlocksCount>3</MappedBlocksCount>\n"
                             "    <ChecksumType>sha256</ChecksumType>\n"
                             "    <BmapFileChecksum>" BLANK "</BmapFileChecksum>\n"
                             "    <BlockMap>\n"
                             "        <Range chksum=\"" A "\">0-1</Range>\n"
                             "        <Range chksum=\"" B "\">9</Range>\n"
                             "    </BlockMap>\n"
                             "</bmap>\n";

static GArray *
make_ranges (void)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (FlashBmapRange));
  const FlashBmapRange both[] = { { 0, 1, A }, { 9, 9, B } };

  return g_array_append_vals (ranges, both, G_N_ELEMENTS (both));
}

static void
test_write (void)
{
  g_autoptr (GArray) ranges = make_ranges ();
  g_autoptr (FlashBmap) bmap = flash_bmap_new (40000, ranges);
  g_autoptr (GBytes) bytes = flash_bmap_write (bmap);
  g_autofree char *wanted = seal (golden);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_round_trip (void)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, TRUE, sizeof (FlashBmapRange));
  GRand *rand = g_rand_new_with_seed (7);

  for (guint round = 0; round < 200; round++) {
    g_autoptr (FlashBmap) bmap = NULL;
    g_autoptr (FlashBmap) again = NULL;
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (FlashSource) source = NULL;
    g_autoptr (GError) error = NULL;
    guint64 block = 0;

    g_array_set_size (ranges, 0);
    for (gint i = g_rand_int_range (rand, 0, 20); i > 0; i--) {
      FlashBmapRange range = { .first = block + (guint64) g_rand_int_range (rand, 0, 1000) };
      g_autofree char *checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guint8 *) &i, 4);

      range.last = range.first + (guint64) g_rand_int_range (rand, 0, 1000);
      g_strlcpy (range.checksum, checksum, sizeof range.checksum);
      block = range.last + 1;
      g_array_append_val (ranges, range);
    }
    bmap = flash_bmap_new (block * 4096 + (guint64) g_rand_int_range (rand, 0, 4096), ranges);
    bytes = flash_bmap_write (bmap);
    source = flash_source_new_for_bytes (bytes, "test");
    again = flash_bmap_read (source, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (again->image_size, ==, bmap->image_size);
    g_assert_cmpuint (again->n_blocks, ==, bmap->n_blocks);
    g_assert_cmpuint (again->n_mapped, ==, bmap->n_mapped);
    g_assert_cmpuint (again->ranges->len, ==, bmap->ranges->len);
    for (guint i = 0; i < bmap->ranges->len; i++) {
      const FlashBmapRange *a = &g_array_index (bmap->ranges, FlashBmapRange, i);
      const FlashBmapRange *b = &g_array_index (again->ranges, FlashBmapRange, i);

      g_assert_true (a->first == b->first && a->last == b->last);
      g_assert_cmpstr (a->checksum, ==, b->checksum);
    }
  }
  g_rand_free (rand);
}

/* --- Damage -------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  const char *find;
  const char *replace;
  FlashFormatError code;
  const char *message; /* a part of it */
} Damage;

static const Damage damages[] = {
  { "other-root", "bmap version", "map version", FLASH_FORMAT_ERROR_UNKNOWN_FORMAT,
    "no block map" },
  { "broken-xml", "</BlockMap>", "</Block>", FLASH_FORMAT_ERROR_UNKNOWN_FORMAT, "no block map: " },
  { "no-end", "</bmap>\n", "", FLASH_FORMAT_ERROR_UNKNOWN_FORMAT, "no block map: " },
  { "version-1", "version=\"2.0\"", "version=\"1.4\"", FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION,
    "found 1.4" },
  { "no-version", " version=\"2.0\"", "", FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION, "found none" },
  { "sha1", " sha256 ", " sha1 ", FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION, "found sha1" },
  { "field-missing", "<BlockSize> 4096 </BlockSize>", "", FLASH_FORMAT_ERROR_BAD_RECORD,
    "BlockSize is missing" },
  { "field-twice", "<BlockSize> 4096 </BlockSize>",
    "<BlockSize>4096</BlockSize><BlockSize>4096</BlockSize>", FLASH_FORMAT_ERROR_BAD_RECORD,
    "BlockSize stands there twice" },
  { "field-too-long", " 40000 ", BLANK BLANK BLANK BLANK "1", FLASH_FORMAT_ERROR_BAD_RECORD,
    "ImageSize is too long" },
  { "no-number", " 40000 ", "forty", FLASH_FORMAT_ERROR_BAD_RECORD, "ImageSize is no number" },
  { "negative", " 40000 ", "-40000", FLASH_FORMAT_ERROR_BAD_RECORD, "ImageSize is no number" },
  { "huge-number", " 40000 ", "99999999999999999999", FLASH_FORMAT_ERROR_BAD_RECORD,
    "ImageSize is no number" },
  { "odd-blocks", " 4096 ", "4095", FLASH_FORMAT_ERROR_BAD_RECORD, "blocks of 4095 bytes" },
  { "tiny-blocks", " 4096 ", "256", FLASH_FORMAT_ERROR_BAD_RECORD, "blocks of 256 bytes" },
  { "large-blocks", " 4096 ", "2097152", FLASH_FORMAT_ERROR_BAD_RECORD, "blocks of 2097152 bytes" },
  { "blocks-and-size", " 10 ", "11", FLASH_FORMAT_ERROR_BAD_RECORD,
    "11 blocks do not make 40000 bytes" },
  { "mapped-count", " 5  ", "6", FLASH_FORMAT_ERROR_BAD_RECORD,
    "the ranges have 5 blocks, expected 6" },
  { "no-range-checksum", " chksum=\"" B "\"", "", FLASH_FORMAT_ERROR_BAD_RECORD,
    "range 2 has no SHA-256 checksum" },
  { "short-range-checksum", B, "bbbb", FLASH_FORMAT_ERROR_BAD_RECORD,
    "range 2 has no SHA-256 checksum" },
  { "range-of-words", "> 4 <", "> four <", FLASH_FORMAT_ERROR_BAD_RECORD, "range 2 is none" },
  { "range-backwards", "> 8-9 <", "> 9-8 <", FLASH_FORMAT_ERROR_BAD_RECORD, "range 3 is none" },
  { "range-in-two-texts", "> 8-9 <", ">8<!-- -->9<", FLASH_FORMAT_ERROR_BAD_RECORD,
    "range 4 is none" },
  { "range-open", "> 8-9 <", "> 8- <", FLASH_FORMAT_ERROR_BAD_RECORD, "range 3 is none" },
  { "range-behind-end", "> 8-9 <", "> 8-10 <", FLASH_FORMAT_ERROR_BAD_RECORD,
    "range 3 ends behind the image" },
  { "ranges-overlap", "> 4 <", "> 1-4 <", FLASH_FORMAT_ERROR_OVERLAP,
    "range 2 begins before range 1 ends" },
  { "ranges-disordered", "> 8-9 <", "> 2-3 <", FLASH_FORMAT_ERROR_OVERLAP,
    "range 3 begins before range 2 ends" },
  { "own-checksum", " " BLANK " ", " " A " ", FLASH_FORMAT_ERROR_BAD_CHECKSUM,
    "the block map is damaged" },
  { "own-checksum-short", " " BLANK " ", " abc ", FLASH_FORMAT_ERROR_BAD_RECORD,
    "BmapFileChecksum is no SHA-256 checksum" },
  { "own-checksum-hidden", " " BLANK " ",
    " &#48;000000000000000000000000000000000000000000000000000000000000000 ",
    FLASH_FORMAT_ERROR_BAD_RECORD, "BmapFileChecksum is not written plainly" },
};

static char *
replace (const char *text, const char *find, const char *with)
{
  GString *changed = g_string_new (text);

  g_assert_cmpuint (g_string_replace (changed, find, with, 1), ==, 1);
  return g_string_free (changed, FALSE);
}

static void
test_damage (gconstpointer data)
{
  const Damage *damage = data;
  g_autofree char *changed = replace (sample, damage->find, damage->replace);
  g_autofree char *text = seal (changed);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBmap) bmap = read_text (text, &error);

  g_assert_null (bmap);
  g_assert_error (error, FLASH_FORMAT_ERROR, (int) damage->code);
  if (strstr (error->message, damage->message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, damage->message);
}

/* Any byte that is changed is noticed, wherever it is. */
static void
test_every_byte (void)
{
  g_autofree char *text = seal (sample);

  for (gsize i = 0; i < strlen (text); i++) {
    g_autoptr (FlashBmap) bmap = NULL;
    g_autoptr (GError) error = NULL;

    text[i] ^= 1;
    bmap = read_text (text, &error);
    g_assert_null (bmap);
    g_assert_nonnull (error);
    text[i] ^= 1;
  }
}

static void
test_unknown_elements (void)
{
  g_autofree char *changed =
      replace (sample, "<BlockMap>", "<Extra><Range>0</Range></Extra>\n<BlockMap>");
  g_autofree char *text = seal (changed);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBmap) bmap = read_text (text, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (bmap->ranges->len, ==, 3);
}

static void
test_limits (void)
{
  GString *ranges = g_string_new (NULL);
  g_autofree char *changed = NULL;
  g_autofree char *path = NULL;
  g_autoptr (FlashBmap) bmap = NULL;
  g_autoptr (FlashSource) source = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("flash-bmap-XXXXXX", &path, NULL);

  for (guint i = 0; i <= FLASH_BMAP_MAX_RANGES; i++)
    g_string_append (ranges, "<Range chksum=\"" A "\">1</Range>\n");
  changed = replace (sample, "<BlockMap>\n", "<BlockMap>\n@");
  g_string_prepend_len (ranges, changed, strchr (changed, '@') - changed);
  bmap = read_text (ranges->str, &error);
  g_assert_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TOO_LARGE);
  g_string_free (ranges, TRUE);

  g_clear_error (&error);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, FLASH_BMAP_MAX_SIZE + 1), ==, 0);
  source = flash_source_new_for_file (path, NULL);
  bmap = flash_bmap_read (source, &error);
  g_assert_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TOO_LARGE);
  g_close (fd, NULL);
  g_unlink (path);
}

/* The file shrinks between being opened and being read. */
static void
test_unreadable (void)
{
  g_autofree char *path = NULL;
  g_autoptr (FlashSource) source = NULL;
  g_autoptr (FlashBmap) bmap = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("flash-bmap-XXXXXX", &path, NULL);

  g_assert_cmpint (write (fd, sample, sizeof sample), ==, sizeof sample);
  source = flash_source_new_for_file (path, NULL);
  g_assert_cmpint (ftruncate (fd, 10), ==, 0);
  bmap = flash_bmap_read (source, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_close (fd, NULL);
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bmap/read", test_read);
  g_test_add_func ("/bmap/write", test_write);
  g_test_add_func ("/bmap/round-trip", test_round_trip);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_autofree char *path = g_strdup_printf ("/bmap/damage/%s", damages[i].name);

    g_test_add_data_func (path, &damages[i], test_damage);
  }
  g_test_add_func ("/bmap/every-byte", test_every_byte);
  g_test_add_func ("/bmap/unknown-elements", test_unknown_elements);
  g_test_add_func ("/bmap/limits", test_limits);
  g_test_add_func ("/bmap/unreadable", test_unreadable);
  return g_test_run ();
}
