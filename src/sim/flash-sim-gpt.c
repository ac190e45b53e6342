/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-gpt"

#include "config.h"

#include "flash-sim-gpt.h"

#include "flash-bytes.h"

#include <string.h>
#include <zlib.h>

/* UEFI specification 2.10, sections 5.2.3, 5.3.2 and 5.3.3 */
#define BLOCK 512u
#define HEADER_LENGTH 92u
#define ENTRY_LENGTH 128u
#define TABLE_BLOCKS (FLASH_SIM_GPT_ENTRIES * ENTRY_LENGTH / BLOCK)
#define FIRST_USABLE 34u
#define GUID_LENGTH 16u
#define ATTRIBUTE_LEGACY_BOOTABLE (G_GUINT64_CONSTANT (1) << 2)
#define MBR_TYPE_GPT 0xee

/* stm32mp-usb.md section 3.8 */
static const char *const type_guids[] = {
  [FLASH_SIM_PART_BINARY] = "8da63339-0007-60c0-c436-083ac8230908",
  [FLASH_SIM_PART_FIP] = "19d5df83-11b0-457b-be2c-7559c13142a5",
  [FLASH_SIM_PART_FWU_MDATA] = "8a7a84a0-8387-40f6-ab41-a8b9a5a60d23",
  [FLASH_SIM_PART_ENV] = "3de21764-95db-54bd-a5c3-4abe786f38a8",
  [FLASH_SIM_PART_SYSTEM] = "0fc63daf-8483-4772-8e79-3d69d8477de4",
  [FLASH_SIM_PART_ESP] = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
  [FLASH_SIM_PART_FILE_SYSTEM] = "0fc63daf-8483-4772-8e79-3d69d8477de4",
  [FLASH_SIM_PART_RAW_IMAGE] = "0fc63daf-8483-4772-8e79-3d69d8477de4",
};

static const char *const rootfs_guids[] = {
  "e91c4e10-16e6-4c0e-bd0e-77becf4a3582",
  "491f6117-415d-4f53-88c9-6e0de54deac6",
  "fd58f1c7-be0d-4338-88e9-ad8f050aeb18",
};

static const char *const fip_a_guid = "4fd84c93-54ef-463f-a7ef-ae25ff887087";
static const char *const fip_b_guid = "09c54952-d5bf-45af-acee-335303766fb3";

const char *
flash_sim_gpt_get_type_guid (FlashSimPartType type)
{
  return type_guids[type];
}

/* The first three groups of a GUID are stored with the low byte first. */
static void
put_guid (guint8 *at, const char *text)
{
  static const guint8 places[GUID_LENGTH] = {
    3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15
  };

  for (guint i = 0; i < GUID_LENGTH; i++) {
    if (*text == '-')
      text++;
    at[places[i]] = (guint8) (g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]));
    text += 2;
  }
}

static void
put_random_guid (guint8 *at)
{
  g_autofree char *text = g_uuid_string_random ();

  put_guid (at, text);
}

static gboolean
is_rootfs (const FlashSimPart *part)
{
  return g_str_equal (part->name, "rootfs") || g_str_equal (part->name, "rootfs-a");
}

static void
put_unique_guid (guint8 *at, const FlashSimPart *part, guint device, gboolean *has_rootfs)
{
  if (is_rootfs (part) && !*has_rootfs && device < G_N_ELEMENTS (rootfs_guids)) {
    *has_rootfs = TRUE;
    put_guid (at, rootfs_guids[device]);
  } else if (part->type == FLASH_SIM_PART_FIP && g_str_equal (part->name, "fip-a")) {
    put_guid (at, fip_a_guid);
  } else if (part->type == FLASH_SIM_PART_FIP && g_str_equal (part->name, "fip-b")) {
    put_guid (at, fip_b_guid);
  } else {
    put_random_guid (at);
  }
}

static gboolean
put_entries (guint8 *table, const GPtrArray *parts, guint device, guint64 last_usable)
{
  gboolean has_rootfs = FALSE;

  for (guint i = 0; i < parts->len; i++) {
    const FlashSimPart *part = g_ptr_array_index (parts, i);
    guint8 *at = table + i * ENTRY_LENGTH;
    guint64 first = part->offset / BLOCK;
    guint64 n_blocks = part->size / BLOCK;

    if (first < FIRST_USABLE || n_blocks == 0 || first > last_usable ||
        n_blocks > last_usable - first + 1)
      return FALSE;
    put_guid (at, type_guids[part->type]);
    put_unique_guid (at + 16, part, device, &has_rootfs);
    flash_put_le64 (at + 32, first);
    flash_put_le64 (at + 40, first + n_blocks - 1);
    flash_put_le64 (at + 48, part->type == FLASH_SIM_PART_SYSTEM ? ATTRIBUTE_LEGACY_BOOTABLE : 0);
    for (guint j = 0; part->name[j] != '\0'; j++)
      flash_put_le16 (at + 56 + 2 * j, (guint8) part->name[j]);
  }
  return TRUE;
}

