/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-bytes.h"
#include "flash-fuzz.h"
#include "flash-gpt.h"

#include <zlib.h>

#define MIN_HEADER_SIZE 92

/* No fuzzer guesses a checksum: put the right ones in, so that what lies behind is reached. */
static void
seal (guint8 *image, gsize size, gsize sector_size, gsize lba)
{
  guint8 *header;
  guint64 start, length, end;
  guint32 header_size;

  if (lba >= size / sector_size)
    return;
  header = image + lba * sector_size;
  header_size = flash_get_le32 (header + 12);
  length = (guint64) flash_get_le32 (header + 80) * flash_get_le32 (header + 84);
  if (g_uint64_checked_mul (&start, flash_get_le64 (header + 72), sector_size) &&
      g_uint64_checked_add (&end, start, length) && end <= size)
    flash_put_le32 (header + 88, (guint32) crc32_z (0, image + start, length));
  if (header_size < MIN_HEADER_SIZE || header_size > sector_size)
    return;
  flash_put_le32 (header + 16, 0);
  flash_put_le32 (header + 16, (guint32) crc32_z (0, header, header_size));
}

static void
read_table (GBytes *bytes)
{
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "fuzz");
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashGpt) gpt = flash_gpt_read (source, diags, NULL);

  for (guint i = 0; gpt != NULL && i < gpt->partitions->len; i++) {
    const FlashGptPartition *partition = g_ptr_array_index (gpt->partitions, i);
    FlashRange range;

    g_assert_true (g_utf8_validate (partition->name, -1, NULL));
    if (flash_gpt_get_range (gpt, partition, &range))
      g_assert_cmpuint (flash_range_end (range), >, range.start);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const gsize sector_sizes[] = { 512, 4096 };
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);

  read_table (bytes);
  for (guint i = 0; i < G_N_ELEMENTS (sector_sizes); i++) {
    guint8 *copy = g_memdup2 (data, size);
    g_autoptr (GBytes) sealed = NULL;

    seal (copy, size, sector_sizes[i], 1);
    if (size >= sector_sizes[i])
      seal (copy, size, sector_sizes[i], size / sector_sizes[i] - 1);
    sealed = g_bytes_new_take (copy, size);
    read_table (sealed);
  }
  return 0;
}
