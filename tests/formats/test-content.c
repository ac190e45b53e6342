/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-content.h"

#include "flash-bytes.h"
#include "flash-sample-images.h"

typedef struct {
  const char *bytes;
  gsize length;
  const char *name;
  gboolean is_packed;
  guint64 declared_size;
} Case;

#define CASE(text, name, is_packed, declared_size)                                                 \
  {                                                                                                \
    text, sizeof text - 1, name, is_packed, declared_size                                          \
  }

static const Case cases[] = {
  CASE ("", "unknown", FALSE, 0),
  CASE ("\x1f\x8b\x08", "gzip", TRUE, 0),
  CASE ("\x1f\x8b\x09", "unknown", FALSE, 0),
  CASE ("\xfd\x37zXZ\0", "xz", TRUE, 0),
  CASE ("\xfd\x37zXY\0", "unknown", FALSE, 0),
  CASE ("\x28\xb5\x2f\xfd", "zstd", TRUE, 0),
  CASE ("BZh1", "bzip2", TRUE, 0),
  CASE ("BZh9", "bzip2", TRUE, 0),
  CASE ("BZh0", "unknown", FALSE, 0),
  CASE ("BZh:", "unknown", FALSE, 0),
  CASE ("\x04\x22\x4d\x18", "lz4", TRUE, 0),
  CASE ("\x02\x21\x4c\x18", "lz4", TRUE, 0),
  CASE ("\x3a\xff\x26\xed\1\0\0\0\x1c\0\x0c\0\0\x10\0\0\3\0\0\0", "android-sparse", TRUE, 12288),
  CASE ("\x3a\xff\x26\xed\1\0\0\0\x1c\0\x0c\0\xff\xff\xff\xff\xff\xff\xff\xff", "android-sparse",
        TRUE, G_GUINT64_CONSTANT (0xfffffffe00000001)),
  CASE ("UBI#", "ubi", FALSE, 0),
  CASE ("UBI!", "unknown", FALSE, 0),
  CASE ("\xd0\x0d\xfe\xed\0\1\0\0", "device-tree", FALSE, 65536),
};

static void
test_marks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashSource) source =
        flash_sample_source_new_static (cases[i].bytes, cases[i].length);
    g_autoptr (GError) error = NULL;
    FlashContent content;

    g_assert_true (flash_content_sniff (source, &content, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (flash_content_kind_get_name (content.kind), ==, cases[i].name);
    g_assert_cmpint (flash_content_kind_is_packed (content.kind), ==, cases[i].is_packed);
    g_assert_cmpuint (content.declared_size, ==, cases[i].declared_size);
  }
}

typedef struct {
  guint32 blocks;
  guint32 log;
  guint32 incompatible;
  guint32 blocks_high;
  gboolean is_ext;
  guint64 declared_size;
} Ext;

static const Ext exts[] = {
  { 1024, 0, 0, 0, TRUE, 1024 * 1024 },
  { 1024, 2, 0, 0, TRUE, 4 * 1024 * 1024 },
  { 1, 6, 0, 0, TRUE, 65536 },
  { 1, 7, 0, 0, FALSE, 0 },
  { 1, 2, 0, 1, TRUE, 4096 }, /* the upper half counts only if the file system says so */
  { 1, 2, 0x80, 1, TRUE, (G_GUINT64_CONSTANT (1) << 44) + 4096 },
  { 0, 6, 0x80, 0xffffffff, TRUE, G_MAXUINT64 },
};

static void
test_ext (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (exts); i++) {
    guint8 bytes[2048] = { 0 };
    g_autoptr (FlashSource) source = NULL;
    FlashContent content;

    flash_put_le16 (bytes + 0x438, 0xef53);
    flash_put_le32 (bytes + 0x404, exts[i].blocks);
    flash_put_le32 (bytes + 0x418, exts[i].log);
    flash_put_le32 (bytes + 0x460, exts[i].incompatible);
    flash_put_le32 (bytes + 0x550, exts[i].blocks_high);
    source = flash_sample_source_new_static (bytes, sizeof bytes);
    g_assert_true (flash_content_sniff (source, &content, NULL));
    g_assert_cmpint (content.kind, ==, exts[i].is_ext ? FLASH_CONTENT_EXT : FLASH_CONTENT_UNKNOWN);
    g_assert_cmpuint (content.declared_size, ==, exts[i].declared_size);
  }
}

static void
test_boot_sector (void)
{
  guint8 bytes[512] = { 0 };
  g_autoptr (FlashSource) source = NULL;
  g_autoptr (FlashSource) cut = NULL;
  FlashContent content;

  bytes[510] = 0x55;
  bytes[511] = 0xaa;
  source = flash_sample_source_new_static (bytes, sizeof bytes);
  g_assert_true (flash_content_sniff (source, &content, NULL));
  g_assert_cmpstr (flash_content_kind_get_name (content.kind), ==, "boot-sector");
  g_assert_false (flash_content_kind_is_packed (content.kind));

  cut = flash_sample_source_new_static (bytes, sizeof bytes - 1);
  g_assert_true (flash_content_sniff (cut, &content, NULL));
  g_assert_cmpint (content.kind, ==, FLASH_CONTENT_UNKNOWN);
}

static void
test_ext_name (void)
{
  g_assert_cmpstr (flash_content_kind_get_name (FLASH_CONTENT_EXT), ==, "ext");
  g_assert_false (flash_content_kind_is_packed (FLASH_CONTENT_EXT));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/content/marks", test_marks);
  g_test_add_func ("/content/ext", test_ext);
  g_test_add_func ("/content/boot-sector", test_boot_sector);
  g_test_add_func ("/content/ext-name", test_ext_name);
  return g_test_run ();
}
