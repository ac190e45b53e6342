/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-bmap.h"
#include "flash-fuzz.h"

#include <string.h>

#define MARK "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@"

static FlashBmap *
read_bytes (GBytes *bytes)
{
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "fuzz");

  return flash_bmap_read (source, NULL);
}

/* No fuzzer guesses a checksum: where the input has the mark, the right one is put. */
static GBytes *
seal (const guint8 *data, gsize size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autofree char *checksum = NULL;
  char *place = size > 0 ? g_strstr_len ((char *) copy, (gssize) size, MARK) : NULL;

  if (place != NULL) {
    memset (place, '0', strlen (MARK));
    checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, copy, size);
    memcpy (place, checksum, strlen (MARK));
  }
  return g_bytes_new (copy, size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = seal (data, size);
  g_autoptr (FlashBmap) bmap = read_bytes (bytes);
  g_autoptr (GArray) ranges = NULL;
  g_autoptr (FlashBmap) again = NULL;
  g_autoptr (FlashBmap) read_again = NULL;
  g_autoptr (GBytes) written = NULL;
  guint64 end = 0;

  if (bmap == NULL)
    return 0;
  g_assert_cmpuint (bmap->ranges->len, <=, FLASH_BMAP_MAX_RANGES);
  for (guint i = 0; i < bmap->ranges->len; i++) {
    const FlashBmapRange *range = &g_array_index (bmap->ranges, FlashBmapRange, i);

    g_assert_true (i == 0 || range->first >= end);
    g_assert_cmpuint (range->first, <=, range->last);
    g_assert_cmpuint (range->last, <, bmap->n_blocks);
    g_assert_cmpuint (flash_bmap_get_range_size (bmap, i), >, 0);
    g_assert_cmpuint (flash_bmap_get_range_size (bmap, i), <=, bmap->image_size);
    g_assert_cmpuint (strlen (range->checksum), ==, FLASH_BMAP_CHECKSUM_LENGTH - 1);
    end = range->last + 1;
  }
  if (bmap->block_size != FLASH_BMAP_BLOCK_SIZE)
    return 0;
  again = flash_bmap_new (bmap->image_size, bmap->ranges);
  written = flash_bmap_write (again);
  read_again = read_bytes (written);
  g_assert_nonnull (read_again);
  g_assert_cmpuint (read_again->n_mapped, ==, bmap->n_mapped);
  return 0;
}
