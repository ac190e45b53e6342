/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-test-images"

#include "config.h"

#include "flash-test-images.h"
#include "flash-bytes.h"

/* What is known of one version of the header: stm32mp-usb.md sections 4.1 to 4.3 and 4.6. */
typedef struct {
  guint32 version_word;
  gsize header_length;
  gsize at_checksum; /* version, length, entry and load address follow at fixed distances */
  gsize at_binary_type;
  guint32 load;
} HeaderFacts;

static const HeaderFacts header_facts[] = {
  [FLASH_TEST_STM32_V1_0] = { 0x00010000, 256, 68, 255, 0x2ffc2500 },
  [FLASH_TEST_STM32_V2_0] = { 0x00020000, 512, 68, 108, 0x2ffe0000 },
  [FLASH_TEST_STM32_V2_2] = { 0x00020200, 512, 68, 108, 0x0e002600 },
  [FLASH_TEST_STM32_V2_3] = { 0x00020300, 576, 100, 140, 0x0e002640 },
};

/* By its product string a first stage with USB support is told, and by its answer to anything else
 * one that wants a FIP (stm32mp-usb.md sections 1.3.1 and 1.3.3). */
static const char marks[] = "DFU @Device ID /0x%03X, @Revision ID /0x%04X, @Name /%s,\0"
                            "FIP Header check failed for phase %d";

GBytes *
flash_test_make_bytes (gsize size, guint32 seed)
{
  guint8 *bytes = g_malloc (size + 1);
  guint32 state = seed * 2654435761u + 1;

  for (gsize i = 0; i < size; i++) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    bytes[i] = (guint8) (state >> 11);
  }
  return g_bytes_new_take (bytes, size);
}

gsize
flash_test_stm32_header_length (FlashTestStm32 version)
{
  return header_facts[version].header_length;
}

GBytes *
flash_test_make_stm32_around (FlashTestStm32 version, GBytes *payload, guint32 entry, guint32 load,
                              guint8 binary_type)
{
  const HeaderFacts *facts = &header_facts[version];
  gsize length;
  const guint8 *data = g_bytes_get_data (payload, &length);
  guint8 *out = g_malloc0 (facts->header_length + length);
  guint32 sum = 0;

  for (gsize i = 0; i < length; i++)
    sum += data[i];
  memcpy (out, "STM2", 4);
  flash_put_le32 (out + facts->at_checksum, sum);
  flash_put_le32 (out + facts->at_checksum + 4, facts->version_word);
  flash_put_le32 (out + facts->at_checksum + 8, (guint32) length);
  flash_put_le32 (out + facts->at_checksum + 12, entry);
  flash_put_le32 (out + facts->at_checksum + 20, load);
  if (version == FLASH_TEST_STM32_V1_0) {
    flash_put_le32 (out + 100, 1); /* no signature verification */
  } else {
    gsize at_flags = facts->at_checksum + 32;
    gsize at_extensions = version == FLASH_TEST_STM32_V2_3 ? 160 : 128;
    guint32 extensions_length = (guint32) (facts->header_length - at_extensions);

    flash_put_le32 (out + at_flags, 1u << 31); /* padding extension only */
    flash_put_le32 (out + at_flags + 4, extensions_length);
    memcpy (out + at_extensions, "ST\xff\xff", 4);
    flash_put_le32 (out + at_extensions + 4, extensions_length);
  }
  out[facts->at_binary_type] = binary_type;
  memcpy (out + facts->header_length, data, length);
  return g_bytes_new_take (out, facts->header_length + length);
}

GBytes *
flash_test_make_stm32 (FlashTestStm32 version, gsize payload_size)
{
  g_autoptr (GBytes) noise = flash_test_make_bytes (payload_size, (guint32) version + 1);
  g_autofree guint8 *payload = g_memdup2 (g_bytes_get_data (noise, NULL), payload_size);
  g_autoptr (GBytes) marked = NULL;
  guint32 load = header_facts[version].load;

  g_assert_cmpuint (payload_size, >=, sizeof marks);
  memcpy (payload, marks, sizeof marks);
  marked = g_bytes_new (payload, payload_size);
  return flash_test_make_stm32_around (version, marked, load, load, 0x10);
}

