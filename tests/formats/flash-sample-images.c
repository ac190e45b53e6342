/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sample-images"

#include "config.h"

#include "flash-sample-images.h"

#include "flash-bytes.h"

#include <zlib.h>

/* Where things stand is written out once more here, from the same chapters as in the readers, so
 * that a wrong number there is found. */

#define GPT_ENTRIES_SIZE (128 * 128)

static void
append_zeros (GByteArray *bytes, gsize length)
{
  gsize old = bytes->len;

  g_byte_array_set_size (bytes, (guint) (old + length));
  memset (bytes->data + old, 0, length);
}

static void
append_be32 (GByteArray *bytes, guint32 value)
{
  guint8 word[4];

  flash_put_be32 (word, value);
  g_byte_array_append (bytes, word, sizeof word);
}

static gsize
get_stm32_header_length (guint32 version)
{
  return version == FLASH_SAMPLE_VERSION_1_0   ? 256
         : version == FLASH_SAMPLE_VERSION_2_3 ? 576
                                               : 512;
}

GByteArray *
flash_sample_stm32_new (guint32 version, const void *payload, gsize length)
{
  GByteArray *file = g_byte_array_new ();
  gsize shift = version == FLASH_SAMPLE_VERSION_2_3 ? 32 : 0;
  guint8 *at;

  append_zeros (file, get_stm32_header_length (version));
  memcpy (file->data, "STM2", 4);
  at = file->data + shift;
  flash_put_le32 (at + 72, version);
  flash_put_le32 (at + 76, (guint32) length);
  flash_put_le32 (at + 80, FLASH_SAMPLE_LOAD + 1);
  flash_put_le32 (at + 88, FLASH_SAMPLE_LOAD);
  if (version == FLASH_SAMPLE_VERSION_1_0) {
    flash_put_le32 (at + 100, 1);
    at[255] = 0x10;
  } else {
    guint32 post_length = (guint32) (file->len - shift - 128);

    flash_put_le32 (at + 100, 0x80000000u);
    flash_put_le32 (at + 104, post_length);
    flash_put_le32 (at + 108, 0x10);
    memcpy (at + 128, "ST\xff\xff", 4);
    flash_put_le32 (at + 132, post_length);
  }
  g_byte_array_append (file, payload, (guint) length);
  flash_sample_stm32_seal (file);
  return file;
}

void
flash_sample_stm32_seal (GByteArray *file)
{
  gboolean is_2_3 = flash_get_le32 (file->data + 104) == FLASH_SAMPLE_VERSION_2_3;
  guint32 version = flash_get_le32 (file->data + (is_2_3 ? 104 : 72));
  guint32 sum = 0;

  for (gsize i = get_stm32_header_length (version); i < file->len; i++)
    sum += file->data[i];
  flash_put_le32 (file->data + (is_2_3 ? 100 : 68), sum);
}

static void
parse_uuid (const char *text, guint8 *out)
{
  for (guint i = 0; i < 16; text++) {
    if (*text == '-')
      continue;
    out[i++] = (guint8) (g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]));
    text++;
  }
}

GByteArray *
flash_sample_fip_new (const FlashSampleFipEntry *entries)
{
  GByteArray *file = g_byte_array_new ();
  guint n = 0;
  guint8 *end;

  while (entries[n].uuid != NULL)
    n++;
  append_zeros (file, 16 + 40 * (n + 1));
  flash_put_le32 (file->data, 0xaa640001u);
  flash_put_le32 (file->data + 4, 0x12345678u);
  for (guint i = 0; i < n; i++) {
    guint8 *entry = file->data + 16 + 40 * i;

    parse_uuid (entries[i].uuid, entry);
    flash_put_le64 (entry + 16, file->len);
    flash_put_le64 (entry + 24, entries[i].data->len);
    g_byte_array_append (file, entries[i].data->data, entries[i].data->len);
  }
  end = file->data + 16 + 40 * n;
  flash_put_le64 (end + 16, file->len);
  return file;
}

static void
append_property (GByteArray *structure, guint32 name_offset, const void *value, gsize length)
{
  append_be32 (structure, 3);
  append_be32 (structure, (guint32) length);
  append_be32 (structure, name_offset);
  g_byte_array_append (structure, value, (guint) length);
  append_zeros (structure, (4 - length % 4) % 4);
}