/* U-Boot, disk/part_efi.c, set_protective_mbr (): type, first block and number of blocks. The
 * cylinders, heads and sectors of UEFI's table 5.4 stay zero there. */
static void
put_mbr (guint8 *block, guint64 n_blocks)
{
  guint8 *entry = block + 446;

  entry[4] = MBR_TYPE_GPT;
  flash_put_le32 (entry + 8, 1);
  flash_put_le32 (entry + 12, (guint32) n_blocks - 1);
  flash_put_le16 (block + 510, 0xaa55);
}

static void
put_header (guint8 *block, guint64 own, guint64 other, guint64 table_at, guint64 n_blocks,
            const guint8 *disk_guid, const guint8 *table)
{
  memset (block, 0, BLOCK);
  memcpy (block, "EFI PART", 8);
  flash_put_le32 (block + 8, 0x00010000);
  flash_put_le32 (block + 12, HEADER_LENGTH);
  flash_put_le64 (block + 24, own);
  flash_put_le64 (block + 32, other);
  flash_put_le64 (block + 40, FIRST_USABLE);
  flash_put_le64 (block + 48, n_blocks - FIRST_USABLE);
  memcpy (block + 56, disk_guid, GUID_LENGTH);
  flash_put_le64 (block + 72, table_at);
  flash_put_le32 (block + 80, FLASH_SIM_GPT_ENTRIES);
  flash_put_le32 (block + 84, ENTRY_LENGTH);
  flash_put_le32 (block + 88, (guint32) crc32 (0, table, TABLE_BLOCKS * BLOCK));
  flash_put_le32 (block + 16, (guint32) crc32 (0, block, HEADER_LENGTH));
}

gboolean
flash_sim_gpt_write (FlashSimMedia *media, FlashSimMediumId medium, guint device,
                     const GPtrArray *parts)
{
  /* MBR, header and table in front; the table comes first at the end. */
  g_autofree guint8 *blocks = g_malloc0 ((TABLE_BLOCKS + 2) * BLOCK);
  guint8 *table = blocks + 2 * BLOCK;
  guint8 backup[BLOCK];
  guint8 disk_guid[GUID_LENGTH];
  guint64 n_blocks = flash_sim_media_get_size (media, medium) / BLOCK;

  if (n_blocks < 2 * FIRST_USABLE || parts->len > FLASH_SIM_GPT_ENTRIES ||
      !put_entries (table, parts, device, n_blocks - FIRST_USABLE))
    return FALSE;
  put_random_guid (disk_guid);
  put_mbr (blocks, n_blocks);
  put_header (blocks + BLOCK, 1, n_blocks - 1, 2, n_blocks, disk_guid, table);
  put_header (backup, n_blocks - 1, 1, n_blocks - 1 - TABLE_BLOCKS, n_blocks, disk_guid, table);

  return flash_sim_media_write (media, medium, 0, blocks, (TABLE_BLOCKS + 2) * BLOCK) &&
         flash_sim_media_write (media, medium, (n_blocks - 1 - TABLE_BLOCKS) * BLOCK, table,
                                TABLE_BLOCKS * BLOCK) &&
         flash_sim_media_write (media, medium, (n_blocks - 1) * BLOCK, backup, BLOCK);
}

gboolean
flash_sim_gpt_read (FlashSimMedia *media, FlashSimMediumId medium, FlashSimGptEntry *out_entries)
{
  g_autofree guint8 *table = g_malloc (TABLE_BLOCKS * BLOCK);
  guint8 header[BLOCK];
  guint32 header_crc;

  if (!flash_sim_media_read (media, medium, BLOCK, header, BLOCK) ||
      memcmp (header, "EFI PART", 8) != 0)
    return FALSE;
  header_crc = flash_get_le32 (header + 16);
  memset (header + 16, 0, 4);
  if (flash_get_le32 (header + 12) != HEADER_LENGTH ||
      (guint32) crc32 (0, header, HEADER_LENGTH) != header_crc ||
      flash_get_le64 (header + 72) != 2 || flash_get_le32 (header + 80) != FLASH_SIM_GPT_ENTRIES ||
      flash_get_le32 (header + 84) != ENTRY_LENGTH)
    return FALSE;
  if (!flash_sim_media_read (media, medium, 2 * BLOCK, table, TABLE_BLOCKS * BLOCK) ||
      (guint32) crc32 (0, table, TABLE_BLOCKS * BLOCK) != flash_get_le32 (header + 88))
    return FALSE;

  for (guint i = 0; i < FLASH_SIM_GPT_ENTRIES; i++) {
    const guint8 *at = table + i * ENTRY_LENGTH;
    guint64 first = flash_get_le64 (at + 32);
    guint64 last = flash_get_le64 (at + 40);
    gboolean is_used = first >= FIRST_USABLE && last >= first && last < G_MAXINT64 / BLOCK;

    out_entries[i].start = is_used ? first * BLOCK : 0;
    out_entries[i].size = is_used ? (last - first + 1) * BLOCK : 0;
  }
  return TRUE;
}