/* stm32mp-usb.md section 4.7: identifiers as they stand in the file. */
static const struct {
  FlashTestFipParts part;
  guint8 uuid[16];
} fip_parts[] = {
  { FLASH_TEST_FIP_BL32,
    { 0x05, 0xd0, 0xe1, 0x89, 0x53, 0xdc, 0x13, 0x47, 0x8d, 0x2b, 0x50, 0x0a, 0x4b, 0x7a, 0x3e,
      0x38 } },
  { FLASH_TEST_FIP_BL33,
    { 0xd6, 0xd0, 0xee, 0xa7, 0xfc, 0xea, 0xd5, 0x4b, 0x97, 0x82, 0x99, 0x34, 0xf2, 0x34, 0xb6,
      0xe4 } },
  { FLASH_TEST_FIP_HW_CONFIG,
    { 0x08, 0xb8, 0xf1, 0xd9, 0xc9, 0xcf, 0x93, 0x49, 0xa9, 0x62, 0x6f, 0xbc, 0x6b, 0x72, 0x65,
      0xcc } },
  { FLASH_TEST_FIP_FW_CONFIG,
    { 0x58, 0x07, 0xe1, 0x6a, 0x84, 0x59, 0x47, 0xbe, 0x8e, 0xd5, 0x64, 0x8e, 0x8d, 0xdd, 0xab,
      0x0e } },
  { FLASH_TEST_FIP_DDR_FW,
    { 0xb1, 0x12, 0x49, 0xbe, 0x92, 0xdd, 0x4b, 0x10, 0x86, 0x7c, 0x2c, 0x6a, 0x4b, 0x47, 0xa7,
      0xfb } },
};

static void
append_be32 (GByteArray *tree, guint32 value)
{
  guint8 bytes[4];

  flash_put_be32 (bytes, value);
  g_byte_array_append (tree, bytes, sizeof bytes);
}

/* Devicetree specification, chapter 5: a root node with one property, `compatible`. */
static void
put_device_tree (guint8 *at, gsize size, const char *compatible)
{
  static const guint8 zeros[16];
  g_autoptr (GByteArray) tree = g_byte_array_new ();
  guint32 length = (guint32) strlen (compatible) + 1;
  guint32 padded = (length + 3) & ~3u;
  guint32 structure_size = 8 + 12 + padded + 8;
  const guint32 head[] = {
    0xd00dfeed, 56 + structure_size + 12, 56, 56 + structure_size, 40, 17, 16, 0, 12, structure_size
  };

  for (guint i = 0; i < G_N_ELEMENTS (head); i++)
    append_be32 (tree, head[i]);
  g_byte_array_append (tree, zeros, 16); /* no reserved memory */
  append_be32 (tree, 1); /* the root node begins; it has no name */
  append_be32 (tree, 0);
  append_be32 (tree, 3); /* a property: length, place of its name */
  append_be32 (tree, length);
  append_be32 (tree, 0);
  g_byte_array_append (tree, (const guint8 *) compatible, length);
  g_byte_array_append (tree, zeros, padded - length);
  append_be32 (tree, 2); /* the node ends, and the tree */
  append_be32 (tree, 9);
  g_byte_array_append (tree, (const guint8 *) "compatible\0", 12);
  g_assert_cmpuint (tree->len, <=, size);
  memcpy (at, tree->data, tree->len);
}

GBytes *
flash_test_make_fip_for (FlashTestFipParts parts, gsize part_size, const char *compatible)
{
  guint n_parts = 0;
  gsize at_entry = 16, at_data, size;
  guint8 *out;

  for (guint i = 0; i < G_N_ELEMENTS (fip_parts); i++)
    n_parts += (parts & fip_parts[i].part) != 0;
  at_data = 16 + 40 * ((gsize) n_parts + 1);
  size = at_data + n_parts * part_size;
  out = g_malloc0 (size);
  flash_put_le32 (out, 0xaa640001);
  flash_put_le32 (out + 4, 0x12345678);
  for (guint i = 0; i < G_N_ELEMENTS (fip_parts); i++) {
    g_autoptr (GBytes) content = flash_test_make_bytes (part_size, 100 + i);

    if ((parts & fip_parts[i].part) == 0)
      continue;
    memcpy (out + at_entry, fip_parts[i].uuid, 16);
    flash_put_le64 (out + at_entry + 16, at_data);
    flash_put_le64 (out + at_entry + 24, part_size);
    memcpy (out + at_data, g_bytes_get_data (content, NULL), part_size);
    if (fip_parts[i].part == FLASH_TEST_FIP_HW_CONFIG)
      put_device_tree (out + at_data, part_size, compatible);
    at_entry += 40;
    at_data += part_size;
  }
  flash_put_le64 (out + at_entry + 16, size);
  return g_bytes_new_take (out, size);
}