GByteArray *
flash_sample_dtb_new (const char *model, const char *compatible, gsize compatible_length)
{
  static const char names[] = "#cells\0model\0compatible";
  const guint32 structure_at = 40 + 16;
  g_autoptr (GByteArray) structure = g_byte_array_new ();
  GByteArray *tree = g_byte_array_new ();

  append_be32 (structure, 4);
  append_be32 (structure, 1);
  append_be32 (structure, 0);
  append_property (structure, 0, "\0\0\0\1", 4);
  if (model != NULL)
    append_property (structure, 7, model, strlen (model) + 1);
  if (compatible != NULL)
    append_property (structure, 13, compatible, compatible_length);
  append_be32 (structure, 4);
  append_be32 (structure, 1);
  g_byte_array_append (structure, (const guint8 *) "soc", 4);
  append_property (structure, 7, "inner", 6);
  append_be32 (structure, 2);
  append_be32 (structure, 2);
  append_be32 (structure, 9);

  append_be32 (tree, 0xd00dfeedu);
  append_be32 (tree, (guint32) (structure_at + structure->len + sizeof names));
  append_be32 (tree, structure_at);
  append_be32 (tree, structure_at + structure->len);
  append_be32 (tree, 40);
  append_be32 (tree, 17);
  append_be32 (tree, 16);
  append_be32 (tree, 0);
  append_be32 (tree, sizeof names);
  append_be32 (tree, structure->len);
  append_zeros (tree, 16);
  g_byte_array_append (tree, structure->data, structure->len);
  g_byte_array_append (tree, (const guint8 *) names, sizeof names);
  return tree;
}

/* The first three fields are little-endian. */
static void
put_guid (guint8 *at, const char *text)
{
  guint8 bytes[16];
  static const guint8 order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

  parse_uuid (text, bytes);
  for (guint i = 0; i < 16; i++)
    at[i] = bytes[order[i]];
}

static void
put_entries (guint8 *at, const FlashSamplePartition *partitions)
{
  for (guint i = 0; partitions[i].type != NULL; i++) {
    guint8 *entry = at + 128 * i;

    put_guid (entry, partitions[i].type);
    put_guid (entry + 16, "11111111-2222-3333-4444-555555555500");
    entry[31] = (guint8) i;
    flash_put_le64 (entry + 32, partitions[i].first_lba);
    flash_put_le64 (entry + 40, partitions[i].last_lba);
    for (guint k = 0; partitions[i].name[k] != '\0'; k++)
      flash_put_le16 (entry + 56 + 2 * k, (guint8) partitions[i].name[k]);
  }
}

static void
put_header (GByteArray *image, guint sector_size, guint64 lba, guint64 other, guint64 entries_lba)
{
  guint64 n_sectors = image->len / sector_size;
  guint64 table = GPT_ENTRIES_SIZE / sector_size;
  guint8 *at = image->data + lba * sector_size;

  memcpy (at, "EFI PART", 8);
  flash_put_le32 (at + 8, 0x00010000);
  flash_put_le32 (at + 12, 92);
  flash_put_le64 (at + 24, lba);
  flash_put_le64 (at + 32, other);
  flash_put_le64 (at + 40, 2 + table);
  flash_put_le64 (at + 48, n_sectors - 2 - table);
  put_guid (at + 56, "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
  flash_put_le64 (at + 72, entries_lba);
  flash_put_le32 (at + 80, 128);
  flash_put_le32 (at + 84, 128);
}

GByteArray *
flash_sample_gpt_new (guint sector_size, guint64 n_sectors, const FlashSamplePartition *partitions)
{
  GByteArray *image = g_byte_array_new ();
  guint64 table = GPT_ENTRIES_SIZE / sector_size;

  append_zeros (image, sector_size * n_sectors);
  image->data[446 + 4] = 0xee;
  image->data[510] = 0x55;
  image->data[511] = 0xaa;
  put_header (image, sector_size, 1, n_sectors - 1, 2);
  put_header (image, sector_size, n_sectors - 1, 1, n_sectors - 1 - table);
  put_entries (image->data + 2 * (gsize) sector_size, partitions);
  put_entries (image->data + (n_sectors - 1 - table) * sector_size, partitions);
  flash_sample_gpt_seal (image, sector_size, 1);
  flash_sample_gpt_seal (image, sector_size, n_sectors - 1);
  return image;
}

void
flash_sample_gpt_seal (GByteArray *image, guint sector_size, guint64 lba)
{
  guint8 *at = image->data + lba * sector_size;
  gsize length = (gsize) flash_get_le32 (at + 80) * flash_get_le32 (at + 84);
  guint64 start = flash_get_le64 (at + 72) * sector_size;

  if (start + length <= image->len)
    flash_put_le32 (at + 88, (guint32) crc32_z (0, image->data + start, length));
  flash_put_le32 (at + 16, 0);
  flash_put_le32 (at + 16, (guint32) crc32_z (0, at, 92));
}

FlashSource *
flash_sample_source_new (GByteArray *bytes)
{
  g_autoptr (GBytes) taken = g_byte_array_free_to_bytes (bytes);

  return flash_source_new_for_bytes (taken, "test");
}

FlashSource *
flash_sample_source_new_static (const void *bytes, gsize length)
{
  g_autoptr (GBytes) copy = g_bytes_new (bytes, length);

  return flash_source_new_for_bytes (copy, "test");
}
