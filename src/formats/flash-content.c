/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-content"

#include "config.h"

#include "flash-content.h"

#include "flash-bytes.h"
#include "flash-mbr.h"

/* A boot sector has 512 bytes, the superblock of an ext file system reaches up to 2048. */
#define HEAD_SIZE 2048

/* stm32mp-usb.md section 3.14, check 67, and the kernel's Documentation/filesystems/ext4 */
#define EXT_BLOCKS_LOW_AT 0x404
#define EXT_LOG_BLOCK_SIZE_AT 0x418
#define EXT_MAGIC_AT 0x438
#define EXT_MAGIC 0xef53
#define EXT_INCOMPATIBLE_AT 0x460
#define EXT_INCOMPATIBLE_64BIT 0x80u
#define EXT_BLOCKS_HIGH_AT 0x550
/* Blocks have 1 KiB << log, 64 KiB at most. */
#define EXT_MAX_LOG_BLOCK_SIZE 6

/* AOSP, libsparse/sparse_format.h */
#define SPARSE_BLOCK_SIZE_AT 12
#define SPARSE_BLOCKS_AT 16

/* Devicetree specification, section 5.2 */
#define TREE_SIZE_AT 4

typedef struct {
  FlashContentKind kind;
  const char *mark;
  gsize length;
} Mark;

/* Marks at the very beginning: stm32mp-usb.md section 3.14, checks 58 and 68. */
static const Mark marks[] = {
  { FLASH_CONTENT_GZIP, "\x1f\x8b\x08", 3 },
  { FLASH_CONTENT_XZ, "\xfd\x37zXZ\x00", 6 },
  { FLASH_CONTENT_ZSTD, "\x28\xb5\x2f\xfd", 4 },
  { FLASH_CONTENT_LZ4, "\x04\x22\x4d\x18", 4 },
  { FLASH_CONTENT_LZ4, "\x02\x21\x4c\x18", 4 }, /* the older frame that kernels use */
  { FLASH_CONTENT_ANDROID_SPARSE, "\x3a\xff\x26\xed", 4 },
  { FLASH_CONTENT_UBI, "UBI#", 4 },
  { FLASH_CONTENT_DEVICE_TREE, "\xd0\x0d\xfe\xed", 4 },
};

const char *
flash_content_kind_get_name (FlashContentKind kind)
{
  switch (kind) {
  case FLASH_CONTENT_UNKNOWN:
    return "unknown";
  case FLASH_CONTENT_GZIP:
    return "gzip";
  case FLASH_CONTENT_XZ:
    return "xz";
  case FLASH_CONTENT_ZSTD:
    return "zstd";
  case FLASH_CONTENT_BZIP2:
    return "bzip2";
  case FLASH_CONTENT_LZ4:
    return "lz4";
  case FLASH_CONTENT_ANDROID_SPARSE:
    return "android-sparse";
  case FLASH_CONTENT_EXT:
    return "ext";
  case FLASH_CONTENT_UBI:
    return "ubi";
  case FLASH_CONTENT_DEVICE_TREE:
    return "device-tree";
  case FLASH_CONTENT_BOOT_SECTOR:
    return "boot-sector";
  }
  g_return_val_if_reached ("unknown");
}

gboolean
flash_content_kind_is_packed (FlashContentKind kind)
{
  switch (kind) {
  case FLASH_CONTENT_GZIP:
  case FLASH_CONTENT_XZ:
  case FLASH_CONTENT_ZSTD:
  case FLASH_CONTENT_BZIP2:
  case FLASH_CONTENT_LZ4:
  case FLASH_CONTENT_ANDROID_SPARSE:
    return TRUE;
  case FLASH_CONTENT_UNKNOWN:
  case FLASH_CONTENT_EXT:
  case FLASH_CONTENT_UBI:
  case FLASH_CONTENT_DEVICE_TREE:
  case FLASH_CONTENT_BOOT_SECTOR:
    return FALSE;
  }
  g_return_val_if_reached (FALSE);
}

static gboolean
sniff_ext (const guint8 *head, FlashContent *content)
{
  guint32 log = flash_get_le32 (head + EXT_LOG_BLOCK_SIZE_AT);
  guint64 blocks = flash_get_le32 (head + EXT_BLOCKS_LOW_AT);

  if (flash_get_le16 (head + EXT_MAGIC_AT) != EXT_MAGIC || log > EXT_MAX_LOG_BLOCK_SIZE)
    return FALSE;

  content->kind = FLASH_CONTENT_EXT;
  if (flash_get_le32 (head + EXT_INCOMPATIBLE_AT) & EXT_INCOMPATIBLE_64BIT)
    blocks |= (guint64) flash_get_le32 (head + EXT_BLOCKS_HIGH_AT) << 32;
  if (!g_uint64_checked_mul (&content->declared_size, blocks, G_GUINT64_CONSTANT (1024) << log))
    content->declared_size = G_MAXUINT64;
  return TRUE;
}

/* "BZh" could begin a text; the digit behind it is the block size. */
static gboolean
is_bzip2 (const guint8 *head)
{
  return memcmp (head, "BZh", 3) == 0 && head[3] >= '1' && head[3] <= '9';
}

/* @head holds HEAD_SIZE bytes; what the file does not have is zero there. */
static FlashContent
sniff_head (const guint8 *head)
{
  FlashContent content = { FLASH_CONTENT_UNKNOWN, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (memcmp (head, marks[i].mark, marks[i].length) == 0)
      content.kind = marks[i].kind;

  if (content.kind == FLASH_CONTENT_ANDROID_SPARSE)
    content.declared_size = (guint64) flash_get_le32 (head + SPARSE_BLOCK_SIZE_AT) *
                            flash_get_le32 (head + SPARSE_BLOCKS_AT);
  else if (content.kind == FLASH_CONTENT_DEVICE_TREE)
    content.declared_size = flash_get_be32 (head + TREE_SIZE_AT);
  if (content.kind != FLASH_CONTENT_UNKNOWN)
    return content;

  if (is_bzip2 (head))
    content.kind = FLASH_CONTENT_BZIP2;
  else if (!sniff_ext (head, &content) && flash_mbr_has_signature (head))
    content.kind = FLASH_CONTENT_BOOT_SECTOR;
  return content;
}

gboolean
flash_content_sniff (FlashSource *source, FlashContent *out_content, GError **error)
{
  guint8 head[HEAD_SIZE] = { 0 };

  g_return_val_if_fail (FLASH_IS_SOURCE (source), FALSE);
  g_return_val_if_fail (out_content != NULL, FALSE);

  if (!flash_source_read (source, 0, head,
                          (gsize) MIN (flash_source_get_size (source), sizeof head), error))
    return FALSE;
  *out_content = sniff_head (head);
  return TRUE;
}