GBytes *
flash_test_make_fip (FlashTestFipParts parts, gsize part_size)
{
  return flash_test_make_fip_for (parts, part_size, "st,stm32mp157");
}

static guint32
crc32_of (const guint8 *data, gsize length)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < length; i++) {
    crc ^= data[i];
    for (guint bit = 0; bit < 8; bit++)
      crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
  }
  return ~crc;
}

/* UEFI specification, table 5.5 */
static void
put_gpt_header (guint8 *at, guint64 own_lba, guint64 other_lba, guint64 table_lba, guint64 last_lba,
                guint32 table_crc)
{
  memcpy (at, "EFI PART", 8);
  flash_put_le32 (at + 8, 0x00010000);
  flash_put_le32 (at + 12, 92);
  flash_put_le64 (at + 24, own_lba);
  flash_put_le64 (at + 32, other_lba);
  flash_put_le64 (at + 40, 34);
  flash_put_le64 (at + 48, last_lba - 33);
  memset (at + 56, 0x5a, 16);
  flash_put_le64 (at + 72, table_lba);
  flash_put_le32 (at + 80, 128);
  flash_put_le32 (at + 84, 128);
  flash_put_le32 (at + 88, table_crc);
  flash_put_le32 (at + 16, crc32_of (at, 92));
}

GBytes *
flash_test_make_gpt_disk (gsize size)
{
  static const guint8 linux_type[16] = { 0xaf, 0x3d, 0xc6, 0x0f, 0x83, 0x84, 0x72, 0x47,
                                         0x8e, 0x79, 0x3d, 0x69, 0xd8, 0x47, 0x7d, 0xe4 };
  guint8 *out = g_malloc0 (size);
  guint64 last_lba = size / 512 - 1;
  guint8 *table = out + 2 * 512;
  guint32 table_crc;

  g_assert_cmpuint (size, >=, 64 * 1024);
  /* protective MBR */
  out[446 + 4] = 0xee;
  flash_put_le32 (out + 446 + 8, 1);
  flash_put_le32 (out + 446 + 12, (guint32) last_lba);
  out[510] = 0x55;
  out[511] = 0xaa;

  memcpy (table, linux_type, 16);
  memset (table + 16, 0xa5, 16);
  flash_put_le64 (table + 32, 40);
  flash_put_le64 (table + 40, last_lba - 33);
  for (guint i = 0; i < 4; i++)
    table[56 + 2 * i] = (guint8) "data"[i];
  table_crc = crc32_of (table, (gsize) 128 * 128);
  memcpy (out + (last_lba - 32) * 512, table, (gsize) 128 * 128);
  put_gpt_header (out + 512, 1, last_lba, 2, last_lba, table_crc);
  put_gpt_header (out + last_lba * 512, last_lba, 1, last_lba - 32, last_lba, table_crc);
  return g_bytes_new_take (out, size);
}

GBytes *
flash_test_make_ext4 (guint64 fs_size, gsize file_size)
{
  g_autoptr (GBytes) noise = flash_test_make_bytes (file_size, 7);
  guint8 *out = g_memdup2 (g_bytes_get_data (noise, NULL), file_size);
  guint8 *super = out + 1024;
  guint64 n_blocks = fs_size / 4096;

  g_assert_cmpuint (file_size, >=, 2048);
  memset (out, 0, 2048);
  flash_put_le32 (super + 4, (guint32) n_blocks);
  flash_put_le32 (super + 24, 2); /* blocks of 1024 << 2 bytes */
  flash_put_le16 (super + 56, 0xef53);
  flash_put_le32 (super + 0x60, 0x80); /* 64-bit block numbers */
  flash_put_le32 (super + 0x150, (guint32) (n_blocks >> 32));
  return g_bytes_new_take (out, file_size);
}
